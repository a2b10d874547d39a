//! What is said about `nbatodo doctor`.

use super::{Example, Text, files};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "doctor",
    summary: "Looks for what is wrong on this machine, and says what to type about it. \
              It ends with 1 if there is a problem, and with 0 if there are only warnings.",
    notes: &["It changes nothing but an entry of its own in the key store, and shows nothing \
              secret: neither tokens nor keys, nor whose account or home directory it is. So it \
              can go into a bug report."],
    examples: &[
        Example { line: "nbatodo doctor", does: "Look at everything" },
        Example { line: "nbatodo doctor --offline", does: "Leave the network alone" },
        Example {
            line: "nbatodo doctor --make-key ~/nbatodo.key",
            does: "Make a key file, for a machine without a keyring",
        },
    ],
    exits: &[Exit::Done, Exit::Failed, Exit::Usage, Exit::Interrupted],
    environment: &[
        "NBATODO_PROFILE",
        "NBATODO_CONFIG",
        "NBATODO_KEY_STORE",
        "NBATODO_KEY_FILE",
        "NBATODO_SESSION_STORE",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
        "CREDENTIALS_DIRECTORY",
    ],
    files: &[files::SETTINGS, files::SESSIONS, files::IMPORTS, files::KEYS, files::SCHEDULES],
    see_also: &["status", "login"],
};
