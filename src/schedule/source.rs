//! The league's live feed, and the bundled season where it cannot be had.

use jiff::Timestamp;
use reqwest::header::{ACCEPT, ORIGIN, REFERER, USER_AGENT};
use reqwest::{Method, StatusCode};

use crate::http::{Http, HttpError};
use crate::model::{Season, SecureUrl};
use crate::schedule::Schedule;
use crate::schedule::bundled::{self, BundledError};
use crate::schedule::feed::{self, FeedError};

/// The league's servers answer 403 to clients that do not look like a browser on nba.com, so
/// the request looks like one, and still says who we are.
const BROWSER: &str = concat!(
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ",
    "Chrome/140.0.0.0 Safari/537.36 nbatodo/",
    env!("CARGO_PKG_VERSION")
);

/// Where a schedule came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The league's feed, just now.
    Live,
    /// The season in the binary.
    Bundled {
        /// Why the feed was not used, in one line.
        because: String,
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

/// Why the feed is not used.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error(transparent)]
    Unanswered(#[from] HttpError),
    #[error("{host} answered {status}")]
    Refused { host: String, status: StatusCode },
    #[error("{host} sent what cannot be used: {error}")]
    Faulty { host: String, error: FeedError },
    #[error("{host} still has the season {theirs}")]
    Outdated { host: String, theirs: Season },
}

/// The schedule that the feed at `url` gives, or else the newest season in the binary. The
/// feed is not used if it does not answer 200, if [`feed::parse`] refuses it, or if its season
/// is older than the one in the binary. The type that the answer claims does not count: the
/// league has served its JSON as `text/plain`.
///
/// # Errors
/// [`BundledError`]: the season in the binary is damaged. A feed that fails is no error.
pub async fn load(http: &Http, url: &SecureUrl) -> Result<Loaded, BundledError> {
    match live(http, url, bundled::newest_season()?).await {
        Ok(schedule) => Ok(Loaded { schedule, provenance: Provenance::Live }),
        Err(unusable) => Ok(Loaded {
            schedule: bundled::newest()?,
            provenance: Provenance::Bundled { because: unusable.to_string() },
        }),
    }
}

/// For how many whole days a schedule of `published` is out at `now`; zero if a wrong clock
/// puts `now` before it.
pub fn age_in_days(published: Timestamp, now: Timestamp) -> i64 {
    (now.duration_since(published).as_hours() / 24).max(0)
}

async fn live(http: &Http, url: &SecureUrl, oldest: Season) -> Result<Schedule, Unusable> {
    let request = http
        .request(Method::GET, url.url().clone())?
        .header(USER_AGENT, BROWSER)
        .header(ORIGIN, "https://www.nba.com")
        .header(REFERER, "https://www.nba.com/")
        .header(ACCEPT, "application/json, text/plain, */*");
    let answer = http.send(request).await?;
    let host = url.url().host_str().unwrap_or_default().to_owned();
    if answer.status != StatusCode::OK {
        return Err(Unusable::Refused { host, status: answer.status });
    }
    match feed::parse(&answer.body) {
        Ok(schedule) if schedule.season < oldest => {
            Err(Unusable::Outdated { host, theirs: schedule.season })
        }
        Ok(schedule) => Ok(schedule),
        Err(error) => Err(Unusable::Faulty { host, error }),
    }
}
