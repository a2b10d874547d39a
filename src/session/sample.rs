//! A sign-in for the tests of this room.

use jiff::Timestamp;

use super::{Account, Session};
use crate::model::{AccessToken, Profile, TimePreferences};

/// When it begins, in seconds since 1970.
const ISSUED: i64 = 1_795_498_200;

/// So many seconds after it began.
pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(ISSUED + second).unwrap()
}

pub(super) fn account() -> Account {
    Account {
        id: "1".into(),
        email: "a@b.c".into(),
        full_name: "Ann".into(),
        timezone: None,
        times: TimePreferences::default(),
    }
}

/// A session of an hour.
pub(super) fn session(token: &str) -> Session {
    Session {
        profile: Profile::default(),
        account: account(),
        access_token: AccessToken::new(token.to_owned()),
        scopes: vec!["data:read_write".into()],
        client_id: "client".into(),
        api: "https://api.todoist.com".parse().unwrap(),
        issued_at: at(0),
        expires_at: at(3600),
        token_expires_at: Some(at(3600)),
    }
}
