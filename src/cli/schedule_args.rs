//! What can be typed about where the schedule comes from.

use crate::commands::games::{Games, Place, Source};
use crate::model::Season;
use crate::model::origin::InvalidAddress;
use crate::schedule::Asking;

/// For every command that needs games.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Where the schedule comes from")]
pub struct ScheduleArgs {
    /// Another source: the league's feed, ESPN's schedule, a fixture list or our own table (CSV),
    /// or a calendar, as a file, an address, or "-" for standard input
    #[arg(long, value_name = "FILE|URL|-", value_parser = place)]
    #[arg(conflicts_with_all = ["refresh", "strict_feed", "offline"])]
    pub schedule: Option<Place>,
    /// The games of this season, such as 2026-27 [default: the one that the league has out]
    #[arg(long, value_name = "SEASON")]
    pub season: Option<Season>,
    /// Ask the league at once, even if it was asked within the last quarter of an hour
    #[arg(long)]
    pub refresh: bool,
    /// Leave the league alone: take the last good copy of its schedule, or the bundled one
    #[arg(long, conflicts_with_all = ["refresh", "strict_feed"])]
    pub offline: bool,
    /// Fail with exit code 3 if the league's schedule cannot be had, instead of using a copy
    #[arg(long, value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub strict_feed: Option<bool>,
}

impl ScheduleArgs {
    /// The games that are wanted. `usually_strict` is what the settings say about copies of the
    /// league's schedule, for a command line that is silent about where it comes from.
    pub fn games(&self, usually_strict: bool) -> Games {
        let asking = match (self.refresh, self.offline) {
            (_, true) => Asking::Offline,
            (true, _) => Asking::Refresh,
            _ => Asking::Usual,
        };
        let from = self.schedule.clone().map_or(Source::Feed, Source::Given);
        let is_usual = !self.offline && self.schedule.is_none();
        let strict = self.strict_feed.unwrap_or(usually_strict && is_usual);
        Games { from, asking, season: self.season, strict }
    }
}

/// A scheme makes an address of it; `webcal` is how calendars are handed out.
fn place(text: &str) -> Result<Place, String> {
    let https = text.strip_prefix("webcal://").map(|rest| format!("https://{rest}"));
    let text = https.as_deref().unwrap_or(text);
    match text {
        "" => Err("it takes a file, an address or \"-\"".to_owned()),
        "-" => Ok(Place::Input),
        _ if text.contains("://") => {
            text.parse().map(Place::At).map_err(|why: InvalidAddress| why.to_string())
        }
        path => Ok(Place::File(path.into())),
    }
}
