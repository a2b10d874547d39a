//! What can be typed about where the schedule comes from.

use crate::commands::games::{Games, Source};
use crate::model::Season;
use crate::schedule::Asking;

/// For every command that needs games.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Where the schedule comes from")]
pub struct ScheduleArgs {
    /// The games of this season, such as 2026-27 [default: the one that the league has out]
    #[arg(long, value_name = "SEASON")]
    pub season: Option<Season>,
    /// Ask the league at once, even if it was asked within the last quarter of an hour
    #[arg(long)]
    pub refresh: bool,
    /// Ask nobody: take the last good copy of the league's schedule, or the bundled one
    #[arg(long, conflicts_with_all = ["refresh", "strict_feed"])]
    pub offline: bool,
    /// Fail with exit code 3 if the league's schedule cannot be had, instead of using a copy
    #[arg(long)]
    pub strict_feed: bool,
}

impl ScheduleArgs {
    /// The games that are wanted.
    pub fn games(&self) -> Games {
        let asking = match (self.refresh, self.offline) {
            (_, true) => Asking::Offline,
            (true, _) => Asking::Refresh,
            _ => Asking::Usual,
        };
        Games { from: Source::Feed, asking, season: self.season, strict: self.strict_feed }
    }
}
