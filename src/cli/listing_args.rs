//! What can be typed after `nbatodo schedule`.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::defaults::Defaults;
use crate::cli::schedule_args::ScheduleArgs;
use crate::cli::wanted_args::Wanted;
use crate::cli::zone::zone;
use crate::commands::Failure;
use crate::commands::schedule::{Layout, Request};
use crate::settings::Settings;

const SHOWN: &str = "How they are shown";

/// `nbatodo schedule`
#[derive(Debug, clap::Args)]
pub struct Schedule {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub wanted: Wanted,

    /// A calendar of a month, such as 2026-12 [default: the month of the next game]
    #[arg(
        long,
        value_name = "MONTH",
        num_args = 0..=1,
        help_heading = SHOWN,
        value_parser = month
    )]
    pub month: Option<Option<Date>>,
    /// The zone in which times are shown, such as Europe/Berlin [default: your Todoist
    /// account's, or else this machine's]
    #[arg(long, value_name = "ZONE", help_heading = SHOWN, value_parser = zone)]
    pub timezone: Option<TimeZone>,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub schedule: ScheduleArgs,
}

impl Schedule {
    /// The listing that is asked for; what the command line does not say, `settings` do.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2, as for an import.
    pub fn request(&self, settings: &Settings) -> Result<Request, Failure> {
        let defaults = Defaults::of(settings)?;
        Ok(Request {
            teams: self.wanted.teams(&settings.teams)?,
            filter: self.wanted.filter()?,
            games: self.schedule.games(defaults.strict_feed),
            zone: self.timezone.clone().or(defaults.timezone),
            layout: self.month.map_or(Layout::Table, Layout::Month),
        })
    }
}

/// The first day of a month that is written `2026-12`.
fn month(text: &str) -> Result<Date, String> {
    let day = format!("{text}-01").parse::<Date>().ok();
    let day = day.filter(|day| day.strftime("%Y-%m").to_string() == text);
    day.ok_or_else(|| "it takes a month of the calendar, such as 2026-12".to_owned())
}
