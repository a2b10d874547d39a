//! What only one run at a time may do, on all machines that share a store.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::StoreError;
use crate::database::{Database, DatabaseLock};
use crate::model::Profile;
use crate::paths::Paths;
use crate::private_files::{lock_private, try_lock_private};

/// How long a request may take that nobody else may make at the same time: a lock in a database is
/// surely held for so long after [`Turn::hold`].
pub const HELD_FOR: Duration = Duration::from_secs(20);
/// How soon others have their turn after a holder was killed, where the database does not notice
/// that at once. More than [`HELD_FOR`], by what [`Turn::hold`] may take.
const LEASE: Duration = Duration::from_secs(25);
/// The same for a matter in which no request is made.
const SHORT_LEASE: Duration = Duration::from_secs(4);
/// Whoever waits for a turn decides how long; this only ends what was given up long ago.
const PATIENCE: Duration = Duration::from_secs(180);

/// What there are turns for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Using, changing or ending the standing grant of a profile.
    Grant(Profile),
    /// Registering a client.
    Registering,
    /// Storing a client, or another entry that all profiles share.
    Client,
    /// An import of a profile, or its removal: two that read before either has written would
    /// both create everything.
    Import(Profile),
    /// An import into an account, for which a trace stands, or a removal: two profiles of it would
    /// both create everything.
    Account(String),
}

/// Hands out turns.
pub trait Turns: Send + Sync {
    /// Waits for a turn, for minutes if need be: run it under [`crate::keys::within_limit`].
    ///
    /// # Errors
    /// [`StoreError`].
    fn take(&self, matter: &Matter) -> Result<Box<dyn Turn>, StoreError> {
        self.take_in_line(matter, &mut || {})
    }

    /// The same. `taken` is called when somebody else turns out to have it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn take_in_line(
        &self,
        matter: &Matter,
        taken: &mut dyn FnMut(),
    ) -> Result<Box<dyn Turn>, StoreError>;

    /// Whether somebody may have had this turn before; where not, there is nothing that was done
    /// in one.
    fn may_have_been_taken(&self, matter: &Matter) -> bool;

    /// Whether everything that is kept here is still there after a crash of whoever keeps it;
    /// `None` where nobody says.
    ///
    /// # Errors
    /// [`StoreError`].
    fn survives_a_crash(&self) -> Result<Option<bool>, StoreError>;
}

/// A turn, which lasts until it is dropped.
pub trait Turn: Send {
    /// Proves that the turn still lasts, and will for [`HELD_FOR`]. Returns the time by the clock
    /// that all who take turns share, where that is not the clock of this machine.
    ///
    /// # Errors
    /// [`StoreError`]: somebody else may have the turn by now.
    fn hold(&mut self) -> Result<Option<Timestamp>, StoreError>;

    /// The lock in a database by which the turn lasts, where it is one.
    fn lock(&mut self) -> Option<&mut dyn DatabaseLock> {
        None
    }
}

/// Turns among the processes of one installation: locks of files, which end with their holder.
#[derive(Clone, Debug)]
pub struct FileTurns(Paths);

impl FileTurns {
    /// Turns in `paths`.
    pub fn new(paths: Paths) -> Self {
        Self(paths)
    }

    fn file(&self, matter: &Matter) -> PathBuf {
        match matter {
            Matter::Grant(profile) => self.0.grant_lock(profile),
            Matter::Registering => self.0.registering_lock(),
            Matter::Client => self.0.registration_lock(),
            Matter::Import(profile) => self.0.import_lock(profile),
            Matter::Account(trace) => self.0.account_lock(trace),
        }
    }
}

impl Turns for FileTurns {
    fn take_in_line(
        &self,
        matter: &Matter,
        taken: &mut dyn FnMut(),
    ) -> Result<Box<dyn Turn>, StoreError> {
        let file = self.file(matter);
        let locked = match try_lock_private(&file)? {
            Some(locked) => locked,
            None => {
                taken();
                lock_private(&file)?
            }
        };
        Ok(Box::new(FileTurn { _locked: locked }))
    }

    fn may_have_been_taken(&self, matter: &Matter) -> bool {
        self.file(matter).exists()
    }

    fn survives_a_crash(&self) -> Result<Option<bool>, StoreError> {
        Ok(Some(true))
    }
}

struct FileTurn {
    _locked: File,
}

impl Turn for FileTurn {
    fn hold(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }
}

/// Turns of a run that keeps nothing: nobody else has anything of it.
#[derive(Clone, Copy, Debug)]
pub struct MemoryTurns;

impl Turns for MemoryTurns {
    fn take_in_line(&self, _: &Matter, _: &mut dyn FnMut()) -> Result<Box<dyn Turn>, StoreError> {
        Ok(Box::new(FreeTurn))
    }

    fn may_have_been_taken(&self, _: &Matter) -> bool {
        true
    }

    fn survives_a_crash(&self) -> Result<Option<bool>, StoreError> {
        Ok(None)
    }
}

struct FreeTurn;

impl Turn for FreeTurn {
    fn hold(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }
}

/// Turns of a machine whose sessions lie in a database.
///
/// What its keys are kept in decides about most: where that is the database, too, they are turns
/// among all machines, and otherwise turns among the processes of this one, which share the same
/// keys wherever their sessions lie. An import needs both turns: it changes the record, which
/// may lie on this machine, and what any machine may import.
pub struct DatabaseTurns {
    database: Arc<dyn Database>,
    here: FileTurns,
    shares_keys: bool,
}

impl DatabaseTurns {
    /// Turns in `database`, and in `here`; `shares_keys` if the keys lie in the database as well.
    pub fn new(database: Arc<dyn Database>, here: FileTurns, shares_keys: bool) -> Self {
        Self { database, here, shares_keys }
    }
}

impl Turns for DatabaseTurns {
    fn take_in_line(
        &self,
        matter: &Matter,
        taken: &mut dyn FnMut(),
    ) -> Result<Box<dyn Turn>, StoreError> {
        let (name, lease) = match matter {
            Matter::Import(profile) => (format!("import/{profile}"), LEASE),
            // Whose it is, a database is not told.
            Matter::Account(_) => return self.here.take_in_line(matter, taken),
            _ if !self.shares_keys => return self.here.take_in_line(matter, taken),
            Matter::Grant(profile) => (format!("grant/{profile}"), LEASE),
            Matter::Registering => ("registering".to_owned(), LEASE),
            Matter::Client => ("client".to_owned(), SHORT_LEASE),
        };
        let here = match matter {
            Matter::Import(_) => Some(self.here.take_in_line(matter, taken)?),
            _ => None,
        };
        let there = self.database.lock(&name, lease, PATIENCE, taken)?;
        Ok(Box::new(DatabaseTurn { there, _here: here }))
    }

    fn may_have_been_taken(&self, matter: &Matter) -> bool {
        self.shares_keys || self.here.may_have_been_taken(matter)
    }

    fn survives_a_crash(&self) -> Result<Option<bool>, StoreError> {
        match self.shares_keys {
            true => Ok(self.database.survives_a_crash()?),
            false => self.here.survives_a_crash(),
        }
    }
}

struct DatabaseTurn {
    there: Box<dyn DatabaseLock>,
    _here: Option<Box<dyn Turn>>,
}

impl Turn for DatabaseTurn {
    fn hold(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(Some(self.there.hold()?))
    }

    fn lock(&mut self) -> Option<&mut dyn DatabaseLock> {
        Some(&mut *self.there)
    }
}
