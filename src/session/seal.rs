//! Sealing a session and opening it again. Pure: key and nonce are passed in.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::sealed_session::Header;
use super::{Account, SealError, SealedSession, Session, SessionKey};
use crate::keys::KeyId;
use crate::keys::cipher::{self, NONCE_LENGTH};
use crate::model::{AccessToken, Profile};

/// The longest plaintext, in bytes: in base64, with the header, it fits a session file.
const LONGEST_PLAINTEXT: usize = 32 * 1024;

/// What is encrypted, as JSON. It borrows, so that no copy of the token is left unwiped.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plaintext<'a> {
    account: Cow<'a, Account>,
    // Borrowed unless the token has characters that JSON escapes, which RFC 6749 allows only
    // for `"` and `\` (appendix A.12) and Todoist does not use.
    #[serde(borrow)]
    access_token: Cow<'a, str>,
    scopes: Cow<'a, [String]>,
    #[serde(borrow)]
    client_id: Cow<'a, str>,
    /// In seconds since 1970.
    token_expires_at: Option<i64>,
}

/// Encrypts `session` under `key`, bound to its profile, `key_id`, API origin and life. The
/// nonce must never be used twice with one key; a random one will do.
///
/// # Errors
/// [`SealError::Life`] or [`SealError::TooLarge`].
pub fn seal(
    session: &Session,
    key: &SessionKey,
    key_id: &KeyId,
    nonce: [u8; NONCE_LENGTH],
) -> Result<SealedSession, SealError> {
    let header = Header {
        profile: session.profile.clone(),
        key_id: *key_id,
        api: session.api.clone(),
        issued_at: whole_seconds(session.issued_at)?,
        expires_at: whole_seconds(session.expires_at)?,
    };
    if !header.has_valid_life() {
        return Err(SealError::Life);
    }
    let plaintext = to_json(session)?;
    let associated_data = header.text();
    let ciphertext = cipher::encrypt(key.expose(), &nonce, associated_data.as_bytes(), &plaintext)
        .ok_or(SealError::TooLarge)?;
    Ok(SealedSession { header, nonce, ciphertext })
}

impl SealedSession {
    /// The session inside, if `key` is the one that sealed it and it is of the `expected`
    /// profile. Whether it is still live, [`Session::is_live`] says.
    ///
    /// # Errors
    /// [`SealError::Damaged`].
    pub fn open(&self, key: &SessionKey, expected: &Profile) -> Result<Session, SealError> {
        let header = &self.header;
        if header.profile != *expected {
            return Err(SealError::Damaged);
        }
        let associated_data = header.text();
        let plaintext = cipher::decrypt(
            key.expose(),
            &self.nonce,
            associated_data.as_bytes(),
            &self.ciphertext,
        )
        .ok_or(SealError::Damaged)?;
        let inside: Plaintext<'_> =
            serde_json::from_slice(&plaintext).map_err(|_| SealError::Damaged)?;
        Ok(Session {
            profile: header.profile.clone(),
            account: inside.account.into_owned(),
            access_token: AccessToken::new(inside.access_token.into_owned()),
            scopes: inside.scopes.into_owned(),
            client_id: inside.client_id.into_owned(),
            api: header.api.clone(),
            issued_at: header.issued_at,
            expires_at: header.expires_at,
            token_expires_at: inside
                .token_expires_at
                .and_then(|second| Timestamp::from_second(second).ok()),
        })
    }
}

/// Into a buffer that never grows: growing would leave a copy of the token behind, unwiped.
fn to_json(session: &Session) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let plaintext = Plaintext {
        account: Cow::Borrowed(&session.account),
        access_token: Cow::Borrowed(session.access_token.expose()),
        scopes: Cow::Borrowed(&session.scopes),
        client_id: Cow::Borrowed(&session.client_id),
        token_expires_at: session.token_expires_at.map(Timestamp::as_second),
    };
    let mut buffer = Zeroizing::new(vec![0; LONGEST_PLAINTEXT]);
    let mut free = buffer.as_mut_slice();
    serde_json::to_writer(&mut free, &plaintext).map_err(|_| SealError::TooLarge)?;
    let length = LONGEST_PLAINTEXT - free.len();
    buffer.truncate(length);
    Ok(buffer)
}

fn whole_seconds(instant: Timestamp) -> Result<Timestamp, SealError> {
    Timestamp::from_second(instant.as_second()).map_err(|_| SealError::Life)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const ISSUED: i64 = 1_795_498_200;

    fn session(profile: &str, token: &str, life: i64) -> Session {
        Session {
            profile: profile.parse().unwrap(),
            account: Account {
                id: "2671355".into(),
                email: "ann@example.com".into(),
                full_name: "Ann \"Ace\" Example".into(),
                timezone: Some("Europe/Berlin".into()),
                times: crate::model::TimePreferences { start_day: Some(1), ..Default::default() },
            },
            access_token: AccessToken::new(token.to_owned()),
            scopes: vec!["data:read_write".into(), "data:delete".into()],
            client_id: "0123456789abcdef".into(),
            api: "https://api.todoist.com".parse().unwrap(),
            issued_at: Timestamp::from_second(ISSUED).unwrap(),
            expires_at: Timestamp::from_second(ISSUED + life).unwrap(),
            token_expires_at: Timestamp::from_second(ISSUED + 3600).ok(),
        }
    }

    fn key(byte: u8) -> SessionKey {
        SessionKey::from_bytes(&[byte; 32]).unwrap()
    }

    fn id() -> KeyId {
        "4f000000000000000000000000000abc".parse().unwrap()
    }

    fn sealed() -> SealedSession {
        seal(&session("default", "house-key", 3600), &key(7), &id(), [9; 24]).unwrap()
    }

    /// Whether somebody who has the key gets a session out of `bytes`.
    fn opens(bytes: &[u8]) -> bool {
        let expected = Profile::default();
        SealedSession::parse(bytes).is_ok_and(|it| it.open(&key(7), &expected).is_ok())
    }

    #[test]
    fn a_person_recognises_the_file_and_finds_no_secret_in_it() {
        let bytes = sealed().to_bytes();
        let text = std::str::from_utf8(&bytes).unwrap();
        let head = "nbatodo-session 1\n\
            # Sealed by nbatodo. Its key lies in the key store; \"nbatodo logout\" destroys both.\n\
            profile: default\nkey: 4f000000000000000000000000000abc\n\
            api: https://api.todoist.com\nissued: 2026-11-24T05:30:00Z\n\
            expires: 2026-11-24T06:30:00Z\nnonce: CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ\nsealed: ";
        assert!(text.starts_with(head), "{text}");
        for secret in ["house-key", "ann@", "Ace", "0123456789abcdef"] {
            assert!(!text.contains(secret) && !format!("{:?}", sealed()).contains(secret));
        }
        assert!(!format!("{:?}", sealed()).contains("sealed:"));
    }

    #[test]
    fn any_flipped_bit_is_refused() {
        let good = sealed().to_bytes();
        assert!(opens(&good));
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(!opens(&bad), "bit {bit}");
        }
    }

    #[test]
    fn any_byte_cut_doubled_or_appended_is_refused() {
        let good = sealed().to_bytes();
        for at in 0..good.len() {
            assert!(!opens(&good[..at]), "ends at {at}");
            let doubled = [&good[..=at], &good[at..]].concat();
            assert!(!opens(&doubled), "doubled at {at}");
            let mut cut = good.clone();
            cut.remove(at);
            assert!(!opens(&cut), "cut at {at}");
        }
        for tail in ["\n", "\r\n", " ", "\0", "sealed: AAAA\n"] {
            assert!(!opens(&[&good[..], tail.as_bytes()].concat()), "{tail:?}");
        }
        let crlf = String::from_utf8(good).unwrap().replace('\n', "\r\n");
        assert!(!opens(crlf.as_bytes()));
    }

    #[test]
    fn another_key_or_profile_does_not_open_it() {
        let sealed = sealed();
        let (mine, other) = (Profile::default(), "other".parse().unwrap());
        assert!(sealed.open(&key(7), &mine).is_ok());
        assert_eq!(sealed.open(&key(8), &mine).err(), Some(SealError::Damaged));
        assert_eq!(sealed.open(&key(7), &other).err(), Some(SealError::Damaged));
    }

    #[test]
    fn an_edited_header_is_refused_though_it_is_well_formed() {
        let text = String::from_utf8(sealed().to_bytes()).unwrap();
        for (from, to) in [
            ("profile: default", "profile: defaulu"),
            ("key: 4f", "key: 4e"),
            ("api.todoist.com", "api.todoist.org"),
            ("expires: 2026-11-24T06:30:00Z", "expires: 2026-11-24T06:29:59Z"),
            ("issued: 2026-11-24T05:30:00Z", "issued: 2026-11-24T05:30:01Z"),
        ] {
            let edited = SealedSession::parse(text.replace(from, to).as_bytes()).unwrap();
            let expected = edited.profile().clone();
            assert_eq!(edited.open(&key(7), &expected).err(), Some(SealError::Damaged), "{to}");
        }
    }

    #[test]
    fn a_life_of_more_than_an_hour_is_neither_sealed_nor_read() {
        for life in [3601, 315_360_000, -1] {
            let long = session("default", "t", life);
            assert_eq!(seal(&long, &key(7), &id(), [9; 24]).err(), Some(SealError::Life));
        }
        let text = String::from_utf8(sealed().to_bytes()).unwrap();
        for end in ["2026-11-24T06:30:01Z", "2027-11-24T06:30:00Z", "2026-11-24T05:29:59Z"] {
            let edited = text.replace("2026-11-24T06:30:00Z", end);
            assert_eq!(SealedSession::parse(edited.as_bytes()), Err(SealError::Damaged), "{end}");
        }
        // Forged by somebody who has the key:
        let mut forged = sealed();
        forged.header.expires_at += SignedDuration::from_secs(1);
        assert_eq!(SealedSession::parse(&forged.to_bytes()), Err(SealError::Damaged));
    }

    #[test]
    fn a_newer_format_is_said_to_be_newer() {
        let text = String::from_utf8(sealed().to_bytes()).unwrap();
        let newer = text.replace("nbatodo-session 1", "nbatodo-session 2");
        let told = SealedSession::parse(newer.as_bytes()).unwrap_err();
        assert_eq!(told, SealError::NewerVersion { version: 2 });
        assert!(told.to_string().contains("made by a newer nbatodo"), "{told}");
        let future = SealedSession::parse(b"nbatodo-session 12\nsomething else").unwrap_err();
        assert_eq!(future, SealError::NewerVersion { version: 12 });
        for older in ["0", "01", "+2", "1 ", "-1", "99999999999", ""] {
            let bytes = text.replace("nbatodo-session 1", &format!("nbatodo-session {older}"));
            assert_eq!(SealedSession::parse(bytes.as_bytes()), Err(SealError::Damaged), "{older}");
        }
    }

    #[test]
    fn the_largest_session_fits_its_file_and_a_larger_one_is_refused() {
        let token = "t".repeat(LONGEST_PLAINTEXT - 300);
        let large = seal(&session(&"p".repeat(64), &token, 1), &key(7), &id(), [9; 24]).unwrap();
        assert!((large.to_bytes().len() as u64) < super::super::sealed_session::LONGEST_FILE);
        let token = "t".repeat(LONGEST_PLAINTEXT);
        let refused = seal(&session("p", &token, 1), &key(7), &id(), [9; 24]);
        assert_eq!(refused.err(), Some(SealError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_was_sealed_comes_back(
            profile in "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
            token in any::<String>(),
            [name, email, client] in any::<[String; 3]>(),
            scopes in vec(any::<String>(), 0..4),
            port in 1..=u16::MAX,
            (life, nanoseconds) in (0..3600_i64, 0..1_000_000_000_i64),
            (secret, nonce) in any::<([u8; 32], [u8; 24])>(),
        ) {
            let mut session = session(&profile, &token, life);
            session.account.full_name = name;
            session.account.email = email;
            session.client_id = client;
            session.scopes = scopes;
            session.api = format!("http://127.0.0.1:{port}").parse().unwrap();
            let (issued, expires) = (session.issued_at, session.expires_at);
            session.issued_at += SignedDuration::from_nanos(nanoseconds);
            session.expires_at += SignedDuration::from_nanos(nanoseconds);

            let key = SessionKey::from_bytes(&secret).unwrap();
            let sealed = seal(&session, &key, &id(), nonce).unwrap();
            let read = SealedSession::parse(&sealed.to_bytes()).unwrap();
            prop_assert_eq!(&read, &sealed);
            let opened = read.open(&key, &session.profile).unwrap();
            prop_assert_eq!(&opened.profile, &session.profile);
            prop_assert_eq!(&opened.account, &session.account);
            prop_assert_eq!(opened.access_token.expose(), session.access_token.expose());
            prop_assert_eq!(&opened.scopes, &session.scopes);
            prop_assert_eq!(&opened.client_id, &session.client_id);
            prop_assert_eq!(&opened.api, &session.api);
            prop_assert_eq!((opened.issued_at, opened.expires_at), (issued, expires));
            prop_assert_eq!(opened.token_expires_at, session.token_expires_at);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn cuts_and_splices_are_refused(
            (from, to, at) in any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>(),
            splice in vec(any::<u8>(), 0..20),
            move_it in any::<bool>(),
        ) {
            let good = sealed().to_bytes();
            let (from, to) = (from.index(good.len()), to.index(good.len()));
            let piece = good[from.min(to)..from.max(to)].to_vec();
            let mut bad = good.clone();
            if move_it {
                let at = at.index(good.len());
                bad.splice(at..at, piece);
            } else {
                bad.splice(from.min(to)..from.max(to), splice);
            }
            prop_assume!(bad != good);
            prop_assert!(!opens(&bad));
        }

        #[test]
        fn garbage_is_refused_and_panics_nowhere(bytes in vec(any::<u8>(), 0..600)) {
            prop_assert!(SealedSession::parse(&bytes).is_err());
        }
    }
}
