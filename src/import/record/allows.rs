//! What an account's plan allows.

use serde::{Deserialize, Serialize};

/// What a Todoist plan allows tasks to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allows {
    /// Reminders at a time of the person's choice.
    pub reminders: bool,
    /// Durations.
    pub durations: bool,
    /// Comments.
    #[serde(default = "allowed")]
    pub comments: bool,
}

fn allowed() -> bool {
    true
}

impl Default for Allows {
    /// Everything, until Todoist says otherwise.
    fn default() -> Self {
        Self { reminders: true, durations: true, comments: true }
    }
}
