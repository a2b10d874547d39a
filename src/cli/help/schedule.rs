//! What is said about `nbatodo schedule`.

use super::{Example, Text, files};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "schedule",
    summary: "Shows a team's coming games in your time zone, without signing in. \
              It also prints them as a calendar (ics), as a table (csv) or for a program (json).",
    notes: &[
        "Times are in the zone of your Todoist account, where an earlier run has learnt it, and \
         else in this machine's. With --month, a calendar (ics), a table (csv) and json have the \
         games of that month alone.",
        "In a table, \u{203a} marks the next game, \u{2022} one of today, \u{bb} one that is \
              both.",
    ],
    examples: &[
        Example {
            line: "nbatodo schedule --team BOS --next 5",
            does: "The next five games of the Celtics",
        },
        Example {
            line: "nbatodo schedule --team BOS --month --timezone Europe/Berlin",
            does: "A month at a glance, as the clocks in Berlin have it",
        },
        Example {
            line: "nbatodo schedule --team BOS --home --opponent Knicks",
            does: "Home games against one team",
        },
        Example {
            line: "nbatodo schedule --team BOS --next 5 --plain",
            does: "In words alone, for a screen reader",
        },
        Example {
            line: "nbatodo schedule --team BOS --format ics > celtics.ics",
            does: "A file for any calendar",
        },
    ],
    exits: &[Exit::Done, Exit::Failed, Exit::Usage, Exit::Temporary, Exit::Interrupted],
    environment: &["NBATODO_TEAM", "NBATODO_SCHEDULE_URL", "HTTPS_PROXY", "NO_COLOR"],
    files: &[files::SETTINGS, files::SCHEDULES],
    see_also: &["teams", "import"],
};
