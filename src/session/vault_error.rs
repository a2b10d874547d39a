//! Why the vault did not open, keep or destroy a session.

use super::{SealError, StoreError};
use crate::keys::KeyStoreError;

/// Why the vault did not open, keep or destroy a session.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The session file itself; [`SealError::Damaged`] calls for a new sign-in.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The key store works and does not hold the key: it was destroyed, or the file is an older
    /// copy. Calls for a new sign-in.
    #[error("the key of the session file is gone")]
    KeyGone,
    /// The key store does not work.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// The session store does not work, or what lies there is no private file.
    #[error(transparent)]
    Store(#[from] StoreError),
}
