//! A game as the league's schedule knows it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::{Season, Stage, Tipoff, Tricode};

/// The league's ten-digit id of a game, for instance `0022600042`: `00` for the league, the
/// stage's digit, two digits of the year in which the season starts, five of a serial.
///
/// It stays the same when a game moves, and is what tells two games of the same pair apart. Held
/// as the number that its digits make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GameId(u32);

/// Not ten digits of the NBA's own numbering.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a game id of the NBA")]
pub struct InvalidGameId(String);

impl GameId {
    /// The game's page on nba.com: a link for the person, and the key by which a later run
    /// recognises the task.
    pub fn page(self) -> String {
        format!("https://www.nba.com/game/{self}")
    }

    /// What the game counts for.
    pub fn stage(self) -> Stage {
        match self.0 / 10_000_000 {
            1 => Stage::Preseason,
            3 => Stage::AllStar,
            4 => Stage::Playoffs,
            5 => Stage::PlayIn,
            6 => Stage::CupFinal,
            _ => Stage::Regular,
        }
    }

    /// The season that the id was given out for.
    pub fn season(self) -> Season {
        let year = self.0 / 100_000 % 100;
        // The league began in 1946, so two digits name one year from then to 2045.
        let century = if year >= 46 { 1900 } else { 2000 };
        Season::starting(century + year as i16)
    }
}

impl FromStr for GameId {
    type Err = InvalidGameId;

    fn from_str(text: &str) -> Result<Self, InvalidGameId> {
        let digits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        let known = number.filter(|number| (1..=6).contains(&(number / 10_000_000)));
        known.map(Self).ok_or_else(|| InvalidGameId(text.to_owned()))
    }
}

impl TryFrom<String> for GameId {
    type Error = InvalidGameId;

    fn try_from(text: String) -> Result<Self, InvalidGameId> {
        text.parse()
    }
}

impl From<GameId> for String {
    fn from(id: GameId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for GameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

/// The two teams of a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matchup {
    /// The team that hosts, on neutral ground too.
    pub home: Tricode,
    /// The team that travels.
    pub away: Tricode,
}

impl Matchup {
    /// Whether `team` plays in it.
    pub fn involves(self, team: Tricode) -> bool {
        self.home == team || self.away == team
    }
}

/// Where a game is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Venue {
    /// The arena's name.
    pub arena: String,
    /// The city it stands in; empty where a source does not say.
    pub city: String,
}

/// Where a game stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// To be played, or under way.
    Scheduled,
    /// Called off for now; the same id returns on a new date.
    Postponed,
    /// Called off for good.
    Cancelled,
    /// Played.
    Final,
}

/// One game of a season.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Game {
    /// The league's id.
    pub id: GameId,
    /// When it starts.
    pub tipoff: Tipoff,
    /// Who plays; `None` while the teams are undecided (cup knockout, playoffs).
    pub matchup: Option<Matchup>,
    /// Where; `None` while undecided.
    pub venue: Option<Venue>,
    /// Where it stands.
    pub status: Status,
    /// What is special about it, for instance `Emirates NBA Cup · East Group A`.
    pub label: Option<String>,
    /// National television and streaming, in the league's order.
    pub national_tv: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_stage_and_season() {
        let id: GameId = "0022600042".parse().unwrap();
        assert_eq!(id.stage(), Stage::Regular);
        assert_eq!(id.season().to_string(), "2026-27");
        assert_eq!(id.page(), "https://www.nba.com/game/0022600042");
        assert_eq!("0062600001".parse::<GameId>().unwrap().stage(), Stage::CupFinal);
        assert_eq!("0029900001".parse::<GameId>().unwrap().season().to_string(), "1999-00");
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in ["", "22600042", "1022600042", "00226000421", "002260004x", "0092600042"] {
            assert!(text.parse::<GameId>().is_err(), "{text}");
        }
    }
}
