//! What a task is about.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::GameId;

/// How records and journals write [`Subject::NextSeason`].
const NEXT_SEASON: &str = "next-season";

/// What a task is about: what tells two tasks of one destination apart, whatever became of
/// their titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// One game, whatever becomes of its date.
    Game(GameId),
    /// The season after this one, which wants to be imported too.
    NextSeason,
}

/// Neither a game nor the next season.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is nothing that a task is about")]
pub struct UnknownSubject(String);

impl Subject {
    /// `None` for the next season.
    pub fn game(self) -> Option<GameId> {
        match self {
            Self::Game(game) => Some(game),
            Self::NextSeason => None,
        }
    }
}

impl From<GameId> for Subject {
    fn from(game: GameId) -> Self {
        Self::Game(game)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Game(game) => game.fmt(f),
            Self::NextSeason => f.write_str(NEXT_SEASON),
        }
    }
}

impl FromStr for Subject {
    type Err = UnknownSubject;

    fn from_str(text: &str) -> Result<Self, UnknownSubject> {
        if text == NEXT_SEASON {
            return Ok(Self::NextSeason);
        }
        text.parse().map(Self::Game).map_err(|_| UnknownSubject(text.to_owned()))
    }
}

impl TryFrom<String> for Subject {
    type Error = UnknownSubject;

    fn try_from(text: String) -> Result<Self, UnknownSubject> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_reads_as_it_is_written() {
        for text in ["0022600042", "next-season"] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        assert!("0022600042 ".parse::<Subject>().is_err());
    }
}
