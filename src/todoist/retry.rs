//! Whether a request that failed is worth another try, and when. A pure decision.

use std::time::Duration;

use crate::http::HttpError;
use crate::todoist::TodoistError;

/// The most tries of one request where nobody says how long to wait.
const MOST_TRIES: u32 = 5;
/// The pause after the first failure; doubled after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The least pause that is one: a "0" must not make us ask without end.
const SHORTEST_PAUSE: u64 = 1;
/// What to wait where Todoist asks for a pause and does not say how long.
const UNNAMED_PAUSE: Duration = Duration::from_secs(5);

/// How a run of tries stands.
#[derive(Clone, Copy, Debug)]
pub struct Tries {
    /// How many tries of this request have failed, the last one included.
    pub failed: u32,
    /// How long this whole run has waited so far, for this request and those before it.
    pub waited: Duration,
    /// How long it may wait in all.
    pub patience: Duration,
    /// 0 to 1, at random: spreads many clients that failed at the same moment.
    pub jitter: f64,
}

/// How long to wait before trying again; `None` if trying again makes no sense or takes more
/// patience than there is.
pub fn pause(error: &TodoistError, tries: Tries) -> Option<Duration> {
    let pause = match error {
        TodoistError::RateLimited { after } | TodoistError::Paused { after } => {
            after.map_or(UNNAMED_PAUSE, |after| Duration::from_secs(after.max(SHORTEST_PAUSE)))
        }
        TodoistError::Unavailable(_)
        | TodoistError::Http(
            HttpError::NotConnected { .. }
            | HttpError::Unreachable { .. }
            | HttpError::TimedOut { .. },
        ) => {
            if tries.failed >= MOST_TRIES {
                return None;
            }
            let full = FIRST_PAUSE.saturating_mul(1 << (tries.failed.max(1) - 1));
            // Between half of it and all of it.
            full.mul_f64(0.5 + 0.5 * tries.jitter.clamp(0.0, 1.0))
        }
        TodoistError::Http(
            HttpError::TooLong { .. } | HttpError::Certificate { .. } | HttpError::Setup(_),
        )
        | TodoistError::Unauthorized
        | TodoistError::Ended
        | TodoistError::Refused(_) => return None,
    };
    (tries.waited.saturating_add(pause) <= tries.patience).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(error: &TodoistError, failed: u32, waited: u64) -> Option<f64> {
        let patience = Duration::from_secs(120);
        let tries = Tries { failed, waited: Duration::from_secs(waited), patience, jitter: 1.0 };
        pause(error, tries).map(|pause| pause.as_secs_f64())
    }

    #[test]
    fn what_is_tried_again_and_when() {
        let unreachable = TodoistError::Http(HttpError::Unreachable {
            host: String::new(),
            cause: String::new(),
        });
        let not_connected = TodoistError::Http(HttpError::NotConnected {
            host: String::new(),
            proxied: false,
            cause: String::new(),
        });
        let slow = TodoistError::Http(HttpError::TimedOut { host: String::new() });
        let long = TodoistError::Http(HttpError::TooLong { host: String::new() });
        let gateway = TodoistError::Unavailable("HTTP 502".to_owned());
        let limited = |after| TodoistError::RateLimited { after };
        let paused = |after| TodoistError::Paused { after };
        for (error, failed, waited, expected) in [
            (&gateway, 1, 0, Some(0.5)),
            (&gateway, 2, 0, Some(1.0)),
            (&gateway, 4, 0, Some(4.0)),
            (&gateway, 5, 0, None),
            (&gateway, 4, 119, None),
            (&unreachable, 1, 0, Some(0.5)),
            (&not_connected, 2, 0, Some(1.0)),
            (&slow, 3, 0, Some(2.0)),
            (&limited(Some(7)), 1, 0, Some(7.0)),
            (&limited(Some(7)), 9, 0, Some(7.0)),
            (&limited(Some(7)), 1, 114, None),
            (&limited(Some(300)), 1, 0, None),
            (&limited(None), 1, 0, Some(5.0)),
            (&limited(Some(0)), 1, 0, Some(1.0)),
            (&limited(Some(0)), 99, 120, None),
            (&limited(Some(u64::MAX)), 1, 0, None),
            (&paused(Some(0)), 1, 0, Some(1.0)),
            (&paused(Some(3)), 1, 0, Some(3.0)),
            (&TodoistError::Unauthorized, 1, 0, None),
            (&TodoistError::Ended, 1, 0, None),
            (&TodoistError::Refused(String::new()), 1, 0, None),
            (&long, 1, 0, None),
        ] {
            assert_eq!(after(error, failed, waited), expected, "{error:?} {failed} {waited}");
        }
    }

    #[test]
    fn jitter_takes_at_most_half_away() {
        let error = TodoistError::Unavailable(String::new());
        let patience = Duration::from_secs(120);
        let tries = Tries { failed: 2, waited: Duration::ZERO, patience, jitter: 0.0 };
        assert_eq!(pause(&error, tries), Some(Duration::from_millis(500)));
    }
}
