//! What is said about `nbatodo remove`.

use super::{Example, Text, files};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "remove",
    summary: "Takes an import back: deletes the tasks that it made and that you left alone. \
              It needs leave to delete, from \"nbatodo login --allow-delete\".",
    notes: &["What you edited, moved, ticked off or hung subtasks or comments on stays, and is \
              listed. A project or section goes only if an import made it and nothing else is \
              in it."],
    examples: &[
        Example {
            line: "nbatodo remove --team BOS --dry-run",
            does: "Show what would be deleted, and delete nothing",
        },
        Example { line: "nbatodo remove --team BOS --yes", does: "Delete it without a question" },
        Example {
            line: "nbatodo remove --team BOS --destination inbox --yes",
            does: "Delete only what is in your Inbox",
        },
        Example {
            line: "nbatodo remove --one-project \"The East\" --yes",
            does: "Delete what was made for several teams",
        },
    ],
    exits: &[
        Exit::Done,
        Exit::Failed,
        Exit::Usage,
        Exit::Temporary,
        Exit::SignIn,
        Exit::KeyStore,
        Exit::Partial,
        Exit::Interrupted,
    ],
    environment: &[
        "NBATODO_TEAM",
        "NBATODO_PROFILE",
        "NBATODO_TOKEN_FILE",
        "NBATODO_KEY_FILE",
        "NBATODO_SESSION_STORE",
    ],
    files: &[files::SETTINGS, files::SESSIONS, files::IMPORTS, files::KEYS],
    see_also: &["login", "import"],
};
