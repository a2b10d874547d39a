//! A list of names that several hosts work off together: each name is leased to one host at a
//! time, by the database's own means and by its clock. The lease of a host that was killed
//! lapses, and another host takes the name.

use std::time::Duration;

use jiff::Timestamp;

use super::connection::Connection;
use super::reconnecting::Reconnecting;
use super::{DatabaseError, Key};

/// The shelf on which something lies for each profile that has signed in, until it signs out.
pub const SIGNED_IN: &str = "key-ids";

/// A name on the list, and what became of it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// What became of it when it was last worked off; `None` where it never was.
    pub done: Option<Done>,
}

/// What became of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// When, by the clock of the database.
    pub at: Timestamp,
    /// By whom.
    pub holder: String,
    /// What whoever did it made of it.
    pub outcome: u8,
}

/// What is asked for with a name of the list.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Who asks; no two who ask share it.
    pub holder: String,
    /// Whatever was done at this instant or later stays done.
    pub since: Timestamp,
    /// How long it stays claimed without being extended.
    pub lease: Duration,
}

/// What there was to claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// This name; nobody else has it.
    Name(String),
    /// Nothing now, and others have not yet done all of what they have.
    OthersHave,
    /// Nothing: all is done.
    Nothing,
}

/// One connection to such a list. Every call blocks.
pub trait WorkConnection: Connection {
    /// As [`WorkList::now`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn now(&mut self) -> Result<Timestamp, DatabaseError>;

    /// As [`WorkList::take_in`]; `shelf` is what lies on it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn take_in(&mut self, shelf: &Key) -> Result<(), DatabaseError>;

    /// As [`WorkList::enter`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn enter(&mut self, name: &str) -> Result<bool, DatabaseError>;

    /// As [`WorkList::strike_out`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn strike_out(&mut self, name: &str) -> Result<bool, DatabaseError>;

    /// As [`WorkList::entries`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn entries(&mut self) -> Result<Vec<Entry>, DatabaseError>;

    /// As [`WorkList::claim`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn claim(&mut self, claim: &Claim) -> Result<Claimed, DatabaseError>;

    /// As [`WorkList::extend`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn extend(&mut self, holder: &str, lease: Duration) -> Result<(), DatabaseError>;

    /// As [`WorkList::settle`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn settle(
        &mut self,
        holder: &str,
        name: &str,
        outcome: Option<u8>,
    ) -> Result<bool, DatabaseError>;
}

/// The list, over whatever connections it takes. Every call blocks for a few seconds at most.
pub trait WorkList: Send + Sync {
    /// The time by the clock of the database, which is the same for all hosts.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn now(&self) -> Result<Timestamp, DatabaseError>;

    /// Puts every name on the list that lies on the shelf `shelf`. None is struck out.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn take_in(&self, shelf: &'static str) -> Result<(), DatabaseError>;

    /// Puts a name on the list, if it is not there yet; says whether there is a list, which not
    /// every user may begin.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn enter(&self, name: &str) -> Result<bool, DatabaseError>;

    /// Takes a name off the list; says whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn strike_out(&self, name: &str) -> Result<bool, DatabaseError>;

    /// All names, in the order of the alphabet.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn entries(&self) -> Result<Vec<Entry>, DatabaseError>;

    /// Takes the name that has waited longest and that nobody has.
    ///
    /// # Errors
    /// [`DatabaseError`]; where the answer was lost, what was claimed lapses by itself.
    fn claim(&self, claim: &Claim) -> Result<Claimed, DatabaseError>;

    /// Begins the leases of all that `holder` has anew.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn extend(&self, holder: &str, lease: Duration) -> Result<(), DatabaseError>;

    /// Gives a name back: done, with its outcome, or as it was. Says whether `holder` still had
    /// it; where not, nothing changes.
    ///
    /// # Errors
    /// [`DatabaseError`].
    fn settle(&self, holder: &str, name: &str, outcome: Option<u8>) -> Result<bool, DatabaseError>;
}

impl<C: WorkConnection> WorkList for Reconnecting<C> {
    fn now(&self) -> Result<Timestamp, DatabaseError> {
        self.run(C::now)
    }

    fn take_in(&self, shelf: &'static str) -> Result<(), DatabaseError> {
        self.run(move |connection| connection.take_in(&Key::new(shelf, "")))
    }

    fn enter(&self, name: &str) -> Result<bool, DatabaseError> {
        let name = name.to_owned();
        self.run(move |connection| connection.enter(&name))
    }

    fn strike_out(&self, name: &str) -> Result<bool, DatabaseError> {
        let name = name.to_owned();
        self.run(move |connection| connection.strike_out(&name))
    }

    fn entries(&self) -> Result<Vec<Entry>, DatabaseError> {
        self.run(C::entries)
    }

    fn claim(&self, claim: &Claim) -> Result<Claimed, DatabaseError> {
        let claim = claim.clone();
        self.run(move |connection| connection.claim(&claim))
    }

    fn extend(&self, holder: &str, lease: Duration) -> Result<(), DatabaseError> {
        let holder = holder.to_owned();
        self.run(move |connection| connection.extend(&holder, lease))
    }

    fn settle(&self, holder: &str, name: &str, outcome: Option<u8>) -> Result<bool, DatabaseError> {
        let (holder, name) = (holder.to_owned(), name.to_owned());
        self.run(move |connection| connection.settle(&holder, &name, outcome))
    }
}
