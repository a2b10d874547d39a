//! What is said about `nbatodo config` and what can be typed behind it.

mod path;
mod set;
mod show;
mod unset;

use super::{Example, Text, files};
use crate::commands::Exit;

pub(super) use path::TEXT as PATH;
pub(super) use set::TEXT as SET;
pub(super) use show::TEXT as SHOW;
pub(super) use unset::TEXT as UNSET;

pub(super) const TEXT: Text = Text {
    command: "config",
    summary: "Shows and changes what you would otherwise type each time, such as your team. \
              What is typed or in the environment is stronger than the file.",
    notes: &[
        "In the file, the table of a profile, [profiles.NAME], is stronger than what stands above \
         it. With --profile NAME, \"set\" and \"unset\" are about that table.",
    ],
    examples: &[
        Example { line: "nbatodo config set team BOS", does: "Set your team" },
        Example { line: "nbatodo config show", does: "Show what is set, and where" },
        Example { line: "nbatodo config unset team", does: "Set it no longer" },
    ],
    exits: EXITS,
    environment: &["NBATODO_CONFIG", "NBATODO_PROFILE", "NBATODO_TEAM"],
    files: &[files::SETTINGS],
    see_also: &["import", "status", "doctor"],
};

/// How each of them can end.
const EXITS: &[Exit] = &[Exit::Done, Exit::Failed, Exit::Usage, Exit::Interrupted];
