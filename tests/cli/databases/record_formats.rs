//! How what imports remember is written in a database: deflated, and before that as it was.

use nbatodo::database::Key;
use nbatodo::import::sealed_text;
use nbatodo::keys::EntryName;
use nbatodo::keys::master_key::MasterKey;
use nbatodo::keys::sealed_entry::{self, Format};
use nbatodo::model::Profile;
use nbatodo::sandbox::{Effect, Fault};

use super::hosts::Hosts;
use super::records::IMPORT;
use super::servers::{Kind, shared};
use crate::exact::moved;
use crate::feed::{celtics_games, text};
use crate::world::RED;

const SHELVES: [&str; 2] = ["record", "journal"];

impl Hosts<'_> {
    /// Writes a record or a journal as the version did that deflated nothing.
    fn write_as_before(&self, shelf: &'static str) {
        let Ok(master) = MasterKey::read(&(&self.world.key_file()).into()) else {
            panic!("no key")
        };
        let name = self.name();
        let (profile, trace) = (Profile::default(), name.strip_prefix("default/").unwrap());
        let entry = match shelf {
            "record" => EntryName::record(&profile, trace),
            _ => EntryName::journal(&profile, trace),
        };
        let now = self.there().load_up_to(&Key::new(shelf, &*name), 1 << 24).unwrap().unwrap();
        let text = sealed_text::open(&entry, &now, &master).unwrap();
        let before = sealed_entry::seal(Format::Import, &entry, &text, &master, [9; 24]).unwrap();
        self.database.overwrite(shelf, &name, std::str::from_utf8(&before).unwrap());
    }

    /// The first line of all that lies on `shelf`.
    fn formats(&self, shelf: &str) -> Vec<String> {
        let all = self.on_shelf(shelf).into_iter();
        all.map(|(_, text)| text.lines().next().unwrap().to_owned()).collect()
    }
}

fn of_the_version_before(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(3);
    let hosts = Hosts::with_games(database, &games);
    hosts.run(&IMPORT).exits_with(0);
    let gone = hosts.task(&games[0]).unwrap().id;
    hosts.world.sandbox.person(RED).delete(&gone).unwrap();
    hosts.world.serve_feed(text(&moved(&games)));
    // Todoist does what it was sent, and the answer is lost.
    hosts.world.sandbox.inject(Fault::nth_write(1, Effect::CloseAfter));
    hosts.run(&[&IMPORT[..], &["--max-wait", "0"]].concat()).exits_with(3);
    for shelf in SHELVES {
        hosts.write_as_before(shelf);
        assert_eq!(hosts.formats(shelf), ["nbatodo-import 1"]);
    }
    // Moved once more: without the journal, what was sent would pass for the person's.
    hosts.world.serve_feed(text(&moved(&moved(&games))));
    let ran = hosts.run_elsewhere(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 2 updated"), "{ran:?}");
    assert!(!ran.stdout.contains("kept yours"), "{ran:?}");
    assert_eq!(hosts.formats("record"), ["nbatodo-import 2"]);
}

#[test]
fn a_record_and_a_journal_of_the_version_before_are_gone_on_with_over_redis() {
    of_the_version_before(Kind::Redis);
}

#[test]
fn a_record_and_a_journal_of_the_version_before_are_gone_on_with_over_postgres() {
    of_the_version_before(Kind::Postgres);
}

fn little_room(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(82);
    let hosts = Hosts::with_games(database, &games);
    hosts.run(&IMPORT).exits_with(0);
    let [(_, record)] = &hosts.on_shelf("record")[..] else { panic!("one record") };
    assert!(record.len() < 16 * 1024, "{} bytes", record.len());
}

#[test]
fn the_record_of_a_season_takes_little_room_in_redis() {
    little_room(Kind::Redis);
}

#[test]
fn the_record_of_a_season_takes_little_room_in_postgres() {
    little_room(Kind::Postgres);
}

/// A host that is updated last, and the others.
fn of_a_newer_version(kind: Kind) {
    for shelf in SHELVES {
        let Some(database) = shared(kind) else { return };
        let games = celtics_games(3);
        let hosts = Hosts::with_games(database, &games);
        hosts.run(&IMPORT).exits_with(0);
        let gone = hosts.task(&games[0]).unwrap().id;
        hosts.world.sandbox.person(RED).delete(&gone).unwrap();
        let record = hosts.database.get("record", &hosts.name()).unwrap();
        let newer = record.replacen("nbatodo-import 2", "nbatodo-import 3", 1);
        hosts.database.overwrite(shelf, &hosts.name(), &newer);
        let executed = hosts.world.sandbox.executed(RED).len();
        let all = hosts.database.everything();
        let remove: &[&str] = &["remove", "--team", "BOS", "--yes"];
        for command in [&IMPORT, remove] {
            let ran = hosts.run_elsewhere(command);
            let said = "the import record: it was made by a newer nbatodo (format 3)";
            assert!(ran.exits_with(1).stderr.contains(said), "{shelf}: {ran:?}");
            assert!(ran.stderr.contains("Update nbatodo on this machine."), "{shelf}: {ran:?}");
        }
        assert_eq!(
            hosts.world.sandbox.executed(RED).len(),
            executed,
            "{shelf}: commands were sent"
        );
        assert_eq!(hosts.database.everything(), all, "{shelf}: something was written");
    }
}

#[test]
fn what_a_newer_version_wrote_is_left_as_it_is_over_redis() {
    of_a_newer_version(Kind::Redis);
}

#[test]
fn what_a_newer_version_wrote_is_left_as_it_is_over_postgres() {
    of_a_newer_version(Kind::Postgres);
}
