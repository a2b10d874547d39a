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
pub enum Ledger {
    /// Two files.
    Files {
        /// The file of the record.
        record: PathBuf,
        /// The file of the journal.
        journal: PathBuf,
    },
    /// None: a run that keeps nothing begins without, and leaves none. What it made is known
    /// again by the link in each task.
    Nowhere,
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
        let Self::Files { record, .. } = self else { return Ok(None) };
        let bytes = read_private(record, LONGEST)?;
        Ok(bytes.and_then(|bytes| Record::parse(&bytes, account)))
    }

    /// The journal of `account`, if a run left one.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn journal_of(&self, account: &str) -> Result<Option<Journal>, FileError> {
        let Self::Files { journal, .. } = self else { return Ok(None) };
        let bytes = read_private(journal, LONGEST)?;
        Ok(bytes.and_then(|bytes| Journal::parse(&bytes, account)))
    }

    /// Replaces the record.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn keep(&self, kept: &Record) -> Result<(), LedgerError> {
        let Self::Files { record, .. } = self else { return Ok(()) };
        Ok(write_private_in_turn(record, &serde_json::to_vec(kept)?)?)
    }

    /// Writes down what is about to be sent.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing may be sent.
    pub fn announce(&self, next: &Journal) -> Result<(), LedgerError> {
        let Self::Files { journal, .. } = self else { return Ok(()) };
        Ok(write_private_in_turn(journal, &serde_json::to_vec(next)?)?)
    }

    /// Strikes the journal out: its answer is in the record.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn settle(&self) -> Result<(), FileError> {
        let Self::Files { journal, .. } = self else { return Ok(()) };
        remove(journal).map(drop)
    }
}
