//! Every way in which a command can fail: what happened, and the exit code. What to type next is
//! in `advice`.

mod advice;
mod cause;
pub(super) mod exit_of;
mod ways_out;

use std::path::PathBuf;
use std::time::Duration;

use self::exit_of::{
    of_apply, of_database, of_http, of_key_store, of_registration, of_todoist, of_token, of_vault,
};
use crate::commands::Exit;
use crate::commands::config_error::ConfigError;
use crate::database::DatabaseError;
use crate::http::HttpError;
use crate::import::{ApplyError, NoSuchProject, PlanError};
use crate::keys::{KeyStoreError, Place};
use crate::model::system_error::in_words;
use crate::model::{Profile, Season, UnknownTeam};
use crate::private_files::FileError;
use crate::schedule::bundled::BundledError;
use crate::schedule::given::GivenError;
use crate::session::{StoreError, VaultError};
use crate::settings::{InvalidSetting, Key};
use crate::signin::registration::RegistrationError;
use crate::signin::{AuthorizationError, NoPort, TokenError};
use crate::todoist::TodoistError;

pub(super) use cause::is_on_this_machine;
pub(super) use ways_out::{LET_IN, SANDBOX_GONE, login_to_delete};

/// Why a command did not do its work. One line each; [`Failure::advice`] says what to type.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // The messages say it.
pub enum Failure {
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    #[error("the settings file {} cannot be used: {why}", .path.display())]
    ConfigFile { path: PathBuf, why: String, repair: Option<String> },
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Home(#[from] crate::paths::NoHome),
    #[error("there is no {format} of this: it comes as {has}")]
    Format { format: String, has: String, elsewhere: &'static str },
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
    #[error(
        "the profile \"{profile}\" cannot be told from \"{other}\", which has signed in here: on \
         many a disk, capital letters make no other file"
    )]
    SpeltOtherwise { profile: Profile, other: Profile },
    #[error("Todoist does not accept the client {id} with its secret")]
    OwnClientRefused { id: String },
    #[error("nobody is signed in as \"{0}\"")]
    NotSignedIn(Profile),
    #[error(
        "nobody is signed in as \"{profile}\"; profiles with a session: {}",
        ways_out::listed(others)
    )]
    OthersSignedIn { profile: Profile, others: Vec<Profile> },
    #[error("nobody is signed in as \"{profile}\": only the settings file has that name")]
    TableOfNobody { profile: Profile, keys: Vec<Key> },
    #[error("nobody has signed in here, under any profile")]
    NobodySignedIn,
    #[error("--all-profiles does not go with {with}: {why}")]
    NotForAll { with: &'static str, why: &'static str },
    #[error("the session of \"{0}\" has expired, and is gone")]
    Expired(Profile),
    #[error("the session of \"{0}\" ended during this run, and the next one has begun")]
    NextSession(Profile),
    #[error("\"{0}\" stays signed in no longer: Todoist has ended it, and it is gone here, too")]
    GrantEnded(Profile),
    #[error("\"{0}\" stays signed in no longer: the answer to a renewal was lost")]
    GrantLost(Profile),
    #[error("the client that \"{0}\" was signed in with is not known here")]
    GrantOfOtherClient(Profile),
    #[error("Todoist's answer to the renewal of the sign-in was lost: {0}")]
    RenewalUnanswered(#[source] TokenError),
    #[error("another run of this profile is renewing the sign-in, and does not come to an end")]
    RenewalUnderWay,
    #[error("Todoist gave nothing that lasts, so nobody can stay signed in with this client")]
    NothingToStaySignedIn,
    #[error("the session of \"{profile}\" belongs to {session}, not to {asked}")]
    OtherOrigin { profile: Profile, session: String, asked: String },
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    #[error(transparent)]
    Files(#[from] FileError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(
        "the key of the session of \"{0}\" is not in the keyring of this machine: it was made on \
         another one, or destroyed"
    )]
    KeyElsewhere(Profile),
    #[error("the key of the session of \"{profile}\" lies in {place}, which is not in use now")]
    KeyInOtherStore { profile: Profile, place: Place },
    #[error(
        "this session store forgets what it was given last when it crashes, and a refresh token \
         must not come back after its use"
    )]
    ForgetfulStore,
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error(transparent)]
    Schedule(#[from] BundledError),
    #[error("the league's feed cannot be used: {0}")]
    Feed(String),
    #[error("{place} is no schedule that can be used: {error}")]
    Given { place: String, error: Box<GivenError> },
    #[error("{0}")]
    GivenFile(FileError),
    #[error("the schedule is not to be had: {0}")]
    GivenHttp(HttpError),
    #[error("{place} gives no schedule: it answered {status}")]
    GivenAnswer { place: String, status: u16 },
    #[error("there is no file {}", .0.display())]
    NoFile(PathBuf),
    #[error("there is no schedule of {season} here: the one at hand is of {has}")]
    NoSeason { season: Season, has: Season },
    #[error(transparent)]
    NoPort(#[from] NoPort),
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    #[error(transparent)]
    Authorization(#[from] AuthorizationError),
    #[error("nobody came back from the browser within {}", ways_out::spoken(*.0))]
    NobodyCame(Duration),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Todoist(#[from] TodoistError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Project(#[from] NoSuchProject),
    #[error("the sign-in of \"{profile}\" does not allow to delete anything")]
    MayNotDelete {
        profile: Profile,
        /// Whether it stays signed in.
        stays: bool,
    },
    #[error("nothing is deleted unasked, and nobody is here to be asked")]
    Unconfirmed,
    #[error("nothing was deleted, as you said")]
    Declined,
    #[error("what would be deleted has changed while you were asked, so nothing was")]
    ChangedMeanwhile,
    #[error(transparent)]
    Apply(#[from] ApplyError),
    #[error("the system gave no random numbers: {0}")]
    Entropy(getrandom::Error),
    #[error("{what}: {}", in_words(.cause))]
    System { what: &'static str, cause: std::io::Error },
    #[error("nothing could be written to standard output: {}", in_words(.0))]
    Output(std::io::Error),
    #[error("the token may still be good: {0}")]
    NotRevoked(String),
    #[error("the demo did not come to its end: {0}")]
    Demo(String),
    #[error(
        "with --session-store memory a sign-in ends with its run, and this one does nothing else"
    )]
    SignInForgotten,
    #[error("with --session-store memory nobody is signed in between two runs")]
    NothingKept,
    #[error("--no-browser and --port are for a run that signs in, and this one does not")]
    NoSignInHere,
    #[error("standard input cannot hold both a schedule and what is pasted to sign in")]
    InputTaken,
    #[error("not finished within {}, so it was ended", ways_out::spoken(*.0))]
    OutOfTime(Duration),
    #[error("interrupted")]
    Interrupted,
    #[error("interrupted")]
    SignInInterrupted,
    #[error("interrupted")]
    InterruptedAfterSignIn,
}

impl Failure {
    /// What a script should make of it: subject by subject, and every failure by its name, so that
    /// none gets a code that nobody gave it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Vault(error) => of_vault(error),
            Self::Keys(error) => of_key_store(error),
            Self::Database(error) => of_database(error),
            Self::Http(error) | Self::GivenHttp(error) => of_http(error),
            Self::Registration(error) => of_registration(error),
            Self::Token(error) => of_token(error),
            Self::Todoist(error) => of_todoist(error),
            Self::Apply(error) => of_apply(error),

            Self::Setting(_) | Self::ConfigFile { .. } | Self::Config(_) => Exit::Usage,
            Self::NoTeam | Self::Team(_) | Self::NoSeason { .. } | Self::NoFile(_) => Exit::Usage,
            Self::Format { .. } | Self::Home(_) | Self::Project(_) => Exit::Usage,
            Self::Unconfirmed | Self::InputTaken | Self::NotForAll { .. } => Exit::Usage,
            Self::TokenFromOutside | Self::GivenToken { .. } => Exit::Usage,
            Self::OwnClientRefused { .. } | Self::PortWithoutClient => Exit::Usage,
            Self::SignInForgotten | Self::NoSignInHere | Self::ForgetfulStore => Exit::Usage,
            Self::SpeltOtherwise { .. } => Exit::Usage,

            Self::NotSignedIn(_) | Self::OthersSignedIn { .. } => Exit::SignIn,
            Self::NobodySignedIn | Self::TableOfNobody { .. } => Exit::SignIn,
            Self::NothingKept | Self::Expired(_) | Self::KeyElsewhere(_) => Exit::SignIn,
            Self::KeyInOtherStore { .. } => Exit::SignIn,
            Self::GrantEnded(_) | Self::GrantLost(_) => Exit::SignIn,
            Self::GrantOfOtherClient(_) | Self::OtherOrigin { .. } => Exit::SignIn,
            Self::TokenRefused(_) | Self::MayNotDelete { .. } | Self::NobodyCame(_) => Exit::SignIn,
            Self::Authorization(AuthorizationError::Denied) => Exit::SignIn,

            Self::RenewalUnanswered(_) | Self::RenewalUnderWay => Exit::Temporary,
            // Of the errors that are not the server's own, these two pass (RFC 9110, 6585).
            Self::GivenAnswer { status: 408 | 429 | 500.., .. } => Exit::Temporary,
            Self::GivenAnswer { .. } | Self::GivenFile(_) => Exit::Usage,
            Self::NextSession(_) | Self::Feed(_) | Self::OutOfTime(_) => Exit::Temporary,

            Self::Authorization(AuthorizationError::Refused(_)) | Self::NoPort(_) => Exit::Failed,
            Self::NothingToStaySignedIn | Self::NotRevoked(_) | Self::Plan(_) => Exit::Failed,
            Self::Schedule(_) | Self::Given { .. } | Self::Files(_) => Exit::Failed,
            Self::Declined | Self::ChangedMeanwhile | Self::Demo(_) => Exit::Failed,
            Self::Entropy(_) | Self::System { .. } | Self::Output(_) => Exit::Failed,

            Self::Interrupted | Self::SignInInterrupted => Exit::Interrupted,
            Self::InterruptedAfterSignIn => Exit::Interrupted,
        }
    }
}

impl Failure {
    /// Whether the sign-in is over for good, so that nothing of it is to be left.
    pub(super) fn ends_sign_in(&self) -> bool {
        matches!(
            self,
            Self::GrantEnded(_) | Self::GrantLost(_) | Self::Token(TokenError::UnknownClient)
        )
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::File(error) => Self::Files(error),
            StoreError::Database(error) => Self::Database(error),
        }
    }
}
