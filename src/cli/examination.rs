//! What `nbatodo doctor` examines. Other commands end at the first setting that is wrong; here
//! it is set aside, and the rest is looked at.

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
use crate::settings::{ConfigFile, Environment, Flags, InvalidSetting, Key, Settings, Source};

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
    Ok(Scene {
        passed_over,
        unclaimed_secret: settings.unclaimed_secret,
        session_store_by: chosen_by(&settings, Key::SessionStore),
        key_store_by: match chosen_by(&settings, Key::KeyStore) {
            DEFAULT => chosen_by(&settings, Key::KeyFile),
            named => named,
        },
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
    let mut spoken = Spoken {
        flags: configuration::flags(args),
        environment: configuration::with_credential(Environment::read(variable)),
        config: config(file),
    };
    let mut passed_over = Vec::new();
    loop {
        let settings = Settings::resolve(&spoken.flags, &spoken.environment, &spoken.config);
        let settings = settings.and_then(|it| configuration::validate(&it).map(|()| it));
        let mistake = match settings {
            Ok(settings) => return Ok((settings, passed_over)),
            Err(mistake) => mistake,
        };
        let is_gone = spoken.unsay(&mistake);
        passed_over.push(mistake);
        if !is_gone {
            // It comes from nowhere that can be set aside alone.
            spoken = Spoken::default();
        }
    }
}

/// Who has said what about the settings.
#[derive(Default)]
struct Spoken {
    flags: Flags,
    environment: Environment,
    config: ConfigFile,
}

impl Spoken {
    /// Takes back what was wrong; says whether it was there.
    fn unsay(&mut self, mistake: &InvalidSetting) -> bool {
        match mistake {
            InvalidSetting::Chosen { key, at, .. } => match at {
                Source::Flag => self.flags.remove(*key),
                Source::Variable => self.environment.remove(*key),
                Source::Table(_, profile) => self.config.remove(*key, Some(profile)),
                Source::File(_) => self.config.remove(*key, None),
                Source::Default => false,
            },
            InvalidSetting::TwoTokens => self.environment.token_file.take().is_some(),
            InvalidSetting::TwoPasswords => {
                self.environment.session_store_password_file.take().is_some()
            }
            InvalidSetting::NoKeyFile => {
                self.flags.remove(Key::KeyStore)
                    || self.environment.remove(Key::KeyStore)
                    || self.config.remove_everywhere(Key::KeyStore)
            }
            InvalidSetting::SecretWithoutClient => self.config.remove_everywhere(Key::ClientSecret),
            InvalidSetting::Value { .. } => false,
        }
    }
}

const DEFAULT: &str = "the default";

/// Who chose `key`, as a person would look for it.
fn chosen_by(settings: &Settings, key: Key) -> &'static str {
    let Some(choice) = settings.choices.get(key) else { return DEFAULT };
    match choice.source {
        Source::Default => DEFAULT,
        Source::Flag => key.flag().unwrap_or(key.name()),
        Source::Variable => key.variable(),
        Source::File(_) | Source::Table(..) => match key {
            Key::SessionStore => "session_store in the settings file",
            Key::KeyStore => "key_store in the settings file",
            _ => "key_file in the settings file",
        },
    }
}
