//! What is under way: written before it is sent, so that a run that finds it can send the same
//! again, under the same UUIDs, and Todoist executes nothing twice.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::import::field::{Field, Traces};
use crate::import::subject::Subject;
use crate::import::task::{Occasion, SectionName, Task};

/// The version of the journal's shape.
const VERSION: u32 = 2;

/// The commands of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    version: u32,
    /// Whose account it is for.
    pub account: String,
    /// The commands.
    pub entries: Vec<Entry>,
}

/// One command, as far as it has to be recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it does.
    pub deed: Deed,
    /// Todoist executes it once under this, however often it is sent.
    pub uuid: Uuid,
    /// The temporary id of what it creates.
    pub temp_id: Uuid,
}

/// What a command does: two that do the same are the same command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Creates the project or the section that a destination is.
    Place {
        /// The destination's key.
        key: String,
    },
    /// Creates a section within a destination.
    Section {
        /// The destination's key.
        key: String,
        /// The name that it gets.
        name: String,
    },
    /// Creates a task.
    Create {
        /// The destination's key.
        key: String,
        /// What it is about.
        subject: Subject,
        /// What the task is to be like.
        wish: Traces,
    },
    /// Changes a task.
    Update {
        /// Todoist's id.
        id: String,
        /// What the task is to be like.
        wish: Traces,
    },
    /// Puts a task into a section, or into none.
    Move {
        /// Todoist's id.
        id: String,
        /// Which section; `None` takes it out of any.
        spot: Option<SectionName>,
    },
    /// Sets the reminder of a task.
    Remind {
        /// The destination's key.
        key: String,
        /// What the task is about.
        subject: Subject,
        /// How many minutes before it is due.
        minutes: u32,
    },
    /// Writes a comment to a task that says from when to when it has moved.
    Comment {
        /// Todoist's id of the task.
        id: String,
        /// When it was due.
        was: Occasion,
        /// When it is due from then on.
        due: Occasion,
    },
    /// Deletes a task.
    Delete {
        /// Todoist's id.
        id: String,
    },
    /// Deletes the project or the section that a destination is.
    Close {
        /// The destination's key.
        key: String,
    },
    /// Deletes a section within a destination.
    CloseSection {
        /// Todoist's id.
        id: String,
    },
}

impl Deed {
    /// The creation of a task in destination `key`. Its reminder is a deed of its own.
    pub fn created(key: &str, task: &Task) -> Self {
        let mut wish = task.traces();
        wish.remove(&Field::Reminder);
        Self::Create { key: key.to_owned(), subject: task.subject, wish }
    }

    /// A change of `fields` to what they are in `task`.
    pub fn updated(id: &str, task: &Task, fields: &[Field]) -> Self {
        let mut wish = task.traces();
        wish.retain(|field, _| fields.contains(field));
        Self::Update { id: id.to_owned(), wish }
    }

    /// A reminder of a task in destination `key`.
    pub fn reminded(key: &str, task: &Task, minutes: u32) -> Self {
        Self::Remind { key: key.to_owned(), subject: task.subject, minutes }
    }
}

impl Journal {
    /// A journal for `account`.
    pub fn new(account: &str, entries: Vec<Entry>) -> Self {
        Self { version: VERSION, account: account.to_owned(), entries }
    }

    /// Reads the journal of `account`. `None` if it is damaged (it was never written whole, so
    /// nothing was sent), or of another version or account.
    pub fn parse(bytes: &[u8], account: &str) -> Option<Self> {
        let journal: Self = serde_json::from_slice(bytes).ok()?;
        (journal.version == VERSION && journal.account == account).then_some(journal)
    }

    /// What this and `other` have under way, by what each has sent.
    #[must_use]
    pub fn beside(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self
    }

    /// What a task was to be like that destination `key` created for `subject`, or that was
    /// changed under the id `id`.
    pub fn wish_for(&self, key: &str, subject: &Subject, id: &str) -> Option<&Traces> {
        self.entries.iter().find_map(|entry| match &entry.deed {
            Deed::Create { key: of, subject: made, wish } if of == key && made == subject => {
                Some(wish)
            }
            Deed::Update { id: changed, wish } if changed == id => Some(wish),
            _ => None,
        })
    }

    /// The ids under which the same deed was sent before.
    pub fn ids_of(&self, deed: &Deed) -> Option<(Uuid, Uuid)> {
        let entry = self.entries.iter().find(|entry| entry.deed == *deed)?;
        Some((entry.uuid, entry.temp_id))
    }
}
