//! A sign-in is ended: what is here goes first and in one piece, so that a sign-in at the same
//! time is either the one that is ended, token and all, or is left alone; then Todoist is told.

use std::time::Duration;

use crate::commands::release::NotRevoked;
use crate::commands::{Context, Failure, release, standing_grant, times};
use crate::http::{Http, HttpError};
use crate::keys::KeyStoreError;
use crate::model::Origin;
use crate::session::{Destroyed, Opened, Session, StandingGrant, StoreError, Taken, VaultError};

/// What a person can do that we cannot.
pub(super) const REMOVE_IT: &str = "remove nbatodo in Todoist: Settings, Integrations";

/// What became of the parts of a sign-in. `Ok` says whether there was one.
pub(super) struct SignedOut {
    /// Who was signed in, where the session still opened.
    pub(super) session: Option<Session>,
    /// The session's token, at Todoist.
    pub(super) token: Result<bool, Failure>,
    /// What lets the profile stay signed in, at Todoist.
    pub(super) grant: Result<bool, Failure>,
    /// The same in the key store.
    pub(super) grant_entry: Result<bool, Failure>,
    /// The session's key.
    pub(super) key: Result<bool, Failure>,
    /// The sealed session.
    pub(super) file: Result<bool, Failure>,
}

/// Ends the sign-in of the profile; each step is tried though the one before failed. Todoist may
/// take up to `limit` for each token, or as long as any answer may take.
pub(super) async fn sign_out(context: &Context, limit: Option<Duration>) -> SignedOut {
    let Here { grant, grant_entry, session: Taken { opened, destroyed } } = take(context).await;
    let (session, unopened) = match opened {
        Ok(Opened::Live(session) | Opened::Expired(session)) => {
            times::learn_of(context, &session);
            (Some(session), None)
        }
        // A token whose session has lapsed has lapsed with it, as far as anybody here can tell.
        Ok(Opened::Nobody | Opened::Lapsed) => (None, None),
        Err(error) => (None, Some(error)),
    };
    let (grant, unread) = match grant {
        Ok(grant) => (grant, None),
        Err(error) => (None, Some(error)),
    };
    let (token, grant) = revoke(context, session.as_ref(), grant.as_ref(), limit).await;
    let Destroyed { key, file } = destroyed;
    SignedOut {
        session,
        token: unopened.map_or(token, |error| Err(error.into())),
        grant: unread.map_or(grant, |error| Err(error.into())),
        grant_entry: grant_entry.map_err(Failure::from),
        key: key.map_err(Failure::from),
        file: file.map_err(Failure::from),
    }
}

/// What was here of a sign-in, and what became of it.
struct Here {
    grant: Result<Option<StandingGrant>, KeyStoreError>,
    grant_entry: Result<bool, KeyStoreError>,
    session: Taken,
}

/// Takes all that is here: what stands first, so that nothing renews what is then destroyed.
async fn take(context: &Context) -> Here {
    if !standing_grant::may_exist(context) {
        let session = context.take_session().await;
        return Here { grant: Ok(None), grant_entry: Ok(false), session };
    }
    let _turn = match standing_grant::turn(context).await {
        Ok(turn) => Some(turn),
        Err(error) => {
            // Such as a folder that cannot be written to; what can go goes all the same.
            tracing::debug!(%error, "signing out without a lock");
            None
        }
    };
    let grant = standing_grant::read(context).await;
    let grant_entry = match &grant {
        Ok(None) => Ok(false),
        // Once is long enough.
        Err(KeyStoreError::NoAnswer { limit }) => Err(KeyStoreError::NoAnswer { limit: *limit }),
        _ => standing_grant::remove(context).await,
    };
    Here { grant, grant_entry, session: context.take_session().await }
}

/// Revokes the token of `session` and what `grant` holds, side by side.
async fn revoke(
    context: &Context,
    session: Option<&Session>,
    grant: Option<&StandingGrant>,
    limit: Option<Duration>,
) -> (Result<bool, Failure>, Result<bool, Failure>) {
    let token = async {
        let Some(session) = session else { return Ok(false) };
        in_time(limit, &session.api, release::revoke(context, &Http::new()?, session)).await
    };
    let rest = async || {
        let Some(grant) = grant else { return Ok(false) };
        in_time(limit, &grant.api, release::revoke_grant(context, &Http::new()?, grant)).await
    };
    let text = session.map(|it| it.access_token.expose());
    match (grant, text) {
        // A grant that is nothing but the session's token goes with it.
        (Some(grant), Some(text)) if grant.is_access_token(text) => match token.await {
            Ok(gone) => (Ok(gone), Ok(true)),
            failed => (failed, rest().await),
        },
        _ => tokio::join!(token, rest()),
    }
}

/// That a token was revoked, within `limit` if there is one.
async fn in_time(
    limit: Option<Duration>,
    api: &Origin,
    revoked: impl Future<Output = Result<(), NotRevoked>>,
) -> Result<bool, Failure> {
    let ended = match limit {
        Some(limit) => tokio::time::timeout(limit, revoked)
            .await
            .map_err(|_| HttpError::TimedOut { host: api.to_string() })?,
        None => revoked.await,
    };
    Ok(ended.map(|()| true)?)
}

impl SignedOut {
    /// Whether something lies here that does not open. To sign in again would not help: a token
    /// is out of reach, not the person.
    pub(super) fn has_unopened(&self) -> bool {
        let does_not_open = |failure: &Failure| {
            matches!(
                failure,
                Failure::Keys(KeyStoreError::EntryDamaged { .. })
                    | Failure::Vault(
                        VaultError::Store(StoreError::File(_))
                            | VaultError::Keys(KeyStoreError::EntryDamaged { .. })
                            | VaultError::Seal(_)
                            | VaultError::KeyGone
                    )
            )
        };
        [&self.token, &self.grant].into_iter().any(|it| it.as_ref().is_err_and(does_not_open))
    }

    /// What becomes of the session's token where it was not revoked.
    pub(super) fn token_fate(&self, context: &Context) -> String {
        match self.session.as_ref().map(|session| session.token_expires_at) {
            None => "it dies within the hour".to_owned(),
            Some(None) => format!("it has no end of its own, {REMOVE_IT}"),
            Some(Some(end)) if end <= context.clock.now() => "it has died by itself".to_owned(),
            Some(Some(end)) => format!("it dies by itself at {}", context.clock_time(end)),
        }
    }
}
