//! One connection to a database: what differs between the databases.

use std::time::Duration;

use jiff::Timestamp;

use super::{DatabaseError, Key};
use crate::settings::DatabaseAddress;

/// One connection. Every call blocks.
pub trait Connection: Send + Sized + 'static {
    /// Whether a lock belongs to whoever knows its token, on whatever connection; otherwise it
    /// ends with the connection that took it.
    const LOCKS_BY_TOKEN: bool;

    /// Connects and signs in.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn open(address: &DatabaseAddress) -> Result<Self, DatabaseError>;

    /// As [`super::Database::load_up_to`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn load(&mut self, key: &Key, longest: usize) -> Result<Option<Vec<u8>>, DatabaseError>;

    /// As [`super::Database::save`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn save(
        &mut self,
        key: &Key,
        bytes: &[u8],
        end: Option<Timestamp>,
    ) -> Result<(), DatabaseError>;

    /// As [`super::Database::delete`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn delete(&mut self, key: &Key) -> Result<bool, DatabaseError>;

    /// Takes a lock if nobody has it; says whether it did.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn try_lock(&mut self, lock: &LockName) -> Result<bool, DatabaseError>;

    /// Begins the lease anew, if the lock is still ours; returns the time by the clock of the
    /// database.
    ///
    /// # Errors
    /// [`DatabaseError::LockLost`] and the others.
    fn hold(&mut self, lock: &LockName) -> Result<Timestamp, DatabaseError>;

    /// As [`super::DatabaseLock::save`].
    ///
    /// # Errors
    /// [`DatabaseError::LockLost`] and the others.
    fn save_under(
        &mut self,
        lock: &LockName,
        key: &Key,
        sealed: (&[u8], Timestamp),
    ) -> Result<(), DatabaseError>;

    /// As [`super::DatabaseLock::delete`].
    ///
    /// # Errors
    /// [`DatabaseError::LockLost`] and the others.
    fn delete_under(&mut self, lock: &LockName, key: &Key) -> Result<(), DatabaseError>;

    /// Gives a lock back, if it is still ours.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn unlock(&mut self, lock: &LockName) -> Result<(), DatabaseError>;

    /// As [`super::Database::survives_a_crash`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn survives_a_crash(&mut self) -> Result<Option<bool>, DatabaseError>;
}

/// A lock, and what makes it ours.
#[derive(Clone, Debug)]
pub struct LockName {
    /// What is locked.
    pub name: String,
    /// Random, so that nobody gives back or extends the lock of another.
    pub token: String,
    /// How long it lasts after its holder was killed, at most.
    pub lease: Duration,
}
