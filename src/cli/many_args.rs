//! What can be typed about a run for many profiles.

use std::time::Duration;

use crate::cli::args::Format;
use crate::commands::Failure;
use crate::commands::many::Manner;
use crate::model::duration;
use crate::settings::InvalidSetting;

const MANY: &str = "For a household or a club";

/// The imports under way at once, where no number is named.
const JOBS: usize = 4;
/// The most that make sense: each has connections and games in memory.
const MOST_JOBS: usize = 64;
/// Where nobody waits for the end, imports begin over so long a time.
const SPREAD: Duration = Duration::from_secs(5);
/// What a host has done stays done for others for so long: the same cron line on several hosts
/// begins within the same minute.
const SHARE_WINDOW: &str = "10m";

/// A run for many profiles.
#[derive(Debug, Default, clap::Args)]
pub struct ManyArgs {
    /// Import for every profile that is signed in, each with its own settings; hosts that share a
    /// database and a key file share the work
    #[arg(long, help_heading = MANY)]
    pub all_profiles: bool,
    /// How many profiles at once, 1 to 64 [default: 4]
    #[arg(long, value_name = "COUNT", help_heading = MANY, requires = "all_profiles")]
    #[arg(value_parser = jobs)]
    pub jobs: Option<usize>,
    /// Over how long a time the imports begin, such as 30s or 1h30m; a number alone is
    /// minutes [default: 0 at a terminal, else 5s]
    #[arg(long, value_name = "TIME", help_heading = MANY, requires = "all_profiles")]
    #[arg(value_parser = |text: &str| duration::SPREAD.parse(text))]
    pub spread: Option<Duration>,
    /// Where hosts share a database, what any of them has done within this time, such as 10m or
    /// 6h, is not done again; a number alone is minutes, and 0 does everything again
    #[arg(long, value_name = "TIME", help_heading = MANY, requires = "all_profiles")]
    #[arg(default_value = SHARE_WINDOW)]
    #[arg(value_parser = |text: &str| duration::SHARED.parse(text))]
    pub share_window: Duration,
}

impl ManyArgs {
    /// How the run goes about it. `limit` is how long it may take.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: it may not take as long as it is spread.
    pub fn manner(
        &self,
        attended: bool,
        limit: Option<Duration>,
        (dry_run, format): (bool, Format),
        host: String,
    ) -> Result<Manner, Failure> {
        let usual = if attended || dry_run { Duration::ZERO } else { SPREAD };
        let spread = self.spread.unwrap_or(usual);
        if let (Some(limit), Some(spread)) = (limit, self.spread)
            && spread >= limit
        {
            let why = "the run may not take so long: give it more with --deadline".to_owned();
            let value = duration::typed(spread);
            return Err(InvalidSetting::Value { name: "--spread", value, why }.into());
        }
        Ok(Manner {
            jobs: self.jobs.unwrap_or(JOBS),
            spread,
            share_window: self.share_window,
            dry_run,
            documents: matches!(format, Format::Json | Format::Jsonl),
            host,
        })
    }
}

fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=MOST_JOBS) => Ok(count),
        _ => Err(format!("it takes a number from 1 to {MOST_JOBS}")),
    }
}
