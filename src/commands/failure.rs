//! Every way in which a command can fail: what happened, what to type next, and the exit code.

use std::path::PathBuf;

use crate::commands::{Exit, command_for};
use crate::http::HttpError;
use crate::import::{ApplyError, LedgerError, PlanError};
use crate::keys::{KeyStoreError, MasterKeyError};
use crate::model::{Profile, Season, UnknownTeam};
use crate::private_files::FileError;
use crate::schedule::bundled::BundledError;
use crate::schedule::given::GivenError;
use crate::session::{SealError, StoreError, VaultError};
use crate::settings::InvalidSetting;
use crate::signin::registration::RegistrationError;
use crate::signin::{AuthorizationError, NoPort, TokenError};
use crate::todoist::TodoistError;

/// Why a command did not do its work. One line each; [`Failure::advice`] says what to type.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // The messages say it.
pub enum Failure {
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    #[error("{}: {why}", .path.display())]
    ConfigFile { path: PathBuf, why: String },
    #[error("{0}")]
    Home(#[from] crate::paths::NoHome),
    #[error("there is no {format} of this: only \"nbatodo schedule\" has one")]
    Format { format: &'static str },
    #[error("no team is named")]
    NoTeam,
    #[error(transparent)]
    Team(#[from] UnknownTeam),
    #[error("NBATODO_TOKEN or NBATODO_TOKEN_FILE is set, so no session is read or written")]
    TokenFromOutside,
    #[error("{setting} cannot be used: {why}")]
    GivenToken { setting: &'static str, why: String },
    #[error("Todoist does not accept the token in {0}")]
    TokenRefused(&'static str),
    #[error("--port is for a client of your own, and none is set")]
    PortWithoutClient,
    #[error("nobody is signed in as \"{0}\"")]
    NotSignedIn(Profile),
    #[error("the session of \"{0}\" has expired, and is gone")]
    Expired(Profile),
    #[error("the session of \"{profile}\" belongs to {session}, not to {asked}")]
    OtherOrigin { profile: Profile, session: String, asked: String },
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    #[error(transparent)]
    Files(#[from] FileError),
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error(transparent)]
    Schedule(#[from] BundledError),
    #[error("the league's feed cannot be used: {0}")]
    Feed(String),
    #[error("{place} is no schedule that can be used: {error}")]
    Given { place: String, error: Box<GivenError> },
    #[error("there is no file {}", .0.display())]
    NoFile(PathBuf),
    #[error("no schedule of the season {season} is at hand: the one that is has {has}")]
    NoSeason { season: Season, has: Season },
    #[error(transparent)]
    NoPort(#[from] NoPort),
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    #[error(transparent)]
    Authorization(#[from] AuthorizationError),
    #[error("nobody came back from the browser within {seconds} s")]
    NobodyCame { seconds: u64 },
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Todoist(#[from] TodoistError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Apply(#[from] ApplyError),
    #[error("the import record: {0}")]
    Ledger(#[from] LedgerError),
    #[error("the system gave no random numbers: {0}")]
    Entropy(getrandom::Error),
    #[error("{what}: {cause}")]
    System { what: &'static str, cause: std::io::Error },
    #[error("nothing could be written to standard output: {0}")]
    Output(std::io::Error),
    #[error("the token may still be good: {0}")]
    NotRevoked(String),
    #[error("the demo did not come to its end: {0}")]
    Demo(String),
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// What a script should make of it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Setting(_)
            | Self::ConfigFile { .. }
            | Self::Home(_)
            | Self::NoTeam
            | Self::Format { .. }
            | Self::NoSeason { .. }
            | Self::NoFile(_)
            | Self::Team(_)
            | Self::TokenFromOutside
            | Self::GivenToken { .. }
            | Self::PortWithoutClient => Exit::Usage,
            Self::NotSignedIn(_)
            | Self::Expired(_)
            | Self::OtherOrigin { .. }
            | Self::TokenRefused(_)
            | Self::NobodyCame { .. }
            | Self::Authorization(AuthorizationError::Denied) => Exit::SignIn,
            Self::Vault(error) => of_vault(error),
            Self::Keys(error) => of_key_store(error),
            Self::Http(HttpError::Setup(_)) => Exit::Failed,
            Self::Http(_) | Self::Feed(_) => Exit::Temporary,
            Self::Registration(error) => of_registration(error),
            Self::Token(error) => of_token(error),
            Self::Todoist(error) | Self::Apply(ApplyError::Todoist(error)) => of_todoist(error),
            Self::Files(_)
            | Self::Schedule(_)
            | Self::Given { .. }
            | Self::NoPort(_)
            | Self::Authorization(AuthorizationError::Refused(_))
            | Self::Plan(_)
            | Self::Apply(ApplyError::Ledger(_))
            | Self::Ledger(_)
            | Self::Entropy(_)
            | Self::System { .. }
            | Self::Output(_)
            | Self::NotRevoked(_)
            | Self::Demo(_) => Exit::Failed,
            Self::Interrupted => Exit::Interrupted,
        }
    }
}

impl Failure {
    /// What the person can type or do about it, as a sentence; `command` and `profile` are those
    /// that the run was about.
    pub fn advice(&self, command: &str, profile: &Profile) -> Option<String> {
        let login = || format!("Sign in with: {}", command_for(profile, "login"));
        let again = || "Try again later.".to_owned();
        let advice = match self {
            // The message itself names the repair.
            Self::Vault(VaultError::Store(_)) | Self::Files(_) => return None,
            Self::Keys(KeyStoreError::Master(MasterKeyError::File { .. })) => return None,
            Self::NoTeam => "Name one, for instance: nbatodo import --team BOS".to_owned(),
            Self::TokenFromOutside => "Unset it to sign in or out.".to_owned(),
            Self::OtherOrigin { session, .. } => format!(
                "Use it with NBATODO_API_URL={session}, or sign in anew with: {}",
                command_for(profile, "login")
            ),
            Self::TokenRefused(_) => "Put a valid one there, or unset it and sign in.".to_owned(),
            Self::PortWithoutClient => "Set NBATODO_CLIENT_ID, or leave --port out.".to_owned(),
            Self::Vault(VaultError::Keys(error)) | Self::Keys(error) => error.remedy(),
            Self::Vault(VaultError::Seal(SealError::NewerVersion { .. })) => {
                format!("Update nbatodo, or sign in with: {}", command_for(profile, "login"))
            }
            Self::NoPort(_) => {
                "End the program that holds them, or a login that still waits.".to_owned()
            }
            Self::Registration(RegistrationError::Refused(_)) => {
                "Register a client of your own at Todoist and set NBATODO_CLIENT_ID.".to_owned()
            }
            Self::NobodyCame { .. } => {
                format!("Start again with: {}", command_for(profile, "login --timeout 900"))
            }
            Self::Plan(PlanError::NoRoomForProject { .. }) => {
                "Archive or delete a project in Todoist, then run the same command again."
                    .to_owned()
            }
            Self::Plan(PlanError::NoRoomForTasks { .. }) => {
                "Complete or move tasks of that project, then run the same command again."
                    .to_owned()
            }
            Self::Interrupted => match command {
                "import" => "Run the same command again: it creates only what is missing.",
                "login" => "You are not signed in by it.",
                _ => return None,
            }
            .to_owned(),
            _ => match self.exit() {
                Exit::SignIn => login(),
                Exit::Temporary => again(),
                _ => return None,
            },
        };
        Some(advice)
    }
}

/// What a script should make of a failure at Todoist.
pub fn of_todoist(error: &TodoistError) -> Exit {
    match error {
        TodoistError::Http(HttpError::Setup(_)) | TodoistError::Refused(_) => Exit::Failed,
        TodoistError::Http(_)
        | TodoistError::Unavailable(_)
        | TodoistError::Paused { .. }
        | TodoistError::RateLimited { .. } => Exit::Temporary,
        TodoistError::Unauthorized => Exit::SignIn,
    }
}

fn of_registration(error: &RegistrationError) -> Exit {
    match error {
        RegistrationError::Http(HttpError::Setup(_))
        | RegistrationError::Refused(_)
        | RegistrationError::Answer => Exit::Failed,
        RegistrationError::Http(_) | RegistrationError::Unavailable(_) => Exit::Temporary,
    }
}

fn of_token(error: &TokenError) -> Exit {
    match error {
        TokenError::Http(HttpError::Setup(_)) | TokenError::Refused(_) => Exit::Failed,
        TokenError::Http(_) | TokenError::Unavailable(_) => Exit::Temporary,
        TokenError::UnknownClient => Exit::SignIn,
    }
}

/// A session file that does not open calls for a new sign-in, whatever is wrong with it.
fn of_vault(error: &VaultError) -> Exit {
    match error {
        VaultError::Seal(_) | VaultError::KeyGone => Exit::SignIn,
        VaultError::Keys(error) => of_key_store(error),
        VaultError::Store(StoreError::File(FileError::Io { .. })) => Exit::Failed,
        // Something lies there that is no session file of ours: no usable session.
        VaultError::Store(StoreError::File(_)) => Exit::SignIn,
    }
}

/// An entry that does not open is a lost key, not a key store that is out of reach.
fn of_key_store(error: &KeyStoreError) -> Exit {
    match error {
        KeyStoreError::EntryDamaged { .. } => Exit::SignIn,
        _ => Exit::KeyStore,
    }
}
