//! What whoever has the database and no key can do: delete, exchange, put an older state back.

use super::hosts::Hosts;
use super::records::IMPORT;
use super::servers::{Kind, shared};
use crate::exact::moved;
use crate::feed::{celtics_games, text};
use crate::world::{PAT, RED};

/// Records and journals are exchanged between profiles, accounts and kinds.
fn exchanged(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(6);
    let hosts = Hosts::with_games(database, &games);
    hosts.sign_in(&["--profile", "pat"], PAT);
    let of_pat = ["import", "--team", "BOS", "--profile", "pat"];
    hosts.run(&IMPORT).exits_with(0);
    hosts.run(&of_pat).exits_with(0);
    let records = hosts.on_shelf("record");
    assert_eq!(records.len(), 2, "{records:?}");
    let sealed = |name: &str| hosts.database.get("record", name).unwrap();
    let [one, other] = [&records[0].0, &records[1].0];
    let (first, second) = (sealed(one), sealed(other));
    hosts.database.overwrite("record", one, &second);
    hosts.database.overwrite("record", other, &first);
    hosts.database.overwrite("journal", one, &first);
    // Each counts as lost, and is written anew; nothing is taken for another's.
    for words in [&IMPORT[..], &of_pat] {
        let ran = hosts.run_elsewhere(words);
        assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    }
    assert_ne!(sealed(one), second);
    assert_ne!(sealed(other), first);
    hosts.world.holds_exactly(&games, "exchanged");
    assert_eq!(hosts.world.tasks(PAT).len(), games.len());
}

/// An older record of the same profile and account is put back: nobody can tell that from a
/// database that has lost its last writes. It doubles nothing, and brings nothing back.
fn put_back(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let games = celtics_games(6);
    let hosts = Hosts::with_games(database, &games);
    hosts.run(&IMPORT).exits_with(0);
    let (name, _) = hosts.on_shelf("record").remove(0);
    let old = hosts.database.get("record", &name).unwrap();
    let deleted = hosts.task(&games[5]).unwrap().id;
    hosts.world.sandbox.person(RED).delete(&deleted).unwrap();
    let games = moved(&games);
    hosts.world.serve_feed(text(&games));
    hosts.run(&IMPORT).exits_with(0);
    hosts.database.overwrite("record", &name, &old);
    for ran in [hosts.run_elsewhere(&IMPORT), hosts.run(&IMPORT)] {
        assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    }
    assert!(hosts.task(&games[5]).is_none(), "what the person deleted is back");
    assert_eq!(hosts.world.tasks(RED).len(), games.len() - 1);
}

#[test]
fn exchanged_records_count_as_lost_in_redis() {
    exchanged(Kind::Redis);
}

#[test]
fn exchanged_records_count_as_lost_in_postgres() {
    exchanged(Kind::Postgres);
}

#[test]
fn an_older_record_put_back_doubles_nothing_in_redis() {
    put_back(Kind::Redis);
}

#[test]
fn an_older_record_put_back_doubles_nothing_in_postgres() {
    put_back(Kind::Postgres);
}
