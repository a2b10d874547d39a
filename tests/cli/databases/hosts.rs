//! Machines that share a database: each a home of its own.

use std::process::Command;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nbatodo::database;
use nbatodo::keys::{DatabaseShelf, EntryName, KeyFile, KeyStore};
use nbatodo::model::Profile;
use nbatodo::session::{DatabaseStore, Opened, StandingGrant, Vault};
use nbatodo::settings::DatabaseAddress;
use tempfile::TempDir;

use super::servers::Database;
use crate::standing::{Ahead, TOKEN};
use crate::world::{Ran, World, finish};

/// Machines that share a key file and a database.
pub(crate) struct Hosts<'a> {
    pub(crate) world: World,
    pub(crate) database: Database<'a>,
    clock: Arc<Ahead>,
    other: TempDir,
}

impl<'a> Hosts<'a> {
    pub(crate) fn new(database: Database<'a>) -> Self {
        let clock = Arc::new(Ahead::default());
        let world = World::with(|options| options.clock = clock.clone());
        Self { world, database, clock, other: TempDir::new().unwrap() }
    }

    /// The binary on the first machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command.env("NBATODO_SESSION_STORE", self.database.url());
        command
    }

    /// The binary on the other machine.
    pub(crate) fn elsewhere(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env("HOME", self.other.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    pub(crate) fn run_elsewhere(&self, arguments: &[&str]) -> Ran {
        finish(self.elsewhere(arguments))
    }

    pub(crate) fn sign_in(&self, more: &[&str], email: &str) -> Ran {
        let login = [&["login", "--no-browser"], more].concat();
        self.world.sign_in_by(self.command(&login), email)
    }

    pub(crate) fn there(&self) -> Arc<dyn database::Database> {
        let address = DatabaseAddress::parse(&self.database.url()).unwrap().unwrap();
        database::at(Arc::new(address))
    }

    pub(crate) fn keys(&self) -> KeyFile {
        let shelf = Arc::new(DatabaseShelf::new(self.there()));
        KeyFile::over(&self.world.key_file(), shelf)
    }

    /// What is kept of the grant.
    pub(crate) fn grant(&self) -> Option<StandingGrant> {
        let kept = self.keys().get(&EntryName::grant(&Profile::default())).unwrap()?;
        Some(StandingGrant::from_stored(&kept).expect("a grant"))
    }

    /// Lets the hour of the session pass at Todoist, and makes what lies in the database so much
    /// older.
    pub(crate) fn pass_the_hour(&self) {
        self.pass(SignedDuration::from_mins(61));
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
        let vault = Vault::new(Arc::new(DatabaseStore::new(self.there())), Arc::new(self.keys()));
        let opened = vault.open(&Profile::default(), Timestamp::now()).unwrap();
        if let Opened::Live(mut session) | Opened::Expired(mut session) = opened {
            session.issued_at -= time;
            session.expires_at -= time;
            session.token_expires_at = session.token_expires_at.map(|end| end - time);
            vault.replace(&session).unwrap();
        }
        if let Some(mut grant) = self.grant() {
            grant.set_first_sent(grant.first_sent().map(|sent| sent - time));
            let stored = grant.to_stored().unwrap();
            self.keys().set(&EntryName::grant(&Profile::default()), &stored).unwrap();
        }
    }

    /// How many requests the token endpoint has seen.
    pub(crate) fn token_requests(&self) -> usize {
        self.world.asked(TOKEN)
    }
}
