//! What of the outside a command is given.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::cli::keyboard::Keyboard;
use crate::cli::terminal::{Terminal, is_attended};
use crate::clock::SystemClock;
use crate::commands::changes::Detail;
use crate::commands::{Context, Interrupts, Times, key_store_limit};
use crate::database::{self, Database};
use crate::import::SharedRecords;
use crate::keys::{
    Bounded, DatabaseShelf, Elsewhere, Fallback, KernelKeyring, KeyFile, KeyStore, MemoryKeys,
    NoteFolder, Noted, OsKeyring,
};
use crate::paths::Paths;
use crate::session::{
    DatabaseStore, DatabaseTurns, FileStore, FileTurns, MemoryStore, MemoryTurns, Roster,
    SessionStore, Turns, Vault,
};
use crate::settings::{Credential, KeyStoreSetting, SessionStoreChoice, Settings};
use crate::signin::SystemBrowser;

/// A command's view of the outside, as `settings` want it.
pub(super) fn context(
    settings: Settings,
    paths: Paths,
    terminal: Terminal,
    interrupts: Arc<Interrupts>,
    times: Times,
) -> Context {
    let attended = is_attended();
    let Stores { sessions, turns, keys, shared_records } = stores(&settings, &paths, attended);
    let roster = roster(&settings, &paths);
    let elsewhere = match settings.session_store {
        SessionStoreChoice::Memory => Elsewhere::default(),
        _ => {
            let kernel = Arc::new(KernelKeyring::new());
            Elsewhere::than(&settings.key_store, &settings.session_store, &paths, kernel)
        }
    };
    Context {
        vault: Vault::new(sessions, keys.clone()),
        turns,
        shared_records,
        roster,
        supplies: Arc::default(),
        browser: Box::new(SystemBrowser { preferred: settings.browser.clone() }),
        listener: Arc::new(terminal),
        input: Box::new(Keyboard::default()),
        attended,
        detail: if attended { Detail::Changes } else { Detail::Counts },
        interrupts,
        afterwards: Arc::default(),
        clock: Arc::new(SystemClock),
        zone: TimeZone::system(),
        times,
        keys,
        elsewhere,
        settings,
        paths,
    }
}

/// Hosts that share a database and the keys in it can import for each other; with keys of its
/// own, each host has those who signed in there.
pub(super) fn roster(settings: &Settings, paths: &Paths) -> Roster {
    match (&settings.session_store, &settings.key_store) {
        (SessionStoreChoice::Memory, _) => Roster::Nowhere,
        (SessionStoreChoice::Database(address), KeyStoreSetting::File(_)) => {
            Roster::Shared(database::work_list_at(address.clone()))
        }
        _ => Roster::Here(paths.clone()),
    }
}

/// Where what belongs to a sign-in lies.
struct Stores {
    sessions: Arc<dyn SessionStore>,
    turns: Arc<dyn Turns>,
    keys: Arc<dyn KeyStore>,
    shared_records: Option<SharedRecords>,
}

fn stores(settings: &Settings, paths: &Paths, attended: bool) -> Stores {
    match &settings.session_store {
        // Nothing of such a run is to be left anywhere.
        SessionStoreChoice::Memory => Stores {
            sessions: Arc::new(MemoryStore::new()),
            turns: Arc::new(MemoryTurns),
            keys: Arc::new(MemoryKeys::new()),
            shared_records: None,
        },
        SessionStoreChoice::Database(address)
            if matches!(settings.credential, Credential::Session) =>
        {
            let database = database::at(address.clone());
            // What opens them on one host has to open them on all.
            let shared_records = match &settings.key_store {
                KeyStoreSetting::File(named) => {
                    Some(SharedRecords::new(database.clone(), named.file.clone()))
                }
                _ => None,
            };
            let shares_keys = shared_records.is_some();
            let here = FileTurns::new(paths.clone());
            let mut keys = key_store(&settings.key_store, paths, attended, Some(database.clone()));
            if !shares_keys {
                // What opens a session has the time that a database may take, which a keyring
                // that hangs is not to use up.
                keys = Arc::new(Bounded::new(keys, key_store_limit(attended)));
            }
            Stores {
                sessions: Arc::new(DatabaseStore::new(database.clone())),
                turns: Arc::new(DatabaseTurns::new(database, here, shares_keys)),
                keys,
                shared_records,
            }
        }
        // A run with a token from outside needs no session, and so no database.
        SessionStoreChoice::File | SessionStoreChoice::Database(_) => Stores {
            sessions: Arc::new(FileStore::new(paths.clone())),
            turns: Arc::new(FileTurns::new(paths.clone())),
            keys: key_store(&settings.key_store, paths, attended, None),
            shared_records: None,
        },
    }
}

/// Where nobody is `attended`, no key store asks anybody. Entries under a master key lie where
/// the sessions do: machines that share both share a sign-in.
fn key_store(
    setting: &KeyStoreSetting,
    paths: &Paths,
    attended: bool,
    database: Option<Arc<dyn Database>>,
) -> Arc<dyn KeyStore> {
    let kernel = Arc::new(KernelKeyring::new());
    let keyring = || {
        let notes = Arc::new(NoteFolder::new(paths.keyring_notes()));
        Noted::new(Arc::new(OsKeyring::new(attended)), notes, kernel.clone())
    };
    match (setting, database) {
        (KeyStoreSetting::File(named), Some(database)) => {
            let shelf = Arc::new(DatabaseShelf::new(database));
            Arc::new(KeyFile::over(named.file.clone(), shelf).named_by(named.named_by))
        }
        (KeyStoreSetting::File(named), None) => {
            let store = KeyFile::new(named.file.clone(), &paths.keys());
            Arc::new(store.named_by(named.named_by))
        }
        (KeyStoreSetting::Keyring, _) => Arc::new(keyring()),
        (KeyStoreSetting::Keyutils, _) => kernel,
        // Elsewhere a platform's keyring is always there.
        (KeyStoreSetting::Auto, _) if cfg!(not(target_os = "linux")) => Arc::new(keyring()),
        (KeyStoreSetting::Auto, _) => Arc::new(Fallback::new(keyring(), kernel)),
    }
}
