//! What is said about `nbatodo import`.

use super::{Example, Text, files};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "import",
    summary: "Puts a team's coming games into Todoist, in a project of their own or where you \
              say. A later run changes only what the league changed, and leaves alone what you \
              edited, moved, ticked off or deleted.",
    notes: &[
        "A narrower filter on a later run removes nothing that an earlier run made, except with \
         --prune. Changing what a task holds updates the tasks that you left alone.",
        "With --title, these fields in braces are filled in: {team}, {opponent}, {vs} (\"vs\" at \
         home, \"at\" away), {city}, {team_code}, {opponent_code}, {home}, {away}, {arena}, {tv}, \
         {label}, {date}, {time}. A brace itself is written twice.",
    ],
    examples: &[
        Example { line: "nbatodo import --team BOS", does: "All coming games of the Celtics" },
        Example {
            line: "nbatodo import --team BOS --dry-run",
            does: "Show what would change, and change nothing",
        },
        Example {
            line: "nbatodo import --team BOS,LAL --home --destination inbox",
            does: "The home games of two teams, each in a section of your Inbox",
        },
        Example {
            line: "nbatodo import --conference east --one-project \"The East\" --next 3",
            does: "The next three games of each team of the East, in one project",
        },
        Example {
            line: "nbatodo import --team BOS --title \"{team} {vs} {opponent}, {tv}\"",
            does: "With the television stations in the title",
        },
        Example {
            line: "nbatodo import --team BOS --label nba --priority p2 --duration 2h30m",
            does: "With a label, a priority and a length",
        },
        Example {
            line: "nbatodo import --team BOS --quiet",
            does: "As from cron: not a word, unless something is wrong",
        },
        Example {
            line: "nbatodo import --team BOS --session-store memory",
            does: "Sign in, import and sign out in one run, on a machine that is not yours",
        },
        Example {
            line: "nbatodo import --all-profiles --team BOS --dry-run",
            does: "What would change for everybody who has signed in here; the exit code is that \
                   of the worst",
        },
        Example {
            line: "nbatodo import --team BOS --format jsonl",
            does: "Tell a program what happens as it happens, an event a line",
        },
        Example {
            line: "nbatodo import --team BOS --label new --dry-run --detailed-exitcode",
            does: "Let a script ask whether anything would change (exit code 10)",
        },
    ],
    exits: &Exit::ALL,
    environment: &[
        "NBATODO_TEAM",
        "NBATODO_PROFILE",
        "NBATODO_TOKEN_FILE",
        "NBATODO_KEY_FILE",
        "NBATODO_SESSION_STORE",
        "NBATODO_SCHEDULE_URL",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
    ],
    files: &[files::SETTINGS, files::SESSIONS, files::IMPORTS, files::KEYS, files::SCHEDULES],
    see_also: &["login", "schedule", "remove", "doctor"],
};
