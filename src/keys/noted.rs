//! A key store of which is noted what it holds.

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{EntryName, KeyStore, KeyStoreError};
use crate::private_files;

/// Tells which entries lie in a store, also while nobody can ask it.
pub trait Notes: Send + Sync {
    /// Whether `name` was put there and has not been deleted since.
    fn has(&self, name: &EntryName) -> bool;

    /// Notes that `name` is about to be put there.
    ///
    /// # Errors
    /// [`KeyStoreError::Folder`].
    fn add(&self, name: &EntryName) -> Result<(), KeyStoreError>;

    /// Notes that `name` is there no more.
    ///
    /// # Errors
    /// [`KeyStoreError::Folder`].
    fn remove(&self, name: &EntryName) -> Result<(), KeyStoreError>;
}

/// Notes as empty files, each called after the hash of its entry's name.
#[derive(Clone, Debug)]
pub struct NoteFolder(PathBuf);

impl NoteFolder {
    /// The notes in `folder`, which is made for the first.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn file_of(&self, name: &EntryName) -> PathBuf {
        let hash = Sha256::digest(name.as_str());
        self.0.join(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}

impl Notes for NoteFolder {
    fn has(&self, name: &EntryName) -> bool {
        self.file_of(name).exists()
    }

    fn add(&self, name: &EntryName) -> Result<(), KeyStoreError> {
        let marked = private_files::mark_private(&self.file_of(name));
        marked.map(drop).map_err(KeyStoreError::Folder)
    }

    fn remove(&self, name: &EntryName) -> Result<(), KeyStoreError> {
        let removed = private_files::remove(&self.file_of(name));
        removed.map(drop).map_err(KeyStoreError::Folder)
    }
}

/// A key store with notes of what it holds, and sole place of it: what is put here is deleted in
/// the fallback, where an older one of that name may lie.
#[derive(Clone)]
pub struct Noted {
    store: Arc<dyn KeyStore>,
    notes: Arc<dyn Notes>,
    fallback: Arc<dyn KeyStore>,
}

impl Noted {
    /// `store` with `notes` of it; `fallback` is where its entries lie while it is away.
    pub fn new(
        store: Arc<dyn KeyStore>,
        notes: Arc<dyn Notes>,
        fallback: Arc<dyn KeyStore>,
    ) -> Self {
        Self { store, notes, fallback }
    }

    /// Whether `name` lies here, as far as is known without asking.
    pub fn is_noted(&self, name: &EntryName) -> bool {
        self.notes.has(name)
    }
}

impl KeyStore for Noted {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.store.get(name)
    }

    fn holds(&self, name: &EntryName) -> Option<bool> {
        Some(self.is_noted(name))
    }

    /// Noted first: killed in between, an entry is missed and not forgotten.
    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        if *name == EntryName::probe() {
            return self.store.set(name, secret);
        }
        let is_new = !self.notes.has(name);
        self.notes.add(name)?;
        if let Err(error) = self.store.set(name, secret) {
            if is_new && never_came(&error) {
                self.notes.remove(name)?;
            }
            return Err(error);
        }
        match self.fallback.delete(name) {
            Ok(_) | Err(KeyStoreError::NoKernelKeyring { .. }) => Ok(()),
            // An older one may be there, and would be found first.
            Err(error) => Err(error),
        }
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        let found = self.store.delete(name)?;
        self.notes.remove(name)?;
        Ok(found)
    }

    fn describe(&self) -> String {
        self.store.describe()
    }
}

/// Whether what was to be put into a store that failed so is certainly not there.
fn never_came(error: &KeyStoreError) -> bool {
    matches!(error, KeyStoreError::Unreachable { .. } | KeyStoreError::Locked { .. })
}
