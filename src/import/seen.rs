//! What a sync lists, as far as an import looks at it.

use serde::{Deserialize, Serialize};

use crate::import::field::Traces;
use crate::import::subject::Subject;

/// What the person did with a thing of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is there.
    #[default]
    Active,
    /// Ticked off (a task), or archived (a project or a section).
    Done,
    /// Deleted in Todoist; a record says `TakenBack` where we did it.
    Deleted,
    /// Not among all that is active: ticked off, archived or deleted, nobody can say which.
    Gone,
    /// Deleted by us, because the person asked for that: a later import starts anew.
    TakenBack,
}

impl Fate {
    /// What is not active any more, and was so when it was seen last, has met an unknown fate.
    pub fn unless_active(self) -> Self {
        if self == Self::Active { Self::Gone } else { self }
    }
}

/// A task as a sync lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Todoist's id.
    pub id: String,
    /// Todoist's id of the project that it is in.
    pub project: String,
    /// Todoist's id of the section that it is in.
    pub section: Option<String>,
    /// Todoist's id of the task that it is a part of.
    pub parent: Option<String>,
    /// How many comments have been written to it.
    pub comments: u32,
    /// Its title as it stands there, the person's words included.
    pub title: String,
    /// What it is about, if it is about anything that we know.
    pub subject: Option<Subject>,
    /// What the person did with it.
    pub fate: Fate,
    /// All its fields now, but its reminders, which a sync lists on their own.
    pub traces: Traces,
    /// Its reminders, as far as this sync lists them.
    pub reminders: Vec<SeenReminder>,
}

/// A reminder as a sync lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenReminder {
    /// Todoist's id.
    pub id: String,
    /// Todoist's id of the task that it reminds of.
    pub task: String,
    /// When it comes, as the record writes it; `None` if it was deleted.
    pub when: Option<String>,
}

/// A project as a sync lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenProject {
    /// Todoist's id.
    pub id: String,
    /// What it is called now.
    pub name: String,
    /// Whether it is the person's Inbox.
    pub is_inbox: bool,
    /// Todoist's id of the project that it is within.
    pub parent: Option<String>,
    /// Whether other people have a part in it.
    pub is_shared: bool,
    /// What the person did with it.
    pub fate: Fate,
}

/// A section as a sync lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSection {
    /// Todoist's id.
    pub id: String,
    /// Todoist's id of the project that it is in.
    pub project: String,
    /// What it is called now.
    pub name: String,
    /// What the person did with it.
    pub fate: Fate,
}
