//! What of the outside a command is given.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::cli::keyboard::Keyboard;
use crate::cli::terminal::{Terminal, is_attended};
use crate::clock::SystemClock;
use crate::commands::{Context, Interrupts};
use crate::keys::{
    Fallback, KernelKeyring, KeyFile, KeyStore, MemoryKeys, NoteFolder, Noted, OsKeyring,
};
use crate::paths::Paths;
use crate::session::{FileStore, MemoryStore, SessionStore, Vault};
use crate::settings::{KeyStoreSetting, SessionStoreChoice, Settings};
use crate::signin::SystemBrowser;

/// A command's view of the outside, as `settings` want it.
pub(super) fn context(
    settings: Settings,
    paths: Paths,
    terminal: Terminal,
    interrupts: Arc<Interrupts>,
) -> Context {
    let attended = is_attended();
    let keys = match settings.session_store {
        // Nothing of such a run is to be left anywhere.
        SessionStoreChoice::Memory => Arc::new(MemoryKeys::new()),
        _ => key_store(&settings.key_store, &paths, attended),
    };
    Context {
        vault: Vault::new(session_store(&settings, &paths), keys.clone()),
        browser: Box::new(SystemBrowser { preferred: settings.browser.clone() }),
        listener: Box::new(terminal),
        input: Box::new(Keyboard::default()),
        attended,
        detailed: attended,
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

/// Where nobody is `attended`, no key store asks anybody.
fn key_store(setting: &KeyStoreSetting, paths: &Paths, attended: bool) -> Arc<dyn KeyStore> {
    let kernel = Arc::new(KernelKeyring::new());
    let keyring = || {
        let notes = Arc::new(NoteFolder::new(paths.keyring_notes()));
        Noted::new(Arc::new(OsKeyring::new(attended)), notes, kernel.clone())
    };
    match setting {
        KeyStoreSetting::File(named) => {
            let store = KeyFile::new(named.file.clone(), &paths.keys());
            Arc::new(store.named_by(named.named_by))
        }
        KeyStoreSetting::Keyring => Arc::new(keyring()),
        KeyStoreSetting::Keyutils => kernel,
        // Elsewhere a platform's keyring is always there.
        KeyStoreSetting::Auto if cfg!(not(target_os = "linux")) => {
            Arc::new(OsKeyring::new(attended))
        }
        KeyStoreSetting::Auto => Arc::new(Fallback::new(keyring(), kernel)),
    }
}
