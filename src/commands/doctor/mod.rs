//! `nbatodo doctor`: looks at everything that a run depends on, and says what to do about what
//! is wrong. It changes nothing: it renews, revokes and destroys no session, and takes no lock.
//! Only the key store is written to, an entry that is deleted at once.

mod check;
mod configuration;
mod folders;
mod key_store;
mod leftovers;
mod network;
mod report;
mod schedules;
mod session;
mod shown;
mod sign_in;

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::commands::{Context, Failure};
use crate::model::{Origin, SecureUrl};
use crate::settings::{InvalidSetting, Screen};

pub use check::{Area, Check, State};
pub use report::Examination;

use shown::Shown;

/// Tells the value of a variable of the environment.
pub type Variable = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What is examined. Whatever is wrong with it is in it: nothing has failed yet.
pub struct Scene {
    /// What became of the settings file.
    pub settings_file: SettingsFile,
    /// The settings that no other command would take, and without which this one goes on.
    pub passed_over: Vec<InvalidSetting>,
    /// Whether `NBATODO_CLIENT_SECRET` is set and no client named.
    pub unclaimed_secret: bool,
    /// Who chose the session store.
    pub session_store_by: &'static str,
    /// Who chose the key store.
    pub key_store_by: &'static str,
    /// What there is where a person has a home directory.
    pub at_home: Result<Context, Failure>,
    /// Who is asked over the network.
    pub addresses: Addresses,
    /// The command that opens a page, instead of the platform's.
    pub browser: Option<String>,
    /// Where a browser would appear.
    pub screen: Screen,
    /// The process's environment.
    pub variable: Variable,
    /// What the age of schedules, and the clocks of servers, are held against.
    pub clock: Arc<dyn Clock>,
    /// The home directory, which is not shown.
    pub home: Option<PathBuf>,
}

/// The settings file, and whether it can be read.
pub struct SettingsFile {
    /// Where it lies or would lie; unknown without a home directory.
    pub path: Option<PathBuf>,
    /// Whether it is there, or what is wrong with it.
    pub read: Result<bool, Failure>,
}

/// The servers that a run asks.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The API, and the OAuth endpoints that are for programs.
    pub api: Origin,
    /// The OAuth page for the browser.
    pub auth: Origin,
    /// The league's feed.
    pub feed: SecureUrl,
}

/// How to examine.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Without the network.
    pub offline: bool,
}

/// Looks at everything, and never fails over what it finds.
pub async fn run(scene: &Scene, request: Request) -> Examination {
    let listener = scene.at_home.as_ref().ok().map(|context| &context.listener);
    let looking_at = |what| listener.iter().for_each(|it| it.begin(what));
    looking_at("Looking at the key store and the session");
    let mut checks = configuration::checks(scene);
    match &scene.at_home {
        Ok(context) => {
            checks.extend(folders::checks(&context.paths));
            let keys = key_store::checks(scene, context).await;
            let answers = key_store::answers(&keys);
            checks.extend(keys);
            checks.extend(session::checks(context, scene.session_store_by, answers).await);
        }
        Err(failure) => checks.push(configuration::nowhere(failure)),
    }
    checks.extend(sign_in::checks(scene));
    looking_at("Asking Todoist and the league");
    checks.extend(network::checks(scene, request.offline).await);
    listener.iter().for_each(|it| it.end());
    if let Ok(context) = &scene.at_home {
        let (paths, feed) = (&context.paths, &scene.addresses.feed);
        checks.extend(schedules::checks(paths, feed, scene.clock.now()));
        checks.extend(leftovers::checks(paths));
    }
    let shown = Shown::at(scene.home.as_deref());
    let checks = checks.into_iter().map(|check| shown.tidied(check)).collect();
    Examination::of(checks)
}
