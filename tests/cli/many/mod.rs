//! `import --all-profiles`: a household, a club, and hosts that share the work.

mod breaking_off;
pub(crate) mod crowd;
mod household;
mod poisoned;
pub(crate) mod sharing;
mod telling;
mod usage;

use std::process::Command;
use std::sync::Arc;

use jiff::SignedDuration;
use nbatodo::keys::KeyFile;
use nbatodo::paths::Paths;
use nbatodo::sandbox::{KnownClient, Options};
use nbatodo::session::{FileStore, Vault};

use crate::feed::{celtics_games, text};
use crate::world::{Ran, World, finish};
use crowd::fan;

const SYNC: &str = "/api/v1/sync";
/// How many games the schedule has.
const GAMES: usize = 3;

/// Lets `command` know the client that signed the crowd in.
fn as_client(command: &mut Command, client: &KnownClient) {
    command.env("NBATODO_CLIENT_ID", &client.id).env("NBATODO_CLIENT_SECRET", &client.secret);
}

/// People who share one machine.
pub(crate) struct Household {
    pub(crate) world: World,
    client: KnownClient,
    vault: Vault,
}

impl Household {
    pub(crate) fn of(count: usize) -> Self {
        Self::with(count, |_| {})
    }

    /// `count` people, signed in under `p1`, `p2` and so on.
    fn with(count: usize, change: impl FnOnce(&mut Options)) -> Self {
        let world = World::with(|options| {
            options.crowd = count;
            change(options);
        });
        world.serve_feed(text(&celtics_games(GAMES)));
        let paths = Paths::in_state(&world.home().join(".local/state/nbatodo"));
        let keys = KeyFile::new(&world.key_file(), &paths.keys());
        let vault = Vault::new(Arc::new(FileStore::new(paths)), Arc::new(keys));
        let client = world.sandbox.own_client("http://localhost");
        let household = Self { world, client, vault };
        (1..=count).for_each(|number| household.sign_in(number, SignedDuration::ZERO));
        household
    }

    pub(crate) fn sign_in(&self, number: usize, ago: SignedDuration) {
        let (profile, email) = (format!("p{number}"), fan(number));
        let who = (profile.as_str(), email.as_str());
        crowd::sign_in(&self.world.sandbox, &self.client, &self.vault, who, ago);
    }

    fn command(&self, more: &[&str]) -> Command {
        self.world.command([&["import", "--all-profiles", "--spread", "0"], more].concat())
    }

    /// An import of the Celtics for everybody.
    pub(crate) fn import(&self, more: &[&str]) -> Ran {
        finish(self.command(&[&["--team", "BOS"], more].concat()))
    }

    #[track_caller]
    fn log_out(&self, profile: &str) {
        let mut logout = self.world.command(["logout", "--profile", profile]);
        as_client(&mut logout, &self.client);
        finish(logout).exits_with(0);
    }

    #[track_caller]
    fn holds_once(&self, numbers: impl IntoIterator<Item = usize>) {
        for number in numbers {
            crowd::holds_once(&self.world.sandbox, &fan(number), GAMES);
        }
    }
}
