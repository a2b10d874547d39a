//! What is said about `nbatodo` as a whole.

use super::{Example, Text, files, variables};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "",
    summary: "Puts every coming game of your NBA team into Todoist, right to the minute. \
              Run it again at any time: moved games move, and what you changed stays yours.",
    notes: &[
        "Start with \"nbatodo demo\": it shows everything, and needs no account.",
        "Every setting of \"nbatodo config\" has a variable: NBATODO_ and its name in capitals.",
    ],
    examples: &[
        Example { line: "nbatodo demo", does: "Show everything once: no account, no network" },
        Example { line: "nbatodo login", does: "Sign in to Todoist in your browser" },
        Example {
            line: "nbatodo import --team BOS",
            does: "Put the Celtics' coming games into Todoist, or bring them up to date",
        },
        Example {
            line: "nbatodo schedule --team BOS --next 5",
            does: "Show their next five games, without signing in",
        },
        Example { line: "nbatodo logout", does: "Sign out: nothing is left that opens anything" },
    ],
    exits: &Exit::ALL,
    environment: &variables::NAMES,
    files: &[files::SETTINGS, files::SESSIONS, files::IMPORTS, files::KEYS, files::SCHEDULES],
    see_also: &["login", "import", "status", "logout", "doctor"],
};
