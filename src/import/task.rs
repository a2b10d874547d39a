//! A task as it should be.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::import::field::{Field, Trace, Traces};
use crate::import::subject::Subject;
use crate::model::{TimeStyle, Tipoff, Tricode};

/// What a task should look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What it is about.
    pub subject: Subject,
    /// For whom it is there: of the teams that an import is for, those that play.
    pub teams: BTreeSet<Tricode>,
    /// Its title.
    pub content: String,
    /// What stands below the title.
    pub description: String,
    /// When it is due.
    pub due: Occasion,
    /// For how many minutes; `None` leaves that to the person.
    pub minutes: Option<u32>,
    /// Its labels; `None` leaves them to the person.
    pub labels: Option<Vec<String>>,
    /// 1 (none) to 4 (what people call p1); `None` leaves it to the person.
    pub priority: Option<u8>,
    /// Where in its project it stands; `None` leaves that to the person.
    pub spot: Option<Spot>,
    /// How many minutes before it is due a reminder comes; `None` leaves that to the person.
    pub reminder: Option<u32>,
}

/// When a task is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// At an instant.
    At(Timestamp),
    /// On a day, whenever.
    On(Date),
    /// On the same day of every year.
    EveryYear {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

/// Where in its project a task stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In no section.
    Loose,
    /// In this section, which may have to be made.
    In(SectionName),
}

/// A section, by the name that it gets when it is made. The person may call it otherwise since.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SectionName {
    /// Its place among the sections of the project.
    pub order: u32,
    /// What it is called when it is made.
    pub name: String,
}

impl Task {
    /// The traces of the fields that this task has an opinion on. That of the section is the
    /// trace of its name, since it may not be there yet.
    pub fn traces(&self) -> Traces {
        let mut traces = Traces::from([
            (Field::Content, text(&self.content)),
            (Field::Description, text(&self.description)),
            (Field::Due, due(self.due)),
        ]);
        traces.extend(self.minutes.map(|minutes| (Field::Duration, duration(Some(minutes)))));
        traces.extend(self.labels.as_deref().map(|names| (Field::Labels, labels(names))));
        traces.extend(self.priority.map(|priority| (Field::Priority, number(priority))));
        traces.extend(self.spot.as_ref().map(|spot| (Field::Section, self::spot(spot))));
        traces
            .extend(self.reminder.map(|minutes| (Field::Reminder, reminders([&*before(minutes)]))));
        traces
    }

    /// The section that it should stand in, if it should in one.
    pub fn section(&self) -> Option<&SectionName> {
        match &self.spot {
            Some(Spot::In(section)) => Some(section),
            Some(Spot::Loose) | None => None,
        }
    }
}

impl Occasion {
    /// A moment to order tasks by: games by their tip-offs, what recurs last.
    pub fn sort_key(self) -> Timestamp {
        match self {
            Self::At(instant) => Tipoff::At(instant).sort_key(),
            Self::On(day) => Tipoff::Undecided(day).sort_key(),
            Self::EveryYear { .. } => Timestamp::MAX,
        }
    }

    /// As people read it in `zone`: `Fri 27 Nov 19:30`, or only the day.
    pub fn in_words(self, zone: &TimeZone, style: TimeStyle) -> String {
        match self {
            Self::At(instant) => style.moment(&instant.to_zoned_datetime(zone.clone())),
            Self::On(day) => style.full_day(day),
            Self::EveryYear { month, day } => Self::every_year(month, day),
        }
    }

    /// The words in which Todoist takes a day of every year: `every October 19`.
    pub fn every_year(month: i8, day: i8) -> String {
        let name = Date::new(2024, month, day).map(|day| day.strftime("%B").to_string());
        format!("every {} {day}", name.unwrap_or_default())
    }
}

impl SectionName {
    /// The section of the month in which a day lies: `November 2026`.
    pub fn of_month(day: Date) -> Self {
        // Years before ours do not come up; they would all stand first.
        let year = u32::try_from(day.year()).unwrap_or(0);
        let month = u32::from(day.month().unsigned_abs());
        Self { order: year * 100 + month, name: day.strftime("%B %Y").to_string() }
    }
}

impl From<Tipoff> for Occasion {
    fn from(tipoff: Tipoff) -> Self {
        match tipoff {
            Tipoff::At(instant) => Self::At(instant),
            Tipoff::Undecided(day) => Self::On(day),
        }
    }
}

/// The trace of a field that a task has when nobody asks for one: no label, the lowest priority.
/// `None` for what every import asks for.
pub fn unasked(field: Field) -> Option<Trace> {
    match field {
        Field::Content | Field::Description | Field::Due => None,
        Field::Duration => Some(duration(None)),
        Field::Labels => Some(labels(&[])),
        Field::Priority => Some(number(1)),
        Field::Section => Some(section(None)),
        Field::Reminder => Some(reminders([])),
    }
}

/// The trace of a title or a description. White space at the ends does not count: Todoist
/// takes it away.
pub fn text(text: &str) -> Trace {
    Trace::of(text.trim())
}

/// The trace of a due date.
pub fn due(due: Occasion) -> Trace {
    match due {
        Occasion::At(instant) => due_at(instant),
        Occasion::On(day) => due_on(day),
        Occasion::EveryYear { month, day } => recurring(&Occasion::every_year(month, day)),
    }
}

/// The trace of an instant: the zone in which it is shown does not count.
pub fn due_at(instant: Timestamp) -> Trace {
    Trace::of(&format!("at {}", instant.as_second()))
}

/// The trace of a day without a time.
pub fn due_on(day: Date) -> Trace {
    Trace::of(&format!("on {day}"))
}

/// The trace of what recurs, in Todoist's words. Only those count: the day moves on whenever it
/// is ticked off.
pub fn recurring(words: &str) -> Trace {
    due_otherwise(&format!("recurring {}", words.to_lowercase()))
}

/// The trace of a due date of another kind: floating or none, in Todoist's words.
pub fn due_otherwise(words: &str) -> Trace {
    Trace::of(&format!("otherwise {words}"))
}

/// The trace of a duration in minutes.
pub fn duration(minutes: Option<u32>) -> Trace {
    Trace::of(&minutes.map_or("none".to_owned(), |minutes| minutes.to_string()))
}

/// The trace of labels, whose order does not count.
pub fn labels(names: &[String]) -> Trace {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    Trace::of(&names.join("\n"))
}

/// The trace of a priority.
pub fn number(number: u8) -> Trace {
    Trace::of(&number.to_string())
}

/// The trace of standing in a section of a name.
fn spot(spot: &Spot) -> Trace {
    match spot {
        Spot::Loose => section(None),
        Spot::In(section) => section_named(section),
    }
}

/// The trace of standing in a section that is known by its name only.
pub fn section_named(section: &SectionName) -> Trace {
    Trace::of(&format!("section named {}", section.name))
}

/// The trace of standing in the section with an id, or in none.
pub fn section(id: Option<&str>) -> Trace {
    Trace::of(&id.map_or("no section".to_owned(), |id| format!("section {id}")))
}

/// What the record writes for a reminder so many minutes before.
pub fn before(minutes: u32) -> String {
    minutes.to_string()
}

/// The trace of all reminders of a task, each as [`before`] writes it.
pub fn reminders<'a>(all: impl IntoIterator<Item = &'a str>) -> Trace {
    let mut all: Vec<&str> = all.into_iter().collect();
    all.sort_unstable();
    Trace::of(&format!("reminders {}", all.join(",")))
}
