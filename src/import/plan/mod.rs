//! What brings an account to the schedule. Pure: no HTTP, no clock, no files.

mod comparing;
mod removal;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use crate::import::field::Field;
use crate::import::place::Place;
use crate::import::record::Record;
use crate::import::seen::Fate;
use crate::import::subject::Subject;
use crate::import::task::{Occasion, SectionName, Task};
use crate::model::{Rgb, Tricode};

pub use room::{Present, Room};

/// What one destination should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The destination's key in the record: its place as a text.
    pub key: String,
    /// Where the tasks go.
    pub place: Place,
    /// What its project or section is called when it is created.
    pub name: String,
    /// The colour that its project should come near to.
    pub color: Rgb,
    /// The teams whose games they are.
    pub teams: BTreeSet<Tricode>,
    /// The tasks, in the order of their tip-offs.
    pub tasks: Vec<Task>,
    /// Tasks that are kept up if they are there, and not created if they are not: games that
    /// are called off, and what an earlier import was asked for and this one is not.
    pub if_there: Vec<Task>,
    /// What would be made of the coming games of these teams that the filter leaves out.
    pub excluded: BTreeMap<Subject, Task>,
    /// The titles that the opponents' own imports give the same games.
    pub rivals: BTreeMap<Subject, String>,
}

/// What the person asked of this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Create again what the person deleted.
    pub restore: bool,
    /// Delete what an earlier import made and the filter leaves out by now, if the person has
    /// left it alone.
    pub prune: bool,
    /// Write a comment to each task that moves.
    pub announce: bool,
    /// The schedule is older than one that was imported before, as when the league's feed
    /// cannot be had: of a destination that is known, only teams that are not there come from it.
    pub is_outdated: bool,
}

/// The changes that bring every destination to the schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One part a destination.
    pub parts: Vec<Part>,
    /// Whether a comment tells of each task that moves.
    pub announces: bool,
}

/// The changes to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The destination's key in the record.
    pub key: String,
    /// Where its tasks go.
    pub destination: Destination,
    /// The sections that have to be created first.
    pub sections: Vec<SectionName>,
    /// What changes, in the order of the tip-offs.
    pub changes: Vec<Change>,
    /// What is deleted when all changes are made.
    pub closing: Vec<Closing>,
    /// What stays the person's although the schedule or this run would have it otherwise.
    pub kept: Vec<Kept>,
    /// Tasks that are as they should be.
    pub unchanged: usize,
    /// Tasks that the person ticked off or deleted, which stay so.
    pub respected: usize,
    /// Nothing was compared, only teams that were not there are: the schedule is older than the one
    /// imported before.
    pub is_outdated: bool,
}

/// Where tasks go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A project that is there, whatever it is called by now, or a section of the Inbox.
    Existing {
        /// Todoist's id of the project.
        project: String,
        /// Todoist's id of the section, if the destination is one.
        section: Option<String>,
        /// Its present name.
        name: String,
    },
    /// One to be created first.
    New {
        /// The name that it gets.
        name: String,
        /// What it will be.
        place: NewPlace,
    },
    /// One that the person deleted or archived: nothing is written.
    Closed {
        /// Its last name.
        name: String,
        /// What they did.
        fate: Fate,
    },
}

/// What is created for an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewPlace {
    /// A project of the import's own.
    Project {
        /// The colour that it should come near to.
        color: Rgb,
    },
    /// A section of the Inbox, for one team.
    InboxSection {
        /// The Inbox, by Todoist's id.
        inbox: String,
    },
}

/// What is deleted with the last task of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The project, by Todoist's id.
    Project(String),
    /// The destination's own section of the Inbox, likewise.
    InboxSection(String),
    /// A section that an import made within a project, likewise.
    Section(String),
}

/// A change to one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A task that is not there.
    Create(Task),
    /// Some of its fields are changed.
    Update {
        /// Todoist's id.
        id: String,
        /// What they become.
        task: Task,
        /// Which.
        fields: Vec<Field>,
        /// When it was due.
        was: Occasion,
        /// Todoist's id of the reminder that we set earlier.
        reminder: Option<String>,
    },
    /// A task of ours that is not wanted any more.
    Delete {
        /// Todoist's id.
        id: String,
        /// What it is about.
        subject: Subject,
        /// The title that we gave it.
        title: String,
        /// When it was due.
        was: Occasion,
    },
}

/// What stays the person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the task is about.
    pub subject: Subject,
    /// The title by which it is listed: that which it has, or that which we would give it.
    pub title: String,
    /// Why it stays.
    pub why: Theirs,
}

/// What the person has made their own of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Theirs {
    /// These fields.
    Fields(Vec<Field>),
    /// They moved it to another project.
    Moved,
    /// They hung something on it: parts or comments.
    Laden,
    /// They ticked it off.
    TickedOff,
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
    /// A project would have more sections than the account's plan allows.
    #[error("\"{name}\" would have {wanted} sections, and your Todoist plan allows {most}")]
    NoRoomForSections {
        /// The project.
        name: String,
        /// Sections after the import.
        wanted: usize,
        /// The plan's limit.
        most: usize,
    },
    /// The same games are in another place already, and would be doubled.
    #[error("{games} are in {place} already, and would be there twice")]
    HeldElsewhere {
        /// Whose games.
        games: String,
        /// Where they are, in words.
        place: String,
        /// The option that says so.
        option: String,
    },
    /// Todoist did not say which project is the Inbox.
    #[error("Todoist does not say which project your Inbox is")]
    NoInbox,
}

impl Change {
    /// What the task is about.
    pub fn subject(&self) -> &Subject {
        match self {
            Self::Create(task) | Self::Update { task, .. } => &task.subject,
            Self::Delete { subject, .. } => subject,
        }
    }

    /// The title by which a report names it.
    pub fn title(&self) -> &str {
        match self {
            Self::Create(task) | Self::Update { task, .. } => &task.content,
            Self::Delete { title, .. } => title,
        }
    }

    /// Todoist's id of the task that is deleted, if one is.
    pub fn deleted_id(&self) -> Option<&str> {
        match self {
            Self::Delete { id, .. } => Some(id),
            Self::Create(_) | Self::Update { .. } => None,
        }
    }

    /// The task that is created or changed.
    pub fn task(&self) -> Option<&Task> {
        match self {
            Self::Create(task) | Self::Update { task, .. } => Some(task),
            Self::Delete { .. } => None,
        }
    }
}

impl Plan {
    /// Compares what the orders want with what the record knows of the account. `laden` are the
    /// tasks on which people have hung something, by id; they are never deleted.
    ///
    /// # Errors
    /// [`PlanError`] if the orders do not go together with what is there.
    pub fn new(
        orders: &[Order],
        record: &Record,
        laden: &BTreeSet<String>,
        wishes: Wishes,
    ) -> Result<Self, PlanError> {
        for order in orders {
            comparing::check_place(order, record)?;
        }
        let part = |order| Part::new(order, record, laden, wishes);
        let parts = orders.iter().map(part).collect::<Result<_, _>>()?;
        Ok(Self { parts, announces: wishes.announce })
    }

    /// Whether nothing has to be written.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(Part::is_empty)
    }

    /// How many tasks change.
    pub fn changes(&self) -> usize {
        self.parts.iter().map(|part| part.changes.len()).sum()
    }

    /// Whether any task is deleted.
    pub fn deletes(&self) -> bool {
        let mut changes = self.parts.iter().flat_map(|part| &part.changes);
        changes.any(|change| matches!(change, Change::Delete { .. }))
    }

    /// Whether any task is created.
    pub fn creates(&self) -> bool {
        self.parts.iter().any(|part| part.creations() > 0 || !part.sections.is_empty())
    }
}

impl Part {
    /// A part in which nothing changes.
    fn unchanged(key: &str, destination: Destination) -> Self {
        Self {
            key: key.to_owned(),
            destination,
            sections: Vec::new(),
            changes: Vec::new(),
            closing: Vec::new(),
            kept: Vec::new(),
            unchanged: 0,
            respected: 0,
            is_outdated: false,
        }
    }

    /// What its project or section is called.
    pub fn name(&self) -> &str {
        match &self.destination {
            Destination::Existing { name, .. }
            | Destination::New { name, .. }
            | Destination::Closed { name, .. } => name,
        }
    }

    /// Whether nothing of it has to be written.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.closing.is_empty()
    }

    fn creations(&self) -> usize {
        self.changes.iter().filter(|change| matches!(change, Change::Create(_))).count()
    }
}

#[cfg(test)]
mod histories;
