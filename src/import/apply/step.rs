//! What happens while a plan is made true.

use crate::import::apply::Refused;
use crate::import::plan::{Change, Part};

/// A step on the way, told when what it says is in the record.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// A batch of commands goes to Todoist.
    Sent {
        /// Which, counted from 1.
        batch: usize,
        /// How many commands it has.
        commands: usize,
    },
    /// Todoist has answered it.
    Answered {
        /// Which, counted from 1.
        batch: usize,
        /// How many commands it had.
        commands: usize,
    },
    /// Todoist has confirmed a change.
    Made {
        /// The destination's part of the plan.
        part: &'a Part,
        /// What was done.
        change: &'a Change,
    },
    /// A change was not made.
    Refused(&'a Refused),
    /// So many changes have been dealt with, one way or the other.
    DealtWith(usize),
}
