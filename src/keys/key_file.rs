//! The key store of machines without a keyring.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::master_key::MasterKey;
use super::sealed_entry::{self, Format};
use super::shelf::{Folder, LONGEST_ENTRY, Shelf};
use super::{EntryName, KeyStore, KeyStoreError, random};
use crate::private_files::SecretFile;

/// A shelf of entries, each sealed under a master key that lies in a file of mode 0600
/// (`NBATODO_KEY_FILE`).
///
/// The master key is read for each call and wiped after it.
#[derive(Clone)]
pub struct KeyFile {
    master: SecretFile,
    shelf: Arc<dyn Shelf>,
    named_by: Option<&'static str>,
}

impl KeyFile {
    /// The entries in `folder` under the key in the file `master`; nothing is read yet.
    pub fn new(master: impl Into<SecretFile>, folder: &Path) -> Self {
        Self::over(master, Arc::new(Folder::new(folder)))
    }

    /// The same, and what named the key file, for whoever asks.
    #[must_use]
    pub fn named_by(self, setting: &'static str) -> Self {
        Self { named_by: Some(setting), ..self }
    }

    /// The entries on `shelf` under the key in the file `master`; nothing is read yet.
    pub fn over(master: impl Into<SecretFile>, shelf: Arc<dyn Shelf>) -> Self {
        Self { master: master.into(), shelf, named_by: None }
    }

    /// The name's hash: safe on every shelf, whatever the name holds.
    fn place_of(name: &EntryName) -> String {
        let hash = Sha256::digest(name.as_str());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `folder` holds the entry `name`, under whatever master key.
    pub(super) fn is_in(folder: &Path, name: &EntryName) -> bool {
        Folder::new(folder).file(&Self::place_of(name)).exists()
    }
}

impl KeyStore for KeyFile {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let master = MasterKey::read(&self.master)?;
        let Some(bytes) = self.shelf.read(&Self::place_of(name))? else { return Ok(None) };
        let secret = sealed_entry::open(Format::Key, name, &bytes, &master);
        secret.map(Some).ok_or_else(|| KeyStoreError::EntryDamaged { entry: name.clone() })
    }

    fn holds(&self, name: &EntryName) -> Option<bool> {
        Some(self.shelf.read(&Self::place_of(name)).ok()?.is_some())
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        let master = MasterKey::read(&self.master)?;
        let bytes = sealed_entry::seal(Format::Key, name, secret, &master, random::bytes()?)?;
        if bytes.len() > LONGEST_ENTRY as usize {
            let (entry, part) = (name.clone(), "sealed form".to_owned());
            return Err(KeyStoreError::TooLong { entry, part, limit: LONGEST_ENTRY });
        }
        self.shelf.write(&Self::place_of(name), &bytes)
    }

    /// Needs no master key: a key can be destroyed after its master key is lost.
    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        self.shelf.remove(&Self::place_of(name))
    }

    fn describe(&self) -> String {
        let named = self.named_by.map(|by| format!(" (named by {by})")).unwrap_or_default();
        format!("the key file {}{named}", self.master.path().display())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::keys::KeyId;
    use crate::model::Profile;
    use crate::private_files::{FileError, write_private};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::PathBuf;

    struct World {
        store: KeyFile,
        name: EntryName,
        root: tempfile::TempDir,
    }

    impl World {
        fn folder(&self) -> PathBuf {
            self.root.path().join("keys")
        }

        fn file_of(&self, name: &EntryName) -> PathBuf {
            self.folder().join(format!("{}.key", KeyFile::place_of(name)))
        }
    }

    fn world() -> World {
        let root = tempfile::tempdir().unwrap();
        let master = root.path().join("config/master");
        write_private(&master, STANDARD.encode([7; 32]).as_bytes()).unwrap();
        let name = EntryName::session(&Profile::default(), &KeyId::random().unwrap());
        World { store: KeyFile::new(&master, &root.path().join("keys")), name, root }
    }

    #[test]
    fn what_is_set_comes_back_until_it_is_deleted() {
        let world = world();
        let World { store, name, root } = &world;
        assert!(store.get(name).unwrap().is_none());
        store.set(name, b"first").unwrap();
        store.set(name, b"secret").unwrap();
        assert_eq!(store.get(name).unwrap().unwrap().as_slice(), b"secret");
        let file = world.file_of(name);
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(root.path().join("keys")).unwrap().mode() & 0o777, 0o700);
        assert!(!fs::read(&file).unwrap().windows(6).any(|window| window == b"secret"));
        assert!(store.delete(name).unwrap());
        assert!(!store.delete(name).unwrap());
        assert!(store.get(name).unwrap().is_none());
    }

    #[test]
    fn a_check_proves_the_store_and_leaves_no_entry() {
        let World { store, root, .. } = world();
        store.check().unwrap();
        let left = fs::read_dir(root.path().join("keys")).unwrap().flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        assert_eq!(left, [".lock"]);

        fs::remove_file(root.path().join("config/master")).unwrap();
        assert!(matches!(store.check(), Err(KeyStoreError::Master(_))));
    }

    #[test]
    fn any_changed_bit_of_an_entry_is_refused() {
        let world = world();
        let World { store, name, .. } = &world;
        store.set(name, &[9; 32]).unwrap();
        let file = world.file_of(name);
        let good = fs::read(&file).unwrap();
        let master = MasterKey::read(&store.master).unwrap_or_else(|e| panic!("{e}"));
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(sealed_entry::open(Format::Key, name, &bad, &master).is_none(), "bit {bit}");
        }
        fs::write(&file, &good[..good.len() - 1]).unwrap();
        assert!(matches!(store.get(name), Err(KeyStoreError::EntryDamaged { .. })));
    }

    #[test]
    fn an_entry_opens_only_under_its_name_and_master_key() {
        let world = world();
        let World { store, name, .. } = &world;
        store.set(name, &[9; 32]).unwrap();
        let other = EntryName::probe();
        fs::copy(world.file_of(name), world.file_of(&other)).unwrap();
        assert!(matches!(store.get(&other), Err(KeyStoreError::EntryDamaged { .. })));

        write_private(store.master.path(), STANDARD.encode([8; 32]).as_bytes()).unwrap();
        assert!(matches!(store.get(name), Err(KeyStoreError::EntryDamaged { .. })));
        assert!(store.delete(name).unwrap(), "a lost master key does not keep keys alive");
    }

    #[test]
    fn an_entry_that_others_can_read_is_refused_and_a_large_one_not_written() {
        let world = world();
        let World { store, name, .. } = &world;
        store.set(name, &[9; 32]).unwrap();
        fs::set_permissions(world.file_of(name), fs::Permissions::from_mode(0o644)).unwrap();
        let refused = store.get(name);
        assert!(matches!(refused, Err(KeyStoreError::Folder(FileError::TooOpen { .. }))));
        fs::set_permissions(world.folder(), fs::Permissions::from_mode(0o755)).unwrap();
        let refused = store.get(name);
        assert!(matches!(refused, Err(KeyStoreError::Folder(FileError::TooOpen { .. }))));
        let large = store.set(name, &[0; 64 * 1024]);
        assert!(matches!(large, Err(KeyStoreError::TooLong { limit: 65536, .. })));
    }
}
