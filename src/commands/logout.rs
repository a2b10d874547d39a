//! `nbatodo logout`: revoked at Todoist, key destroyed, file deleted, and with them what lets the
//! profile stay signed in.

use std::fmt;

use serde::Serialize;

use crate::commands::sign_out::{REMOVE_IT, SignedOut, sign_out};
use crate::commands::status::AccountShown;
use crate::commands::{Context, Exit, Failure, Report, access, command_for, standing_grant, times};
use crate::model::Profile;
use crate::session::Vault;
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

/// Signs out, and takes the profile off the list of those that imports are made for.
///
/// # Errors
/// [`Failure`] only if no step could be tried.
pub async fn run(context: &Context) -> Result<LoggedOut, Failure> {
    if !matches!(context.settings.credential, Credential::Session) {
        return Err(Failure::TokenFromOutside);
    }
    // On many a disk the other one's file has this name, too: it would go, and its token stay. A
    // list that cannot be read is no reason not to sign out.
    let profile = &context.settings.profile;
    if let Ok(Some(other)) = context.roster.spelt_otherwise(profile) {
        return Err(Failure::SpeltOtherwise { profile: profile.clone(), other });
    }
    let _busy = context.busy("Signing out at Todoist");
    // Half signed out would be neither the one nor the other.
    let _guard = context.interrupts.guard();
    // One command repairs it, and then the token can be revoked.
    context.with_vault(|vault, profile| vault.check_mode(profile)).await??;
    let signed_out = sign_out(context, None).await;
    let logged_out = LoggedOut::of(context, signed_out);
    standing_grant::tell_of_others(context).await;
    times::forget(context);
    if !matches!(logged_out.file, Step::Failed { .. }) {
        strike_out(context).await;
    }
    if !logged_out.was_signed_in && !logged_out.keeps_nothing {
        tell_of_other_profiles(context);
    }
    Ok(logged_out)
}

/// Whoever meant another profile is not to believe that they are out.
fn tell_of_other_profiles(context: &Context) {
    if context.settings.session_store != SessionStoreChoice::File {
        return;
    }
    let mut others = access::signed_in_here(context);
    others.retain(|it| *it != context.settings.profile);
    if let Some(first) = others.first() {
        let names: Vec<&str> = others.iter().map(Profile::as_str).collect();
        let command = command_for(first, "logout");
        let names = names.join(", ");
        context.listener.note(&format!("Profiles with a session: {names}. To sign out: {command}"));
    }
}

impl LoggedOut {
    fn of(context: &Context, signed_out: SignedOut) -> Self {
        let token_fate = signed_out.token_fate(context);
        let mut exit = signed_out.has_unopened().then_some(Exit::Failed);
        let SignedOut { session, token, grant, grant_entry, key, file } = signed_out;
        let token = Step::of(token, &mut exit);
        let grant = Step::of(grant, &mut exit);
        let key = Step::of(key, &mut exit);
        let file = Step::of(file, &mut exit);
        let grant_entry = Step::of(grant_entry, &mut exit);
        let was_there = [&key, &file, &grant_entry].contains(&&Step::Done);
        Self {
            profile: context.settings.profile.to_string(),
            was_signed_in: token != Step::Absent || was_there,
            keeps_nothing: context.keeps_nothing(),
            in_database: matches!(context.settings.session_store, SessionStoreChoice::Database(_)),
            token_fate,
            account: session.map(|session| AccountShown::from(&session.account)),
            token,
            key,
            file,
            grant,
            grant_entry,
            exit,
        }
    }
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
        // What could not be read may not be there at all.
        let may_stay = format!("whether you stay signed in is not known; if so, {REMOVE_IT}");
        let unread = self.grant != Step::Done && self.grant == self.grant_entry;
        // What has to be done about the grant, does for the token, too.
        let token = match self.grant {
            Step::Failed { .. } if !unread => &Step::Absent,
            _ => &self.token,
        };
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
