//! What a refresh token may be used for, and what an answer to it means (RFC 6749 section 6,
//! with Todoist's rotation). Pure: no request is made here.
//!
//! Todoist consumes a refresh token when it is used. Presented again within 60 s, it brings the
//! same access token and no successor; presented later, it is taken for a replay, and everything
//! that the person ever granted to this client is revoked. So a token whose answer was lost is
//! sent again only while that is safe, and never after.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::token::{TokenError, TokenResponse};
use crate::model::RefreshToken;

/// How long after its first use Todoist takes a consumed refresh token once more.
const GRACE: SignedDuration = SignedDuration::from_secs(60);
/// How long one request may take. Short, so that a second one is possible within the grace.
const LONGEST_REQUEST: SignedDuration = SignedDuration::from_secs(15);
/// Less time than this is none for a request.
const SHORTEST_REQUEST: SignedDuration = SignedDuration::from_secs(2);

/// What to do with a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It was never sent: take down the time, then send it.
    Send,
    /// It was sent and may be consumed, so recently that it may be sent once more.
    SendAgain,
    /// It was sent and may be consumed, and sending it could be a replay.
    GiveUp,
}

/// What may be done at `now` with a token that was first sent at `first_sent`, and how long a
/// request with it may take: one that is under way when the grace ends could arrive too late.
///
/// Todoist counts from the use, which was not before the sending; and a clock that was set back
/// says nothing about how long ago that was.
pub fn next_move(first_sent: Option<Timestamp>, now: Timestamp) -> (Move, Duration) {
    let (made, limit) = match first_sent.map(|first_sent| now.duration_since(first_sent)) {
        None => (Move::Send, LONGEST_REQUEST),
        Some(age) if age.is_negative() || age > GRACE - SHORTEST_REQUEST => {
            (Move::GiveUp, SignedDuration::ZERO)
        }
        Some(age) => (Move::SendAgain, LONGEST_REQUEST.min(GRACE - age)),
    };
    (made, limit.unsigned_abs())
}

/// What an answer to a refresh request, or the lack of one, means for the grant.
#[derive(Debug)]
pub enum Verdict {
    /// The successor has to be durable before the access token is used.
    Renewed {
        /// What came for the hour.
        response: TokenResponse,
        /// What will bring the next session: of this, there is no second copy.
        successor: RefreshToken,
    },
    /// An access token without a successor: the token was consumed by a use whose answer nobody
    /// kept. It lasts for its hour; the grant is lost.
    LastHour(TokenResponse),
    /// Surely not consumed: it is as good as never sent.
    Untouched(TokenError),
    /// Perhaps consumed.
    Unanswered(TokenError),
    /// Todoist has ended the grant.
    Ended(TokenError),
    /// Todoist does not know the client, and so looked at no token.
    ClientRefused,
}

/// Judges the answer to a request that was made as `made` says.
pub fn judge(made: Move, answer: Result<TokenResponse, TokenError>) -> Verdict {
    match answer {
        Ok(mut response) => match response.refresh_token.take() {
            Some(successor) => Verdict::Renewed { response, successor },
            None => Verdict::LastHour(response),
        },
        Err(TokenError::Refused(code)) => Verdict::Ended(TokenError::Refused(code)),
        Err(TokenError::UnknownClient) => Verdict::ClientRefused,
        // What the first use of it has come to, a later one does not change.
        Err(error) if made == Move::Send && error.is_untouched() => Verdict::Untouched(error),
        Err(error) => Verdict::Unanswered(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Distrust, HttpError};
    use crate::model::AccessToken;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_498_200 + second).unwrap()
    }

    #[test]
    fn a_token_is_sent_again_only_while_it_surely_arrives_in_time() {
        assert_eq!(next_move(None, at(0)), (Move::Send, Duration::from_secs(15)));
        for (name, age, expected, limit) in [
            ("at once", 0, Move::SendAgain, 15),
            ("with time for a whole request", 45, Move::SendAgain, 15),
            ("with time for a short one", 50, Move::SendAgain, 10),
            ("at the last moment", 58, Move::SendAgain, 2),
            ("when it could arrive too late", 59, Move::GiveUp, 0),
            ("after the grace", 61, Move::GiveUp, 0),
            ("after a day", 86_400, Move::GiveUp, 0),
            ("with a clock set back", -1, Move::GiveUp, 0),
        ] {
            let expected = (expected, Duration::from_secs(limit));
            assert_eq!(next_move(Some(at(0)), at(age)), expected, "{name}");
        }
        assert_eq!(next_move(Some(Timestamp::MIN), Timestamp::MAX).0, Move::GiveUp);
    }

    fn tokens(refresh_token: Option<&str>) -> Result<TokenResponse, TokenError> {
        Ok(TokenResponse {
            access_token: AccessToken::new("access".to_owned()),
            refresh_token: refresh_token.map(|text| RefreshToken::new(text.to_owned())),
            expires_in: Some(SignedDuration::from_secs(3600)),
            scopes: None,
        })
    }

    fn name(verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Renewed { .. } => "renewed",
            Verdict::LastHour(_) => "last hour",
            Verdict::Untouched(_) => "untouched",
            Verdict::Unanswered(_) => "unanswered",
            Verdict::Ended(_) => "ended",
            Verdict::ClientRefused => "client refused",
        }
    }

    #[test]
    fn what_every_answer_means_for_the_grant() {
        let (host, cause) = (String::new, String::new);
        let http = |error| Err(TokenError::Http(error));
        type Answer<'a> = &'a dyn Fn() -> Result<TokenResponse, TokenError>;
        let rows: [(&str, Answer<'_>, &str, &str); 12] = [
            ("a successor", &|| tokens(Some("next")), "renewed", "renewed"),
            ("no successor", &|| tokens(None), "last hour", "last hour"),
            ("refused", &|| Err(TokenError::Refused("invalid_grant".into())), "ended", "ended"),
            (
                "unknown client",
                &|| Err(TokenError::UnknownClient),
                "client refused",
                "client refused",
            ),
            (
                "no connection",
                &|| http(HttpError::NotConnected { host: host(), proxied: false, cause: cause() }),
                "untouched",
                "unanswered",
            ),
            (
                "a certificate of nobody's",
                &|| http(HttpError::Certificate { host: host(), distrust: Distrust::Issuer }),
                "untouched",
                "unanswered",
            ),
            ("too many requests", &|| Err(TokenError::Busy(429)), "untouched", "unanswered"),
            ("no service", &|| Err(TokenError::Busy(503)), "untouched", "unanswered"),
            (
                "cut off",
                &|| http(HttpError::Unreachable { host: host(), cause: cause() }),
                "unanswered",
                "unanswered",
            ),
            ("slow", &|| http(HttpError::TimedOut { host: host() }), "unanswered", "unanswered"),
            ("endless", &|| http(HttpError::TooLong { host: host() }), "unanswered", "unanswered"),
            (
                "a gateway",
                &|| Err(TokenError::Unavailable("HTTP 502".into())),
                "unanswered",
                "unanswered",
            ),
        ];
        for (what, answer, first, again) in rows {
            assert_eq!(name(&judge(Move::Send, answer())), first, "{what}, sent first");
            assert_eq!(name(&judge(Move::SendAgain, answer())), again, "{what}, sent again");
        }
    }
}
