//! Who we are to Todoist: the person's own client, or the one that this installation
//! registered, which lies in the key store.

use crate::commands::{Context, Failure};
use crate::http::Http;
use crate::keys::{EntryName, KeyStore, KeyStoreError};
use crate::model::{ClientSecret, Origin};
use crate::private_files;
use crate::signin::{OAuthClient, registration, revocation};

/// The client to sign in with: the person's own, the registered one if Todoist still knows it,
/// or a new registration.
pub(super) async fn for_sign_in(context: &Context, http: &Http) -> Result<OAuthClient, Failure> {
    if let Some(own) = own(context) {
        return Ok(own);
    }
    let api = &context.settings.api;
    let known = match stored(context, api).await {
        // Sealed under another master key: as good as none.
        Err(KeyStoreError::EntryDamaged { .. }) => None,
        stored => stored?,
    };
    // Asked before the browser opens: there, an unknown client ends in a page of Todoist's from
    // which nobody comes back.
    match known {
        Some(known) if revocation::is_known(http, api, &known).await? => Ok(known),
        forgotten => register(context, http, forgotten.map(|client| client.id)).await,
    }
}

/// Registers a client, unless another login has done so meanwhile: whoever stored first is the
/// client of both, since only a client that is kept can revoke later. No lock is held during
/// the request. `forgotten` is the id of the client that is to be replaced.
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
    let lock = context.paths.registration_lock();
    let entry = EntryName::client(api);
    let store = move |keys: &dyn KeyStore| {
        let _turn = private_files::lock_private(&lock).map_err(KeyStoreError::Folder)?;
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

/// The client that the person configured.
pub(super) fn own(context: &Context) -> Option<OAuthClient> {
    context.settings.own_client.as_ref().map(|own| OAuthClient {
        id: own.id.clone(),
        secret: own.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned())),
    })
}

/// The client that this installation registered at `api`.
pub(super) async fn stored(
    context: &Context,
    api: &Origin,
) -> Result<Option<OAuthClient>, KeyStoreError> {
    let entry = EntryName::client(api);
    let stored = context.with_keys(move |keys| keys.get(&entry)).await?;
    Ok(stored.and_then(|bytes| OAuthClient::from_stored(&bytes)))
}

/// The next login registers anew.
pub(super) async fn forget(context: &Context) -> Result<(), Failure> {
    let entry = EntryName::client(&context.settings.api);
    context.with_keys(move |keys| keys.delete(&entry)).await?;
    Ok(())
}
