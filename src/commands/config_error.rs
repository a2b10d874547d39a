//! What is no change to the settings.

use crate::model::Profile;
use crate::settings::{Key, UnknownKey};

/// Why nothing was set or taken out; all of it is wrong usage.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No setting is called that.
    #[error(transparent)]
    UnknownKey(#[from] UnknownKey),
    /// Nothing to set it to.
    #[error("{0} needs a value, and none is given")]
    NoValue(Key),
    /// More than it can hold.
    #[error("{0} has one value, and several are given")]
    SeveralValues(Key),
    /// A secret where everybody can read it.
    #[error("everybody on this machine can read a secret in a command line, so {0} is not set")]
    SecretArgument(Key),
    /// Of two settings that say the same, the other one stands in that place.
    #[error("{key} is not set: {rival} stands in the same place, and only one of them can")]
    Rival {
        /// The setting.
        key: Key,
        /// The other one.
        rival: Key,
        /// The profile whose table it is, where it is one's.
        profile: Option<Profile>,
    },
    /// A setting that is above all profiles.
    #[error("{key} is never a setting of one profile, such as \"{profile}\"")]
    NotOfAProfile {
        /// The setting.
        key: Key,
        /// The profile that it was to be of.
        profile: Profile,
    },
}

impl ConfigError {
    /// What to type instead.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::UnknownKey(_) => "All settings: nbatodo config show --all".to_owned(),
            Self::NoValue(key) if key.is_secret() => {
                "Type it when it is asked for, or write it to standard input.".to_owned()
            }
            Self::NoValue(key) => {
                format!("For instance: nbatodo config set {key} {}", key.example())
            }
            Self::SeveralValues(key) => {
                format!("In quotes it is one: nbatodo config set {key} \"...\"")
            }
            Self::SecretArgument(key) => format!(
                "Type only this, and it is asked for unseen, or read from standard input: nbatodo \
                 config set {key}"
            ),
            Self::Rival { rival, profile, .. } => {
                let command = format!("config unset {rival}");
                let whose = profile.as_ref().map(|it| format!(" --profile {it}"));
                format!("Take that out first: nbatodo {command}{}", whose.unwrap_or_default())
            }
            Self::NotOfAProfile { key, .. } => {
                format!("Without --profile: nbatodo config set {key} {}", key.example())
            }
        }
    }
}
