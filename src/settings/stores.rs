//! Where sessions and their keys are to lie.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::InvalidSetting;
use super::sources::repeatable;
use crate::private_files::SecretFile;

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
    /// Under a master key where a file with one is named, else in the platform's keyring, else,
    /// on Linux, in the kernel.
    #[default]
    Auto,
    /// In the platform's keyring.
    Keyring,
    /// In the Linux kernel.
    Keyutils,
    /// Sealed under a master key.
    File,
}

/// The file with the master key of a sealed key folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFileSetting {
    /// The file.
    pub file: SecretFile,
    /// What named it, for people.
    pub named_by: &'static str,
}

/// The key store that the choice and the key file come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStoreSetting {
    /// The platform's keyring, and on Linux the kernel's while no keyring answers.
    Auto,
    /// The platform's keyring and nothing else.
    Keyring,
    /// The Linux kernel's and nothing else.
    Keyutils,
    /// A folder sealed under this key file.
    File(KeyFileSetting),
}

impl KeyFileSetting {
    /// The file that the strongest source names: environment, settings file, systemd.
    /// `credentials` is the folder of what systemd handed over.
    pub(super) fn strongest(
        (env, config, credential): (Option<PathBuf>, Option<PathBuf>, Option<PathBuf>),
        credentials: Option<&Path>,
    ) -> Option<Self> {
        let named = env.map(|path| (path, "NBATODO_KEY_FILE"));
        let named = named.or_else(|| config.map(|path| (path, "config.toml")));
        let named = named.or_else(|| credential.map(|path| (path, "systemd's LoadCredential")));
        named.map(|(path, named_by)| Self { file: SecretFile::new(path, credentials), named_by })
    }
}

impl KeyStoreSetting {
    /// What `choice` means where `file` is the key file that is named.
    ///
    /// # Errors
    /// [`InvalidSetting::NoKeyFile`].
    pub(super) fn of(
        choice: KeyStoreChoice,
        file: Option<KeyFileSetting>,
    ) -> Result<Self, InvalidSetting> {
        Ok(match (choice, file) {
            (KeyStoreChoice::Auto | KeyStoreChoice::File, Some(file)) => Self::File(file),
            (KeyStoreChoice::Auto, None) => Self::Auto,
            (KeyStoreChoice::Keyring, _) => Self::Keyring,
            (KeyStoreChoice::Keyutils, _) => Self::Keyutils,
            (KeyStoreChoice::File, None) => return Err(InvalidSetting::NoKeyFile),
        })
    }
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
