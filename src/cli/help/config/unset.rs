//! What is said about `nbatodo config unset`.

use super::super::{Example, Text, files};
use super::EXITS;

pub(in crate::cli::help) const TEXT: Text = Text {
    command: "config unset",
    summary: "Takes a setting out of the file; what is weaker holds again. \
              It also takes out what keeps the file from being read, such as an unknown key.",
    notes: &[],
    examples: &[Example { line: "nbatodo config unset team", does: "Set no team any more" }],
    exits: EXITS,
    environment: &["NBATODO_CONFIG"],
    files: &[files::SETTINGS],
    see_also: &["config set", "config show"],
};
