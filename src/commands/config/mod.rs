//! `nbatodo config`: what is set and where, and changes to the settings file.

mod changing;
mod newcomer;
mod showing;

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::commands::{Report, command_for};
use crate::model::Profile;

pub use changing::{Changed, set, unset};
pub use newcomer::Newcomer;
pub use showing::{Shown, show, show_one};

/// The team of a command that needs one, and nobody knows which.
pub(super) const EXAMPLE: &str = "BOS";

/// A settings file, and what is held while it is changed.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file; a link is followed.
    pub path: PathBuf,
    /// Held while the file is read, changed and written: two changes at once are both made.
    pub lock: PathBuf,
}

/// Where the settings file is.
#[derive(Debug, Serialize)]
pub struct FilePath {
    path: String,
    exists: bool,
}

/// The command that sets a team once and for all.
pub(super) fn set_team(profile: &Profile, team: &str) -> String {
    command_for(profile, &format!("config set team {team}"))
}

/// Tells where the settings file is, or would be.
pub fn path(place: &Place) -> FilePath {
    FilePath { path: place.path.display().to_string(), exists: place.path.exists() }
}

impl Report for FilePath {
    fn is_for_programs(&self) -> bool {
        true
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.path)
    }
}
