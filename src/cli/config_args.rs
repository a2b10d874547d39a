//! What can be typed after `nbatodo config`.

use clap::Subcommand;

/// `nbatodo config`
#[derive(Debug, clap::Args)]
pub struct Config {
    /// What to do
    #[command(subcommand)]
    pub what: What,
}

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Show what is set, and where: flag, environment or file
    Show {
        /// The value of this setting alone, for a script: of a list, each in a line of its own
        key: Option<String>,
        /// Also what is not set, with what holds instead
        #[arg(long, conflicts_with = "key")]
        all: bool,
    },
    /// Show where the settings file is
    Path,
    /// Set something in the file, for every profile or for one
    Set {
        /// The setting, such as team; "show --all" lists them
        key: String,
        /// The value; several, or with commas between, where the setting is a list. A secret is
        /// never given here: it is asked for unseen, or read from standard input
        value: Vec<String>,
    },
    /// Take something out of the file, also what keeps the file from being read
    Unset {
        /// The setting
        key: String,
    },
}
