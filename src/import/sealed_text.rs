//! What an import remembers, as it lies in a database: deflated (RFC 1951), then sealed, since
//! sealed bytes do not shrink. What an earlier version wrote without deflating it is read, too.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::import::ledger_files::LedgerFiles;
use crate::keys::master_key::MasterKey;
use crate::keys::sealed_entry::{self, Format};
use crate::keys::{EntryName, KeyStoreError};

/// More than [`seal`] ever gives, in bytes: base64 is a third longer than what it holds.
pub const LONGEST_SEALED: usize = LedgerFiles::LONGEST as usize * 3 / 2;

/// Why what lies in a database gives no text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// Cut, changed, of another name, or sealed under another key: nobody can tell which.
    #[error("it does not open")]
    Damaged,
    /// A format that was invented after this program.
    #[error("it was made by a newer nbatodo (format {version})")]
    Newer {
        /// The version that it claims.
        version: u32,
    },
}

/// Deflates `text` and seals it under its name.
///
/// # Errors
/// [`KeyStoreError::TooLong`] for more than [`open()`] would give back.
pub fn seal(
    name: &EntryName,
    text: &[u8],
    master: &MasterKey,
    nonce: [u8; 24],
) -> Result<Vec<u8>, KeyStoreError> {
    if text.len() as u64 > LedgerFiles::LONGEST {
        let limit = u32::try_from(LedgerFiles::LONGEST).unwrap_or(u32::MAX);
        return Err(KeyStoreError::TooLong { entry: name.clone(), part: "text".to_owned(), limit });
    }
    let failed = |why: io::Error| KeyStoreError::Failed { why: format!("{name}: {why}") };
    let deflated = deflate(text).map_err(failed)?;
    sealed_entry::seal(Format::DeflatedImport, name, &deflated, master, nonce)
}

/// The text of [`seal`]. Nothing is inflated that does not open under this name and key: whoever
/// writes to the database without the key cannot have it blown up.
///
/// # Errors
/// [`Unopened`].
pub fn open(name: &EntryName, sealed: &[u8], master: &MasterKey) -> Result<Vec<u8>, Unopened> {
    let opened = |format| sealed_entry::open(format, name, sealed, master);
    let text = match opened(Format::DeflatedImport) {
        Some(deflated) => inflate(&deflated, LedgerFiles::LONGEST),
        None => opened(Format::Import).map(|text| text.to_vec()),
    };
    text.ok_or_else(|| match sealed_entry::newer_import(sealed) {
        Some(version) => Unopened::Newer { version },
        None => Unopened::Damaged,
    })
}

fn deflate(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut deflater = DeflateEncoder::new(Vec::new(), Compression::default());
    deflater.write_all(text)?;
    deflater.finish()
}

/// `None` for what is no deflated text, or more than `longest` bytes of it.
fn inflate(deflated: &[u8], longest: u64) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let inflated = DeflateDecoder::new(deflated).take(longest + 1).read_to_end(&mut text);
    (inflated.is_ok() && text.len() as u64 <= longest).then_some(text)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;
    use crate::import::field::{Field, Trace};
    use crate::import::journal::{Deed, Journal};
    use crate::import::record::{DestinationRecord, Record, TaskRecord, Written};
    use crate::import::seen::Fate;
    use crate::import::subject::Subject;
    use crate::import::task::Occasion;
    use crate::private_files::{SecretFile, write_private};

    /// 32 times the byte 7.
    static MASTER: LazyLock<MasterKey> = LazyLock::new(|| {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("private/key");
        write_private(&path, STANDARD.encode([7; 32]).as_bytes()).unwrap();
        MasterKey::read(&SecretFile::from(&path)).unwrap_or_else(|error| panic!("{error}"))
    });

    const DAMAGED: Result<Vec<u8>, Unopened> = Err(Unopened::Damaged);

    fn name() -> EntryName {
        EntryName::record(&"work".parse().unwrap(), "0a1b")
    }

    fn sealed(text: &[u8]) -> Vec<u8> {
        seal(&name(), text, &MASTER, [5; 24]).unwrap()
    }

    fn task() -> impl Strategy<Value = (Subject, TaskRecord)> {
        let fate = prop::sample::select(vec![Fate::Active, Fate::Done, Fate::Deleted]);
        let field = (prop::sample::select(Field::ALL.to_vec()), ".*", ".*");
        let fields = prop::collection::vec(field, 0..9);
        (0..99_999_u32, ".*", fate, fields).prop_map(|(number, title, fate, fields)| {
            let written = |(field, sent, now): (Field, String, String)| {
                let (sent, now) = (Trace::of(&sent), Trace::of(&now));
                (field, Written { sent, stored: sent, now })
            };
            let task = TaskRecord {
                id: title.clone(),
                fate,
                title,
                due: Occasion::EveryYear { month: 10, day: 21 },
                teams: Default::default(),
                elsewhere: number % 2 == 0,
                reminders: BTreeMap::new(),
                comments: number,
                fields: fields.into_iter().map(written).collect(),
            };
            (Subject::Game(format!("00226{number:05}").parse().unwrap()), task)
        })
    }

    fn record() -> impl Strategy<Value = Record> {
        let destination = (".*", ".*", prop::collection::vec(task(), 0..90));
        let destinations = prop::collection::btree_map(".*", destination, 0..3);
        (".*", destinations).prop_map(|(account, destinations)| {
            let mut record = Record::new(&account);
            for (key, (name, read_to, tasks)) in destinations {
                let tasks = tasks.into_iter().collect();
                let there = DestinationRecord { name, read_to, tasks, ..Default::default() };
                record.destinations.insert(key, there);
            }
            record
        })
    }

    proptest! {
        #[test]
        fn any_record_comes_back_as_it_was(record in record()) {
            let text = serde_json::to_vec(&record).unwrap();
            let opened = open(&name(), &sealed(&text), &MASTER).unwrap();
            prop_assert_eq!(Record::parse(&opened, &record.account), Some(record));
        }

        #[test]
        fn any_text_comes_back_as_it_was(text in prop::collection::vec(any::<u8>(), 0..4096)) {
            prop_assert_eq!(open(&name(), &sealed(&text), &MASTER), Ok(text));
        }
    }

    #[test]
    fn one_that_is_cut_or_changed_anywhere_does_not_open() {
        let good = sealed(br#"{"version":2,"account":"1855589"}"#);
        for at in 0..good.len() {
            assert_eq!(open(&name(), &good[..at], &MASTER), DAMAGED, "cut at {at}");
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                let newer = sealed_entry::newer_import(&bad);
                let refused = newer.map_or(DAMAGED, |version| Err(Unopened::Newer { version }));
                assert_eq!(open(&name(), &bad, &MASTER), refused, "bit {bit} of {at}");
            }
        }
    }

    #[test]
    fn it_is_bound_to_its_name_and_to_how_it_is_written() {
        let good = String::from_utf8(sealed(b"text")).unwrap();
        let other = EntryName::journal(&"work".parse().unwrap(), "0a1b");
        assert_eq!(open(&other, good.as_bytes(), &MASTER), DAMAGED);
        assert!(good.starts_with("nbatodo-import 2\n"), "{good}");
        let newer = good.replacen("import 2", "import 12", 1);
        let refused = open(&name(), newer.as_bytes(), &MASTER);
        assert_eq!(refused, Err(Unopened::Newer { version: 12 }));
        let as_before = good.replacen("import 2", "import 1", 1);
        assert_eq!(open(&name(), as_before.as_bytes(), &MASTER), DAMAGED);
    }

    #[test]
    fn no_more_is_inflated_than_was_ever_deflated() {
        let longest = usize::try_from(LedgerFiles::LONGEST).unwrap();
        let text = vec![b'7'; longest];
        let sealed = seal(&name(), &text, &MASTER, [5; 24]).unwrap();
        assert!(sealed.len() < 64 * 1024 && open(&name(), &sealed, &MASTER) == Ok(text));

        let more = vec![b'7'; longest + 1];
        assert!(matches!(
            seal(&name(), &more, &MASTER, [5; 24]),
            Err(KeyStoreError::TooLong { .. })
        ));
        let bomb = deflate(&more).unwrap();
        let bomb =
            sealed_entry::seal(Format::DeflatedImport, &name(), &bomb, &MASTER, [5; 24]).unwrap();
        assert_eq!(open(&name(), &bomb, &MASTER), DAMAGED);
    }

    #[test]
    fn what_does_not_shrink_fits_as_well() {
        // The longest that could be: each block of it stored as it is.
        let longest = usize::try_from(LedgerFiles::LONGEST).unwrap();
        let base64 = longest.div_ceil(3) * 4;
        assert!(base64 + longest / 1000 + 1024 < LONGEST_SEALED);
    }

    /// Rows of PostgreSQL as the version wrote them that deflated nothing.
    #[test]
    fn rows_of_the_version_before_are_read() {
        let (trace, account) = ("aefcab2230972349e254b650360e2e38", "63hm7J4q5Gwwm269");
        assert_eq!(MASTER.trace(account), trace);
        let profile = "default".parse().unwrap();
        let row = include_bytes!("../../tests/data/import-record-1.sealed");
        let text = open(&EntryName::record(&profile, trace), row, &MASTER).unwrap();
        let (_, text) = std::str::from_utf8(&text).unwrap().split_once('\n').unwrap();
        let record = Record::parse(text.as_bytes(), account).unwrap();
        let tasks = record.destinations.values().map(|there| there.tasks.len());
        assert_eq!(tasks.collect::<Vec<_>>(), [3]);

        let row = include_bytes!("../../tests/data/import-journal-1.sealed");
        let text = open(&EntryName::journal(&profile, trace), row, &MASTER).unwrap();
        let journal = Journal::parse(&text, account).unwrap();
        assert!(matches!(journal.entries[..], [_, ..]));
        assert!(matches!(journal.entries[0].deed, Deed::Update { .. }));
    }
}
