//! What is said about `nbatodo config path`.

use super::super::{Example, Text, files};
use super::EXITS;

pub(in crate::cli::help) const TEXT: Text = Text {
    command: "config path",
    summary: "Shows where the settings file is, whether it is there or not. \
              --config and NBATODO_CONFIG name another.",
    notes: &[],
    examples: &[Example { line: "nbatodo config path", does: "Show where the file is" }],
    exits: EXITS,
    environment: &["NBATODO_CONFIG"],
    files: &[files::SETTINGS],
    see_also: &["config show"],
};
