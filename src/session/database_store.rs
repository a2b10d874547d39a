//! Sealed sessions in a database.

use std::sync::Arc;
use std::time::Duration;

use super::{ProfileLock, SealedSession, SessionStore, StoreError};
use crate::database::{Database, DatabaseLock, Key};
use crate::keys::KeyId;
use crate::model::Profile;

/// How soon others may write after a holder of the lock was killed, and how long to wait for one:
/// nobody holds it over a request to Todoist, or while a person is waited for.
const LEASE: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(8);

/// Each session under its profile until it expires, when the database forgets it, and beside it
/// the list of its keys. Every machine that uses the database sees the same.
pub struct DatabaseStore(Arc<dyn Database>);

impl DatabaseStore {
    /// The store in `database`.
    pub fn new(database: Arc<dyn Database>) -> Self {
        Self(database)
    }
}

fn session(profile: &Profile) -> Key {
    Key::new("session", profile.to_string())
}

impl SessionStore for DatabaseStore {
    fn load(&self, profile: &Profile) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.load(&session(profile))?)
    }

    fn save(&self, sealed: &SealedSession) -> Result<(), StoreError> {
        let (key, end) = (session(sealed.profile()), sealed.expires_at());
        Ok(self.0.save(&key, &sealed.to_bytes(), Some(end))?)
    }

    fn delete(&self, profile: &Profile) -> Result<bool, StoreError> {
        Ok(self.0.delete(&session(profile))?)
    }

    fn describe(&self) -> String {
        self.0.describe()
    }

    fn lock(&self, profile: &Profile) -> Result<Box<dyn ProfileLock + '_>, StoreError> {
        let lock = self.0.lock(&format!("session/{profile}"), LEASE, PATIENCE, &mut || {})?;
        let list = Key::new("key-ids", profile.to_string());
        Ok(Box::new(Locked { database: &*self.0, list, _lock: lock }))
    }
}

/// The lock in the database; beside it, the list of key ids, one a line.
struct Locked<'a> {
    database: &'a dyn Database,
    list: Key,
    _lock: Box<dyn DatabaseLock>,
}

impl ProfileLock for Locked<'_> {
    fn key_ids(&mut self) -> Result<Vec<KeyId>, StoreError> {
        let list = self.database.load(&self.list)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&list).lines().flat_map(str::parse).collect())
    }

    fn set_key_ids(&mut self, ids: &[KeyId]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(self.database.delete(&self.list).map(drop)?);
        }
        let list: String = ids.iter().map(|id| format!("{id}\n")).collect();
        Ok(self.database.save(&self.list, list.as_bytes(), None)?)
    }
}
