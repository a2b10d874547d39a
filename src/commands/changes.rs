//! Changes to tasks, for people and for scripts.

use std::fmt;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::import::field::Field;
use crate::import::plan::{Change, Kept, Theirs};
use crate::import::task::Occasion;
use crate::import::{Refused, Subject};

/// A change to one task.
#[derive(Debug, Serialize)]
pub struct ChangeShown {
    what: What,
    /// Absent for the task that reminds of the next season.
    pub(super) game_id: Option<String>,
    pub(super) title: String,
    /// When it is due from now on: an instant in UTC, or a day.
    pub(super) due: Option<String>,
    /// When it was, if that changes.
    pub(super) was_due: Option<String>,
    /// Which fields of it change.
    fields: Vec<&'static str>,
    #[serde(skip)]
    line: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Create,
    Update,
    Delete,
}

impl ChangeShown {
    /// The change, with its times in `zone` where people read them.
    pub fn of(change: &Change, zone: &TimeZone) -> Self {
        let title = change.title();
        let mut shown = Self {
            what: What::Create,
            game_id: game_id(Some(change.subject())),
            title: title.to_owned(),
            due: None,
            was_due: None,
            fields: Vec::new(),
            line: String::new(),
        };
        match change {
            Change::Create(task) => {
                shown.due = Some(machine(task.due));
                shown.line = format!("+ {} · {title}", task.due.in_words(zone));
            }
            Change::Update { task, fields, was, .. } => {
                shown.what = What::Update;
                shown.due = Some(machine(task.due));
                shown.fields = fields.iter().map(|field| field.key()).collect();
                let now = task.due.in_words(zone);
                if fields.contains(&Field::Due) && *was != task.due {
                    shown.was_due = Some(machine(*was));
                    shown.line = format!("~ {} → {now} · {title}", was.in_words(zone));
                } else {
                    shown.line = format!("~ {now} · {title}: {}", names(fields));
                }
            }
            Change::Delete { was, .. } => {
                shown.what = What::Delete;
                shown.was_due = Some(machine(*was));
                shown.line = format!("- {} · {title}", was.in_words(zone));
            }
        }
        shown
    }

    /// Whether a task is created.
    pub fn is_creation(&self) -> bool {
        self.what == What::Create
    }
}

impl fmt::Display for ChangeShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

fn game_id(subject: Option<&Subject>) -> Option<String> {
    Some(subject?.game()?.to_string())
}

/// What people call them, with commas between.
fn names(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ")
}

fn machine(due: Occasion) -> String {
    match due {
        Occasion::At(instant) => instant.to_string(),
        Occasion::On(day) => day.to_string(),
        Occasion::EveryYear { month, day } => Occasion::every_year(month, day),
    }
}

/// What stays the person's of a task.
#[derive(Debug, Serialize)]
pub struct KeptShown {
    game_id: Option<String>,
    title: String,
    why: &'static str,
    fields: Vec<&'static str>,
    /// The same as people call them.
    #[serde(skip)]
    names: String,
}

impl From<&Kept> for KeptShown {
    fn from(kept: &Kept) -> Self {
        let (why, fields): (_, &[Field]) = match &kept.why {
            Theirs::Fields(fields) => ("edited", fields),
            Theirs::Moved => ("moved", &[]),
            Theirs::Laden => ("laden", &[]),
            Theirs::TickedOff => ("ticked_off", &[]),
        };
        Self {
            game_id: game_id(Some(&kept.subject)),
            title: kept.title.clone(),
            why,
            fields: fields.iter().map(|field| field.key()).collect(),
            names: names(fields),
        }
    }
}

impl fmt::Display for KeptShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "= {}: ", self.title)?;
        match self.why {
            "moved" => f.write_str("kept, you moved it"),
            "laden" => f.write_str("kept, it has subtasks or comments"),
            "ticked_off" => f.write_str("kept, you ticked it off"),
            _ => write!(f, "kept yours: {}", self.names),
        }
    }
}

/// A change that was not made.
#[derive(Debug, Serialize)]
pub struct RefusedShown {
    pub(super) game_id: Option<String>,
    pub(super) title: String,
    pub(super) reason: String,
}

impl From<&Refused> for RefusedShown {
    fn from(refused: &Refused) -> Self {
        Self {
            game_id: game_id(refused.subject.as_ref()),
            title: refused.title.clone(),
            reason: refused.reason.clone(),
        }
    }
}

impl fmt::Display for RefusedShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let game = self.game_id.as_ref().map(|id| format!(" (game {id})")).unwrap_or_default();
        write!(f, "not done: {}{game}: {}", self.title, self.reason)
    }
}

/// What was not done, and why the rest was not tried, if it was not: a line each.
pub(super) fn shortfalls<'a>(
    failed: impl Iterator<Item = &'a RefusedShown>,
    broken_off: Option<&str>,
) -> Vec<String> {
    let mut lines: Vec<String> = failed.map(ToString::to_string).collect();
    lines.extend(broken_off.map(|why| {
        format!("broken off: {why}; run the same command again, it does only what is missing")
    }));
    lines
}
