//! The binary as a person or a script meets it, against the sandbox over real sockets.

#[cfg(test)]
mod chromium;
#[cfg(test)]
mod completions;
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
mod given;
#[cfg(test)]
mod interrupts;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod output;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod seasons;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod signing_in;
#[cfg(test)]
mod story;
#[cfg(test)]
mod teams;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod world;
