//! What is said about `nbatodo man`.

use super::{Example, Text};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "man",
    summary: "Prints the manual page of nbatodo or of one of its commands, for man to format. \
              With --folder it writes the pages of all commands, for man to find.",
    notes: &[],
    examples: &[
        Example { line: "nbatodo man | man -l -", does: "Read the page of nbatodo" },
        Example { line: "nbatodo man import | man -l -", does: "Read the page of a command" },
        Example {
            line: "nbatodo man --folder ~/.local/share/man/man1",
            does: "Install all pages; then \"man nbatodo\" works",
        },
    ],
    exits: &[Exit::Done, Exit::Failed, Exit::Usage],
    environment: &[],
    files: &[],
    see_also: &["completions"],
};
