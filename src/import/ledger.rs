//! Where records and journals lie: beside each other, a pair a profile and account, closed to
//! others and replaced whole.

use crate::import::journal::Journal;
use crate::import::ledger_database::SharedLedger;
use crate::import::ledger_files::LedgerFiles;
use crate::import::record::Record;
use crate::import::sealed_text::Unopened;
use crate::keys::KeyStoreError;
use crate::private_files::FileError;

/// The record and the journal of one profile.
#[derive(Clone)]
pub enum Ledger {
    /// Two files of this machine.
    Files(LedgerFiles),
    /// In the database in which the sign-in lies: all machines that share that go on where
    /// another has stopped.
    Shared(SharedLedger),
    /// None: a run that keeps nothing begins without, and leaves none. What it made is known
    /// again by the link in each task.
    Nowhere,
}

/// What an earlier run has left.
pub type Left = (Option<Record>, Option<Journal>);

/// A record or a journal could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database, or the key under which it is sealed there.
    #[error(transparent)]
    Store(#[from] KeyStoreError),
    /// What lies in the database is not for this version.
    #[error(transparent)]
    Unopened(#[from] Unopened),
    /// None that can happen: texts and numbers can always be written.
    #[error("it cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Ledger {
    /// The record of `account`, if there is a usable one, and its journal, if a run left one.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn open(&self, account: &str) -> Result<Left, LedgerError> {
        match self {
            Self::Files(files) => Ok((files.record_of(account)?, files.journal_of(account)?)),
            Self::Shared(shared) => shared.open().await,
            Self::Nowhere => Ok((None, None)),
        }
    }

    /// Replaces the record.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn keep(&self, record: &Record) -> Result<(), LedgerError> {
        match self {
            Self::Files(files) => files.keep(record),
            Self::Shared(shared) => shared.keep(record).await,
            Self::Nowhere => Ok(()),
        }
    }

    /// Writes down what is about to be sent.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing may be sent.
    pub async fn announce(&self, next: &Journal) -> Result<(), LedgerError> {
        match self {
            Self::Files(files) => files.announce(next),
            Self::Shared(shared) => shared.announce(next).await,
            Self::Nowhere => Ok(()),
        }
    }

    /// Strikes the journal out: its answer is in the record.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn settle(&self) -> Result<(), LedgerError> {
        match self {
            Self::Files(files) => Ok(files.settle()?),
            Self::Shared(shared) => shared.settle().await,
            Self::Nowhere => Ok(()),
        }
    }
}
