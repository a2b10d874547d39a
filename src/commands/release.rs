//! Letting go of a session: its token revoked at Todoist, its key and file destroyed here.

use std::time::Duration;

use crate::commands::{Context, Failure, client};
use crate::http::Http;
use crate::keys::KeyStoreError;
use crate::session::Session;
use crate::signin::revocation::{self, RevocationError};

/// What an expired session may cost the command that finds it: its token is dead or dying.
const EXPIRED_LIMIT: Duration = Duration::from_secs(2);

/// Why a token could not be revoked.
#[derive(Debug, thiserror::Error)]
pub enum NotRevoked {
    /// The client that it was issued to is not known here any more.
    #[error("the client that it was issued to is no longer in the key store")]
    NoClient,
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
    let client = client::issued_to(context, &session.api, &session.client_id)
        .await?
        .ok_or(NotRevoked::NoClient)?;
    revocation::revoke(http, &session.api, &client, &session.access_token).await?;
    Ok(())
}

/// Treats an expired session as a browser treats an expired cookie: revoked, its key
/// destroyed, its file deleted. What fails here is logged and no more; the session opens
/// nothing either way.
pub async fn discard_expired(context: &Context, session: &Session) {
    let revoked = tokio::time::timeout(EXPIRED_LIMIT, async {
        revoke(context, &Http::new().map_err(RevocationError::from)?, session).await
    });
    match revoked.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::info!(%error, "an expired token was not revoked"),
        Err(_) => tracing::info!("an expired token was not revoked in time"),
    }
    let now = context.clock.now();
    match context.with_vault(move |vault, profile| vault.destroy_expired(profile, now)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "an expired session was not destroyed"),
        Err(error) => tracing::warn!(%error, "an expired session was not destroyed"),
    }
}

impl From<NotRevoked> for Failure {
    fn from(error: NotRevoked) -> Self {
        match error {
            NotRevoked::NoClient => Self::NotRevoked(error.to_string()),
            NotRevoked::Keys(error) => Self::Keys(error),
            NotRevoked::Todoist(RevocationError::Http(error)) => Self::Http(error),
            NotRevoked::Todoist(error) => Self::NotRevoked(error.to_string()),
        }
    }
}
