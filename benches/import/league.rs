//! A whole league's season, with every field that the league gives a game, that lies ahead whenever
//! the benchmark runs.

use jiff::{SignedDuration, Timestamp, Unit};
use nbatodo::model::Tricode;
use serde_json::Value;

use crate::feed::{FeedGame, celtics_games, text};

/// Games of each team.
pub(crate) const GAMES: usize = 82;
/// Teams.
pub(crate) const TEAMS: usize = 30;

/// A part of the league's real feed, for the fields that nobody here reads: they have to be
/// transferred and skipped all the same.
const REAL: &str = include_str!("../../tests/data/league-feed-2026-27-cut.json");

/// The feed as it is, and as it is when one game of the Celtics has moved by an hour.
pub(crate) struct Feeds {
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Feeds {
    pub(crate) fn new() -> Self {
        let mut games = season();
        let before = in_full(&games);
        let celtics = |game: &&mut FeedGame| game.home == "BOS" || game.away == "BOS";
        let moved = games.iter_mut().find(celtics).unwrap();
        moved.tipoff = moved.tipoff.checked_add(SignedDuration::from_hours(1)).unwrap();
        Self { before, after: in_full(&games) }
    }
}

/// Every team plays on every second day: the circle method, in which one team stays and the
/// others move on by a seat after each round.
fn season() -> Vec<FeedGame> {
    let teams: Vec<&'static str> = Tricode::all().map(Tricode::as_str).collect();
    assert_eq!(teams.len(), TEAMS);
    let like = celtics_games(1).remove(0);
    let start = Timestamp::now().round(Unit::Minute).unwrap();
    let mut games = Vec::new();
    for round in 0..GAMES {
        let mut seats = teams.clone();
        seats[1..].rotate_left(round % (TEAMS - 1));
        for pair in 0..TEAMS / 2 {
            let (one, other) = (seats[pair], seats[TEAMS - 1 - pair]);
            let (home, away) = if round % 2 == 0 { (one, other) } else { (other, one) };
            let ahead = i64::try_from(24 * 60 + round * 48 * 60 + pair * 10).unwrap();
            games.push(FeedGame {
                id: format!("{}{:05}", &like.id[..5], games.len() + 1),
                tipoff: start.checked_add(SignedDuration::from_mins(ahead)).unwrap(),
                home,
                away,
                ..like.clone()
            });
        }
    }
    games
}

/// The feed's text with all the fields that the league gives a game.
fn in_full(games: &[FeedGame]) -> String {
    let real: Value = serde_json::from_str(REAL).unwrap();
    let model = real["leagueSchedule"]["gameDates"][0]["games"][0].as_object().unwrap();
    let mut feed: Value = serde_json::from_str(&text(games)).unwrap();
    let days = feed["leagueSchedule"]["gameDates"].as_array_mut().unwrap();
    for game in days.iter_mut().flat_map(|day| day["games"].as_array_mut().unwrap()) {
        let known = game.as_object_mut().unwrap();
        for (name, value) in model {
            known.entry(name.as_str()).or_insert_with(|| value.clone());
        }
    }
    feed.to_string()
}
