//! What is wrong with a schedule that was handed over.

use crate::model::Season;
use crate::schedule::feed::FeedError;
use crate::schedule::soundness::Clash;

/// Why a schedule that was handed over is not used, in one line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    /// Nothing that is known here.
    #[error(
        "it is none of: the league's feed (JSON), ESPN's schedule (JSON), a fixture list (CSV, \
         with \"Match Number\" and \"Home Team\" in its first line), our own table (CSV, of \
         \"nbatodo schedule\"), a calendar (iCalendar)"
    )]
    Form,
    /// The league's form, and not right.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// Something in one place.
    #[error("{place}, {field}: {what}")]
    At {
        /// `line 12` of a text, `event 12` of a list.
        place: String,
        /// The field, as the form calls it.
        field: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// No game at all.
    #[error("it lists no games")]
    Empty,
    /// Games of several seasons.
    #[error("{place}: a game of another season than the first one, {first}")]
    TwoSeasons {
        /// Where.
        place: String,
        /// The season of the first game.
        first: Season,
    },
    /// A season of which no schedule of the league's is at hand, so that no game has an id.
    #[error("it lists games of {0}, and no schedule of the league's for that season is at hand")]
    UnknownSeason(Season),
    /// Not one game that the league knows.
    #[error("it lists no game that the league's schedule has; the first one is {0}")]
    NoneKnown(String),
    /// A team in two places.
    #[error("it has {team} playing twice on {day}, in games {first} and {second}")]
    TwiceADay {
        /// The team.
        team: String,
        /// The day at the arena.
        day: String,
        /// One game's id.
        first: String,
        /// The other's.
        second: String,
    },
}

impl GivenError {
    pub(super) fn at(place: &str, field: &'static str, what: impl ToString) -> Self {
        Self::At { place: place.to_owned(), field, what: what.to_string() }
    }
}

impl From<serde_json::Error> for GivenError {
    fn from(error: serde_json::Error) -> Self {
        Self::Feed(error.into())
    }
}

impl From<Clash> for GivenError {
    fn from(Clash { first, second, team, day }: Clash) -> Self {
        Self::TwiceADay {
            team: team.to_string(),
            day: day.to_string(),
            first: first.to_string(),
            second: second.to_string(),
        }
    }
}
