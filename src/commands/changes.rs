//! Changes to tasks, for people and for scripts.

use std::fmt;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::import::Refused;
use crate::import::field::Field;
use crate::import::plan::{Change, Kept};
use crate::model::Tipoff;

/// A change to one task.
#[derive(Debug, Serialize)]
pub struct ChangeShown {
    what: What,
    game_id: String,
    title: String,
    /// When it is due from now on: an instant in UTC, or a day.
    due: Option<String>,
    /// When it was, if that changes.
    was_due: Option<String>,
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
}

impl ChangeShown {
    /// The change, with its times in `zone` where people read them.
    pub fn of(change: &Change, zone: &TimeZone) -> Self {
        let title = change.title();
        let mut shown = Self {
            what: What::Create,
            game_id: change.game().to_string(),
            title: title.to_owned(),
            due: None,
            was_due: None,
            fields: Vec::new(),
            line: String::new(),
        };
        match change {
            Change::Create(task) => {
                shown.due = Some(machine(task.due));
                shown.line = format!("+ {} · {title}", when(task.due, zone));
            }
            Change::Update { task, fields, was, .. } => {
                shown.what = What::Update;
                shown.due = Some(machine(task.due));
                shown.fields = fields.iter().map(|field| field.name()).collect();
                let now = when(task.due, zone);
                if fields.contains(&Field::Due) && *was != task.due {
                    shown.was_due = Some(machine(*was));
                    shown.line = format!("~ {} → {now} · {title}", when(*was, zone));
                } else {
                    shown.line = format!("~ {now} · {title}: {}", shown.fields.join(", "));
                }
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

fn machine(due: Tipoff) -> String {
    match due {
        Tipoff::At(instant) => instant.to_string(),
        Tipoff::Undecided(day) => day.to_string(),
    }
}

fn when(due: Tipoff, zone: &TimeZone) -> String {
    match due {
        Tipoff::At(instant) => {
            instant.to_zoned_datetime(zone.clone()).strftime("%a %d %b %H:%M").to_string()
        }
        Tipoff::Undecided(day) => day.strftime("%a %d %b").to_string(),
    }
}

/// Fields of a task that stay the person's.
#[derive(Debug, Serialize)]
pub struct KeptShown {
    game_id: String,
    title: String,
    fields: Vec<&'static str>,
}

impl From<&Kept> for KeptShown {
    fn from(kept: &Kept) -> Self {
        Self {
            game_id: kept.game.to_string(),
            title: kept.title.clone(),
            fields: kept.fields.iter().map(|field| field.name()).collect(),
        }
    }
}

impl fmt::Display for KeptShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "= {}: kept yours: {}", self.title, self.fields.join(", "))
    }
}

/// A change that was not made.
#[derive(Debug, Serialize)]
pub struct RefusedShown {
    game_id: String,
    title: String,
    reason: String,
}

impl From<&Refused> for RefusedShown {
    fn from(refused: &Refused) -> Self {
        Self {
            game_id: refused.game.to_string(),
            title: refused.title.clone(),
            reason: refused.reason.clone(),
        }
    }
}

impl fmt::Display for RefusedShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not done: {} (game {}): {}", self.title, self.game_id, self.reason)
    }
}
