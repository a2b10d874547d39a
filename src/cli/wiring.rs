//! What of the outside a command is given.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::cli::keyboard::Keyboard;
use crate::cli::terminal::{Terminal, is_attended};
use crate::clock::SystemClock;
use crate::commands::{Context, Interrupts};
use crate::database::{self, Database};
use crate::keys::{DatabaseShelf, KeyFile, KeyStore, OsKeyring};
use crate::paths::Paths;
use crate::session::{
    DatabaseStore, DatabaseTurns, FileStore, FileTurns, SessionStore, Turns, Vault,
};
use crate::settings::{SessionStoreChoice, Settings};
use crate::signin::SystemBrowser;

/// A command's view of the outside, as `settings` want it.
pub(super) fn context(
    settings: Settings,
    paths: Paths,
    terminal: Terminal,
    interrupts: Arc<Interrupts>,
) -> Context {
    let database = database(&settings);
    let keys = key_store(&settings, &paths, database.as_ref());
    let sessions = session_store(&paths, database.as_ref());
    Context {
        vault: Vault::new(sessions, keys.clone()),
        turns: turns(&paths, database),
        browser: Box::new(SystemBrowser { preferred: settings.browser.clone() }),
        listener: Box::new(terminal),
        input: Box::new(Keyboard::default()),
        attended: is_attended(),
        interrupts,
        afterwards: Arc::default(),
        clock: Arc::new(SystemClock),
        zone: TimeZone::system(),
        keys,
        settings,
        paths,
    }
}

fn database(settings: &Settings) -> Option<Arc<dyn Database>> {
    match &settings.session_store {
        SessionStoreChoice::File => None,
        SessionStoreChoice::Database(address) => Some(database::at(address.clone())),
    }
}

fn session_store(paths: &Paths, database: Option<&Arc<dyn Database>>) -> Arc<dyn SessionStore> {
    match database {
        Some(database) => Arc::new(DatabaseStore::new(database.clone())),
        None => Arc::new(FileStore::new(paths.clone())),
    }
}

fn turns(paths: &Paths, database: Option<Arc<dyn Database>>) -> Arc<dyn Turns> {
    match database {
        Some(database) => Arc::new(DatabaseTurns::new(database)),
        None => Arc::new(FileTurns::new(paths.clone())),
    }
}

/// Entries under a master key lie where the sessions do: machines that share both share a sign-in.
fn key_store(
    settings: &Settings,
    paths: &Paths,
    database: Option<&Arc<dyn Database>>,
) -> Arc<dyn KeyStore> {
    match (&settings.key_file, database) {
        (Some(master), Some(database)) => {
            Arc::new(KeyFile::over(master, Arc::new(DatabaseShelf::new(database.clone()))))
        }
        (Some(master), None) => Arc::new(KeyFile::new(master, &paths.keys())),
        (None, _) => Arc::new(OsKeyring::new()),
    }
}
