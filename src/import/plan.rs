//! What brings an account to the schedule. Pure: no HTTP, no clock, no files.

use std::collections::BTreeMap;

use crate::import::field::Field;
use crate::import::record::{DestinationRecord, Fate, Record, TaskRecord};
use crate::import::task::Task;
use crate::model::{GameId, Rgb, Tipoff};

/// What one destination should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The destination's key in the record.
    pub key: String,
    /// What its project is called when it is created.
    pub name: String,
    /// The colour that its project should come near to.
    pub color: Rgb,
    /// Whether the person chose the name: then a project of another name is another project.
    pub is_named: bool,
    /// The tasks, in the order of their tip-offs.
    pub tasks: Vec<Task>,
    /// Games that are postponed without a new date: a task that is there says so, and none is
    /// created.
    pub postponed: Vec<Task>,
    /// Games that were called off for good: a task that is there says so. It is the person's to
    /// delete, with whatever they have hung on it.
    pub cancelled: Vec<Task>,
    /// The titles that the opponents' own imports give the same games.
    pub rivals: BTreeMap<GameId, String>,
}

/// What the person asked of this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Create again what the person deleted.
    pub restore: bool,
    /// The schedule is older than one that was imported before, as when the league's feed
    /// cannot be had: what it says of a destination that is known takes nothing back.
    pub is_outdated: bool,
}

/// The room that the account's Todoist plan leaves; `None` where it names no limit, or where
/// this run did not ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// More projects.
    pub projects: Option<usize>,
    /// Active tasks in one project.
    pub tasks_per_project: Option<usize>,
}

/// The changes that bring every destination to the schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One part a destination.
    pub parts: Vec<Part>,
}

/// The changes to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The destination's key in the record.
    pub key: String,
    /// Where its tasks go.
    pub destination: Destination,
    /// What changes, in the order of the tip-offs.
    pub changes: Vec<Change>,
    /// Fields that the schedule changed and the person too: theirs stay.
    pub kept: Vec<Kept>,
    /// Tasks that are as they should be.
    pub unchanged: usize,
    /// Tasks that the person ticked off or deleted, which stay so.
    pub respected: usize,
    /// Nothing was compared: the schedule is older than the one imported before.
    pub is_outdated: bool,
}

/// The project that tasks go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// One that is there, whatever it is called by now.
    Existing {
        /// Todoist's id.
        id: String,
        /// Its present name.
        name: String,
    },
    /// One to be created first.
    New {
        /// Its name.
        name: String,
        /// The colour that it should come near to.
        color: Rgb,
    },
    /// One that the person deleted or archived: nothing is written.
    Closed {
        /// Its last name.
        name: String,
        /// What they did.
        fate: Fate,
    },
}

/// A change to one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is created.
    Create(Task),
    /// Some of its fields are.
    Update {
        /// Todoist's id.
        id: String,
        /// What they become.
        task: Task,
        /// Which.
        fields: Vec<Field>,
        /// When it was due.
        was: Tipoff,
    },
}

/// Fields of a task that stay the person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The game.
    pub game: GameId,
    /// The title that we would give it.
    pub title: String,
    /// Which fields.
    pub fields: Vec<Field>,
}

/// Why there can be no plan. Found before anything is written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The account's plan has no room for so many projects.
    #[error("your Todoist plan allows no further project, and \"{name}\" would be one")]
    NoRoomForProject {
        /// The first project that was to be created in vain.
        name: String,
    },
    /// A project would hold more active tasks than the account's plan allows.
    #[error("\"{name}\" would hold {wanted} active tasks, and your Todoist plan allows {most}")]
    NoRoomForTasks {
        /// The project.
        name: String,
        /// Active tasks after the import.
        wanted: usize,
        /// The plan's limit.
        most: usize,
    },
}

impl Change {
    /// The game that it is about.
    pub fn game(&self) -> &GameId {
        match self {
            Self::Create(task) | Self::Update { task, .. } => &task.game,
        }
    }

    /// The title by which a report names it.
    pub fn title(&self) -> &str {
        match self {
            Self::Create(task) | Self::Update { task, .. } => &task.content,
        }
    }
}

impl Plan {
    /// Compares what the orders want with what the record knows of the account.
    pub fn new(orders: &[Order], record: &Record, wishes: Wishes) -> Self {
        let part = |order: &Order| Part::new(order, record.destinations.get(&order.key), wishes);
        Self { parts: orders.iter().map(part).collect() }
    }

    /// Whether nothing has to be written.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.changes.is_empty())
    }

    /// How many tasks change.
    pub fn changes(&self) -> usize {
        self.parts.iter().map(|part| part.changes.len()).sum()
    }

    /// Checks that the account has room for it. `present` are the active tasks of each project,
    /// ours and the person's, by id.
    ///
    /// # Errors
    /// [`PlanError`].
    pub fn check_room(
        &self,
        room: Room,
        present: &BTreeMap<String, usize>,
    ) -> Result<(), PlanError> {
        let mut projects_left = room.projects;
        for part in self.parts.iter().filter(|part| part.creations() > 0) {
            let (name, now) = match &part.destination {
                Destination::Existing { id, name } => (name, present.get(id).copied().unwrap_or(0)),
                Destination::New { name, .. } => {
                    if projects_left == Some(0) {
                        return Err(PlanError::NoRoomForProject { name: name.clone() });
                    }
                    projects_left = projects_left.map(|left| left - 1);
                    (name, 0)
                }
                Destination::Closed { .. } => continue,
            };
            let wanted = now + part.creations();
            if let Some(most) = room.tasks_per_project.filter(|most| wanted > *most) {
                return Err(PlanError::NoRoomForTasks { name: name.clone(), wanted, most });
            }
        }
        Ok(())
    }
}

impl Part {
    /// What its project is called.
    pub fn name(&self) -> &str {
        match &self.destination {
            Destination::Existing { name, .. }
            | Destination::New { name, .. }
            | Destination::Closed { name, .. } => name,
        }
    }

    fn new(order: &Order, known: Option<&DestinationRecord>, wishes: Wishes) -> Self {
        let mut part = Self {
            key: order.key.clone(),
            destination: destination(order, known, wishes),
            changes: Vec::new(),
            kept: Vec::new(),
            unchanged: 0,
            respected: 0,
            is_outdated: known.is_some() && wishes.is_outdated,
        };
        if matches!(part.destination, Destination::Closed { .. }) {
            part.respected = order.tasks.len();
            return part;
        }
        if part.is_outdated {
            return part;
        }
        // In the place of a deleted project, what was deleted with it is made again; what the
        // person had moved out of it, or ticked off, is not.
        let anew = matches!(part.destination, Destination::New { .. });
        let known = known.map(|known| &known.tasks);
        let task = |game: &GameId| known.and_then(|tasks| tasks.get(game));
        for wanted in &order.tasks {
            match task(&wanted.game) {
                None => part.changes.push(Change::Create(wanted.clone())),
                Some(there) => part.compare(wanted, there, wishes, anew),
            }
        }
        for off in order.postponed.iter().chain(&order.cancelled) {
            if let Some(there) = task(&off.game) {
                part.compare(off, there, Wishes::default(), false);
            }
        }
        part
    }

    /// Three-way: a field is written if the schedule changed it and the person did not.
    fn compare(&mut self, wanted: &Task, there: &TaskRecord, wishes: Wishes, anew: bool) {
        match there.fate {
            Fate::Active => {}
            Fate::Deleted if wishes.restore => {
                return self.changes.push(Change::Create(wanted.clone()));
            }
            Fate::Gone if anew => return self.changes.push(Change::Create(wanted.clone())),
            Fate::Done | Fate::Deleted | Fate::Gone => {
                self.respected += 1;
                return;
            }
        }
        let (mut write, mut keep) = (Vec::new(), Vec::new());
        for (field, wish) in wanted.traces() {
            match there.fields.get(&field) {
                Some(written) if written.sent == wish || written.now == wish => {}
                Some(written) if written.is_theirs() => keep.push(field),
                _ => write.push(field),
            }
        }
        if !keep.is_empty() {
            let (game, title) = (wanted.game.clone(), wanted.content.clone());
            self.kept.push(Kept { game, title, fields: keep });
        }
        if write.is_empty() {
            self.unchanged += 1;
        } else {
            let (id, was) = (there.id.clone(), there.due.into());
            self.changes.push(Change::Update { id, task: wanted.clone(), fields: write, was });
        }
    }

    fn creations(&self) -> usize {
        self.changes.iter().filter(|change| matches!(change, Change::Create(_))).count()
    }
}

fn destination(order: &Order, known: Option<&DestinationRecord>, wishes: Wishes) -> Destination {
    match known {
        Some(known) if known.fate == Fate::Active => {
            Destination::Existing { id: known.project.clone(), name: known.name.clone() }
        }
        Some(known) if known.fate == Fate::Done || !wishes.restore => {
            Destination::Closed { name: known.name.clone(), fate: known.fate }
        }
        _ => Destination::New { name: order.name.clone(), color: order.color },
    }
}

#[cfg(test)]
mod histories;
