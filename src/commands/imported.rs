//! What an import came to, for people and for scripts.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::commands::{Context, Exit, Report, failure};
use crate::import::plan::{Change, Destination, Part, Plan};
use crate::import::record::Record;
use crate::import::{Outcome, Refused};
use crate::model::{Tipoff, Tricode};
use crate::schedule::filter::Coming;
use crate::schedule::source::{Loaded, Provenance};

/// What an import came to, or with `--dry-run` what it would come to.
#[derive(Debug, Serialize)]
pub struct Imported {
    profile: String,
    team: &'static str,
    season: String,
    schedule: ScheduleShown,
    dry_run: bool,
    /// Absent if there was nothing to put into one.
    project: Option<ProjectShown>,
    created: usize,
    updated: usize,
    deleted: usize,
    unchanged: usize,
    /// Tasks that the person ticked off or deleted, which stay so.
    respected: usize,
    /// Each change, in the order of the tip-offs.
    changes: Vec<ChangeShown>,
    /// Fields that the schedule changed and the person too.
    kept: Vec<KeptShown>,
    failed: Vec<GameShown>,
    /// Games without a date for now.
    postponed: Vec<String>,
    /// Why the rest was not tried, if it was not.
    broken_off: Option<String>,
    #[serde(skip)]
    nickname: &'static str,
    #[serde(skip)]
    remark: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

#[derive(Debug, Serialize)]
struct ScheduleShown {
    source: &'static str,
    /// In UTC.
    published: String,
}

#[derive(Debug, Serialize)]
struct ProjectShown {
    id: Option<String>,
    name: String,
    created: bool,
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct ChangeShown {
    /// `create`, `update` or `delete`.
    what: &'static str,
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

#[derive(Debug, Serialize)]
struct KeptShown {
    game_id: String,
    title: String,
    fields: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct GameShown {
    game_id: String,
    title: String,
    reason: String,
}

impl Imported {
    /// What would be done.
    pub fn planned(
        context: &Context,
        team: Tricode,
        loaded: &Loaded,
        coming: &Coming,
        plan: &Plan,
    ) -> Self {
        let count = |what: fn(&Change) -> bool| {
            plan.parts.iter().flat_map(|part| &part.changes).filter(|change| what(change)).count()
        };
        let outcome = Outcome {
            created: count(|change| matches!(change, Change::Create(_))),
            updated: count(|change| matches!(change, Change::Update { .. })),
            deleted: count(|change| matches!(change, Change::Delete { .. })),
            ..Outcome::default()
        };
        let nothing = Record::new("");
        let mut planned = Self::of(context, team, loaded, coming, plan, outcome, &nothing);
        planned.dry_run = true;
        planned
    }

    /// What was done.
    pub fn of(
        context: &Context,
        team: Tricode,
        loaded: &Loaded,
        coming: &Coming,
        plan: &Plan,
        outcome: Outcome,
        record: &Record,
    ) -> Self {
        let exit = match &outcome.broken_off {
            Some(error) => failure::of_todoist(error),
            None if outcome.refused.is_empty() => Exit::Done,
            None => Exit::Partial,
        };
        let parts = || plan.parts.iter();
        let shown = |change| ChangeShown::of(change, &context.zone);
        Self {
            profile: context.settings.profile.to_string(),
            team: team.as_str(),
            season: coming.season.to_string(),
            schedule: ScheduleShown::of(loaded),
            dry_run: false,
            project: parts().next().and_then(|part| ProjectShown::of(context, part, record)),
            created: outcome.created,
            updated: outcome.updated,
            deleted: outcome.deleted,
            unchanged: parts().map(|part| part.unchanged).sum(),
            respected: parts().map(|part| part.respected).sum(),
            changes: parts().flat_map(|part| &part.changes).map(shown).collect(),
            kept: parts().flat_map(|part| &part.kept).map(KeptShown::from).collect(),
            failed: outcome.refused.into_iter().map(GameShown::from).collect(),
            postponed: coming.postponed.iter().map(|game| game.id.to_string()).collect(),
            broken_off: outcome.broken_off.map(|error| error.to_string()),
            nickname: team.team().nickname,
            remark: remark(coming, plan, context.clock.now()),
            exit,
        }
    }

    /// One line a change: what it was, and what it is now.
    fn diff(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            // A first import is told by its count; what changes later is worth a line.
            if self.dry_run || change.what != "create" {
                writeln!(f, "{}", change.line)?;
            }
        }
        for kept in &self.kept {
            writeln!(f, "= {}: kept yours: {}", kept.title, kept.fields.join(", "))?;
        }
        Ok(())
    }
}

impl ScheduleShown {
    fn of(loaded: &Loaded) -> Self {
        let source = match loaded.provenance {
            Provenance::Live => "live",
            Provenance::Bundled { .. } => "bundled",
        };
        Self { source, published: loaded.schedule.published.to_string() }
    }
}

impl ProjectShown {
    fn of(context: &Context, part: &Part, record: &Record) -> Option<Self> {
        let (name, created) = match &part.destination {
            Destination::Existing { name, .. } => (name, false),
            Destination::New { .. } if part.changes.is_empty() => return None,
            Destination::New { name, .. } => (name, true),
            Destination::Closed { .. } => return None,
        };
        let id = match &part.destination {
            Destination::Existing { id, .. } => Some(id.clone()),
            _ => record.destinations.get(&part.key).map(|made| made.project.clone()),
        };
        let link =
            |id: &String| context.settings.auth.at(&format!("/app/project/{id}")).to_string();
        Some(Self { url: id.as_ref().map(link), id, name: name.clone(), created })
    }
}

impl ChangeShown {
    fn of(change: &Change, zone: &TimeZone) -> Self {
        let mut shown = Self {
            what: "create",
            game_id: change.game().to_string(),
            title: change.title().to_owned(),
            due: None,
            was_due: None,
            fields: Vec::new(),
            line: String::new(),
        };
        match change {
            Change::Create(task) => {
                shown.due = Some(machine(task.due));
                shown.line = format!("+ {} · {}", when(task.due, zone), shown.title);
            }
            Change::Update { task, fields, was, .. } => {
                shown.what = "update";
                shown.due = Some(machine(task.due));
                shown.fields = fields.iter().map(|field| field.name()).collect();
                let moved = shown.fields.contains(&"due date") && *was != task.due;
                shown.was_due = moved.then(|| machine(*was));
                let now = when(task.due, zone);
                shown.line = if moved {
                    format!("~ {} → {now} · {}", when(*was, zone), shown.title)
                } else {
                    format!("~ {now} · {}: {}", shown.title, shown.fields.join(", "))
                };
            }
            Change::Delete { .. } => {
                shown.what = "delete";
                shown.line = format!("- {} (called off)", shown.title);
            }
        }
        shown
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

impl From<&crate::import::plan::Kept> for KeptShown {
    fn from(kept: &crate::import::plan::Kept) -> Self {
        Self {
            game_id: kept.game.to_string(),
            title: kept.title.clone(),
            fields: kept.fields.iter().map(|field| field.name()).collect(),
        }
    }
}

impl From<Refused> for GameShown {
    fn from(refused: Refused) -> Self {
        let Refused { game, title, reason } = refused;
        Self { game_id: game.to_string(), title, reason }
    }
}

/// What takes the place of the counts where there is nothing to count.
fn remark(coming: &Coming, plan: &Plan, now: Timestamp) -> Option<String> {
    let closed = plan.parts.iter().find_map(|part| match &part.destination {
        Destination::Closed { name, fate } => Some((name, *fate)),
        _ => None,
    });
    if let Some((name, fate)) = closed {
        return Some(match fate {
            crate::import::record::Fate::Deleted => format!(
                "you deleted the project \"{name}\", and it stays so; --restore starts anew"
            ),
            _ => format!("you archived the project \"{name}\", and nothing is written to it"),
        });
    }
    if !coming.games.is_empty() || !plan.is_empty() {
        return None;
    }
    Some(format!("nothing to import, {}", no_games(coming, now)))
}

/// An empty schedule is an answer: the season is over, or not published yet.
fn no_games(coming: &Coming, now: Timestamp) -> String {
    let season = coming.season;
    let Some(days) = coming.days else {
        return format!("no games of the season {season} are published yet");
    };
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    if days.last < today {
        let next = season.start_year() + 1;
        format!(
            "the season {season} ended on {}; the next one usually opens in October {next}",
            days.last
        )
    } else {
        format!("no coming game of the season {season} has a date and opponent yet")
    }
}

impl Report for Imported {
    fn exit(&self) -> Exit {
        self.exit
    }

    fn shortfalls(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .failed
            .iter()
            .map(|game| {
                format!("not done: {} (game {}): {}", game.title, game.game_id, game.reason)
            })
            .collect();
        lines.extend(self.broken_off.as_ref().map(|why| {
            format!("broken off: {why}; run the same command again, it does only what is missing")
        }));
        lines
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(remark) = &self.remark {
            return writeln!(f, "{}: {remark}.", self.nickname);
        }
        self.diff(f)?;
        let would = if self.dry_run { "would be " } else { "" };
        write!(f, "{}: {would}{} created", self.nickname, self.created)?;
        for (count, what) in [(self.updated, "updated"), (self.deleted, "deleted")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        write!(f, ", {} unchanged, {} failed", self.unchanged, self.failed.len())?;
        if self.respected > 0 {
            write!(f, ", {} left as you did them", self.respected)?;
        }
        if !self.postponed.is_empty() {
            write!(f, ", {} postponed without a new date", self.postponed.len())?;
        }
        write!(f, " (coming games of {})", self.season)?;
        match self.project.as_ref().and_then(|project| project.url.as_ref()) {
            Some(url) => writeln!(f, " · {url}"),
            None => writeln!(f),
        }
    }
}
