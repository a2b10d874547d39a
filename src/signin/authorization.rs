//! The authorization request (RFC 6749 section 4.1.1) with PKCE (RFC 7636).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, Scope};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;
use zeroize::Zeroizing;

use crate::model::Origin;

/// What the person is asked to permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// To read projects and tasks, to recognise earlier imports, and to write them. Todoist has
    /// nothing narrower that writes projects.
    Write,
    /// To delete tasks, sections and projects as well.
    WriteAndDelete,
}

impl Permission {
    /// All that is ever asked for, which is what a client is registered for.
    pub(super) const MOST: Self = Self::WriteAndDelete;

    /// The scopes that it takes, as Todoist spells them (API page "Authorization",
    /// "Permission scopes").
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Write => &["data:read_write"],
            Self::WriteAndDelete => &["data:read_write", "data:delete", "project:delete"],
        }
    }
}

/// The ports that a redirect can come to, in the order in which they are tried. Fixed,
/// because Todoist compares the redirect URI to the registered ones as text; below the range
/// from which systems take ports for outgoing connections; ten, because Todoist registers no
/// more.
pub const REDIRECT_PORTS: [u16; 10] =
    [21_370, 21_371, 21_372, 21_373, 21_374, 21_375, 21_376, 21_377, 21_378, 21_379];

/// Where the browser is sent after consent: `http://localhost:PORT/callback` (RFC 8252
/// section 7.3; a name instead of the address, since Todoist registers only that).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedirectUri {
    /// The port that the listener has.
    pub port: u16,
}

impl RedirectUri {
    /// The path that ends the wait.
    pub const PATH: &'static str = "/callback";
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://localhost:{}{}", self.port, Self::PATH)
    }
}

/// The `state` that ties a redirect to our request (RFC 6749 section 10.12): 256 random bits.
pub struct State(Zeroizing<String>);

impl State {
    /// The state made of these bits, which must be random.
    pub fn from_entropy(bits: &[u8; 32]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bits)))
    }

    /// Whether `other` is the same, in a time that does not tell how much of it is.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

/// The PKCE `code_verifier` (RFC 7636 section 4.1): 64 characters of its alphabet. It belongs
/// to one request, is given away with the exchange of its code, and wiped with it.
pub struct CodeVerifier(Zeroizing<String>);

impl CodeVerifier {
    /// The verifier made of these bits, which must be random.
    pub fn from_entropy(bits: &[u8; 48]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bits)))
    }

    /// The `code_challenge` of the method S256 (RFC 7636 section 4.2), which goes ahead through
    /// the browser and does not tell the verifier.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }

    /// For the token request, and for nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// The `code` that the redirect carries (RFC 6749 section 4.1.2), good for one exchange.
pub struct AuthorizationCode(Zeroizing<String>);

impl AuthorizationCode {
    pub(super) fn new(code: String) -> Self {
        Self(Zeroizing::new(code))
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// One authorization request (RFC 6749 section 4.1.1, with the challenge of RFC 7636
/// section 4.3, sent through the person's own browser as RFC 8252 section 7 wants it), and
/// what belongs to its answer.
pub struct AuthorizationRequest {
    /// The page that the person has to open.
    pub url: Url,
    /// What the redirect has to bring back.
    pub state: State,
    /// What the token request has to prove.
    pub verifier: CodeVerifier,
}

impl AuthorizationRequest {
    /// A request of client `client_id` for `permission` to the consent page at `auth`. `state`
    /// and `verifier` must be fresh.
    pub fn new(
        auth: &Origin,
        client_id: &str,
        permission: Permission,
        redirect_uri: RedirectUri,
        state: State,
        verifier: CodeVerifier,
    ) -> Self {
        let client = BasicClient::new(ClientId::new(client_id.to_owned()))
            .set_auth_uri(AuthUrl::from_url(auth.at("/oauth/authorize")));
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(state.0.to_string()))
            // Todoist separates scopes by commas, where the RFC has blanks.
            .add_scope(Scope::new(permission.scopes().join(",")))
            // Not by `set_pkce_challenge`, which wants a copy of the verifier that nobody wipes.
            .add_extra_param("code_challenge", verifier.challenge())
            .add_extra_param("code_challenge_method", "S256")
            .add_extra_param("redirect_uri", redirect_uri.to_string())
            .url();
        Self { url, state, verifier }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn request(permission: Permission) -> AuthorizationRequest {
        AuthorizationRequest::new(
            &"https://app.todoist.com".parse().unwrap(),
            "tdd_1",
            permission,
            RedirectUri { port: 21_370 },
            State::from_entropy(&[7; 32]),
            CodeVerifier::from_entropy(&[9; 48]),
        )
    }

    #[test]
    fn leave_to_delete_is_asked_for_only_where_it_is_wanted() {
        let url = request(Permission::WriteAndDelete).url;
        let (_, scope) = url.query_pairs().find(|(key, _)| key == "scope").unwrap();
        assert_eq!(scope, "data:read_write,data:delete,project:delete");
    }

    #[test]
    fn the_request_asks_for_a_code_with_state_and_pkce() {
        let request = request(Permission::Write);
        assert_eq!(request.url.origin().ascii_serialization(), "https://app.todoist.com");
        assert_eq!(request.url.path(), "/oauth/authorize");
        let query: HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], "tdd_1");
        assert_eq!(query["scope"], "data:read_write");
        assert_eq!(query["redirect_uri"], "http://localhost:21370/callback");
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["code_challenge"], request.verifier.challenge());
        assert!(request.state.matches(&query["state"]));
        assert!(!request.url.as_str().contains(request.verifier.expose()));
    }

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636 appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let challenge = CodeVerifier(Zeroizing::new(verifier)).challenge();
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn verifier_and_state_are_as_long_as_the_rules_want() {
        let request = request(Permission::Write);
        assert_eq!(request.verifier.expose().len(), 64);
        assert!(request.state.matches(&URL_SAFE_NO_PAD.encode([7; 32])));
        assert!(!request.state.matches(""));
        assert!(!request.state.matches(&URL_SAFE_NO_PAD.encode([7; 31])));
    }
}
