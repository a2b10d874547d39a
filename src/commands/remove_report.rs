//! What taking an import back came to, for people and for scripts.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::changes::{Detail, KeptShown};
use crate::commands::tasks_report::{Ending, TasksShown, would_be};
use crate::commands::{Context, Exit, Report};
use crate::import::Outcome;
use crate::import::plan::{Closing, Destination, Part, Plan};
use crate::import::record::Record;
use crate::import::seen::Fate;
use crate::looks::{Look, Page, Role};
use crate::model::{Tricode, counted};

/// What was deleted, or with `--dry-run` what would be.
#[derive(Debug, Serialize)]
pub struct Removed {
    profile: String,
    dry_run: bool,
    destinations: Vec<Taken>,
    /// Projects of several teams that hold games of these, and were not asked for.
    also_in: Vec<String>,
    #[serde(flatten)]
    ending: Ending,
    #[serde(skip)]
    detail: Detail,
    /// Whose games were asked for; all that are there, if it names none.
    #[serde(skip)]
    teams: Vec<Tricode>,
}

/// What became of one destination.
#[derive(Debug, Serialize)]
struct Taken {
    name: String,
    deleted: usize,
    #[serde(flatten)]
    tasks: TasksShown,
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
        Self::of(context, plan, &Outcome::of_all(plan), record)
    }

    /// The same, beside projects of several teams that were not asked for.
    pub fn beside(self, also_in: Vec<String>) -> Self {
        Self { also_in, ..self }
    }

    /// The same, `teams` being those that were asked for.
    pub fn of_teams(self, teams: &[Tricode]) -> Self {
        Self { teams: teams.to_vec(), ..self }
    }

    /// The same, where nothing is done about it.
    pub fn as_dry_run(self) -> Self {
        Self { dry_run: true, ..self }
    }

    /// What was deleted.
    pub fn of(context: &Context, plan: &Plan, outcome: &Outcome, record: &Record) -> Self {
        let taken = plan.parts.iter().map(|part| Taken::of(context, part, outcome, record));
        Self {
            profile: context.settings.profile.to_string(),
            dry_run: false,
            destinations: taken.collect(),
            detail: context.detail,
            also_in: Vec::new(),
            teams: Vec::new(),
            ending: Ending::of(outcome),
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
            let kept = match taken.tasks.kept.len() {
                0 => String::new(),
                kept => format!(", keeping {kept} that you made your own"),
            };
            parts.push(format!("{tasks} of \"{}\"{with}{kept}", taken.name));
        }
        format!("Delete {}?", parts.join(", and "))
    }
}

impl Taken {
    fn of(context: &Context, part: &Part, outcome: &Outcome, record: &Record) -> Self {
        let closes = |it: &Closing| {
            let itself = matches!(it, Closing::Project(_) | Closing::InboxSection(_));
            itself && outcome.closed.contains(it)
        };
        let is_section =
            matches!(&part.destination, Destination::Existing { section: Some(_), .. });
        Self {
            name: part.name().to_owned(),
            deleted: outcome.done.get(&part.key).map_or(0, |counts| counts.deleted),
            tasks: TasksShown::of(context, part, outcome, record),
            closed: part.closing.iter().any(closes),
            what: if is_section { "section" } else { "project" },
            is_gone: matches!(part.destination, Destination::Closed { .. }),
            is_archived: matches!(part.destination, Destination::Closed { fate: Fate::Done, .. }),
        }
    }

    /// What was done, in numbers.
    fn done(&self, f: &mut Page) -> fmt::Result {
        let tasks = counted(self.deleted, "task");
        write!(f, "{tasks} deleted, {} kept, ", self.tasks.kept.len())?;
        self.tasks.write_failed(f)
    }

    /// What would be.
    fn planned(&self, f: &mut Page) -> fmt::Result {
        match would_be(&[(self.deleted, "deleted")]) {
            Some(deleted) => f.write_str(&deleted)?,
            None => f.write_str("nothing would be deleted")?,
        }
        let kept = self.tasks.kept.len();
        if kept > 0 { write!(f, ", {kept} kept") } else { Ok(()) }
    }

    fn line(&self, f: &mut Page, dry_run: bool) -> fmt::Result {
        let Self { name, what, .. } = self;
        f.paint(Role::Heading, name);
        if self.is_gone {
            let fate = if self.is_archived { "archived" } else { "archived or deleted" };
            return writeln!(f, ": you have {fate} it, so nothing was deleted.");
        }
        f.write_str(": ")?;
        if dry_run {
            self.planned(f)?
        } else {
            self.done(f)?
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
        self.ending.exit
    }

    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.write(page, look))
    }

    fn shortfalls(&self) -> Vec<String> {
        self.ending.shortfalls(self.destinations.iter().map(|it| &it.tasks))
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
            f.write_str("Nothing to take back: no import")?;
            for (place, team) in self.teams.iter().enumerate() {
                let between = if place == 0 { "of" } else { "or" };
                write!(f, " {between} the {}", team.team().nickname)?;
            }
            writeln!(f, " is there.")?;
        }
        for destination in &self.destinations {
            if self.dry_run {
                for change in &destination.tasks.changes {
                    change.write(f, look)?;
                }
            }
            KeptShown::write_all(&destination.tasks.kept, f, look, self.detail)?;
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
