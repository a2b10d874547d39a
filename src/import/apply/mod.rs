//! Makes a plan true in Todoist, a batch at a time, each announced in the journal before it is
//! sent and taken down in the record after it is answered.

mod job;
mod step;
mod work;

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::database::DatabaseError;
use crate::import::apply::job::Job;
use crate::import::apply::work::Work;
use crate::import::journal::{Deed, Entry, Journal};
use crate::import::ledger::{Ledger, LedgerError};
use crate::import::patience::{AtTodoist, Patience};
use crate::import::plan::{Change, Closing, Part, Plan};
use crate::import::record::Record;
use crate::import::subject::Subject;
use crate::keys::KeyStoreError;
use crate::session::HeldTurn;
use crate::todoist::{Client, Command, Refusal, SyncAnswer, SyncRequest, TodoistError};

pub use job::{Act, Reminded};
pub use step::Step;

/// What a write reads back, so that the record holds what Todoist made of it.
const READ_BACK: &[&str] = &["projects", "sections", "items", "reminders"];

/// What applying came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done in each destination, by its key.
    pub done: BTreeMap<String, Counts>,
    /// What was deleted because it was empty.
    pub closed: Vec<Closing>,
    /// What was not done, each with the reason.
    pub refused: Vec<Refused>,
    /// Why the rest was not tried any more.
    pub broken_off: Option<ApplyError>,
}

/// How many tasks were changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that were not there.
    pub created: usize,
    /// Tasks of which a field changed, the section among them.
    pub updated: usize,
    /// Tasks that were taken away.
    pub deleted: usize,
}

impl Counts {
    /// Counts one more change.
    pub fn add(&mut self, change: &Change) {
        match change {
            Change::Create(_) => self.created += 1,
            Change::Update { .. } => self.updated += 1,
            Change::Delete { .. } => self.deleted += 1,
        }
    }
}

/// A change that was not made.
#[derive(Debug)]
pub struct Refused {
    /// The destination's key.
    pub key: String,
    /// What the task is about; `None` where it is about no task.
    pub subject: Option<Subject>,
    /// The title of the task, or what else was to be changed, in words.
    pub title: String,
    /// Todoist's words.
    pub reason: String,
}

/// Why applying stopped.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// What is about to be sent could not be written down, so it was not sent.
    #[error("the import record: {0}")]
    Ledger(#[source] LedgerError),
    /// What was done could not be written down; the journal keeps it.
    #[error(
        "Todoist has what was sent, but it could not be taken down in the import record, which the \
         next run makes good: {0}"
    )]
    NotTakenDown(#[source] LedgerError),
    /// The turn may be over, so nothing more was sent.
    #[error("another run may have taken over, so this one sends nothing more: {0}")]
    TurnLost(#[source] KeyStoreError),
    /// A request failed as a whole.
    #[error(transparent)]
    Todoist(#[from] TodoistError),
}

impl ApplyError {
    /// What a database said, where that is the reason.
    pub fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::TurnLost(KeyStoreError::Database(error))
            | Self::Ledger(LedgerError::Store(KeyStoreError::Database(error)))
            | Self::NotTakenDown(LedgerError::Store(KeyStoreError::Database(error))) => Some(error),
            _ => None,
        }
    }
}

impl From<LedgerError> for ApplyError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(lost @ KeyStoreError::Database(DatabaseError::LockLost { .. })) => {
                Self::TurnLost(lost)
            }
            error => Self::Ledger(error),
        }
    }
}

impl AtTodoist for ApplyError {
    fn at_todoist(&self) -> Option<&TodoistError> {
        match self {
            Self::Todoist(error) => Some(error),
            _ => None,
        }
    }
}

/// What applying works with.
pub struct Tools<'a> {
    /// The person's Todoist.
    pub client: &'a Client<'a>,
    /// Where record and journal lie.
    pub ledger: &'a Ledger,
    /// The turn in which this is done: without it, nothing is sent.
    pub turn: &'a HeldTurn,
    /// How long pauses may get.
    pub patience: Patience<'a>,
    /// Gives fresh random ids.
    pub new_id: &'a mut dyn FnMut() -> Uuid,
    /// Hears each step, once it is taken down.
    pub hears: &'a dyn Fn(Step<'_>),
}

/// Sends the commands of `plan`, the project of a destination travelling with its first games,
/// and keeps `record` up to date. Commands that `journal` holds are sent under the UUIDs that
/// they had there.
///
/// # Errors
/// [`ApplyError`] if nothing was done; what failed later is in the [`Outcome`].
pub async fn apply(
    plan: &Plan,
    record: &mut Record,
    journal: Option<&Journal>,
    mut tools: Tools<'_>,
) -> Result<Outcome, ApplyError> {
    let mut work = Work::of(plan, record, journal, tools.new_id);
    let mut outcome = Outcome::default();
    let others = journal.map(|journal| others(journal, plan)).unwrap_or_default();
    let mut number = 0;
    while let Some(batch) = work.next_batch() {
        number += 1;
        let entries = batch.iter().map(Job::entry).chain(others.iter().cloned()).collect();
        let announced = tools.ledger.announce(&Journal::new(&record.account, entries)).await;
        if let Err(error) = announced {
            let give_up = |it: &mut Outcome| work.give_up(&[], &batch, it);
            return outcome.broken_off_by(error.into(), tools.hears, give_up);
        }
        let commands: Vec<Command> = batch.iter().map(|job| work.command(job)).collect();
        let told = outcome.refused.len();
        (tools.hears)(Step::Sent { batch: number, commands: batch.len() });
        match tools.send(&record.sync_token, &commands).await {
            Ok(answer) => {
                let made = work.take_down(&batch, &answer, record, &mut outcome);
                let kept = tools.ledger.keep(record).await;
                (tools.hears)(Step::Answered { batch: number, commands: batch.len() });
                for (part, change) in made {
                    (tools.hears)(Step::Made { part, change });
                }
                if let Err(error) = kept {
                    work.give_up(&[], &[], &mut outcome);
                    outcome.tell_refused(told, tools.hears);
                    outcome.broken_off = Some(ApplyError::NotTakenDown(error));
                    return Ok(outcome);
                }
            }
            Err(error) => {
                let give_up = |it: &mut Outcome| work.give_up(&batch, &[], it);
                return outcome.broken_off_by(error, tools.hears, give_up);
            }
        }
        outcome.tell_refused(told, tools.hears);
        (tools.hears)(Step::DealtWith(outcome.done() + outcome.refused.len()));
    }
    let settled = match others.is_empty() {
        true => tools.ledger.settle().await,
        false => tools.ledger.announce(&Journal::new(&record.account, others)).await,
    };
    outcome.broken_off = settled.err().map(ApplyError::NotTakenDown);
    Ok(outcome)
}

impl Tools<'_> {
    /// Has Todoist execute `commands`, and tell what changed since `sync_token`.
    async fn send(
        &mut self,
        sync_token: &str,
        commands: &[Command],
    ) -> Result<SyncAnswer, ApplyError> {
        let (client, turn) = (self.client, self.turn);
        let request = SyncRequest { sync_token, resource_types: READ_BACK, commands };
        let asked = self.patience.ask(async || {
            // Each time: a pause may have been longer than a turn lasts that nobody extends.
            turn.prove().await.map_err(ApplyError::TurnLost)?;
            Ok::<_, ApplyError>(client.sync(&request).await?)
        });
        asked.await
    }
}

/// What a killed run has sent for destinations that are not in `plan`: kept for their turn.
fn others(journal: &Journal, plan: &Plan) -> Vec<Entry> {
    let planned = |key: &str| plan.parts.iter().any(|part| part.key == key);
    let is_others = |entry: &&Entry| match &entry.deed {
        Deed::Place { key }
        | Deed::Section { key, .. }
        | Deed::Create { key, .. }
        | Deed::Remind { key, .. } => !planned(key),
        // What landed of these has been recognised, whoever it belongs to.
        Deed::Update { .. }
        | Deed::Move { .. }
        | Deed::Comment { .. }
        | Deed::Delete { .. }
        | Deed::Close { .. }
        | Deed::CloseSection { .. } => false,
    };
    journal.entries.iter().filter(is_others).cloned().collect()
}

impl Outcome {
    /// What applying comes to where all of `plan` is done.
    pub fn of_all(plan: &Plan) -> Self {
        let mut outcome = Self::default();
        for part in &plan.parts {
            let counts = outcome.done.entry(part.key.clone()).or_default();
            part.changes.iter().for_each(|change| counts.add(change));
            outcome.closed.extend(part.closing.iter().cloned());
        }
        outcome
    }

    /// Whether all was done.
    pub fn is_whole(&self) -> bool {
        self.refused.is_empty() && self.broken_off.is_none()
    }

    /// Tells of what was refused since there were `told` of them.
    fn tell_refused(&self, told: usize, hears: &dyn Fn(Step<'_>)) {
        self.refused.iter().skip(told).for_each(|refused| hears(Step::Refused(refused)));
    }

    /// An error where nothing was done, and else its end.
    fn broken_off_by(
        mut self,
        error: ApplyError,
        hears: &dyn Fn(Step<'_>),
        give_up: impl FnOnce(&mut Self),
    ) -> Result<Self, ApplyError> {
        if self.done() == 0 && self.refused.is_empty() {
            return Err(error);
        }
        let told = self.refused.len();
        give_up(&mut self);
        self.tell_refused(told, hears);
        self.broken_off = Some(error);
        Ok(self)
    }

    fn done(&self) -> usize {
        self.done.values().map(|it| it.created + it.updated + it.deleted).sum()
    }

    fn refuse(&mut self, part: &Part, change: &Change, reason: &str) {
        let (subject, title) = (Some(*change.subject()), change.title().to_owned());
        let (key, reason) = (part.key.clone(), reason.to_owned());
        self.refused.push(Refused { key, subject, title, reason });
    }

    fn refuse_closing(&mut self, part: &Part, closing: &Closing, refusal: &Refusal) {
        let title = match closing {
            Closing::Project(_) => format!("the project \"{}\"", part.name()),
            Closing::InboxSection(_) => format!("the section \"{}\"", part.name()),
            Closing::Section(_) => format!("an empty section of \"{}\"", part.name()),
        };
        let (key, reason) = (part.key.clone(), refusal.to_string());
        self.refused.push(Refused { key, subject: None, title, reason });
    }
}
