//! `nbatodo logout`: revoked at Todoist, key destroyed, file deleted.

use std::fmt;

use serde::Serialize;

use crate::commands::{Context, Exit, Failure, Report, release};
use crate::http::Http;
use crate::session::{Opened, Session, StoreError, Taken, VaultError};
use crate::settings::Credential;

/// What became of a session's three parts.
#[derive(Debug, Serialize)]
pub struct LoggedOut {
    profile: String,
    /// Whether there was a session.
    was_signed_in: bool,
    /// Who was signed in, where the session still opened.
    account: Option<String>,
    token: Step,
    key: Step,
    file: Step,
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
        why: String,
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
    // Half signed out would be neither the one nor the other.
    let _guard = context.interrupts.guard();
    let Taken { opened, destroyed } = context.take_session().await;
    let mut exit = None;

    let (session, token) = match opened {
        Ok(Opened::Nobody) => (None, Step::Absent),
        Ok(Opened::Live(session) | Opened::Expired(session)) => {
            let revoked = revoke(context, &session).await;
            (Some(session), Step::of(revoked.map(|()| true), &mut exit))
        }
        Err(error) => {
            // Signing in again would not help: the token is out of reach, not the person.
            if matches!(error, VaultError::Seal(_) | VaultError::KeyGone) {
                exit = Some(Exit::Failed);
            }
            (None, Step::of(Err(Failure::Vault(error)), &mut exit))
        }
    };
    let key = Step::of(destroyed.key.map_err(Failure::from), &mut exit);
    let file = Step::of(destroyed.file.map_err(|StoreError::File(error)| error.into()), &mut exit);
    Ok(LoggedOut {
        profile: context.settings.profile.to_string(),
        was_signed_in: token != Step::Absent || key == Step::Done || file == Step::Done,
        account: session.map(|session| session.account.full_name),
        token,
        key,
        file,
        exit,
    })
}

async fn revoke(context: &Context, session: &Session) -> Result<(), Failure> {
    Ok(release::revoke(context, &Http::new()?, session).await?)
}

impl Step {
    /// The state after a step; the first failure decides how the run ends.
    fn of(result: Result<bool, Failure>, exit: &mut Option<Exit>) -> Self {
        match result {
            Ok(true) => Self::Done,
            Ok(false) => Self::Absent,
            Err(failure) => {
                exit.get_or_insert(failure.exit());
                Self::Failed { why: failure.to_string() }
            }
        }
    }
}

impl Report for LoggedOut {
    fn exit(&self) -> Exit {
        self.exit.unwrap_or(Exit::Done)
    }

    fn shortfalls(&self) -> Vec<String> {
        let token_left = "the token was not revoked, it dies within the hour";
        [
            (token_left, &self.token),
            ("the key is not destroyed", &self.key),
            ("the session file is not deleted", &self.file),
        ]
        .into_iter()
        .filter_map(|(what, step)| match step {
            Step::Failed { why } => Some(format!("{what}: {why}")),
            Step::Done | Step::Absent => None,
        })
        .collect()
    }
}

impl fmt::Display for LoggedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.was_signed_in {
            return writeln!(f, "Nobody is signed in as \"{}\".", self.profile);
        }
        let mut done = Vec::new();
        for (what, step) in [
            ("token revoked at Todoist", &self.token),
            ("key destroyed", &self.key),
            ("session file deleted", &self.file),
        ] {
            done.extend((*step == Step::Done).then_some(what));
        }
        let who = self.account.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
        writeln!(f, "Signed out {who}profile \"{}\": {}.", self.profile, done.join(", "))
    }
}
