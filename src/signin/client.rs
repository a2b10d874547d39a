//! Who we are to the authorization server.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::model::ClientSecret;
use crate::signin::{Permission, REDIRECT_PORTS};

/// What a registered client may exchange for tokens (RFC 7591 section 2). Todoist issues refresh
/// tokens only to clients that say so.
pub(super) const GRANT_TYPES: [&str; 2] = ["authorization_code", "refresh_token"];

/// The scopes that a client is registered for, separated by blanks (RFC 7591 section 2): all
/// that a sign-in may ask for, so that one registration does for every sign-in.
pub(super) fn registered_scope() -> String {
    Permission::MOST.scopes().join(" ")
}

/// An OAuth client (RFC 6749 section 2).
#[derive(Debug)]
pub struct OAuthClient {
    /// Its `client_id`.
    pub id: String,
    /// Its secret. A public client has none, and Todoist lets such a client revoke nothing.
    pub secret: Option<ClientSecret>,
}

/// How a registered client lies in the key store.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    redirect_ports: Vec<u16>,
    scope: &'a str,
    #[serde(borrow, default)]
    grant_types: Vec<&'a str>,
}

/// How a person's own client lies there. Nothing but its secret is worth keeping; a public
/// client has none, which is worth knowing too.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    client_secret: Option<T>,
}

impl OAuthClient {
    /// The form in which a registered client is kept. Wiped on drop.
    ///
    /// # Errors
    /// None that can happen: texts and numbers can always be written.
    pub fn to_stored(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let secret = self.secret.as_ref().map_or("", ClientSecret::expose);
        let stored = Stored {
            client_id: &self.id,
            client_secret: secret,
            redirect_ports: REDIRECT_PORTS.to_vec(),
            scope: &registered_scope(),
            grant_types: GRANT_TYPES.to_vec(),
        };
        serde_json::to_vec(&stored).map(Zeroizing::new)
    }

    /// The form in which a client of the person's own is kept. Wiped on drop.
    ///
    /// # Errors
    /// None that can happen, as above.
    pub fn to_kept(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let kept = Kept { client_secret: self.secret.as_ref().map(ClientSecret::expose) };
        serde_json::to_vec(&kept).map(Zeroizing::new)
    }

    /// Reads what [`OAuthClient::to_kept`] wrote of the client `id`.
    pub fn from_kept(id: &str, bytes: &[u8]) -> Option<Self> {
        let kept: Kept<String> = serde_json::from_slice(bytes).ok()?;
        Some(Self { id: id.to_owned(), secret: kept.client_secret.map(ClientSecret::new) })
    }

    /// Reads what [`OAuthClient::to_stored`] wrote. `None` if it cannot be used any more,
    /// for instance because it was registered for other ports, scopes or grants: then a new one is
    /// due.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        let stored: Stored<'_> = serde_json::from_slice(bytes).ok()?;
        let as_now = stored.redirect_ports == REDIRECT_PORTS
            && stored.scope == registered_scope()
            && stored.grant_types == GRANT_TYPES;
        let usable = as_now && !stored.client_secret.is_empty();
        usable.then(|| Self {
            id: stored.client_id.to_owned(),
            secret: Some(ClientSecret::new(stored.client_secret.to_owned())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registered_client_comes_back() {
        let client = OAuthClient {
            id: "tdd_1".to_owned(),
            secret: Some(ClientSecret::new("hunter2".to_owned())),
        };
        let back = OAuthClient::from_stored(&client.to_stored().unwrap()).unwrap();
        assert_eq!((back.id.as_str(), back.secret.unwrap().expose()), ("tdd_1", "hunter2"));
        assert!(OAuthClient::from_stored(b"{}").is_none());
        let stored = String::from_utf8(client.to_stored().unwrap().to_vec()).unwrap();
        for without in
            [stored.replace(",\"refresh_token\"", ""), stored.replace("grant_types", "x")]
        {
            assert_ne!(without, stored);
            assert!(OAuthClient::from_stored(without.as_bytes()).is_none(), "{without}");
        }
        let narrower = stored.replace(" data:delete project:delete", "");
        assert_ne!(narrower, stored);
        assert!(OAuthClient::from_stored(narrower.as_bytes()).is_none(), "{narrower}");
        let moved = br#"{"client_id":"a","client_secret":"b","redirect_ports":[1],"scope":""}"#;
        assert!(OAuthClient::from_stored(moved).is_none());
    }

    #[test]
    fn the_secret_of_an_own_client_comes_back_whatever_is_in_it() {
        for secret in [None, Some("hunter2"), Some("with \"quotes\" and \\")] {
            let secret = secret.map(|secret| ClientSecret::new(secret.to_owned()));
            let own = OAuthClient { id: "mine".to_owned(), secret };
            let kept = OAuthClient::from_kept("mine", &own.to_kept().unwrap()).unwrap();
            let text = |client: &OAuthClient| {
                client.secret.as_ref().map(|secret| secret.expose().to_owned())
            };
            assert_eq!((kept.id.as_str(), text(&kept)), ("mine", text(&own)));
        }
    }
}
