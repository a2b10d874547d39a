//! Whether somebody is signed in, as far as that can be told while nothing has to be unlocked.

use std::time::Duration;

use jiff::Timestamp;

use crate::commands::status::AccountShown;
use crate::commands::{Context, Exit, Failure, access, standing_grant};
use crate::keys::EntryName;
use crate::session::{Opened, SealedSession, VaultError};
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

/// A session that a run would use.
struct Live {
    account: Option<AccountShown>,
    expires_at: Timestamp,
}

impl SignIn {
    fn told(signed_in: Option<bool>, words: impl Into<String>) -> Self {
        Self { signed_in, account: None, expires_at: None, stays: None, words: words.into() }
    }

    /// Why a run would end: with another sign-in to be made, or for a reason that leaves open
    /// whether somebody is signed in.
    fn not_told(failure: &Failure) -> Self {
        match failure.exit() {
            Exit::SignIn => {
                Self { stays: Some(false), ..Self::told(Some(false), format!("no: {failure}")) }
            }
            _ => Self::told(None, format!("not known: {failure}")),
        }
    }
}

/// Looks where a look is free, or as good as.
pub(super) async fn look(context: &Context) -> SignIn {
    let settings = &context.settings;
    match (&settings.credential, &settings.session_store) {
        (Credential::Token(token), _) => match access::checked(token.expose(), access::TOKEN) {
            Ok(_) => SignIn::told(Some(true), "by the token in NBATODO_TOKEN"),
            Err(failure) => SignIn::not_told(&failure),
        },
        (Credential::TokenFile(file), _) => match access::token_file(file) {
            Ok(_) => SignIn::told(Some(true), "by the token that NBATODO_TOKEN_FILE names"),
            Err(failure) => SignIn::not_told(&failure),
        },
        (_, SessionStoreChoice::Memory) => {
            SignIn::told(Some(true), "by each run for itself (the session store is memory)")
        }
        (_, SessionStoreChoice::Database(_)) => {
            match tokio::time::timeout(DATABASE_LIMIT, in_store(context)).await {
                Ok(found) => found.unwrap_or_else(|failure| SignIn::not_told(&failure)),
                Err(_) => SignIn::told(None, "not known: the database gives no answer"),
            }
        }
        (_, SessionStoreChoice::File) => {
            in_store(context).await.unwrap_or_else(|failure| SignIn::not_told(&failure))
        }
    }
}

/// What the stores show.
async fn in_store(context: &Context) -> Result<SignIn, Failure> {
    // A desktop's keyring could ask the person for a password.
    let live = match &context.settings.key_store {
        KeyStoreSetting::File(_) | KeyStoreSetting::Keyutils => opened(context).await?,
        KeyStoreSetting::Auto | KeyStoreSetting::Keyring => unopened(context).await?,
    };
    let stays = standing_grant::is_kept(context).await;
    let Some(Live { account, expires_at }) = live else {
        return Ok(match stays {
            Some(true) => SignIn { stays, ..SignIn::told(Some(true), "stays, for the next run") },
            Some(false) => SignIn { stays, ..SignIn::told(Some(false), "no") },
            None => SignIn::told(None, "not at the moment; a run may renew it"),
        });
    };
    let who = account.as_ref().map_or_else(|| "yes".to_owned(), ToString::to_string);
    let until = context.clock_time(expires_at);
    let staying = if stays == Some(true) { ", stays signed in" } else { "" };
    Ok(SignIn {
        signed_in: Some(true),
        account,
        expires_at: Some(expires_at.to_string()),
        stays,
        words: format!("{who}, until {until}{staying}"),
    })
}

/// The session, opened by a key that lies in a file, too.
async fn opened(context: &Context) -> Result<Option<Live>, Failure> {
    let now = context.clock.now();
    let looked = context.with_vault(move |vault, profile| vault.look(profile, now)).await?;
    let session = match looked {
        Ok(Opened::Live(session)) => session,
        Ok(_) => return Ok(None),
        Err(error) => return Err(access::explained(context, error).await),
    };
    access::check_origin(context, &session.api)?;
    let account = Some(AccountShown::from(&session.account));
    Ok(Some(Live { account, expires_at: session.expires_at }))
}

/// The session as it says itself, while its key is not known to be gone.
async fn unopened(context: &Context) -> Result<Option<Live>, Failure> {
    let now = context.clock.now();
    let mut without_key = None;
    loop {
        let sealed = context.with_vault(|vault, profile| vault.sealed(profile)).await??;
        let is_live = |it: &SealedSession| it.issued_at() <= now && now < it.expires_at();
        let Some(sealed) = sealed.filter(is_live) else { return Ok(None) };
        access::check_origin(context, sealed.api())?;
        let key = *sealed.key_id();
        if context.is_kept(EntryName::session(sealed.profile(), &key)).await != Some(false) {
            return Ok(Some(Live { account: None, expires_at: sealed.expires_at() }));
        }
        // Perhaps another run has replaced the session between the two looks.
        if without_key.replace(key) == Some(key) {
            return Err(access::explained(context, VaultError::KeyGone).await);
        }
    }
}
