//! What a run for many profiles came to, for people and for scripts.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::queue::{Elsewhere, Rest};
use super::round::worst;
use super::runner::advice;
use crate::commands::import_report::Imported;
use crate::commands::{Event, Exit, Failure, Report};
use crate::model::{Profile, counted, secret};

/// How many names a line lists.
const NAMES: usize = 8;

/// What a run for many profiles came to.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Those that this run dealt with, in the order in which they ended.
    profiles: Vec<Outcome>,
    /// Those that another run has done shortly before, on this host or on another one.
    elsewhere: Vec<DoneElsewhere>,
    /// Those that nobody has begun with.
    not_begun: Vec<String>,
    counts: Counts,
    /// Why the rest was not begun, if it was not.
    broken_off: Option<String>,
    /// In seconds: what is done within it is not done again.
    share_window: u64,
    #[serde(skip)]
    now: Option<Timestamp>,
    #[serde(skip)]
    exit: Option<Exit>,
}

/// What became of one profile.
#[derive(Debug, Serialize)]
struct Outcome {
    profile: String,
    exit_code: u8,
    /// As `import` prints it for one profile; only where a document was asked for.
    result: Option<serde_json::Value>,
    error: Option<Trouble>,
}

/// Why the import of one profile came to nothing, as a failed run tells it.
#[derive(Clone, Debug, Serialize)]
pub struct Trouble {
    message: String,
    advice: Option<String>,
    exit_code: u8,
}

impl Outcome {
    fn event(&self) -> Event {
        match self.error.clone() {
            Some(error) => Event::ProfileFailed { error },
            None => {
                Event::ProfileFinished { exit_code: self.exit_code, result: self.result.clone() }
            }
        }
    }
}

#[derive(Debug, Serialize)]
struct DoneElsewhere {
    profile: String,
    exit_code: u8,
    /// In UTC, by the clock of the database.
    done_at: String,
    host: String,
    #[serde(skip)]
    at: Timestamp,
}

/// Of profiles.
#[derive(Debug, Default, Serialize)]
struct Counts {
    done: usize,
    failed: usize,
    elsewhere: usize,
    elsewhere_failed: usize,
    not_begun: usize,
}

/// Whether an exit code means that there is nothing to look at.
fn is_fine(exit_code: u8) -> bool {
    [Exit::Done, Exit::WouldChange].iter().any(|exit| exit.code() == exit_code)
}

impl Summary {
    pub(super) fn new(share_window: Duration) -> Self {
        Self { share_window: share_window.as_secs(), ..Self::default() }
    }

    /// Takes down what an import came to; with `documents` all of it. Returns what a program is
    /// told of it.
    pub(super) fn add(
        &mut self,
        profile: &Profile,
        ended: &Result<Imported, Failure>,
        documents: bool,
    ) -> Event {
        let (exit, result, error) = match ended {
            Ok(imported) => {
                let result = documents.then(|| serde_json::to_value(imported).ok()).flatten();
                (imported.exit(), result, None)
            }
            Err(failure) => {
                let (message, exit) = (secret::veiled(&failure.to_string()), failure.exit());
                let advice = advice(failure, profile).as_deref().map(secret::veiled);
                (exit, None, Some(Trouble { message, advice, exit_code: exit.code() }))
            }
        };
        self.exit = Some(worst(self.exit.unwrap_or(Exit::Done), exit));
        let count = match is_fine(exit.code()) {
            true => &mut self.counts.done,
            false => &mut self.counts.failed,
        };
        *count += 1;
        let profile = profile.to_string();
        let outcome = Outcome { profile, exit_code: exit.code(), result, error };
        let told = outcome.event();
        self.profiles.push(outcome);
        told
    }

    /// Takes down what others did, and what nobody did.
    pub(super) fn add_rest(&mut self, rest: Rest, now: Timestamp) {
        let shown = |it: Elsewhere| DoneElsewhere {
            profile: it.profile.to_string(),
            exit_code: it.exit_code,
            done_at: it.at.to_string(),
            host: it.host,
            at: it.at,
        };
        self.elsewhere = rest.elsewhere.into_iter().map(shown).collect();
        self.not_begun = rest.not_begun.iter().map(ToString::to_string).collect();
        let failed = |it: &&DoneElsewhere| !is_fine(it.exit_code);
        self.counts.elsewhere = self.elsewhere.len();
        self.counts.elsewhere_failed = self.elsewhere.iter().filter(failed).count();
        self.counts.not_begun = self.not_begun.len();
        self.now = Some(now);
    }

    /// The run ended before all was done.
    pub(super) fn break_off(&mut self, failure: &Failure) {
        self.exit = Some(worst(self.exit.unwrap_or(Exit::Done), failure.exit()));
        self.broken_off = Some(secret::veiled(&failure.to_string()));
    }

    /// How many minutes ago the last of the others was done.
    fn minutes_ago(&self) -> Option<i64> {
        let last = self.elsewhere.iter().map(|it| it.at).max()?;
        Some(self.now?.duration_since(last).as_secs().max(0) / 60)
    }

    fn line_of_elsewhere(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(minutes) = self.minutes_ago() else { return Ok(()) };
        let hosts: std::collections::BTreeSet<&str> =
            self.elsewhere.iter().map(|it| it.host.as_str()).collect();
        let hosts: Vec<&str> = hosts.into_iter().collect();
        let when = match minutes {
            0 => "less than a minute ago".to_owned(),
            1 => "a minute ago".to_owned(),
            minutes => format!("{minutes} minutes ago"),
        };
        writeln!(f, "Done by another run, the last of them {when} ({}).", listed(&hosts))?;
        if self.profiles.is_empty() && self.not_begun.is_empty() {
            writeln!(f, "To do them again now: nbatodo import --all-profiles --share-window 0")?;
        }
        Ok(())
    }
}

impl Report for Summary {
    fn exit(&self) -> Exit {
        self.exit.unwrap_or(Exit::Done)
    }

    fn shortfalls(&self) -> Vec<String> {
        let Some(why) = &self.broken_off else { return Vec::new() };
        let left = match self.not_begun.len() {
            0 => String::new(),
            count => format!("; {count} of the profiles had not begun"),
        };
        vec![format!(
            "broken off: {why}{left}. Run the same command again, it does only what is missing."
        )]
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { done, failed, elsewhere, elsewhere_failed, not_begun } = self.counts;
        let total = self.profiles.len() + elsewhere + not_begun;
        write!(f, "{}: {done} done", counted(total, "profile"))?;
        if failed > 0 {
            let of = self.profiles.iter().filter(|it| !is_fine(it.exit_code));
            let names: Vec<&str> = of.map(|it| it.profile.as_str()).collect();
            write!(f, ", {failed} failed ({})", listed(&names))?;
        }
        if elsewhere > 0 {
            write!(f, ", {elsewhere} done elsewhere")?;
        }
        if elsewhere_failed > 0 {
            write!(f, " ({elsewhere_failed} failed there)")?;
        }
        if not_begun > 0 {
            write!(f, ", {not_begun} not begun")?;
        }
        writeln!(f, ".")?;
        if self.profiles.is_empty() { self.line_of_elsewhere(f) } else { Ok(()) }
    }
}

/// The first names, and how many there are besides.
fn listed(names: &[&str]) -> String {
    match names.len().saturating_sub(NAMES) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..NAMES].join(", ")),
    }
}
