//! Where sealed sessions lie.

use super::SealedSession;
use crate::database::DatabaseError;
use crate::keys::{KeyId, KeyStoreError};
use crate::model::Profile;
use crate::private_files::FileError;

/// Keeps the sealed session of each profile. It sees no secret.
pub trait SessionStore: Send + Sync {
    /// The bytes that lie there for `profile`, whatever they are.
    ///
    /// # Errors
    /// [`StoreError`].
    fn load(&self, profile: &Profile) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts `sealed` in place of what was there for its profile; a crash leaves either.
    ///
    /// # Errors
    /// [`StoreError`].
    fn save(&self, sealed: &SealedSession) -> Result<(), StoreError>;

    /// Deletes what lies there for `profile`; says whether there was anything.
    ///
    /// # Errors
    /// [`StoreError`].
    fn delete(&self, profile: &Profile) -> Result<bool, StoreError>;

    /// Waits until nobody else writes for `profile`, and keeps others waiting until the lock is
    /// dropped. Never hold it while waiting for a person or the network.
    ///
    /// # Errors
    /// [`StoreError`].
    fn lock(&self, profile: &Profile) -> Result<Box<dyn ProfileLock + '_>, StoreError>;

    /// The store in a person's words, without anything secret: "files in FOLDER".
    fn describe(&self) -> String;
}

/// The right to write for one profile, and what only its holder may read and write: which keys
/// were made for it.
///
/// The list survives a crash between two steps and a session file that no longer says which key
/// it was sealed under, so that every key can still be destroyed.
pub trait ProfileLock {
    /// The ids of all keys that may be in the key store for this profile.
    ///
    /// # Errors
    /// [`StoreError`].
    fn key_ids(&mut self) -> Result<Vec<KeyId>, StoreError>;

    /// Replaces the list, durably.
    ///
    /// # Errors
    /// [`StoreError`].
    fn set_key_ids(&mut self, ids: &[KeyId]) -> Result<(), StoreError>;
}

/// Why a session store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A session file, its lock or its folder.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<StoreError> for KeyStoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::File(error) => Self::Folder(error),
            StoreError::Database(error) => Self::Database(error),
        }
    }
}
