//! What is said about `nbatodo demo`.

use super::{Example, Text};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "demo",
    summary: "Signs in, imports, imports again and signs out, against a stand-in for Todoist in \
              the same process. It needs no account, keyring, browser or network, and leaves \
              nothing behind.",
    notes: &[],
    examples: &[
        Example { line: "nbatodo demo", does: "With the Celtics" },
        Example { line: "nbatodo demo --team Lakers", does: "With your own team" },
    ],
    exits: &[Exit::Done, Exit::Failed, Exit::Usage, Exit::Interrupted],
    environment: &["NO_COLOR"],
    files: &[],
    see_also: &["sandbox", "login", "import"],
};
