//! What is wrong with a feed.

use jiff::civil::Date;

use crate::model::{Season, Tricode};
use crate::schedule::soundness::Clash;

/// How many characters of a feed's own text a message shows.
const SHOWN: usize = 120;

/// Why a feed is refused: in one line, with the game's id where there is one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// It ends in the middle.
    #[error("the feed is cut off")]
    CutOff,
    /// Often a page that says "access denied".
    #[error("the feed is not JSON")]
    NotJson,
    /// JSON, but not the league's schedule.
    #[error("the feed does not have the shape of the league's schedule: {0}")]
    Shape(String),
    /// Of another league.
    #[error("the feed is of league {0:?}, not of the NBA (\"00\")")]
    League(String),
    /// Its season cannot be read.
    #[error("the feed's season {0:?} is not one such as 2026-27")]
    SeasonYear(String),
    /// Its own date cannot be read.
    #[error("the feed says {0:?} where it should say when it was made")]
    Published(String),
    /// It holds no game at all.
    #[error("the feed holds no games")]
    Empty,
    /// A game whose id is not the league's, so that its stage cannot be known.
    #[error("the feed has a game with the id {0:?}")]
    GameId(String),
    /// A game of the regular season, of another season than the feed.
    #[error("game {id} is of another season than the feed, {season}")]
    OtherSeason {
        /// The game.
        id: String,
        /// The feed's season.
        season: Season,
    },
    /// A game of the regular season with a team that the league does not have.
    #[error("game {id} has a team that the league does not have: {team}")]
    UnknownTeam {
        /// The game.
        id: String,
        /// What the feed says of the team.
        team: String,
    },
    /// A game whose start cannot be read, or is not in the season.
    #[error("game {id} has no start in the season: {start:?}")]
    Start {
        /// The game.
        id: String,
        /// What the feed says.
        start: String,
    },
    /// A game of a team against itself.
    #[error("game {id} has {team} playing itself")]
    Itself {
        /// The game.
        id: String,
        /// The team.
        team: Tricode,
    },
    /// One id on games of two pairs.
    #[error("game {id} stands there twice, with different teams")]
    TwoPairs {
        /// The game.
        id: String,
    },
    /// Two games of one team on one day.
    #[error("games {first} and {second} have {team} playing twice on {day}")]
    TwiceADay {
        /// One game.
        first: String,
        /// The other.
        second: String,
        /// The team.
        team: Tricode,
        /// The day, as the arena counts days.
        day: Date,
    },
}

impl From<Clash> for FeedError {
    fn from(Clash { first, second, team, day }: Clash) -> Self {
        Self::TwiceADay { first: first.to_string(), second: second.to_string(), team, day }
    }
}

impl From<serde_json::Error> for FeedError {
    fn from(error: serde_json::Error) -> Self {
        match error.classify() {
            serde_json::error::Category::Eof => Self::CutOff,
            serde_json::error::Category::Data => Self::Shape(shown(&error.to_string())),
            _ => Self::NotJson,
        }
    }
}

/// The start of a text from outside, short enough for a line.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
