//! The token endpoint: `POST /oauth/access_token`.

use hyper::header;
use jiff::Timestamp;
use serde_json::json;

use super::OAuthError;
use super::client::Credentials;
use super::grants::{Presented, TokenAnswer};
use super::scope::Scopes;
use crate::sandbox::form::Form;
use crate::sandbox::reply::{Reply, Request, content_type, json_reply, set};
use crate::sandbox::world::World;

/// Answers a token request.
pub(crate) fn token(world: &mut World, request: &Request, now: Timestamp) -> Reply {
    match exchange(world, request, now) {
        Ok(answer) => {
            let mut reply = json_reply(200, &answer.to_json());
            set(&mut reply, header::PRAGMA, "no-cache");
            reply
        }
        Err(error) => error.into(),
    }
}

fn exchange(
    world: &mut World,
    request: &Request,
    now: Timestamp,
) -> Result<TokenAnswer, OAuthError> {
    let invalid_request = |why| OAuthError::bad("invalid_request", why);
    if content_type(request) != "application/x-www-form-urlencoded" {
        return Err(invalid_request("the body must be application/x-www-form-urlencoded"));
    }
    let form = Form::parse(request.body());
    if form.repeated().is_some() {
        return Err(invalid_request("a parameter stands there twice"));
    }
    let credentials = Credentials::of(request, &form)?;
    let client = world.client(&credentials.client_id).cloned();
    let client = client.ok_or(OAuthError::invalid_client("unknown client"))?;
    credentials.check(&client)?;
    match form.get("grant_type") {
        Some("authorization_code") => {
            let code = form.get("code").ok_or(invalid_request("code is missing"))?;
            let (redirect_uri, verifier) = (form.get("redirect_uri"), form.get("code_verifier"));
            world.verifiers.extend(verifier.map(str::to_owned));
            world.grants.exchange(&client, &Presented { code, redirect_uri, verifier }, now)
        }
        Some("refresh_token") => {
            let token =
                form.get("refresh_token").ok_or(invalid_request("refresh_token is missing"))?;
            let scopes = form.get("scope").map(|scope| Scopes::parse(scope, ' '));
            if scopes
                .is_some_and(|scopes| scopes.is_none_or(|scopes| !client.scopes.cover(&scopes)))
            {
                return Err(OAuthError::bad("invalid_scope", "more than was granted"));
            }
            world.grants.refresh(&client, token, now)
        }
        Some(_) => Err(OAuthError::bad("unsupported_grant_type", "unknown grant_type")),
        None => Err(invalid_request("grant_type is missing")),
    }
}

impl TokenAnswer {
    fn to_json(&self) -> serde_json::Value {
        let mut answer = json!({
            "access_token": self.access_token, "token_type": "Bearer",
            "expires_in": self.expires_in, "scope": self.scopes.join(" "),
        });
        if let Some(token) = &self.refresh_token {
            answer["refresh_token"] = json!(token);
        }
        answer
    }
}
