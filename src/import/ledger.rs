//! Where records and journals lie: beside each other, a pair a profile, private and replaced
//! whole.

use std::path::PathBuf;

use crate::import::journal::Journal;
use crate::import::record::Record;
use crate::private_files::{FileError, read_private, remove, write_private_in_turn};

/// More than the record of the whole league takes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The record and the journal of one profile.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The file of the record.
    pub record: PathBuf,
    /// The file of the journal.
    pub journal: PathBuf,
}

/// A record or a journal could not be written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
    /// None that can happen: texts and numbers can always be written.
    #[error("it cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Ledger {
    /// The record of `account`, if there is a usable one.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn record_of(&self, account: &str) -> Result<Option<Record>, FileError> {
        let bytes = read_private(&self.record, LONGEST)?;
        Ok(bytes.and_then(|bytes| Record::parse(&bytes, account)))
    }

    /// The journal of `account`, if a run left one.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn journal_of(&self, account: &str) -> Result<Option<Journal>, FileError> {
        let bytes = read_private(&self.journal, LONGEST)?;
        Ok(bytes.and_then(|bytes| Journal::parse(&bytes, account)))
    }

    /// Replaces the record.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn keep(&self, record: &Record) -> Result<(), LedgerError> {
        Ok(write_private_in_turn(&self.record, &serde_json::to_vec(record)?)?)
    }

    /// Writes down what is about to be sent.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing may be sent.
    pub fn announce(&self, journal: &Journal) -> Result<(), LedgerError> {
        Ok(write_private_in_turn(&self.journal, &serde_json::to_vec(journal)?)?)
    }

    /// Strikes the journal out: its answer is in the record.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn settle(&self) -> Result<(), FileError> {
        remove(&self.journal).map(drop)
    }
}
