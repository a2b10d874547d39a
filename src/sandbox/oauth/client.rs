//! Clients, and how they prove who they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header;
use subtle::ConstantTimeEq;

use super::OAuthError;
use super::scope::Scopes;
use crate::sandbox::form::Form;
use crate::sandbox::reply::Request;

/// How a client authenticates (RFC 7591 section 2, `token_endpoint_auth_method`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthMethod {
    /// `client_secret` among the parameters.
    SecretPost,
    /// HTTP Basic (RFC 6749 section 2.3.1).
    SecretBasic,
    /// A public client: not at all.
    None,
}

/// A client that may ask for people's permission.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    /// None for a public client.
    pub(crate) secret: Option<String>,
    pub(crate) auth_method: AuthMethod,
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    /// The most that it may ask for.
    pub(crate) scopes: Scopes,
    /// Whether it registered the grant type `refresh_token`.
    pub(crate) refreshes: bool,
    /// A client from before tokens expired.
    pub(crate) legacy: bool,
}

/// What a request says about the client that sends it.
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    secret: Option<String>,
    method: AuthMethod,
}

impl Credentials {
    /// The credentials in the header or among the parameters; both at once are forbidden
    /// (RFC 6749 section 2.3).
    pub(crate) fn of(request: &Request, form: &Form) -> Result<Self, OAuthError> {
        let secret = form.get("client_secret").map(str::to_owned);
        if let Some(basic) = Self::basic(request)? {
            if secret.is_some() {
                return Err(OAuthError::bad("invalid_request", "client credentials twice"));
            }
            if form.get("client_id").is_some_and(|id| id != basic.client_id) {
                return Err(OAuthError::bad("invalid_request", "two different client ids"));
            }
            return Ok(basic);
        }
        let client_id = form.get("client_id");
        let client_id = client_id.ok_or(OAuthError::invalid_client("client_id is missing"))?;
        let method = if secret.is_some() { AuthMethod::SecretPost } else { AuthMethod::None };
        Ok(Self { client_id: client_id.to_owned(), secret, method })
    }

    /// The credentials in `Authorization: Basic`, if there is such a header.
    pub(crate) fn basic(request: &Request) -> Result<Option<Self>, OAuthError> {
        let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
        let malformed = OAuthError::invalid_client("the Authorization header is malformed");
        let (scheme, encoded) =
            value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or(malformed)?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(malformed);
        }
        let decoded =
            STANDARD.decode(encoded.trim()).ok().and_then(|it| String::from_utf8(it).ok());
        let decoded = decoded.ok_or(malformed)?;
        let (id, secret) = decoded.split_once(':').ok_or(malformed)?;
        let (client_id, secret) = (form_decoded(id), Some(form_decoded(secret)));
        Ok(Some(Self { client_id, secret, method: AuthMethod::SecretBasic }))
    }

    /// Whether the secret is the client's, compared in constant time.
    pub(crate) fn prove(&self, client: &Client) -> bool {
        match (&self.secret, &client.secret) {
            (Some(given), Some(kept)) => given.as_bytes().ct_eq(kept.as_bytes()).into(),
            _ => false,
        }
    }

    /// Whether they are `client`'s, given in the way that it registered.
    ///
    /// # Errors
    /// `invalid_client` for the wrong way, `incorrect_application_credentials` for the wrong
    /// secret.
    pub(crate) fn check(&self, client: &Client) -> Result<(), OAuthError> {
        if self.method != client.auth_method {
            return Err(OAuthError::invalid_client("another token_endpoint_auth_method"));
        }
        if client.auth_method == AuthMethod::None || self.prove(client) {
            return Ok(());
        }
        let error = "incorrect_application_credentials";
        Err(OAuthError { status: 401, error, description: "the client secret is wrong" })
    }
}

/// RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined.
fn form_decoded(text: &str) -> String {
    let pair = format!("v={text}");
    Form::parse(pair.as_bytes()).get("v").unwrap_or("").to_owned()
}
