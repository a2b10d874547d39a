//! What Todoist answers, in the words of an import.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::field::{Field, Trace, Traces};
use crate::import::plan::{Closing, Room};
use crate::import::record::Allows;
use crate::import::seen::{Fate, Seen, SeenProject, SeenReminder, SeenSection};
use crate::import::{task, wording};
use crate::model::TimePreferences;
use crate::todoist::{
    DueSeen, Duration, DurationUnit, Item, PlanLimits, Project, Reminder, Section, SyncAnswer, User,
};

/// Minutes in a day, for durations in days.
const MINUTES_A_DAY: u32 = 24 * 60;
/// What the record writes for a reminder that is not counted from its task's due time.
const OF_ITS_OWN: &str = "of its own";

/// What a read brought: all that is active, or all that has changed.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Whether it lists all that is active.
    pub complete: bool,
    /// Tasks: all, or those that changed.
    pub tasks: Vec<Seen>,
    /// Projects: all, or those that changed.
    pub projects: Vec<SeenProject>,
    /// Sections: all, or those that changed.
    pub sections: Vec<SeenSection>,
    /// Reminders: all, or those that changed.
    pub reminders: Vec<SeenReminder>,
    /// The person's Inbox, if this read told.
    pub inbox: Option<String>,
    /// What the account's Todoist plan allows, if this read told.
    pub allows: Option<Allows>,
    /// The room that it leaves, if this read told.
    pub room: Option<Room>,
    /// The zone in which the person reads times, if this read told.
    pub zone: Option<String>,
    /// How they read dates and times, likewise.
    pub times: Option<TimePreferences>,
    /// Up to where it tells everything.
    pub sync_token: String,
}

impl View {
    /// What one answer tells.
    pub fn of(answer: &SyncAnswer) -> Self {
        let user = answer.user.as_ref();
        let named = user.and_then(|user| user.inbox_project_id.clone());
        let flagged = answer.projects.iter().find(|project| project.inbox_project);
        let inbox = named.or(flagged.map(|project| project.id.clone()));
        let reminders: Vec<SeenReminder> = answer.reminders.iter().map(seen_reminder).collect();
        let limits = answer.limits();
        Self {
            complete: answer.full_sync,
            tasks: with_reminders(answer.items.iter().map(seen).collect(), &reminders),
            projects: answer.projects.iter().map(|it| seen_project(it, inbox.as_deref())).collect(),
            sections: answer.sections.iter().map(seen_section).collect(),
            reminders,
            allows: limits.map(allows),
            room: answer.full_sync.then(|| room(answer, limits, inbox.as_deref())),
            inbox,
            zone: user.and_then(|user| user.tz_info.as_ref()).map(|info| info.timezone.clone()),
            times: user.map(User::times),
            sync_token: answer.sync_token.clone(),
        }
    }

    /// Takes in a later, incremental view.
    pub fn then(mut self, later: Self) -> Self {
        let complete = self.complete;
        // In a view of all that is active, nothing else has a place.
        let belongs = |fate: Fate| !complete || fate == Fate::Active;
        replace(&mut self.tasks, later.tasks, |it| &it.id, |it| belongs(it.fate));
        replace(&mut self.projects, later.projects, |it| &it.id, |it| belongs(it.fate));
        replace(&mut self.sections, later.sections, |it| &it.id, |it| belongs(it.fate));
        replace(
            &mut self.reminders,
            later.reminders,
            |it| &it.id,
            |it| !complete || it.when.is_some(),
        );
        self.tasks.iter_mut().for_each(|task| task.reminders.clear());
        self.tasks = with_reminders(self.tasks, &self.reminders);
        self.inbox = later.inbox.or(self.inbox);
        self.allows = later.allows.or(self.allows);
        self.zone = later.zone.or(self.zone);
        self.times = later.times.or(self.times);
        self.sync_token = later.sync_token;
        self
    }

    /// How many active tasks each project has; only a complete view knows.
    pub fn tasks_by_project(&self) -> BTreeMap<String, usize> {
        let active = self.tasks.iter().filter(|task| task.fate == Fate::Active);
        count(active.map(|task| &task.project))
    }

    /// How many active sections each project has; only a complete view knows.
    pub fn sections_by_project(&self) -> BTreeMap<String, usize> {
        let active = self.sections.iter().filter(|section| section.fate == Fate::Active);
        count(active.map(|section| &section.project))
    }

    /// Whether this answer to a write tells of anything that stands in what is to be deleted.
    pub fn has_come_into(&self, closing: &Closing) -> bool {
        let mut tasks = self.tasks.iter().filter(|task| task.fate != Fate::Deleted);
        let mut sections = self.sections.iter().filter(|it| it.fate != Fate::Deleted);
        match closing {
            Closing::Project(id) => {
                tasks.any(|task| task.project == *id) || sections.any(|it| it.project == *id)
            }
            Closing::InboxSection(id) | Closing::Section(id) => {
                tasks.any(|task| task.section.as_ref() == Some(id))
            }
        }
    }

    /// The tasks that people have hung something on, parts or comments, or that they have made
    /// a part of another; by id. `ours` are the comments that we wrote.
    pub fn laden(&self, ours: &BTreeMap<&str, u32>) -> BTreeSet<String> {
        self.laden_beside(&[], ours)
    }

    /// The same, with regard to tasks that were ticked off.
    pub fn laden_beside(&self, completed: &[Seen], ours: &BTreeMap<&str, u32>) -> BTreeSet<String> {
        let is_commented =
            |task: &Seen| task.comments > ours.get(task.id.as_str()).copied().unwrap_or_default();
        let alive = self.tasks.iter().filter(|task| task.fate != Fate::Deleted).chain(completed);
        let parents = alive.clone().filter_map(|task| task.parent.clone());
        let own = alive.filter(|task| is_commented(task) || task.parent.is_some());
        parents.chain(own.map(|task| task.id.clone())).collect()
    }
}

fn replace<T>(
    all: &mut Vec<T>,
    later: Vec<T>,
    id: impl Fn(&T) -> &String,
    belongs: impl Fn(&T) -> bool,
) {
    let changed: BTreeSet<String> = later.iter().map(|it| id(it).clone()).collect();
    all.retain(|earlier| !changed.contains(id(earlier)));
    all.extend(later.into_iter().filter(belongs));
}

fn count<'a>(projects: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    projects.for_each(|project| *counts.entry(project.clone()).or_default() += 1);
    counts
}

fn with_reminders(mut tasks: Vec<Seen>, reminders: &[SeenReminder]) -> Vec<Seen> {
    if reminders.is_empty() {
        return tasks;
    }
    let mut by_task: BTreeMap<&str, Vec<SeenReminder>> = BTreeMap::new();
    for reminder in reminders {
        by_task.entry(&reminder.task).or_default().push(reminder.clone());
    }
    for task in &mut tasks {
        task.reminders = by_task.remove(task.id.as_str()).unwrap_or_default();
    }
    tasks
}

fn allows(limits: PlanLimits) -> Allows {
    Allows {
        reminders: limits.reminders.unwrap_or(true),
        durations: limits.durations.unwrap_or(true),
        comments: limits.comments.unwrap_or(true),
    }
}

fn room(answer: &SyncAnswer, limits: Option<PlanLimits>, inbox: Option<&str>) -> Room {
    let limits = limits.unwrap_or_default();
    // The Inbox is no project to the limit, and a workspace has limits of its own.
    let counted = answer.projects.iter().filter(|project| {
        let personal = project.workspace_id.is_none() && Some(project.id.as_str()) != inbox;
        personal && fate(project.is_deleted, project.is_archived) == Fate::Active
    });
    let counted = counted.count();
    Room {
        projects: limits.max_projects.map(|most| (most as usize).saturating_sub(counted)),
        tasks_per_project: limits.max_tasks.map(|most| most as usize),
        sections_per_project: limits.max_sections.map(|most| most as usize),
    }
}

fn seen_project(project: &Project, inbox: Option<&str>) -> SeenProject {
    SeenProject {
        id: project.id.clone(),
        name: project.name.clone(),
        is_inbox: Some(project.id.as_str()) == inbox,
        parent: project.parent_id.clone(),
        is_shared: project.is_shared,
        fate: fate(project.is_deleted, project.is_archived),
    }
}

fn seen_section(section: &Section) -> SeenSection {
    SeenSection {
        id: section.id.clone(),
        project: section.project_id.clone(),
        name: section.name.clone(),
        fate: fate(section.is_deleted, section.is_archived),
    }
}

fn seen_reminder(reminder: &Reminder) -> SeenReminder {
    let when = reminder.minute_offset.map_or(OF_ITS_OWN.to_owned(), task::before);
    SeenReminder {
        id: reminder.id.clone(),
        task: reminder.item_id.clone(),
        when: (!reminder.is_deleted).then_some(when),
    }
}

fn fate(is_deleted: bool, is_archived: bool) -> Fate {
    match (is_deleted, is_archived) {
        (true, _) => Fate::Deleted,
        (false, true) => Fate::Done,
        (false, false) => Fate::Active,
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
        section: item.section_id.clone(),
        parent: item.parent_id.clone(),
        comments: item.note_count,
        title: item.content.clone(),
        subject: wording::subject_of(&item.description),
        fate,
        traces: traces(item),
        reminders: Vec::new(),
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
        (Field::Section, task::section(item.section_id.as_deref())),
    ])
}

fn due(due: Option<&DueSeen>) -> Trace {
    let Some(due) = due else { return task::due_otherwise("none") };
    if due.is_recurring {
        return task::recurring(&due.string);
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
