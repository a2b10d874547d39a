//! Dynamic client registration (RFC 7591).

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::http::{Http, HttpError};
use crate::model::{ClientSecret, Origin};
use crate::signin::client::GRANT_TYPES;
use crate::signin::{OAuthClient, REDIRECT_PORTS, RedirectUri, SCOPE};

/// Why Todoist gave us no client.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// No answer.
    #[error("registering with Todoist: {0}")]
    Http(#[from] HttpError),
    /// Too many registrations, or a passing fault.
    #[error("Todoist takes no registration at the moment (HTTP {0})")]
    Unavailable(u16),
    /// The registration itself was refused.
    #[error("Todoist refused to register nbatodo: {0}")]
    Refused(String),
    /// An answer without a client in it.
    #[error("Todoist's answer to the registration makes no sense")]
    Answer,
}

/// The client information response (RFC 7591 section 3.2.1).
#[derive(Deserialize)]
struct Registered {
    client_id: String,
    client_secret: String,
}

/// The client registration error response (RFC 7591 section 3.2.2).
#[derive(Deserialize)]
struct RegistrationRefused {
    error: String,
}

/// Registers this installation at `api`: a confidential client, because Todoist lets only
/// those revoke their tokens, that uses PKCE all the same, and that may stay signed in.
///
/// # Errors
/// [`RegistrationError`].
pub async fn register(http: &Http, api: &Origin) -> Result<OAuthClient, RegistrationError> {
    let metadata = json!({
        "client_name": "nbatodo",
        "redirect_uris": REDIRECT_PORTS.map(|port| RedirectUri { port }.to_string()),
        "grant_types": GRANT_TYPES,
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_post",
        // Here separated by spaces (RFC 7591 section 2).
        "scope": SCOPE.replace(',', " "),
    });
    let request = http
        .request(Method::POST, api.at("/oauth/register"))?
        .header(CONTENT_TYPE, "application/json")
        .body(metadata.to_string());
    let answer = http.send(request).await?;
    let passing = answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error();
    if passing {
        return Err(RegistrationError::Unavailable(answer.status.as_u16()));
    }
    if !answer.status.is_success() {
        let refused = serde_json::from_slice::<RegistrationRefused>(&answer.body);
        let status = format!("HTTP {}", answer.status.as_u16());
        return Err(RegistrationError::Refused(refused.map_or(status, |refused| refused.error)));
    }
    let registered: Registered =
        serde_json::from_slice(&answer.body).map_err(|_| RegistrationError::Answer)?;
    Ok(OAuthClient {
        id: registered.client_id,
        secret: Some(ClientSecret::new(registered.client_secret)),
    })
}
