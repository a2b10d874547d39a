//! Dynamic client registration (RFC 7591): `POST /oauth/register`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::{Host, Url};

use super::OAuthError;
use super::client::{AuthMethod, Client};
use super::scope::Scopes;
use crate::sandbox::limits::RetryAfter;
use crate::sandbox::mint;
use crate::sandbox::reply::{Refusal, Reply, Request, content_type, json_reply};
use crate::sandbox::world::World;

/// The most redirect URIs that a client registers.
const MAX_REDIRECT_URIS: usize = 10;
/// The longest redirect URI, in characters.
const LONGEST_REDIRECT_URI: usize = 512;
/// The longest name shown on the consent page; an assumption.
const LONGEST_NAME: usize = 256;
/// What a client gets that asks for no scope.
const DEFAULT_SCOPE: &str = "data:read_write";

/// Answers a registration.
pub(crate) fn register(world: &mut World, request: &Request, now: Timestamp) -> Reply {
    if let Err(RetryAfter(seconds)) = world.registrations.call(now) {
        return Refusal::rate_limited(seconds).into();
    }
    if content_type(request) != "application/json" {
        return metadata("the body must be application/json").into();
    }
    match Client::from_metadata(request.body()) {
        Ok(client) => {
            let reply = json_reply(201, &client.to_json(now));
            world.clients.push(client);
            reply
        }
        Err(error) => error.into(),
    }
}

impl Client {
    /// A client as its metadata describe it, with a new id and secret.
    fn from_metadata(body: &[u8]) -> Result<Self, OAuthError> {
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| metadata("the body is no JSON object"))?;
        let auth_method = match text(&fields, "token_endpoint_auth_method")? {
            None | Some("client_secret_post") => AuthMethod::SecretPost,
            Some("client_secret_basic") => AuthMethod::SecretBasic,
            Some("none") => AuthMethod::None,
            Some(_) => return Err(metadata("unknown token_endpoint_auth_method")),
        };
        let grant_types =
            texts(&fields, "grant_types")?.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
        let known = |name: &String| name == "authorization_code" || name == "refresh_token";
        if !grant_types.iter().all(known)
            || !grant_types.iter().any(|it| it == "authorization_code")
        {
            return Err(metadata("grant_types must hold authorization_code, and no unknown one"));
        }
        if texts(&fields, "response_types")?.is_some_and(|types| types != ["code"]) {
            return Err(metadata("response_types must be [\"code\"]"));
        }
        let name = text(&fields, "client_name")?.unwrap_or("An app without a name");
        if name.chars().count() > LONGEST_NAME {
            return Err(metadata("client_name is too long"));
        }
        let scopes = Scopes::parse(text(&fields, "scope")?.unwrap_or(DEFAULT_SCOPE), ' ')
            .ok_or(OAuthError::bad("invalid_scope", "unknown scope"))?;
        Ok(Self {
            id: format!("tdd_{}", uuid::Uuid::new_v4().simple()),
            secret: (auth_method != AuthMethod::None).then(mint::secret),
            auth_method,
            name: name.to_owned(),
            redirect_uris: redirect_uris(&fields)?,
            scopes,
            refreshes: grant_types.iter().any(|it| it == "refresh_token"),
            legacy: false,
        })
    }

    /// The answer to a registration (RFC 7591 section 3.2.1).
    fn to_json(&self, now: Timestamp) -> Value {
        let mut grant_types = vec!["authorization_code"];
        grant_types.extend(self.refreshes.then_some("refresh_token"));
        let mut answer = json!({
            "client_id": self.id, "client_id_issued_at": now.as_second(),
            "client_name": self.name, "redirect_uris": self.redirect_uris,
            "grant_types": grant_types, "response_types": ["code"],
            "scope": self.scopes.join(" "),
            "token_endpoint_auth_method": match self.auth_method {
                AuthMethod::SecretPost => "client_secret_post",
                AuthMethod::SecretBasic => "client_secret_basic",
                AuthMethod::None => "none",
            },
        });
        if let Some(secret) = &self.secret {
            answer["client_secret"] = json!(secret);
            answer["client_secret_expires_at"] = json!(0);
        }
        answer
    }
}

fn redirect_uris(fields: &Map<String, Value>) -> Result<Vec<String>, OAuthError> {
    let invalid = |why| OAuthError::bad("invalid_redirect_uri", why);
    let uris = texts(fields, "redirect_uris")?.unwrap_or_default();
    if uris.is_empty() || uris.len() > MAX_REDIRECT_URIS {
        return Err(invalid("there must be 1 to 10 redirect_uris"));
    }
    if uris.iter().any(|uri| uri.chars().count() > LONGEST_REDIRECT_URI) {
        return Err(invalid("a redirect URI has at most 512 characters"));
    }
    if uris.iter().all(|uri| is_redirect_uri(uri)) {
        Ok(uris)
    } else {
        Err(invalid("a redirect URI is https, or http to localhost, without a fragment"))
    }
}

/// Whether Todoist surely takes the URI: `https`, or `http://localhost`. Whether it takes
/// other loopback addresses is not documented, so they are refused. A fragment is forbidden
/// (RFC 6749 section 3.1.2).
fn is_redirect_uri(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    // The host goes into the consent page's security policy, where a semicolon would end it.
    let plain =
        |name: &str| name.bytes().all(|it| it.is_ascii_alphanumeric() || b".-".contains(&it));
    let host_is_right = match (url.scheme(), url.host()) {
        ("https", Some(Host::Domain(name))) => plain(name),
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    };
    host_is_right
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, OAuthError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(metadata("a field that must be a string is not")),
    }
}

fn texts(fields: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, OAuthError> {
    let wrong = || metadata("a field that must be an array of strings is not");
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().map(Some).ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}

fn metadata(description: &'static str) -> OAuthError {
    OAuthError::bad("invalid_client_metadata", description)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(metadata: Value) -> Result<Client, &'static str> {
        Client::from_metadata(metadata.to_string().as_bytes()).map_err(|error| error.error)
    }

    #[test]
    fn only_https_and_localhost_are_redirect_uris() {
        for uri in
            ["https://example.com/x?y=1", "http://localhost:8080/callback", "http://localhost"]
        {
            assert!(is_redirect_uri(uri), "{uri}");
        }
        for uri in [
            "http://127.0.0.1:8080/callback",
            "http://[::1]/callback",
            "http://example.com/",
            "http://localhost.example.com/",
            "https://example.com/#top",
            "https://me:secret@example.com/",
            "https://a;b.example.com/",
            "app:callback",
            "",
        ] {
            assert!(!is_redirect_uri(uri), "{uri}");
        }
    }

    #[test]
    fn the_default_is_a_confidential_client_that_reads_and_writes() {
        let registered = client(json!({"redirect_uris": ["http://localhost:1/"]})).unwrap();
        let answer = registered.to_json(Timestamp::UNIX_EPOCH);
        assert!(answer["client_id"].as_str().unwrap().starts_with("tdd_"));
        assert_eq!(answer["token_endpoint_auth_method"], "client_secret_post");
        assert_eq!(answer["scope"], "data:read_write");
        assert_eq!(answer["client_secret_expires_at"], 0);
        assert_eq!(answer["grant_types"], json!(["authorization_code"]));
    }

    #[test]
    fn a_public_client_gets_no_secret() {
        let uris = json!(["http://localhost:1/"]);
        let public = json!({"redirect_uris": uris, "token_endpoint_auth_method": "none"});
        assert!(
            client(public).unwrap().to_json(Timestamp::UNIX_EPOCH).get("client_secret").is_none()
        );
    }

    #[test]
    fn wrong_metadata_get_their_error() {
        let uris = json!(["http://localhost:1/"]);
        let eleven = vec!["http://localhost:1/"; 11];
        let long = format!("http://localhost/{}", "x".repeat(500));
        for (metadata, error) in [
            (json!([]), "invalid_client_metadata"),
            (json!({}), "invalid_redirect_uri"),
            (json!({"redirect_uris": eleven}), "invalid_redirect_uri"),
            (json!({"redirect_uris": [long]}), "invalid_redirect_uri"),
            (json!({"redirect_uris": uris, "scope": "data:read,data:delete"}), "invalid_scope"),
            (
                json!({"redirect_uris": uris, "grant_types": ["implicit"]}),
                "invalid_client_metadata",
            ),
            (
                json!({"redirect_uris": uris, "response_types": ["token"]}),
                "invalid_client_metadata",
            ),
            (json!({"redirect_uris": uris, "client_name": 7}), "invalid_client_metadata"),
        ] {
            assert_eq!(client(metadata).err(), Some(error));
        }
    }
}
