//! What Todoist answers, in the words of an import.

use std::collections::BTreeMap;

use crate::import::field::{Field, Trace, Traces};
use crate::import::plan::Room;
use crate::import::record::{Fate, Seen, SeenProject};
use crate::import::{task, wording};
use crate::todoist::{DueSeen, Duration, DurationUnit, Item, Project, SyncAnswer};

/// Minutes in a day, for durations in days.
const MINUTES_A_DAY: u32 = 24 * 60;

/// What a read brought: all that is active, or all that has changed.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Whether it lists all that is active.
    pub complete: bool,
    /// Tasks: all, or those that changed.
    pub tasks: Vec<Seen>,
    /// Projects: all, or those that changed.
    pub projects: Vec<SeenProject>,
    /// The room that the account's Todoist plan leaves, if this read told.
    pub room: Option<Room>,
    /// The zone in which the person reads times, if this read told.
    pub zone: Option<String>,
    /// Up to where it tells everything.
    pub sync_token: String,
}

impl View {
    /// What one answer tells.
    pub fn of(answer: &SyncAnswer) -> Self {
        let user = answer.user.as_ref();
        let inbox = user.and_then(|user| user.inbox_project_id.as_deref());
        Self {
            complete: answer.full_sync,
            tasks: answer.items.iter().map(seen).collect(),
            projects: answer.projects.iter().map(|it| seen_project(it, inbox)).collect(),
            room: answer.full_sync.then(|| room(answer, inbox)),
            zone: user.and_then(|user| user.tz_info.as_ref()).map(|info| info.timezone.clone()),
            sync_token: answer.sync_token.clone(),
        }
    }

    /// Takes in a later, incremental view.
    pub fn then(mut self, later: Self) -> Self {
        for task in later.tasks {
            self.tasks.retain(|earlier| earlier.id != task.id);
            // In a view of all that is active, nothing else has a place.
            if !self.complete || task.fate == Fate::Active {
                self.tasks.push(task);
            }
        }
        for project in later.projects {
            self.projects.retain(|earlier| earlier.id != project.id);
            if !self.complete || project.fate == Fate::Active {
                self.projects.push(project);
            }
        }
        self.zone = later.zone.or(self.zone);
        self.sync_token = later.sync_token;
        self
    }

    /// How many active tasks each project has; only a complete view knows.
    pub fn tasks_by_project(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for task in self.tasks.iter().filter(|task| task.fate == Fate::Active) {
            *counts.entry(task.project.clone()).or_default() += 1;
        }
        counts
    }
}

fn room(answer: &SyncAnswer, inbox: Option<&str>) -> Room {
    let limits = answer.limits();
    // The Inbox is no project to the limit, and a workspace has limits of its own.
    let counted = answer.projects.iter().filter(|project| {
        let personal = project.workspace_id.is_none() && Some(project.id.as_str()) != inbox;
        personal && fate_of(project) == Fate::Active
    });
    let counted = counted.count();
    Room {
        projects: limits.max_projects.map(|most| (most as usize).saturating_sub(counted)),
        tasks_per_project: limits.max_tasks.map(|most| most as usize),
    }
}

fn seen_project(project: &Project, inbox: Option<&str>) -> SeenProject {
    SeenProject {
        id: project.id.clone(),
        name: project.name.clone(),
        is_inbox: Some(project.id.as_str()) == inbox,
        fate: fate_of(project),
    }
}

fn fate_of(project: &Project) -> Fate {
    if project.is_deleted {
        Fate::Deleted
    } else if project.is_archived {
        Fate::Done
    } else {
        Fate::Active
    }
}

/// A task with the traces of all its fields.
pub fn seen(item: &Item) -> Seen {
    // What was ticked off first and then went with its project was ticked off.
    let fate = match (item.checked, item.is_deleted) {
        (true, _) => Fate::Done,
        (false, true) => Fate::Deleted,
        (false, false) => Fate::Active,
    };
    Seen {
        id: item.id.clone(),
        project: item.project_id.clone(),
        title: item.content.clone(),
        game: wording::linked_game(&item.description),
        fate,
        traces: traces(item),
    }
}

fn traces(item: &Item) -> Traces {
    Traces::from([
        (Field::Content, task::text(&item.content)),
        (Field::Description, task::text(&item.description)),
        (Field::Due, due(item.due.as_ref())),
        (Field::Duration, task::duration(item.duration.map(minutes))),
        (Field::Labels, task::labels(&item.labels)),
        (Field::Priority, task::number(item.priority)),
    ])
}

fn due(due: Option<&DueSeen>) -> Trace {
    let Some(due) = due else { return task::due_otherwise("none") };
    if due.is_recurring {
        return task::due_otherwise(&format!("recurring {}", due.string));
    }
    match (due.instant(), due.date.parse()) {
        (Some(instant), _) => task::due_at(instant),
        (None, Ok(day)) if due.date.len() == "2026-11-28".len() => task::due_on(day),
        _ => task::due_otherwise(&due.date),
    }
}

fn minutes(duration: Duration) -> u32 {
    match duration.unit {
        DurationUnit::Minute => duration.amount,
        DurationUnit::Day => duration.amount.saturating_mul(MINUTES_A_DAY),
    }
}
