//! What a person chose: flag, then environment, then `config.toml`, then default.

pub mod database_address;
mod sources;
pub mod stores;

use std::path::PathBuf;

use serde::{Deserialize, Deserializer};

use crate::looks::Surroundings;
use crate::model::{AccessToken, ClientSecret, Origin, Profile, SecureUrl};
use crate::private_files::SecretFile;

use database_address::holds_password;
pub use database_address::{DatabaseAddress, DatabaseKind, Encryption, Password};
use sources::Sources;
pub use stores::{KeyFileSetting, KeyStoreChoice, KeyStoreSetting, SessionStoreChoice};

/// Todoist's API, with the token, registration and revocation endpoints of its OAuth.
const TODOIST_API: &str = "https://api.todoist.com";
/// Where Todoist asks a person for consent.
const TODOIST_AUTH: &str = "https://app.todoist.com";
/// The league's schedule of the current season.
const LEAGUE_FEED: &str = "https://cdn.nba.com/static/json/staticData/scheduleLeagueV2.json";

/// The names of the variables that hold secrets, which no child process may inherit.
pub const SECRET_VARIABLES: [&str; 3] =
    ["NBATODO_TOKEN", "NBATODO_CLIENT_SECRET", "NBATODO_SESSION_STORE"];

/// Where the access token comes from.
#[derive(Debug)]
pub enum Credential {
    /// The profile's sealed session.
    Session,
    /// `NBATODO_TOKEN`.
    Token(AccessToken),
    /// `NBATODO_TOKEN_FILE`.
    TokenFile(SecretFile),
}

/// An OAuth client that the person registered with Todoist.
#[derive(Debug)]
pub struct OwnClient {
    /// Its `client_id`.
    pub id: String,
    /// Its secret; a public client has none, and cannot revoke.
    pub secret: Option<ClientSecret>,
}

/// Where the consent page can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// In front of this machine.
    Here,
    /// In front of another one, from which somebody came by SSH.
    Elsewhere,
    /// Nobody knows: this machine has none.
    Nowhere,
}

/// Every setting, resolved.
#[derive(Debug)]
pub struct Settings {
    /// Whose session.
    pub profile: Profile,
    /// The team, or several with commas between, to import when no flag names one.
    pub team: Option<String>,
    /// Where the access token comes from.
    pub credential: Credential,
    /// Where sealed sessions lie.
    pub session_store: SessionStoreChoice,
    /// Where session keys and standing grants lie.
    pub key_store: KeyStoreSetting,
    /// The person's own OAuth client.
    pub own_client: Option<OwnClient>,
    /// Whether `NBATODO_CLIENT_SECRET` is set and no client named: a mistake in a sign-in, and
    /// left over from one in any other run.
    pub unclaimed_secret: bool,
    /// The API, and the OAuth endpoints that are not for a browser.
    pub api: Origin,
    /// The OAuth page for the browser.
    pub auth: Origin,
    /// The league's feed.
    pub schedule_url: SecureUrl,
    /// The command that opens a page, instead of the platform's.
    pub browser: Option<String>,
    /// Where a browser of the platform's choice would appear.
    pub screen: Screen,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSetting {
    /// A value that its setting does not take.
    #[error("{name} cannot be {value:?}: {why}")]
    Value {
        /// The setting, as the person wrote it.
        name: &'static str,
        /// Its value; only settings that are no secrets get here.
        value: String,
        /// What is wrong with it.
        why: String,
    },
    /// Two sources of a token at once.
    #[error("NBATODO_TOKEN and NBATODO_TOKEN_FILE are both set: keep one")]
    TwoTokens,
    /// A key file without its name.
    #[error("the key store is to be a key file, and none is named")]
    NoKeyFile,
    /// Two sources of a database's password at once.
    #[error(
        "the session store has a password, and NBATODO_SESSION_STORE_PASSWORD_FILE names another: \
         keep one"
    )]
    TwoPasswords,
    /// A secret without its client.
    #[error(
        "a client secret is set without a client id: set NBATODO_CLIENT_ID, or use --client-id"
    )]
    SecretWithoutClient,
}

/// What the command line says about settings; each is `None` where it is silent.
#[derive(Debug, Default)]
pub struct Flags {
    /// `--profile`
    pub profile: Option<Profile>,
    /// `--client-id`
    pub client_id: Option<String>,
    /// `--session-store`
    pub session_store: Option<String>,
    /// `--key-store`
    pub key_store: Option<KeyStoreChoice>,
}

/// The environment variables that are settings. Read once, in `main`.
#[derive(Debug, Default)]
#[allow(missing_docs)] // Each is named after its variable.
pub struct Environment {
    pub profile: Option<String>,
    pub team: Option<String>,
    pub config: Option<PathBuf>,
    pub token: Option<AccessToken>,
    pub token_file: Option<PathBuf>,
    pub session_store: Option<String>,
    pub session_store_password_file: Option<PathBuf>,
    pub key_store: Option<String>,
    pub key_file: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY`, where systemd puts what it hands over.
    pub credentials: Option<PathBuf>,
    /// The key file among them, if it is there; filled in by who can look.
    pub credential_key: Option<PathBuf>,
    pub client_id: Option<String>,
    pub client_secret: Option<ClientSecret>,
    pub api_url: Option<String>,
    pub auth_url: Option<String>,
    pub schedule_url: Option<String>,
    pub browser: Option<String>,
    /// What it says about how to look.
    pub surroundings: Surroundings,
    pub screen: Screen,
}

impl Default for Screen {
    /// What a machine is taken for that tells nothing.
    fn default() -> Self {
        Self::Nowhere
    }
}

impl Environment {
    /// Takes the settings out of the process's variables. An empty variable counts as unset,
    /// as it does to a shell script.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self {
            profile: set("NBATODO_PROFILE"),
            team: set("NBATODO_TEAM"),
            config: set("NBATODO_CONFIG").map(PathBuf::from),
            token: set("NBATODO_TOKEN").map(AccessToken::new),
            token_file: set("NBATODO_TOKEN_FILE").map(PathBuf::from),
            session_store: set("NBATODO_SESSION_STORE"),
            session_store_password_file: set("NBATODO_SESSION_STORE_PASSWORD_FILE")
                .map(PathBuf::from),
            key_store: set("NBATODO_KEY_STORE"),
            key_file: set("NBATODO_KEY_FILE").map(PathBuf::from),
            credentials: set("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            credential_key: None,
            client_id: set("NBATODO_CLIENT_ID"),
            client_secret: set("NBATODO_CLIENT_SECRET").map(ClientSecret::new),
            api_url: set("NBATODO_API_URL"),
            auth_url: set("NBATODO_AUTH_URL"),
            schedule_url: set("NBATODO_SCHEDULE_URL"),
            browser: set("BROWSER"),
            surroundings: Surroundings::read(&variable),
            screen: screen(|name| set(name).is_some()),
        }
    }
}

/// Where the person sees what a program opens. Only on Linux and its kin does a machine say
/// whether it has a screen; WSL shows what is opened in Windows.
fn screen(is_set: impl Fn(&str) -> bool) -> Screen {
    let shows = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];
    if is_set("SSH_CONNECTION") || is_set("SSH_TTY") {
        Screen::Elsewhere
    } else if cfg!(any(windows, target_os = "macos")) || shows.iter().any(|name| is_set(name)) {
        Screen::Here
    } else {
        Screen::Nowhere
    }
}

/// The contents of `config.toml`. An unknown key is an error: a typo must not pass for a
/// setting.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each is named after its environment variable.
pub struct ConfigFile {
    pub profile: Option<String>,
    pub team: Option<String>,
    pub session_store: Option<String>,
    pub key_store: Option<String>,
    pub key_file: Option<PathBuf>,
    pub client_id: Option<String>,
    #[serde(default, deserialize_with = "client_secret")]
    client_secret: Option<ClientSecret>,
    pub api_url: Option<String>,
    pub auth_url: Option<String>,
    pub schedule_url: Option<String>,
}

impl ConfigFile {
    /// Reads TOML.
    ///
    /// # Errors
    /// What is wrong, in one line, without quoting the text: a secret may stand in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            format!("line {line}: {}", without_values(error.message()))
        })
    }

    /// The same without the setting `key`.
    pub fn without(mut self, key: &str) -> Self {
        match key {
            "profile" => self.profile = None,
            "team" => self.team = None,
            "session_store" => self.session_store = None,
            "key_store" => self.key_store = None,
            "key_file" => self.key_file = None,
            "client_id" => self.client_id = None,
            "client_secret" => self.client_secret = None,
            "api_url" => self.api_url = None,
            "auth_url" => self.auth_url = None,
            "schedule_url" => self.schedule_url = None,
            _ => {}
        }
        self
    }

    /// Whether a secret stands in it, so that the file has to be closed to others.
    pub fn holds_secret(&self) -> bool {
        let in_address = self.session_store.as_deref().is_some_and(holds_password);
        self.client_secret.is_some() || in_address
    }
}

/// Into a type that is wiped, whatever becomes of the file.
fn client_secret<'de, D: Deserializer<'de>>(text: D) -> Result<Option<ClientSecret>, D::Error> {
    String::deserialize(text).map(|text| Some(ClientSecret::new(text)))
}

/// The first line of what the parser says, unless it quotes a value.
fn without_values(message: &str) -> &str {
    let first = message.lines().next().unwrap_or("not TOML");
    if first.starts_with("invalid") { "a value of the wrong kind" } else { first }
}

impl Settings {
    /// Lets the strongest source win for each setting.
    ///
    /// # Errors
    /// [`InvalidSetting`], naming the source that was wrong.
    pub fn resolve(
        flags: Flags,
        env: Environment,
        config: ConfigFile,
    ) -> Result<Self, InvalidSetting> {
        let profile = match flags.profile {
            Some(profile) => profile,
            None => Sources::new("NBATODO_PROFILE", env.profile, "profile", config.profile)
                .strongest(Profile::default().as_str())?,
        };
        let credentials = env.credentials.as_deref();
        let session_store = SessionStoreChoice::strongest(
            flags.session_store,
            env.session_store,
            config.session_store,
            env.session_store_password_file.map(|path| SecretFile::new(path, credentials)),
        )?;
        let key_store = match flags.key_store {
            Some(choice) => choice,
            None => Sources::new("NBATODO_KEY_STORE", env.key_store, "key_store", config.key_store)
                .strongest("auto")?,
        };
        let key_file = KeyFileSetting::strongest(
            (env.key_file, config.key_file, env.credential_key),
            credentials,
        );
        let token_file = env.token_file.map(|path| SecretFile::new(path, credentials));
        let secret_from_env = env.client_secret.is_some();
        let own_client = own_client(
            flags.client_id,
            (env.client_id, env.client_secret),
            (config.client_id, config.client_secret),
        )?;
        Ok(Self {
            profile,
            team: env.team.or(config.team),
            credential: credential(env.token, token_file)?,
            session_store,
            key_store: KeyStoreSetting::of(key_store, key_file)?,
            unclaimed_secret: secret_from_env && own_client.is_none(),
            own_client,
            api: Sources::new("NBATODO_API_URL", env.api_url, "api_url", config.api_url)
                .strongest(TODOIST_API)?,
            auth: Sources::new("NBATODO_AUTH_URL", env.auth_url, "auth_url", config.auth_url)
                .strongest(TODOIST_AUTH)?,
            schedule_url: Sources::new(
                "NBATODO_SCHEDULE_URL",
                env.schedule_url,
                "schedule_url",
                config.schedule_url,
            )
            .strongest(LEAGUE_FEED)?,
            browser: env.browser,
            screen: env.screen,
        })
    }
}

fn credential(
    token: Option<AccessToken>,
    file: Option<SecretFile>,
) -> Result<Credential, InvalidSetting> {
    match (token, file) {
        (Some(_), Some(_)) => Err(InvalidSetting::TwoTokens),
        (Some(token), None) => Ok(Credential::Token(token)),
        (None, Some(file)) => Ok(Credential::TokenFile(file)),
        (None, None) => Ok(Credential::Session),
    }
}

/// The client of the strongest source that names one. A secret from the environment fits a
/// client from the command line or the file, where it is better not kept, unless the environment
/// names a client itself; a secret from the file fits only the client beside it: so no secret is
/// ever sent with another's id.
fn own_client(
    flag: Option<String>,
    (env_id, env_secret): (Option<String>, Option<ClientSecret>),
    (file_id, file_secret): (Option<String>, Option<ClientSecret>),
) -> Result<Option<OwnClient>, InvalidSetting> {
    let Some(id) = flag.or_else(|| env_id.clone()).or_else(|| file_id.clone()) else {
        let unclaimed = file_secret.is_some();
        return if unclaimed { Err(InvalidSetting::SecretWithoutClient) } else { Ok(None) };
    };
    let from_env = env_secret.filter(|_| env_id.is_none_or(|named| named == id));
    let from_file = file_secret.filter(|_| file_id.is_some_and(|named| named == id));
    Ok(Some(OwnClient { id, secret: from_env.or(from_file) }))
}

#[cfg(test)]
mod tests;
