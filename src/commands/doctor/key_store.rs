//! Where keys lie: which store, why that one, and whether it keeps what it is given.

use std::path::PathBuf;

use crate::commands::Context;
use crate::commands::doctor::{Area, Check, Scene, State};
use crate::settings::{KeyStoreSetting, Settings};

const AREA: Area = Area::KeyStore;
const STORE: &str = "key store";

pub(super) async fn checks(scene: &Scene, context: &Context) -> Vec<Check> {
    let mut checks = Vec::new();
    if cfg!(target_os = "linux") && asks_keyring(&context.settings) {
        checks.push(bus(&*scene.variable));
    }
    let checked = context.with_keys(|keys| keys.check()).await;
    // Only now it is known which store is in use, where one may stand in for another.
    let store = named_with(&context.keys.describe(), scene.key_store_by);
    let works = format!("{store} keeps, gives back and deletes");
    checks.push(match checked {
        Ok(()) if context.keys.forgets_at_restart() => {
            AREA.ok(STORE, format!("{works}; a restart empties it"))
        }
        Ok(()) => AREA.ok(STORE, works),
        Err(error) => {
            let why = error.to_string();
            // Which key file it is stands there already.
            let why = why.strip_prefix("the key file: ").unwrap_or(&why);
            AREA.problem(STORE, format!("{store}: {why}")).remedied_by(capitalized(&error.remedy()))
        }
    });
    checks
}

/// A store, and what chose it, where its own words do not say so.
fn named_with(store: &str, chosen_by: &str) -> String {
    match store.strip_suffix(')') {
        _ if store.contains(chosen_by) => store.to_owned(),
        Some(store) => format!("{store}; {chosen_by})"),
        None => format!("{store} ({chosen_by})"),
    }
}

/// Whether a keyring service is asked, as far as the choice tells.
fn asks_keyring(settings: &Settings) -> bool {
    matches!(settings.key_store, KeyStoreSetting::Auto | KeyStoreSetting::Keyring)
}

/// Whether the store can be asked for more.
pub(super) fn answers(checks: &[Check]) -> bool {
    !checks.iter().any(|check| check.check == STORE && check.state == State::Problem)
}

/// Where a keyring service would be found.
fn bus(variable: &dyn Fn(&str) -> Option<String>) -> Check {
    const CHECK: &str = "session bus";
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("DBUS_SESSION_BUS_ADDRESS").is_some() {
        // Addresses can hold a key that lets in (D-Bus specification, "nonce-tcp").
        return AREA.ok(CHECK, "named by DBUS_SESSION_BUS_ADDRESS");
    }
    let named = set("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("bus"));
    let found = named.into_iter().chain(platform_bus()).find(|path| path.exists());
    match found {
        Some(path) => AREA.ok(CHECK, format!("{}, in the runtime directory", path.display())),
        None => {
            AREA.warning(CHECK, "there is none, so no keyring service can be asked").remedied_by(
                "Log in to a desktop, or keep a session for cron (loginctl enable-linger), or make \
                 a key file and name it in NBATODO_KEY_FILE: nbatodo doctor --make-key FILE",
            )
        }
    }
}

#[cfg(unix)]
fn platform_bus() -> Option<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    Some(PathBuf::from(format!("/run/user/{user}/bus")))
}

#[cfg(not(unix))]
fn platform_bus() -> Option<PathBuf> {
    None
}

/// A remedy as a sentence.
pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
