//! Schedules that a person hands over: the league's feed, ESPN's site API, the fixture CSV of
//! fixturedownload.com, our own CSV, and iCalendar, told apart by what stands in them: names of
//! files have lied.
//!
//! All but the first have no ids of the league's, and get those of its games (`matching`), so
//! that a later run from the live feed finds the same tasks. ESPN's form and iCalendar's are read
//! as far as they have been seen or described: an undecided time at ESPN was only seen in another
//! sport of the same API, its lists of channels only in part, and of iCalendar no feed of the
//! league's own, only those of third parties.

mod error;
mod espn;
mod fixtures;
mod ical;
mod matching;
mod own_table;

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::{Season, Status, Tipoff, Tricode, Venue};
use crate::schedule::{Schedule, eastern, feed};

pub use error::GivenError;

/// A schedule that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its games.
    pub schedule: Schedule,
    /// The games that it lists and the league's schedule at hand does not have, each as `BOS at
    /// NYK on 2026-11-28`.
    pub left_out: Vec<String>,
    /// Whether the date of the schedule is the league's own word, and not only the time at which
    /// it was handed over.
    pub is_dated: bool,
}

/// A game as a source without the league's ids lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Listed {
    /// Where it stands there, for messages: `line 12`.
    place: String,
    home: Tricode,
    away: Tricode,
    tipoff: Tipoff,
    status: Status,
    venue: Option<Venue>,
    label: Option<String>,
    national_tv: Vec<String>,
}

/// Just enough of a JSON document to see whose it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whose {
    league_schedule: Option<serde::de::IgnoredAny>,
    events: Option<serde::de::IgnoredAny>,
}

/// Reads what was handed over at `now`, which counts as its date where it has none of its own.
/// `known` are the league's schedules at hand, from which the others get their ids; the first
/// that is of the right season counts.
///
/// # Errors
/// [`GivenError`]: where and in which field it is wrong, or that it is none of the forms.
pub fn parse(bytes: &[u8], known: &[Schedule], now: Timestamp) -> Result<Given, GivenError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let listed = match bytes.first() {
        Some(b'{') => {
            let whose: Whose = serde_json::from_slice(bytes)?;
            match (whose.league_schedule, whose.events) {
                (Some(_), _) => {
                    let schedule = feed::parse(bytes)?;
                    return Ok(Given { schedule, left_out: Vec::new(), is_dated: true });
                }
                (None, Some(_)) => espn::parse(bytes)?,
                (None, None) => return Err(GivenError::Form),
            }
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) if ical::is_one(text) => ical::parse(text)?,
            Ok(text) if fixtures::is_one(text) => fixtures::parse(text)?,
            Ok(text) if own_table::is_one(text) => own_table::parse(text)?,
            _ => return Err(GivenError::Form),
        },
    };
    let season = season(&listed)?;
    let league = known.iter().find(|schedule| schedule.season == season);
    matching::with_ids(&listed, league.ok_or(GivenError::UnknownSeason(season))?, now)
}

/// The season of all of them.
fn season(listed: &[Listed]) -> Result<Season, GivenError> {
    let zone = eastern::zone();
    let of = |it: &Listed| Season::of_day(eastern::day_of(it.tipoff, &zone));
    let first = listed.first().map(of).ok_or(GivenError::Empty)?;
    match listed.iter().find(|it| of(it) != first) {
        Some(other) => Err(GivenError::TwoSeasons { place: other.place.clone(), first }),
        None => Ok(first),
    }
}

/// The team that a source names, with the place and the field for the message.
fn team(name: &str, place: &str, field: &'static str) -> Result<Tricode, GivenError> {
    let official = |code: &Tricode| {
        let team = code.team();
        let nickname = name.strip_prefix(team.city).and_then(|rest| rest.strip_prefix(' '));
        code.as_str() == name || team.nickname == name || nickname == Some(team.nickname)
    };
    // Most names are official ones, which need no search.
    match Tricode::all().find(official) {
        Some(code) => Ok(code),
        None => Tricode::from_name(name).map_err(|error| GivenError::at(place, field, error)),
    }
}
