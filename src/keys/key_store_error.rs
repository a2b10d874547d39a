//! Why a key store did not do what was asked.

use std::time::Duration;

use super::{EntryName, MasterKeyError};
use crate::database::DatabaseError;
use crate::private_files::FileError;

/// Why a key store did not do what was asked. Each prints as one line: what and why;
/// [`KeyStoreError::remedy`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// The keyring is there and closed, or holds no collection to write to. Secret Service
    /// answers both alike.
    #[error("the keyring is locked or not set up: {why}")]
    Locked {
        /// What the keyring said.
        why: String,
    },
    /// Nobody answers: no session bus, or no keyring service on it.
    #[error("no keyring can be reached: {why}")]
    Unreachable {
        /// What the attempt met.
        why: String,
    },
    /// The kernel has no keyring that could be used.
    #[error("the kernel keyring cannot be used: {why}")]
    NoKernelKeyring {
        /// What stands in the way.
        why: String,
    },
    /// The kernel's keys of this user are as many, or as long, as they may be.
    #[error("the kernel keyring is full: this user's keys are at their limit")]
    KernelFull,
    /// Neither the keyring nor what stands in for it.
    #[error("no keyring can be reached: {keyring}; {second}")]
    Neither {
        /// What the attempt to reach the keyring met.
        keyring: String,
        /// Why the other does not stand in.
        second: String,
    },
    /// What is to be kept must outlive a restart, and here nothing does.
    #[error("no desktop keyring answers, and a restart empties the kernel keyring")]
    NothingLasts,
    /// It was reached and did not answer; perhaps it waits for a person.
    #[error("the key store did not answer within {} s", .limit.as_secs_f32())]
    NoAnswer {
        /// How long it was waited for.
        limit: Duration,
    },
    /// The platform stores only shorter secrets or names.
    #[error("{entry} is too long for the key store: its {part} may have {limit} bytes")]
    TooLong {
        /// The entry.
        entry: EntryName,
        /// The secret or a part of the name.
        part: String,
        /// The platform's limit, in bytes.
        limit: u32,
    },
    /// Several entries of one name, so that none is the right one.
    #[error("the keyring holds {} more than once", .entry.in_words())]
    Ambiguous {
        /// The entry.
        entry: EntryName,
    },
    /// The store took a secret and did not give it back.
    #[error("the key store does not keep what it is given")]
    Forgetful,
    /// Any other refusal.
    #[error("the keyring failed: {why}")]
    Failed {
        /// What it said.
        why: String,
    },
    /// The master key of a key file.
    #[error(transparent)]
    Master(#[from] MasterKeyError),
    /// An entry that does not open: another master key, or damage.
    #[error("{} does not open: it is damaged, or of another key file", .entry.in_words())]
    EntryDamaged {
        /// The entry.
        entry: EntryName,
    },
    /// The file of an entry.
    #[error("the folder of keys: {0}")]
    Folder(#[source] FileError),
    /// The database in which the entries lie.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The system has no random bytes.
    #[error("the system gives no random bytes: {0}")]
    NoRandomness(#[source] getrandom::Error),
}

impl KeyStoreError {
    /// Whether only one entry is in trouble, so that others may still be read and written.
    pub fn concerns_one_entry(&self) -> bool {
        matches!(self, Self::EntryDamaged { .. } | Self::Ambiguous { .. } | Self::Folder(_))
    }

    /// What a person can do about it, as one line.
    pub fn remedy(&self) -> String {
        match self {
            Self::Locked { .. } => {
                "unlock your login keyring (or create one), or make a key file, name it in \
                 NBATODO_KEY_FILE, and say --key-store file: nbatodo doctor --make-key FILE"
            }
            Self::Unreachable { .. } => {
                "start a keyring service in your session, or make a key file, name it in \
                 NBATODO_KEY_FILE, and say --key-store file: nbatodo doctor --make-key FILE"
            }
            Self::NoKernelKeyring { .. } | Self::Neither { .. } => {
                "make a key file and name it in NBATODO_KEY_FILE: nbatodo doctor --make-key FILE"
            }
            Self::KernelFull => {
                "look at \"keyctl show @u\" and drop what is not needed, have kernel.keys.maxkeys \
                 and kernel.keys.maxbytes raised, or make a key file and name it in \
                 NBATODO_KEY_FILE: nbatodo doctor --make-key FILE"
            }
            Self::NothingLasts => {
                "to stay signed in, make a key file and name it in NBATODO_KEY_FILE (nbatodo doctor \
                 --make-key FILE) or start a keyring service; until the next restart, the same \
                 command with --key-store keyutils does as well"
            }
            Self::NoAnswer { .. } => {
                "answer the keyring's question on your desktop, or restart the keyring service"
            }
            Self::TooLong { .. } | Self::Forgetful => {
                "make a key file and name it in NBATODO_KEY_FILE instead: nbatodo doctor --make-key \
                 FILE"
            }
            Self::Ambiguous { .. } => "sign out, which deletes them all: nbatodo logout",
            Self::Failed { .. } => "restart the keyring service and try again",
            Self::Master(error) => return error.remedy(),
            Self::EntryDamaged { .. } => {
                "put back the key file that was used, or sign in again: nbatodo login"
            }
            Self::Folder(_) => "make room or repair what is named here, then run it again",
            Self::Database(_) => "try again later",
            Self::NoRandomness(_) => "try again when the system has started completely",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_limit_is_said_in_seconds() {
        let error = KeyStoreError::NoAnswer { limit: Duration::from_millis(1500) };
        assert_eq!(error.to_string(), "the key store did not answer within 1.5 s");
    }
}
