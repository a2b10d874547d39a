//! `--schedule`: other sources, through the real binary.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use jiff::{SignedDuration, Timestamp};
use nbatodo::model::Tricode;

use crate::feed::{FeedGame, celtics_games, text};
use crate::truth::{instant, later};
use crate::world::{RED, Ran, World};

/// Signed in, with the league's feed at hand.
fn world(games: &[FeedGame]) -> World {
    let world = World::new();
    world.serve_feed(text(games));
    world.sign_in("default", RED);
    world.run(["import", "--team", "BOS", "--dry-run"]).exits_with(0);
    world
}

/// The games as a fixture list, which has no ids.
fn fixtures(games: &[FeedGame]) -> String {
    let name = |code| Tricode::of(code).unwrap().team().full_name();
    let line = |game: &FeedGame| {
        let date = game.tipoff.strftime("%d/%m/%Y %H:%M");
        format!("1,1,{date},An Arena,{},{},\r\n", name(game.home), name(game.away))
    };
    let lines: String = games.iter().map(line).collect();
    format!("Match Number,Round Number,Date,Location,Home Team,Away Team,Result\r\n{lines}")
}

fn with_input(world: &World, arguments: &[&str], input: &str) -> Ran {
    let mut command = world.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn the_live_feed_takes_over_what_another_source_began() {
    let games = celtics_games(4);
    let world = world(&games);
    let file = world.home().join("nba-2026-UTC.csv");
    fs::write(&file, fixtures(&[&[later(&games[0], 2)], &games[1..]].concat())).unwrap();
    let path = file.to_str().unwrap();
    let ran = world.run(["import", "--team", "BOS", "--schedule", path, "--format", "json"]);
    assert_eq!(ran.exits_with(0).stderr, "");
    assert_eq!(ran.json()["schedule"]["source"], "given");
    assert_eq!(ran.json()["destinations"][0]["created"], 4);
    let task = |world: &World| {
        let tasks = world.tasks(RED);
        tasks.into_iter().find(|task| task.description.ends_with(&games[0].id)).unwrap()
    };
    assert_eq!(instant(&task(&world)), Some(later(&games[0], 2).tipoff));
    world.serve_feed(text(&games));
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 1 updated, 3 unchanged"), "{ran:?}");
    assert_eq!(instant(&task(&world)), Some(games[0].tipoff));
    assert_eq!(world.tasks(RED).len(), 4);
}

/// The feed, made by the league three hours ago.
fn made_before(games: &[FeedGame]) -> String {
    let mut feed: serde_json::Value = serde_json::from_str(&text(games)).unwrap();
    let ago = Timestamp::now().checked_sub(SignedDuration::from_hours(3)).unwrap();
    feed["meta"]["time"] = ago.to_string().into();
    feed.to_string()
}

/// The league makes its file a few times a day, so what it says was often made before a list that
/// has no date of its own was handed over.
#[test]
fn a_list_makes_no_word_of_the_league_look_old() {
    let games = celtics_games(3);
    let world = world(&games);
    let moved = fixtures(&[&[later(&games[0], 2)], &games[1..]].concat());
    let list = ["import", "--team", "BOS", "--schedule", "-"];
    with_input(&world, &list, &moved).exits_with(0);
    let first = |world: &World| {
        let tasks = world.tasks(RED).into_iter();
        let mut found = tasks.filter(|task| task.description.ends_with(&games[0].id));
        instant(&found.next().unwrap())
    };
    assert_eq!(first(&world), Some(later(&games[0], 2).tipoff));
    let before = made_before(&games);
    let feed = world.serve_feed(before.clone());
    // A copy that stands in for the league is no newer word of its.
    world.run(["schedule", "--team", "BOS"]).exits_with(0);
    feed.is_gone();
    let ran = world.run(["import", "--team", "BOS", "--offline"]);
    assert!(ran.exits_with(0).stdout.contains("older than the one imported"), "{ran:?}");
    feed.becomes(before);
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 1 updated, 2 unchanged"), "{ran:?}");
    assert_eq!(first(&world), Some(games[0].tipoff));
    with_input(&world, &list, &moved).exits_with(0);
    assert_eq!(first(&world), Some(later(&games[0], 2).tipoff), "as the person asks");
}

/// What stands in for the league takes nothing back, and has games that were called off since; a team
/// that was taken back, or was never there, comes from it all the same.
#[test]
fn an_older_schedule_is_good_for_teams_that_are_not_there() {
    let games = celtics_games(3);
    let world = world(&games);
    let moved = fixtures(&[&[later(&games[0], 2)], &games[1..2]].concat());
    with_input(&world, &["import", "--team", "BOS", "--schedule", "-"], &moved).exits_with(0);
    let feed = world.serve_feed(made_before(&games));
    world.run(["schedule", "--team", "BOS"]).exits_with(0);
    feed.is_gone();
    let import = ["import", "--team", "BOS", "--offline"];
    let ran = world.run(import);
    assert!(ran.exits_with(0).stdout.contains("older than the one imported"), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 2);
    let login = ["login", "--no-browser", "--allow-delete"];
    world.sign_in_by(world.command(login), RED);
    world.run(["remove", "--team", "BOS", "--offline", "--yes"]).exits_with(0);
    let ran = world.run(import);
    assert!(ran.exits_with(0).stdout.contains("3 created"), "{ran:?}");
}

#[test]
fn standard_input_and_an_address_are_sources_too() {
    let games = celtics_games(3);
    let world = world(&games);
    let import = ["import", "--team", "BOS", "--dry-run", "--schedule"];
    let ran = with_input(&world, &[&import[..], &["-"]].concat(), &fixtures(&games));
    assert!(ran.exits_with(0).stdout.contains("3 tasks would be created"), "{ran:?}");
    let other = World::new();
    let address = other.serve_feed(fixtures(&games)).address;
    let ran = world.run([&import[..], &[&address]].concat());
    assert!(ran.exits_with(0).stdout.contains("3 tasks would be created"), "{ran:?}");
    // An address that is none is the person's to put right, and no fault of the league's.
    let ran = world.run([&import[..], &[&format!("{}/none.csv", world.sandbox.origin())]].concat());
    ran.exits_with(2).complains_of(&["127.0.0.1 gives no schedule: it answered 404", "--schedule"]);
}

#[test]
fn games_that_the_league_does_not_have_are_said() {
    let games = celtics_games(3);
    let world = world(&games[..2]);
    let ran = with_input(
        &world,
        &["import", "--team", "BOS", "--dry-run", "--schedule", "-"],
        &fixtures(&games),
    );
    ran.exits_with(0).complains_of(&["Left out 1 game", "BOS"]);
    assert!(ran.stdout.contains("2 tasks would be created"), "{ran:?}");
}

#[test]
fn what_cannot_be_used_is_said_with_its_place() {
    let games = celtics_games(2);
    let world = world(&games);
    let bad = fixtures(&games).replace("Boston Celtics", "Boston Celtcs");
    let import = ["import", "--team", "BOS", "--schedule"];
    let with = |source: &str| world.run([&import[..], &[source]].concat());
    let ran = with_input(&world, &[&import[..], &["-"]].concat(), &bad);
    ran.exits_with(1).complains_of(&["standard input", "line 2", "Celtcs", "Boston Celtics (BOS)"]);
    with("nowhere.csv").exits_with(2).complains_of(&["there is no file nowhere.csv"]);
    with("http://example.com/x.csv").exits_with(2);
    let gone = format!("{}/x.csv?key=secret", crate::world::nothing_listens());
    let ran = with(&gone);
    ran.exits_with(3).complains_of(&["cannot be reached"]);
    assert!(!ran.stderr.contains("secret"), "{ran:?}");
    let other = World::new();
    let denied = other.serve_feed("<html>Access Denied</html>".to_owned()).address;
    with(&denied).exits_with(1).complains_of(&["127.0.0.1", "none of"]);
    assert!(world.tasks(RED).is_empty());
}

#[test]
fn our_own_table_may_come_back_from_a_spreadsheet() {
    let world = world(&celtics_games(3));
    let listed = world.run(["schedule", "--team", "BOS", "--format", "csv"]);
    let table = &listed.exits_with(0).stdout;
    let imported = |table: &str| {
        let preview = ["import", "--team", "BOS", "--dry-run", "--schedule", "-"];
        with_input(&world, &preview, table)
    };
    let creates = |table: &str, tasks: &str| {
        let ran = imported(table);
        let said = format!("{tasks} would be created");
        assert!(ran.exits_with(0).stdout.contains(&said), "{table}: {ran:?}");
    };
    creates(table, "3 tasks");
    // As it is saved where a comma stands in numbers.
    assert!(!table.contains([';', '"']), "{table}");
    creates(&table.replace(',', ";"), "3 tasks");
    let with_status = |status: &str| table.replacen(",scheduled", &format!(",{status}"), 1);
    for unchanged in ["", "Scheduled"] {
        creates(&with_status(unchanged), "3 tasks");
    }
    for off in ["Postponed", "canceled", "CANCELLED"] {
        creates(&with_status(off), "2 tasks");
    }
    let ran = imported(&with_status("moved"));
    ran.exits_with(1).complains_of(&["line 2, status", "scheduled, postponed, cancelled or final"]);
}
