//! What an import remembers of an account: enough to tell the person's changes from the
//! schedule's, and nothing to read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::import::field::{Field, Trace, Traces};
use crate::model::GameId;

/// The version of the record's shape. A record of another version counts as lost, and the
/// tasks are adopted again by their links.
const VERSION: u32 = 1;

/// The record of one profile. The token by which Todoist tells what has changed since belongs
/// to the whole account, so one record holds every destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// Todoist's id of the account: another account under the same profile starts afresh.
    pub account: String,
    /// Up to where Todoist's changes have been read.
    pub sync_token: String,
    /// The zone in which the person reads times, as an IANA name.
    pub zone: Option<String>,
    /// The destinations by the name that the command line gives them.
    pub destinations: BTreeMap<String, DestinationRecord>,
}

/// One destination: a project, or a section of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestinationRecord {
    /// The project.
    pub project: String,
    /// Its name when last seen.
    pub name: String,
    /// The section in it that all tasks go to, if the destination is one.
    pub section: Option<String>,
    /// The sections by month, by their name.
    #[serde(default)]
    pub months: BTreeMap<String, String>,
    /// What the person did with it.
    pub fate: Fate,
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
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Todoist's id.
    pub id: String,
    /// What the person did with it.
    pub fate: Fate,
    /// Its fields.
    pub fields: BTreeMap<Field, Written>,
}

/// One field as we left it, and as it was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What we asked for: another wish than this means that the schedule or an option changed.
    pub sent: Trace,
    /// What Todoist made of it: another value than this means that the person changed it.
    pub stored: Trace,
    /// Whether the person's own value stands there now.
    pub theirs: bool,
}

/// A task of ours as a sync lists it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Todoist's id.
    pub id: String,
    /// What the person did with it.
    pub fate: Fate,
    /// Its fields now.
    pub traces: Traces,
}

impl Record {
    /// The record of an account of which nothing is known yet.
    pub fn new(account: &str) -> Self {
        Self {
            version: VERSION,
            account: account.to_owned(),
            sync_token: String::new(),
            zone: None,
            destinations: BTreeMap::new(),
        }
    }

    /// Reads a record. `None` if it is damaged or of another version: it counts as lost.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        (record.version == VERSION).then_some(record)
    }

    /// Takes in what a sync says of tasks that are in the record.
    pub fn observe(&mut self, seen: &[Seen]) {
        for destination in self.destinations.values_mut() {
            for task in destination.tasks.values_mut() {
                if let Some(now) = seen.iter().find(|seen| seen.id == task.id) {
                    task.observe(now);
                }
            }
        }
    }
}

impl TaskRecord {
    /// The record of a task that was sent as `sent` and now reads as `seen`.
    pub fn created(id: String, sent: &Traces, seen: Option<&Traces>) -> Self {
        let fields = sent
            .iter()
            .map(|(field, sent)| {
                let stored = seen.and_then(|seen| seen.get(field)).unwrap_or(sent);
                (*field, Written { sent: *sent, stored: *stored, theirs: false })
            })
            .collect();
        Self { id, fate: Fate::Active, fields }
    }

    /// The record of a task that was found by its link. Without a memory, a field is ours if it
    /// reads as the schedule has it, or had it (`known`); anything else is the person's.
    pub fn adopted(seen: &Seen, wish: &Traces, known: &[Traces]) -> Self {
        let fields = wish
            .iter()
            .map(|(field, wish)| {
                let now = seen.traces.get(field).unwrap_or(wish);
                let was_ours = known.iter().any(|known| known.get(field) == Some(now));
                let theirs = now != wish && !was_ours;
                // A value of the person's stands for nothing that we sent; so that it is not
                // taken for a change of the schedule, the present wish counts as sent.
                let sent = if theirs { *wish } else { *now };
                (*field, Written { sent, stored: *now, theirs })
            })
            .collect();
        Self { id: seen.id.clone(), fate: seen.fate, fields }
    }

    fn observe(&mut self, seen: &Seen) {
        self.fate = seen.fate;
        for (field, written) in &mut self.fields {
            if let Some(now) = seen.traces.get(field) {
                written.theirs = *now != written.stored;
            }
        }
    }

    /// Takes in that `sent` was written and now reads as `seen`.
    pub fn updated(&mut self, sent: &Traces, seen: Option<&Traces>) {
        for (field, sent) in sent {
            let stored = seen.and_then(|seen| seen.get(field)).unwrap_or(sent);
            self.fields
                .insert(*field, Written { sent: *sent, stored: *stored, theirs: false });
        }
    }
}
