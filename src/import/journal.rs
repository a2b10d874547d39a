//! What is under way: written before it is sent, so that a run that finds it can send the same
//! again, under the same UUIDs, and Todoist executes nothing twice.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::import::field::Traces;
use crate::import::plan::Change;
use crate::model::GameId;

/// The version of the journal's shape.
const VERSION: u32 = 1;

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
    /// Its UUID.
    pub uuid: Uuid,
    /// The temporary id of what it creates.
    pub temp_id: Uuid,
}

/// What a command does: two that do the same are the same command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Creates the project of a destination.
    Project {
        /// The destination's key.
        key: String,
    },
    /// Creates a task.
    Create {
        /// The destination's key.
        key: String,
        /// The game.
        game: GameId,
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
}

impl Deed {
    /// What a change to a task of destination `key` does.
    pub fn of(key: &str, change: &Change) -> Self {
        match change {
            Change::Create(task) => {
                let (game, wish) = (task.game.clone(), task.traces());
                Self::Create { key: key.to_owned(), game, wish }
            }
            Change::Update { id, task, fields, .. } => {
                let mut wish = task.traces();
                wish.retain(|field, _| fields.contains(field));
                Self::Update { id: id.clone(), wish }
            }
        }
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

    /// What a task was to be like that destination `key` created for `game`, or that was changed
    /// under the id `id`.
    pub fn wish_for(&self, key: &str, game: &GameId, id: &str) -> Option<&Traces> {
        self.entries.iter().find_map(|entry| match &entry.deed {
            Deed::Create { key: of, game: made, wish } if of == key && made == game => Some(wish),
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
