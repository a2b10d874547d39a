//! `schedule` and `teams`: what a person sees, and what other programs are given.

use std::collections::BTreeMap;

use icalendar::{Calendar, Component, Event};
use jiff::SignedDuration;
use nbatodo::model::Tricode;
use nbatodo::sandbox::Fault;

use crate::feed::{FeedGame, ServedFeed, celtics_games, text};
use crate::sessions::faketime;
use crate::truth::later;
use crate::world::{World, finish};

/// A Tuesday on which the Celtics play in the evening.
const TUESDAY: &str = "2026-11-24 17:00:00";

/// The bundled season as it looks in New York at `time` UTC, in so many columns; `None` without
/// `faketime`.
fn shown(time: &str, columns: usize, arguments: &[&str]) -> Option<String> {
    let world = World::new();
    let mut command = faketime(&world, &format!("@{time}")).ok()?;
    command.args(["schedule", "--offline", "--timezone", "America/New_York"]);
    command.args(arguments).env("COLUMNS", columns.to_string()).env("TZ", "UTC");
    let ran = finish(command);
    ran.exits_with(0).complains_of(&["bundled schedule", "--offline"]);
    // A sentence is the terminal's to wrap.
    let mut rows = ran.stdout.lines().filter(|line| !line.ends_with('.'));
    assert!(rows.all(|row| row.chars().count() <= columns), "{ran:?}");
    Some(ran.stdout)
}

fn feed(games: &[FeedGame]) -> (World, ServedFeed) {
    let world = World::new();
    let feed = world.serve_feed(text(games));
    (world, feed)
}

/// The events of the Celtics' calendar by their identities, as an independent parser reads them.
fn events(world: &World) -> BTreeMap<String, Event> {
    let ran = world.run(["schedule", "--team", "BOS", "--refresh", "--format", "ics"]);
    assert_eq!(ran.exits_with(0).stderr, "");
    assert!(ran.stdout.ends_with("END:VCALENDAR\r\n"));
    for line in ran.stdout.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\r') && !line.contains('\n'), "{line}");
    }
    let calendar: Calendar = ran.stdout.parse().unwrap();
    let events = calendar.iter().map(|it| it.as_event().unwrap().clone());
    let by_uid = events.map(|event| (event.get_uid().unwrap().to_owned(), event));
    by_uid.collect()
}

#[test]
fn a_table_fits_the_terminal() {
    for columns in [60, 80, 120] {
        let Some(table) = shown(TUESDAY, columns, &["--team", "SAS", "--next", "40"]) else {
            return;
        };
        assert_eq!(table.lines().filter(|line| line.starts_with(['›', '»'])).count(), 1);
        insta::assert_snapshot!(format!("table_{columns}"), table);
    }
    // What does not go to a terminal is not narrowed.
    let world = World::new();
    let ran = world.run(["schedule", "--team", "SAS", "--offline", "--include-past"]);
    assert!(ran.exits_with(0).stdout.contains("Accor Arena, Paris"), "{ran:?}");
}

#[test]
fn a_month_is_a_calendar() {
    let Some(november) = shown(TUESDAY, 60, &["--team", "BOS", "--month"]) else { return };
    insta::assert_snapshot!("month_60", november);
    let december = shown(TUESDAY, 80, &["--team", "Celtics", "--month", "2026-12"]).unwrap();
    assert!(december.starts_with("Celtics · December 2026"), "{december}");
    assert!(!december.contains("vs ATL"), "{december}");
    // No mark is explained that is not there.
    assert!(november.contains("[ ] today, › the next game"), "{november}");
    assert!(!december.contains("today") && !december.contains("next game"), "{december}");
    let world = World::new();
    world.run(["schedule", "--team", "BOS", "--month", "2026-13"]).exits_with(2);
    // The calendar has a last month.
    let ran = world.run(["schedule", "--team", "BOS", "--offline", "--month", "9999-12"]);
    assert!(ran.exits_with(0).stdout.starts_with("Celtics: no game in December 9999; "), "{ran:?}");
}

/// What is exported is what is shown: one month of it.
#[test]
fn a_month_is_exported_as_it_is_shown() {
    let world = World::new();
    let december = |more: &[&str]| {
        let month = ["schedule", "--offline", "--team", "BOS", "--timezone", "America/New_York"];
        world.run([&month[..], &["--month", "2026-12"], more].concat()).exits_with(0).stdout.clone()
    };
    let shown = december(&[]);
    let count: usize =
        shown.lines().next().unwrap().split(" · ").nth(2).unwrap()[..2].parse().unwrap();
    assert!((10..20).contains(&count), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&december(&["--format", "json"])).unwrap();
    let team = &json["teams"][0];
    let games = team["games"].as_array().unwrap();
    assert_eq!((team["month"].as_str(), games.len()), (Some("2026-12"), count));
    assert!(games.iter().all(|game| game["date"].as_str().unwrap().starts_with("2026-12-")));
    let csv = december(&["--format", "csv"]);
    assert_eq!(csv.lines().count(), count + 1, "{csv}");
    let ics: Calendar = december(&["--format", "ics"]).parse().unwrap();
    assert_eq!(ics.iter().count(), count);
    assert_eq!(december(&["--plain"]).lines().count(), count + 1);
    // Without a month named, it is the one that is shown then.
    let ran = world.run(["schedule", "--offline", "--team", "BOS,LAL", "--month", "--format=json"]);
    for team in ran.json()["teams"].as_array().unwrap() {
        let month = team["month"].as_str().unwrap();
        let games = team["games"].as_array().unwrap();
        assert!(!games.is_empty());
        assert!(games.iter().all(|game| game["date"].as_str().unwrap().starts_with(month)));
    }
}

/// Two evenings of a team in America can be one day elsewhere.
#[test]
fn a_month_shows_every_game_of_a_day() {
    let world = World::new();
    let month = ["schedule", "--offline", "--team", "MIA", "--month", "2026-10"];
    let ran = world.run([&month[..], &["--timezone", "UTC"]].concat());
    let shown = ran.exits_with(0).stdout.matches([':']).count();
    assert!(ran.stdout.contains("6 games") && shown == 6, "{ran:?}");
    assert!(ran.stdout.contains("vs DET") && ran.stdout.contains("at CHA"), "{ran:?}");
}

#[test]
fn each_time_of_the_year_has_its_answer() {
    for (time, parts) in [
        ("2026-09-20 12:00:00", ["Celtics 2026-27 · 80 games", "› Tue 20 Oct  15:00  at Pistons"]),
        ("2026-11-25 02:00:00", ["• Tue 24 Nov  20:00  at Wizards", "› Fri 27 Nov"]),
        ("2026-12-25 12:00:00", ["» Fri 25 Dec  14:30  vs Heat", "  Mon 28 Dec"]),
        (
            "2027-02-22 12:00:00",
            ["rests for the All-Star break: the next games are on Thursday, 25", "› "],
        ),
        (
            "2027-04-12 12:00:00",
            ["the last game of 2026-27 was on 11 April 2027. The", "mid August 2027"],
        ),
        ("2027-07-20 12:00:00", ["the 2026-27 season is over. The schedule of 2027-28", "August"]),
    ] {
        let Some(said) = shown(time, 100, &["--team", "BOS", "--include-past"]) else { return };
        let coming = shown(time, 100, &["--team", "BOS"]).unwrap();
        let found = parts.iter().all(|part| said.contains(part) || coming.contains(part));
        assert!(found, "{time}: {coming}");
    }
}

#[test]
fn it_needs_no_session_and_no_key_store() {
    let (world, _) = feed(&celtics_games(3));
    let mut command = world.command(["schedule", "--team", "BOS"]);
    command.env_remove("NBATODO_KEY_FILE");
    let ran = finish(command);
    assert_eq!(ran.exits_with(0).stdout.lines().count(), 4, "{ran:?}");
    assert_eq!(ran.stderr, "");
    assert!(world.sandbox.requests().is_empty());
    world.run(["schedule"]).exits_with(2).complains_of(&["no team is named"]);
    let mut command = world.command(["schedule", "--home"]);
    command.env("NBATODO_TEAM", "BOS");
    assert_eq!(finish(command).exits_with(0).stdout.matches(" vs ").count(), 1);
}

#[test]
fn times_are_those_of_the_zone() {
    let (world, _) = feed(&celtics_games(1));
    let tipoff = celtics_games(1)[0].tipoff;
    for zone in ["Asia/Tokyo", "America/Phoenix", "Europe/Berlin"] {
        let ran = world.run(["schedule", "--team", "BOS", "--timezone", zone, "--format", "json"]);
        let game = &ran.json()["teams"][0]["games"][0];
        // The minute may have passed since the feed was made.
        let local = tipoff.in_tz(zone).unwrap();
        assert_eq!(ran.json()["timezone"], zone);
        assert_eq!(game["date"], local.date().to_string());
        assert_eq!(game["time"].as_str().unwrap()[..2], local.strftime("%H").to_string());
    }
    let ran = world.run(["schedule", "--team", "BOS", "--timezone", "Mars/Olympus"]);
    assert!(ran.exits_with(2).stderr.contains("Europe/Berlin"), "{ran:?}");
}

/// Whoever reads times in Todoist reads the same ones here, signed in or with the session over;
/// only a logout makes them the machine's again.
#[test]
fn times_are_those_of_the_account_once_it_is_known() {
    let (world, _) = feed(&celtics_games(1));
    let listed = |tz: &str, more: &[&str]| {
        let mut command = world.command([&["schedule", "--team", "BOS"], more].concat());
        command.env("TZ", tz);
        finish(command).exits_with(0).stdout.clone()
    };
    let zone = |tz: &str| -> String {
        let json: serde_json::Value =
            serde_json::from_str(&listed(tz, &["--format", "json"])).unwrap();
        json["timezone"].as_str().unwrap().to_owned()
    };
    let (nowhere, tokyo, berlin) = ("Nowhere/Known", "Asia/Tokyo", "Europe/Berlin");
    assert_eq!(zone(nowhere), "UTC", "nobody has signed in");
    assert_eq!(zone(tokyo), tokyo);
    world.sign_in("default", "dirk@example.com").exits_with(0);
    let asked = world.sandbox.requests().len();
    for tz in [nowhere, tokyo, berlin] {
        assert_eq!(zone(tz), berlin, "{tz}");
    }
    let told = "Times are in Europe/Berlin, the time zone of your Todoist account.\n";
    assert!(listed(tokyo, &[]).ends_with(told), "{}", listed(tokyo, &[]));
    assert!(listed(tokyo, &["--month"]).ends_with(told));
    assert!(listed(tokyo, &["--plain"]).ends_with(told));
    // It goes without saying where it is no surprise.
    assert!(!listed(berlin, &[]).contains("Times are in"));
    assert!(!listed(tokyo, &["--timezone", "Asia/Seoul"]).contains("Times are in"));
    assert_eq!(world.sandbox.requests().len(), asked, "a listing asks Todoist nothing");
    std::fs::remove_file(world.session_file("default")).unwrap();
    assert_eq!(zone(tokyo), berlin, "what was learnt stays when the session is over");
    // Somebody else, of whom Todoist tells no zone.
    let user = r#"{"id": "7", "email": "red@example.com", "full_name": "Red"}"#;
    world.sandbox.inject(Fault::answer("/api/v1/user", 200, &[], user));
    world.sign_in("default", "red@example.com").exits_with(0);
    assert_eq!(zone(tokyo), tokyo, "the zone of another account");
    world.sign_in("default", "dirk@example.com").exits_with(0);
    // An import learns nothing new of the person, and forgets nothing.
    for _ in 0..2 {
        world.import().exits_with(0);
        assert_eq!(zone(tokyo), berlin);
    }
    world.run(["logout"]).exits_with(0);
    assert_eq!(zone(tokyo), tokyo);
}

/// An import tells its times in the zone of the account, too, and says so.
#[test]
fn an_import_says_in_which_zone_its_times_are() {
    let (world, _) = feed(&celtics_games(2));
    world.sign_in("default", "dirk@example.com").exits_with(0);
    let planned = |tz: &str, more: &[&str]| {
        let line = [&["import", "--team", "BOS", "--dry-run"], more].concat();
        let mut command = world.command(line);
        command.env("TZ", tz);
        finish(command).exits_with(0).stdout.clone()
    };
    let told = "Times are in Europe/Berlin, the time zone of your Todoist account.\n";
    let said = planned("Asia/Tokyo", &["-v"]);
    assert_eq!(said.matches(told).count(), 1, "{said}");
    assert!(!planned("Europe/Berlin", &["-v"]).contains("Times are in"));
}

#[test]
fn the_shape_of_a_listing() {
    let arguments = ["--team", "BOS,LAL", "--next", "1", "--format", "json"];
    let Some(document) = shown(TUESDAY, 80, &arguments) else { return };
    insta::assert_snapshot!("schedule", document);
}

#[test]
fn a_file_of_csv_is_one() {
    let games = celtics_games(5);
    let (world, _) = feed(&games);
    let ran = world.run(["schedule", "--team", "BOS", "--timezone", "UTC", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(ran.exits_with(0).stdout.as_bytes());
    let rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 5);
    for (row, game) in rows.iter().zip(&games) {
        assert_eq!((row["game_id"].as_str(), row["team"].as_str()), (game.id.as_str(), "BOS"));
        assert_eq!(row["side"], if game.home == "BOS" { "home" } else { "away" });
        assert_eq!(row["arena"], "An Arena");
    }
}

#[test]
fn a_calendar_is_one_to_another_parser() {
    let mut games = celtics_games(4);
    games[1].status_text = "TBD";
    games[2].status_text = "PPD";
    let (world, _) = feed(&games);
    let events = events(&world);
    assert_eq!(events.len(), 4);
    let event = |game: &FeedGame| &events[&format!("{}@nbatodo", game.id)];
    let start = |game: &FeedGame| {
        let event = event(game);
        let start = event.properties().get("DTSTART").unwrap();
        (start.value().to_owned(), start.params().contains_key("VALUE"))
    };
    for game in [&games[0], &games[3]] {
        let utc = game.tipoff.strftime("%Y%m%dT%H%M%SZ").to_string();
        assert_eq!(start(game), (utc, false));
        assert_eq!(event(game).property_value("STATUS"), Some("CONFIRMED"));
        let name = |code: &str| Tricode::of(code).unwrap().team().nickname;
        let summary = format!("{} at {}", name(game.away), name(game.home));
        assert_eq!(event(game).get_summary(), Some(summary.as_str()));
    }
    let eastern = games[1].tipoff.in_tz("America/New_York").unwrap();
    assert_eq!(start(&games[1]), (eastern.strftime("%Y%m%d").to_string(), true));
    assert_eq!(event(&games[1]).property_value("STATUS"), Some("TENTATIVE"));
    assert_eq!(event(&games[2]).property_value("STATUS"), Some("CANCELLED"));
}

#[test]
fn an_entry_keeps_its_identity_and_a_change_raises_its_sequence() {
    let games = celtics_games(3);
    let (world, feed) = feed(&games);
    let mut earlier: serde_json::Value = serde_json::from_str(&text(&games)).unwrap();
    let published = jiff::Timestamp::now().checked_sub(SignedDuration::from_mins(5)).unwrap();
    earlier["meta"]["time"] = published.to_string().into();
    feed.becomes(earlier.to_string());
    let before = events(&world);
    assert_eq!(events(&world), before, "nothing changed");
    feed.becomes(text(&[&[later(&games[0], 2)], &games[1..]].concat()));
    let after = events(&world);
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let uid = format!("{}@nbatodo", games[0].id);
    let sequence =
        |event: &Event| event.property_value("SEQUENCE").unwrap().parse::<i64>().unwrap();
    assert!(sequence(&after[&uid]) > sequence(&before[&uid]));
    assert_ne!(after[&uid].property_value("DTSTART"), before[&uid].property_value("DTSTART"));
}

#[test]
fn our_own_calendar_and_table_are_sources() {
    let games = celtics_games(4);
    let (world, _) = feed(&games);
    // A table of two teams has the games between them twice.
    let guest = games.iter().map(|game| &game.away).find(|team| **team != "BOS").unwrap();
    let of_both = format!("BOS,{guest}");
    let files =
        [("BOS", "ics"), ("BOS", "csv"), (of_both.as_str(), "csv")].map(|(team, format)| {
            let made = world.run(["schedule", "--team", team, "--format", format]).stdout;
            let file = world.home().join(format!("{team}.{format}"));
            std::fs::write(&file, made).unwrap();
            file
        });
    let list = |more: &[&str]| {
        let arguments = [&["schedule", "--team", "BOS", "--format", "csv"][..], more].concat();
        let ran = world.run(arguments);
        assert_eq!(ran.exits_with(0).stderr, "");
        ran.stdout
    };
    for file in files {
        assert_eq!(list(&["--schedule", file.to_str().unwrap()]), list(&[]), "{file:?}");
    }
    let table = world.home().join("BOS.csv");
    let broken = std::fs::read_to_string(&table).unwrap().replace("home", "away from home");
    std::fs::write(&table, broken).unwrap();
    let ran = world.run(["schedule", "--team", "BOS", "--schedule", table.to_str().unwrap()]);
    ran.exits_with(1).complains_of(&["side: it is home or away"]);
}

#[test]
fn a_file_is_only_made_of_a_schedule() {
    let world = World::new();
    for format in ["csv", "ics"] {
        let ran = world.run(["status", "--format", format]);
        let said = "it comes as human or json. Say --format json; csv and ics are for \"schedule\"";
        ran.exits_with(2).complains_of(&[&format!("there is no {format} of this: {said}")]);
        world.run(["teams", "--format", format]).exits_with(2);
        let ran = world.run(["import", "--team", "BOS", "--format", format]);
        ran.exits_with(2).complains_of(&["it comes as human, json or jsonl"]);
    }
    let ran = world.run(["schedule", "--team", "BOS", "--format", "jsonl"]);
    ran.exits_with(2).complains_of(&["it comes as human, json, csv or ics"]);
    assert!(ran.json()["error"]["advice"].as_str().unwrap().contains("jsonl is for \"import\""));
}

#[test]
fn there_are_thirty_teams() {
    let world = World::new();
    let ran = world.run(["teams"]);
    assert_eq!(ran.exits_with(0).stdout.lines().count(), 30);
    assert!(ran.stdout.contains("BOS  Boston         Celtics        east  atlantic\n"), "{ran:?}");
    assert!(!ran.stdout.contains('\u{1b}'));
    let painted = world.run(["teams", "--color", "always"]);
    // The Celtics' green, a little lighter than it is, for dark backgrounds.
    assert!(painted.stdout.contains("\u{1b}[1;38;2;18;131;65mBOS\u{1b}[0m"), "{painted:?}");
    let json = world.run(["teams", "--format", "json"]).json();
    assert_eq!(json["teams"].as_array().unwrap().len(), 30);
    insta::assert_snapshot!("team", serde_json::to_string_pretty(&json["teams"][2]).unwrap());
}
