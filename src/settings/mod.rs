//! What a person chose: flag, then environment, then `config.toml`, then default. In the file a
//! profile's own table comes before what holds for every profile.

pub mod choice;
pub mod config_file;
pub mod database_address;
pub mod edit;
mod edit_check;
pub mod environment;
pub mod file_fault;
pub mod key;
pub mod stores;
pub mod value;
mod way_here;

use crate::model::{AccessToken, ClientSecret, Origin, Profile, SecureUrl, selection};
use crate::private_files::SecretFile;

pub use choice::{Choice, Choices, Source, Spot};
pub use config_file::ConfigFile;
pub use database_address::{DatabaseAddress, DatabaseKind, Encryption, Password};
pub use environment::{Environment, Flags, Screen};
pub use file_fault::FileFault;
pub use key::{Key, Kind, UnknownKey};
pub use stores::{KeyFileSetting, KeyStoreChoice, KeyStoreSetting, SessionStoreChoice};
pub use value::Value;

/// The longest settings file, in bytes: more than a thousand profiles with a table each take.
pub const LONGEST_FILE: u64 = 1024 * 1024;

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

/// Every setting, resolved.
#[derive(Debug)]
pub struct Settings {
    /// Whose session.
    pub profile: Profile,
    /// The names of the teams of a command line that names none.
    pub teams: Vec<String>,
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
    /// What to write behind `ssh` to come here again, if somebody came by SSH.
    pub way_here: Option<String>,
    /// What was chosen, cannot be used, and is not needed by this run.
    pub passed_over: Vec<InvalidSetting>,
    /// What was chosen and where, also for what is read further up: the defaults of imports and
    /// listings, and how results are printed. Secrets are not in it any more.
    pub choices: Choices,
}

/// A setting that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
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
    /// A value that was chosen outside the command line, and that its setting does not take.
    #[error("{} cannot be {value:?}: {why}", at.names(*key))]
    Chosen {
        /// The setting.
        key: Key,
        /// Where it was chosen.
        at: Source,
        /// What may be shown of its value.
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

impl InvalidSetting {
    /// Whether it is what was chosen for `key` at `source`.
    fn is_of(&self, key: Key, source: &Source) -> bool {
        matches!(self, Self::Chosen { key: other, at, .. } if *other == key && at == source)
    }
}

impl Settings {
    /// Lets the strongest source win for each setting, of the profile that `flags` name, or else
    /// of the one that the environment or the file names.
    ///
    /// # Errors
    /// [`InvalidSetting`], naming the source that was wrong.
    pub fn resolve(
        flags: &Flags,
        env: &Environment,
        config: &ConfigFile,
    ) -> Result<Self, InvalidSetting> {
        Self::resolve_without((flags, env, config), Vec::new())
    }

    /// The same as if nobody had chosen what is to be passed over.
    ///
    /// # Errors
    /// [`InvalidSetting`], naming another source that was wrong.
    pub fn resolve_without(
        (flags, env, config): (&Flags, &Environment, &ConfigFile),
        passed_over: Vec<InvalidSetting>,
    ) -> Result<Self, InvalidSetting> {
        let spoken = (flags, env, config);
        // No profile's table names another one, so that whatever is asked first is not needed.
        let whose = Choices::of(spoken, &Profile::default(), &passed_over);
        let profile = whose.parsed(Key::Profile, str::parse::<Profile>)?.unwrap_or_default();
        let choices = Choices::of(spoken, &profile, &passed_over);
        let credentials = env.credentials.as_deref();
        let file = |path: &Option<_>| path.clone().map(|it| SecretFile::new(it, credentials));
        let password_file = file(&env.session_store_password_file);
        let key_store = choices.parsed(Key::KeyStore, str::parse)?.unwrap_or_default();
        let key_file = KeyFileSetting::chosen(&choices, env.credential_key.as_deref(), credentials);
        let own_client = own_client(flags, env, config, &profile)?;
        Ok(Self {
            teams: teams(&choices)?,
            credential: credential(env.token.as_ref(), file(&env.token_file))?,
            session_store: SessionStoreChoice::chosen(&choices, password_file)?,
            key_store: KeyStoreSetting::of(key_store, key_file)?,
            unclaimed_secret: env.chosen.contains_key(&Key::ClientSecret) && own_client.is_none(),
            own_client,
            api: address(&choices, Key::ApiUrl)?,
            auth: address(&choices, Key::AuthUrl)?,
            schedule_url: address(&choices, Key::ScheduleUrl)?,
            browser: env.browser.clone(),
            screen: env.screen,
            way_here: env.way_here.clone(),
            passed_over,
            choices: choices.without_secrets(),
            profile,
        })
    }
}

/// The address that was chosen, or else the default one.
fn address<T: std::str::FromStr<Err: ToString>>(
    choices: &Choices,
    key: Key,
) -> Result<T, InvalidSetting> {
    match choices.parsed(key, str::parse::<T>)? {
        Some(address) => Ok(address),
        None => {
            let default = key.default_value().unwrap_or_default();
            default.parse().map_err(|why: T::Err| choices.refused(key, &why.to_string()))
        }
    }
}

/// The teams that were chosen, each a name that is somebody's.
fn teams(choices: &Choices) -> Result<Vec<String>, InvalidSetting> {
    choices.parsed_list(Key::Team, |name| {
        let name = name.to_owned();
        selection::teams(std::slice::from_ref(&name), None, None).map(|_| name)
    })
}

fn credential(
    token: Option<&AccessToken>,
    file: Option<SecretFile>,
) -> Result<Credential, InvalidSetting> {
    match (token, file) {
        (Some(_), Some(_)) => Err(InvalidSetting::TwoTokens),
        (Some(token), None) => Ok(Credential::Token(AccessToken::new(token.expose().to_owned()))),
        (None, Some(file)) => Ok(Credential::TokenFile(file)),
        (None, None) => Ok(Credential::Session),
    }
}

/// A client's id and secret in one place.
type Pair<'a> = (Option<&'a str>, Option<&'a str>);

/// The client of the strongest source that names one. A secret from the environment fits a
/// client from the command line or the file, where it is better not kept, unless the environment
/// names a client itself; a secret from the file fits only the client beside it: so no secret is
/// ever sent with another's id.
fn own_client(
    flags: &Flags,
    env: &Environment,
    config: &ConfigFile,
    profile: &Profile,
) -> Result<Option<OwnClient>, InvalidSetting> {
    let text = |value: Option<&'_ Value>| value.map(|it| it.one().to_owned());
    let flag = text(flags.chosen.get(&Key::ClientId));
    let env_id = text(env.chosen.get(&Key::ClientId));
    let env_secret = text(env.chosen.get(&Key::ClientSecret)).map(ClientSecret::new);
    let (file_id, file_secret) = client_of_file(config, profile);
    let Some(id) = flag.or_else(|| env_id.clone()).or_else(|| file_id.map(str::to_owned)) else {
        let unclaimed = file_secret.is_some();
        return if unclaimed { Err(InvalidSetting::SecretWithoutClient) } else { Ok(None) };
    };
    let from_env = env_secret.filter(|_| env_id.is_none_or(|named| named == id));
    let from_file = file_secret.filter(|_| file_id.is_some_and(|named| named == id));
    let from_file = from_file.map(|secret| ClientSecret::new(secret.to_owned()));
    Ok(Some(OwnClient { id, secret: from_env.or(from_file) }))
}

/// The client of the profile's table, if it names one or its secret, or else of all profiles.
fn client_of_file<'a>(config: &'a ConfigFile, profile: &Profile) -> Pair<'a> {
    let pair = |entries: &'a config_file::Entries| {
        let text = |key| entries.get(&key).map(|entry| entry.value.one());
        (text(Key::ClientId), text(Key::ClientSecret))
    };
    match config.of(profile).map(pair) {
        Some(own) if own != (None, None) => own,
        _ => pair(config.common()),
    }
}

#[cfg(test)]
mod tests;
