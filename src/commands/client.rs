//! Who we are to Todoist: the person's own client, or the one that this installation
//! registered, which lies in the key store.

use std::io;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::commands::{Context, Failure};
use crate::http::Http;
use crate::keys::{EntryName, KeyStore, KeyStoreError, within_limit};
use crate::model::{ClientSecret, Origin};
use crate::session::{Matter, Turn};
use crate::signin::{OAuthClient, TokenError, registration, revocation};

/// How long to wait for another login that is just registering: longer than it can take.
const TURN_LIMIT: Duration = Duration::from_secs(40);

/// The client to sign in with: the person's own, the registered one if Todoist still knows it,
/// or a new registration.
pub(super) async fn for_sign_in(context: &Context, http: &Http) -> Result<OAuthClient, Failure> {
    match own(context).await? {
        Some(own) => with_secret(context, own).await,
        None => registered(context, http).await,
    }
}

/// A client of the person's own whose secret nobody has said yet is asked for it, where there
/// is somebody to answer; a client without a secret is a public one.
async fn with_secret(context: &Context, own: Own) -> Result<OAuthClient, Failure> {
    let Own { mut client, settled } = own;
    if !settled && context.attended {
        let prompt = format!("Secret of the client {} (Enter if it has none): ", client.id);
        let asking = context.interrupts.asking();
        // Nothing may be drawn over the prompt.
        context.listener.end();
        let answer = context.input.secret(&prompt).await;
        drop(asking);
        let answer = answer.map_err(|cause| match cause.kind() {
            io::ErrorKind::Interrupted => Failure::Interrupted,
            _ => Failure::System { what: "the secret was not read", cause },
        })?;
        let secret = Zeroizing::new(answer.trim().to_owned());
        client.secret = (!secret.is_empty()).then(|| ClientSecret::new(secret));
    }
    Ok(client)
}

async fn registered(context: &Context, http: &Http) -> Result<OAuthClient, Failure> {
    let api = &context.settings.api;
    let forgotten = match usable(context).await? {
        // Asked before the browser opens: there, an unknown client ends in a page of Todoist's
        // from which nobody comes back.
        Some(known) if revocation::is_known(http, api, &known).await? => return Ok(known),
        forgotten => forgotten.map(|client| client.id),
    };
    // One registration for all logins that start at once.
    let _turn = turn(context).await?;
    match usable(context).await?.filter(|fresh| Some(&fresh.id) != forgotten.as_ref()) {
        Some(fresh) => Ok(fresh),
        None => register(context, http, forgotten).await,
    }
}

/// The registered client; one that is sealed under another master key is as good as none.
async fn usable(context: &Context) -> Result<Option<OAuthClient>, KeyStoreError> {
    match stored(context, &context.settings.api).await {
        Err(KeyStoreError::EntryDamaged { .. }) => Ok(None),
        stored => stored,
    }
}

/// Waits until no other login registers. A login that hangs is not waited for for ever: without
/// its turn, this one registers too, and whoever stores first is the client of both.
async fn turn(context: &Context) -> Result<Option<Box<dyn Turn>>, Failure> {
    let turns = context.turns.clone();
    let wait = move || Ok::<_, Failure>(turns.take(&Matter::Registering)?);
    match within_limit(TURN_LIMIT, wait).await {
        Err(Failure::Keys(KeyStoreError::NoAnswer { .. })) => Ok(None),
        taken => taken.map(Some),
    }
}

/// Registers a client, unless another login has done so meanwhile: whoever stored first is the
/// client of both, since only a client that is kept can revoke later. `forgotten` is the id of
/// the client that is to be replaced.
async fn register(
    context: &Context,
    http: &Http,
    forgotten: Option<String>,
) -> Result<OAuthClient, Failure> {
    let api = &context.settings.api;
    let registered = registration::register(http, api).await?;
    tracing::info!(client = registered.id, "registered with Todoist");
    let bytes = registered.to_stored().map_err(|error| Failure::System {
        what: "the registered client cannot be written",
        cause: error.into(),
    })?;
    let turns = context.turns.clone();
    let entry = EntryName::client(api);
    let store = move |keys: &dyn KeyStore| {
        let _turn = turns.take(&Matter::Client)?;
        let first = match keys.get(&entry) {
            Err(KeyStoreError::EntryDamaged { .. }) => None,
            kept => kept?.as_deref().and_then(|bytes| OAuthClient::from_stored(bytes)),
        };
        match first.filter(|first| Some(&first.id) != forgotten.as_ref()) {
            Some(first) => Ok(first),
            None => keys.set(&entry, &bytes).map(|()| registered),
        }
    };
    Ok(context.with_keys(store).await?)
}

/// A client of the person's own.
struct Own {
    client: OAuthClient,
    /// Whether it is known if it has a secret, and which.
    settled: bool,
}

/// The client that the person configured. Where no secret is set, it is the one that an earlier
/// sign-in with this client succeeded with.
async fn own(context: &Context) -> Result<Option<Own>, KeyStoreError> {
    let Some(own) = &context.settings.own_client else { return Ok(None) };
    if let Some(secret) = &own.secret {
        let secret = Some(ClientSecret::new(secret.expose().to_owned()));
        return Ok(Some(Own { client: OAuthClient { id: own.id.clone(), secret }, settled: true }));
    }
    let kept = kept(context, &context.settings.api, &own.id).await?;
    let settled = kept.is_some();
    let client = kept.unwrap_or_else(|| OAuthClient { id: own.id.clone(), secret: None });
    Ok(Some(Own { client, settled }))
}

/// The client of the person's own with this id, as a sign-in kept it.
async fn kept(
    context: &Context,
    api: &Origin,
    id: &str,
) -> Result<Option<OAuthClient>, KeyStoreError> {
    let entry = EntryName::own_client(api, id);
    let kept = match context.with_keys(move |keys| keys.get(&entry)).await {
        Err(KeyStoreError::EntryDamaged { .. }) => None,
        kept => kept?,
    };
    Ok(kept.and_then(|bytes| OAuthClient::from_kept(id, &bytes)))
}

/// Keeps the secret that a sign-in has just succeeded with, so that a later run can revoke
/// without being told it again. The session is there by now, so a failure is only said.
pub(super) async fn keep_secret(context: &Context, client: &OAuthClient) {
    if context.settings.own_client.is_none() {
        return;
    }
    let entry = EntryName::own_client(&context.settings.api, &client.id);
    let Ok(bytes) = client.to_kept() else { return };
    let keep = move |keys: &dyn KeyStore| match keys.get(&entry) {
        Ok(Some(there)) if there == bytes => Ok(()),
        _ => keys.set(&entry, &bytes),
    };
    if let Err(error) = context.with_keys(keep).await {
        context.listener.note(&format!(
            "The client's secret is not kept ({error}): logout needs NBATODO_CLIENT_SECRET."
        ));
    }
}

/// The client with this id, which is what revokes its tokens: the person's own, the registered
/// one, or one of the person's that this run was not told of.
pub(super) async fn issued_to(
    context: &Context,
    api: &Origin,
    id: &str,
) -> Result<Option<OAuthClient>, KeyStoreError> {
    if let Some(own) = context.settings.own_client.as_ref().filter(|own| own.id == id) {
        let said = own.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        // Where none is said, the one that was kept at the token's own origin.
        let kept = if said.is_some() { None } else { kept(context, api, id).await? };
        return Ok(Some(kept.unwrap_or(OAuthClient { id: id.to_owned(), secret: said })));
    }
    match stored(context, api).await?.filter(|stored| stored.id == id) {
        Some(stored) => Ok(Some(stored)),
        None => kept(context, api, id).await,
    }
}

/// Whether `client` is one of the person's own, as opposed to the registered one.
pub(super) async fn is_own(context: &Context, client: &OAuthClient) -> Result<bool, KeyStoreError> {
    let registered = stored(context, &context.settings.api).await?;
    Ok(registered.is_none_or(|registered| registered.id != client.id))
}

/// The client that this installation registered at `api`.
async fn stored(context: &Context, api: &Origin) -> Result<Option<OAuthClient>, KeyStoreError> {
    let entry = EntryName::client(api);
    let stored = context.with_keys(move |keys| keys.get(&entry)).await?;
    Ok(stored.and_then(|bytes| OAuthClient::from_stored(&bytes)))
}

/// Forgets a client that Todoist does not know, unless another login has replaced it already.
/// Returns what to say of it.
pub(super) async fn forget(context: &Context, unknown: &OAuthClient) -> Result<Failure, Failure> {
    let api = &context.settings.api;
    let id = unknown.id.clone();
    if context.settings.own_client.as_ref().is_some_and(|own| own.id == id) {
        forget_secret(context, unknown).await?;
        return Ok(Failure::OwnClientRefused { id });
    }
    let turns = context.turns.clone();
    let entry = EntryName::client(api);
    let forget = move |keys: &dyn KeyStore| {
        let _turn = turns.take(&Matter::Client)?;
        let there = keys.get(&entry)?.and_then(|bytes| OAuthClient::from_stored(&bytes));
        match there {
            Some(there) if there.id == id => keys.delete(&entry),
            _ => Ok(false),
        }
    };
    context.with_keys(forget).await?;
    Ok(TokenError::UnknownClient.into())
}

/// Forgets the secret of a client of the person's own, if it is the one that was refused: one
/// that was only said wrong this time does not cost what an earlier sign-in is revoked with.
async fn forget_secret(context: &Context, refused: &OAuthClient) -> Result<(), KeyStoreError> {
    let entry = EntryName::own_client(&context.settings.api, &refused.id);
    let Ok(bytes) = refused.to_kept() else { return Ok(()) };
    let forget = move |keys: &dyn KeyStore| match keys.get(&entry) {
        Ok(Some(kept)) if kept != bytes => Ok(()),
        Ok(None) => Ok(()),
        Ok(Some(_)) | Err(KeyStoreError::EntryDamaged { .. }) => keys.delete(&entry).map(drop),
        Err(error) => Err(error),
    };
    context.with_keys(forget).await
}
