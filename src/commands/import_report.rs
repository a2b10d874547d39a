//! What an import came to, for people and for scripts.

use std::fmt::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::commands::changes::{ChangeShown, Detail, KeptShown};
use crate::commands::tasks_report::{Ending, TasksShown, would_be};
use crate::commands::{Context, Exit, Report, no_games, times};
use crate::import::plan::{Destination, Part, Plan};
use crate::import::record::Record;
use crate::import::seen::Fate;
use crate::import::{Counts, Outcome, Place, writing};
use crate::looks::{Look, Page, Role};
use crate::model::{Rgb, Tricode};
use crate::schedule::source::Loaded;
use crate::schedule::{Filter, Schedule, Selection, select};

/// The teams of an import, each with its part of the schedule.
pub struct Teams {
    /// In the order in which they were asked for.
    pub each: Vec<(Tricode, Selection)>,
    /// Whether games that are over are among them.
    pub with_past: bool,
}

/// What an import came to, or with `--dry-run` what it would come to.
#[derive(Debug, Serialize)]
pub struct Imported {
    profile: String,
    teams: Vec<&'static str>,
    season: String,
    schedule: ScheduleShown,
    dry_run: bool,
    destinations: Vec<DestinationShown>,
    #[serde(flatten)]
    ending: Ending,
    /// In which zone times are, where that is not this machine's.
    #[serde(skip)]
    zone_told: Option<String>,
    /// Whether games that are over are counted, too.
    #[serde(skip)]
    with_past: bool,
    #[serde(skip)]
    detail: Detail,
}

/// Where the games come from.
#[derive(Debug, Serialize)]
pub(super) struct ScheduleShown {
    source: &'static str,
    /// In UTC.
    published: String,
}

impl ScheduleShown {
    pub(super) fn of(loaded: &Loaded) -> Self {
        let published = loaded.schedule.published.to_string();
        Self { source: loaded.provenance.name(), published }
    }
}

/// What became of one destination.
#[derive(Debug, Serialize)]
struct DestinationShown {
    name: String,
    /// Absent if there is no project, none yet, or a section of the Inbox instead.
    project: Option<Opened>,
    /// The section of the Inbox.
    section: Option<Opened>,
    created: usize,
    updated: usize,
    deleted: usize,
    unchanged: usize,
    /// Tasks that the person ticked off or deleted, which stay so.
    respected: usize,
    #[serde(flatten)]
    tasks: TasksShown,
    /// Games without a date for now.
    postponed: Vec<String>,
    /// What there is to say where nothing was to be done.
    remark: Option<String>,
    /// That of the team, where it is of one.
    #[serde(skip)]
    color: Option<Rgb>,
}

/// What opens a destination in Todoist.
#[derive(Debug, Serialize)]
struct Opened {
    id: String,
    created: bool,
    url: String,
}

/// What a destination can be.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Project,
    Section,
}

impl Teams {
    /// The part of `schedule` that each of `teams` has.
    pub fn of(teams: &[Tricode], schedule: &Schedule, filter: &Filter, now: Timestamp) -> Self {
        let each = teams.iter().map(|team| (*team, select(schedule, *team, filter, now)));
        Self { each: each.collect(), with_past: filter.include_past }
    }

    /// What a report calls a destination: the team whose it is, or its own name.
    pub(super) fn name_of(&self, part: &Part) -> String {
        match &self.behind(&part.key)[..] {
            [(team, _)] => team.team().nickname.to_owned(),
            _ => part.name().to_owned(),
        }
    }

    /// Those whose games go to the destination `key`: one, or all where they share one.
    fn behind(&self, key: &str) -> Vec<&(Tricode, Selection)> {
        let of = key.parse().ok().and_then(|place: Place| place.team());
        self.each.iter().filter(|(team, _)| of.is_none_or(|of| of == *team)).collect()
    }
}

/// What is known of an import when it has come to its end.
pub(super) struct Story<'a> {
    pub(super) context: &'a Context,
    pub(super) loaded: &'a Loaded,
    pub(super) teams: &'a Teams,
    pub(super) plan: &'a Plan,
}

impl Story<'_> {
    /// What would be done.
    pub(super) fn planned(&self, record: &Record, detailed_exit: bool) -> Imported {
        let mut planned = self.of(&Outcome::of_all(self.plan), record);
        planned.dry_run = true;
        planned.detail = planned.detail.max(Detail::Changes);
        if detailed_exit && !self.plan.is_empty() {
            planned.ending.exit = Exit::WouldChange;
        }
        planned
    }

    /// What was done.
    pub(super) fn of(&self, outcome: &Outcome, record: &Record) -> Imported {
        let schedule = &self.loaded.schedule;
        let shown = |part| self.destination(part, outcome, record);
        Imported {
            profile: self.context.settings.profile.to_string(),
            teams: self.teams.each.iter().map(|(team, _)| team.as_str()).collect(),
            season: schedule.season.to_string(),
            schedule: ScheduleShown::of(self.loaded),
            dry_run: false,
            with_past: self.teams.with_past,
            detail: self.context.detail,
            destinations: self.plan.parts.iter().map(shown).collect(),
            ending: Ending::of(outcome),
            zone_told: times::zone_told(self.context, record.zone.as_deref(), writing::LEAGUE_ZONE),
        }
    }

    fn destination(&self, part: &Part, outcome: &Outcome, record: &Record) -> DestinationShown {
        let Counts { created, updated, deleted } =
            outcome.done.get(&part.key).copied().unwrap_or_default();
        let behind = self.teams.behind(&part.key);
        let postponed = behind.iter().flat_map(|(_, selection)| &selection.postponed);
        let color = match &behind[..] {
            [(team, _)] => Some(team.team().color),
            _ => None,
        };
        DestinationShown {
            name: self.teams.name_of(part),
            color,
            project: Opened::of(self.context, part, record, Kind::Project),
            section: Opened::of(self.context, part, record, Kind::Section),
            created,
            updated,
            deleted,
            unchanged: part.unchanged,
            respected: part.respected,
            tasks: TasksShown::of(self.context, part, outcome, record),
            postponed: postponed.map(|game| game.id.to_string()).collect(),
            remark: remark(&behind, part, self.context.clock.now()),
        }
    }
}

impl DestinationShown {
    /// What was done, in numbers.
    fn done(&self, f: &mut Page) -> fmt::Result {
        write!(f, "{} created", self.created)?;
        if self.updated > 0 {
            write!(f, ", {} updated", self.updated)?;
        }
        if self.deleted > 0 {
            write!(f, ", {} deleted", self.deleted)?;
        }
        write!(f, ", {} unchanged, ", self.unchanged)?;
        self.tasks.write_failed(f)
    }

    /// What would be.
    fn planned(&self, f: &mut Page) -> fmt::Result {
        let Self { created, updated, deleted, unchanged, .. } = *self;
        let changes = [(created, "created"), (updated, "updated"), (deleted, "deleted")];
        match would_be(&changes) {
            Some(changes) => f.write_str(&changes)?,
            None => f.write_str("nothing would change")?,
        }
        if unchanged > 0 { write!(f, ", {unchanged} unchanged") } else { Ok(()) }
    }

    fn line(
        &self,
        f: &mut Page,
        look: Look,
        (dry_run, detail): (bool, Detail),
        games: &str,
    ) -> fmt::Result {
        f.paint(self.color.map_or(Role::Heading, Role::Team), &self.name);
        if let Some(remark) = &self.remark {
            return writeln!(f, ": {remark}.");
        }
        f.write_str(": ")?;
        if dry_run {
            self.planned(f)?
        } else {
            self.done(f)?
        }
        if self.respected > 0 {
            write!(f, ", {} left as you left them", self.respected)?;
        }
        if detail == Detail::Counts && !self.tasks.kept.is_empty() {
            write!(f, ", {} kept yours", self.tasks.kept.len())?;
        }
        if !self.postponed.is_empty() {
            write!(f, ", {} postponed without a new date", self.postponed.len())?;
        }
        write!(f, " ({games})")?;
        match self.project.as_ref().or(self.section.as_ref()) {
            Some(opened) => {
                f.write_str(look.or_words(" · ", ", at "))?;
                f.paint(Role::Link, &opened.url);
                writeln!(f)
            }
            None => writeln!(f),
        }
    }
}

impl Opened {
    /// What opens the destination, if it is of this kind.
    fn of(context: &Context, part: &Part, record: &Record, kind: Kind) -> Option<Self> {
        let created = match &part.destination {
            Destination::Existing { .. } => false,
            Destination::New { .. } => true,
            Destination::Closed { .. } => return None,
        };
        let there = record.destinations.get(&part.key).filter(|it| it.fate == Fate::Active)?;
        let (word, id) = match (kind, &there.section) {
            (Kind::Project, None) => ("project", there.project.clone()),
            (Kind::Section, Some(section)) => ("section", section.clone()),
            _ => return None,
        };
        let url = context.settings.auth.at(&format!("/app/{word}/{id}")).to_string();
        Some(Self { id, created, url })
    }
}

/// What takes the place of the counts where there is nothing to count.
fn remark(behind: &[&(Tricode, Selection)], part: &Part, now: Timestamp) -> Option<String> {
    if let Destination::Closed { name, fate } = &part.destination {
        return Some(closed(part, name, *fate));
    }
    if part.is_outdated && part.changes.is_empty() {
        return Some(
            "nothing was changed, the schedule at hand is older than the one imported before"
                .to_owned(),
        );
    }
    let has_games = behind.iter().any(|(_, selection)| !selection.games.is_empty());
    if has_games || !part.changes.is_empty() {
        return None;
    }
    behind
        .first()
        .map(|(team, it)| format!("nothing to import, {}", no_games::no_games(*team, it, now)))
}

/// Why nothing is written to a destination that the person put away.
fn closed(part: &Part, name: &str, fate: Fate) -> String {
    let (what, way_out) = match part.key.parse() {
        Ok(Place::Inbox { .. }) => ("the section", "--restore starts anew"),
        Ok(Place::Project(_)) => ("the project", "choose another --destination to go on"),
        _ => ("the project", "--restore starts anew"),
    };
    match fate {
        Fate::Deleted => format!("you deleted {what} \"{name}\", and it stays so; {way_out}"),
        Fate::Gone => {
            format!("{what} \"{name}\" is not there any more, and it stays so; {way_out}")
        }
        _ => format!("you archived {what} \"{name}\", and nothing is written to it"),
    }
}

impl Report for Imported {
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

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl Imported {
    fn write(&self, f: &mut Page, look: Look) -> fmt::Result {
        let coming = if self.with_past { "" } else { "coming " };
        let games = format!("{coming}games of {}", self.season);
        for destination in &self.destinations {
            for change in destination.tasks.changes.iter().filter(|it| self.shows(it)) {
                change.write(f, look)?;
            }
            if self.detail > Detail::Counts {
                KeptShown::write_all(&destination.tasks.kept, f, look, self.detail)?;
            }
            destination.line(f, look, (self.dry_run, self.detail), &games)?;
        }
        let mut changes = self.destinations.iter().flat_map(|it| &it.tasks.changes);
        match &self.zone_told {
            Some(told) if changes.any(|it| self.shows(it)) => writeln!(f, "{told}"),
            _ => Ok(()),
        }
    }

    /// Whether a change has a line. A first import is told by its count; what changes later is
    /// worth one, but not under cron, where a run is one line.
    fn shows(&self, change: &ChangeShown) -> bool {
        match self.detail {
            Detail::Counts => false,
            Detail::Changes => self.dry_run || !change.is_creation(),
            Detail::Each => true,
        }
    }
}
