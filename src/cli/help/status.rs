//! What is said about `nbatodo status`.

use super::{EXITS_OF_A_SESSION, Example, Text, files};

pub(super) const TEXT: Text = Text {
    command: "status",
    summary: "Shows who is signed in, for how long, and where the session's key lies. \
              It ends with 4 if nobody is, so that a script can ask.",
    notes: &[],
    examples: &[
        Example { line: "nbatodo status", does: "Show who is signed in" },
        Example {
            line: "nbatodo status --quiet || echo \"sign in first\"",
            does: "Let a script ask whether anybody is",
        },
        Example { line: "nbatodo status --format json", does: "The same for a program" },
    ],
    exits: EXITS_OF_A_SESSION,
    environment: &[
        "NBATODO_PROFILE",
        "NBATODO_TOKEN_FILE",
        "NBATODO_KEY_STORE",
        "NBATODO_KEY_FILE",
        "NBATODO_SESSION_STORE",
    ],
    files: &[files::SETTINGS, files::SESSIONS, files::KEYS],
    see_also: &["login", "logout", "doctor"],
};
