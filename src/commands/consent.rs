//! From the code of a consent to a session in the vault.

use jiff::{SignedDuration, Timestamp};

use crate::commands::release::Unkept;
use crate::commands::standing_grant::{self, Replaced};
use crate::commands::{Context, Failure, client};
use crate::http::Http;
use crate::model::{AccessToken, RefreshToken};
use crate::session::{Account, Session, StandingGrant, StandingToken, expiry, token_end};
use crate::signin::{
    AuthorizationCode, CodeVerifier, OAuthClient, Permission, RedirectUri, TokenError,
    TokenResponse, token,
};
use crate::todoist::Client;

/// What the person wants of a sign-in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wishes {
    /// A shorter life for each session than the hour.
    pub(super) ttl: Option<SignedDuration>,
    /// A standing grant.
    pub(super) stay_signed_in: bool,
    /// What they were asked to permit.
    pub(super) permission: Permission,
}

/// What a consent gave, with what belongs to it.
pub(super) struct Consent<'a> {
    pub(super) client: &'a OAuthClient,
    pub(super) redirect_uri: RedirectUri,
    pub(super) code: AuthorizationCode,
    pub(super) verifier: CodeVerifier,
}

/// Code to tokens, tokens to account, the session sealed, and the standing grant kept if there is
/// to be one.
pub(super) async fn redeem(
    context: &Context,
    http: &Http,
    wishes: Wishes,
    consent: Consent<'_>,
) -> Result<Replaced, Failure> {
    let api = &context.settings.api;
    let Consent { client: us, redirect_uri, code, verifier } = consent;
    let issued_at = whole_seconds(context.clock.now());
    let mut response = match token::exchange(http, api, us, redirect_uri, code, verifier).await {
        Err(TokenError::UnknownClient) => return Err(client::forget(context, us).await?),
        answered => answered?,
    };
    tracing::info!(expires_in = ?response.expires_in, "got a token for the code");
    if context.keeps_nothing() {
        // All that follows ends by itself, and ends with the token's revocation.
        context.interrupts.only_note();
    }
    // A key store that hangs keeps what it was given; what revokes the tokens must not hang with
    // it. Without a wish to stay signed in, this is the only copy of the refresh token.
    let access = AccessToken::new(response.access_token.expose().to_owned());
    let refresh = response.refresh_token.take();
    // To a client whose tokens have no end Todoist may give the one again that is in use.
    let has_end = token_end(issued_at, response.expires_in).is_some();
    let in_use = !has_end && standing_grant::lives_by(context, &access).await;
    let kept = keep(context, http, wishes, us, response, refresh.as_ref(), issued_at).await;
    if kept.is_err() && !in_use {
        // It takes seconds, and a token that is left would live for an hour.
        context.interrupts.only_note();
        Unkept { access: &access, refresh: refresh.as_ref() }.abandon(http, api, us).await;
    }
    kept
}

async fn keep(
    context: &Context,
    http: &Http,
    wishes: Wishes,
    client: &OAuthClient,
    response: TokenResponse,
    refresh: Option<&RefreshToken>,
    issued_at: Timestamp,
) -> Result<Replaced, Failure> {
    let session = Session {
        profile: context.settings.profile.clone(),
        account: account(context, http, &response.access_token).await?,
        access_token: response.access_token,
        scopes: response.scopes.unwrap_or_else(|| asked_for(wishes.permission)),
        client_id: client.id.clone(),
        api: context.settings.api.clone(),
        issued_at,
        expires_at: expiry(issued_at, response.expires_in, wishes.ttl),
        token_expires_at: token_end(issued_at, response.expires_in),
    };
    let grant = match wishes.stay_signed_in {
        true => Some(lasting(&session, refresh, wishes.ttl)?),
        // Todoist does not say whether a refresh token dies with its access token: it is held
        // as long as the run, to be revoked with it.
        false if context.keeps_nothing() && refresh.is_some() => {
            Some(lasting(&session, refresh, wishes.ttl)?)
        }
        false => None,
    };
    standing_grant::replace(context, session, grant.as_ref()).await
}

/// What outlives the session: the refresh token, or the access token itself where Todoist issues
/// none and it has no end.
fn lasting(
    session: &Session,
    refresh: Option<&RefreshToken>,
    ttl: Option<SignedDuration>,
) -> Result<StandingGrant, Failure> {
    let token = match refresh {
        Some(token) => {
            let token = RefreshToken::new(token.expose().to_owned());
            StandingToken::Refresh { token, first_sent: None }
        }
        None if session.token_expires_at.is_none() => {
            let token = session.access_token.expose().to_owned();
            StandingToken::LongLived(AccessToken::new(token))
        }
        None => return Err(Failure::NothingToStaySignedIn),
    };
    Ok(StandingGrant {
        account: session.account.clone(),
        client_id: session.client_id.clone(),
        api: session.api.clone(),
        scopes: session.scopes.clone(),
        ttl,
        token,
    })
}

/// Who has signed in; the last step that an interrupt can still undo.
async fn account(context: &Context, http: &Http, token: &AccessToken) -> Result<Account, Failure> {
    let client = Client::new(http, &context.settings.api, token);
    let user = tokio::select! {
        user = client.user() => user?,
        () = context.interrupts.noted() => return Err(Failure::Interrupted),
    };
    let times = user.times();
    let timezone = user.tz_info.map(|info| info.timezone);
    Ok(Account { id: user.id, email: user.email, full_name: user.full_name, timezone, times })
}

/// The scopes that a token has whose answer names none (RFC 6749 section 5.1).
fn asked_for(permission: Permission) -> Vec<String> {
    permission.scopes().iter().copied().map(str::to_owned).collect()
}

/// Sessions and grants count in seconds, as OAuth does.
pub(super) fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}
