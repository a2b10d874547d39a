//! The story of each command, a file each. What they need of the outside is in the
//! [`Context`] that they are given.

pub mod access;
pub mod afterwards;
mod books;
mod carrying_out;
pub mod changes;
mod client;
pub mod config;
pub mod config_error;
mod consent;
pub mod demo;
pub mod doctor;
pub mod events;
pub mod exit;
pub mod failure;
pub mod games;
pub mod guide;
pub mod import;
pub mod import_report;
pub mod input;
pub mod interrupts;
mod last_import;
pub mod login;
pub mod login_report;
pub mod logout;
pub mod make_key;
pub mod many;
mod no_games;
mod ordering;
pub mod release;
pub mod remove;
pub mod remove_report;
mod renewal;
pub mod sandbox;
pub mod schedule;
mod seasons;
pub mod sign_in_for_one_run;
mod sign_out;
mod standing_grant;
pub mod status;
pub mod supplies;
pub mod target;
mod tasks_report;
pub mod teams;
pub mod times;
mod waiting;
pub mod welcome;

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;

use self::changes::Detail;
use crate::clock::Clock;
use crate::import::SharedRecords;
use crate::keys::{self, Elsewhere, EntryName, KeyStore, KeyStoreError};
use crate::looks::{Look, Page};
use crate::model::Profile;
use crate::paths::Paths;
use crate::session::{Roster, Taken, Turns, Vault};
use crate::settings::{KeyStoreSetting, SessionStoreChoice, Settings};
use crate::signin::Browser;

pub use afterwards::Afterwards;
pub use events::Event;
pub use exit::Exit;
pub use failure::Failure;
pub use input::Input;
pub use interrupts::Interrupts;
pub use supplies::Supplies;
pub use times::Times;

/// How long a key store may take where a person can answer its dialog, and where none can.
const KEY_STORE_LIMIT_ATTENDED: Duration = Duration::from_secs(60);
const KEY_STORE_LIMIT_UNATTENDED: Duration = Duration::from_secs(10);
/// How long it may take where a database is asked, too, of which each answer has a limit itself.
const DATABASE_LIMIT: Duration = Duration::from_secs(60);

/// What a command has of the outside.
pub struct Context {
    /// What the person chose.
    pub settings: Settings,
    /// Where things lie.
    pub paths: Paths,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The zone in which times are shown in the terminal.
    pub zone: TimeZone,
    /// How they are shown.
    pub times: Times,
    /// The key store of these settings.
    pub keys: Arc<dyn KeyStore>,
    /// Those that are not in use.
    pub elsewhere: Elsewhere,
    /// The sealed sessions.
    pub vault: Vault,
    /// Where imports keep what they remember, if hosts share that; else it lies in files.
    pub shared_records: Option<SharedRecords>,
    /// What only one run at a time may do, wherever the store is shared.
    pub turns: Arc<dyn Turns>,
    /// Who has signed in.
    pub roster: Roster,
    /// What imports share.
    pub supplies: Arc<Supplies>,
    /// Opens the consent page.
    pub browser: Box<dyn Browser>,
    /// Hears what happens on the way.
    pub listener: Arc<dyn Progress>,
    /// What the person types.
    pub input: Box<dyn Input>,
    /// Whether a person sits in front of it.
    pub attended: bool,
    /// What of the tasks is worth a line.
    pub detail: Detail,
    /// What Ctrl-C may break off.
    pub interrupts: Arc<Interrupts>,
    /// What can wait until the outcome is told.
    pub afterwards: Arc<Afterwards>,
}

/// Hears what happens while a command runs; nothing of it is a result.
pub trait Progress: Send + Sync {
    /// A line for the person.
    fn note(&self, line: &str);
    /// A note that is about no profile of several more than about the others.
    fn note_for_all(&self, line: &str) {
        self.note(line);
    }
    /// A line without which the person cannot go on, however quiet it is to be.
    fn demand(&self, line: &str);
    /// An address, as a note alone on its line, so that it can be copied from any terminal.
    fn note_link(&self, url: &Url);
    /// The same, without which the person cannot go on.
    fn demand_link(&self, url: &Url);
    /// So much is left of the wait for the person; told again every second.
    fn awaiting(&self, left: Duration, what: Awaited);
    /// So much is left of a pause that the network or Todoist makes necessary.
    fn pausing(&self, left: Duration, why: &str);
    /// Something that can take a while has begun; whatever began before has ended.
    fn begin(&self, what: &'static str);
    /// `done` of `total` tasks have been dealt with.
    fn tasks(&self, done: usize, total: usize);
    /// The imports of `done` of `total` profiles have come to an end.
    fn profiles(&self, _done: usize, _total: usize) {}
    /// Whatever had begun has ended.
    fn end(&self);
    /// Something has happened in a run of `profile` that a program may want to know at once.
    fn event(&self, _profile: &Profile, _event: &Event) {}
}

/// Something that can take a while, and is over with its drop.
pub struct Busy<'a>(&'a dyn Progress);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// What of the person a sign-in waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// Their browser, which was opened here.
    Browser,
    /// A browser anywhere, or the address that it ended up at, on standard input.
    BrowserOrPaste,
}

/// A form for another program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// CSV (RFC 4180).
    Table,
    /// iCalendar (RFC 5545).
    Calendar,
}

/// What a command came to: shown as lines or as one JSON document, and ending in a code.
pub trait Report: Display + Serialize {
    /// How the run ends.
    fn exit(&self) -> Exit {
        Exit::Done
    }

    /// The result as a file of another program's, where there is such a form of it.
    fn export(&self, _: Export) -> Option<String> {
        None
    }

    /// What people are shown, as `look` wants it. What has neither styles nor symbols need not
    /// care.
    fn page(&self, _look: Look) -> Page {
        Page::from(self.to_string())
    }

    /// Whether programs read it as it is, so that `--quiet` prints it, too.
    fn is_for_programs(&self) -> bool {
        false
    }

    /// Lines that belong on stderr: what could not be done.
    fn shortfalls(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Context {
    /// Lets the person know of what can take a while, until it is dropped.
    pub(crate) fn busy(&self, what: &'static str) -> Busy<'_> {
        self.listener.begin(what);
        Busy(&*self.listener)
    }

    /// Whether this run is to leave nothing behind on this machine.
    pub(crate) fn keeps_nothing(&self) -> bool {
        self.settings.session_store == SessionStoreChoice::Memory
    }

    /// Runs blocking work on the vault, within the time that the key store may take.
    ///
    /// # Errors
    /// The work's own, or that the key store did not answer.
    pub(crate) async fn with_vault<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault, &Profile) -> T + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let (vault, profile) = (self.vault.clone(), self.settings.profile.clone());
        keys::within_limit(self.vault_limit(), move || Ok(work(&vault, &profile))).await
    }

    /// Takes the profile's session out of the vault, within the time that the key store may
    /// take.
    pub(crate) async fn take_session(&self) -> Taken {
        let now = self.clock.now();
        self.vault.take_within(self.vault_limit(), &self.settings.profile, now).await
    }

    /// Runs blocking work on the key store, within the time that it may take.
    ///
    /// # Errors
    /// The work's own, or that the key store did not answer.
    pub(crate) async fn with_keys<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KeyStore) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        keys::within(self.key_store_limit(), self.keys.clone(), work).await
    }

    /// Whether the key store holds the entry `name`, as far as that can be told without unlocking
    /// it.
    pub(crate) async fn is_kept(&self, name: EntryName) -> Option<bool> {
        self.with_keys(move |keys| Ok(keys.holds(&name))).await.ok().flatten()
    }

    fn key_store_limit(&self) -> Duration {
        // Entries under a master key lie in the database.
        if matches!(self.settings.key_store, KeyStoreSetting::File(_)) {
            return self.vault_limit();
        }
        self.person_limit()
    }

    fn vault_limit(&self) -> Duration {
        if matches!(self.settings.session_store, SessionStoreChoice::Database(_)) {
            return DATABASE_LIMIT;
        }
        self.person_limit()
    }

    fn person_limit(&self) -> Duration {
        key_store_limit(self.attended)
    }
}

/// How long a key store may take, with or without somebody to answer its dialog.
pub(crate) fn key_store_limit(attended: bool) -> Duration {
    if attended { KEY_STORE_LIMIT_ATTENDED } else { KEY_STORE_LIMIT_UNATTENDED }
}

/// `nbatodo login`, with `--profile` where the profile is not the default one.
pub fn command_for(profile: &Profile, command: &str) -> String {
    if *profile == Profile::default() {
        format!("nbatodo {command}")
    } else {
        format!("nbatodo {command} --profile {profile}")
    }
}
