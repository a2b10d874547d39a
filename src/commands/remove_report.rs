//! What taking an import back came to, for people and for scripts.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::changes::{ChangeShown, KeptShown, RefusedShown};
use crate::commands::failure::exit_of;
use crate::commands::{Context, Exit, Report, changes};
use crate::import::plan::{Change, Closing, Destination, Part, Plan};
use crate::import::record::Record;
use crate::import::seen::Fate;
use crate::import::{Outcome, Refused, writing};
use crate::looks::{Look, Page, Role};
use crate::model::{TimeStyle, counted};

/// What was deleted, or with `--dry-run` what would be.
#[derive(Debug, Serialize)]
pub struct Removed {
    profile: String,
    dry_run: bool,
    /// One a destination.
    destinations: Vec<Taken>,
    /// Projects of several teams that hold games of these, and were not asked for.
    also_in: Vec<String>,
    /// Why the rest was not tried, if it was not.
    broken_off: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

/// One destination.
#[derive(Debug, Serialize)]
struct Taken {
    name: String,
    deleted: usize,
    changes: Vec<ChangeShown>,
    /// What the person made their own.
    kept: Vec<KeptShown>,
    failed: Vec<RefusedShown>,
    /// Whether it is itself a project or section that goes.
    closed: bool,
    #[serde(skip)]
    what: &'static str,
    #[serde(skip)]
    is_gone: bool,
    #[serde(skip)]
    is_archived: bool,
}

impl Removed {
    /// What would be deleted.
    pub fn planned(context: &Context, plan: &Plan, record: &Record) -> Self {
        let mut outcome = Outcome::default();
        for part in &plan.parts {
            let counts = outcome.done.entry(part.key.clone()).or_default();
            part.changes.iter().for_each(|change| counts.add(change));
            outcome.closed.extend(part.closing.iter().cloned());
        }
        Self::of(context, plan, &outcome, record)
    }

    /// The same, beside projects of several teams that were not asked for.
    pub fn beside(self, also_in: Vec<String>) -> Self {
        Self { also_in, ..self }
    }

    /// The same, where nothing is done about it.
    pub fn as_dry_run(self) -> Self {
        Self { dry_run: true, ..self }
    }

    /// What was deleted.
    pub fn of(context: &Context, plan: &Plan, outcome: &Outcome, record: &Record) -> Self {
        let exit = match &outcome.broken_off {
            Some(error) => exit_of::of_apply(error),
            None if outcome.refused.is_empty() => Exit::Done,
            None => Exit::Partial,
        };
        let style = context.times.style();
        Self {
            profile: context.settings.profile.to_string(),
            dry_run: false,
            destinations: plan
                .parts
                .iter()
                .map(|it| Taken::of(it, outcome, record, style))
                .collect(),
            also_in: Vec::new(),
            broken_off: outcome.broken_off.as_ref().map(ToString::to_string),
            exit,
        }
    }

    /// What a person is asked before anything is deleted.
    pub fn question(&self) -> String {
        let mut parts = Vec::new();
        for taken in &self.destinations {
            let tasks = counted(taken.deleted, "task");
            let with = if taken.closed {
                format!(" with the {} itself", taken.what)
            } else {
                String::new()
            };
            let kept = match taken.kept.len() {
                0 => String::new(),
                kept => format!(", keeping {kept} that you made your own"),
            };
            parts.push(format!("{tasks} of \"{}\"{with}{kept}", taken.name));
        }
        format!("Delete {}?", parts.join(", and "))
    }
}

impl Taken {
    fn of(part: &Part, outcome: &Outcome, record: &Record, style: TimeStyle) -> Self {
        let failed: Vec<&Refused> =
            outcome.refused.iter().filter(|refused| refused.key == part.key).collect();
        let was_done = |change: &&Change| {
            !failed.iter().any(|it| it.subject.as_ref() == Some(change.subject()))
        };
        let zone = writing::reading_zone(record.zone.as_deref());
        let changes = part.changes.iter().filter(was_done);
        let closes = |it: &Closing| {
            let itself = matches!(it, Closing::Project(_) | Closing::InboxSection(_));
            itself && outcome.closed.contains(it)
        };
        let is_section =
            matches!(&part.destination, Destination::Existing { section: Some(_), .. });
        Self {
            name: part.name().to_owned(),
            deleted: outcome.done.get(&part.key).map_or(0, |counts| counts.deleted),
            changes: changes.map(|it| ChangeShown::of(it, &zone, style)).collect(),
            kept: part.kept.iter().map(KeptShown::from).collect(),
            closed: part.closing.iter().any(closes),
            failed: failed.iter().map(|it| RefusedShown::from(*it)).collect(),
            what: if is_section { "section" } else { "project" },
            is_gone: matches!(part.destination, Destination::Closed { .. }),
            is_archived: matches!(part.destination, Destination::Closed { fate: Fate::Done, .. }),
        }
    }

    fn line(&self, f: &mut Page, dry_run: bool) -> fmt::Result {
        let Self { name, what, .. } = self;
        f.paint(Role::Heading, name);
        if self.is_gone {
            let fate = if self.is_archived { "archived" } else { "archived or deleted" };
            return writeln!(f, ": you have {fate} it, so nothing was deleted.");
        }
        let would = if dry_run { "would be " } else { "" };
        let tasks = counted(self.deleted, "task");
        write!(f, ": {tasks} {would}deleted, {} kept, ", self.kept.len())?;
        let failed = format!("{} failed", self.failed.len());
        match self.failed.len() {
            0 => f.write_str(&failed)?,
            _ => f.paint(Role::Error, failed),
        }
        if self.closed {
            let itself = if dry_run { "would go" } else { "is gone" };
            return writeln!(f, "; the {what} itself {itself}, too.");
        }
        writeln!(f, "; the {what} stays.")
    }
}

impl Report for Removed {
    fn exit(&self) -> Exit {
        self.exit
    }

    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.write(page, look))
    }

    fn shortfalls(&self) -> Vec<String> {
        let failed = self.destinations.iter().flat_map(|destination| &destination.failed);
        changes::shortfalls(failed, self.broken_off.as_deref())
    }
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl Removed {
    fn write(&self, f: &mut Page, look: Look) -> fmt::Result {
        if self.destinations.is_empty() {
            writeln!(f, "Nothing to take back: no import of that is there.")?;
        }
        for destination in &self.destinations {
            if self.dry_run {
                for change in &destination.changes {
                    change.write(f, look)?;
                }
            }
            for kept in &destination.kept {
                kept.write(f, look)?;
            }
            destination.line(f, self.dry_run)?;
        }
        for name in &self.also_in {
            write!(f, "\"{name}\" has games of that, too, and is taken back with: ")?;
            f.paint(Role::Command, format!("nbatodo remove --one-project \"{name}\""));
            writeln!(f)?;
        }
        Ok(())
    }
}
