//! What is said about `nbatodo teams`.

use super::{Example, Text};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "teams",
    summary: "Shows the thirty teams, with the three letters of each. \
              Options such as --team take these, and also nicknames, cities and common names.",
    notes: &[],
    examples: &[
        Example { line: "nbatodo teams", does: "Show the thirty teams" },
        Example {
            line: "nbatodo teams --format json",
            does: "With colours, time zones and other names, for a program",
        },
    ],
    exits: &[Exit::Done, Exit::Failed, Exit::Usage],
    environment: &["NO_COLOR"],
    files: &[],
    see_also: &["schedule", "import"],
};
