//! Where sessions and their keys are to lie.

use std::str::FromStr;

use super::InvalidSetting;
use super::sources::repeatable;

/// Where sealed sessions lie.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum SessionStoreChoice {
    /// In the state directory.
    #[default]
    File,
    /// In this process, which signs in for itself and keeps nothing.
    Memory,
}

/// Where session keys, client secrets and standing grants lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyStoreChoice {
    /// Under a master key where a file with one is named, else in the platform's keyring.
    #[default]
    Auto,
    /// In the platform's keyring.
    Keyring,
    /// In the Linux kernel.
    Keyutils,
    /// Sealed under a master key.
    File,
}

impl SessionStoreChoice {
    /// What the strongest source chooses: flag, environment, file.
    ///
    /// # Errors
    /// [`InvalidSetting`], naming the source.
    pub(super) fn strongest(
        flag: Option<String>,
        env: Option<String>,
        config: Option<String>,
    ) -> Result<Self, InvalidSetting> {
        let named = flag.map(|value| ("--session-store", value));
        let named = named.or_else(|| env.map(|value| ("NBATODO_SESSION_STORE", value)));
        let Some((name, value)) = named.or_else(|| config.map(|value| ("session_store", value)))
        else {
            return Ok(Self::default());
        };
        match value.as_str() {
            "file" => Ok(Self::File),
            "memory" => Ok(Self::Memory),
            _ => {
                // A database's address can hold a password: only its scheme is repeated.
                let value = value.split(':').next().map(repeatable).unwrap_or_default();
                let why = "it is \"file\" or \"memory\"".to_owned();
                Err(InvalidSetting::Value { name, value, why })
            }
        }
    }
}

impl FromStr for KeyStoreChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "keyring" => Ok(Self::Keyring),
            "keyutils" => Ok(Self::Keyutils),
            "file" => Ok(Self::File),
            _ => Err("it is auto, keyring, keyutils or file".to_owned()),
        }
    }
}
