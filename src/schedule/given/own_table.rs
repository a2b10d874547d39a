//! The table that "nbatodo schedule --format csv" makes.

use jiff::Timestamp;
use jiff::civil::Date;

use super::fixtures::place;
use super::{GivenError, Listed, team};
use crate::model::{Status, Tipoff, Venue};

/// The columns that are read.
const ID: &str = "game_id";
const TEAM: &str = "team";
const DATE: &str = "date";
const TIPOFF: &str = "tipoff_utc";
const SIDE: &str = "side";
const OPPONENT: &str = "opponent";
const STATUS: &str = "status";

pub(super) fn is_one(text: &str) -> bool {
    [ID, TEAM, TIPOFF, SIDE, OPPONENT].iter().all(|column| first_line(text).contains(column))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

pub(super) fn parse(text: &str) -> Result<Vec<Listed>, GivenError> {
    // So spreadsheets write it where a comma stands in numbers.
    let delimiter = if first_line(text).contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let headings =
        reader.headers().map_err(|error| GivenError::at("line 1", "headings", error))?.clone();
    let mut listed = Vec::new();
    for record in reader.records() {
        let record = record
            .map_err(|error| GivenError::at(&place(text, error.position()), "row", &error))?;
        let place = place(text, record.position());
        let row = Row { headings: &headings, record: &record, place: &place };
        listed.push(row.game()?);
    }
    Ok(listed)
}

/// A row, and where it stands.
struct Row<'a> {
    headings: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
    place: &'a str,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> String {
        let at = self.headings.iter().position(|heading| heading.trim() == column);
        let cell = at.and_then(|at| self.record.get(at)).unwrap_or_default().trim();
        // The mark that keeps spreadsheets from taking a text for a formula.
        let marked = cell.strip_prefix('\'').filter(|it| it.starts_with(['=', '+', '-', '@']));
        marked.unwrap_or(cell).to_owned()
    }

    fn wrong(&self, field: &'static str, what: &str) -> GivenError {
        GivenError::at(self.place, field, what)
    }

    fn game(&self) -> Result<Listed, GivenError> {
        let of = team(&self.cell(TEAM), self.place, TEAM)?;
        let opponent = team(&self.cell(OPPONENT), self.place, OPPONENT)?;
        let (home, away) = match self.cell(SIDE).as_str() {
            "home" => (of, opponent),
            "away" => (opponent, of),
            _ => return Err(self.wrong(SIDE, "it is home or away")),
        };
        let (arena, label) = (self.cell("arena"), self.cell("label"));
        let tv = self.cell("national_tv");
        Ok(Listed {
            place: self.place.to_owned(),
            home,
            away,
            tipoff: self.tipoff()?,
            status: self.status()?,
            venue: (!arena.is_empty()).then(|| Venue { arena, city: self.cell("city") }),
            label: (!label.is_empty()).then_some(label),
            national_tv: tv.split('|').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
        })
    }

    /// As it is written by hand, too.
    fn status(&self) -> Result<Status, GivenError> {
        match self.cell(STATUS).to_lowercase().as_str() {
            "" | "scheduled" => Ok(Status::Scheduled),
            "postponed" => Ok(Status::Postponed),
            "cancelled" | "canceled" => Ok(Status::Cancelled),
            "final" => Ok(Status::Final),
            _ => Err(self.wrong(STATUS, "it is scheduled, postponed, cancelled or final")),
        }
    }

    /// An instant or, while that is to be determined, a day.
    fn tipoff(&self) -> Result<Tipoff, GivenError> {
        let at = self.cell(TIPOFF);
        if at.is_empty() {
            let day = self.cell(DATE).parse::<Date>();
            return day
                .map(Tipoff::Undecided)
                .map_err(|_| self.wrong(DATE, "it is a day such as 2026-11-28"));
        }
        at.parse::<Timestamp>()
            .map(Tipoff::At)
            .map_err(|_| self.wrong(TIPOFF, "it is an instant such as 2026-11-28T00:30:00Z"))
    }
}
