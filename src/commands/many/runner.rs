//! Drives the imports of many profiles: begins them as [`Round`] decides, and takes down what
//! each comes to.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use url::Url;

use super::queue::{Next, Queue};
use super::relay::Relay;
use super::round::{self, Round};
use super::{Household, Manner, Summary};
use crate::commands::import_report::Imported;
use crate::commands::{Context, Exit, Failure, Interrupts, Report, config, import};
use crate::model::Profile;
use crate::signin::{Browser, Opening};

/// How often to look whether others have come to an end, or were killed.
const LOOKED_EVERY: Duration = Duration::from_millis(500);

/// A run for many profiles.
pub(super) struct Runner<'a> {
    context: &'a Context,
    household: &'a dyn Household,
    manner: &'a Manner,
    queue: Queue,
    /// How many profiles there are, to spread them.
    count: usize,
    summary: Summary,
    begun: BTreeSet<Profile>,
    /// How many have come to their end.
    ended: usize,
}

/// What has happened.
enum Event {
    Looked(Result<Next, Failure>),
    Ended { profile: Profile, ended: Result<Imported, Failure>, waited: bool },
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        context: &'a Context,
        household: &'a dyn Household,
        manner: &'a Manner,
        queue: Queue,
        count: usize,
    ) -> Self {
        let summary = Summary::new(manner.share_window);
        let begun = BTreeSet::new();
        Self { context, household, manner, queue, count, summary, begun, ended: 0 }
    }

    pub(super) async fn run(mut self) -> Result<Summary, Failure> {
        let mut round = Round::new(self.manner.jobs);
        let mut events: JoinSet<Event> = JoinSet::new();
        let (waits, mut waiting) = mpsc::unbounded_channel();
        let (stop, stopped) = watch::channel(false);
        let mut first_look = true;
        let queue = self.queue.clone();
        let mut extending = std::pin::pin!(queue.keep_extending());
        let mut pause = Duration::ZERO;
        self.context.listener.profiles(self.ended, self.count);
        while !round.is_over() {
            if round.is_to_look() {
                round.looks();
                if std::mem::take(&mut first_look) {
                    pause = self.pause();
                }
                events.spawn_local(look(self.queue.clone(), pause, stopped.clone()));
            }
            tokio::select! {
                biased;
                () = self.context.interrupts.noted(), if !round.is_ending() => {
                    round.end();
                    stop.send_replace(true);
                    self.summary.break_off(&self.context.interrupts.reason());
                }
                Some(()) = waiting.recv() => round.waits(),
                Some(event) = events.join_next() => match event {
                    Ok(Event::Looked(next)) => {
                        pause = self.found(next, &mut round, &mut events, &waits, &stopped).await;
                    }
                    Ok(Event::Ended { profile, ended, waited }) => {
                        round.ended(waited);
                        let why = || self.context.interrupts.reason();
                        let ended = ended.map_err(|failure| match failure {
                            Failure::Interrupted => why(),
                            failure => failure,
                        });
                        self.tell(&profile, &ended);
                        self.ended += 1;
                        self.context.listener.profiles(self.ended, self.count);
                    }
                    Err(broken) => return Err(broken_off(broken)),
                },
                () = &mut extending => {}
            }
        }
        // Others may have had the rest.
        self.context.listener.end();
        self.close().await
    }

    /// Begins with what was found; returns the pause before the next look.
    async fn found(
        &mut self,
        next: Result<Next, Failure>,
        round: &mut Round,
        events: &mut JoinSet<Event>,
        waits: &mpsc::UnboundedSender<()>,
        stopped: &watch::Receiver<bool>,
    ) -> Duration {
        match next {
            Ok(Next::Profile(profile)) if round.found() => {
                self.begun.insert(profile.clone());
                let has_waited = Arc::new(AtomicBool::new(false));
                let relay = Relay {
                    profile: profile.clone(),
                    to: self.context.listener.clone(),
                    waits: waits.clone(),
                    has_waited: has_waited.clone(),
                };
                let asked = self.household.of(&profile).map(|(settings, request)| {
                    let interrupts = Arc::new(Interrupts::default());
                    (self.context.for_one_of_many(settings, Arc::new(relay), interrupts), request)
                });
                let queue = self.queue.clone();
                events.spawn_local(one(queue, profile, asked, has_waited, stopped.clone()));
                return self.pause();
            }
            Ok(Next::Profile(profile)) => self.queue.settle(&profile, None).await,
            Ok(Next::OthersHave) => {
                round.found_none();
                return LOOKED_EVERY;
            }
            Ok(Next::Nobody) => round.found_the_end(),
            Err(failure) => {
                // Those under way come to their end; nobody knows who would be next.
                round.found_the_end();
                self.summary.break_off(&failure);
            }
        }
        Duration::ZERO
    }

    /// Takes down what an import came to, and says it: a line for each place, unless a document
    /// tells it to a program.
    pub(super) fn tell(&mut self, profile: &Profile, ended: &Result<Imported, Failure>) {
        let listener = &self.context.listener;
        match ended {
            Ok(imported) => {
                for line in imported.shortfalls() {
                    listener.demand(&format!("nbatodo: {profile}: {line}"));
                }
                if !self.manner.documents {
                    for line in imported.to_string().lines() {
                        listener.note(&format!("{profile}: {line}"));
                    }
                }
            }
            // Said once, for all.
            Err(Failure::Interrupted | Failure::OutOfTime(_)) => {}
            Err(failure) => {
                let advice = advice(failure, profile);
                let advice = advice.map(|advice| format!(" {advice}")).unwrap_or_default();
                listener.demand(&format!("nbatodo: {profile}: {failure}.{advice}"));
            }
        }
        let told = self.summary.add(profile, ended, self.manner.documents);
        listener.event(profile, &told);
    }

    async fn close(mut self) -> Result<Summary, Failure> {
        match self.queue.rest(&self.begun).await {
            Ok(rest) => self.summary.add_rest(rest, self.context.clock.now()),
            // What this host did stays done.
            Err(failure) => self.summary.break_off(&failure),
        }
        Ok(self.summary)
    }

    /// Until the next profile begins.
    fn pause(&self) -> Duration {
        let chance = getrandom::u32().map_or(1.0, |bits| f64::from(bits) / f64::from(u32::MAX));
        round::pause(self.manner.spread, self.count, chance)
    }
}

/// What to do about `failure` where many imports were asked for.
pub(super) fn advice(failure: &Failure, profile: &Profile) -> Option<String> {
    match failure {
        Failure::NoTeam => Some(format!(
            "Name one with --team for all, or one for this profile with: {}",
            config::set_team(profile, config::EXAMPLE)
        )),
        failure => failure.advice("import", profile),
    }
}

/// Looks for the next profile, after `pause`.
async fn look(queue: Queue, pause: Duration, mut stopped: watch::Receiver<bool>) -> Event {
    tokio::select! {
        () = tokio::time::sleep(pause), if !pause.is_zero() => {}
        _ = stopped.wait_for(|stopped| *stopped) => return Event::Looked(Ok(Next::OthersHave)),
        () = std::future::ready(()), if pause.is_zero() => {}
    }
    Event::Looked(queue.next().await)
}

/// The import of one profile.
async fn one(
    queue: Queue,
    profile: Profile,
    asked: Result<(Context, import::Request), Failure>,
    has_waited: Arc<AtomicBool>,
    stopped: watch::Receiver<bool>,
) -> Event {
    let ended = match asked {
        Ok((context, request)) => {
            let work = import::run(&context, &request);
            until_stopped(work, &context.interrupts, stopped).await
        }
        Err(failure) => Err(failure),
    };
    let exit = match &ended {
        Ok(imported) => Some(imported.exit()),
        // Another host can go on with it.
        Err(Failure::Interrupted) => None,
        Err(failure) => Some(failure.exit()),
    };
    queue.settle(&profile, exit.filter(|exit| *exit != Exit::Interrupted)).await;
    Event::Ended { profile, ended, waited: has_waited.load(Ordering::SeqCst) }
}

/// Runs `work` to its end; or, when the run is stopped, to the next state that can be left.
async fn until_stopped<T>(
    work: impl Future<Output = Result<T, Failure>>,
    interrupts: &Interrupts,
    mut stopped: watch::Receiver<bool>,
) -> Result<T, Failure> {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        ended = &mut work => return ended,
        _ = stopped.wait_for(|stopped| *stopped) => {
            if interrupts.note() {
                return Err(Failure::Interrupted);
            }
        }
    }
    work.await
}

fn broken_off(broken: JoinError) -> Failure {
    Failure::System { what: "an import broke off", cause: io::Error::other(broken) }
}

/// Nobody sits in front of any of them.
pub(super) struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &Url) -> io::Result<Opening> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
