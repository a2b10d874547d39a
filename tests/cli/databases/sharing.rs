//! Machines that share a sign-in, and never trip Todoist's rule against replays.

use std::process::{Command, Stdio};
use std::thread;

use nbatodo::sandbox::{Effect, Fault};
use rustix::process::Signal;

use super::hosts::Hosts;
use super::servers::{Kind, Server, shared};
use crate::feed::{celtics_games, text};
use crate::keyring::{self, Bus};
use crate::standing::TOKEN;
use crate::world::{RED, finish};

fn one_sign_in(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.world.serve_feed(text(&celtics_games(2)));
    hosts.sign_in(&[], RED);
    assert!(hosts.run_elsewhere(&["status"]).exits_with(0).stdout.contains(RED));
    hosts.run_elsewhere(&["import", "--team", "BOS"]).exits_with(0);
    assert_eq!(hosts.world.tasks(RED).len(), 2);
    let out = hosts.run_elsewhere(&["logout"]);
    assert!(out.exits_with(0).stdout.contains("token revoked"), "{out:?}");
    hosts.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn two_machines_share_a_sign_in_in_redis() {
    one_sign_in(Kind::Redis);
}

#[test]
fn two_machines_share_a_sign_in_in_postgres() {
    one_sign_in(Kind::Postgres);
}

fn renewals_at_once(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&["--stay-signed-in"], RED);
    for round in 1..=20 {
        hosts.pass_the_hour();
        let before = hosts.token_requests();
        let runs = [hosts.command(&["status"]), hosts.elsewhere(&["status"])];
        for run in runs.map(|run| hosts.world.spawn(run)) {
            let output = run.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("stays signed in"), "{output:?}");
        }
        assert_eq!(hosts.token_requests() - before, 1, "round {round}");
    }
    assert_eq!(hosts.world.sandbox.replays(), 0);
    assert_eq!(hosts.world.sandbox.live_refresh_tokens(), 1);
}

#[test]
fn two_machines_that_renew_at_once_over_redis_send_one_request() {
    renewals_at_once(Kind::Redis);
}

#[test]
fn two_machines_that_renew_at_once_over_postgres_send_one_request() {
    renewals_at_once(Kind::Postgres);
}

/// The holder of the turn is killed while Todoist's answer is awaited; another machine goes on.
fn killed_holder(kind: Kind, effect: Effect, stays: bool) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&["--stay-signed-in"], RED);
    hosts.pass_the_hour();
    hosts.world.sandbox.inject(Fault::next(TOKEN, effect));
    let mut holder = hosts.command(&["status"]);
    let mut holder = holder.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
    holder.kill().unwrap();
    assert_eq!(holder.wait().unwrap().code(), None, "it had ended before");
    let ran = hosts.run_elsewhere(&["status"]);
    ran.exits_with(0);
    assert_eq!(ran.stdout.contains("stays signed in"), stays, "{ran:?}");
    assert_eq!(hosts.world.sandbox.replays(), 0);
}

#[test]
fn a_holder_killed_before_todoist_acted_leaves_the_turn_to_another_over_redis() {
    killed_holder(Kind::Redis, Effect::Hang, true);
}

#[test]
fn a_holder_killed_before_todoist_acted_leaves_the_turn_to_another_over_postgres() {
    killed_holder(Kind::Postgres, Effect::Hang, true);
}

#[test]
fn a_holder_killed_after_todoist_acted_costs_the_stay_and_no_replay_over_redis() {
    killed_holder(Kind::Redis, Effect::HangAfter, false);
}

#[test]
fn a_holder_killed_after_todoist_acted_costs_the_stay_and_no_replay_over_postgres() {
    killed_holder(Kind::Postgres, Effect::HangAfter, false);
}

#[test]
fn a_holder_that_has_lost_its_turn_sends_nothing_more() {
    let Some(database) = shared(Kind::Redis) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&["--stay-signed-in"], RED);
    hosts.pass_the_hour();
    // Its turn is taken away while it waits for an answer that never comes.
    hosts.world.sandbox.inject(Fault::next(TOKEN, Effect::Hang));
    let holder = hosts.world.spawn(hosts.command(&["status"]));
    hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
    hosts.database.redis(&["SET", "nbatodo:lock:grant/default", "another", "PX", "600000"]);
    let before = hosts.token_requests();
    let output = holder.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("renewing the sign-in"), "{said}");
    assert_eq!(hosts.token_requests(), before);
    let lock = hosts.database.redis(&["GET", "nbatodo:lock:grant/default"]);
    assert_eq!(lock.trim(), "another", "the lock of another was given back");
    assert_eq!(hosts.world.sandbox.replays(), 0);
}

/// Several logins at once in a database in which nobody has made the table.
#[test]
fn the_first_uses_of_an_empty_postgres_come_at_once() {
    let Some(server) = Server::start(Kind::Postgres, &[]) else { return };
    let hosts = Hosts::new(server.database());
    let logins = (0..8).map(|number| {
        hosts.command(&["login", "--no-browser", "--profile", &format!("p{number}")])
    });
    let mut logins = hosts.world.start_logins(logins);
    logins.iter_mut().for_each(|login| login.child.kill().unwrap());
    logins.into_iter().for_each(|login| drop(login.finish()));
    let tables = "SELECT count(*) FROM pg_class WHERE relname = 'nbatodo_sealed'";
    assert_eq!(hosts.database.sql(tables).trim(), "1");
    hosts.sign_in(&[], RED);
    thread::scope(|scope| {
        let run = || finish(hosts.command(&["status"]));
        let all: Vec<_> = (0..10).map(|_| scope.spawn(run)).collect();
        for run in all {
            run.join().unwrap().exits_with(0);
        }
    });
}

/// Two machines that share a database, each with a desktop keyring of its own.
fn keyrings_of_their_own(kind: Kind) {
    if !keyring::tools() {
        return;
    }
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    let (here, there) = (Bus::start(), Bus::start());
    here.start_keyring();
    there.start_keyring();
    let at = |mut command: Command, bus: &Bus| {
        command.env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", bus.runtime());
        command
    };
    let login = ["login", "--no-browser"];
    hosts.world.sign_in_by(at(hosts.command(&login), &here), RED);
    for (shelf, _) in hosts.database.everything() {
        assert!(!shelf.starts_with("nbatodo:key:"), "{shelf}: keys lie in the keyring");
    }
    let asked = hosts.world.sandbox.requests().len();
    let elsewhere = ["is not in the keyring of this machine", "nbatodo login", "NBATODO_KEY_FILE"];
    for words in [&["status"][..], &["import", "--team", "BOS"]] {
        finish(at(hosts.elsewhere(words), &there)).exits_with(4).complains_of(&elsewhere);
    }
    assert_eq!(hosts.world.sandbox.requests().len(), asked, "Todoist was asked");
    finish(at(hosts.command(&["status"]), &here)).exits_with(0);

    // A sign-in there takes the place of the one here, whose key nobody there can destroy.
    hosts.world.sign_in_by(at(hosts.elsewhere(&login), &there), RED);
    finish(at(hosts.elsewhere(&["status"]), &there)).exits_with(0);
    finish(at(hosts.command(&["status"]), &here)).exits_with(4).complains_of(&elsewhere);
    finish(at(hosts.elsewhere(&["logout"]), &there)).exits_with(0);
    finish(at(hosts.command(&["status"]), &here)).exits_with(4);

    here.signal_keyring(Signal::STOP);
    let ran = finish(at(hosts.command(&login), &here));
    // Opening a session has the time that a database may take; the keyring has its own.
    let opening = finish(at(hosts.command(&["status"]), &here));
    here.signal_keyring(Signal::CONT);
    opening.exits_with(5).complains_of(&["did not answer within 10 s"]);
    ran.exits_with(5).complains_of(&["did not answer within 10 s"]);
}

#[test]
fn a_key_in_the_keyring_of_another_machine_is_said_to_be_there_over_redis() {
    keyrings_of_their_own(Kind::Redis);
}

#[test]
fn a_key_in_the_keyring_of_another_machine_is_said_to_be_there_over_postgres() {
    keyrings_of_their_own(Kind::Postgres);
}

/// What another key file has sealed can be destroyed and not be opened.
#[test]
fn a_logout_with_another_key_file_says_that_the_token_lives_on() {
    let Some(database) = shared(Kind::Redis) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&[], RED);
    let other = hosts.world.home().join("other.key");
    hosts.run(&["doctor", "--make-key", other.to_str().unwrap()]).exits_with(0);
    let mut logout = hosts.elsewhere(&["logout"]);
    logout.env("NBATODO_KEY_FILE", &other);
    let ran = finish(logout);
    // To sign in again, as code 4 says, would not help.
    ran.exits_with(1).complains_of(&["was not revoked", "of another key file"]);
    assert!(ran.stdout.contains("session deleted"), "{ran:?}");
    hosts.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}
