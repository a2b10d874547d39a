//! Reads what the person chose, wherever they chose it.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use directories::BaseDirs;
use zeroize::Zeroizing;

use crate::cli::args::{Args, Command, Deadline, Format, When, deadline};
use crate::cli::defaults::Defaults;
use crate::cli::unneeded::does_without;
use crate::commands::Failure;
use crate::model::Profile;
use crate::paths::Paths;
use crate::private_files::{read_private, read_regular};
use crate::settings::{
    ConfigFile, Environment, Flags, InvalidSetting, Key, KeyStoreChoice, LONGEST_FILE, Settings,
    Source, Value,
};

/// What a key file is called among the credentials of a service (systemd.exec(5)).
const CREDENTIAL: &str = "nbatodo-key";

/// The settings for one command line, without those that are wrong and that its command does
/// without.
///
/// # Errors
/// [`Failure`] with exit code 2, naming the source that is wrong.
pub(super) fn of_this_run(args: &Args, environment: &Environment) -> Result<Settings, Failure> {
    let config = file(args, environment, &Paths::of_platform()?)?;
    resolved((&flags(args), environment, &config), &args.command)
}

/// What flags, environment and file say, without what is wrong and `command` does without.
fn resolved(
    spoken: (&Flags, &Environment, &ConfigFile),
    command: &Command,
) -> Result<Settings, Failure> {
    let mut passed_over = Vec::new();
    loop {
        let settings = Settings::resolve_without(spoken, passed_over.clone());
        match settings.and_then(|it| validate(&it).map(|()| it)) {
            Ok(settings) => return Ok(settings),
            Err(mistake) if does_without(command, &mistake) => passed_over.push(mistake),
            Err(mistake) => return Err(mistake.into()),
        }
    }
}

/// What was chosen beside the command line, for whatever profile.
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
        Ok(Self { environment, config })
    }

    /// The settings for `profile`, whichever the command line names.
    ///
    /// # Errors
    /// As [`of_this_run`].
    pub(super) fn settings_of(&self, profile: &Profile, args: &Args) -> Result<Settings, Failure> {
        let flags = flags(args).with(Key::Profile, Some(profile.as_str()));
        resolved((&flags, &self.environment, &self.config), &args.command)
    }

    /// The profiles that have a table in the settings file, each with what stands in it.
    pub(super) fn tables(&self) -> Vec<(Profile, Vec<Key>)> {
        let profiles = self.config.profiles();
        profiles.map(|profile| (profile.clone(), self.config.keys_of(profile))).collect()
    }
}

/// What only some commands heed is no better than the rest of the settings.
pub(super) fn validate(settings: &Settings) -> Result<(), InvalidSetting> {
    Defaults::of(settings)?;
    Look::of(settings).map(drop)
}

/// Whether `key` can be set to `value`, alone: what it needs beside it may come later.
///
/// # Errors
/// [`InvalidSetting::Value`].
pub(super) fn check(key: Key, value: &Value) -> Result<(), InvalidSetting> {
    let alone = Environment::only(key, value.clone());
    let checked = Settings::resolve(&Flags::default(), &alone, &ConfigFile::default());
    match checked.and_then(|settings| validate(&settings)) {
        Err(InvalidSetting::Chosen { key, value, why, .. }) => {
            Err(InvalidSetting::Value { name: key.name(), value, why })
        }
        _ => Ok(()),
    }
}

/// How every command prints, and how long it may take.
struct Look {
    format: Option<Format>,
    color: Option<When>,
    plain: bool,
    deadline: Option<Deadline>,
}

impl Look {
    fn of(settings: &Settings) -> Result<Self, InvalidSetting> {
        let format = |text: &str| match text {
            "human" => Ok(Format::Human),
            "json" => Ok(Format::Json),
            _ => Err("it is human or json"),
        };
        let color = |text: &str| When::from_str(text, false).map_err(|_| WHEN);
        Ok(Self {
            format: settings.choices.parsed(Key::Format, format)?,
            color: settings.choices.parsed(Key::Color, color)?,
            plain: settings.choices.is_on(Key::Plain)?,
            deadline: settings.choices.parsed(Key::Deadline, deadline)?,
        })
    }
}

const WHEN: &str = "it is auto, always or never";

/// Lets the settings say how the run prints and how long it may take, where the command line
/// does not. What a command prints for other programs, such as completions and manual pages,
/// stays what it is.
/// `no_color` says that `NO_COLOR` is set, which is stronger than the file.
pub(super) fn look(args: &mut Args, settings: Option<&Settings>, no_color: bool) {
    let is_other = matches!(
        args.command,
        Command::Completions(_) | Command::Man(_) | Command::Sandbox(_) | Command::Demo(_)
    );
    let Some(settings) = settings.filter(|_| !is_other) else { return };
    // Settings that are taken have been validated.
    let Ok(Look { format, color, plain, deadline }) = Look::of(settings) else { return };
    let global = &mut args.global;
    let of_file = settings.choices.rank(Key::Color) < Source::Variable.rank();
    if let (Some(format), false) = (format, global.typed.format) {
        global.format = format;
    }
    if let (Some(color), false) = (color, global.typed.color || (no_color && of_file)) {
        global.color = color;
    }
    if !global.typed.plain {
        global.plain = plain;
    }
    if let (Some(deadline), false) = (deadline, global.typed.deadline) {
        global.deadline = deadline;
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
    let typed = |is_typed: bool, name: Option<String>| name.filter(|_| is_typed);
    let format = global.format.to_possible_value().map(|it| it.get_name().to_owned());
    let color = global.color.to_possible_value().map(|it| it.get_name().to_owned());
    Flags::default()
        .with(Key::Color, typed(global.typed.color, color))
        .with(Key::Plain, typed(global.typed.plain, Some(global.plain.to_string())))
        // The settings know no table and no calendar.
        .with(Key::Format, typed(global.typed.format && is_setting(global.format), format))
        .with(Key::Deadline, typed(global.typed.deadline, Some(global.deadline.to_string())))
        .with(Key::Profile, global.profile.as_ref().map(Profile::as_str))
        .with(Key::ClientId, client_id)
        .with(Key::SessionStore, global.session_store.clone())
        .with(Key::KeyStore, global.key_store.map(KeyStoreChoice::name))
}

fn is_setting(format: Format) -> bool {
    matches!(format, Format::Human | Format::Json)
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
    let bytes = match read_regular(path, LONGEST_FILE) {
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
        read_private(path, LONGEST_FILE)
            .map(|it| it.map(Zeroizing::new))
            .map_err(|error| faulty(error.to_string()))?;
    }
    let config = config.at(path);
    Ok(Some(match BaseDirs::new() {
        Some(dirs) => config.with_home(dirs.home_dir()),
        None => config,
    }))
}
