//! `nbatodo import --all-profiles`: the imports of a household or a club, each with its own
//! settings, a few at a time. Hosts that share a database share the work.

mod queue;
mod relay;
pub mod round;
mod runner;
pub mod summary;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::LocalSet;

use crate::commands::changes::Detail;
use crate::commands::{Context, Failure, Interrupts, Progress, Times, import};
use crate::model::Profile;
use crate::settings::{Key, Settings};

use queue::Queue;
use runner::Runner;
pub use summary::{Summary, Trouble};

/// What each profile has for itself.
pub trait Household {
    /// The profiles that the settings have a table for, signed in or not, and what it sets.
    fn configured(&self) -> Vec<(Profile, Vec<Key>)>;

    /// The settings of `profile`, and the import that they and the command line ask for.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2.
    fn of(&self, profile: &Profile) -> Result<(Settings, import::Request), Failure>;
}

/// How a run for many profiles goes about it.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How many imports are under way at once.
    pub jobs: usize,
    /// Over how long a time they begin.
    pub spread: Duration,
    /// What any host has done within this time is not done again.
    pub share_window: Duration,
    /// Whether nothing is written, so that there is no work to share.
    pub dry_run: bool,
    /// Whether all that each import came to is to be kept, for a document.
    pub documents: bool,
    /// What this host is called.
    pub host: String,
}

/// Imports for every profile, and goes on where one fails.
///
/// # Errors
/// [`Failure`] if nobody's import could begin; what became of each is in the summary.
pub async fn run(
    context: &Context,
    household: &dyn Household,
    manner: &Manner,
) -> Result<Summary, Failure> {
    // The first interrupt lets everybody come to a state that can be left, and is reported.
    let _guard = context.interrupts.guard();
    let opening = Queue::open(&context.roster, &manner.host, manner.share_window, manner.dry_run);
    let (queue, signed_in) = tokio::select! {
        opened = opening => opened?,
        () = context.interrupts.noted() => return Err(Failure::Interrupted),
    };
    let known: BTreeSet<&Profile> = signed_in.iter().collect();
    let mut missing = household.configured();
    missing.retain(|(profile, _)| !known.contains(profile));
    if signed_in.is_empty() && missing.is_empty() {
        return Err(Failure::NobodySignedIn);
    }
    let mut runner = Runner::new(context, household, manner, queue, signed_in.len());
    for (profile, keys) in missing {
        let failure = Failure::TableOfNobody { profile: profile.clone(), keys };
        runner.tell(&profile, &Err(failure));
    }
    LocalSet::new().run_until(runner.run()).await
}

impl Context {
    /// The same for one of many profiles: nobody sits in front of it, and what it has to say
    /// goes to `listener`.
    fn for_one_of_many(
        &self,
        settings: Settings,
        listener: Arc<dyn Progress>,
        interrupts: Arc<Interrupts>,
    ) -> Self {
        Self {
            settings,
            listener,
            interrupts,
            paths: self.paths.clone(),
            clock: self.clock.clone(),
            zone: self.zone.clone(),
            keys: self.keys.clone(),
            elsewhere: self.elsewhere.clone(),
            vault: self.vault.clone(),
            turns: self.turns.clone(),
            times: Times::usual(self.times.style()),
            shared_records: self.shared_records.clone(),
            roster: self.roster.clone(),
            supplies: self.supplies.clone(),
            browser: Box::new(runner::NoBrowser),
            input: Box::new(crate::commands::input::NoInput),
            attended: false,
            // What changed for each is no more than a number; but who asks for each task gets it.
            detail: if self.detail == Detail::Each { Detail::Each } else { Detail::Counts },
            afterwards: self.afterwards.clone(),
        }
    }
}
