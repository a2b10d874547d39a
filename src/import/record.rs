//! What an import remembers of an account: enough to tell the person's changes from the
//! schedule's, and of the person's own texts nothing that could be read.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::import::field::{Field, Trace, Traces};
use crate::import::journal::{Deed, Journal};
use crate::import::plan::{Change, Destination};
use crate::import::task::Task;
use crate::model::{GameId, Tipoff};

/// The version of the record's shape. A record of another version counts as lost, and the
/// tasks are adopted again by their links.
const VERSION: u32 = 1;

/// The record of one profile, with every destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// Whose it is: another account under the same profile starts afresh.
    pub account: String,
    /// Up to where this run has read Todoist's changes.
    #[serde(skip)]
    pub sync_token: String,
    /// The zone in which the person reads times, as an IANA name.
    pub zone: Option<String>,
    /// When the newest schedule was published that was ever imported.
    #[serde(default)]
    pub schedule: Option<Timestamp>,
    /// The destinations by their keys.
    pub destinations: BTreeMap<String, DestinationRecord>,
}

/// One destination: a project, or a section of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestinationRecord {
    /// Todoist's id of the project.
    pub project: String,
    /// Its name when last seen.
    pub name: String,
    /// What the person did with it.
    pub fate: Fate,
    /// Up to where Todoist's changes have been read for it. An import of other destinations
    /// reads further, and does not know which of the tasks that it sees belong here.
    #[serde(default)]
    pub read_to: String,
    /// Its tasks by game.
    pub tasks: BTreeMap<GameId, TaskRecord>,
}

/// What the person did with a thing of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is there.
    #[default]
    Active,
    /// Ticked off (a task), or archived (a project).
    Done,
    /// Deleted.
    Deleted,
    /// Not among all that is active: ticked off, archived or deleted, nobody can say which.
    Gone,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Todoist's id.
    pub id: String,
    /// What the person did with it.
    pub fate: Fate,
    /// The title that we gave it.
    pub title: String,
    /// The due date that we gave it.
    pub due: Day,
    /// Its fields.
    pub fields: BTreeMap<Field, Written>,
}

/// A due date as the record keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// An instant.
    At(Timestamp),
    /// A day.
    On(Date),
}

impl From<Tipoff> for Day {
    fn from(tipoff: Tipoff) -> Self {
        match tipoff {
            Tipoff::At(instant) => Self::At(instant),
            Tipoff::Undecided(day) => Self::On(day),
        }
    }
}

impl From<Day> for Tipoff {
    fn from(day: Day) -> Self {
        match day {
            Day::At(instant) => Self::At(instant),
            Day::On(day) => Self::Undecided(day),
        }
    }
}

/// One field as we left it, and as it was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What we asked for: another wish than this means that the schedule or an option changed.
    pub sent: Trace,
    /// What Todoist made of it: another value than this means that the person changed it.
    pub stored: Trace,
    /// What stands there now.
    pub now: Trace,
}

impl Written {
    fn ours(sent: Trace, stored: Trace) -> Self {
        Self { sent, stored, now: stored }
    }

    /// Whether the person's own value stands there now.
    pub fn is_theirs(&self) -> bool {
        self.now != self.stored
    }
}

/// A task as a sync lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Todoist's id.
    pub id: String,
    /// The project that it is in.
    pub project: String,
    /// Its title.
    pub title: String,
    /// The game that it links to, if it does.
    pub game: Option<GameId>,
    /// What the person did with it.
    pub fate: Fate,
    /// All its fields now.
    pub traces: Traces,
}

/// A project as a sync lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenProject {
    /// Todoist's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is the person's Inbox.
    pub is_inbox: bool,
    /// What the person did with it.
    pub fate: Fate,
}

impl Record {
    /// The record of an account of which nothing is known yet.
    pub fn new(account: &str) -> Self {
        Self {
            version: VERSION,
            account: account.to_owned(),
            sync_token: String::new(),
            zone: None,
            schedule: None,
            destinations: BTreeMap::new(),
        }
    }

    /// Reads the record of `account`. `None` if it is damaged, of another version or of another
    /// account: it counts as lost.
    pub fn parse(bytes: &[u8], account: &str) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        (record.version == VERSION && record.account == account).then_some(record)
    }

    /// Takes in what of a journal has landed: a change of ours that a killed run could not take
    /// down must not pass for the person's.
    pub fn recognise(&mut self, journal: &Journal, seen: &[Seen]) {
        for entry in &journal.entries {
            match &entry.deed {
                Deed::Update { id, wish } => {
                    let landed = seen.iter().find(|seen| seen.id == *id);
                    if let (Some(task), Some(landed)) = (self.task_mut(id), landed) {
                        task.recognise(wish, landed);
                    }
                }
                Deed::Project { .. } | Deed::Create { .. } => {}
            }
        }
    }

    /// Takes down that the project of destination `key` was created by a run that had read up
    /// to `read_to`.
    pub fn take_down_project(
        &mut self,
        key: &str,
        destination: &Destination,
        id: &str,
        read_to: &str,
    ) {
        let Destination::New { name, .. } = destination else { return };
        let (project, name, read_to) = (id.to_owned(), name.clone(), read_to.to_owned());
        // What the person had moved out of an earlier project, or ticked off, is still theirs.
        let mut tasks =
            self.destinations.remove(key).map(|before| before.tasks).unwrap_or_default();
        tasks.retain(|_, task| matches!(task.fate, Fate::Active | Fate::Done));
        let made = DestinationRecord { project, name, fate: Fate::Active, read_to, tasks };
        self.destinations.insert(key.to_owned(), made);
    }

    /// Takes down that `change` was made in destination `key`: what was created has the id
    /// `made`, and `seen` is how tasks read now.
    pub fn take_down(&mut self, key: &str, change: &Change, made: Option<&str>, seen: &[Seen]) {
        let seen = |id: &str| seen.iter().find(|seen| seen.id == id);
        let destination = self.destinations.get_mut(key);
        match (change, made, destination) {
            (Change::Create(task), Some(id), Some(destination)) => {
                if seen(id).is_none() {
                    // Executed before, by a run whose answer got lost, and perhaps deleted
                    // since: the next run reads everything and finds out.
                    destination.read_to.clear();
                }
                let made = TaskRecord::created(id.to_owned(), task, seen(id));
                destination.tasks.insert(task.game.clone(), made);
            }
            // Executed before, and its id is forgotten: the next run reads everything and
            // adopts it.
            (Change::Create(_), _, Some(destination)) => destination.read_to.clear(),
            (Change::Create(_), _, None) => {}
            (Change::Update { id, task, fields, .. }, _, Some(destination)) => {
                if let Some(there) = destination.tasks.get_mut(&task.game) {
                    there.wrote(task, fields, seen(id));
                }
            }
            (Change::Update { .. }, _, None) => {}
        }
    }

    /// The projects of all destinations but `key`.
    pub fn projects_but_of(&self, key: &str) -> BTreeSet<String> {
        let others = self.destinations.iter().filter(|(other, _)| *other != key);
        others.map(|(_, destination)| destination.project.clone()).collect()
    }

    /// Takes in that Todoist may not have told the truth about destination `key`: the next run
    /// reads everything.
    pub fn mistrust(&mut self, key: &str) {
        if let Some(destination) = self.destinations.get_mut(key) {
            destination.read_to.clear();
        }
    }

    fn task_mut(&mut self, id: &str) -> Option<&mut TaskRecord> {
        let mut tasks = self.destinations.values_mut().flat_map(|it| it.tasks.values_mut());
        tasks.find(|task| task.id == id)
    }

    /// Takes in what an incremental sync says of what is in the record.
    pub fn observe(&mut self, tasks: &[Seen], projects: &[SeenProject]) {
        let tasks: HashMap<&str, &Seen> =
            tasks.iter().map(|seen| (seen.id.as_str(), seen)).collect();
        for destination in self.destinations.values_mut() {
            if let Some(now) = projects.iter().find(|project| project.id == destination.project) {
                if destination.fate != Fate::Active && now.fate == Fate::Active {
                    // It is back, and what came back with it has to be read anew.
                    destination.read_to.clear();
                }
                destination.fate = now.fate;
                destination.name.clone_from(&now.name);
            }
            for task in destination.tasks.values_mut() {
                if let Some(now) = tasks.get(task.id.as_str()) {
                    task.observe(now);
                }
            }
        }
    }

    /// Takes in that nothing but `tasks` and `projects` is active: what is not among them was
    /// ticked off or deleted, and is left alone either way.
    pub fn observe_all(&mut self, tasks: &[Seen], projects: &[SeenProject]) {
        let active: HashSet<&str> = tasks.iter().map(|seen| seen.id.as_str()).collect();
        for destination in self.destinations.values_mut() {
            if !projects.iter().any(|project| project.id == destination.project) {
                destination.fate = gone(destination.fate);
            }
            for task in destination.tasks.values_mut() {
                if !active.contains(task.id.as_str()) {
                    task.fate = gone(task.fate);
                }
            }
        }
        self.observe(tasks, projects);
    }
}

/// What is not active any more, and was so when it was seen last, has met an unknown fate.
fn gone(fate: Fate) -> Fate {
    if fate == Fate::Active { Fate::Gone } else { fate }
}

impl DestinationRecord {
    /// Takes in where a task already reads as wanted, whoever wrote it (another machine, say):
    /// from there on it is ours again.
    pub fn rebase(&mut self, wanted: &Task) {
        let Some(task) = self.tasks.get_mut(&wanted.game) else { return };
        for (field, wish) in wanted.traces() {
            if let Some(written) = task.fields.get_mut(&field).filter(|it| it.now == wish) {
                *written = Written::ours(wish, wish);
            }
        }
    }
}

impl TaskRecord {
    /// The record of a task that was created as `task` and now reads as `seen`.
    pub fn created(id: String, task: &Task, seen: Option<&Seen>) -> Self {
        let mut record = Self {
            id,
            fate: Fate::Active,
            title: task.content.clone(),
            due: task.due.into(),
            fields: BTreeMap::new(),
        };
        record.wrote(task, &Field::ALL, seen);
        record
    }

    /// The record of a task that was found by its link. A field is ours if it reads as a killed
    /// run has `sent` it; without a memory, if it reads as the schedule has it, or as an earlier
    /// one (`former`) had it; anything else is the person's.
    pub fn adopted(seen: &Seen, task: &Task, former: Option<&Task>, sent: Option<&Traces>) -> Self {
        let (wish, former) = (task.traces(), former.map(Task::traces).unwrap_or_default());
        let fields = seen
            .traces
            .iter()
            .map(|(field, now)| {
                let ours = wish.get(field) == Some(now) || former.get(field) == Some(now);
                // A field that we have no opinion on is as it is. Another value than ours is the
                // person's, and differs from the wish until one of the two changes.
                let sent = sent.and_then(|sent| sent.get(field));
                let written = match (sent, wish.get(field)) {
                    (Some(sent), _) if !ours => Written { sent: *sent, stored: *sent, now: *now },
                    (None, Some(wish)) if !ours => Written { sent: *now, stored: *wish, now: *now },
                    _ => Written::ours(*now, *now),
                };
                (*field, written)
            })
            .collect();
        // For reports only; what the person reads there cannot be told from a trace.
        let due = task.due.into();
        Self { id: seen.id.clone(), fate: seen.fate, title: seen.title.clone(), due, fields }
    }

    fn recognise(&mut self, wish: &Traces, landed: &Seen) {
        for (field, wish) in wish {
            if landed.traces.get(field) == Some(wish) {
                self.fields.insert(*field, Written::ours(*wish, *wish));
            }
        }
    }

    fn observe(&mut self, seen: &Seen) {
        self.fate = seen.fate;
        for (field, written) in &mut self.fields {
            if let Some(now) = seen.traces.get(field) {
                written.now = *now;
            }
        }
    }

    /// Takes in that `fields` were written as `task` has them, and that the task now reads as
    /// `seen`. What Todoist shows counts as stored, since it may tidy up what it is sent.
    pub fn wrote(&mut self, task: &Task, fields: &[Field], seen: Option<&Seen>) {
        let sent = task.traces();
        for field in fields {
            let shown = seen.and_then(|seen| seen.traces.get(field)).copied();
            let Some(sent) = sent.get(field).copied().or(shown) else { continue };
            self.fields.insert(*field, Written::ours(sent, shown.unwrap_or(sent)));
            match field {
                Field::Content => self.title.clone_from(&task.content),
                Field::Due => self.due = task.due.into(),
                _ => {}
            }
        }
    }
}
