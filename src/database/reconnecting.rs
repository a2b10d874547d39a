//! A database over whatever connections it takes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::connection::Connection;
use super::lease::Lease;
use super::time_limit::{ANSWER_LIMIT, CONNECT_LIMIT, within};
use super::{Database, DatabaseError, DatabaseLock, Key};
use crate::settings::DatabaseAddress;

/// For how long a database that did not answer is not asked again: a run that has several things
/// to ask waits once.
const SILENCE: Duration = Duration::from_secs(30);

/// How many connections are kept for calls at the same time, as of a run for many profiles.
const KEPT: usize = 8;

/// Keeps the connections of a run for its next calls, and makes others where they have broken:
/// whoever imports for minutes notices nothing of a server that was restarted meanwhile.
pub struct Reconnecting<C> {
    address: Arc<DatabaseAddress>,
    idle: Mutex<Vec<C>>,
    silent_since: Mutex<Option<Instant>>,
}

impl<C: Connection> Reconnecting<C> {
    /// The database at `address`; nothing is connected yet.
    pub fn new(address: Arc<DatabaseAddress>) -> Self {
        Self { address, idle: Mutex::default(), silent_since: Mutex::default() }
    }

    /// Does `work`, which can be done twice, on a connection that is there, and else, or where
    /// that turns out to be broken, on a new one.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl Fn(&mut C) -> Result<T, DatabaseError> + Clone + Send + 'static,
    ) -> Result<T, DatabaseError> {
        self.check_silence()?;
        let idle = entered(&self.idle).pop();
        if let Some(mut connection) = idle {
            let work = work.clone();
            let done = within(ANSWER_LIMIT, move || (work(&mut connection), connection));
            match self.heard(done)? {
                (Err(DatabaseError::Unreachable { why, .. }), _) => {
                    tracing::debug!(why, "the connection to the session store broke");
                }
                (result, connection) => return self.settle(result, connection),
            }
        }
        let address = self.address.clone();
        let done = within(CONNECT_LIMIT + ANSWER_LIMIT, move || {
            let mut connection = C::open(&address)?;
            Ok((work(&mut connection), connection))
        });
        match self.heard(done)? {
            Ok((result, connection)) => self.settle(result, connection),
            Err(error) => Err(self.noted(error)),
        }
    }

    fn settle<T>(
        &self,
        result: Result<T, DatabaseError>,
        connection: C,
    ) -> Result<T, DatabaseError> {
        if !result.as_ref().is_err_and(DatabaseError::ends_connection) {
            let mut idle = entered(&self.idle);
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
        result.map_err(|error| self.noted(error))
    }

    fn heard<T>(&self, done: Option<T>) -> Result<T, DatabaseError> {
        done.ok_or_else(|| self.noted(DatabaseError::silent(&self.address)))
    }

    fn noted(&self, error: DatabaseError) -> DatabaseError {
        if let DatabaseError::Silent { .. } = error {
            *entered(&self.silent_since) = Some(Instant::now());
        }
        error
    }

    fn check_silence(&self) -> Result<(), DatabaseError> {
        match *entered(&self.silent_since) {
            Some(since) if since.elapsed() < SILENCE => Err(DatabaseError::silent(&self.address)),
            _ => Ok(()),
        }
    }
}

impl<C: Connection> Database for Reconnecting<C> {
    fn load_up_to(&self, key: &Key, longest: usize) -> Result<Option<Vec<u8>>, DatabaseError> {
        let key = key.clone();
        self.run(move |connection| connection.load(&key, longest))
    }

    fn save(&self, key: &Key, bytes: &[u8], end: Option<Timestamp>) -> Result<(), DatabaseError> {
        let (key, bytes) = (key.clone(), bytes.to_vec());
        self.run(move |connection| connection.save(&key, &bytes, end))
    }

    fn delete(&self, key: &Key) -> Result<bool, DatabaseError> {
        let key = key.clone();
        self.run(move |connection| connection.delete(&key))
    }

    fn lock(
        &self,
        name: &str,
        lease: Duration,
        patience: Duration,
        taken: &mut dyn FnMut(),
    ) -> Result<Box<dyn DatabaseLock>, DatabaseError> {
        self.check_silence()?;
        let lock = Lease::<C>::take(&self.address, name, (lease, patience), taken);
        Ok(Box::new(lock.map_err(|error| self.noted(error))?))
    }

    fn survives_a_crash(&self) -> Result<Option<bool>, DatabaseError> {
        self.run(C::survives_a_crash)
    }

    fn describe(&self) -> String {
        self.address.to_string()
    }
}

/// No step under these locks can break off halfway.
fn entered<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
