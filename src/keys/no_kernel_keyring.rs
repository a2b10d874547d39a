//! In place of the kernel's keyrings, on systems whose kernel has none.

use zeroize::Zeroizing;

use super::{EntryName, KeyStore, KeyStoreError};

/// A store that is not there, and says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelKeyring;

impl KernelKeyring {
    /// Nothing.
    pub fn new() -> Self {
        Self
    }
}

impl KeyStore for KernelKeyring {
    fn get(&self, _: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        Err(absent())
    }

    fn set(&self, _: &EntryName, _: &[u8]) -> Result<(), KeyStoreError> {
        Err(absent())
    }

    fn delete(&self, _: &EntryName) -> Result<bool, KeyStoreError> {
        Err(absent())
    }

    fn describe(&self) -> String {
        "the kernel keyring".to_owned()
    }

    fn forgets_at_restart(&self) -> bool {
        true
    }
}

fn absent() -> KeyStoreError {
    KeyStoreError::NoKernelKeyring { why: "only Linux has one".to_owned() }
}
