//! What the command line and the environment say about settings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::choice::switch;
use super::way_here::way_here;
use super::{Key, Value};
use crate::looks::Surroundings;
use crate::model::AccessToken;

/// What the command line says about settings, where it is not silent.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub(super) chosen: BTreeMap<Key, Value>,
}

impl Flags {
    /// The same, with `key` set to `value` if there is one.
    pub fn with(mut self, key: Key, value: Option<impl Into<String>>) -> Self {
        if let Some(value) = value {
            self.chosen.insert(key, Value::text(value));
        }
        self
    }

    /// Takes back what was said about `key`; says whether something was.
    pub fn remove(&mut self, key: Key) -> bool {
        self.chosen.remove(&key).is_some()
    }
}

/// The environment variables that are settings. Read once, in `main`.
#[derive(Debug, Default)]
pub struct Environment {
    /// Those that can also stand in the settings file.
    pub(super) chosen: BTreeMap<Key, Value>,
    /// `NBATODO_CONFIG`.
    pub config: Option<PathBuf>,
    /// `NBATODO_TOKEN`.
    pub token: Option<AccessToken>,
    /// `NBATODO_TOKEN_FILE`.
    pub token_file: Option<PathBuf>,
    /// `NBATODO_SESSION_STORE_PASSWORD_FILE`.
    pub session_store_password_file: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY`, where systemd puts what it hands over.
    pub credentials: Option<PathBuf>,
    /// The key file among them, if it is there; filled in by who can look.
    pub credential_key: Option<PathBuf>,
    /// `BROWSER`.
    pub browser: Option<String>,
    /// What it says about how to look.
    pub surroundings: Surroundings,
    /// Where a browser would appear.
    pub screen: Screen,
    /// What to write behind `ssh` to come here again, if somebody came by SSH.
    pub way_here: Option<String>,
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
        let chosen = Key::all().filter_map(|key| {
            set(key.variable()).map(|text| (key, Value::typed(key.kind(), &text)))
        });
        Self {
            chosen: chosen.collect(),
            config: set("NBATODO_CONFIG").map(PathBuf::from),
            token: set("NBATODO_TOKEN").map(AccessToken::new),
            token_file: set("NBATODO_TOKEN_FILE").map(PathBuf::from),
            session_store_password_file: set("NBATODO_SESSION_STORE_PASSWORD_FILE")
                .map(PathBuf::from),
            credentials: set("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            credential_key: None,
            browser: set("BROWSER"),
            surroundings: Surroundings::read(&variable),
            screen: screen(|name| set(name).is_some()),
            way_here: way_here(set),
        }
    }

    /// The same as `value`, for `key` alone.
    pub fn only(key: Key, value: Value) -> Self {
        Self { chosen: BTreeMap::from([(key, value)]), ..Self::default() }
    }

    /// Whether the variable of `key` is set.
    pub fn has(&self, key: Key) -> bool {
        self.chosen.contains_key(&key)
    }

    /// Whether the variable of a `key` that is a switch says that it is on.
    pub fn is_on(&self, key: Key) -> bool {
        self.chosen.get(&key).is_some_and(|value| switch(value.one()) == Ok(true))
    }

    /// Takes the variable of `key` out; says whether it was there.
    pub fn remove(&mut self, key: Key) -> bool {
        self.chosen.remove(&key).is_some()
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
