//! Sealed sessions that end with the process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{ProfileLock, SealedSession, SessionStore, StoreError};
use crate::keys::KeyId;
use crate::model::Profile;

/// Keeps sealed sessions in memory, for this process only. Its lock is for all profiles at once.
#[derive(Debug, Default)]
pub struct MemoryStore {
    sessions: Mutex<HashMap<Profile, Vec<u8>>>,
    key_ids: Mutex<HashMap<Profile, Vec<KeyId>>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

impl SessionStore for MemoryStore {
    fn load(&self, profile: &Profile) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(entered(&self.sessions).get(profile).cloned())
    }

    fn save(&self, sealed: &SealedSession) -> Result<(), StoreError> {
        entered(&self.sessions).insert(sealed.profile().clone(), sealed.to_bytes());
        Ok(())
    }

    fn delete(&self, profile: &Profile) -> Result<bool, StoreError> {
        Ok(entered(&self.sessions).remove(profile).is_some())
    }

    fn lock(&self, profile: &Profile) -> Result<Box<dyn ProfileLock + '_>, StoreError> {
        Ok(Box::new(MemoryLock { ids: entered(&self.key_ids), profile: profile.clone() }))
    }

    fn describe(&self) -> String {
        "the memory of this run".to_owned()
    }
}

struct MemoryLock<'a> {
    ids: MutexGuard<'a, HashMap<Profile, Vec<KeyId>>>,
    profile: Profile,
}

impl ProfileLock for MemoryLock<'_> {
    fn key_ids(&mut self) -> Result<Vec<KeyId>, StoreError> {
        Ok(self.ids.get(&self.profile).cloned().unwrap_or_default())
    }

    fn set_key_ids(&mut self, ids: &[KeyId]) -> Result<(), StoreError> {
        self.ids.insert(self.profile.clone(), ids.to_vec());
        Ok(())
    }
}

/// No step here can break off halfway, so what a panicking thread held is still whole.
fn entered<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
