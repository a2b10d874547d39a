//! What is said about `nbatodo config set`.

use super::super::{Example, Text, files};
use super::EXITS;

pub(in crate::cli::help) const TEXT: Text = Text {
    command: "config set",
    summary: "Puts a setting into the file, once it is known to be one that can be used. \
              All else in the file stays as it is: comments, order, line ends.",
    notes: &[
        "A secret is not taken from the command line, where others can read it: it is asked for \
         unseen, or read from standard input.",
    ],
    examples: &[
        Example { line: "nbatodo config set team BOS,LAL", does: "Set two teams" },
        Example {
            line: "nbatodo config set destination inbox --profile anna",
            does: "Set something for one profile",
        },
        Example {
            line: "nbatodo config set title \"{home} - {away}\"",
            does: "Set what tasks are called",
        },
    ],
    exits: EXITS,
    environment: &["NBATODO_CONFIG"],
    files: &[files::SETTINGS],
    see_also: &["config unset", "config show", "import"],
};
