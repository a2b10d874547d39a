//! Why a database did not do what was asked.

use crate::http::Distrust;
use crate::settings::DatabaseAddress;

/// Why a database did not do what was asked. Each prints as one line that names the database and
/// no secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DatabaseError {
    /// No connection came about, or it broke.
    #[error("the session store {place} cannot be reached: {why}")]
    Unreachable {
        /// The database.
        place: String,
        /// What the attempt met.
        why: String,
    },
    /// It was reached and said nothing in time.
    #[error("the session store {place} cannot be reached: it does not answer")]
    Silent {
        /// The database.
        place: String,
    },
    /// It did not prove that it is the one that we want to talk to.
    #[error("the certificate of the session store {place} {distrust}")]
    Certificate {
        /// The database.
        place: String,
        /// Why its proof does not count.
        distrust: Distrust,
    },
    /// It does not let us in, or not at what we need: something for the person to put right.
    #[error("the session store {place} cannot be used: {why}")]
    Access {
        /// The database.
        place: String,
        /// What to put right.
        why: String,
    },
    /// It cannot do it now.
    #[error("the session store {place} takes nothing now: {why}")]
    Unavailable {
        /// The database.
        place: String,
        /// Its reason.
        why: String,
    },
    /// Somebody else has the lock for longer than we wait.
    #[error("another run holds a lock in the session store {place}, and does not come to an end")]
    Busy {
        /// The database.
        place: String,
    },
    /// The lock that was held may be another's by now.
    #[error("the lock in the session store {place} was lost while it was held")]
    LockLost {
        /// The database.
        place: String,
    },
    /// Any other refusal, which no later try would change.
    #[error("the session store {place} failed: {why}")]
    Failed {
        /// The database.
        place: String,
        /// What it said.
        why: String,
    },
}

impl DatabaseError {
    /// Whether the connection is of no use any more, so that another one could help.
    pub(super) fn ends_connection(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Silent { .. } | Self::LockLost { .. })
    }

    pub(super) fn silent(address: &DatabaseAddress) -> Self {
        Self::Silent { place: address.to_string() }
    }
}
