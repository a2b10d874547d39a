//! What is said about `nbatodo logout`.

use super::{Example, Text, files};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "logout",
    summary: "Signs out: revokes the token at Todoist, destroys the key and deletes the session \
              file. Each step is tried even if one before it fails, and each is said.",
    notes: &["Tasks, and what imports remember, stay where they are. It also ends staying signed \
              in."],
    examples: &[
        Example { line: "nbatodo logout", does: "Sign out" },
        Example {
            line: "nbatodo logout --profile work",
            does: "Sign the account out that is called so here",
        },
    ],
    exits: &[
        Exit::Done,
        Exit::Failed,
        Exit::Usage,
        Exit::Temporary,
        Exit::KeyStore,
        Exit::Interrupted,
    ],
    environment: &[
        "NBATODO_PROFILE",
        "NBATODO_KEY_STORE",
        "NBATODO_KEY_FILE",
        "NBATODO_SESSION_STORE",
        "HTTPS_PROXY",
    ],
    files: &[files::SETTINGS, files::SESSIONS, files::KEYS],
    see_also: &["login", "status"],
};
