//! Revocation: `POST /api/v1/revoke` (RFC 7009) and the older
//! `DELETE /api/v1/access_tokens`.

use hyper::body::Bytes;
use serde_json::Value;

use super::OAuthError;
use super::client::Credentials;
use crate::sandbox::form::Form;
use crate::sandbox::reply::{Refusal, Reply, Request, content_type, text_reply};
use crate::sandbox::world::World;

/// Answers `POST /api/v1/revoke`: the client proves itself with HTTP Basic, whatever it
/// registered for the token endpoint.
pub(crate) fn revoke(world: &mut World, request: &Request) -> Reply {
    match authenticated(world, request).and_then(|client| Ok((client, named_token(request)?))) {
        Ok((client_id, token)) => {
            world.grants.revoke(&client_id, &token);
            // RFC 7009 section 2.2: 200 for an unknown token too.
            text_reply(200, "application/json", "null".to_owned())
        }
        Err(error) => error.into(),
    }
}

/// Answers `DELETE /api/v1/access_tokens?client_id&client_secret&access_token`.
pub(crate) fn delete(world: &mut World, request: &Request) -> Reply {
    let form = Form::of_query(request);
    let Some(token) = form.get("access_token") else {
        return Refusal::missing("access_token").into();
    };
    let credentials = match Credentials::of(request, &form) {
        Ok(credentials) => credentials,
        Err(error) => return error.into(),
    };
    match world.client(&credentials.client_id) {
        Some(client) if credentials.prove(client) => {
            world.grants.revoke(&credentials.client_id, token);
            let mut reply = Reply::new(Bytes::new());
            *reply.status_mut() = hyper::StatusCode::NO_CONTENT;
            reply
        }
        _ => OAuthError::invalid_client("unknown client or wrong secret").into(),
    }
}

fn authenticated(world: &World, request: &Request) -> Result<String, OAuthError> {
    let needed = OAuthError::invalid_client("client authentication with HTTP Basic is needed");
    let credentials = Credentials::basic(request)?.ok_or(needed)?;
    match world.client(&credentials.client_id) {
        Some(client) if credentials.prove(client) => Ok(credentials.client_id),
        _ => Err(OAuthError::invalid_client("unknown client or wrong secret")),
    }
}

/// The parameter `token` of a form or a JSON body. `token_type_hint` is only a hint.
fn named_token(request: &Request) -> Result<String, OAuthError> {
    let token = match content_type(request).as_str() {
        "application/x-www-form-urlencoded" => {
            Form::parse(request.body()).get("token").map(str::to_owned)
        }
        "application/json" => serde_json::from_slice::<Value>(request.body())
            .ok()
            .and_then(|body| body["token"].as_str().map(str::to_owned)),
        _ => return Err(OAuthError::bad("invalid_request", "the body must be a form or JSON")),
    };
    token.ok_or(OAuthError::bad("invalid_request", "token is missing"))
}
