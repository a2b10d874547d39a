//! Databases in which several machines can keep bytes, and locks that all of them respect.
//!
//! Whoever speaks to one waits a few seconds at most for each answer. The bytes mean nothing here:
//! what lies in a database is sealed by those who put it there.

pub mod connection;
pub mod database_error;
pub mod lease;
mod password;
pub mod postgres;
mod postgres_error;
mod postgres_work;
pub mod reconnecting;
pub mod redis;
mod redis_work;
mod time_limit;
pub mod work_list;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub use database_error::DatabaseError;
pub use work_list::WorkList;

use crate::settings::{DatabaseAddress, DatabaseKind};
use reconnecting::Reconnecting;

/// More than a session or a key is long: whoever put more there is not to fill our memory with it.
pub const LONGEST: usize = 128 * 1024;

/// Bytes under keys, and locks by name. Every call blocks, for a few seconds at most where it does
/// not wait for a lock.
pub trait Database: Send + Sync {
    /// What lies under `key` and has not ended, by the clock of the database; of more than
    /// [`LONGEST`] bytes only the first, and one more than that.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, DatabaseError> {
        self.load_up_to(key, LONGEST)
    }

    /// The same of what may be `longest` bytes long.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn load_up_to(&self, key: &Key, longest: usize) -> Result<Option<Vec<u8>>, DatabaseError>;

    /// Puts `bytes` under `key`, over what was there, to be forgotten at `end` if one is named.
    ///
    /// # Errors
    /// [`DatabaseError`]; it may have been done all the same where the answer was lost.
    fn save(&self, key: &Key, bytes: &[u8], end: Option<Timestamp>) -> Result<(), DatabaseError>;

    /// Deletes what lies under `key`; says whether there was anything.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn delete(&self, key: &Key) -> Result<bool, DatabaseError>;

    /// Waits until nobody else, on whatever machine, holds the lock of that name, and takes it. A
    /// holder that is killed loses it after `lease` at the latest; one that lives keeps it until
    /// it is dropped, for as long as it reaches the database. `taken` is called when somebody else
    /// turns out to hold it.
    ///
    /// # Errors
    /// [`DatabaseError::Busy`] after `patience`, and the others.
    fn lock(
        &self,
        name: &str,
        lease: Duration,
        patience: Duration,
        taken: &mut dyn FnMut(),
    ) -> Result<Box<dyn DatabaseLock>, DatabaseError>;

    /// Whether everything that was saved is still there after the server was killed; `None` where
    /// it does not say.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn survives_a_crash(&self) -> Result<Option<bool>, DatabaseError>;

    /// Its address in a person's words, without any secret.
    fn describe(&self) -> String;
}

/// A lock that is held until it is dropped.
pub trait DatabaseLock: Send {
    /// Proves that it is still held, and begins the lease anew; returns the time by the clock of
    /// the database, which is the same for all machines.
    ///
    /// # Errors
    /// [`DatabaseError::LockLost`] where somebody else may have it by now, and the others.
    fn hold(&mut self) -> Result<Timestamp, DatabaseError>;

    /// Puts `bytes` under `key` as [`Database::save`] does, if the lock is still held, in one step
    /// with looking: who has lost it writes over nothing of who has it now.
    ///
    /// # Errors
    /// [`DatabaseError::LockLost`] and the others.
    fn save(&mut self, key: &Key, bytes: &[u8], end: Timestamp) -> Result<(), DatabaseError>;

    /// Deletes what lies under `key`, in the same way.
    ///
    /// # Errors
    /// [`DatabaseError::LockLost`] and the others.
    fn delete(&mut self, key: &Key) -> Result<(), DatabaseError>;
}

/// Where something lies in a database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What kind of thing it is.
    pub shelf: &'static str,
    /// Which one.
    pub name: String,
}

impl Key {
    /// The thing called `name` on `shelf`.
    pub fn new(shelf: &'static str, name: impl Into<String>) -> Self {
        Self { shelf, name: name.into() }
    }
}

/// What each kind of database can do.
trait Able: Database + WorkList {}

impl<T: Database + WorkList> Able for T {}

/// The database at `address`; nothing is connected yet.
pub fn at(address: Arc<DatabaseAddress>) -> Arc<dyn Database> {
    of_its_kind(address)
}

/// The list of work in the database at `address`, over connections of its own; nothing is
/// connected yet.
pub fn work_list_at(address: Arc<DatabaseAddress>) -> Arc<dyn WorkList> {
    of_its_kind(address)
}

fn of_its_kind(address: Arc<DatabaseAddress>) -> Arc<dyn Able> {
    match address.kind {
        DatabaseKind::Redis => Arc::new(Reconnecting::<redis::Redis>::new(address)),
        DatabaseKind::Postgres => Arc::new(Reconnecting::<postgres::Postgres>::new(address)),
    }
}
