//! One question to the league's live feed.

use std::fmt::Display;

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, ORIGIN,
    REFERER, USER_AGENT,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize};

use crate::http::{Http, HttpError};
use crate::model::{Season, SecureUrl};
use crate::schedule::Schedule;
use crate::schedule::copy::FeedCopy;
use crate::schedule::doubt::{self, Doubt, Verdict};
use crate::schedule::feed::{self, FeedError};

/// The league's servers answer 403 to clients that do not look like a browser on nba.com, so
/// the request looks like one, and still says who we are.
const BROWSER: &str = concat!(
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ",
    "Chrome/140.0.0.0 Safari/537.36 nbatodo/",
    env!("CARGO_PKG_VERSION")
);
/// More than any server needs to name a state of a file.
const LONGEST_VALIDATOR: usize = 512;

/// What a server named the state of its file: sent back, they make the next request a
/// conditional one (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Validators {
    /// The header `ETag`.
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a feed answered.
pub(super) enum Answer {
    /// What the copy holds still stands (304): nothing was sent.
    Unchanged(FeedCopy),
    /// A schedule that can be used.
    New(Schedule, Validators),
    /// One that has lost many of its games, and has said so for long enough.
    Fewer {
        schedule: Schedule,
        validators: Validators,
        /// How many games there were.
        before: usize,
        doubt: Doubt,
    },
}

/// Why the feed is not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error(transparent)]
    Unanswered(#[from] HttpError),
    #[error("{host} answered {status}")]
    Refused { host: String, status: StatusCode },
    #[error("{host} sent what cannot be used: {error}")]
    Faulty { host: String, error: FeedError },
    #[error("{host} still has the games of {theirs}")]
    Outdated { host: String, theirs: Season },
    #[error(
        "{host} sent {games} games where it had {before}, which is not believed before {}",
        day(doubt.ends())
    )]
    Shrunk { host: String, games: usize, before: usize, doubt: Doubt },
}

impl Validators {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?;
            (value.len() <= LONGEST_VALIDATOR).then(|| value.to_owned())
        };
        Self { etag: text(ETAG), last_modified: text(LAST_MODIFIED) }
    }

    fn headers(&self) -> HeaderMap {
        let pairs = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        pairs.filter_map(|(name, value)| Some((name, value.parse().ok()?))).collect()
    }
}

/// Asks the feed at `url` for what is newer than `copy`, compressed if the server can.
///
/// Any answer but 200, and 304 where there is a copy, is refused, and so is what
/// [`feed::parse`] refuses, a season before `oldest` or before the copy's, and a season that
/// has lost more than a tenth of the copy's games, unless it has said so for days. The type that the answer claims does not
/// count: the league has served its JSON as `text/plain`.
pub(super) async fn ask(
    http: &Http,
    url: &SecureUrl,
    copy: Option<&FeedCopy>,
    oldest: Season,
    now: Timestamp,
) -> Result<Answer, Unusable> {
    let conditions = copy.map(|copy| copy.validators.headers()).unwrap_or_default();
    let named = copy.filter(|_| !conditions.is_empty());
    let request = request(http, url)?.headers(conditions);
    let answer = http.send(request).await?;
    let host = url.url().host_str().unwrap_or_default().to_owned();
    match (answer.status, named) {
        (StatusCode::NOT_MODIFIED, Some(copy)) => return Ok(Answer::Unchanged(copy.clone())),
        (StatusCode::OK, _) => {}
        (status, _) => return Err(Unusable::Refused { host, status }),
    }
    let schedule = match feed::parse(&answer.body) {
        Ok(schedule) => schedule,
        Err(error) => return Err(Unusable::Faulty { host, error }),
    };
    let newest_known = copy.map_or(oldest, |copy| copy.schedule.season.max(oldest));
    if schedule.season < newest_known {
        return Err(Unusable::Outdated { host, theirs: schedule.season });
    }
    let (games, before) =
        (schedule.games.len(), copy.map_or(0, |copy| games_before(copy, &schedule)));
    let validators = Validators::of(&answer.headers);
    match doubt::judge(games, before, copy.and_then(|copy| copy.doubt), now) {
        Verdict::Sound => Ok(Answer::New(schedule, validators)),
        Verdict::Doubtful(doubt) => Err(Unusable::Shrunk { host, games, before, doubt }),
        Verdict::Convincing(doubt) => Ok(Answer::Fewer { schedule, validators, before, doubt }),
    }
}

/// The day of an instant, in UTC, for a message.
pub(super) fn day(instant: Timestamp) -> impl Display {
    instant.strftime("%Y-%m-%d").to_string()
}

/// A request that the league's servers answer.
///
/// # Errors
/// [`HttpError::Setup`].
pub fn request(http: &Http, url: &SecureUrl) -> Result<RequestBuilder, HttpError> {
    Ok(http
        .request(Method::GET, url.url().clone())?
        .header(USER_AGENT, BROWSER)
        .header(ORIGIN, "https://www.nba.com")
        .header(REFERER, "https://www.nba.com/")
        .header(ACCEPT, "application/json, text/plain, */*"))
}

/// How many games the copy holds of the season of `schedule`.
fn games_before(copy: &FeedCopy, schedule: &Schedule) -> usize {
    if copy.schedule.season == schedule.season { copy.schedule.games.len() } else { 0 }
}

/// For how long a copy is good without asking: the league changes its file a few times a day.
pub(super) fn is_fresh(copy: &FeedCopy, now: Timestamp) -> bool {
    const FRESH_SECONDS: i64 = 15 * 60;
    // A clock that was set back makes no copy fresh for longer.
    (0..FRESH_SECONDS).contains(&now.duration_since(copy.asked).as_secs())
}
