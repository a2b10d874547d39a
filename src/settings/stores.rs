//! Where sessions and their keys are to lie.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use super::choice::{Choice, Choices, Source};
use super::{DatabaseAddress, InvalidSetting, Key, Password};
use crate::private_files::SecretFile;

/// Where sealed sessions lie.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum SessionStoreChoice {
    /// In the state directory.
    #[default]
    File,
    /// In this process, which signs in for itself and keeps nothing.
    Memory,
    /// In a database, where several machines can share them.
    Database(Arc<DatabaseAddress>),
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
    /// The file that was chosen, or else the one that systemd handed over. `credentials` is the
    /// folder of what it hands over.
    pub(super) fn chosen(
        choices: &Choices,
        credential: Option<&Path>,
        credentials: Option<&Path>,
    ) -> Option<Self> {
        let named = choices.get(Key::KeyFile).map(|choice| {
            let named_by = match choice.source {
                Source::File(_) | Source::Table(..) => "config.toml",
                _ => Key::KeyFile.variable(),
            };
            (PathBuf::from(choice.value.one()), named_by)
        });
        let handed_over = credential.map(|path| (path.to_owned(), "systemd's LoadCredential"));
        let (path, named_by) = named.or(handed_over)?;
        Some(Self { file: SecretFile::new(path, credentials), named_by })
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
    /// What was chosen. A database's password can also lie in `password_file`.
    ///
    /// # Errors
    /// [`InvalidSetting`], naming the source.
    pub(super) fn chosen(
        choices: &Choices,
        password_file: Option<SecretFile>,
    ) -> Result<Self, InvalidSetting> {
        let Some(Choice { value, source }) = choices.get(Key::SessionStore) else {
            return Ok(Self::default());
        };
        let refused = |why: &str| Err(choices.refused(Key::SessionStore, why));
        match value.one() {
            "file" => Ok(Self::File),
            "memory" => Ok(Self::Memory),
            text => match DatabaseAddress::parse(text) {
                // Everybody on a machine can read arguments.
                Some(Ok(address)) if *source == Source::Flag && address.password.is_some() => {
                    refused(NOT_AN_ARGUMENT)
                }
                Some(Ok(address)) => {
                    let address = with_password_in(address, password_file)?;
                    Ok(Self::Database(Arc::new(address)))
                }
                Some(Err(why)) => refused(&why),
                None => refused(KNOWN),
            },
        }
    }
}

const KNOWN: &str = "it is file, memory, or an address behind redis://, rediss:// or postgres://";
const NOT_AN_ARGUMENT: &str = "everybody on this machine can read a password in an argument; put \
                               the address into NBATODO_SESSION_STORE, or the password into a \
                               file that NBATODO_SESSION_STORE_PASSWORD_FILE names";

fn with_password_in(
    mut address: DatabaseAddress,
    file: Option<SecretFile>,
) -> Result<DatabaseAddress, InvalidSetting> {
    match (&address.password, file) {
        (Some(_), Some(_)) => Err(InvalidSetting::TwoPasswords),
        (None, Some(file)) => {
            address.password = Some(Password::File(file));
            Ok(address)
        }
        (_, None) => Ok(address),
    }
}

impl KeyStoreChoice {
    /// Its name, as typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Keyring => "keyring",
            Self::Keyutils => "keyutils",
            Self::File => "file",
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
