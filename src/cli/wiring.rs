//! What of the outside a command is given.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::cli::keyboard::Keyboard;
use crate::cli::terminal::{Terminal, is_attended};
use crate::clock::SystemClock;
use crate::commands::{Context, Interrupts};
use crate::keys::{KeyFile, KeyStore, MemoryKeys, OsKeyring};
use crate::paths::Paths;
use crate::session::{FileStore, MemoryStore, SessionStore, Vault};
use crate::settings::{SessionStoreChoice, Settings};
use crate::signin::SystemBrowser;

/// A command's view of the outside, as `settings` want it.
pub(super) fn context(
    settings: Settings,
    paths: Paths,
    terminal: Terminal,
    interrupts: Arc<Interrupts>,
) -> Context {
    let keys = match settings.session_store {
        // Nothing of such a run is to be left anywhere.
        SessionStoreChoice::Memory => Arc::new(MemoryKeys::new()),
        _ => key_store(&settings, &paths),
    };
    Context {
        vault: Vault::new(session_store(&settings, &paths), keys.clone()),
        browser: Box::new(SystemBrowser { preferred: settings.browser.clone() }),
        listener: Box::new(terminal),
        input: Box::new(Keyboard::default()),
        attended: is_attended(),
        detailed: is_attended(),
        interrupts,
        afterwards: Arc::default(),
        clock: Arc::new(SystemClock),
        zone: TimeZone::system(),
        keys,
        settings,
        paths,
    }
}

fn session_store(settings: &Settings, paths: &Paths) -> Arc<dyn SessionStore> {
    match settings.session_store {
        SessionStoreChoice::File => Arc::new(FileStore::new(paths.clone())),
        SessionStoreChoice::Memory => Arc::new(MemoryStore::new()),
    }
}

fn key_store(settings: &Settings, paths: &Paths) -> Arc<dyn KeyStore> {
    match &settings.key_file {
        Some(master) => Arc::new(KeyFile::new(master, &paths.keys())),
        None => Arc::new(OsKeyring::new()),
    }
}
