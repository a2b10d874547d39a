//! Games as lines of CSV: how the seasons lie in the binary, and the copies of feeds on disk.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Game, GameId, Matchup, Season, Status, Tipoff, Tricode, Venue};

/// What stands between channels.
const BETWEEN_CHANNELS: &str = "|";

/// What is wrong with a table, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct Damage {
    /// The line, counted from 1.
    pub(super) line: u64,
    /// What is wrong there.
    pub(super) what: String,
}

/// A line.
#[derive(Deserialize, Serialize)]
struct Row<'a> {
    game_id: &'a str,
    /// An instant in UTC, or a day alone where the time is to be determined.
    tipoff: &'a str,
    /// Tricodes; empty while the teams are undecided.
    home: &'a str,
    away: &'a str,
    arena: &'a str,
    city: &'a str,
    label: &'a str,
    /// Channels, `|` between them.
    national_tv: &'a str,
    /// Empty for a game that is to be played; no column at all where all are.
    #[serde(default)]
    status: &'a str,
}

impl Damage {
    pub(super) fn at(line: u64, what: impl ToString) -> Self {
        Self { line, what: what.to_string() }
    }
}

/// The games of `season` in `text`: a line of headings and a line a game, between comments that
/// begin with `#`.
pub(super) fn read(season: Season, text: &str) -> Result<Vec<Game>, Damage> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| Damage::at(2, error))?.clone();
    let (mut games, mut seen) = (Vec::new(), HashSet::new());
    for record in reader.records() {
        let at = |error: &csv::Error| error.position().map_or(0, csv::Position::line);
        let record = record.map_err(|error| Damage::at(at(&error), &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record.deserialize(Some(&headers)).map_err(|e| Damage::at(line, e))?;
        let game = game(&row).map_err(|what| Damage::at(line, what))?;
        if game.id.season() != season {
            return Err(Damage::at(line, "a game of another season"));
        }
        if !seen.insert(game.id) {
            return Err(Damage::at(line, "a game that was there before"));
        }
        games.push(game);
    }
    Ok(games)
}

/// What [`read`] makes the same games of.
pub(super) fn write(games: &[Game]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for game in games {
        let (home, away) = match &game.matchup {
            Some(Matchup { home, away }) => (home.as_str(), away.as_str()),
            None => ("", ""),
        };
        let (arena, city) = match &game.venue {
            Some(venue) => (venue.arena.as_str(), venue.city.as_str()),
            None => ("", ""),
        };
        let tipoff = match game.tipoff {
            Tipoff::At(instant) => instant.to_string(),
            Tipoff::Undecided(day) => day.to_string(),
        };
        writer.serialize(Row {
            game_id: &game.id.to_string(),
            tipoff: &tipoff,
            home,
            away,
            arena,
            city,
            label: game.label.as_deref().unwrap_or_default(),
            national_tv: &game.national_tv.join(BETWEEN_CHANNELS),
            status: word(game.status),
        })?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn game(row: &Row<'_>) -> Result<Game, String> {
    let team =
        |code: &str| Tricode::of(code).ok_or_else(|| format!("{code:?} is not a team's tricode"));
    let matchup = match (row.home, row.away) {
        ("", "") => None,
        (home, away) => Some(Matchup { home: team(home)?, away: team(away)? }),
    };
    let tipoff = match row.tipoff.parse::<Timestamp>() {
        Ok(instant) => Tipoff::At(instant),
        Err(_) => Tipoff::Undecided(row.tipoff.parse().map_err(|e: jiff::Error| e.to_string())?),
    };
    let venue = Venue { arena: row.arena.to_owned(), city: row.city.to_owned() };
    Ok(Game {
        id: row.game_id.parse::<GameId>().map_err(|error| error.to_string())?,
        tipoff,
        matchup,
        venue: Some(venue).filter(|venue| !venue.arena.is_empty()),
        status: status(row.status)?,
        label: Some(row.label.to_owned()).filter(|label| !label.is_empty()),
        national_tv: row
            .national_tv
            .split_terminator(BETWEEN_CHANNELS)
            .map(str::to_owned)
            .collect(),
    })
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Scheduled => "",
        Status::Postponed => "postponed",
        Status::Cancelled => "cancelled",
        Status::Final => "final",
    }
}

fn status(text: &str) -> Result<Status, String> {
    let all = [Status::Scheduled, Status::Postponed, Status::Cancelled, Status::Final];
    let found = all.into_iter().find(|status| word(*status) == text);
    found.ok_or_else(|| format!("{text:?} is not where a game can stand"))
}
