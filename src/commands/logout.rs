//! `nbatodo logout`: revoked at Todoist, key destroyed, file deleted, and with them what lets the
//! profile stay signed in.

use std::fmt;

use serde::Serialize;

use crate::commands::status::AccountShown;
use crate::commands::{Context, Exit, Failure, Report, release, standing, times};
use crate::http::Http;
use crate::keys::KeyStoreError;
use crate::model::Profile;
use crate::session::{Opened, Session, StandingGrant, StoreError, Taken, Vault, VaultError};
use crate::settings::{Credential, SessionStoreChoice};

/// What became of the parts of a sign-in.
#[derive(Debug, Serialize)]
pub struct LoggedOut {
    profile: String,
    /// Whether there was a session.
    was_signed_in: bool,
    /// Who was signed in, where the session still opened.
    account: Option<AccountShown>,
    token: Step,
    key: Step,
    file: Step,
    /// What lets the profile stay signed in, at Todoist.
    #[serde(rename = "standing_sign_in")]
    grant: Step,
    /// The same in the key store.
    #[serde(rename = "standing_sign_in_entry")]
    grant_entry: Step,
    /// What becomes of a token that was not revoked.
    #[serde(skip)]
    token_fate: String,
    /// Whether no sign-in outlasts its run here.
    #[serde(skip)]
    keeps_nothing: bool,
    /// Whether the session lay in a database.
    #[serde(skip)]
    in_database: bool,
    #[serde(skip)]
    exit: Option<Exit>,
}

/// What a person can do that we cannot.
const REMOVE_IT: &str = "remove nbatodo in Todoist: Settings, Integrations";

/// What became of one part.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Step {
    /// It is gone.
    Done,
    /// There was none.
    Absent,
    /// It may still be there.
    Failed {
        /// Why.
        reason: String,
    },
}

/// Takes the session apart; each step is tried though the one before failed. What is here goes
/// first and in one piece, so that a sign-in at the same time is either the one that is signed
/// out, token and all, or is left alone.
///
/// # Errors
/// [`Failure`] only if no step could be tried.
pub async fn run(context: &Context) -> Result<LoggedOut, Failure> {
    if !matches!(context.settings.credential, Credential::Session) {
        return Err(Failure::TokenFromOutside);
    }
    let _busy = context.busy("Signing out at Todoist");
    // Half signed out would be neither the one nor the other.
    let _guard = context.interrupts.guard();
    // One command repairs it, and then the token can be revoked.
    context.with_vault(|vault, profile| vault.check_mode(profile)).await??;
    let (grant, entry, Taken { opened, destroyed }) = take(context).await;
    // Where something does not open, signing in again would not help: a token is out of reach,
    // not the person.
    let damaged = matches!(grant, Err(KeyStoreError::EntryDamaged { .. }));
    let mut exit = damaged.then_some(Exit::Failed);

    let (session, token) = match opened {
        // A token whose session has lapsed has lapsed with it, as far as anybody here can tell.
        Ok(Opened::Nobody | Opened::Lapsed) => (None, Step::Absent),
        Ok(Opened::Live(session) | Opened::Expired(session)) => {
            times::learn_of(context, &session);
            let revoked = revoke(context, &session).await;
            (Some(session), Step::of(revoked.map(|()| true), &mut exit))
        }
        Err(error) => {
            let no_file = matches!(error, VaultError::Store(StoreError::File(_)));
            let no_key = matches!(error, VaultError::Keys(KeyStoreError::EntryDamaged { .. }));
            let unopened = matches!(error, VaultError::Seal(_) | VaultError::KeyGone);
            if no_file || no_key || unopened {
                exit = Some(Exit::Failed);
            }
            (None, Step::of(Err(Failure::Vault(error)), &mut exit))
        }
    };
    let grant = Step::of(revoke_grant(context, grant, session.as_ref(), &token).await, &mut exit);
    let key = Step::of(destroyed.key.map_err(Failure::from), &mut exit);
    let file = Step::of(destroyed.file.map_err(Failure::from), &mut exit);
    let grant_entry = Step::of(entry.map_err(Failure::from), &mut exit);
    standing::tell_of_others(context).await;
    times::forget(context);
    if !matches!(file, Step::Failed { .. }) {
        strike_out(context).await;
    }
    let was_there = [&key, &file, &grant_entry].contains(&&Step::Done);
    Ok(LoggedOut {
        profile: context.settings.profile.to_string(),
        was_signed_in: token != Step::Absent || was_there,
        keeps_nothing: context.keeps_nothing(),
        in_database: matches!(context.settings.session_store, SessionStoreChoice::Database(_)),
        token_fate: fate_of_token(context, session.as_ref()),
        account: session.map(|session| AccountShown::from(&session.account)),
        token,
        key,
        file,
        grant,
        grant_entry,
        exit,
    })
}

/// Nothing is imported for whoever has signed out; a list that cannot be reached is no reason not
/// to sign out.
async fn strike_out(context: &Context) {
    let roster = context.roster.clone();
    let strike_out = move |_: &Vault, profile: &Profile| roster.strike_out(profile);
    let struck_out = context.with_vault(strike_out).await;
    let error = match struck_out {
        Ok(Ok(_)) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    context.listener.note(&format!(
        "The profile stays on the list of \"import --all-profiles\" ({error}). Log out once more."
    ));
}

/// Takes all that is here: what stands first, so that nothing renews what is then destroyed.
async fn take(
    context: &Context,
) -> (Result<Option<StandingGrant>, KeyStoreError>, Result<bool, KeyStoreError>, Taken) {
    if !standing::may_exist(context) {
        return (Ok(None), Ok(false), context.take_session().await);
    }
    let _turn = match standing::turn(context).await {
        Ok(turn) => Some(turn),
        Err(error) => {
            // Such as a folder that cannot be written to; what can go goes all the same.
            tracing::debug!(%error, "signing out without a lock");
            None
        }
    };
    let grant = standing::read(context).await;
    let entry = match &grant {
        Ok(None) => Ok(false),
        // Once is long enough.
        Err(KeyStoreError::NoAnswer { limit }) => Err(KeyStoreError::NoAnswer { limit: *limit }),
        _ => standing::remove(context).await,
    };
    (grant, entry, context.take_session().await)
}

async fn revoke(context: &Context, session: &Session) -> Result<(), Failure> {
    Ok(release::revoke(context, &Http::new()?, session).await?)
}

/// Says whether there was a grant. One that is nothing but the session's token has gone with it.
async fn revoke_grant(
    context: &Context,
    grant: Result<Option<StandingGrant>, KeyStoreError>,
    session: Option<&Session>,
    token: &Step,
) -> Result<bool, Failure> {
    let Some(grant) = grant? else { return Ok(false) };
    let is_token = session.is_some_and(|it| grant.is_access_token(it.access_token.expose()));
    if !(is_token && *token == Step::Done) {
        release::revoke_grant(context, &Http::new()?, &grant).await?;
    }
    Ok(true)
}

/// What becomes of the token of `session` where it is not revoked.
pub(super) fn fate_of_token(context: &Context, session: Option<&Session>) -> String {
    match session.map(|session| session.token_expires_at) {
        None => "it dies within the hour".to_owned(),
        Some(None) => format!("it has no end of its own, {REMOVE_IT}"),
        Some(Some(end)) if end <= context.clock.now() => "it has died by itself".to_owned(),
        Some(Some(end)) => format!("it dies by itself at {}", context.clock_time(end)),
    }
}

impl Step {
    /// The state after a step; the first failure decides how the run ends.
    fn of(result: Result<bool, Failure>, exit: &mut Option<Exit>) -> Self {
        match result {
            Ok(true) => Self::Done,
            Ok(false) => Self::Absent,
            Err(failure) => {
                exit.get_or_insert(failure.exit());
                Self::Failed { reason: failure.to_string() }
            }
        }
    }
}

impl Report for LoggedOut {
    fn exit(&self) -> Exit {
        self.exit.unwrap_or(Exit::Done)
    }

    fn shortfalls(&self) -> Vec<String> {
        let token_left = format!("the token was not revoked, {}", self.token_fate);
        let grant_left = format!("what stays signed in was not revoked, {REMOVE_IT}");
        // What has to be done about the grant, does for the token, too.
        let token = match self.grant {
            Step::Failed { .. } => &Step::Absent,
            Step::Done | Step::Absent => &self.token,
        };
        // What could not be read may not be there at all.
        let may_stay = format!("whether you stay signed in is not known; if so, {REMOVE_IT}");
        let unread = self.grant != Step::Done && self.grant == self.grant_entry;
        let grant_left = if unread { may_stay } else { grant_left };
        let entry = if unread { &Step::Absent } else { &self.grant_entry };
        [
            (token_left.as_str(), token),
            (grant_left.as_str(), &self.grant),
            ("the key is not destroyed", &self.key),
            ("the session file is not deleted", &self.file),
            ("what stays signed in is still in the key store", entry),
        ]
        .into_iter()
        .filter_map(|(what, step)| match step {
            Step::Failed { reason } => Some(format!("{what}: {reason}")),
            Step::Done | Step::Absent => None,
        })
        .collect()
    }
}

impl fmt::Display for LoggedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.keeps_nothing {
            return writeln!(
                f,
                "Nothing to sign out of: with --session-store memory nothing is kept."
            );
        }
        if !self.was_signed_in && self.exit.is_some() {
            return Ok(());
        }
        if !self.was_signed_in {
            return writeln!(f, "Nobody is signed in as \"{}\".", self.profile);
        }
        let mut done = Vec::new();
        for (what, step) in [
            ("token revoked at Todoist", &self.token),
            ("staying signed in ended", &self.grant),
            ("key destroyed", &self.key),
            (if self.in_database { "session deleted" } else { "session file deleted" }, &self.file),
        ] {
            done.extend((*step == Step::Done).then_some(what));
        }
        if done.is_empty() && self.grant_entry == Step::Done {
            done.push("staying signed in ended here");
        }
        if done.is_empty() {
            // Such as a database that is away: what is there is as it was.
            return writeln!(f, "Nothing of profile \"{}\" was signed out.", self.profile);
        }
        let who = self.account.as_ref().map(|it| format!("{}, ", it.name)).unwrap_or_default();
        writeln!(f, "Signed out {who}profile \"{}\": {}.", self.profile, done.join(", "))
    }
}
