//! From the code of a consent to a session in the vault.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::commands::{Context, Failure, client};
use crate::http::Http;
use crate::model::{AccessToken, Origin};
use crate::session::{Account, Session, expiry};
use crate::signin::{
    AuthorizationCode, CodeVerifier, OAuthClient, RedirectUri, SCOPE, TokenError, revocation, token,
};
use crate::todoist::Client;

/// How long a failed sign-in may take to revoke the token that it got.
const ABANDON_LIMIT: Duration = Duration::from_secs(5);

/// What a consent gave, with what belongs to it.
pub(super) struct Grant<'a> {
    pub(super) client: &'a OAuthClient,
    pub(super) redirect_uri: RedirectUri,
    pub(super) code: AuthorizationCode,
    pub(super) verifier: CodeVerifier,
}

/// Code to token, token to account, all of it sealed. Returns the session that was there.
pub(super) async fn redeem(
    context: &Context,
    http: &Http,
    ttl: Option<SignedDuration>,
    grant: Grant<'_>,
) -> Result<(Session, Option<Session>), Failure> {
    let api = &context.settings.api;
    let Grant { client: us, redirect_uri, code, verifier } = grant;
    let issued_at = whole_seconds(context.clock.now());
    let token = match token::exchange(http, api, us, redirect_uri, code, verifier).await {
        Err(TokenError::UnknownClient) => return Err(client::forget(context, us).await?),
        answered => answered?,
    };
    tracing::info!(expires_in = ?token.expires_in, "got a token for the code");
    let expires_at = expiry(issued_at, token.expires_in, ttl);
    let scopes = token.scopes.unwrap_or_else(asked_for);
    let account = match account(context, http, &token.access_token).await {
        Ok(account) => account,
        Err(error) => {
            abandon(http, api, us, &token.access_token).await;
            return Err(error);
        }
    };
    let session = Session {
        profile: context.settings.profile.clone(),
        account,
        access_token: token.access_token,
        scopes,
        client_id: us.id.clone(),
        api: api.clone(),
        issued_at,
        expires_at,
    };
    // A key store that hangs keeps the session; what revokes its token must not hang with it.
    let token = AccessToken::new(session.access_token.expose().to_owned());
    let stored = store(context, session).await;
    if stored.is_err() {
        abandon(http, api, us, &token).await;
    }
    stored
}

/// Seals the session, in place of the one that is returned beside it.
async fn store(context: &Context, session: Session) -> Result<(Session, Option<Session>), Failure> {
    let stored = context
        .with_vault(move |vault, _| vault.replace(&session).map(|replaced| (session, replaced)))
        .await?;
    Ok(stored?)
}

/// Who has signed in; the last step that an interrupt can still undo.
async fn account(context: &Context, http: &Http, token: &AccessToken) -> Result<Account, Failure> {
    let client = Client::new(http, &context.settings.api, token);
    let user = tokio::select! {
        user = client.user() => user?,
        () = context.interrupts.noted() => return Err(Failure::Interrupted),
    };
    Ok(Account { id: user.id, email: user.email, full_name: user.full_name })
}

/// The scopes that a token has whose answer names none (RFC 6749 section 5.1).
fn asked_for() -> Vec<String> {
    SCOPE.split(',').map(str::to_owned).collect()
}

/// A session counts in seconds, as OAuth does.
fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// A token that no session will hold must not stay alive. If this fails too, it dies by itself
/// within the hour; the failure that led here is what the person has to hear.
async fn abandon(http: &Http, api: &Origin, client: &OAuthClient, token: &AccessToken) {
    let revoked = revocation::revoke(http, api, client, token);
    match tokio::time::timeout(ABANDON_LIMIT, revoked).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the token of a failed sign-in was not revoked"),
        Err(_) => tracing::warn!("the token of a failed sign-in was not revoked in time"),
    }
}
