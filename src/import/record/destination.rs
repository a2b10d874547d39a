//! What is remembered of one destination.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::import::plan::{Destination, NewPlace};
use crate::import::record::task::{TaskRecord, Wish};
use crate::import::seen::{Fate, Seen, SeenProject, SeenSection};
use crate::import::subject::Subject;
use crate::import::task::{self, Spot, Task};
use crate::import::view::View;
use crate::model::{GameId, Season};

/// One destination: a project, or a section of the Inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestinationRecord {
    /// Todoist's id of the project.
    pub project: String,
    /// Todoist's id of the section, where that and not the project is the destination.
    pub section: Option<String>,
    /// The name of the project or section when last seen.
    pub name: String,
    /// What the person did with it.
    pub fate: Fate,
    /// Whether an import created it: nothing else is ever deleted.
    pub made: bool,
    /// What the person called it when they chose it.
    #[serde(default)]
    pub asked_as: Option<String>,
    /// Up to where Todoist's changes have been read for it. An import of other destinations
    /// reads further, and does not know which of the tasks that it sees belong here.
    #[serde(default)]
    pub read_to: String,
    /// The sections of the project, by the names under which we know them.
    #[serde(default)]
    pub sections: BTreeMap<String, SectionRecord>,
    /// What is remembered of each task, those included that the person put away.
    pub tasks: BTreeMap<Subject, TaskRecord>,
}

/// A section of a destination's project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionRecord {
    /// Todoist's id.
    pub id: String,
    /// What the person did with it.
    pub fate: Fate,
    /// Whether an import created it: nothing else is ever deleted.
    pub made: bool,
}

impl DestinationRecord {
    /// One that was just created; `None` for what is not to be created.
    pub fn made(destination: &Destination, id: &str) -> Option<Self> {
        let Destination::New { name, place } = destination else { return None };
        let mut made = Self { name: name.clone(), made: true, ..Self::default() };
        match place {
            NewPlace::Project { .. } => id.clone_into(&mut made.project),
            NewPlace::InboxSection { inbox } => {
                made.project.clone_from(inbox);
                made.section = Some(id.to_owned());
                let section = SectionRecord { id: id.to_owned(), fate: Fate::Active, made: true };
                made.sections.insert(name.clone(), section);
            }
        }
        Some(made)
    }

    /// One that was found to be this project.
    pub fn of_project(project: &SeenProject, made: bool) -> Self {
        Self { project: project.id.clone(), name: project.name.clone(), made, ..Self::default() }
    }

    /// One that was found to be this section of the Inbox; orders call it `known_as`.
    pub fn of_section(section: &SeenSection, known_as: &str) -> Self {
        // Under another name it may be one of the person's own, into which they moved all.
        let made = section.name == known_as;
        let kept = SectionRecord { id: section.id.clone(), fate: Fate::Active, made };
        Self {
            project: section.project.clone(),
            section: Some(section.id.clone()),
            name: section.name.clone(),
            made,
            sections: BTreeMap::from([(known_as.to_owned(), kept)]),
            ..Self::default()
        }
    }

    /// The season of its games, the latest if there are some of several; `None` without a game.
    pub fn season(&self) -> Option<Season> {
        self.tasks.keys().copied().filter_map(Subject::game).map(GameId::season).max()
    }

    /// What it takes for a task here to read as wanted.
    pub fn wish(&self, task: &Task) -> Wish {
        let section = match &task.spot {
            Some(Spot::Loose) => Some(task::section(None)),
            Some(Spot::In(section)) => {
                self.sections.get(&section.name).map(|it| task::section(Some(&it.id)))
            }
            None => None,
        };
        Wish { traces: task.traces(), section }
    }

    /// The section that tasks can be put in, by our name for it.
    pub fn open_section(&self, name: &str) -> Option<&str> {
        let section = self.sections.get(name).filter(|it| it.fate == Fate::Active)?;
        Some(section.id.as_str())
    }

    /// Takes in where a task already reads as wanted, whoever wrote it (another machine, say):
    /// from there on it is ours again.
    pub fn rebase(&mut self, wanted: &Task) {
        let wish = self.wish(wanted);
        let Some(task) = self.tasks.get_mut(&wanted.subject) else { return };
        task.rebase(&wish);
        task.teams.extend(wanted.teams.iter().copied());
    }

    /// Takes in that it was deleted as the person asked for. What they kept of it stays in
    /// mind, so that it is not doubled when they start anew; what they had deleted does not.
    pub(super) fn take_back(&mut self) {
        self.fate = Fate::TakenBack;
        self.read_to.clear();
        self.tasks.retain(|_, task| matches!(task.fate, Fate::Active | Fate::Done));
    }

    /// Takes in that it was deleted for being empty, if that has landed.
    pub(super) fn recognise_closing(&mut self, view: &View) {
        let is_gone = match self.place_in(view) {
            Some((fate, _)) => fate == Fate::Deleted,
            None => view.complete,
        };
        if is_gone {
            self.take_back();
        }
    }

    /// Takes in that a task was given a reminder, `minutes` before the game, if that has landed.
    pub(super) fn recognise_reminder(&mut self, subject: &Subject, minutes: u32, view: &View) {
        if let Some(task) = self.tasks.get_mut(subject) {
            task.recognise_reminder(minutes, &view.reminders);
        }
    }

    /// Takes in that a section, if it is there, is one of ours.
    pub(super) fn recognise_section(&mut self, name: &str) {
        if let Some(section) = self.sections.get_mut(name) {
            section.made = true;
        }
    }

    fn place_in<'a>(&self, view: &'a View) -> Option<(Fate, &'a String)> {
        match &self.section {
            None => {
                let now = view.projects.iter().find(|project| project.id == self.project)?;
                Some((now.fate, &now.name))
            }
            Some(section) => {
                let now = view.sections.iter().find(|it| it.id == *section)?;
                Some((now.fate, &now.name))
            }
        }
    }

    /// Takes in what a sync says of it, its sections and its tasks.
    pub(super) fn observe(&mut self, view: &View, tasks: &HashMap<&str, &Seen>) {
        match self.place_in(view) {
            Some((Fate::Deleted, _)) if self.fate == Fate::TakenBack => {}
            Some((fate, name)) => {
                if self.fate != Fate::Active && fate == Fate::Active {
                    // It is back, and what came back with it has to be read anew.
                    self.read_to.clear();
                }
                self.fate = fate;
                self.name.clone_from(name);
            }
            None if view.complete => self.fate = self.fate.unless_active(),
            None => {}
        }
        self.know_sections(view);
        for task in self.tasks.values_mut() {
            match tasks.get(task.id.as_str()) {
                Some(now) => task.observe(now, &self.project, view.complete),
                None if view.complete => task.fate = task.fate.unless_active(),
                None => {}
            }
        }
        if !view.complete && !view.reminders.is_empty() {
            self.observe_reminders(view);
        }
    }

    /// Takes in which of the tasks that are not active any more were ticked off.
    pub fn observe_completed(&mut self, completed: &[Seen]) {
        let completed: HashSet<&str> = completed.iter().map(|seen| seen.id.as_str()).collect();
        for task in self.tasks.values_mut().filter(|task| task.fate == Fate::Gone) {
            if completed.contains(task.id.as_str()) {
                task.fate = Fate::Done;
            }
        }
    }

    /// Takes in the sections of its project. They stay known under the names that they had first.
    pub fn know_sections(&mut self, view: &View) {
        let seen: HashMap<&str, &SeenSection> =
            view.sections.iter().map(|seen| (seen.id.as_str(), seen)).collect();
        for section in self.sections.values_mut() {
            match seen.get(section.id.as_str()) {
                Some(now) => section.fate = now.fate,
                None if view.complete => section.fate = section.fate.unless_active(),
                None => {}
            }
        }
        for new in &view.sections {
            let is_ours = new.project == self.project && new.fate == Fate::Active;
            let is_known = self.sections.values().any(|it| it.id == new.id);
            if is_ours && !is_known && self.open_section(&new.name).is_none() {
                let kept = SectionRecord { id: new.id.clone(), fate: Fate::Active, made: false };
                self.sections.insert(new.name.clone(), kept);
            }
        }
    }

    fn observe_reminders(&mut self, view: &View) {
        let mut by_id: HashMap<String, &mut TaskRecord> =
            self.tasks.values_mut().map(|task| (task.id.clone(), task)).collect();
        for reminder in &view.reminders {
            if let Some(task) = by_id.get_mut(&reminder.task) {
                task.observe_reminder(reminder);
            }
        }
    }
}
