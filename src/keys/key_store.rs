//! What every key store does.

use zeroize::Zeroizing;

use super::{EntryName, KeyStoreError};

/// What a probe entry holds.
const PROBE: &[u8] = b"nbatodo was here";
/// How often a check is tried before a store counts as forgetful.
const PROBES: usize = 5;

/// Keeps short secrets under names. Every call may block: see [`super::within`].
pub trait KeyStore: Send + Sync {
    /// The secret under `name`, wiped on drop. An OS keyring that does not exist also answers
    /// `None`: [`KeyStore::check`] tells the two apart.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError>;

    /// Whether there is something under `name`, as far as that can be told without unlocking
    /// anything or asking a person; `None` where nobody tells.
    fn holds(&self, _name: &EntryName) -> Option<bool> {
        None
    }

    /// Puts `secret` under `name`, over what was there.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError>;

    /// Destroys what lies under `name`; says whether there was anything.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError>;

    /// The store in a person's words, for instance "the key file PATH".
    fn describe(&self) -> String;

    /// Whether a restart of the machine empties the store.
    fn forgets_at_restart(&self) -> bool {
        false
    }

    /// What a person should know before they rely on the store, as one line; known once the store
    /// has been checked.
    fn caveat(&self) -> Option<String> {
        None
    }

    /// Proves that the store can write, read and delete, with an entry whose name is always the
    /// same: what a killed check leaves is removed by the next one.
    ///
    /// # Errors
    /// [`KeyStoreError`]; [`KeyStoreError::Forgetful`] if it says that it can and does not.
    fn check(&self) -> Result<(), KeyStoreError> {
        let probe = EntryName::probe();
        for _ in 0..PROBES {
            self.set(&probe, PROBE)?;
            let kept = self.get(&probe);
            // Deleted whatever the reading gave: a check leaves nothing behind.
            let deleted = self.delete(&probe);
            if kept?.is_some_and(|kept| kept.as_slice() == PROBE) && deleted? {
                return Ok(());
            }
            // Another process may have deleted the entry as its own: once more.
        }
        Err(KeyStoreError::Forgetful)
    }
}
