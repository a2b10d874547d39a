//! Reads what the person chose, wherever they chose it.

use std::path::{Path, PathBuf};

use directories::BaseDirs;
use zeroize::Zeroizing;

use crate::cli::args::{Args, Command};
use crate::cli::defaults::Defaults;
use crate::commands::Failure;
use crate::model::Profile;
use crate::paths::Paths;
use crate::private_files::{read_private, read_regular};
use crate::settings::{ConfigFile, Environment, Flags, Key, KeyStoreChoice, Settings};

/// More than any settings file has: a thousand profiles with a table each, and room.
const LONGEST: u64 = 1024 * 1024;

/// What a key file is called among the credentials of a service (systemd.exec(5)).
const CREDENTIAL: &str = "nbatodo-key";

/// All that was chosen, for whatever profile.
pub(super) struct Chosen {
    environment: Environment,
    config: ConfigFile,
}

impl Chosen {
    /// What the environment and the settings file say beside the command line `args`.
    ///
    /// # Errors
    /// [`Failure::ConfigFile`].
    pub(super) fn read(
        args: &Args,
        environment: Environment,
        paths: &Paths,
    ) -> Result<Self, Failure> {
        let config = file(args, &environment, paths)?;
        Ok(Self { environment: with_credential(environment), config })
    }

    /// The settings for one command line.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2, naming the source that is wrong.
    pub(super) fn settings(&self, args: &Args) -> Result<Settings, Failure> {
        self.resolved(&flags(args))
    }

    /// The same for `profile`, whichever the command line names.
    ///
    /// # Errors
    /// As [`Chosen::settings`].
    pub(super) fn settings_of(&self, profile: &Profile, args: &Args) -> Result<Settings, Failure> {
        self.resolved(&flags(args).with(Key::Profile, Some(profile.as_str())))
    }

    /// The profiles that have a table in the settings file.
    pub(super) fn profiles(&self) -> Vec<Profile> {
        self.config.profiles().cloned().collect()
    }

    fn resolved(&self, flags: &Flags) -> Result<Settings, Failure> {
        let settings = Settings::resolve(flags, &self.environment, &self.config)?;
        // What only some commands heed is no better than the rest of the settings.
        Defaults::of(&settings)?;
        Ok(settings)
    }
}

/// What the settings file holds; nothing where there is none, and none was named.
///
/// # Errors
/// [`Failure::ConfigFile`].
pub(super) fn file(
    args: &Args,
    environment: &Environment,
    paths: &Paths,
) -> Result<ConfigFile, Failure> {
    match named(args, environment) {
        Some(path) => read(&path)?.ok_or_else(|| missing(path)),
        None => Ok(read(&paths.config_file())?.unwrap_or_default()),
    }
}

/// What the environment says, with the key file among the credentials of a service, if there is
/// one.
pub(super) fn with_credential(mut environment: Environment) -> Environment {
    let credential = environment.credentials.as_ref().map(|folder| folder.join(CREDENTIAL));
    environment.credential_key = credential.filter(|path| path.exists());
    environment
}

/// The settings file that the person names.
pub(super) fn named(args: &Args, environment: &Environment) -> Option<PathBuf> {
    args.global.config.clone().or_else(|| environment.config.clone())
}

/// What the command line says about settings.
pub(super) fn flags(args: &Args) -> Flags {
    let global = &args.global;
    let client_id = match &args.command {
        Command::Login(login) => login.client_id.clone(),
        _ => None,
    };
    Flags::default()
        .with(Key::Profile, global.profile.as_ref().map(Profile::as_str))
        .with(Key::ClientId, client_id)
        .with(Key::SessionStore, global.session_store.clone())
        .with(Key::KeyStore, global.key_store.map(KeyStoreChoice::name))
}

/// The complaint about a file that the person names and that is not there.
pub(super) fn missing(path: PathBuf) -> Failure {
    let why = "there is no such settings file".to_owned();
    Failure::ConfigFile { path, why, repair: None }
}

/// Reads the settings file at `path`, if it is there.
///
/// # Errors
/// [`Failure::ConfigFile`].
pub(super) fn read(path: &Path) -> Result<Option<ConfigFile>, Failure> {
    let faulty = |why: String| Failure::ConfigFile { path: path.to_owned(), why, repair: None };
    let bytes = match read_regular(path, LONGEST) {
        Ok(Some(bytes)) => Zeroizing::new(bytes),
        Ok(None) => return Ok(None),
        Err(error) => return Err(faulty(error.to_string())),
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| faulty("not UTF-8".to_owned()))?;
    let config = ConfigFile::parse(text).map_err(|fault| Failure::ConfigFile {
        path: path.to_owned(),
        why: fault.to_string(),
        repair: fault.repair,
    })?;
    if config.holds_secret() {
        // With a secret in it, it has to be as closed as every other file that holds one.
        read_private(path, LONGEST)
            .map(|it| it.map(Zeroizing::new))
            .map_err(|error| faulty(error.to_string()))?;
    }
    let config = config.at(path);
    Ok(Some(match BaseDirs::new() {
        Some(dirs) => config.from_home(dirs.home_dir()),
        None => config,
    }))
}
