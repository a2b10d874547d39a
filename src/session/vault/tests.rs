//! The vault over real files and a key store that fails on demand.

use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Mutex;

use zeroize::Zeroizing;

use super::*;
use crate::paths::Paths;
use crate::private_files::FileError;
use crate::session::FileStore;
use crate::session::sample::{at, session};

mod destroying;
mod replacing;
mod rows;

/// What the next calls meet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Weather {
    #[default]
    Fine,
    /// Every call fails.
    Locked,
    /// Reading and deleting say that there is nothing, writing fails: a Secret Service without
    /// a collection.
    NoCollection,
    /// Only these fail.
    NoGet,
    NoSet,
    NoDelete,
    /// Saving fails before it did anything, or after it did everything.
    NoSave,
    LateSave,
}

/// Both stores' state and faults, with a step counter that can end the "process".
#[derive(Default)]
struct Outside {
    entries: Mutex<BTreeMap<EntryName, Vec<u8>>>,
    weather: Mutex<Weather>,
    /// The steps that may still be made; then the process is killed.
    steps: Mutex<Option<usize>>,
    /// What another process does before the next key is read.
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Outside {
    fn is(&self, weather: Weather) -> bool {
        *self.weather.lock().unwrap() == weather
    }

    fn turns(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }

    /// Before each change; unwinding stands for SIGKILL, as nothing here cleans up on drop.
    fn step(&self) {
        let mut steps = self.steps.lock().unwrap();
        if let Some(left) = *steps {
            let Some(fewer) = left.checked_sub(1) else {
                drop(steps);
                resume_unwind(Box::new("killed"))
            };
            *steps = Some(fewer);
        }
    }

    fn keys(&self) -> Vec<EntryName> {
        self.entries.lock().unwrap().keys().cloned().collect()
    }
}

fn locked() -> KeyStoreError {
    KeyStoreError::Locked { why: "prompt dismissed".into() }
}

impl KeyStore for Outside {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
        if self.is(Weather::Locked) || self.is(Weather::NoGet) {
            return Err(locked());
        }
        let kept = self.entries.lock().unwrap().get(name).cloned().map(Zeroizing::new);
        Ok(kept.filter(|_| !self.is(Weather::NoCollection)))
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        if self.is(Weather::Locked) || self.is(Weather::NoCollection) || self.is(Weather::NoSet) {
            return Err(locked());
        }
        self.step();
        self.entries.lock().unwrap().insert(name.clone(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        if self.is(Weather::Locked) || self.is(Weather::NoDelete) {
            return Err(locked());
        }
        if self.is(Weather::NoCollection) {
            return Ok(false);
        }
        self.step();
        Ok(self.entries.lock().unwrap().remove(name).is_some())
    }

    fn describe(&self) -> String {
        "a key store for tests".into()
    }
}

/// A file store with the faults of `outside`.
struct Disk {
    files: FileStore,
    outside: Arc<Outside>,
}

struct DiskLock<'a> {
    lock: Box<dyn ProfileLock + 'a>,
    outside: &'a Outside,
}

impl ProfileLock for DiskLock<'_> {
    fn key_ids(&mut self) -> Result<Vec<KeyId>, StoreError> {
        self.lock.key_ids()
    }

    fn set_key_ids(&mut self, ids: &[KeyId]) -> Result<(), StoreError> {
        self.outside.step();
        self.lock.set_key_ids(ids)
    }
}

impl SessionStore for Disk {
    fn describe(&self) -> String {
        "a disk".to_owned()
    }

    fn load(&self, profile: &Profile) -> Result<Option<Vec<u8>>, StoreError> {
        self.files.load(profile)
    }

    fn save(&self, sealed: &SealedSession) -> Result<(), StoreError> {
        self.outside.step();
        let full = || FileError::Io { path: "disk".into(), cause: std::io::Error::other("full") };
        if self.outside.is(Weather::NoSave) {
            return Err(full().into());
        }
        self.files.save(sealed)?;
        if self.outside.is(Weather::LateSave) { Err(full().into()) } else { Ok(()) }
    }

    fn delete(&self, profile: &Profile) -> Result<bool, StoreError> {
        self.outside.step();
        self.files.delete(profile)
    }

    fn lock(&self, profile: &Profile) -> Result<Box<dyn ProfileLock + '_>, StoreError> {
        let lock = self.files.lock(profile)?;
        Ok(Box::new(DiskLock { lock, outside: &self.outside }))
    }
}

struct World {
    vault: Vault,
    outside: Arc<Outside>,
    paths: Paths,
    _root: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let paths = Paths::below(root.path());
        let outside = Arc::new(Outside::default());
        let disk = Disk { files: FileStore::new(paths.clone()), outside: outside.clone() };
        let vault = Vault::new(Arc::new(disk), outside.clone());
        Self { vault, outside, paths, _root: root }
    }

    /// With "first" signed in.
    fn signed_in() -> Self {
        let world = Self::new();
        assert!(world.vault.replace(&session("first")).unwrap().is_none());
        world
    }

    fn open(&self) -> Result<Opened, VaultError> {
        self.vault.open(&Profile::default(), at(0))
    }

    /// The token of the live session, if there is one.
    fn token(&self) -> Option<String> {
        match self.open().unwrap() {
            Opened::Live(session) => Some(session.access_token.expose().to_owned()),
            Opened::Nobody => None,
            Opened::Expired(_) | Opened::Lapsed => panic!("ended"),
        }
    }

    fn file(&self) -> PathBuf {
        self.paths.session_file(&Profile::default())
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.file()).unwrap()
    }

    fn files_left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.paths.sessions()).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn is_damaged(opened: &Result<Opened, VaultError>) -> bool {
    matches!(opened, Err(VaultError::Seal(SealError::Damaged)))
}
