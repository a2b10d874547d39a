//! The standing grant of the profile: kept in the key store, and used by one process at a time.

use std::time::Duration;

use crate::commands::{Context, Failure, command_for};
use crate::keys::{EntryName, KeyStoreError, Place, within_limit};
use crate::model::AccessToken;
use crate::session::{Matter, Opened, Session, StandingGrant, Turn, VaultError};
use crate::settings::KeyStoreSetting;
use crate::signin::renewal::{Move, next_move};

/// Longer than any renewal takes.
const TURN_LIMIT: Duration = Duration::from_secs(120);

/// What a sign-in put into place, and what was there before.
pub(super) struct Replaced {
    pub(super) session: Session,
    pub(super) session_before: Option<Session>,
    pub(super) grant_before: Option<StandingGrant>,
}

/// The right to use, change or end the grant, on all machines that share it. Unlike the lock of
/// the session it may be held over a request: nobody else may make that one.
pub(super) async fn turn(context: &Context) -> Result<Box<dyn Turn>, Failure> {
    let (turns, matter) = (context.turns.clone(), matter(context));
    let wait = move || Ok::<_, Failure>(turns.take(&matter)?);
    within_limit(TURN_LIMIT, wait).await.map_err(|failure| match failure {
        Failure::Keys(KeyStoreError::NoAnswer { .. }) => Failure::RenewalUnderWay,
        failure => failure,
    })
}

/// Whether there may be a grant: its lock is made before the first one is kept. Where nobody has
/// signed in yet, no key store needs to answer.
pub(super) fn may_exist(context: &Context) -> bool {
    context.turns.may_have_been_taken(&matter(context))
}

fn matter(context: &Context) -> Matter {
    Matter::Grant(context.settings.profile.clone())
}

/// The grant that is kept.
pub(super) async fn read(context: &Context) -> Result<Option<StandingGrant>, KeyStoreError> {
    if !may_exist(context) {
        return Ok(None);
    }
    let entry = entry(context);
    let work = move |keys: &dyn crate::keys::KeyStore| {
        let kept = keys.get(&entry)?;
        let read = kept.map(|kept| {
            let damaged = || KeyStoreError::EntryDamaged { entry: entry.clone() };
            StandingGrant::from_stored(&kept).ok_or_else(damaged)
        });
        read.transpose()
    };
    context.with_keys(work).await
}

/// Whether there is one, as far as that can be told without a keyring; one that is damaged is
/// none.
pub(super) async fn is_kept(context: &Context) -> Option<bool> {
    if !may_exist(context) {
        return Some(false);
    }
    if !matches!(context.settings.key_store, KeyStoreSetting::File(_)) {
        return context.is_kept(entry(context)).await;
    }
    match read(context).await {
        Ok(grant) => Some(grant.is_some_and(|it| is_of_use(context, &it))),
        Err(KeyStoreError::EntryDamaged { .. }) => Some(false),
        Err(_) => None,
    }
}

/// Whether a run would renew a session by `grant`: one whose renewal got no answer in time is one
/// no more, and none is sent to another origin than its own.
pub(super) fn is_of_use(context: &Context, grant: &StandingGrant) -> bool {
    let made = next_move(grant.first_sent(), context.clock.now()).0;
    made != Move::GiveUp && grant.api == context.settings.api
}

/// Whether the profile's session, or what it stays signed in by, is this very token. Not, where
/// the stores do not say.
pub(super) async fn lives_by(context: &Context, token: &AccessToken) -> bool {
    let (now, text) = (context.clock.now(), token.expose());
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await;
    let by_session = match &opened {
        Ok(Ok(Opened::Live(session))) => session.access_token.expose() == text,
        _ => false,
    };
    let by_grant = |grant: Option<StandingGrant>| grant.is_some_and(|it| it.is_access_token(text));
    by_session || read(context).await.is_ok_and(by_grant)
}

/// Keeps `grant`; when this returns it is durable. Take a [`turn`] first.
pub(super) async fn keep(context: &Context, grant: &StandingGrant) -> Result<(), Failure> {
    let (entry, kept) = (entry(context), grant.to_stored().map_err(VaultError::from)?);
    Ok(context.with_keys(move |keys| keys.set(&entry, &kept)).await?)
}

/// Destroys what is kept; says whether there was anything. Take a [`turn`] first.
pub(super) async fn remove(context: &Context) -> Result<bool, KeyStoreError> {
    let entry = entry(context);
    context.with_keys(move |keys| keys.delete(&entry)).await
}

/// Puts `grant`, or none, and `session` in place of what the profile had. The grant goes first:
/// killed in between, a session is left that nothing outlives which the person did not want to.
pub(super) async fn replace(
    context: &Context,
    session: Session,
    grant: Option<&StandingGrant>,
) -> Result<Replaced, Failure> {
    let _turn = turn(context).await?;
    let (grant_before, damaged) = match read(context).await {
        Err(KeyStoreError::EntryDamaged { .. }) => (None, true),
        before => (before?, false),
    };
    if grant.is_some() || grant_before.is_some() || damaged {
        put(context, grant).await?;
    }
    match seal(context, session).await {
        Ok((session, session_before)) => Ok(Replaced { session, session_before, grant_before }),
        Err(failure) => {
            if let Err(error) = put(context, grant_before.as_ref()).await {
                tracing::warn!(%error, "the standing grant before it was not put back");
            }
            Err(failure)
        }
    }
}

/// Seals `session`, in place of the one that is returned beside it.
pub(super) async fn seal(
    context: &Context,
    session: Session,
) -> Result<(Session, Option<Session>), Failure> {
    let stored = context
        .with_vault(move |vault, _| vault.replace(&session).map(|before| (session, before)))
        .await?;
    Ok(stored?)
}

async fn put(context: &Context, grant: Option<&StandingGrant>) -> Result<(), Failure> {
    match grant {
        Some(grant) => keep(context, grant).await,
        None => Ok(remove(context).await.map(drop)?),
    }
}

/// Says where else on this machine the profile stays signed in: in key stores that are not in use
/// now, which neither a login nor a logout over this one changes.
pub(super) async fn tell_of_others(context: &Context) {
    let (elsewhere, entry) = (context.elsewhere.clone(), entry(context));
    let look = move |_: &dyn crate::keys::KeyStore| Ok(elsewhere.holding(&entry));
    let profile = &context.settings.profile;
    for place in context.with_keys(look).await.unwrap_or_default() {
        let (more, command) = match place {
            Place::Keyring => ("", "logout --key-store keyring"),
            Place::Kernel => ("", "logout --key-store keyutils"),
            Place::Folder => {
                ("with that file in NBATODO_KEY_FILE: ", "logout --session-store file")
            }
        };
        context.listener.demand(&format!(
            "\"{profile}\" also stays signed in by {place}, which is not in use now and left as it \
             is. To end that: {more}{}",
            command_for(profile, command)
        ));
    }
}

fn entry(context: &Context) -> EntryName {
    EntryName::grant(&context.settings.profile)
}
