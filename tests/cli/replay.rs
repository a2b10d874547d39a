//! A season as it goes: a feed of one day, then feeds of later days with every kind of change
//! that the league has made, each imported by the real binary.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::{Item, When};
use serde_json::{Value, json};

use crate::feed::{FeedGame, ServedFeed, celtics_games, text};
use crate::world::{RED, Ran, World};

/// A season's games: so many that each change has one of its own.
const GAMES: usize = 30;

/// The league's feed, changed row by row.
struct League {
    games: Vec<FeedGame>,
    document: Value,
}

impl League {
    fn new() -> Self {
        let games = celtics_games(GAMES);
        let mut document: Value = serde_json::from_str(&text(&games)).unwrap();
        let week = json!({"weekNumber": 8, "weekName": "Week 8"});
        document["leagueSchedule"]["weeks"] = json!([week, week]);
        Self { games, document }
    }

    fn rows(&mut self) -> &mut Vec<Value> {
        self.document["leagueSchedule"]["gameDates"][0]["games"].as_array_mut().unwrap()
    }

    /// The row of the game with that number.
    fn row(&mut self, number: usize) -> &mut Value {
        let id = self.games[number].id.clone();
        self.rows().iter_mut().find(|row| row["gameId"] == id.as_str()).unwrap()
    }

    /// The game starts so much later, or earlier.
    fn move_by(&mut self, number: usize, minutes: i64) {
        let game = &mut self.games[number];
        game.tipoff = game.tipoff.checked_add(SignedDuration::from_mins(minutes)).unwrap();
        let (utc, eastern) = (game.tipoff, game.tipoff.in_tz("America/New_York").unwrap());
        let row = self.row(number);
        row["gameDateTimeUTC"] = json!(utc.to_string());
        row["gameDateEst"] = json!(format!("{}T00:00:00Z", eastern.date()));
        row["gameTimeEst"] = json!(format!("1900-01-01T{}Z", eastern.strftime("%H:%M:%S")));
        row["gameStatusText"] = json!("7:00 pm ET   ");
    }

    fn status(&mut self, number: usize, text: &str) {
        self.row(number)["gameStatusText"] = json!(text);
    }

    /// Nobody knows who plays.
    fn undecide(&mut self, number: usize) {
        for side in ["homeTeam", "awayTeam"] {
            self.row(number)[side] = json!({"teamId": 0, "teamName": null, "teamTricode": null});
        }
        self.status(number, "TBD");
        self.row(number)["gameTimeEst"] = json!("0001-01-01T00:00:00Z");
    }

    /// The row as it was before [`Self::undecide`].
    fn decide(&mut self, number: usize, as_it_was: Value) {
        *self.row(number) = as_it_was;
    }

    fn take_out(&mut self, number: usize) -> Value {
        let id = self.games[number].id.clone();
        let at = self.rows().iter().position(|row| row["gameId"] == id.as_str()).unwrap();
        self.rows().remove(at)
    }

    /// Serves what it has become, as made a minute later each time.
    fn publish(&mut self, feed: &ServedFeed, minute: i64) {
        let ago = SignedDuration::from_mins(60 - minute);
        let made = Timestamp::now().checked_sub(ago).unwrap();
        self.document["meta"]["time"] = json!(made.to_string());
        feed.becomes(self.document.to_string());
    }
}

/// The Celtics' tasks by the ids at their ends.
fn tasks(world: &World) -> BTreeMap<String, Item> {
    let mut tasks = BTreeMap::new();
    for task in world.tasks(RED) {
        let id = task.description[task.description.len() - 10..].to_owned();
        let twice = tasks.insert(id, task);
        assert!(twice.is_none(), "{twice:?} is there twice");
    }
    tasks
}

fn due(task: &Item) -> &When {
    &task.due.as_ref().unwrap().when
}

fn import(world: &World) -> Ran {
    let ran = world.run(["import", "--team", "BOS", "--refresh"]);
    assert_eq!(ran.exits_with(0).stderr, "");
    ran
}

/// Checks that each of these games has one task at its instant.
#[track_caller]
fn are_true(world: &World, games: &[&FeedGame]) {
    let tasks = tasks(world);
    for game in games {
        let task = tasks.get(&game.id).unwrap_or_else(|| panic!("{} has no task", game.id));
        assert!(matches!(due(task), When::Fixed(at, _) if *at == game.tipoff), "{task:?}");
    }
}

#[test]
fn a_season_is_true_after_every_change_of_it() {
    let mut league = League::new();
    let world = World::new();
    let feed = world.serve_feed(String::new());
    world.sign_in("default", RED);

    // The first day: 20 a time that is undecided, 21 to 23 teams that are, 24 to 26 are not in
    // the feed yet; a guest plays before the season, and everything is "postponed".
    league.status(20, "TBD");
    league.row(20)["gameTimeEst"] = json!("0001-01-01T00:00:00Z");
    let knockout: Vec<Value> = (21..24).map(|it| league.row(it).clone()).collect();
    (21..24).for_each(|it| league.undecide(it));
    let later: Vec<Value> = (24..27).map(|it| league.take_out(it)).collect();
    let mut guest = league.row(0).clone();
    guest["gameId"] = json!(league.games[0].id.replacen("002", "001", 1));
    guest["awayTeam"] = json!({"teamId": 15016, "teamTricode": "MEL", "teamName": "United"});
    league.rows().push(guest);
    league.publish(&feed, 1);
    assert!(import(&world).stdout.contains("24 created"));
    let untouched = [0, 1, 27, 28, 29];
    are_true(&world, &untouched.map(|it| &league.games[it]));
    assert!(matches!(due(&tasks(&world)[&league.games[20].id]), When::Day(_)));

    // What the person does.
    let person = world.sandbox.person(RED);
    let id = |number: usize| tasks(&world)[&league.games[number].id].id.clone();
    person.complete(&id(2)).unwrap();
    person.delete(&id(3)).unwrap();
    person.retitle(&id(4), "With Dad").unwrap();

    // Some weeks later: minutes, hours, over midnight, to another month, to an earlier day, two
    // of a pair that come close to each other; places, postponements, a cancellation, a game that
    // is gone, the knockout's pairs, and games that were added.
    let moves = [(2, 60), (3, 60), (4, 30), (5, 12), (6, -90), (7, 5 * 60), (9, 40 * 24 * 60 + 60)];
    moves.into_iter().for_each(|(number, minutes)| league.move_by(number, minutes));
    league.move_by(10, -2 * 60);
    league.row(11)["arenaName"] = json!("Accor Arena");
    league.row(11)["arenaCity"] = json!("Paris");
    league.status(12, "PPD   ");
    league.status(13, "postponed");
    league.status(14, "Cancelled");
    let gone = league.take_out(15);
    league.move_by(20, 0);
    let mut others = knockout[1].clone();
    for side in ["homeTeam", "awayTeam"] {
        if others[side]["teamTricode"] == "BOS" {
            others[side]["teamId"] = json!(1_610_612_747);
            others[side]["teamTricode"] = json!("LAL");
        }
    }
    league.decide(21, knockout[0].clone());
    league.decide(22, others);
    league.rows().extend(later);
    league.publish(&feed, 2);
    let ran = world.run(["import", "--team", "BOS", "--refresh", "-v"]);
    assert!(ran.stdout.contains("4 created"), "21, and the three that were added: {ran:?}");
    for (number, part) in [(7, " → "), (12, "(postponed)"), (14, "(cancelled)")] {
        let game = &league.games[number];
        let opponent = if game.home == "BOS" { game.away } else { game.home };
        let name = nbatodo::model::Tricode::of(opponent).unwrap().team().nickname;
        let is_it =
            |line: &str| line.starts_with("~ ") && line.contains(name) && line.contains(part);
        assert!(ran.stdout.lines().any(is_it), "{name} {part}: {ran:?}");
    }
    let true_now = [0, 1, 4, 5, 6, 7, 9, 10, 11, 15, 20, 21, 24, 25, 26, 27, 28, 29];
    are_true(&world, &true_now.map(|it| &league.games[it]));
    let now = tasks(&world);
    let task = |number: usize| now.get(&league.games[number].id);
    assert_eq!((task(2).is_none(), task(3).is_none()), (true, true), "done and deleted stay so");
    assert_eq!(task(4).unwrap().content, "With Dad");
    assert!(task(11).unwrap().description.contains("Accor Arena, Paris"));
    for (number, mark) in [(12, "(postponed)"), (13, "(postponed)"), (14, "(cancelled)")] {
        let task = task(number).unwrap();
        assert!(task.content.ends_with(mark) && matches!(due(task), When::Day(_)), "{task:?}");
    }
    assert!(task(22).is_none() && task(23).is_none(), "none of the Celtics' games");

    // Later still: replays under their ids, one beside its old row, and the lost game is back.
    let mut old = league.row(12).clone();
    old["gameStatus"] = json!(3);
    old["gameStatusText"] = json!("Final");
    league.move_by(12, 60 * 24 * 60 + 90);
    league.rows().push(old);
    league.move_by(13, 50 * 24 * 60 + 90);
    league.rows().push(gone);
    league.decide(23, knockout[2].clone());
    league.publish(&feed, 3);
    assert!(import(&world).stdout.contains("1 created"));
    let all = true_now.into_iter().chain([12, 13, 23]).map(|it| &league.games[it]);
    are_true(&world, &all.collect::<Vec<_>>());
    for number in [12, 13] {
        assert!(!tasks(&world)[&league.games[number].id].content.contains("postponed"));
    }

    // And then nothing: one question, no change, and the same tasks.
    let (before, requests) = (format!("{:?}", tasks(&world)), world.syncs().len());
    assert!(import(&world).stdout.contains("0 created"));
    assert_eq!(world.syncs().len() - requests, 1);
    assert_eq!(format!("{:?}", tasks(&world)), before);
    assert_eq!(world.projects(RED).len(), 1);
}
