//! Where the sealed entries of a key file lie.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::KeyStoreError;
use crate::database::{Database, Key};
use crate::private_files;

/// The longest sealed entry, in bytes.
pub(super) const LONGEST_ENTRY: u32 = 64 * 1024;

/// Keeps sealed bytes under names that are safe everywhere. It sees no secret.
pub trait Shelf: Send + Sync {
    /// The bytes under `name`, whatever they are.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError>;

    /// Puts `bytes` under `name`, durably; a crash leaves what was there or this.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), KeyStoreError>;

    /// Deletes what lies under `name`; says whether there was anything.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn remove(&self, name: &str) -> Result<bool, KeyStoreError>;
}

/// Files of mode 0600 in a folder of mode 0700.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, which is made when something is written.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.key"))
    }
}

impl Shelf for Folder {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError> {
        if !private_files::has_private_folder(&self.0).map_err(KeyStoreError::Folder)? {
            return Ok(None);
        }
        let bytes = private_files::read_private(&self.file(name), LONGEST_ENTRY.into());
        bytes.map_err(KeyStoreError::Folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), KeyStoreError> {
        private_files::write_private(&self.file(name), bytes).map_err(KeyStoreError::Folder)
    }

    fn remove(&self, name: &str) -> Result<bool, KeyStoreError> {
        private_files::remove_in_turn(&self.file(name)).map_err(KeyStoreError::Folder)
    }
}

/// Entries in a database, so that all machines with the same master key have the same keys.
pub struct DatabaseShelf(Arc<dyn Database>);

impl DatabaseShelf {
    /// The shelf in `database`.
    pub fn new(database: Arc<dyn Database>) -> Self {
        Self(database)
    }
}

impl Shelf for DatabaseShelf {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError> {
        Ok(self.0.load(&Key::new("key", name))?)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), KeyStoreError> {
        Ok(self.0.save(&Key::new("key", name), bytes, None)?)
    }

    fn remove(&self, name: &str) -> Result<bool, KeyStoreError> {
        Ok(self.0.delete(&Key::new("key", name))?)
    }
}
