//! What is said about `nbatodo sandbox`.

use super::{Example, Text};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "sandbox",
    summary: "Runs a stand-in for Todoist on this machine, with sign-in, limits and a page that \
              shows what is in it. It prints two lines to paste into another terminal, and \
              forgets everything when Ctrl-C ends it.",
    notes: &["Nobody but this machine can reach it."],
    examples: &[
        Example { line: "nbatodo sandbox", does: "Run until Ctrl-C (exit code 130)" },
        Example {
            line: "nbatodo sandbox --plan pro --port 0",
            does: "With the limits of a paid plan, on any free port (exit code 130)",
        },
    ],
    exits: &[Exit::Failed, Exit::Usage, Exit::Interrupted],
    environment: &[],
    files: &[],
    see_also: &["demo", "login"],
};
