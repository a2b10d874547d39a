//! Letting go of a sign-in: its tokens revoked at Todoist, what is here destroyed.

use std::time::Duration;

use crate::commands::{Context, Failure, client};
use crate::http::Http;
use crate::keys::KeyStoreError;
use crate::model::{AccessToken, Origin, RefreshToken};
use crate::session::{Session, StandingGrant, StandingToken};
use crate::signin::OAuthClient;
use crate::signin::renewal::{Move, next_move};
use crate::signin::revocation::{self, Revocable, RevocationError};

/// How long a sign-in that failed may take to revoke each token that it got.
const ABANDON_LIMIT: Duration = Duration::from_secs(3);

/// Why a token could not be revoked.
#[derive(Debug, thiserror::Error)]
pub enum NotRevoked {
    /// The client that it was issued to is not known here any more.
    #[error("the client that it was issued to is no longer in the key store")]
    NoClient,
    /// It may be consumed, so that to send it, even for this, would be a replay; its successor
    /// never came.
    #[error("the answer to its last renewal was lost")]
    Unanswered,
    /// The client's secret could not be had.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// Todoist did not do it.
    #[error(transparent)]
    Todoist(#[from] RevocationError),
}

/// Revokes the token of `session` at the origin that issued it.
///
/// # Errors
/// [`NotRevoked`].
pub async fn revoke(context: &Context, http: &Http, session: &Session) -> Result<(), NotRevoked> {
    let client = client::issued_to(context, &session.api, &session.client_id).await?;
    let client = client.ok_or(NotRevoked::NoClient)?;
    let token = Revocable::Access(&session.access_token);
    Ok(revocation::revoke(http, &session.api, &client, token).await?)
}

/// Revokes what `grant` holds at the origin that issued it.
///
/// # Errors
/// [`NotRevoked`].
pub async fn revoke_grant(
    context: &Context,
    http: &Http,
    grant: &StandingGrant,
) -> Result<(), NotRevoked> {
    if next_move(grant.first_sent(), context.clock.now()).0 == Move::GiveUp {
        return Err(NotRevoked::Unanswered);
    }
    let client = client::issued_to(context, &grant.api, &grant.client_id).await?;
    let client = client.ok_or(NotRevoked::NoClient)?;
    let token = match &grant.token {
        StandingToken::Refresh { token, .. } => Revocable::Refresh(token),
        StandingToken::LongLived(token) => Revocable::Access(token),
    };
    Ok(revocation::revoke(http, &grant.api, &client, token).await?)
}

/// Treats an expired session as a browser treats an expired cookie: key destroyed, file deleted,
/// and its token revoked when the person has been told. What fails here is logged and no more;
/// the session opens nothing either way. Where its key has ended with it, it is `None`, and its
/// token cannot be told any more.
pub async fn discard_expired(context: &Context, session: Option<Session>) {
    let now = context.clock.now();
    match context.with_vault(move |vault, profile| vault.destroy_expired(profile, now)).await {
        Ok(Ok(Some(_))) => {}
        // Somebody has signed in since, and seen to the token before: it may be the same again.
        Ok(Ok(None)) => return,
        Ok(Err(error)) => tracing::warn!(%error, "an expired session was not destroyed"),
        Err(error) => tracing::warn!(%error, "an expired session was not destroyed"),
    }
    if let Some(session) = session {
        revoke_afterwards(context, session).await;
    }
}

/// Leaves it for the end of the run to revoke the token of `session`.
pub async fn revoke_afterwards(context: &Context, session: Session) {
    let client = match client::issued_to(context, &session.api, &session.client_id).await {
        Ok(Some(client)) => client,
        Ok(None) => return tracing::info!("the client of an ended session is not known here"),
        Err(error) => return tracing::info!(%error, "an ended token is not revoked"),
    };
    context.afterwards.add(async move {
        let token = Revocable::Access(&session.access_token);
        let revoked =
            async { revocation::revoke(&Http::new()?, &session.api, &client, token).await };
        match revoked.await {
            Ok(()) => tracing::info!("revoked the token of an ended session"),
            Err(error) => tracing::info!(%error, "the token of an ended session was not revoked"),
        }
    });
}

/// Tokens that nothing will hold.
pub(super) struct Unkept<'a> {
    pub(super) access: &'a AccessToken,
    pub(super) refresh: Option<&'a RefreshToken>,
}

impl Unkept<'_> {
    /// Revokes them: they must not stay alive. If this fails too, the access token dies by
    /// itself; the failure that led here is what the person has to hear.
    pub(super) async fn abandon(self, http: &Http, api: &Origin, client: &OAuthClient) {
        let tokens = [Some(Revocable::Access(self.access)), self.refresh.map(Revocable::Refresh)];
        // Each is tried though the other failed: nobody will ask a second time.
        for token in tokens.into_iter().flatten() {
            let revoked = revocation::revoke(http, api, client, token);
            match tokio::time::timeout(ABANDON_LIMIT, revoked).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a token that nobody keeps lives on"),
                Err(_) => tracing::warn!("a token that nobody keeps was not revoked in time"),
            }
        }
    }
}

impl From<NotRevoked> for Failure {
    fn from(error: NotRevoked) -> Self {
        match error {
            NotRevoked::NoClient | NotRevoked::Unanswered => Self::NotRevoked(error.to_string()),
            NotRevoked::Keys(error) => Self::Keys(error),
            NotRevoked::Todoist(RevocationError::Http(error)) => Self::Http(error),
            NotRevoked::Todoist(error) => Self::NotRevoked(error.to_string()),
        }
    }
}
