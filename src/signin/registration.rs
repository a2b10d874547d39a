//! Dynamic client registration (RFC 7591).

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::http::{Answer, Http, HttpError, NO_SENSE};
use crate::model::{ClientSecret, Origin, plain_text};
use crate::signin::client::{GRANT_TYPES, registered_scope};
use crate::signin::{OAuthClient, REDIRECT_PORTS, RedirectUri};

/// Why Todoist gave us no client.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// No answer.
    #[error("registering with Todoist: {0}")]
    Http(#[from] HttpError),
    /// Too many registrations from here.
    #[error("Todoist takes no more registrations from here for now{}", minutes(*.after))]
    RateLimited {
        /// For how long, in seconds, if it said.
        after: Option<u64>,
    },
    /// A passing fault, or something in front of Todoist.
    #[error("Todoist takes no registration at the moment ({0})")]
    Unavailable(String),
    /// The registration itself was refused.
    #[error("Todoist refused to register nbatodo: {0}")]
    Refused(String),
}

/// How long a pause is, as a person counts.
fn minutes(seconds: Option<u64>) -> String {
    match seconds.map(|seconds| seconds.div_ceil(60)) {
        None => String::new(),
        Some(0 | 1) => ", try again in a minute".to_owned(),
        Some(minutes) => format!(", try again in {minutes} minutes"),
    }
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
    error_description: Option<String>,
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
        "scope": registered_scope(),
    });
    let request = http
        .request(Method::POST, api.at("/oauth/register"))?
        .header(CONTENT_TYPE, "application/json")
        .body(metadata.to_string());
    let answer = http.send(request).await?;
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(RegistrationError::RateLimited { after: answer.retry_after() });
    }
    if let Some(why) = answer.not_from_an_api() {
        return Err(RegistrationError::Unavailable(why));
    }
    if !answer.status.is_success() {
        return Err(RegistrationError::Refused(reason(&answer)));
    }
    let registered: Registered = serde_json::from_slice(&answer.body).map_err(|_| nonsense())?;
    Ok(OAuthClient {
        id: registered.client_id,
        secret: Some(ClientSecret::new(registered.client_secret)),
    })
}

fn nonsense() -> RegistrationError {
    RegistrationError::Unavailable(NO_SENSE.to_owned())
}

/// The error code of a refusal, and what it says about it.
fn reason(answer: &Answer) -> String {
    let Ok(refused) = serde_json::from_slice::<RegistrationRefused>(&answer.body) else {
        return format!("HTTP {}", answer.status.as_u16());
    };
    match refused.error_description {
        Some(description) => {
            let words = [refused.error, description].map(|text| plain_text::remark(&text));
            words.join(", ")
        }
        None => plain_text::remark(&refused.error),
    }
}
