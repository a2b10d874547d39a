//! Records and journals in a database, sealed under the key file that its hosts share.
//!
//! Each is written under the lock by which an import has its turn: a run that has lost that
//! writes over nothing of the next, and sends nothing that it could not announce. What lay in
//! files of this machine before is taken over with the first write, and deleted: from then on
//! the database has the truth, and a file that came to light later would be an old one.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::database::{Database, DatabaseError, DatabaseLock, Key};
use crate::import::journal::Journal;
use crate::import::ledger::{LedgerError, Left};
use crate::import::ledger_files::LedgerFiles;
use crate::import::record::Record;
use crate::import::sealed_text::{self, Unopened};
use crate::keys::master_key::MasterKey;
use crate::keys::{EntryName, KeyStoreError, random, within_limit};
use crate::model::Profile;
use crate::private_files::SecretFile;
use crate::session::{HeldTurn, StoreError};

/// How long a record outlasts its last import: a summer without games, and then some.
const LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);
/// More than a database takes for the answers of one step: each of them has an end before.
const LIMIT: Duration = Duration::from_secs(60);

/// Where the hosts that share a sign-in keep what their imports remember.
#[derive(Clone)]
pub struct SharedRecords {
    database: Arc<dyn Database>,
    master: SecretFile,
}

impl SharedRecords {
    /// In `database`, under the key in the file `master`; nothing is read yet.
    pub fn new(database: Arc<dyn Database>, master: SecretFile) -> Self {
        Self { database, master }
    }

    /// Where that is, in a person's words.
    pub fn describe(&self) -> String {
        self.database.describe()
    }
}

/// The record and the journal of one profile and account in a database.
#[derive(Clone)]
pub struct SharedLedger {
    /// Where they lie.
    pub records: SharedRecords,
    /// Whose imports these are.
    pub profile: Profile,
    /// The account that they import into.
    pub account: String,
    /// The turn in which they are read and written.
    pub turn: HeldTurn,
    /// When that began, by the clock of the database.
    pub now: Timestamp,
    /// Where this machine kept them before.
    pub before: LedgerFiles,
}

/// What lies on which shelf.
#[derive(Clone, Copy)]
enum Kind {
    Record,
    Journal,
}

impl SharedLedger {
    pub(super) async fn open(&self) -> Result<Left, LedgerError> {
        let this = self.clone();
        within_limit(LIMIT, move || this.read()).await
    }

    pub(super) async fn keep(&self, record: &Record) -> Result<(), LedgerError> {
        let mut text = format!("{}\n", self.now).into_bytes();
        serde_json::to_writer(&mut text, record)?;
        let this = self.clone();
        within_limit(LIMIT, move || {
            this.write(Kind::Record, &text)?;
            if this.before.retire()? {
                tracing::info!("the import record of this machine lies in the session store now");
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn announce(&self, next: &Journal) -> Result<(), LedgerError> {
        let text = serde_json::to_vec(next)?;
        let this = self.clone();
        within_limit(LIMIT, move || {
            this.write(Kind::Journal, &text)?;
            Ok(this.before.settle()?)
        })
        .await
    }

    pub(super) async fn settle(&self) -> Result<(), LedgerError> {
        let this = self.clone();
        within_limit(LIMIT, move || {
            let (_, key) = this.place(Kind::Journal, &this.key()?);
            this.under_lock(|lock| lock.delete(&key))?;
            Ok(this.before.settle()?)
        })
        .await
    }

    /// The newer of the two records, and what any run has sent and not taken down.
    fn read(&self) -> Result<Left, LedgerError> {
        let master = self.key()?;
        let record = self.load(Kind::Record, &master)?.and_then(|text| self.dated_record(&text));
        let journal = self.load(Kind::Journal, &master)?;
        let journal = journal.and_then(|text| Journal::parse(&text, &self.account));
        let here = self.before.record_of(&self.account)?.zip(self.before.written_at()?);
        let record = match (record, here) {
            (Some((written, there)), Some((_, here))) if written >= here => Some(there),
            (_, Some((here, _))) => Some(here),
            (there, None) => there.map(|(_, record)| record),
        };
        let journal = match (journal, self.before.journal_of(&self.account)?) {
            (Some(there), Some(here)) => Some(there.beside(here)),
            (there, here) => there.or(here),
        };
        Ok((record, journal))
    }

    /// A record behind the time when it was kept.
    fn dated_record(&self, text: &[u8]) -> Option<(Timestamp, Record)> {
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let written = std::str::from_utf8(&text[..end]).ok()?.parse().ok()?;
        Some((written, Record::parse(&text[end + 1..], &self.account)?))
    }

    fn key(&self) -> Result<MasterKey, KeyStoreError> {
        Ok(MasterKey::read(&self.records.master)?)
    }

    /// What it is called under seal, and where it lies.
    fn place(&self, kind: Kind, master: &MasterKey) -> (EntryName, Key) {
        let (profile, trace) = (&self.profile, master.trace(&self.account));
        let name = format!("{profile}/{trace}");
        match kind {
            Kind::Record => (EntryName::record(profile, &trace), Key::new("record", name)),
            Kind::Journal => (EntryName::journal(profile, &trace), Key::new("journal", name)),
        }
    }

    /// What lies there, if it opens. What does not counts as lost, as a damaged file does; but
    /// not what a newer version wrote, since that is as good as ever where it was made.
    fn load(&self, kind: Kind, master: &MasterKey) -> Result<Option<Vec<u8>>, LedgerError> {
        let (name, key) = self.place(kind, master);
        let bytes = self.records.database.load_up_to(&key, sealed_text::LONGEST_SEALED);
        let Some(bytes) = bytes.map_err(KeyStoreError::from)? else { return Ok(None) };
        match sealed_text::open(&name, &bytes, master) {
            Ok(text) => Ok(Some(text)),
            Err(Unopened::Damaged) => {
                tracing::info!("{name} in the session store does not open, and counts as lost");
                Ok(None)
            }
            Err(newer @ Unopened::Newer { .. }) => Err(newer.into()),
        }
    }

    fn write(&self, kind: Kind, text: &[u8]) -> Result<(), LedgerError> {
        let master = self.key()?;
        let (name, key) = self.place(kind, &master);
        let sealed = sealed_text::seal(&name, text, &master, random::bytes()?)?;
        let end = self.now.checked_add(LIFE).unwrap_or(Timestamp::MAX);
        self.under_lock(|lock| lock.save(&key, &sealed, end))
    }

    fn under_lock(
        &self,
        work: impl FnOnce(&mut dyn DatabaseLock) -> Result<(), DatabaseError>,
    ) -> Result<(), LedgerError> {
        let lost = || DatabaseError::LockLost { place: self.records.describe() };
        let done = self.turn.with(|turn| match turn.lock() {
            Some(lock) => Ok(work(lock)?),
            None => Err(StoreError::from(lost())),
        });
        Ok(done.map_err(KeyStoreError::from)?)
    }
}
