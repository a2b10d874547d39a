//! Whose import is next: a list of this host's own, or one that hosts work off together.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::commands::{Exit, Failure};
use crate::database::WorkList;
use crate::database::work_list::{Claim, Claimed, Entry};
use crate::model::{Profile, plain_text};
use crate::session::Roster;

/// How soon others have the profiles of a host that was killed.
const LEASE: Duration = Duration::from_secs(20);
/// How often leases are extended: a try may fail, and the next one is in time.
const EXTENDED_EVERY: Duration = Duration::from_secs(5);

/// The profiles of a run, each of which one host imports.
#[derive(Clone)]
pub(super) struct Queue(Arc<Kind>);

enum Kind {
    Own(Mutex<VecDeque<Profile>>),
    Shared(Shared),
}

struct Shared {
    list: Arc<dyn WorkList>,
    holder: String,
    since: Timestamp,
}

/// What a look for the next profile came to.
pub(super) enum Next {
    Profile(Profile),
    OthersHave,
    Nobody,
}

/// What another run, here or on another host, has made of a profile shortly before.
pub(super) struct Elsewhere {
    pub(super) profile: Profile,
    pub(super) exit_code: u8,
    pub(super) at: Timestamp,
    pub(super) host: String,
}

/// What a run has not done itself.
pub(super) struct Rest {
    pub(super) elsewhere: Vec<Elsewhere>,
    pub(super) not_begun: Vec<Profile>,
}

impl Queue {
    /// The profiles of `roster`, of which those are left out that any host has done within
    /// `window`; with `alone` this host does all, whatever others do.
    pub(super) async fn open(
        roster: &Roster,
        host: &str,
        window: Duration,
        alone: bool,
    ) -> Result<(Self, Vec<Profile>), Failure> {
        let roster = roster.clone();
        let all = {
            let roster = roster.clone();
            apart(move || Ok(roster.profiles()?)).await?
        };
        let kind = match roster {
            Roster::Shared(list) if !alone => {
                let clock = list.clone();
                let now = apart(move || Ok(clock.now()?)).await?;
                let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
                let since = now.checked_sub(window).unwrap_or(Timestamp::MIN);
                let holder = format!("{host}/{}", uuid::Uuid::new_v4().simple());
                Kind::Shared(Shared { list, holder, since })
            }
            _ => Kind::Own(Mutex::new(all.iter().cloned().collect())),
        };
        Ok((Self(Arc::new(kind)), all))
    }

    /// Takes the next profile.
    pub(super) async fn next(&self) -> Result<Next, Failure> {
        let shared = match &*self.0 {
            Kind::Own(left) => {
                let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                return Ok(next.map_or(Next::Nobody, Next::Profile));
            }
            Kind::Shared(shared) => shared,
        };
        let Shared { holder, since, .. } = shared;
        let claim = Claim { holder: holder.clone(), since: *since, lease: LEASE };
        let list = shared.list.clone();
        match apart(move || Ok(list.claim(&claim)?)).await? {
            Claimed::OthersHave => Ok(Next::OthersHave),
            Claimed::Nothing => Ok(Next::Nobody),
            Claimed::Name(name) => match name.parse() {
                Ok(profile) => Ok(Next::Profile(profile)),
                Err(_) => {
                    // Not ours, and nobody is to stumble over it again in this run.
                    self.settle_name(name, Some(Exit::Usage)).await?;
                    Ok(Next::OthersHave)
                }
            },
        }
    }

    /// Gives a profile back: done, or with no exit as it was.
    pub(super) async fn settle(&self, profile: &Profile, exit: Option<Exit>) {
        if let (Kind::Own(left), None) = (&*self.0, exit) {
            left.lock().unwrap_or_else(PoisonError::into_inner).push_front(profile.clone());
        }
        if let Err(error) = self.settle_name(profile.to_string(), exit).await {
            // Then its lease lapses, and another host looks at it once more.
            tracing::warn!(%profile, %error, "what became of it is not noted for other hosts");
        }
    }

    async fn settle_name(&self, name: String, exit: Option<Exit>) -> Result<(), Failure> {
        let Kind::Shared(shared) = &*self.0 else { return Ok(()) };
        let (list, holder) = (shared.list.clone(), shared.holder.clone());
        let outcome = exit.map(Exit::code);
        apart(move || Ok(list.settle(&holder, &name, outcome).map(drop)?)).await
    }

    /// Keeps what this host has, for as long as this is polled.
    pub(super) async fn keep_extending(&self) {
        let Kind::Shared(shared) = &*self.0 else { return std::future::pending().await };
        loop {
            tokio::time::sleep(EXTENDED_EVERY).await;
            let (list, holder) = (shared.list.clone(), shared.holder.clone());
            if let Err(error) = apart(move || Ok(list.extend(&holder, LEASE)?)).await {
                tracing::warn!(%error, "the leases were not extended");
            }
        }
    }

    /// What is left over, `begun` having been begun here.
    pub(super) async fn rest(&self, begun: &BTreeSet<Profile>) -> Result<Rest, Failure> {
        let shared = match &*self.0 {
            Kind::Own(left) => {
                let left = left.lock().unwrap_or_else(PoisonError::into_inner);
                let not_begun = left.iter().filter(|it| !begun.contains(it)).cloned().collect();
                return Ok(Rest { elsewhere: Vec::new(), not_begun });
            }
            Kind::Shared(shared) => shared,
        };
        let list = shared.list.clone();
        let entries = apart(move || Ok(list.entries()?)).await?;
        let mut rest = Rest { elsewhere: Vec::new(), not_begun: Vec::new() };
        for Entry { name, done } in entries {
            let Ok(profile) = name.parse::<Profile>() else { continue };
            match done.filter(|done| done.at >= shared.since) {
                _ if begun.contains(&profile) => {}
                None => rest.not_begun.push(profile),
                Some(done) => {
                    let host = host_of(&done.holder);
                    let (exit_code, at) = (done.outcome, done.at);
                    rest.elsewhere.push(Elsewhere { profile, exit_code, at, host });
                }
            }
        }
        Ok(rest)
    }
}

/// The host in a holder's text, which anybody can have written who can write to the database.
fn host_of(holder: &str) -> String {
    /// As long as a label of a host name is.
    const LONGEST: usize = 63;
    let host = plain_text::one_line(holder.split('/').next().unwrap_or_default());
    match host.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &host[..end]),
        None => host,
    }
}

/// Runs work that blocks.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|broken| {
        let cause = io::Error::other(broken);
        Err(Failure::System { what: "the list of profiles broke off", cause })
    })
}
