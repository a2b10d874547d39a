//! Records and journals in files of this machine.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::import::journal::Journal;
use crate::import::ledger::LedgerError;
use crate::import::record::Record;
use crate::private_files::{FileError, read_private, remove, write_private};

/// The two files of one profile and account.
#[derive(Clone, Debug)]
pub struct LedgerFiles {
    /// The file of the record.
    pub record: PathBuf,
    /// The file of the journal.
    pub journal: PathBuf,
}

impl LedgerFiles {
    /// More than the record of the whole league takes, in bytes.
    pub const LONGEST: u64 = 16 * 1024 * 1024;

    /// The record of `account`, if there is a usable one.
    pub(super) fn record_of(&self, account: &str) -> Result<Option<Record>, FileError> {
        let bytes = read_private(&self.record, Self::LONGEST)?;
        Ok(bytes.and_then(|bytes| Record::parse(&bytes, account)))
    }

    /// The journal of `account`, if a run left one.
    pub(super) fn journal_of(&self, account: &str) -> Result<Option<Journal>, FileError> {
        let bytes = read_private(&self.journal, Self::LONGEST)?;
        Ok(bytes.and_then(|bytes| Journal::parse(&bytes, account)))
    }

    /// When the record was written, by the clock of this machine; `None` where there is none.
    pub(super) fn written_at(&self) -> Result<Option<Timestamp>, FileError> {
        match fs::metadata(&self.record).and_then(|it| it.modified()) {
            Ok(time) => Ok(Timestamp::try_from(time).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(FileError::Io { path: self.record.clone(), cause }),
        }
    }

    pub(super) fn keep(&self, record: &Record) -> Result<(), LedgerError> {
        Ok(write_private(&self.record, &serde_json::to_vec(record)?)?)
    }

    pub(super) fn announce(&self, next: &Journal) -> Result<(), LedgerError> {
        Ok(write_private(&self.journal, &serde_json::to_vec(next)?)?)
    }

    pub(super) fn settle(&self) -> Result<(), FileError> {
        remove(&self.journal).map(drop)
    }

    /// Deletes the record, which goes on elsewhere.
    pub(super) fn retire(&self) -> Result<bool, FileError> {
        remove(&self.record)
    }
}
