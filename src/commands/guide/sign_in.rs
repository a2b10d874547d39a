//! Whether somebody is signed in, as far as that can be told without a keyring.

use std::time::Duration;

use crate::commands::status::AccountShown;
use crate::commands::{Context, Failure, standing_grant};
use crate::keys::EntryName;
use crate::session::{Opened, SealedSession};
use crate::settings::{Credential, KeyStoreSetting, SessionStoreChoice};

/// How long a database may take: nobody waits longer for a guide.
const DATABASE_LIMIT: Duration = Duration::from_secs(3);

/// What can be told of a sign-in.
pub(super) struct SignIn {
    /// `None` where nobody tells.
    pub(super) signed_in: Option<bool>,
    pub(super) account: Option<AccountShown>,
    /// In UTC.
    pub(super) expires_at: Option<String>,
    pub(super) stays: Option<bool>,
    /// The same for people.
    pub(super) words: String,
}

impl SignIn {
    fn told(signed_in: Option<bool>, words: impl Into<String>) -> Self {
        Self { signed_in, account: None, expires_at: None, stays: None, words: words.into() }
    }
}

/// Looks where a look is free, or as good as.
pub(super) async fn look(context: &Context) -> SignIn {
    let settings = &context.settings;
    match (&settings.credential, &settings.session_store) {
        (Credential::Token(_), _) => SignIn::told(Some(true), "by the token in NBATODO_TOKEN"),
        (Credential::TokenFile(_), _) => {
            SignIn::told(Some(true), "by the token that NBATODO_TOKEN_FILE names")
        }
        (_, SessionStoreChoice::Memory) => {
            SignIn::told(Some(true), "by each run for itself (the session store is memory)")
        }
        (_, SessionStoreChoice::Database(_)) => {
            let answer = tokio::time::timeout(DATABASE_LIMIT, in_store(context)).await;
            answer
                .ok()
                .and_then(Result::ok)
                .unwrap_or_else(|| SignIn::told(None, "not known: the database gives no answer"))
        }
        (_, SessionStoreChoice::File) => {
            let told = |failure: Failure| SignIn::told(None, failure.to_string());
            in_store(context).await.unwrap_or_else(told)
        }
    }
}

/// What the store of the sessions shows, and the key store without being asked to unlock anything.
/// What is sealed is opened only where its key lies in a file: a keyring could ask the person for
/// a password.
async fn in_store(context: &Context) -> Result<SignIn, Failure> {
    let sealed = context.with_vault(|vault, profile| vault.sealed(profile)).await??;
    let stays = standing_grant::is_kept(context).await;
    let now = context.clock.now();
    let live = sealed.filter(|it| it.issued_at() <= now && now < it.expires_at());
    let is_locked_for_good = match &live {
        Some(sealed) => is_without_key(context, sealed).await,
        None => false,
    };
    let Some(sealed) = live.filter(|_| !is_locked_for_good) else {
        let no = if is_locked_for_good { "no: the key of the session is gone" } else { "no" };
        return Ok(match stays {
            Some(true) => SignIn { stays, ..SignIn::told(Some(true), "stays, for the next run") },
            Some(false) => SignIn { stays, ..SignIn::told(Some(false), no) },
            None => SignIn::told(None, "not at the moment; a run may renew it"),
        });
    };
    let by_file = matches!(context.settings.key_store, KeyStoreSetting::File(_));
    let account = if by_file { account(context).await } else { None };
    let who = account.as_ref().map_or_else(|| "yes".to_owned(), ToString::to_string);
    let until = context.clock_time(sealed.expires_at());
    let staying = if stays == Some(true) { ", stays signed in" } else { "" };
    Ok(SignIn {
        signed_in: Some(true),
        account,
        expires_at: Some(sealed.expires_at().to_string()),
        stays,
        words: format!("{who}, until {until}{staying}"),
    })
}

/// Whether the key of the session is known to be gone, as after a restart that has emptied the
/// kernel's keyring.
async fn is_without_key(context: &Context, sealed: &SealedSession) -> bool {
    let entry = EntryName::session(sealed.profile(), sealed.key_id());
    context.is_kept(entry).await == Some(false)
}

async fn account(context: &Context) -> Option<AccountShown> {
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await;
    match opened {
        Ok(Ok(Opened::Live(session))) => Some(AccountShown::from(&session.account)),
        _ => None,
    }
}
