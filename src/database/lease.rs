//! A lock that is held by a connection of its own.
//!
//! Nobody can hold a lock in a database for sure: it ends with the lease, or with the connection,
//! and its holder may be the last to know. So a thread extends it well before it ends, and before
//! each step that nobody else may take at the same time the holder asks the database itself,
//! which begins the lease anew: it then has it for a whole lease, or it does not take the step.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::connection::{Connection, LockName};
use super::time_limit::{ANSWER_LIMIT, CONNECT_LIMIT, within};
use super::{DatabaseError, DatabaseLock, Key};
use crate::settings::DatabaseAddress;

/// How often to look whether somebody else's lock has ended: at first, and after a while.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
/// How many times a lease is extended before it would end.
const EXTENSIONS: u32 = 5;

/// What the thread that holds the lock is asked to do.
type Question<C> = Box<dyn FnOnce(&mut Keeper<C>) + Send>;

/// A lock that is held; its drop gives it back.
pub(super) struct Lease<C> {
    address: Arc<DatabaseAddress>,
    /// Hung up on to have the lock given back.
    questions: Option<Sender<Question<C>>>,
    given_back: Receiver<()>,
    lease: Duration,
}

impl<C: Connection> Lease<C> {
    /// As [`super::Database::lock`].
    pub(super) fn take(
        address: &Arc<DatabaseAddress>,
        name: &str,
        (lease, patience): (Duration, Duration),
        taken: &mut dyn FnMut(),
    ) -> Result<Self, DatabaseError> {
        let token = uuid::Uuid::new_v4().simple().to_string();
        let lock = LockName { name: name.to_owned(), token, lease };
        let silent = || DatabaseError::silent(address);
        let there = address.clone();
        let opened = within(CONNECT_LIMIT, move || C::open(&there)).ok_or_else(silent)?;
        let mut connection = opened?;
        let (start, mut pause, mut told) = (Instant::now(), FIRST_PAUSE, false);
        loop {
            let asked = lock.clone();
            let tried = within(ANSWER_LIMIT, move || (connection.try_lock(&asked), connection));
            let (is_mine, back) = tried.ok_or_else(silent)?;
            if is_mine? {
                return Self::keep(address, back, lock);
            }
            connection = back;
            if !std::mem::replace(&mut told, true) {
                taken();
            }
            if start.elapsed() > patience {
                return Err(DatabaseError::Busy { place: address.to_string() });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn keep(
        address: &Arc<DatabaseAddress>,
        connection: C,
        lock: LockName,
    ) -> Result<Self, DatabaseError> {
        let (questions, asked) = mpsc::channel();
        let (sender, given_back) = mpsc::sync_channel(1);
        let (lease, there) = (lock.lease, address.clone());
        let keeper = Keeper { address: there, connection, lock };
        let thread = thread::Builder::new().name("database lock".to_owned());
        let spawned = thread.spawn(move || {
            keeper.run(&asked);
            // Nobody waits any more where the process is about to end.
            let _ = sender.send(());
        });
        spawned.map_err(|error| DatabaseError::Failed {
            place: address.to_string(),
            why: error.to_string(),
        })?;
        let (address, questions) = (address.clone(), Some(questions));
        Ok(Self { address, questions, given_back, lease })
    }

    /// Has the thread do `work`, and waits for what it comes to.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Keeper<C>) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let lost = || DatabaseError::LockLost { place: self.address.to_string() };
        let (sender, answer) = mpsc::channel();
        let questions = self.questions.as_ref().ok_or_else(lost)?;
        // Nobody listens any more where the wait was given up.
        let question: Question<C> = Box::new(move |keeper| drop(sender.send(work(keeper))));
        questions.send(question).map_err(|_| lost())?;
        let limit = CONNECT_LIMIT + ANSWER_LIMIT;
        answer.recv_timeout(limit).map_err(|_| DatabaseError::silent(&self.address))?
    }
}

impl<C: Connection> DatabaseLock for Lease<C> {
    fn hold(&mut self) -> Result<Timestamp, DatabaseError> {
        let asked = Instant::now();
        let now = self.ask(Keeper::hold)?;
        // An answer that was long on its way leaves less of the lease than is counted on.
        match asked.elapsed() > self.lease / EXTENSIONS {
            true => Err(DatabaseError::LockLost { place: self.address.to_string() }),
            false => Ok(now),
        }
    }

    fn save(&mut self, key: &Key, bytes: &[u8], end: Timestamp) -> Result<(), DatabaseError> {
        let (key, bytes) = (key.clone(), bytes.to_vec());
        self.ask(move |keeper| {
            keeper.on_lock(|connection, lock| connection.save_under(lock, &key, (&bytes, end)))
        })
    }

    fn delete(&mut self, key: &Key) -> Result<(), DatabaseError> {
        let key = key.clone();
        self.ask(move |keeper| {
            keeper.on_lock(|connection, lock| connection.delete_under(lock, &key))
        })
    }
}

impl<C> Drop for Lease<C> {
    /// Waits until the lock is given back: a process that ends before would leave it to others
    /// only when its lease ends.
    fn drop(&mut self) {
        self.questions = None;
        if self.given_back.recv_timeout(ANSWER_LIMIT) == Err(RecvTimeoutError::Timeout) {
            tracing::debug!("the lock was not given back in time, and ends by itself");
        }
    }
}

/// The thread that holds a lock.
struct Keeper<C> {
    address: Arc<DatabaseAddress>,
    connection: C,
    lock: LockName,
}

impl<C: Connection> Keeper<C> {
    /// Extends the lease and answers questions, until nobody can ask any more.
    fn run(mut self, asked: &Receiver<Question<C>>) {
        loop {
            match asked.recv_timeout(self.lock.lease / EXTENSIONS) {
                Ok(question) => question(&mut self),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = self.hold() {
                        tracing::debug!(%error, "the lease was not extended");
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Err(error) = self.connection.unlock(&self.lock) {
            tracing::debug!(%error, "the lock was not given back");
        }
    }

    fn hold(&mut self) -> Result<Timestamp, DatabaseError> {
        self.on_lock(|connection, lock| connection.hold(lock))
    }

    /// Does what can be done twice, on another connection if the lock is not bound to this one.
    fn on_lock<T>(
        &mut self,
        work: impl Fn(&mut C, &LockName) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        match work(&mut self.connection, &self.lock) {
            Err(DatabaseError::Unreachable { .. }) if C::LOCKS_BY_TOKEN => {
                self.connection = C::open(&self.address)?;
                work(&mut self.connection, &self.lock)
            }
            done => done,
        }
    }
}
