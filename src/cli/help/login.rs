//! What is said about `nbatodo login`.

use super::{EXITS_OF_A_SESSION, Example, Text, files};

pub(super) const TEXT: Text = Text {
    command: "login",
    summary: "Signs in to Todoist in your browser, and keeps the sealed session for one hour. \
              With --stay-signed-in, later runs renew it by themselves, as from cron.",
    notes: &["On a machine without a browser it prints an address to open anywhere else. Then \
              copy the address at which that browser ends up, and paste it into the terminal."],
    examples: &[
        Example { line: "nbatodo login", does: "Sign in for one hour" },
        Example { line: "nbatodo login --stay-signed-in", does: "Sign in until you log out" },
        Example {
            line: "nbatodo login --profile work",
            does: "Sign in to another account, under a name of its own",
        },
        Example {
            line: "nbatodo login --allow-delete --ttl 15m",
            does: "Sign in for a quarter of an hour, to take imports back",
        },
    ],
    exits: EXITS_OF_A_SESSION,
    environment: &[
        "NBATODO_PROFILE",
        "NBATODO_KEY_STORE",
        "NBATODO_KEY_FILE",
        "NBATODO_SESSION_STORE",
        "NBATODO_CLIENT_ID",
        "NBATODO_CLIENT_SECRET",
        "BROWSER",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
    ],
    files: &[files::SETTINGS, files::SESSIONS, files::KEYS],
    see_also: &["status", "import", "logout"],
};
