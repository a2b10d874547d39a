//! What lets a later run make a session without a browser. It lies in the key store, nowhere
//! else.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Account, SealError};
use crate::model::{AccessToken, Origin, RefreshToken};

/// The version of the stored form.
const VERSION: u32 = 1;
/// The longest stored form, in bytes.
const LONGEST: usize = 16 * 1024;

/// A grant that outlives the session. It has no `Clone`: a refresh token that is kept twice is
/// used twice, and the second use revokes everything.
#[derive(Debug)]
pub struct StandingGrant {
    /// Who granted it.
    pub account: Account,
    /// The OAuth client that it was granted to; nobody else can use or revoke it.
    pub client_id: String,
    /// The only origin that it may be sent to.
    pub api: Origin,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// The shorter life that the person wants for each session, if any.
    pub ttl: Option<SignedDuration>,
    /// What opens the next session.
    pub token: StandingToken,
}

/// The two kinds of token that last.
#[derive(Debug)]
pub enum StandingToken {
    /// Good for one use, which brings its successor (RFC 6749 section 6).
    Refresh {
        /// To be sent once, and not again.
        token: RefreshToken,
        /// When it was first sent, in whole seconds; from then on Todoist may have consumed it.
        first_sent: Option<Timestamp>,
    },
    /// An access token without an end, as legacy clients get instead of refresh tokens.
    LongLived(AccessToken),
}

/// As it lies in the key store. It borrows, so that no copy of a token is left unwiped.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    version: u32,
    account: Cow<'a, Account>,
    #[serde(borrow)]
    client_id: Cow<'a, str>,
    api: String,
    scopes: Cow<'a, [String]>,
    /// In seconds.
    ttl: Option<i64>,
    #[serde(borrow)]
    refresh_token: Option<Cow<'a, str>>,
    /// In seconds since 1970.
    first_sent: Option<i64>,
    #[serde(borrow)]
    access_token: Option<Cow<'a, str>>,
}

impl StandingGrant {
    /// The form in which it is kept, wiped on drop.
    ///
    /// # Errors
    /// [`SealError::TooLarge`].
    pub fn to_stored(&self) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (refresh_token, first_sent, access_token) = match &self.token {
            StandingToken::Refresh { token, first_sent } => {
                (Some(Cow::Borrowed(token.expose())), *first_sent, None)
            }
            StandingToken::LongLived(token) => (None, None, Some(Cow::Borrowed(token.expose()))),
        };
        let stored = Stored {
            version: VERSION,
            account: Cow::Borrowed(&self.account),
            client_id: Cow::Borrowed(&self.client_id),
            api: self.api.to_string(),
            scopes: Cow::Borrowed(&self.scopes),
            ttl: self.ttl.map(|ttl| ttl.as_secs()),
            refresh_token,
            first_sent: first_sent.map(Timestamp::as_second),
            access_token,
        };
        // A buffer that never grows: growing would leave a copy of the token behind, unwiped.
        let mut buffer = Zeroizing::new(vec![0; LONGEST]);
        let mut free = buffer.as_mut_slice();
        serde_json::to_writer(&mut free, &stored).map_err(|_| SealError::TooLarge)?;
        let length = LONGEST - free.len();
        buffer.truncate(length);
        Ok(buffer)
    }

    /// Its refresh token, if it has one.
    pub fn refresh_token(&self) -> Option<&RefreshToken> {
        match &self.token {
            StandingToken::Refresh { token, .. } => Some(token),
            StandingToken::LongLived(_) => None,
        }
    }

    /// When its refresh token was first sent; `None` if it was not, or if it has none.
    pub fn first_sent(&self) -> Option<Timestamp> {
        match self.token {
            StandingToken::Refresh { first_sent, .. } => first_sent,
            StandingToken::LongLived(_) => None,
        }
    }

    /// Whether it holds nothing but this access token.
    pub fn is_access_token(&self, text: &str) -> bool {
        matches!(&self.token, StandingToken::LongLived(token) if token.expose() == text)
    }

    /// Takes down, in whole seconds, that its refresh token is first sent at `instant`, or that
    /// it was not sent after all.
    pub fn set_first_sent(&mut self, instant: Option<Timestamp>) {
        if let StandingToken::Refresh { first_sent, .. } = &mut self.token {
            *first_sent = instant;
        }
    }

    /// Reads what [`StandingGrant::to_stored`] wrote; `None` for anything else, such as the form
    /// of a newer version.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        let stored: Stored<'_> = serde_json::from_slice(bytes).ok()?;
        let instant = |second| Timestamp::from_second(second).ok();
        let token = match (stored.refresh_token, stored.access_token) {
            (Some(token), None) => StandingToken::Refresh {
                token: RefreshToken::new(token.into_owned()),
                first_sent: match stored.first_sent {
                    Some(second) => Some(instant(second)?),
                    None => None,
                },
            },
            (None, Some(token)) => StandingToken::LongLived(AccessToken::new(token.into_owned())),
            _ => return None,
        };
        (stored.version == VERSION).then_some(Self {
            account: stored.account.into_owned(),
            client_id: stored.client_id.into_owned(),
            api: stored.api.parse().ok()?,
            scopes: stored.scopes.into_owned(),
            ttl: stored.ttl.map(SignedDuration::from_secs),
            token,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::sample::account;

    fn grant(token: StandingToken) -> StandingGrant {
        StandingGrant {
            account: account(),
            client_id: "client".into(),
            api: "https://api.todoist.com".parse().unwrap(),
            scopes: vec!["data:read_write".into()],
            ttl: Some(SignedDuration::from_mins(10)),
            token,
        }
    }

    #[test]
    fn it_comes_back_as_it_was_kept() {
        let second = Timestamp::from_second(1_795_498_200).ok();
        for first_sent in [None, second] {
            let token = RefreshToken::new("house-key".to_owned());
            let kept = grant(StandingToken::Refresh { token, first_sent }).to_stored().unwrap();
            let back = StandingGrant::from_stored(&kept).unwrap();
            assert_eq!(
                (back.client_id.as_str(), back.account.full_name.as_str()),
                ("client", "Ann")
            );
            assert_eq!(back.ttl, Some(SignedDuration::from_mins(10)));
            let StandingToken::Refresh { token, first_sent: sent } = back.token else {
                panic!("another kind");
            };
            assert_eq!((token.expose(), sent), ("house-key", first_sent));
        }
        let kept = grant(StandingToken::LongLived(AccessToken::new("eternal".to_owned())));
        let back = StandingGrant::from_stored(&kept.to_stored().unwrap()).unwrap();
        assert!(
            matches!(back.token, StandingToken::LongLived(token) if token.expose() == "eternal")
        );
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let good = grant(StandingToken::LongLived(AccessToken::new("eternal".to_owned())));
        let good = String::from_utf8(good.to_stored().unwrap().to_vec()).unwrap();
        for (ours, other) in [
            ("\"version\":1", "\"version\":2"),
            ("\"refresh_token\":null", "\"refresh_token\":\"both\""),
            ("\"access_token\":\"eternal\"", "\"access_token\":null"),
            ("\"ttl\":600", "\"ttl\":600,\"more\":1"),
            ("https://api", "ftp://api"),
        ] {
            let changed = good.replace(ours, other);
            assert_ne!(changed, good, "{ours}");
            assert!(StandingGrant::from_stored(changed.as_bytes()).is_none(), "{other}");
        }
        assert!(StandingGrant::from_stored(b"").is_none());
    }

    #[test]
    fn debug_shows_no_token() {
        let token = RefreshToken::new("house-key".to_owned());
        let grant = grant(StandingToken::Refresh { token, first_sent: None });
        assert!(!format!("{grant:?}").contains("house-key"));
    }
}
