//! Changes to tasks, for people and for scripts.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::import::field::Field;
use crate::import::plan::{Change, Kept, Theirs};
use crate::import::task::Occasion;
use crate::import::{Refused, Subject};
use crate::looks::{Look, Page, Role};
use crate::model::{TimeStyle, counted, plain_text};

/// How much of what became of the tasks is worth a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Their number.
    Counts,
    /// What changed in tasks that were there; those that are new are told by their number, and
    /// those that stay the person's for one reason in one line.
    Changes,
    /// Each task.
    Each,
}

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
    /// The same two as the person reads them.
    #[serde(skip)]
    due_in_words: String,
    #[serde(skip)]
    was_in_words: String,
    /// The fields as people call them.
    #[serde(skip)]
    names: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Create,
    Update,
    Delete,
}

impl ChangeShown {
    /// The change, with its times in `zone` and in `style` where people read them.
    pub fn of(change: &Change, zone: &TimeZone, style: TimeStyle) -> Self {
        let in_words = |due: Occasion| due.in_words(zone, style);
        let title = change.title();
        let mut shown = Self {
            what: What::Create,
            game_id: game_id(Some(change.subject())),
            title: title.to_owned(),
            due: None,
            was_due: None,
            fields: Vec::new(),
            due_in_words: String::new(),
            was_in_words: String::new(),
            names: String::new(),
        };
        match change {
            Change::Create(task) => {
                shown.due = Some(machine(task.due));
                shown.due_in_words = in_words(task.due);
            }
            Change::Update { task, fields, was, .. } => {
                shown.what = What::Update;
                shown.due = Some(machine(task.due));
                shown.fields = fields.iter().map(|field| field.key()).collect();
                shown.names = names(fields);
                shown.due_in_words = in_words(task.due);
                if fields.contains(&Field::Due) && *was != task.due {
                    shown.was_due = Some(machine(*was));
                    shown.was_in_words = in_words(*was);
                }
            }
            Change::Delete { was, .. } => {
                shown.what = What::Delete;
                shown.was_due = Some(machine(*was));
                shown.was_in_words = in_words(*was);
            }
        }
        shown
    }

    /// Whether a task is created.
    pub fn is_creation(&self) -> bool {
        self.what == What::Create
    }
}

impl ChangeShown {
    /// A line on the page.
    pub(super) fn write(&self, page: &mut Page, look: Look) -> fmt::Result {
        let Self { due_in_words: due, was_in_words: was, .. } = self;
        let title = plain_text::one_line(&self.title);
        let (sign, word, role) = match self.what {
            What::Create => ("+", "create:", Role::Good),
            What::Update => ("~", "update:", Role::Warning),
            What::Delete => ("-", "delete:", Role::Error),
        };
        page.paint(role, look.or_words(sign, word));
        let between = look.or_words(" · ", ", ");
        match self.what {
            What::Create => writeln!(page, " {due}{between}{title}"),
            What::Delete => writeln!(page, " {was}{between}{title}"),
            What::Update if self.was_due.is_none() => {
                writeln!(page, " {due}{between}{title}: {}", self.names)
            }
            What::Update if look.plain => writeln!(page, " from {was} to {due}, {title}"),
            What::Update => writeln!(page, " {was} → {due} · {title}"),
        }
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

/// So many tasks that stay the person's for one reason have a line each.
const A_FEW: usize = 3;

impl KeptShown {
    /// Lines on the page for `all`: one for each task, or one for many of the same reason.
    pub(super) fn write_all(
        all: &[Self],
        page: &mut Page,
        look: Look,
        detail: Detail,
    ) -> fmt::Result {
        let mut told = BTreeSet::new();
        for kept in all {
            let alike = all.iter().filter(|it| it.reason() == kept.reason()).count();
            if detail == Detail::Each || alike <= A_FEW {
                kept.write(page, look, 1)?;
            } else if told.insert(kept.reason()) {
                kept.write(page, look, alike)?;
            }
        }
        Ok(())
    }

    /// A line for this one, or for so many alike.
    fn write(&self, page: &mut Page, look: Look, alike: usize) -> fmt::Result {
        page.paint(Role::Dim, look.or_words("=", "keep:"));
        let (what, it, has) = match alike {
            1 => (plain_text::one_line(&self.title), "it", "it has"),
            _ => (counted(alike, "task"), "them", "they have"),
        };
        write!(page, " {what}: ")?;
        match self.why {
            "moved" => writeln!(page, "kept, you moved {it}"),
            "laden" => writeln!(page, "kept, {has} subtasks or comments"),
            "ticked_off" => writeln!(page, "kept, you ticked {it} off"),
            _ => writeln!(page, "kept yours: {}", self.names),
        }
    }

    /// Why it stays the person's.
    fn reason(&self) -> (&str, &str) {
        (self.why, &self.names)
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
