//! `nbatodo` alone: where a person stands, and the one command to type next. It asks nobody: no
//! network, no keyring, no database.

use std::fmt;

use serde::Serialize;

use crate::commands::status::AccountShown;
use crate::commands::{Context, Failure, Report, command_for, config, standing};
use crate::keys::KeyStoreError;
use crate::model::selection;
use crate::private_files::read_private;
use crate::session::sealed_session::LONGEST_FILE;
use crate::session::{Opened, SealedSession};
use crate::settings::{Credential, KeyStoreSetting, SessionStoreChoice};

/// Where a person stands.
#[derive(Debug, Serialize)]
pub struct Guide {
    /// `None` where that cannot be told without asking somebody.
    signed_in: Option<bool>,
    profile: Option<String>,
    /// Who, where that can be told.
    account: Option<AccountShown>,
    /// In UTC.
    expires_at: Option<String>,
    stays_signed_in: Option<bool>,
    /// The nicknames of the teams that are set.
    team: Vec<&'static str>,
    /// Why the settings cannot be read, if they cannot.
    problem: Option<String>,
    /// What to type.
    next: String,
    /// The same as `signed_in`, for people.
    #[serde(skip)]
    sign_in: String,
}

/// What can be told of a sign-in.
struct SignIn {
    signed_in: Option<bool>,
    account: Option<AccountShown>,
    expires_at: Option<String>,
    stays: Option<bool>,
    words: String,
}

impl SignIn {
    fn told(signed_in: Option<bool>, words: impl Into<String>) -> Self {
        Self { signed_in, account: None, expires_at: None, stays: None, words: words.into() }
    }
}

/// Looks where a look is free.
pub async fn run(context: &Context) -> Guide {
    let sign_in = sign_in(context).await;
    let profile = &context.settings.profile;
    let teams = selection::teams(&context.settings.teams, None, None).unwrap_or_default();
    let next = match (sign_in.signed_in, teams.is_empty()) {
        (Some(false), _) => command_for(profile, "login"),
        (None, false) => command_for(profile, "status"),
        (_, true) => config::set_team(profile, "BOS"),
        (Some(true), false) => command_for(profile, "import"),
    };
    Guide {
        signed_in: sign_in.signed_in,
        profile: Some(profile.to_string()),
        account: sign_in.account,
        expires_at: sign_in.expires_at,
        stays_signed_in: sign_in.stays,
        team: teams.iter().map(|team| team.team().nickname).collect(),
        problem: None,
        next,
        sign_in: sign_in.words,
    }
}

/// The guide where the settings cannot be read: to what repairs them.
pub fn without_settings(failure: &Failure) -> Guide {
    Guide {
        signed_in: None,
        profile: None,
        account: None,
        expires_at: None,
        stays_signed_in: None,
        team: Vec::new(),
        problem: Some(failure.to_string()),
        next: failure.repair().unwrap_or_else(|| "nbatodo config path".to_owned()),
        sign_in: String::new(),
    }
}

async fn sign_in(context: &Context) -> SignIn {
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
            SignIn::told(None, "the session lies in a database: nbatodo status")
        }
        (_, SessionStoreChoice::File) => of_file(context).await,
    }
}

/// What the file of the session shows. What is sealed in it is looked at only where its key lies
/// in a file, too: a keyring could ask the person for a password.
async fn of_file(context: &Context) -> SignIn {
    let path = context.paths.session_file(&context.settings.profile);
    let sealed = match read_private(&path, LONGEST_FILE) {
        Ok(Some(bytes)) => SealedSession::parse(&bytes).ok(),
        Ok(None) => None,
        Err(error) => return SignIn::told(None, error.to_string()),
    };
    let by_file = matches!(context.settings.key_store, KeyStoreSetting::File(_));
    let stays = match standing::may_exist(context) {
        false => Some(false),
        true if by_file => match standing::read(context).await {
            Ok(grant) => Some(grant.is_some()),
            Err(KeyStoreError::EntryDamaged { .. }) => Some(false),
            Err(_) => None,
        },
        true => None,
    };
    let now = context.clock.now();
    let live = sealed.filter(|it| it.issued_at() <= now && now < it.expires_at());
    let Some(sealed) = live else {
        return match stays {
            Some(true) => SignIn { stays, ..SignIn::told(Some(true), "stays, for the next run") },
            Some(false) => SignIn { stays, ..SignIn::told(Some(false), "no") },
            None => SignIn::told(None, "not at the moment; a run may renew it"),
        };
    };
    let account = if by_file { account(context).await } else { None };
    let who = account.as_ref().map_or_else(|| "yes".to_owned(), ToString::to_string);
    let until = context.clock_time(sealed.expires_at());
    let staying = if stays == Some(true) { ", stays signed in" } else { "" };
    SignIn {
        signed_in: Some(true),
        account,
        expires_at: Some(sealed.expires_at().to_string()),
        stays,
        words: format!("{who}, until {until}{staying}"),
    }
}

async fn account(context: &Context) -> Option<AccountShown> {
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await;
    match opened {
        Ok(Ok(Opened::Live(session))) => Some(AccountShown::from(&session.account)),
        _ => None,
    }
}

impl Report for Guide {}

impl fmt::Display for Guide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "nbatodo puts an NBA team's season into Todoist and keeps it true.\n")?;
        match &self.problem {
            Some(problem) => writeln!(f, "The settings cannot be read:\n{problem}\n")?,
            None => {
                let team = match &self.team[..] {
                    [] => "none yet (all thirty: nbatodo teams)".to_owned(),
                    [one] => (*one).to_owned(),
                    [one, rest @ ..] if rest.len() > 3 => format!("{one} and {} more", rest.len()),
                    several => several.join(", "),
                };
                writeln!(f, "Signed in  {}", self.sign_in)?;
                writeln!(f, "Team       {team}")?;
            }
        }
        writeln!(f, "Next       {}\n", self.next)?;
        writeln!(f, "All commands: nbatodo --help. Without an account: nbatodo demo")
    }
}
