//! What an account's plan allows.

use serde::{Deserialize, Serialize};

/// What a Todoist plan allows tasks to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allows {
    /// Reminders at a time of the person's choice.
    pub reminders: bool,
    /// How long a task takes, beside when it is due.
    pub durations: bool,
    /// Comments on a task.
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
