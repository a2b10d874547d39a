//! A record that moves: out of a file of one machine into what hosts share, and back.

use std::fs;
use std::time::{Duration, SystemTime};

use super::hosts::Hosts;
use super::records::IMPORT;
use super::servers::{Kind, shared};
use crate::exact::moved;
use crate::feed::{celtics_games, text};
use crate::world::{RED, Ran};

/// A host that kept its record in a file before, and one that goes back to that.
fn moved_in(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(4);
    let hosts = Hosts::with_games(database, &games);
    let world = &hosts.world;
    world.sign_in("default", RED);
    world.import().exits_with(0);
    let old = fs::read(world.record_file()).unwrap();
    let file = world.record_file();
    world.sandbox.person(RED).delete(&hosts.task(&games[0]).unwrap().id).unwrap();

    // A look is no move.
    let dry = hosts.run(&[&IMPORT[..], &["--dry-run"]].concat());
    assert!(dry.exits_with(0).stdout.contains("nothing would change, 3 unchanged"), "{dry:?}");
    assert!(file.exists() && hosts.on_shelf("record").is_empty());
    let ran = hosts.run(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
    assert!(!file.exists(), "the record is still in the file, too");
    let games = moved(&games);
    world.serve_feed(text(&games));
    let ran = hosts.run_elsewhere(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 updated"), "{ran:?}");

    // An old file that comes to light is not the truth any more.
    fs::write(&file, old).unwrap();
    world.chmod(&file, 0o600);
    let long_ago = SystemTime::now() - Duration::from_secs(86_400);
    fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
    let games = moved(&games);
    world.serve_feed(text(&games));
    let ran = hosts.run(&IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 updated"), "{ran:?}");
    assert!(!ran.stdout.contains("kept") && !file.exists(), "{ran:?}");

    // Back to files: known again by the links, but what was deleted is not.
    let ran = world.import();
    assert!(ran.exits_with(0).stdout.contains("1 created, 3 unchanged"), "{ran:?}");
    // What was written last is the truth, wherever that was.
    let mut games = games;
    for run in [&|| world.import(), &|| hosts.run(&IMPORT)] as [&dyn Fn() -> Ran; 2] {
        games = moved(&games);
        world.serve_feed(text(&games));
        let ran = run();
        assert!(ran.exits_with(0).stdout.contains("0 created, 4 updated, 0 unchanged"), "{ran:?}");
        assert!(!ran.stdout.contains("kept"), "{ran:?}");
    }
}

#[test]
fn a_record_in_a_file_moves_into_redis_once() {
    moved_in(Kind::Redis);
}

#[test]
fn a_record_in_a_file_moves_into_postgres_once() {
    moved_in(Kind::Postgres);
}
