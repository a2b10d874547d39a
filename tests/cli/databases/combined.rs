//! Session stores and key stores of different kinds at one another's side.

use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::{Child, Command};

use nbatodo::sandbox::{Effect, Fault};

use super::hosts::Hosts;
use super::servers::{Kind, shared};
use crate::feed::{celtics_games, text};
use crate::keyring::{Bus, tools};
use crate::sessions::faketime;
use crate::world::{RED, Ran, finish};

const SYNC: &str = "/api/v1/sync";

/// The first line that `run` says, other than the result.
fn first_line(run: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(run.stderr.take().unwrap()).read_line(&mut line).unwrap();
    line
}

/// An import by a sign-in in a database and one by a sign-in in a file keep the same record.
#[test]
fn imports_by_different_session_stores_of_one_machine_take_turns() {
    let Some(database) = shared(Kind::Redis) else { return };
    let hosts = Hosts::new(database);
    let world = &hosts.world;
    world.serve_feed(text(&celtics_games(2)));
    hosts.sign_in(&[], RED);
    world.sign_in("default", RED);
    // The sign-in by the file has not ended the one in the database.
    hosts.run(&["status"]).exits_with(0);
    world.sandbox.inject(Fault::next(SYNC, Effect::Hang));
    let import = ["import", "--team", "BOS"];
    let mut first = world.spawn(hosts.command(&import));
    world.runtime.block_on(world.sandbox.until_faults_happened());
    let mut second = world.spawn(world.command(import));
    let said = first_line(&mut second);
    assert!(said.contains("Another import"), "{said:?}");
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(second.wait().unwrap().success());
    assert_eq!(world.tasks(RED).len(), 2);
}

/// A database that takes its time is no other import.
#[test]
fn a_slow_database_is_not_taken_for_another_import() {
    let Some(server) = super::servers::Server::start(Kind::Redis, &[]) else { return };
    let hosts = Hosts::new(server.database());
    hosts.world.serve_feed(text(&celtics_games(2)));
    hosts.sign_in(&[], RED);
    // Whoever writes waits, and that the session is read does not: only the turn is slow.
    hosts.database.redis(&["CLIENT", "PAUSE", "2000", "WRITE"]);
    let ran = hosts.run(&["import", "--team", "BOS"]);
    assert_eq!(ran.exits_with(0).stderr, "", "{ran:?}");
}

struct WithKeyring<'a> {
    hosts: Hosts<'a>,
    bus: Bus,
}

impl WithKeyring<'_> {
    fn here(&self, mut command: Command) -> Command {
        command.env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", self.bus.folder());
        command
    }

    /// The session in the database, its key in the keyring.
    fn shared(&self, arguments: &[&str]) -> Command {
        self.here(self.hosts.command(arguments))
    }

    /// The session in a file, its key in the keyring.
    fn local(&self, arguments: &[&str]) -> Command {
        self.here(self.hosts.world.command(arguments))
    }

    /// `command` an hour later.
    fn later(&self, command: &Command) -> Option<Command> {
        let mut later = faketime(&self.hosts.world, "+61m").ok()?;
        later.args(command.get_args()).env_clear();
        later.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        later.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        Some(later)
    }
}

fn with_keyring(kind: Kind) -> Option<WithKeyring<'static>> {
    if !tools() {
        return None;
    }
    let hosts = Hosts::new(shared(kind)?);
    let bus = Bus::start();
    bus.start_keyring();
    Some(WithKeyring { hosts, bus })
}

/// How often a keyring may abort before that is somebody's fault.
const ABORTS: usize = 6;

/// gnome-keyring (42) can abort while programs come and go, whoever they are; then the story begins
/// anew with another one.
fn one_grant(kind: Kind) {
    for _ in 0..ABORTS {
        let Some(machine) = with_keyring(kind) else { return };
        let before = machine.bus.keyring();
        match catch_unwind(AssertUnwindSafe(|| one_grant_in(&machine))) {
            Ok(()) => return,
            Err(_) if machine.bus.keyring() != before => {}
            Err(failure) => resume_unwind(failure),
        }
    }
    panic!("the keyring aborts each time");
}

fn one_grant_in(machine: &WithKeyring<'_>) {
    let world = &machine.hosts.world;
    let login = machine.shared(&["login", "--no-browser", "--stay-signed-in"]);
    world.sign_in_by(login, RED);

    // What lies in the keyring is one, whatever the sessions lie in, and renewed by one at a time.
    for _ in 0..3 {
        let runs = (0..8).map(|number| match number % 2 {
            0 => machine.later(&machine.shared(&["status"])),
            _ => machine.later(&machine.local(&["status"])),
        });
        let Some(runs) = runs.collect::<Option<Vec<_>>>() else { return };
        let runs: Vec<_> = runs.into_iter().map(|run| world.spawn(run)).collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("stays signed in"), "{output:?}");
        }
        // Back in the present, both are of a future that has not come.
        finish(machine.shared(&["status"])).exits_with(0);
        finish(machine.local(&["status"])).exits_with(0);
    }
    assert_eq!(world.sandbox.replays(), 0);
    assert_eq!(world.sandbox.live_refresh_tokens(), 1);

    // And ended by a logout from either side.
    let out: Ran = finish(machine.local(&["logout"]));
    assert!(out.exits_with(0).stdout.contains("staying signed in ended"), "{out:?}");
    let left = machine.bus.entries();
    assert!(!left.contains(&"grant/default".to_owned()), "{left:?}");
    assert_eq!(world.sandbox.live_refresh_tokens(), 0);
}

#[test]
fn a_keyring_holds_one_grant_for_sessions_in_redis_and_in_files() {
    one_grant(Kind::Redis);
}

#[test]
fn a_keyring_holds_one_grant_for_sessions_in_postgres_and_in_files() {
    one_grant(Kind::Postgres);
}
