//! Who asks, and whether they may.

use hyper::header;
use jiff::Timestamp;

use super::oauth::scope::{Scope, Scopes};
use super::reply::{Refusal, Request};
use super::world::World;

/// A request's account and what its token allows.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The account's index.
    pub(crate) account: usize,
    pub(crate) scopes: Scopes,
}

impl Caller {
    /// The owner of the `Authorization: Bearer` token (RFC 6750 section 2.1).
    ///
    /// # Errors
    /// 401 without a token, or with one that expired, was revoked, or never was.
    pub(crate) fn of(world: &World, request: &Request, now: Timestamp) -> Result<Self, Refusal> {
        let value = request.headers().get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
        let token = value
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let grant = token.and_then(|token| world.grants.of_token(token, now));
        let grant = grant.ok_or_else(Refusal::unauthorized)?;
        let account = world.accounts.iter().position(|account| account.id == grant.user);
        let account = account.ok_or_else(Refusal::unauthorized)?;
        Ok(Self { account, scopes: grant.scopes.clone() })
    }

    /// # Errors
    /// 403 if the token does not allow `scope`.
    pub(crate) fn needs(&self, scope: Scope) -> Result<(), Refusal> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(Refusal::forbidden(scope.as_str())) }
    }
}
