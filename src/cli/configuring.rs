//! From `nbatodo config …` to what it does.

use std::path;

use crate::cli::args::Args;
use crate::cli::config_args::{Config, What};
use crate::cli::configuration;
use crate::cli::keyboard::Keyboard;
use crate::cli::output::Output;
use crate::cli::terminal::is_attended;
use crate::cli::wiring;
use crate::commands::config::{self, Place};
use crate::commands::config_error::ConfigError;
use crate::commands::input::{Input, Line};
use crate::commands::{Exit, Failure};
use crate::model::Profile;
use crate::paths::Paths;
use crate::session::Roster;
use crate::settings::{Environment, Key, Kind, Settings, Value, database_address};

/// Runs it.
///
/// # Errors
/// [`Failure`] with exit code 2 for what cannot be set, or a file that cannot be read.
pub(super) async fn run(
    args: &Args,
    wanted: &Config,
    settings: Result<Settings, Failure>,
    environment: &Environment,
    output: &Output,
) -> Result<Exit, Failure> {
    let place = place(args, environment, &Paths::of_platform()?)?;
    let profile = args.global.profile.as_ref();
    let hidden = |key: Key| environment.has(key).then(|| key.variable());
    match &wanted.what {
        What::Show { key: None, all } => {
            output.report(&config::show(&settings?, &place.path, *all))
        }
        What::Show { key: Some(key), .. } => {
            let key = Key::from_name(key).map_err(ConfigError::from)?;
            output.report(&config::show_one(&settings?, &place.path, key)?)
        }
        What::Path => output.report(&config::path(&place)),
        What::Set { key, value } => {
            let key = Key::from_name(key).map_err(ConfigError::from)?;
            refuse_in_table(profile, key)?;
            let value = wanted_value(key, value).await?;
            configuration::check(key, &value)?;
            let newcomer =
                profile.and_then(|it| newcomer((it, key), settings.as_ref().ok(), &place));
            let exit = output.report(&config::set(&place, profile, (key, &value), hidden(key))?)?;
            if let Some(newcomer) = newcomer {
                output.caution(&newcomer.to_string(), &[&newcomer.advice()]);
            }
            Ok(exit)
        }
        What::Unset { key } => {
            let hidden = Key::from_name(key).ok().and_then(hidden);
            output.report(&config::unset(&place, profile, key, hidden)?)
        }
    }
}

/// The settings file that is meant, and what is held while it is changed.
///
/// # Errors
/// [`Failure::System`] where the folder that a path begins in is gone.
pub(super) fn place(
    args: &Args,
    environment: &Environment,
    paths: &Paths,
) -> Result<Place, Failure> {
    let path = configuration::named(args, environment).unwrap_or_else(|| paths.config_file());
    let path = path::absolute(path)
        .map_err(|cause| Failure::System { what: "the settings file has no place", cause })?;
    Ok(Place { path, lock: paths.config_lock() })
}

/// Whether the file, as it is, and this machine know nothing of `profile`, whose `key` is to be
/// set.
fn newcomer(
    of: (&Profile, Key),
    settings: Option<&Settings>,
    place: &Place,
) -> Option<config::Newcomer> {
    let file = configuration::read(&place.path).ok()?.unwrap_or_default();
    let paths = Paths::of_platform().ok()?;
    // A file that begins with this setting names no database.
    let roster =
        settings.map_or_else(|| Roster::Here(paths.clone()), |it| wiring::roster(it, &paths));
    config::Newcomer::of(of, &file, &roster)
}

fn refuse_in_table(profile: Option<&Profile>, key: Key) -> Result<(), Failure> {
    match profile {
        Some(profile) if !key.is_of_a_profile() => {
            Err(ConfigError::NotOfAProfile { key, profile: profile.clone() }.into())
        }
        _ => Ok(()),
    }
}

/// The value that was typed or, where nobody may look over a shoulder, is asked for.
async fn wanted_value(key: Key, typed: &[String]) -> Result<Value, Failure> {
    let is_secret = |text: &String| {
        key.is_secret() || (key == Key::SessionStore && database_address::holds_password(text))
    };
    if typed.iter().any(is_secret) {
        return Err(ConfigError::SecretArgument(key).into());
    }
    match typed {
        [] if key.is_secret() || key == Key::SessionStore => Ok(Value::text(&**asked(key).await?)),
        [] => Err(ConfigError::NoValue(key).into()),
        [one] => Ok(Value::typed(key.kind(), one)),
        // A comma stands between two, wherever it is typed.
        several if key.kind() == Kind::List => Ok(Value::typed(Kind::List, &several.join(","))),
        _ => Err(ConfigError::SeveralValues(key).into()),
    }
}

async fn asked(key: Key) -> Result<Line, Failure> {
    let keyboard = Keyboard::default();
    let line = if is_attended() {
        let unseen = keyboard.secret(&format!("{key} (not shown): ")).await;
        Some(
            unseen
                .map_err(|cause| Failure::System { what: "the terminal cannot be read", cause })?,
        )
    } else {
        keyboard.line().await
    };
    line.filter(|line| !line.trim().is_empty()).ok_or_else(|| ConfigError::NoValue(key).into())
}
