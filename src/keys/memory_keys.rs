//! Keys that end with the process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::{EntryName, KeyStore, KeyStoreError};

/// Keeps secrets in memory, for this process only; they are wiped with it.
#[derive(Default)]
pub struct MemoryKeys(Mutex<HashMap<EntryName, Zeroizing<Vec<u8>>>>);

impl MemoryKeys {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// No step below can break off halfway, so what a panicking thread held is still whole.
    fn entries(&self) -> MutexGuard<'_, HashMap<EntryName, Zeroizing<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyStore for MemoryKeys {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        Ok(self.entries().get(name).cloned())
    }

    fn holds(&self, name: &EntryName) -> Option<bool> {
        Some(self.entries().contains_key(name))
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        self.entries().insert(name.clone(), Zeroizing::new(secret.to_vec()));
        Ok(())
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        Ok(self.entries().remove(name).is_some())
    }

    fn describe(&self) -> String {
        "this process's memory".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_there_is_there_until_it_is_destroyed() {
        let keys = MemoryKeys::new();
        keys.check().unwrap();
        let name = EntryName::probe();
        assert_eq!(keys.get(&name).unwrap(), None);
        keys.set(&name, b"one").unwrap();
        keys.set(&name, b"two").unwrap();
        assert_eq!(keys.get(&name).unwrap().unwrap().as_slice(), b"two");
        assert!(keys.delete(&name).unwrap());
        assert!(!keys.delete(&name).unwrap());
    }
}
