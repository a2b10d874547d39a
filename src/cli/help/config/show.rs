//! What is said about `nbatodo config show`.

use super::super::{Example, Text, files, variables};
use super::EXITS;

pub(in crate::cli::help) const TEXT: Text = Text {
    command: "config show",
    summary: "Shows each setting with the place that it comes from: a flag, a variable, the file. \
              A secret is said to be set, and never shown.",
    notes: &[],
    examples: &[
        Example { line: "nbatodo config show", does: "Show what is set" },
        Example { line: "nbatodo config show --all", does: "Also what is not, with its default" },
        Example {
            line: "nbatodo config show team",
            does: "The value alone, for a script; a line each where it is a list",
        },
        Example { line: "nbatodo config show --format json", does: "All of it for a program" },
    ],
    exits: EXITS,
    environment: &variables::NAMES,
    files: &[files::SETTINGS],
    see_also: &["config set", "config path"],
};
