//! OAuth as Todoist documents it (RFC 6749, 7009, 7591, 7636).

pub(crate) mod authorize;
pub(crate) mod client;
pub(crate) mod grants;
pub(crate) mod registration;
pub(crate) mod revocation;
pub(crate) mod scope;
pub(crate) mod token;

use hyper::header;
use serde_json::json;

use super::reply::{Reply, json_reply, set};

/// An error of the token, registration or revocation endpoint: `{"error": …}` (RFC 6749
/// section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: &'static str,
}

impl OAuthError {
    pub(crate) fn bad(error: &'static str, description: &'static str) -> Self {
        Self { status: 400, error, description }
    }

    /// The client did not say who it is, or not in the way it registered.
    pub(crate) fn invalid_client(description: &'static str) -> Self {
        Self { status: 401, error: "invalid_client", description }
    }
}

impl From<OAuthError> for Reply {
    fn from(error: OAuthError) -> Self {
        let body = json!({ "error": error.error, "error_description": error.description });
        let mut reply = json_reply(error.status, &body);
        if error.status == 401 {
            set(&mut reply, header::WWW_AUTHENTICATE, "Basic realm=\"todoist\"");
        }
        reply
    }
}
