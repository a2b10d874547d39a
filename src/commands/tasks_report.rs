//! What became of the tasks of one destination, and how a run for it ended: the part that the
//! reports of `import` and `remove` share.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::changes::{ChangeShown, KeptShown, RefusedShown};
use crate::commands::failure::exit_of;
use crate::commands::{Context, Exit};
use crate::import::plan::{Change, Part};
use crate::import::record::Record;
use crate::import::{Outcome, Refused, writing};
use crate::looks::{Page, Role};
use crate::model::counted;

/// The tasks of one destination.
#[derive(Debug, Serialize)]
pub(super) struct TasksShown {
    /// What was done, or would be, in the order of the tip-offs.
    pub(super) changes: Vec<ChangeShown>,
    /// What stays the person's.
    pub(super) kept: Vec<KeptShown>,
    /// What Todoist refused.
    pub(super) failed: Vec<RefusedShown>,
}

impl TasksShown {
    /// Those of `part`, with times as the person reads them in Todoist, wherever this terminal
    /// stands.
    pub(super) fn of(context: &Context, part: &Part, outcome: &Outcome, record: &Record) -> Self {
        let failed: Vec<&Refused> =
            outcome.refused.iter().filter(|refused| refused.key == part.key).collect();
        let was_done = |change: &&Change| {
            !failed.iter().any(|it| it.subject.as_ref() == Some(change.subject()))
        };
        let zone = writing::reading_zone(record.zone.as_deref());
        let style = context.times.style();
        let changes = part.changes.iter().filter(was_done);
        Self {
            changes: changes.map(|it| ChangeShown::of(it, &zone, style)).collect(),
            kept: part.kept.iter().map(KeptShown::from).collect(),
            failed: failed.into_iter().map(RefusedShown::from).collect(),
        }
    }

    /// `2 failed`, in the colour of an error where any did.
    pub(super) fn write_failed(&self, page: &mut Page) -> fmt::Result {
        let failed = format!("{} failed", self.failed.len());
        match self.failed.len() {
            0 => page.write_str(&failed),
            _ => {
                page.paint(Role::Error, failed);
                Ok(())
            }
        }
    }
}

/// What would be done to how many tasks, but for what would be done to none:
/// `3 tasks would be created, 1 updated`.
pub(super) fn would_be(changes: &[(usize, &str)]) -> Option<String> {
    let mut changes = changes.iter().filter(|(count, _)| *count > 0);
    let (count, what) = changes.next()?;
    let first = format!("{} would be {what}", counted(*count, "task"));
    Some(changes.fold(first, |text, (count, what)| format!("{text}, {count} {what}")))
}

/// How a run ended that writes tasks.
#[derive(Debug, Serialize)]
pub(super) struct Ending {
    /// Why the rest was not tried, if it was not.
    broken_off: Option<String>,
    #[serde(skip)]
    pub(super) exit: Exit,
}

impl Ending {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let broken_off = outcome.broken_off.as_ref().map(ToString::to_string);
        Self { broken_off, exit: exit_of::of_outcome(outcome) }
    }

    /// What was not done in the `destinations`, and why the rest was not tried: a line each.
    pub(super) fn shortfalls<'a>(
        &self,
        destinations: impl Iterator<Item = &'a TasksShown>,
    ) -> Vec<String> {
        let failed = destinations.flat_map(|tasks| &tasks.failed);
        let mut lines: Vec<String> = failed.map(ToString::to_string).collect();
        lines.extend(self.broken_off.as_ref().map(|why| {
            format!("broken off: {why}; run the same command again, it does only what is missing")
        }));
        lines
    }
}
