//! A host that is killed, or whose database is, in the middle of an import: another host ends it.

use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use nbatodo::database::Key;
use nbatodo::sandbox::{Effect, Fault};

use super::hosts::Hosts;
use super::records::{IMPORT, ended};
use super::servers::{Kind, Server, shared};
use crate::exact::{moved, two_batches};
use crate::feed::text;
use crate::kills::{Moment, every_moment};
use crate::world::RED;

impl Hosts<'_> {
    /// Starts an import on the first host and kills it at `moment`.
    fn kill_an_import_at(&self, moment: Moment) {
        let command = self.command(&IMPORT);
        let Moment::Written(times) = moment else { return self.world.kill_at(moment, command) };
        let mut command = command;
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.kill_when_written(times, || command.spawn().unwrap());
    }

    /// Looks without a pause until record and journal have changed so often in all, or the run
    /// has ended.
    fn kill_when_written(&self, times: usize, start: impl FnOnce() -> Child) {
        let (there, name) = (self.there(), self.name());
        let keys = ["record", "journal"].map(|shelf| Key::new(shelf, name.as_str()));
        let now = || keys.clone().map(|key| there.load_up_to(&key, 1 << 24).unwrap());
        let (mut before, mut seen) = (now(), 0);
        let mut child = start();
        while seen < times && child.try_wait().unwrap().is_none() {
            let found = now();
            seen += found.iter().zip(&before).filter(|(found, before)| found != before).count();
            before = found;
            thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

fn first_imports(kind: Kind, forgets: bool) {
    for moment in every_moment() {
        let Some(database) = shared(kind) else { return };
        let case = format!("first import, {moment:?}, {forgets}");
        let games = two_batches();
        let hosts = Hosts::with_games(database, &games);
        hosts.kill_an_import_at(moment);
        if forgets {
            hosts.world.sandbox.forget_uuids();
        }
        hosts.free_the_turn();
        let ran = hosts.run_elsewhere(&IMPORT);
        assert_eq!(ran.code, Some(0), "{case}: {ran:?}");
        hosts.is_exact(&games, &case);
    }
}

#[test]
fn a_first_import_killed_at_any_step_is_ended_by_another_host_over_redis() {
    first_imports(Kind::Redis, false);
}

#[test]
fn a_first_import_killed_at_any_step_is_ended_by_another_host_over_postgres() {
    first_imports(Kind::Postgres, true);
}

fn updates(kind: Kind) {
    for moment in every_moment() {
        let Some(database) = shared(kind) else { return };
        let case = format!("update, {moment:?}");
        let games = two_batches();
        let hosts = Hosts::with_games(database, &games);
        hosts.run(&IMPORT).exits_with(0);
        hosts.world.serve_feed(text(&moved(&games)));
        hosts.kill_an_import_at(moment);
        // Moved again: what the killed run wrote must not pass for the person's.
        let games = moved(&moved(&games));
        hosts.world.serve_feed(text(&games));
        hosts.free_the_turn();
        let ran = hosts.run_elsewhere(&IMPORT);
        assert_eq!(ran.code, Some(0), "{case}: {ran:?}");
        assert!(!ran.stdout.contains("kept yours"), "{case}: {ran:?}");
        hosts.is_exact(&games, &case);
    }
}

#[test]
fn an_update_killed_at_any_step_is_ended_by_another_host_over_redis() {
    updates(Kind::Redis);
}

#[test]
fn an_update_killed_at_any_step_is_ended_by_another_host_over_postgres() {
    updates(Kind::Postgres);
}

/// Nobody gives the turn of a killed run back: its lease ends.
#[test]
fn the_turn_of_a_killed_import_ends_by_itself_in_redis() {
    let Some(database) = shared(Kind::Redis) else { return };
    let games = two_batches();
    let hosts = Hosts::with_games(database, &games);
    hosts.kill_an_import_at(Moment::AfterWrite(1));
    let ran = hosts.run_elsewhere(&IMPORT);
    assert!(ran.exits_with(0).stderr.contains("waiting for its end"), "{ran:?}");
    hosts.is_exact(&games, "the lease has ended");
}

const A_WHILE: Effect = Effect::Slow(Duration::from_secs(8));

/// The server is killed while Todoist is asked: before anything was announced, and after.
fn gone_in_the_middle(kind: Kind) {
    for (fault, is_sent) in
        [(Fault::nth_read(1, A_WHILE), false), (Fault::nth_write(1, A_WHILE), true)]
    {
        let Some(server) = Server::start(kind, &[]) else { return };
        let games = two_batches();
        let hosts = Hosts::with_games(server.database(), &games);
        hosts.world.sandbox.inject(fault);
        let run = hosts.world.spawn(hosts.command(&IMPORT));
        hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
        server.kill();
        let ran = ended(run);
        let said = if is_sent { "Todoist has what was sent" } else { "the import record: " };
        assert!(ran.exits_with(3).stderr.contains(said), "{ran:?}");
        assert!(ran.stderr.contains("cannot be reached"), "{ran:?}");
        assert_eq!(!hosts.world.tasks(RED).is_empty(), is_sent, "{ran:?}");
        server.start_again();
        hosts.free_the_turn();
        assert_eq!(hosts.on_shelf("journal").len(), usize::from(is_sent));
        hosts.run_elsewhere(&IMPORT).exits_with(0);
        hosts.is_exact(&games, "the database is back");
    }
}

#[test]
fn a_redis_that_is_gone_in_the_middle_costs_no_task() {
    gone_in_the_middle(Kind::Redis);
}

#[test]
fn a_postgres_that_is_gone_in_the_middle_costs_no_task() {
    gone_in_the_middle(Kind::Postgres);
}

/// Without an append-only file a crash takes the journal with it, after Todoist has acted on it.
#[test]
fn a_redis_that_forgets_what_was_announced_doubles_nothing() {
    let Some(server) = Server::start(Kind::Redis, &["--appendonly", "no"]) else { return };
    for forgets in [false, true] {
        let games = two_batches();
        let hosts = Hosts::with_games(server.database(), &games);
        hosts.world.sandbox.inject(Fault::nth_write(1, A_WHILE));
        let run = hosts.world.spawn(hosts.command(&IMPORT));
        hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
        server.kill();
        server.start_again();
        ended(run).exits_with(3);
        assert!(hosts.database.everything().is_empty(), "it forgets nothing");
        if forgets {
            hosts.world.sandbox.forget_uuids();
        }
        hosts.sign_in(&[], RED);
        hosts.run_elsewhere(&IMPORT).exits_with(0);
        hosts.is_exact(&games, "known again by the links");
    }
}
