//! What `nbatodo doctor` examines. Other commands end at the first setting that is wrong; here
//! it is set aside, and the rest is looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use directories::BaseDirs;

use crate::cli::args::Args;
use crate::cli::terminal::Terminal;
use crate::cli::{configuration, variable, wiring};
use crate::clock::SystemClock;
use crate::commands::doctor::{Addresses, Scene, SettingsFile};
use crate::commands::{Failure, Interrupts, Times};
use crate::model::TimeStyle;
use crate::paths::Paths;
use crate::settings::{ConfigFile, Environment, Flags, InvalidSetting, Settings};

/// The scene that `args` and the process's environment make.
///
/// # Errors
/// [`Failure`] if not even the defaults are settings.
pub(super) fn scene(
    args: &Args,
    terminal: Terminal,
    interrupts: Arc<Interrupts>,
) -> Result<Scene, Failure> {
    let paths = Paths::of_platform();
    let settings_file = settings_file(args, paths.as_ref().ok());
    let (settings, passed_over) = settle(args, &settings_file)?;
    let addresses = Addresses {
        api: settings.api.clone(),
        auth: settings.auth.clone(),
        feed: settings.schedule_url.clone(),
    };
    let config = config(&settings_file);
    Ok(Scene {
        passed_over,
        unclaimed_secret: settings.unclaimed_secret,
        session_store_by: chosen_by(
            [("--session-store", args.global.session_store.is_some())],
            ["NBATODO_SESSION_STORE"],
            [("session_store in the settings file", config.session_store.is_some())],
        ),
        key_store_by: chosen_by(
            [("--key-store", args.global.key_store.is_some())],
            ["NBATODO_KEY_STORE", "NBATODO_KEY_FILE"],
            [
                ("key_store in the settings file", config.key_store.is_some()),
                ("key_file in the settings file", config.key_file.is_some()),
            ],
        ),
        settings_file,
        addresses,
        browser: settings.browser.clone(),
        screen: settings.screen,
        at_home: paths.map_err(Failure::from).map(|paths| {
            let surroundings = Environment::read(variable).surroundings;
            let times = Times::usual(TimeStyle::of_locale(surroundings.locale.as_deref()));
            wiring::context(settings, paths, terminal, interrupts, times)
        }),
        variable: Box::new(variable),
        clock: Arc::new(SystemClock),
        home: BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
    })
}

fn settings_file(args: &Args, paths: Option<&Paths>) -> SettingsFile {
    let named = configuration::named(args, &Environment::read(variable));
    let is_named = named.is_some();
    let path = named.or_else(|| paths.map(Paths::config_file));
    let read = match &path {
        Some(path) => configuration::read(path).map(|config| config.is_some()),
        None => Ok(false),
    };
    let read = match (read, &path) {
        (Ok(false), Some(path)) if is_named => Err(configuration::missing(path.clone())),
        (read, _) => read,
    };
    SettingsFile { path, read }
}

/// What stands in the settings file, where it can be read.
fn config(file: &SettingsFile) -> ConfigFile {
    let path = file.path.as_ref().filter(|_| file.read.is_ok());
    path.and_then(|path| configuration::read(path).ok().flatten()).unwrap_or_default()
}

/// The settings without those that are wrong, and what is wrong with each.
fn settle(
    args: &Args,
    file: &SettingsFile,
) -> Result<(Settings, Vec<InvalidSetting>), InvalidSetting> {
    let mut doubted: BTreeSet<&str> = BTreeSet::new();
    let mut passed_over = Vec::new();
    loop {
        let environment =
            Environment::read(|name| variable(name).filter(|_| !doubted.contains(name)));
        let environment = configuration::with_credential(environment);
        let config = doubted.iter().fold(config(file), |config, key| config.without(key));
        let mut flags = configuration::flags(args);
        if doubted.contains("--session-store") {
            flags.session_store = None;
        }
        if doubted.contains("--key-store") {
            flags.key_store = None;
        }
        let mistake = match Settings::resolve(flags, environment, config) {
            Ok(settings) => return Ok((settings, passed_over)),
            Err(mistake) => mistake,
        };
        let source = match mistake {
            InvalidSetting::Value { name, .. } => name,
            InvalidSetting::TwoTokens => "NBATODO_TOKEN_FILE",
            InvalidSetting::TwoPasswords => "NBATODO_SESSION_STORE_PASSWORD_FILE",
            InvalidSetting::NoKeyFile => match args.global.key_store {
                Some(_) => "--key-store",
                None if !doubted.contains("NBATODO_KEY_STORE") => "NBATODO_KEY_STORE",
                None => "key_store",
            },
            InvalidSetting::SecretWithoutClient => "client_secret",
        };
        passed_over.push(mistake);
        if !doubted.insert(source) {
            // It comes from nowhere that can be set aside alone.
            let defaults = ConfigFile::default();
            let settings = Settings::resolve(Flags::default(), Environment::default(), defaults)?;
            return Ok((settings, passed_over));
        }
    }
}

/// The first of the sources that speaks: flag, variable, settings file.
fn chosen_by<const F: usize, const V: usize, const K: usize>(
    flags: [(&'static str, bool); F],
    variables: [&'static str; V],
    keys: [(&'static str, bool); K],
) -> &'static str {
    let set = |name: &'static str| (name, variable(name).is_some_and(|it| !it.is_empty()));
    let sources = flags.into_iter().chain(variables.map(set)).chain(keys);
    let chosen = sources.into_iter().find(|(_, speaks)| *speaks);
    chosen.map_or("the default", |(name, _)| name)
}
