//! The binary as a person or a script meets it, against the sandbox over real sockets.

#[cfg(test)]
mod bare_system;
#[cfg(test)]
mod benchmarks;
#[cfg(test)]
mod by_ssh;
#[cfg(test)]
mod chromium;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod configuring;
#[cfg(test)]
mod cron;
#[cfg(test)]
mod databases;
#[cfg(test)]
mod deadline;
#[cfg(test)]
mod detail;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod documented;
#[cfg(test)]
mod durations;
#[cfg(test)]
mod events;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod exit_codes;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod feed_copies;
#[cfg(test)]
mod first_minute;
#[cfg(test)]
mod front;
#[cfg(test)]
mod given;
#[cfg(test)]
mod given_token;
#[cfg(test)]
mod help;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hygiene;
#[cfg(test)]
mod in_memory;
#[cfg(test)]
mod interrupts;
#[cfg(test)]
mod json_page;
#[cfg(test)]
mod kernel_keyring;
#[cfg(test)]
mod key_files;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod machine_output;
#[cfg(test)]
mod manual;
#[cfg(test)]
mod many;
#[cfg(test)]
mod noise;
#[cfg(test)]
mod notifying;
#[cfg(test)]
mod output;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod own_network;
#[cfg(test)]
mod packaging;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod pasting;
#[cfg(test)]
mod permission;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod places;
#[cfg(test)]
mod plain_words;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod proposals;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod registration;
#[cfg(test)]
mod removing;
#[cfg(test)]
mod renewal_kills;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod seasons;
#[cfg(test)]
mod second_machine;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shells;
#[cfg(test)]
mod signing_in;
#[cfg(test)]
mod slips;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod staying;
#[cfg(test)]
mod staying_ends;
#[cfg(test)]
mod story;
#[cfg(test)]
mod teams;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod units;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod waiting;
#[cfg(test)]
mod whole;
#[cfg(test)]
mod world;
