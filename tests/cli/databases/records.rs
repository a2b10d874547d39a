//! What imports remember, where hosts share it: any of them goes on where another has stopped.

use std::fs;
use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use nbatodo::keys::master_key::MasterKey;
use nbatodo::model::Profile;
use nbatodo::sandbox::{Effect, Fault, Item};
use nbatodo::session::{DatabaseStore, Opened, Vault};

use super::hosts::Hosts;
use super::servers::{Database, Kind, shared};
use crate::exact::moved;
use crate::feed::{FeedGame, celtics_games, text};
use crate::world::{RED, Ran};

pub(crate) const IMPORT: [&str; 3] = ["import", "--team", "BOS"];

impl<'a> Hosts<'a> {
    /// Hosts on which somebody is signed in and `games` are the schedule.
    pub(crate) fn with_games(database: Database<'a>, games: &[FeedGame]) -> Self {
        let hosts = Self::new(database);
        hosts.world.serve_feed(text(games));
        hosts.sign_in(&["--allow-delete"], RED);
        hosts
    }

    pub(crate) fn task(&self, game: &FeedGame) -> Option<Item> {
        let tasks = self.world.tasks(RED);
        tasks.into_iter().find(|task| task.description.ends_with(&game.id))
    }

    /// What lies on `shelf`, by its name there.
    pub(crate) fn on_shelf(&self, shelf: &str) -> Vec<(String, String)> {
        let prefix = format!("nbatodo:{shelf}:");
        let all = self.database.everything().into_iter();
        let named = all.filter_map(|(key, it)| Some((key.strip_prefix(&prefix)?.to_owned(), it)));
        named.collect()
    }

    /// Deletes what lies on `shelf`, as nobody should.
    pub(crate) fn clear(&self, shelf: &str) {
        for (name, _) in self.on_shelf(shelf) {
            match self.database.server.kind {
                Kind::Redis => self.database.redis(&["DEL", &format!("nbatodo:{shelf}:{name}")]),
                Kind::Postgres => self.database.sql(&format!(
                    "DELETE FROM nbatodo_sealed WHERE shelf = '{shelf}' AND name = '{name}'"
                )),
            };
        }
    }

    /// What record and journal of the signed-in account are called.
    pub(crate) fn name(&self) -> String {
        let store = std::sync::Arc::new(DatabaseStore::new(self.there()));
        let vault = Vault::new(store, std::sync::Arc::new(self.keys()));
        let Opened::Live(session) = vault.open(&Profile::default(), Timestamp::now()).unwrap()
        else {
            panic!("nobody is signed in");
        };
        let Ok(master) = MasterKey::read(&(&self.world.key_file()).into()) else {
            panic!("no key")
        };
        format!("default/{}", master.trace(&session.account.id))
    }

    /// Takes the turn of an import away from who has it, as a lease that ended would.
    fn take_the_turn_away(&self) {
        match self.database.server.kind {
            Kind::Redis => {
                let lock = "nbatodo:lock:import/default";
                self.database.redis(&["SET", lock, "another", "PX", "600000"]);
            }
            Kind::Postgres => {
                self.database.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' \
                     AND database = (SELECT oid FROM pg_database \
                     WHERE datname = current_database())",
                );
            }
        }
    }

    /// Gives back what nobody holds any more.
    pub(crate) fn free_the_turn(&self) {
        if self.database.server.kind == Kind::Redis {
            self.database.redis(&["DEL", "nbatodo:lock:import/default"]);
        }
    }

    /// Checks that each of `games` is there once, and that both hosts have nothing to do.
    #[track_caller]
    pub(crate) fn is_exact(&self, games: &[FeedGame], case: &str) {
        self.world.holds_exactly(games, case);
        let executed = self.world.sandbox.executed(RED).len();
        for ran in [self.run(&IMPORT), self.run_elsewhere(&IMPORT)] {
            let counts = format!("0 created, {} unchanged, 0 failed", games.len());
            assert!(ran.code == Some(0) && ran.stdout.contains(&counts), "{case}: {ran:?}");
        }
        assert_eq!(self.world.sandbox.executed(RED).len(), executed, "{case}: commands were sent");
        assert!(self.on_shelf("journal").is_empty(), "{case}: the journal is still there");
    }
}

/// How a run that was started has ended.
pub(crate) fn ended(child: std::process::Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// What a person does between the runs of two hosts, and what the second would do about it
/// without knowing what the first has written.
fn respected(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(6);
    let hosts = Hosts::with_games(database, &games);
    hosts.run(&IMPORT).exits_with(0);
    let person = hosts.world.sandbox.person(RED);
    let id = |at: usize| hosts.task(&games[at]).unwrap().id;
    let tipoff = games[3].tipoff.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    person.retitle(&id(0), "With the kids").unwrap();
    person.complete(&id(1)).unwrap();
    person.delete(&id(2)).unwrap();
    person.reschedule(&id(3), tipoff).unwrap();
    let games = moved(&games);
    hosts.world.serve_feed(text(&games));

    let ran = hosts.run_elsewhere(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 updated"), "{ran:?}");
    assert!(ran.stdout.contains("2 left as you left them, 1 kept yours"), "{ran:?}");
    assert_eq!(hosts.task(&games[0]).unwrap().content, "With the kids");
    assert!(hosts.task(&games[1]).is_none() && hosts.task(&games[2]).is_none());
    let executed = hosts.world.sandbox.executed(RED).len();
    for ran in [hosts.run(&IMPORT), hosts.run_elsewhere(&IMPORT)] {
        assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    }
    assert_eq!(hosts.world.sandbox.executed(RED).len(), executed);
    let here = hosts.world.home().join(".local/state/nbatodo/imports");
    let files = fs::read_dir(here).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(files.collect::<Vec<_>>(), ["default.lock"], "nothing is remembered here");

    // The same without the record, so that all this was the record's doing.
    hosts.clear("record");
    let ran = hosts.run_elsewhere(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("1 created"), "{ran:?}");
}

#[test]
fn what_a_person_changed_between_two_hosts_is_respected_over_redis() {
    respected(Kind::Redis);
}

#[test]
fn what_a_person_changed_between_two_hosts_is_respected_over_postgres() {
    respected(Kind::Postgres);
}

/// Taken back on one host, imported on the other, and signed out in between.
fn removed(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(3);
    let hosts = Hosts::with_games(database, &games);
    hosts.run(&IMPORT).exits_with(0);
    let ran = hosts.run_elsewhere(&["remove", "--team", "BOS", "--yes"]);
    assert!(ran.exits_with(0).stdout.contains("3 tasks deleted"), "{ran:?}");
    let ran = hosts.run(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("3 created"), "{ran:?}");
    hosts.world.sandbox.person(RED).delete(&hosts.task(&games[0]).unwrap().id).unwrap();
    // Records outlast a sign-in, as files do.
    hosts.run(&["logout"]).exits_with(0);
    assert_eq!(hosts.on_shelf("record").len(), 1);
    hosts.sign_in(&[], RED);
    let ran = hosts.run_elsewhere(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 2 unchanged"), "{ran:?}");
    let (name, days) = (hosts.name(), 24 * 3600);
    let left: i64 = match kind {
        Kind::Redis => hosts.database.redis(&["TTL", &format!("nbatodo:record:{name}")]),
        Kind::Postgres => hosts.database.sql(
            "SELECT extract(epoch FROM expires_at - now())::int8 FROM nbatodo_sealed \
             WHERE shelf = 'record'",
        ),
    }
    .trim()
    .parse()
    .unwrap();
    assert!((399 * days..=400 * days).contains(&left), "{left}");
}

#[test]
fn a_record_outlasts_a_logout_and_knows_of_a_removal_over_redis() {
    removed(Kind::Redis);
}

#[test]
fn a_record_outlasts_a_logout_and_knows_of_a_removal_over_postgres() {
    removed(Kind::Postgres);
}

fn both_at_once(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(120);
    let hosts = Hosts::with_games(database, &games);
    let runs: Vec<Command> = vec![
        hosts.command(&IMPORT),
        hosts.elsewhere(&IMPORT),
        hosts.command(&IMPORT),
        hosts.elsewhere(&IMPORT),
    ];
    let runs: Vec<_> = runs.into_iter().map(|run| hosts.world.spawn(run)).collect();
    let runs: Vec<Ran> = runs.into_iter().map(ended).collect();
    for ran in &runs {
        ran.exits_with(0);
    }
    let first = runs.iter().filter(|ran| ran.stdout.contains("120 created"));
    assert_eq!(first.count(), 1, "{runs:?}");
    hosts.is_exact(&games, "at once");
}

#[test]
fn hosts_that_import_at_once_double_nothing_over_redis() {
    both_at_once(Kind::Redis);
}

#[test]
fn hosts_that_import_at_once_double_nothing_over_postgres() {
    both_at_once(Kind::Postgres);
}

const SYNC: &str = "/api/v1/sync";
/// Long enough for a word with the database meanwhile.
const A_WHILE: Effect = Effect::Slow(Duration::from_secs(8));

/// Somebody else gets the turn while Todoist works on the first batch, or makes us wait with it.
fn lost_turn(kind: Kind) {
    for was_executed in [true, false] {
        let Some(database) = shared(kind) else { return };
        let games = celtics_games(120);
        let hosts = Hosts::with_games(database, &games);
        let pause = Fault::answer(SYNC, 429, &[("Retry-After", "8")], "{}");
        hosts.world.sandbox.inject(match was_executed {
            true => Fault::nth_write(1, A_WHILE),
            false => Fault { aim: nbatodo::sandbox::Aim::Writes, ..pause },
        });
        let run = hosts.world.spawn(hosts.command(&IMPORT));
        hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
        hosts.take_the_turn_away();
        let ran = ended(run);
        let said = if was_executed { "Todoist has what was sent" } else { "another run may have" };
        assert!(ran.exits_with(3).stderr.contains(said), "{ran:?}");
        let there = hosts.world.tasks(RED).len();
        assert_eq!(there > 0, was_executed, "{ran:?}");
        assert!(there < games.len(), "it went on without its turn");
        assert_eq!(hosts.on_shelf("journal").len(), 1, "what was announced is there to be found");

        hosts.free_the_turn();
        hosts.run_elsewhere(&IMPORT).exits_with(0);
        hosts.is_exact(&games, "after a lost turn");
    }
}

#[test]
fn an_import_that_has_lost_its_turn_sends_nothing_more_over_redis() {
    lost_turn(Kind::Redis);
}

#[test]
fn an_import_that_has_lost_its_turn_sends_nothing_more_over_postgres() {
    lost_turn(Kind::Postgres);
}

/// A run that stays behind, and would write over what the next one has taken down.
#[test]
fn a_run_that_lost_its_turn_writes_over_nothing_of_the_next() {
    let Some(database) = shared(Kind::Redis) else { return };
    let games = celtics_games(120);
    let hosts = Hosts::with_games(database, &games);
    hosts.world.sandbox.inject(Fault::nth_write(1, A_WHILE));
    let slow = hosts.world.spawn(hosts.command(&IMPORT));
    hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
    hosts.free_the_turn();
    hosts.run_elsewhere(&IMPORT).exits_with(0);
    let before = hosts.on_shelf("record");
    ended(slow).exits_with(3);
    assert_eq!(hosts.on_shelf("record"), before);
    hosts.is_exact(&games, "two runs at once");
}

/// The profile's own record under another's name, a changed one, and one of another key file.
fn exchanged(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(3);
    let hosts = Hosts::with_games(database, &games);
    hosts.sign_in(&["--profile", "other"], RED);
    let other = [&IMPORT[..], &["--profile", "other"]].concat();
    hosts.run(&other).exits_with(0);
    hosts.run(&IMPORT).exits_with(0);
    let gone = hosts.task(&games[0]).unwrap().id;
    hosts.world.sandbox.person(RED).delete(&gone).unwrap();
    let text_of = |name: &str| hosts.database.get("record", name).unwrap();
    let name = hosts.name();
    let theirs = name.replace("default/", "other/");
    assert_ne!(text_of(&name), text_of(&theirs));

    // Under another name it does not open: what the person deleted is not known any more.
    hosts.database.overwrite("record", &theirs, &text_of(&name));
    let ran = hosts.run_elsewhere(&other);
    assert!(ran.exits_with(0).stdout.contains("1 created, 2 unchanged"), "{ran:?}");
    // Its own still knows of it, and has another task of that game now.
    hosts.world.sandbox.person(RED).delete(&hosts.task(&games[0]).unwrap().id).unwrap();
    let ran = hosts.run_elsewhere(&other);
    assert!(ran.exits_with(0).stdout.contains("0 created, 2 unchanged"), "{ran:?}");

    let sealed = text_of(&theirs);
    let (head, secret) = sealed.trim_end().rsplit_once("sealed: ").unwrap();
    let first = if secret.starts_with('A') { "B" } else { "A" };
    hosts.database.overwrite(
        "record",
        &theirs,
        &format!("{head}sealed: {first}{}\n", &secret[1..]),
    );
    let ran = hosts.run_elsewhere(&other);
    assert!(ran.exits_with(0).stdout.contains("1 created, 2 unchanged"), "{ran:?}");
    let ran = hosts.run(&other);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
}

#[test]
fn a_record_that_was_exchanged_or_changed_does_not_open_over_redis() {
    exchanged(Kind::Redis);
}

#[test]
fn a_record_that_was_exchanged_or_changed_does_not_open_over_postgres() {
    exchanged(Kind::Postgres);
}

/// What a person could read in it lies in clear nowhere.
fn closed_books(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(120);
    let hosts = Hosts::with_games(database, &games);
    hosts.world.sandbox.inject(Fault::nth_write(2, Effect::CloseBefore));
    hosts.run(&[&IMPORT[..], &["--max-wait", "0"]].concat()).exits_with(3);
    let lying = hosts.database.everything();
    let kinds = ["nbatodo:record:default/", "nbatodo:journal:default/"];
    for kind in kinds {
        assert!(lying.iter().any(|(name, _)| name.starts_with(kind)), "{kind} is not there");
    }
    let snapshot = hosts.world.sandbox.snapshot(RED).unwrap();
    let mut words: Vec<String> = ["Celtics", "schedule\"", "nba.com", "America", "destinations"]
        .map(str::to_owned)
        .into_iter()
        .collect();
    words.extend(games.into_iter().map(|game| game.id));
    words.extend(snapshot.items.into_iter().map(|item| item.id));
    words.extend(snapshot.projects.into_iter().map(|project| project.id));
    for (name, bytes) in &lying {
        let open = words.iter().find(|word| bytes.contains(*word) || name.contains(*word));
        assert_eq!(open, None, "{name}: {bytes}");
    }
}

#[test]
fn nothing_of_a_record_or_a_journal_can_be_read_in_redis() {
    closed_books(Kind::Redis);
}

#[test]
fn nothing_of_a_record_or_a_journal_can_be_read_in_postgres() {
    closed_books(Kind::Postgres);
}
