//! Why Todoist did not do what we asked.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::http::{Answer, HttpError};
use crate::model::plain_text;

/// Why a request to Todoist failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum TodoistError {
    /// No answer.
    #[error("Todoist: {0}")]
    Http(#[from] HttpError),
    /// A 5xx, or something that is not Todoist's (a gateway's page): it may pass.
    #[error("Todoist is unavailable ({0})")]
    Unavailable(String),
    /// 429: too many requests.
    #[error("Todoist asks for a pause{}", .after.map(|s| format!(" of {s} seconds")).unwrap_or_default())]
    RateLimited {
        /// For how long, in seconds, if it said.
        after: Option<u64>,
    },
    /// 503 with a time after which to try again.
    #[error("Todoist is unavailable and asks for a pause{}", .after.map(|s| format!(" of {s} seconds")).unwrap_or_default())]
    Paused {
        /// For how long, in seconds.
        after: Option<u64>,
    },
    /// 401: the token is expired, revoked or wrong.
    #[error("Todoist no longer accepts this sign-in")]
    Unauthorized,
    /// Nothing was sent: the token may not be used any more, whatever Todoist would say.
    #[error("the session has ended")]
    Ended,
    /// Another 4xx: the request itself was refused.
    #[error("Todoist refused: {0}")]
    Refused(String),
}

/// The shape of the API's errors (API page "Errors").
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    #[serde(default)]
    error_extra: ErrorExtra,
}

#[derive(Default, Deserialize)]
struct ErrorExtra {
    retry_after: Option<u64>,
}

impl TodoistError {
    /// What an answer means that is no success. The body is only repeated if it is Todoist's.
    pub(super) fn of(answer: &Answer) -> Self {
        // A gateway's page is no error of Todoist's; then the status speaks alone.
        let body: Option<ErrorBody> = serde_json::from_slice(&answer.body).ok();
        let after =
            answer.retry_after().or(body.as_ref().and_then(|body| body.error_extra.retry_after));
        match answer.status {
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited { after },
            StatusCode::SERVICE_UNAVAILABLE if after.is_some() => Self::Paused { after },
            status if status.is_client_error() => match body {
                Some(body) => Self::Refused(plain_text::one_line(&body.error)),
                None => Self::Refused(format!("HTTP {}", status.as_u16())),
            },
            status => Self::Unavailable(format!("HTTP {}", status.as_u16())),
        }
    }
}
