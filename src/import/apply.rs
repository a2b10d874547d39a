//! Makes a plan true in Todoist, a batch at a time, each announced in the journal before it is
//! sent and taken down in the record after it is answered.

use std::collections::{BTreeMap, HashSet};

use uuid::Uuid;

use crate::import::journal::{Deed, Entry, Journal};
use crate::import::ledger::{Ledger, LedgerError};
use crate::import::patience::Patience;
use crate::import::plan::{Change, Destination, Part, Plan};
use crate::import::record::Record;
use crate::import::view::View;
use crate::import::writing;
use crate::model::GameId;
use crate::private_files::FileError;
use crate::todoist::command::LARGEST_BATCH;
use crate::todoist::{Action, Client, Command, Refusal, SyncAnswer, SyncRequest, TodoistError};

/// What a write reads back, so that the record holds what Todoist made of it.
const READ_BACK: &[&str] = &["projects", "items"];

/// What applying came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done in each destination, by its key.
    pub done: BTreeMap<String, Counts>,
    /// What was not done, each with the reason.
    pub refused: Vec<Refused>,
    /// Why the rest was not tried any more.
    pub broken_off: Option<TodoistError>,
}

/// How many tasks were changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Created.
    pub created: usize,
    /// Changed.
    pub updated: usize,
}

impl Counts {
    /// Counts one more change.
    pub fn add(&mut self, change: &Change) {
        match change {
            Change::Create(_) => self.created += 1,
            Change::Update { .. } => self.updated += 1,
        }
    }
}

/// A change that was not made.
#[derive(Debug)]
pub struct Refused {
    /// The destination's key.
    pub key: String,
    /// The game that it is about.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// Todoist's words.
    pub reason: String,
}

/// Why applying stopped.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// What is about to be sent could not be written down, so it was not sent; or what was done
    /// could not, and the journal keeps it.
    #[error("the import record: {0}")]
    Ledger(#[from] LedgerError),
    /// The first request failed as a whole, and nothing was done.
    #[error(transparent)]
    Todoist(#[from] TodoistError),
}

impl From<FileError> for ApplyError {
    fn from(error: FileError) -> Self {
        Self::Ledger(error.into())
    }
}

/// What applying works with.
pub struct Tools<'a> {
    /// The person's Todoist.
    pub client: &'a Client<'a>,
    /// Where record and journal lie.
    pub ledger: &'a Ledger,
    /// How long pauses may get.
    pub patience: Patience<'a>,
    /// Gives fresh random ids.
    pub new_id: &'a mut dyn FnMut() -> Uuid,
    /// Hears how many changes have been dealt with.
    pub progress: &'a dyn Fn(usize),
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
    while let Some(batch) = work.next_batch() {
        let entries = batch.iter().map(Job::entry).chain(others.iter().cloned()).collect();
        tools.ledger.announce(&Journal::new(&record.account, entries))?;
        let commands: Vec<Command> = batch.iter().map(|job| work.command(job)).collect();
        let token = record.sync_token.clone();
        let (client, request) = (
            tools.client,
            SyncRequest { sync_token: &token, resource_types: READ_BACK, commands: &commands },
        );
        match tools.patience.ask(async || client.sync(&request).await).await {
            Ok(answer) => {
                work.take_down(&batch, &answer, record, &mut outcome);
                tools.ledger.keep(record)?;
            }
            Err(error) if outcome.done() == 0 && outcome.refused.is_empty() => {
                return Err(error.into());
            }
            Err(error) => {
                work.give_up(&batch, &mut outcome);
                outcome.broken_off = Some(error);
                return Ok(outcome);
            }
        }
        (tools.progress)(outcome.done() + outcome.refused.len());
    }
    if others.is_empty() {
        tools.ledger.settle()?;
    } else {
        tools.ledger.announce(&Journal::new(&record.account, others))?;
    }
    Ok(outcome)
}

/// What a killed run has sent for destinations that are not in `plan`: kept for their turn.
fn others(journal: &Journal, plan: &Plan) -> Vec<Entry> {
    let planned = |key: &str| plan.parts.iter().any(|part| part.key == key);
    let is_others = |entry: &&Entry| match &entry.deed {
        Deed::Project { key } | Deed::Create { key, .. } => !planned(key),
        // What landed of these has been recognised, whoever it belongs to.
        Deed::Update { .. } => false,
    };
    journal.entries.iter().filter(is_others).cloned().collect()
}

impl Outcome {
    fn done(&self) -> usize {
        self.done.values().map(|it| it.created + it.updated).sum()
    }

    fn refuse(&mut self, part: &Part, change: &Change, reason: &str) {
        let (game, title) = (change.game().clone(), change.title().to_owned());
        let (key, reason) = (part.key.clone(), reason.to_owned());
        self.refused.push(Refused { key, game, title, reason });
    }
}

/// One command to come.
struct Job<'a> {
    part: &'a Part,
    /// `None` for the creation of the part's project.
    change: Option<&'a Change>,
    deed: Deed,
    uuid: Uuid,
    temp_id: Uuid,
}

impl Job<'_> {
    fn entry(&self) -> Entry {
        Entry { deed: self.deed.clone(), uuid: self.uuid, temp_id: self.temp_id }
    }
}

/// The commands of a plan, and what is known on the way.
struct Work<'a> {
    jobs: std::vec::IntoIter<Job<'a>>,
    /// By destination: the project's id, or its temporary id until it has one.
    projects: BTreeMap<&'a str, String>,
    /// Destinations whose project was refused, and with it all that belongs into it.
    hopeless: HashSet<&'a str>,
    zone: String,
    /// Up to where this run has read. What the answers to its writes tell of other people's
    /// doings is not taken in, so the next run reads it again.
    read_to: String,
}

impl<'a> Work<'a> {
    fn of(
        plan: &'a Plan,
        record: &Record,
        journal: Option<&Journal>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Self {
        let (mut jobs, mut projects) = (Vec::new(), BTreeMap::new());
        let mut job = |part: &'a Part, change: Option<&'a Change>, deed: Deed| {
            let before = journal.and_then(|journal| journal.ids_of(&deed));
            let (uuid, temp_id) = before.unwrap_or_else(|| (new_id(), new_id()));
            Job { part, change, deed, uuid, temp_id }
        };
        for part in plan.parts.iter().filter(|part| !part.changes.is_empty()) {
            match &part.destination {
                Destination::Existing { id, .. } => {
                    projects.insert(part.key.as_str(), id.clone());
                }
                Destination::New { .. } => {
                    let project = job(part, None, Deed::Project { key: part.key.clone() });
                    projects.insert(part.key.as_str(), project.temp_id.to_string());
                    jobs.push(project);
                }
                Destination::Closed { .. } => continue,
            }
            for change in &part.changes {
                jobs.push(job(part, Some(change), Deed::of(&part.key, change)));
            }
        }
        let zone = writing::reading_zone(record.zone.as_deref());
        let zone = zone.iana_name().unwrap_or(writing::LEAGUE_ZONE).to_owned();
        let read_to = record.sync_token.clone();
        Self { jobs: jobs.into_iter(), projects, hopeless: HashSet::new(), zone, read_to }
    }

    fn next_batch(&mut self) -> Option<Vec<Job<'a>>> {
        let hopeless = &self.hopeless;
        let batch: Vec<Job<'a>> = self
            .jobs
            .by_ref()
            .filter(|job| !hopeless.contains(job.part.key.as_str()))
            .take(LARGEST_BATCH)
            .collect();
        (!batch.is_empty()).then_some(batch)
    }

    fn command(&self, job: &Job<'_>) -> Command {
        let project = self.projects.get(job.part.key.as_str()).map_or("", String::as_str);
        let action = match job.change {
            None => writing::project(&job.part.destination),
            Some(change) => writing::change(change, project, &self.zone),
        };
        let creates = matches!(action, Action::ProjectAdd(_) | Action::ItemAdd(_));
        Command { uuid: job.uuid, temp_id: creates.then_some(job.temp_id), action }
    }

    /// Takes the answer to a batch down in the record.
    fn take_down(
        &mut self,
        batch: &[Job<'a>],
        answer: &SyncAnswer,
        record: &mut Record,
        outcome: &mut Outcome,
    ) {
        let view = View::of(answer);
        record.sync_token.clone_from(&view.sync_token);
        for job in batch {
            let status = answer.status_of(job.uuid);
            match (job.change, status) {
                (None, Ok(())) => {
                    self.project_is(job, answer, record);
                    let id = answer.id_of(job.temp_id);
                    if !view.projects.iter().any(|project| Some(project.id.as_str()) == id) {
                        record.mistrust(&job.part.key);
                    }
                }
                (None, Err(refusal)) => self.project_refused(job, &refusal, outcome),
                (Some(change), Err(refusal)) => {
                    if matches!(refusal, Refusal::Unclear(_)) {
                        record.mistrust(&job.part.key);
                    }
                    outcome.refuse(job.part, change, &refusal.to_string());
                }
                (Some(change), Ok(())) => {
                    let made = answer.id_of(job.temp_id);
                    record.take_down(&job.part.key, change, made, &view.tasks);
                    outcome.done.entry(job.part.key.clone()).or_default().add(change);
                }
            }
        }
        record.observe(&view.tasks, &view.projects);
    }

    fn project_is(&mut self, job: &Job<'a>, answer: &SyncAnswer, record: &mut Record) {
        let Some(id) = answer.id_of(job.temp_id) else {
            // Executed before, and its id is forgotten: the next run finds it by its name.
            record.destinations.remove(&job.part.key);
            return;
        };
        self.projects.insert(job.part.key.as_str(), id.to_owned());
        record.take_down_project(&job.part.key, &job.part.destination, id, &self.read_to);
    }

    /// Without its project, none of a destination's tasks can be created; those of this batch
    /// are refused by Todoist one by one.
    fn project_refused(&mut self, job: &Job<'a>, refusal: &Refusal, outcome: &mut Outcome) {
        self.hopeless.insert(job.part.key.as_str());
        let waiting = self.jobs.as_slice().iter().filter(|other| other.part.key == job.part.key);
        for change in waiting.filter_map(|job| job.change) {
            outcome.refuse(job.part, change, &format!("its project was refused: {refusal}"));
        }
    }

    fn give_up(&self, batch: &[Job<'a>], outcome: &mut Outcome) {
        for (part, change) in batch.iter().filter_map(|job| Some((job.part, job.change?))) {
            outcome.refuse(part, change, "there was no answer; the next run finds out");
        }
        let left = self.jobs.as_slice().iter();
        for (part, change) in left.filter_map(|job| Some((job.part, job.change?))) {
            outcome.refuse(part, change, "it was not tried any more");
        }
    }
}
