//! Time and the key store, as the tests of staying signed in need them.

use std::process::Command;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use nbatodo::clock::{Clock, SystemClock};
use nbatodo::keys::{EntryName, KeyFile, KeyStore};
use nbatodo::model::Profile;
use nbatodo::paths::Paths;
use nbatodo::session::{FileStore, Opened, StandingGrant, Vault};

use crate::world::{RED, Ran, World};

/// Where refresh tokens go.
pub(crate) const TOKEN: &str = "/oauth/access_token";

/// The sandbox's clock, which a test can put forward.
#[derive(Default)]
pub(crate) struct Ahead(Mutex<SignedDuration>);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(*self.0.lock().unwrap()).unwrap()
    }
}

impl Ahead {
    pub(crate) fn advance(&self, time: SignedDuration) {
        *self.0.lock().unwrap() += time;
    }
}

/// A world in which `RED` has signed in to stay.
pub(crate) struct Staying {
    pub(crate) world: World,
    clock: Arc<Ahead>,
}

impl Staying {
    pub(crate) fn new() -> Self {
        let staying = Self::nobody();
        staying.sign_in(&[], RED);
        staying
    }

    /// The same world before anybody has signed in.
    pub(crate) fn nobody() -> Self {
        let clock = Arc::new(Ahead::default());
        let world = World::with(|options| options.clock = clock.clone());
        Self { world, clock }
    }

    pub(crate) fn sign_in(&self, more: &[&str], email: &str) -> Ran {
        let arguments = [&["login", "--no-browser", "--stay-signed-in"], more].concat();
        self.world.sign_in_by(self.world.command(arguments), email)
    }

    fn paths(&self) -> Paths {
        Paths::in_state(&self.world.home().join(".local/state/nbatodo"))
    }

    pub(crate) fn keys(&self) -> KeyFile {
        KeyFile::new(&self.world.key_file(), &self.paths().keys())
    }

    /// Lets `time` pass at Todoist, and makes what lies here so much older.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
        let vault = Vault::new(Arc::new(FileStore::new(self.paths())), Arc::new(self.keys()));
        let (Opened::Live(mut session) | Opened::Expired(mut session)) =
            vault.open(&Profile::default(), Timestamp::now()).unwrap()
        else {
            panic!("nobody is signed in");
        };
        session.issued_at -= time;
        session.expires_at -= time;
        session.token_expires_at = session.token_expires_at.map(|end| end - time);
        vault.replace(&session).unwrap();
        if let Some(mut grant) = self.grant() {
            grant.set_first_sent(grant.first_sent().map(|sent| sent - time));
            self.keys().set(&entry(), &grant.to_stored().unwrap()).unwrap();
        }
    }

    /// Lets the hour of the session pass.
    pub(crate) fn pass_the_hour(&self) {
        self.pass(SignedDuration::from_mins(61));
    }

    /// Lets more time pass than Todoist forgives a second use of a refresh token.
    pub(crate) fn pass_the_grace(&self) {
        self.pass(SignedDuration::from_secs(61));
    }

    /// What is kept of the grant.
    pub(crate) fn grant(&self) -> Option<StandingGrant> {
        let kept = self.keys().get(&entry()).unwrap()?;
        Some(StandingGrant::from_stored(&kept).expect("a grant"))
    }

    /// The refresh token that is kept.
    pub(crate) fn refresh_token(&self) -> String {
        let grant = self.grant().expect("a grant");
        grant.refresh_token().expect("a refresh token").expose().to_owned()
    }

    /// How many requests the token endpoint has seen.
    pub(crate) fn token_requests(&self) -> usize {
        self.world.sandbox.requests().iter().filter(|request| request.path == TOKEN).count()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.world.run(arguments)
    }

    pub(crate) fn status(&self) -> Command {
        self.world.command(["status"])
    }

    /// Whether `status` says that the profile stays signed in.
    #[track_caller]
    pub(crate) fn stays(&self) -> bool {
        let ran = self.run(&["status", "--format", "json"]);
        ran.exits_with(0);
        ran.json()["stays_signed_in"].as_bool().unwrap()
    }

    /// The entries of the key store but the client's.
    pub(crate) fn entries(&self) -> usize {
        let keys = std::fs::read_dir(self.paths().keys()).unwrap().flatten();
        let keys = keys.filter(|file| file.path().extension().is_some_and(|it| it == "key"));
        let client = EntryName::client(&self.world.sandbox.origin());
        keys.count() - usize::from(self.keys().get(&client).unwrap().is_some())
    }
}

pub(crate) fn entry() -> EntryName {
    EntryName::grant(&Profile::default())
}
