//! The fixture list of fixturedownload.com, `nba-2026-UTC.csv`. Its dates are in the zone that
//! the file was made for, and only its name tells which: they are read as UTC, which is the one
//! that the site offers for the whole league.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{GivenError, Listed, team};
use crate::model::{Status, Tipoff, Venue};

/// The columns that are read.
const DATE: &str = "Date";
const LOCATION: &str = "Location";
const HOME: &str = "Home Team";
const AWAY: &str = "Away Team";
/// The column that tells this form from every other list with teams in it.
const NUMBER: &str = "Match Number";

pub(super) fn is_one(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    [NUMBER, DATE, HOME, AWAY].iter().all(|column| first.contains(column))
}

pub(super) fn parse(text: &str) -> Result<Vec<Listed>, GivenError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers =
        reader.headers().map_err(|error| GivenError::at("line 1", "headings", error))?.clone();
    let column = |name: &str| headers.iter().position(|heading| heading.trim() == name);
    let field = |record: &csv::StringRecord, name| {
        let cell = column(name).and_then(|at| record.get(at));
        cell.unwrap_or_default().trim().to_owned()
    };
    let mut listed = Vec::new();
    for record in reader.records() {
        let record = record
            .map_err(|error| GivenError::at(&place(text, error.position()), "row", &error))?;
        let place = place(text, record.position());
        let arena = field(&record, LOCATION);
        listed.push(Listed {
            home: team(&field(&record, HOME), &place, HOME)?,
            away: team(&field(&record, AWAY), &place, AWAY)?,
            tipoff: start(&field(&record, DATE), &place)?,
            // A result means that it was played, and is a spoiler otherwise.
            status: Status::Scheduled,
            venue: (!arena.is_empty()).then(|| Venue { arena, city: String::new() }),
            label: None,
            national_tv: Vec::new(),
            place,
        });
    }
    Ok(listed)
}

/// The line of a record. The reader's own count is one behind where lines end in CR LF, since it
/// takes the CR for the end.
pub(super) fn place(text: &str, position: Option<&csv::Position>) -> String {
    let (byte, line) = position.map_or((0, 0), |it| (it.byte(), it.line()));
    let start = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let is_behind = text.as_bytes()[start..].first() == Some(&b'\n');
    format!("line {}", line + u64::from(is_behind))
}

/// `21/10/2026 23:30`, the day first.
fn start(text: &str, place: &str) -> Result<Tipoff, GivenError> {
    let start = DateTime::strptime("%d/%m/%Y %H:%M", text).ok();
    let start = start.and_then(|start| start.to_zoned_datetime(TimeZone::UTC).ok());
    start.map(|start| Tipoff::At(start.timestamp())).ok_or_else(|| {
        let what = format!("{text:?} is not a day and a time such as 21/10/2026 23:30");
        GivenError::at(place, DATE, what)
    })
}
