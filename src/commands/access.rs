//! How a command gets at a person's Todoist.

use zeroize::Zeroizing;

use crate::commands::failure::login_to_delete;
use crate::commands::{Context, Failure, command_for, release, renewal, standing_grant, times};
use crate::http::Http;
use crate::import::field::Trace;
use crate::keys::{EntryName, Place};
use crate::model::{AccessToken, Origin, Profile};
use crate::private_files::SecretFile;
use crate::session::{Destroyed, Life, Opened, Session, Vault, VaultError};
use crate::settings::{Credential, KeyStoreSetting, SessionStoreChoice};
use crate::todoist::{Client, TodoistError};

/// More than any token has.
const LONGEST_TOKEN_FILE: u64 = 4096;

/// The settings that give a token from outside.
pub(super) const TOKEN: &str = "NBATODO_TOKEN";
const TOKEN_FILE: &str = "NBATODO_TOKEN_FILE";

/// A token, and the only origin that it may be sent to.
pub struct Access {
    /// What opens the person's tasks.
    pub token: AccessToken,
    /// Where it was issued.
    pub api: Origin,
    /// Whose it is, as the import record names them: Todoist's id, or for a token from outside
    /// a trace of it, since nobody says here whose that is.
    pub account: String,
    /// What it is good for, where that is known.
    scopes: Option<Vec<String>>,
    /// From when to when it may be used, where it is a session's.
    life: Option<Life>,
    /// The name of the setting that gave the token, if it is from outside.
    given_by: Option<&'static str>,
}

/// What it takes to delete tasks and sections, and to delete projects (API page
/// "Authorization", "Permission scopes").
const DELETING: [&str; 2] = ["data:delete", "project:delete"];

impl Access {
    /// The person's Todoist, for as long as the session lives.
    pub fn client<'a>(&'a self, context: &'a Context, http: &'a Http) -> Client<'a> {
        Client::new(http, &self.api, &self.token).asking_while(|| self.is_live(context))
    }

    fn is_live(&self, context: &Context) -> bool {
        self.life.is_none_or(|life| life.holds(context.clock.now()))
    }

    /// Whether the person has allowed to delete. Of a token from outside nobody knows; Todoist
    /// will say.
    ///
    /// # Errors
    /// [`Failure::MayNotDelete`].
    pub async fn may_delete(&self, context: &Context) -> Result<(), Failure> {
        let has = |scope: &&str| {
            self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|it| it == scope))
        };
        if DELETING.iter().all(has) {
            return Ok(());
        }
        // A sign-in without that wish would end the stay.
        let stays = standing_grant::read(context).await.is_ok_and(|grant| grant.is_some());
        Err(Failure::MayNotDelete { profile: context.settings.profile.clone(), stays })
    }

    /// Says, where a run shows what it would delete, that it could not.
    pub async fn tell_missing_leave(&self, context: &Context) {
        // A sign-in for one run asks for as much as that run needs.
        if context.keeps_nothing() {
            return;
        }
        let Err(Failure::MayNotDelete { profile, stays }) = self.may_delete(context).await else {
            return;
        };
        let login = command_for(&profile, login_to_delete(stays));
        context.listener.note(&format!(
            "The sign-in of \"{profile}\" does not allow to delete anything. To have this done, \
             sign in with: {login}"
        ));
    }

    /// A refusal of the token, in terms of where it came from.
    pub fn explain(&self, error: TodoistError) -> Failure {
        match (error, self.given_by) {
            (TodoistError::Unauthorized, Some(setting)) => Failure::TokenRefused(setting),
            (error, _) => error.into(),
        }
    }
}

/// Opens the profile's session, or takes the token that was given from outside.
///
/// # Errors
/// [`Failure`]; an expired session is gone afterwards.
pub async fn open(context: &Context) -> Result<Access, Failure> {
    let (token, setting) = match &context.settings.credential {
        Credential::Session => {
            let session = live_session(context).await?;
            return Ok(Access {
                life: Some(session.life()),
                token: session.access_token,
                api: session.api,
                account: session.account.id,
                scopes: Some(session.scopes),
                given_by: None,
            });
        }
        Credential::Token(token) => (checked(token.expose(), TOKEN)?, TOKEN),
        Credential::TokenFile(file) => (token_file(file)?, TOKEN_FILE),
    };
    let account = format!("token {}", Trace::of(token.expose()));
    let (api, given_by) = (context.settings.api.clone(), Some(setting));
    Ok(Access { token, api, account, scopes: None, life: None, given_by })
}

/// The profile's session, if it can be used; where it has ended, a new one from the standing
/// grant.
///
/// # Errors
/// [`Failure`]; an expired session that is not renewed for good is gone afterwards.
pub async fn live_session(context: &Context) -> Result<Session, Failure> {
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await?;
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return Err(explained(context, error).await),
    };
    let session = match opened {
        Opened::Live(session) => session,
        Opened::Nobody => match renewal::renewed(context).await? {
            Some(session) => session,
            None => return Err(nobody(context).await),
        },
        Opened::Expired(expired) => renewed_or_gone(context, Some(expired)).await?,
        Opened::Lapsed => renewed_or_gone(context, None).await?,
    };
    check_origin(context, &session.api)?;
    times::learn_of(context, &session);
    Ok(session)
}

/// Does `work` in the profile's session, or with the token that was given from outside.
///
/// # Errors
/// Those of [`open()`] and of `work`; where the session has ended during `work`, what became of it.
pub async fn in_session<T>(
    context: &Context,
    work: impl AsyncFnOnce(&Access) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let _busy = context.busy("Opening the session");
    let access = open(context).await?;
    match work(&access).await {
        Err(failure) => Err(ended(context, &access, failure).await),
        done => done,
    }
}

/// What becomes of a run whose session has ended, and of the session; any other failure stays
/// what it is.
async fn ended(context: &Context, access: &Access, failure: Failure) -> Failure {
    let refused =
        matches!(failure, Failure::Todoist(TodoistError::Ended | TodoistError::Unauthorized));
    if !refused || access.is_live(context) {
        return failure;
    }
    let profile = context.settings.profile.clone();
    if context.keeps_nothing() {
        return Failure::Expired(profile);
    }
    match live_session(context).await {
        Ok(_) => Failure::NextSession(profile),
        Err(failure) => failure,
    }
}

/// A new session in place of one that has ended, `expired` where it still opens. Where there can
/// be none, the old one is gone afterwards.
async fn renewed_or_gone(context: &Context, expired: Option<Session>) -> Result<Session, Failure> {
    match renewal::renewed(context).await {
        Ok(Some(session)) => Ok(session),
        Ok(None) => {
            release::discard_expired(context, expired).await;
            Err(Failure::Expired(context.settings.profile.clone()))
        }
        Err(failure) => {
            if failure.ends_sign_in() {
                release::discard_expired(context, expired).await;
            }
            Err(failure)
        }
    }
}

/// Nobody is signed in, or nobody any more: a database forgets a session that has expired, and
/// only its key is left to be destroyed.
async fn nobody(context: &Context) -> Failure {
    let profile = context.settings.profile.clone();
    // Its login would be refused.
    if let Ok(Some(other)) = context.roster.spelt_otherwise(&profile) {
        return Failure::SpeltOtherwise { profile, other };
    }
    if !shares_sessions(context) {
        return match signed_in_here(context) {
            others if others.is_empty() => Failure::NotSignedIn(profile),
            others => Failure::OthersSignedIn { profile, others },
        };
    }
    let now = context.clock.now();
    let gone = context.with_vault(move |vault, profile| vault.destroy_expired(profile, now)).await;
    match gone {
        Ok(Ok(Some(Destroyed { key: Ok(true), .. }))) => Failure::Expired(profile),
        _ => Failure::NotSignedIn(profile),
    }
}

/// The profiles that have a session on this machine, in the order of their names.
pub(super) fn signed_in_here(context: &Context) -> Vec<Profile> {
    let sessions = context.paths.sessions();
    let entries = std::fs::read_dir(sessions).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let profiles = names.filter_map(|name| name.strip_suffix(".session")?.parse().ok());
    let mut profiles: Vec<Profile> = profiles.collect();
    profiles.sort();
    profiles
}

/// Where machines share sessions and not keys, a key can lie on another one.
pub(super) async fn explained(context: &Context, error: VaultError) -> Failure {
    match error {
        VaultError::KeyGone if shares_sessions(context) && !shares_keys(context) => {
            Failure::KeyElsewhere(context.settings.profile.clone())
        }
        VaultError::KeyGone => match other_place(context).await {
            Some(place) => {
                Failure::KeyInOtherStore { profile: context.settings.profile.clone(), place }
            }
            None => VaultError::KeyGone.into(),
        },
        error => error.into(),
    }
}

/// The key store of this machine that has the session's key and is not in use now.
async fn other_place(context: &Context) -> Option<Place> {
    let elsewhere = context.elsewhere.clone();
    let look = move |vault: &Vault, profile: &Profile| {
        let sealed = vault.sealed(profile).ok()??;
        let entry = EntryName::session(sealed.profile(), sealed.key_id());
        elsewhere.holding(&entry).into_iter().next()
    };
    context.with_vault(look).await.ok().flatten()
}

fn shares_keys(context: &Context) -> bool {
    matches!(context.settings.key_store, KeyStoreSetting::File(_))
}

fn shares_sessions(context: &Context) -> bool {
    matches!(context.settings.session_store, SessionStoreChoice::Database(_))
}

/// A token is never sent to another origin than the one that issued it, whatever the settings
/// say by now.
pub(super) fn check_origin(context: &Context, api: &Origin) -> Result<(), Failure> {
    if *api == context.settings.api {
        return Ok(());
    }
    Err(Failure::OtherOrigin {
        profile: context.settings.profile.clone(),
        session: api.to_string(),
        asked: context.settings.api.to_string(),
    })
}

pub(super) fn token_file(file: &SecretFile) -> Result<AccessToken, Failure> {
    let refused = |why: String| Failure::GivenToken { setting: TOKEN_FILE, why };
    let path = file.path();
    let bytes = file
        .read(LONGEST_TOKEN_FILE)
        .map_err(|error| refused(error.to_string()))?
        .ok_or_else(|| refused(format!("there is no file {}", path.display())))?;
    let bytes = Zeroizing::new(bytes);
    checked(std::str::from_utf8(&bytes).unwrap_or_default().trim(), TOKEN_FILE)
}

/// A token has no blanks and nothing that could not stand in a header.
pub(super) fn checked(token: &str, setting: &'static str) -> Result<AccessToken, Failure> {
    if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
        let why = "it does not hold one token on one line".to_owned();
        return Err(Failure::GivenToken { setting, why });
    }
    Ok(AccessToken::new(token.to_owned()))
}
