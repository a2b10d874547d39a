//! What one sign-in grants.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::{AccessToken, Origin, Profile, TimePreferences};

/// The longest life of a session, whatever Todoist or the person would allow.
pub const LONGEST_LIFE: SignedDuration = SignedDuration::from_secs(3600);

/// From this life on, a token counts as one without an end: legacy clients of Todoist are told
/// ten years, and their tokens last for ever.
const NO_END: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How far the clock may be behind the issue: machines that share a session differ a little.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// Whose tasks they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Todoist's id of the person.
    pub id: String,
    /// Their address.
    pub email: String,
    /// Their name as they wrote it.
    pub full_name: String,
    /// The zone in which they read times, as an IANA name, where they have told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// How they read dates and times, as far as Todoist told. A session that was sealed before
    /// this was asked for has none of it.
    #[serde(default, skip_serializing_if = "TimePreferences::is_unknown")]
    pub times: TimePreferences,
}

/// One sign-in. It has no `Clone`: the token in it has one owner.
#[derive(Debug)]
pub struct Session {
    /// Under which name it was signed in.
    pub profile: Profile,
    /// Who signed in.
    pub account: Account,
    /// What opens their tasks.
    pub access_token: AccessToken,
    /// The scopes that were granted, as Todoist spells them.
    pub scopes: Vec<String>,
    /// The OAuth client that the token was issued to, needed to revoke it.
    pub client_id: String,
    /// The only origin that the token may be sent to.
    pub api: Origin,
    /// When it began. Sealed in whole seconds, rounded down.
    pub issued_at: Timestamp,
    /// When it ends; at this instant it has ended. Sealed in whole seconds, rounded down.
    pub expires_at: Timestamp,
    /// When the token in it dies by itself, which can be later; `None` if Todoist named no end
    /// that a person would live to see. Sealed in whole seconds, rounded down.
    pub token_expires_at: Option<Timestamp>,
}

/// From when to when a session may be used.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    issued_at: Timestamp,
    expires_at: Timestamp,
}

impl Life {
    /// Whether it may be used: `issued_at - 60 s <= now < expires_at`. A clock that is further
    /// back has been set back, and would let the session live longer than its hour.
    pub fn holds(&self, now: Timestamp) -> bool {
        -CLOCK_SKEW <= now.duration_since(self.issued_at) && now < self.expires_at
    }
}

impl Session {
    /// From when to when it may be used.
    pub fn life(&self) -> Life {
        Life { issued_at: self.issued_at, expires_at: self.expires_at }
    }

    /// Whether it may be used: see [`Life::holds`].
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.life().holds(now)
    }

    /// Whether its token is still good when the session itself has ended.
    pub fn outlived_by_token(&self, now: Timestamp) -> bool {
        self.token_expires_at.is_none_or(|end| now < end)
    }

    /// How long it may still be used; zero if it is not live.
    pub fn time_left(&self, now: Timestamp) -> SignedDuration {
        if !self.is_live(now) {
            return SignedDuration::ZERO;
        }
        // With the clock a little behind the issue, more would be left than was granted.
        self.expires_at.duration_since(now.max(self.issued_at))
    }

    /// The same in minutes, rounded up: a session that still opens has at least its last one.
    pub fn minutes_left(&self, now: Timestamp) -> i64 {
        (self.time_left(now).as_secs() + 59) / 60
    }
}

/// When a session ends that was issued at `issued_at`: after `expires_in` (what Todoist grants
/// its token, RFC 6749 section 5.1) or `ttl` (what the person allows), whichever is shorter, and
/// never after more than [`LONGEST_LIFE`]. A negative life counts as none.
pub fn expiry(
    issued_at: Timestamp,
    expires_in: Option<SignedDuration>,
    ttl: Option<SignedDuration>,
) -> Timestamp {
    let shortest = [expires_in, ttl].into_iter().flatten().fold(LONGEST_LIFE, SignedDuration::min);
    issued_at.saturating_add(shortest.max(SignedDuration::ZERO)).unwrap_or(issued_at)
}

/// When a token dies by itself that was issued at `issued_at` for `expires_in`; `None` if it does
/// not, as where Todoist names no end or one that is years away.
pub fn token_end(issued_at: Timestamp, expires_in: Option<SignedDuration>) -> Option<Timestamp> {
    let life = expires_in.filter(|life| *life < NO_END)?;
    issued_at.saturating_add(life.max(SignedDuration::ZERO)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::sample::{at, session};

    #[test]
    fn it_lives_from_a_minute_before_its_issue_until_its_expiry() {
        let session = session("house-key");
        for (second, live) in [(-61, false), (-60, true), (0, true), (3599, true), (3600, false)] {
            assert_eq!(session.is_live(at(second)), live, "{second}");
        }
        assert!(!session.is_live(Timestamp::MIN) && !session.is_live(Timestamp::MAX));
    }

    #[test]
    fn time_left_is_never_more_than_was_granted() {
        let session = session("house-key");
        for (second, left) in [(-61, 0), (-30, 3600), (0, 3600), (3599, 1), (3600, 0), (9999, 0)] {
            assert_eq!(session.time_left(at(second)).as_secs(), left, "{second}");
        }
    }

    #[test]
    fn the_shortest_life_wins_and_an_hour_is_the_longest() {
        let seconds = |s| Some(SignedDuration::from_secs(s));
        for (expires_in, ttl, life) in [
            (None, None, 3600),
            (seconds(3600), None, 3600),
            (seconds(315_360_000), seconds(7200), 3600),
            (seconds(600), None, 600),
            (seconds(600), seconds(60), 60),
            (seconds(60), seconds(600), 60),
            (seconds(-5), None, 0),
        ] {
            assert_eq!(expiry(at(0), expires_in, ttl), at(life), "{expires_in:?} {ttl:?}");
        }
        assert_eq!(expiry(Timestamp::MAX, None, None), Timestamp::MAX);
    }

    #[test]
    fn a_token_has_the_end_that_todoist_named_and_a_legacy_one_has_none() {
        let seconds = |s| Some(SignedDuration::from_secs(s));
        for (expires_in, end) in [
            (seconds(3600), Some(at(3600))),
            (seconds(7200), Some(at(7200))),
            (seconds(-5), Some(at(0))),
            (seconds(315_360_000), None),
            (None, None),
        ] {
            assert_eq!(token_end(at(0), expires_in), end, "{expires_in:?}");
        }
    }

    #[test]
    fn debug_shows_no_token() {
        assert!(!format!("{:?}", session("house-key")).contains("house-key"));
    }
}
