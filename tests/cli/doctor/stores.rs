//! Every place where keys and sessions can lie, as an examination finds it.

use std::process::Command;

use rustix::process::Signal;
use tempfile::TempDir;

use super::Examined;
use crate::databases::hosts::Hosts;
use crate::databases::servers::{Kind, PASSWORD, shared};
use crate::kernel_keyring::Kernel;
use crate::keyring::{self, Bus, tools};
use crate::world::{RED, World, free_port};

const DOCTOR: [&str; 3] = ["doctor", "--format", "json"];

#[test]
fn a_keyring_that_is_up_locked_or_stopped() {
    if !tools() {
        return;
    }
    let world = World::with_feed();
    let bus = Bus::start();
    bus.start_keyring();
    let runtime = bus.runtime();
    world.sign_in_by(keyring::command(&world, &["login", "--no-browser"], runtime), RED);
    let examine = || Examined::by(keyring::command(&world, &DOCTOR, runtime));
    let before = bus.entries();
    examine()
        .finds("session bus", "ok", &["/bus", "runtime directory"])
        .finds("key store", "ok", &["the desktop keyring (Secret Service; ", "keeps, gives back"])
        .finds("session", "ok", &["is signed in until"])
        .has_problems_only_in(&[]);
    assert_eq!(bus.entries(), before, "the probe is gone");

    bus.signal_keyring(Signal::STOP);
    let stopped = examine();
    bus.signal_keyring(Signal::CONT);
    stopped
        .finds(
            "key store",
            "problem",
            &["did not answer within 10 s", "restart the keyring service"],
        )
        .finds("session", "skipped", &["key store does not work"])
        .has_problems_only_in(&["key store"]);

    bus.lock_keyring();
    examine()
        .finds("key store", "problem", &["locked", "Unlock"])
        .finds("session", "skipped", &["key store does not work"])
        .has_problems_only_in(&["key store"]);
    assert_eq!(bus.prompters(), 0, "nobody is here to be asked");

    let nowhere = TempDir::new().unwrap();
    let words = [&DOCTOR[..], &["--key-store", "keyring"]].concat();
    Examined::by(keyring::command(&world, &words, nowhere.path()))
        .finds("session bus", "warning", &["no keyring service can be asked", "NBATODO_KEY_FILE"])
        .finds("key store", "problem", &["no keyring can be reached", "--make-key"])
        .has_problems_only_in(&["key store"]);
}

#[test]
fn the_kernel_keyring_that_stands_in_or_was_asked_for() {
    let Some(kernel) = Kernel::new() else { return };
    kernel.sign_in(&[]);
    // Not how long each is kept: that passes.
    let names = || kernel.entries().into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    let before = names();
    let stands_in = "the kernel keyring (no desktop keyring answered; ";
    Examined::by(kernel.command(&DOCTOR))
        .finds(
            "key store",
            "ok",
            &[stands_in, "keeps, gives back and deletes; a restart empties it"],
        )
        .finds("session", "ok", &["is signed in until"]);
    let asked_for = [&DOCTOR[..], &["--key-store", "keyutils"]].concat();
    Examined::by(kernel.command(&asked_for)).finds(
        "key store",
        "ok",
        &["the kernel keyring (--key-store)"],
    );
    assert_eq!(names(), before, "the probe is gone");
}

/// An examination that nobody may find the password in.
fn examined(command: impl Fn(&[&str]) -> Command) -> Examined {
    for form in [&["doctor"][..], &["doctor", "-vvv"], &["doctor", "--format", "json", "-vvv"]] {
        let ran = crate::world::finish(command(form));
        assert!(!ran.stdout.contains(PASSWORD) && !ran.stderr.contains(PASSWORD), "{form:?}");
        assert!(!ran.stdout.contains("s3cret") && !ran.stderr.contains("s3cret"), "{form:?}");
    }
    Examined::by(command(&DOCTOR))
}

fn database(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    let place = hosts.database.place();
    hosts.sign_in(&[], RED);
    let before = hosts.database.everything();
    examined(|words| hosts.command(words))
        .finds("session store", "ok", &[&place, "NBATODO_SESSION_STORE"])
        .finds("key store", "ok", &["the key file", "keeps, gives back and deletes"])
        .finds("import records", "ok", &[&place, "sealed under the key file"])
        .finds("session", "ok", &["is signed in until"]);
    assert_eq!(hosts.database.everything(), before, "it changes nothing there");

    let wrong = hosts.database.url_as("nba", "s3cret");
    let found = examined(|words| with_store(&hosts.world, words, &wrong));
    found.finds("session store", "problem", &[&place, "password", "Check the user"]);
    found.finds("session", "skipped", &["session store does not work"]);
    assert_eq!(found.ran.code, Some(1));

    let port = free_port();
    let away =
        hosts.database.url().replace(&hosts.database.server.port.to_string(), &port.to_string());
    let found = examined(|words| with_store(&hosts.world, words, &away));
    found.finds("session store", "problem", &["cannot be reached", &port.to_string()]);
    found.finds("session", "skipped", &["session store does not work"]);
    assert_eq!(found.ran.code, Some(1));
}

fn with_store(world: &World, words: &[&str], store: &str) -> Command {
    let mut command = world.command(words);
    command.env("NBATODO_SESSION_STORE", store);
    command
}

#[test]
fn redis_that_is_up_away_or_closed() {
    database(Kind::Redis);
}

#[test]
fn postgres_that_is_up_away_or_closed() {
    database(Kind::Postgres);
}
