//! What strangers type nearly right: each is answered with what was meant.

use crate::feed::{celtics_games, text};
use crate::terminal::Terminal;
use crate::world::World;

#[test]
fn a_zone_that_is_only_a_city_is_answered_with_its_whole_name() {
    let world = World::new();
    let berlin = "nearest: \"Europe/Berlin\"";
    for typed in ["Berlin", "berlin", "Europe/Berln"] {
        let ran = world.run(["schedule", "--team", "BOS", "--timezone", typed]);
        ran.exits_with(2).complains_of(&[berlin]);
        world.run(["config", "set", "timezone", typed]).exits_with(2).complains_of(&[berlin]);
    }
    let ran = world.run(["schedule", "--team", "BOS", "--timezone", "new york"]);
    ran.exits_with(2).complains_of(&["nearest: \"America/New_York\""]);
    for typed in ["xyzzy", "Boston", "BST", "GMT+1"] {
        let ran = world.run(["schedule", "--team", "BOS", "--timezone", typed]);
        ran.exits_with(2).complains_of(&["such as America/New_York or Europe/Berlin. See:"]);
        assert!(!ran.stderr.contains("nearest"), "{ran:?}");
    }
}

#[test]
fn a_team_without_a_name_is_said_in_clear_words() {
    let world = World::new();
    for (team, said, way_out) in [
        ("BOS,", "in \"BOS,\" a comma has no team beside it", "Leave the comma out"),
        (",", "a comma has no team beside it", "Leave the comma out"),
        ("", "the name of a team is empty", "see all thirty with: nbatodo teams"),
    ] {
        let ran = world.run(["schedule", "--team", team]);
        ran.exits_with(2).complains_of(&[said, way_out]);
    }
    world.run(["schedule", "--team", "BOS, LAL", "--offline"]).exits_with(0);
}

#[test]
fn a_season_is_written_in_one_way_and_told_in_it() {
    let world = World::new();
    for typed in ["2026/27", "2026-2027", "26-27"] {
        let ran = world.run(["schedule", "--team", "BOS", "--season", typed]);
        ran.exits_with(2).complains_of(&["a season is written 2026-27"]);
    }
    let ran = world.run(["schedule", "--team", "BOS", "--season", "next"]);
    ran.exits_with(2).complains_of(&["it takes a season such as 2026-27"]);
}

#[test]
fn an_empty_listing_says_why() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let list = |more: &[&str]| {
        let ran = world.run([&["schedule", "--team", "BOS"], more].concat());
        ran.exits_with(0);
        ran.stdout
    };
    let playoffs = list(&["--stage", "playoffs"]);
    let later =
        "has no games of that stage; play-in games and playoffs are added when their teams are";
    assert!(playoffs.contains(later), "{playoffs}");
    assert!(list(&["--stage", "play-in"]).contains(later));
    let preseason = list(&["--stage", "preseason"]);
    assert!(preseason.contains("has no games of that stage"), "{preseason}");
    assert!(!preseason.contains("added"), "{preseason}");
    let month = list(&["--month", "2099-08"]);
    let next = list(&["--month"]);
    let next = next.split(" · ").nth(1).unwrap();
    let said = format!("Celtics: no game in August 2099; there are games in {next}");
    assert!(month.starts_with(&said), "{said}: {month}");
    assert_eq!(month.lines().count(), 1, "no grid: {month}");
}

#[test]
fn a_terminal_gets_them_in_short_lines() {
    let world = World::new();
    let drawn = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("TERM", "dumb").env("COLUMNS", "80");
        let drawn = Terminal::start_with(&command, 80).finish().1.replace('\r', "");
        format!("# {}\n{drawn}\n", arguments.join(" "))
    };
    let all: String = [
        &["config", "set", "team", "BOS", "--profile", "anm"][..],
        &["schedule", "--team", "BOS", "--timezone", "Berlin"],
        &["schedule", "--team", "BOS,"],
        &["schedule", "--team", ""],
        &["schedule", "--team", "BOS", "--season", "2026/27"],
        &["teams", "--format", "csv"],
        &["man", "config-set"],
        &["status", "--deadline", "0"],
    ]
    .map(drawn)
    .concat();
    let home = world.home().to_str().unwrap();
    insta::assert_snapshot!("slips", all.replace(home, "HOME"));
}
