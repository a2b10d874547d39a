//! Which schedule a run goes by: the league's live feed, or else the last good copy of it, or
//! else the season in the binary.

use jiff::Timestamp;

use crate::http::Http;
use crate::model::{SecureUrl, counted};
use crate::schedule::bundled::{self, BundledError};
use crate::schedule::copy::{CopyFile, FeedCopy};
use crate::schedule::live::{self, Answer, Unusable};
use crate::schedule::{Schedule, age};

/// When the feed is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asking {
    /// If the last answer is older than a quarter of an hour.
    #[default]
    Usual,
    /// At once.
    Refresh,
    /// Not at all: no network is touched.
    Offline,
}

/// Where a schedule came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The league's feed, asked just now or within the last quarter of an hour.
    Live,
    /// The same, with many games fewer than before, and believed after some days of doubt.
    Fewer {
        /// How many there were.
        before: usize,
        /// When it first said so.
        since: Timestamp,
    },
    /// The last good copy of the feed.
    Copy {
        /// Why the feed was not used, in one line.
        because: String,
        /// When the league last gave or confirmed it.
        asked: Timestamp,
    },
    /// The season in the binary.
    Bundled {
        /// Why the feed was not used, in one line.
        because: String,
    },
    /// What the person handed over.
    Given {
        /// The games of it that the league does not have.
        left_out: Vec<String>,
        /// Whether the league dated it.
        is_dated: bool,
    },
}

/// A schedule, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The games.
    pub schedule: Schedule,
    /// Their source.
    pub provenance: Provenance,
}

/// A feed, and what is known of it.
#[derive(Debug)]
pub struct Feed<'a> {
    /// The way to it.
    pub http: &'a Http,
    /// Its address.
    pub url: &'a SecureUrl,
    /// The last good copy of it.
    pub copy: &'a CopyFile,
    /// When it is asked.
    pub asking: Asking,
}

impl Provenance {
    /// One word for a script.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Live | Self::Fewer { .. } => "live",
            Self::Copy { .. } => "copy",
            Self::Bundled { .. } => "bundled",
            Self::Given { .. } => "given",
        }
    }
}

impl Loaded {
    /// Why the feed was not used, if it was not.
    pub fn fallback(&self) -> Option<&str> {
        match &self.provenance {
            Provenance::Live | Provenance::Fewer { .. } | Provenance::Given { .. } => None,
            Provenance::Copy { because, .. } | Provenance::Bundled { because } => Some(because),
        }
    }

    /// When the league made it; `None` of a list that was handed over without a date.
    pub fn made(&self) -> Option<Timestamp> {
        let is_undated = matches!(self.provenance, Provenance::Given { is_dated: false, .. });
        (!is_undated).then_some(self.schedule.published)
    }

    /// What a person should know of its source at `now`: one sentence, if it is not the feed.
    pub fn remark(&self, now: Timestamp) -> Option<String> {
        let (what, age, because) = match &self.provenance {
            Provenance::Live => return None,
            Provenance::Fewer { before, since } => return Some(self.told_fewer(*before, *since)),
            Provenance::Given { left_out, .. } => return told_left_out(left_out),
            Provenance::Copy { because, asked } => {
                ("the last copy of the league's schedule", age::spoken(*asked, now), because)
            }
            Provenance::Bundled { because } => {
                let days = age::days(self.schedule.published, now);
                ("the bundled schedule", format!("{days} days"), because)
            }
        };
        Some(format!("Using {what}, {age} old ({because}): games moved since are not in it."))
    }

    fn told_fewer(&self, before: usize, since: Timestamp) -> String {
        let (games, day) = (self.schedule.games.len(), live::day(since));
        format!(
            "The league's schedule has had only {games} games since {day}, and {before} before. \
             That is believed now; the tasks of games that are gone from it stay."
        )
    }
}

/// What a list has that the league does not, as a sentence with the first of it.
fn told_left_out(games: &[String]) -> Option<String> {
    let first = games.first()?;
    let count = counted(games.len(), "game");
    Some(format!(
        "Left out {count} that the league's schedule at hand does not have, first {first}."
    ))
}

/// The league's schedules that are at hand without asking anybody: the last good copy of the
/// feed at `copy`, and the newest season in the binary.
///
/// # Errors
/// [`BundledError`]: the season in the binary is damaged.
pub fn at_hand(copy: &CopyFile) -> Result<Vec<Schedule>, BundledError> {
    let mut schedules: Vec<Schedule> = copy.read().map(|it| it.schedule).into_iter().collect();
    schedules.push(bundled::newest()?);
    schedules.sort_by_key(|it| std::cmp::Reverse((it.season, it.published)));
    Ok(schedules)
}

/// The schedule that the feed gives at `now`; if it gives none that can be used, the last good
/// copy, or the newest season in the binary if that is the newer one.
///
/// # Errors
/// [`BundledError`]: the season in the binary is damaged. A feed that fails is no error.
pub async fn load(feed: &Feed<'_>, now: Timestamp) -> Result<Loaded, BundledError> {
    let oldest = bundled::newest_season()?;
    // What a newer binary knows better is no good copy any more.
    let copy = feed.copy.read().filter(|copy| copy.schedule.season >= oldest);
    if feed.asking == Asking::Offline {
        return last_good(copy, "--offline".to_owned());
    }
    let is_fresh = copy.as_ref().is_some_and(|copy| live::is_fresh(copy, now));
    match copy {
        Some(copy) if is_fresh && feed.asking == Asking::Usual => Ok(lived(copy)),
        copy => match live::ask(feed.http, feed.url, copy.as_ref(), oldest, now).await {
            Ok(answer) => Ok(kept(feed, answer, now)),
            Err(unusable) => {
                note(&unusable);
                let copy = copy.map(|copy| doubting(feed, copy, &unusable));
                last_good(copy, unusable.to_string())
            }
        },
    }
}

/// What the feed answered is what the next run compares with.
fn kept(feed: &Feed<'_>, answer: Answer, now: Timestamp) -> Loaded {
    let new = |mut schedule: Schedule, validators| {
        // A date ahead of time would make every later schedule look like an older one.
        schedule.published = schedule.published.min(now);
        FeedCopy { schedule, validators, asked: now, doubt: None }
    };
    let (copy, provenance) = match answer {
        Answer::New(schedule, validators) => (new(schedule, validators), Provenance::Live),
        Answer::Fewer { schedule, validators, before, doubt } => {
            (new(schedule, validators), Provenance::Fewer { before, since: doubt.since })
        }
        Answer::Unchanged(copy) => (FeedCopy { asked: now, doubt: None, ..copy }, Provenance::Live),
    };
    feed.copy.keep(&copy);
    Loaded { schedule: copy.schedule, provenance }
}

/// Takes down a doubt beside the copy that stands in: it counts from its first day.
fn doubting(feed: &Feed<'_>, copy: FeedCopy, unusable: &Unusable) -> FeedCopy {
    match unusable {
        Unusable::Shrunk { doubt, .. } if copy.doubt != Some(*doubt) => {
            let copy = FeedCopy { doubt: Some(*doubt), ..copy };
            feed.copy.keep(&copy);
            copy
        }
        _ => copy,
    }
}

fn lived(copy: FeedCopy) -> Loaded {
    Loaded { schedule: copy.schedule, provenance: Provenance::Live }
}

fn last_good(copy: Option<FeedCopy>, because: String) -> Result<Loaded, BundledError> {
    let bundled = bundled::newest()?;
    let age = |schedule: &Schedule| (schedule.season, schedule.published);
    Ok(match copy.filter(|copy| age(&copy.schedule) >= age(&bundled)) {
        Some(FeedCopy { schedule, asked, .. }) => {
            Loaded { schedule, provenance: Provenance::Copy { because, asked } }
        }
        None => Loaded { schedule: bundled, provenance: Provenance::Bundled { because } },
    })
}

fn note(unusable: &Unusable) {
    tracing::info!(%unusable, "the feed is not used");
}
