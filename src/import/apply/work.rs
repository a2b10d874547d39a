//! The commands of a plan, in the order in which they are sent.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use crate::import::apply::Outcome;
use crate::import::apply::job::{Act, Job, jobs};
use crate::import::journal::Journal;
use crate::import::plan::{Change, Destination, NewPlace, Part, Plan};
use crate::import::record::{Done, Record};
use crate::import::view::View;
use crate::import::writing;
use crate::todoist::command::LARGEST_BATCH;
use crate::todoist::{Command, Refusal, SyncAnswer};

/// The commands of a plan, and what is known on the way.
pub(super) struct Work<'a> {
    jobs: std::vec::IntoIter<Job<'a>>,
    /// By destination: the project's id, or its temporary id until it has one.
    projects: BTreeMap<&'a str, String>,
    /// By destination and name: the section's id, or its temporary one.
    sections: HashMap<(&'a str, String), String>,
    /// What was created on the way, by its temporary id.
    made: HashMap<Uuid, String>,
    /// Why nothing more of a destination can be done.
    hopeless: HashMap<&'a str, String>,
    /// Why there is no section of a name.
    unmade: HashMap<(&'a str, String), String>,
    /// Changes of which nothing more can be done.
    failed: HashSet<usize>,
    zone: String,
    /// Up to where this run has read. What the answers to its writes tell of other people's
    /// doings is not taken in, so the next run reads it again.
    read_to: String,
}

impl<'a> Work<'a> {
    pub(super) fn of(
        plan: &'a Plan,
        record: &Record,
        journal: Option<&Journal>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Self {
        let jobs = jobs(plan, journal, new_id);
        let zone = writing::reading_zone(record.zone.as_deref());
        let mut work = Self {
            projects: BTreeMap::new(),
            sections: HashMap::new(),
            made: HashMap::new(),
            hopeless: HashMap::new(),
            unmade: HashMap::new(),
            failed: HashSet::new(),
            zone: zone.iana_name().unwrap_or(writing::LEAGUE_ZONE).to_owned(),
            read_to: record.sync_token.clone(),
            jobs: Vec::new().into_iter(),
        };
        for part in &plan.parts {
            work.know(part, record);
        }
        for job in &jobs {
            let (key, temp_id) = (job.part.key.as_str(), job.temp_id.to_string());
            match &job.act {
                Act::Place { name, place } => work.place_is(key, name, place, temp_id),
                Act::Section(section) => {
                    work.sections.insert((key, section.name.clone()), temp_id);
                }
                _ => {}
            }
        }
        work.jobs = jobs.into_iter();
        work
    }

    /// What is there of a destination already.
    fn know(&mut self, part: &'a Part, record: &Record) {
        let key = part.key.as_str();
        match &part.destination {
            Destination::Existing { project, .. } => {
                self.projects.insert(key, project.clone());
                let Some(known) = record.destinations.get(key) else { return };
                for name in known.sections.keys() {
                    if let Some(id) = known.open_section(name) {
                        self.sections.insert((key, name.clone()), id.to_owned());
                    }
                }
            }
            Destination::New { place: NewPlace::InboxSection { inbox }, .. } => {
                self.projects.insert(key, inbox.clone());
            }
            Destination::New { .. } | Destination::Closed { .. } => {}
        }
    }

    fn place_is(&mut self, key: &'a str, name: &str, place: &NewPlace, id: String) {
        match place {
            NewPlace::Project { .. } => drop(self.projects.insert(key, id)),
            NewPlace::InboxSection { .. } => {
                self.sections.insert((key, name.to_owned()), id);
            }
        }
    }

    /// The next commands; what closes a destination is not sent before everything else is known
    /// to be done.
    pub(super) fn next_batch(&mut self) -> Option<Vec<Job<'a>>> {
        let mut batch = Vec::new();
        while batch.len() < LARGEST_BATCH {
            let Some(next) = self.jobs.as_slice().first() else { break };
            let closes = matches!(next.act, Act::Close(_));
            if closes && batch.last().is_some_and(|last: &Job| !matches!(last.act, Act::Close(_))) {
                break;
            }
            let Some(job) = self.jobs.next() else { break };
            let is_hopeless = self.hopeless.contains_key(job.part.key.as_str())
                || job.change.is_some_and(|(at, _)| self.failed.contains(&at));
            if !is_hopeless {
                batch.push(job);
            }
        }
        (!batch.is_empty()).then_some(batch)
    }

    pub(super) fn command(&self, job: &Job<'_>) -> Command {
        let project = self.projects.get(job.part.key.as_str()).map_or("", String::as_str);
        let section = job.section().and_then(|name| {
            self.sections.get(&(job.part.key.as_str(), name.to_owned())).map(String::as_str)
        });
        let place = writing::Whereabouts { project, section, zone: &self.zone };
        let action = writing::action(&job.act, place, |temp_id| self.id_of(temp_id));
        let temp_id = job.act.creates().then_some(job.temp_id);
        Command { uuid: job.uuid, temp_id, action }
    }

    /// What a task is called by that was created on the way.
    fn id_of(&self, temp_id: Uuid) -> String {
        self.made.get(&temp_id).cloned().unwrap_or_else(|| temp_id.to_string())
    }

    /// Takes the answer to a batch down in the record; returns the changes that it confirms.
    pub(super) fn take_down(
        &mut self,
        batch: &[Job<'a>],
        answer: &SyncAnswer,
        record: &mut Record,
        outcome: &mut Outcome,
    ) -> Vec<(&'a Part, &'a Change)> {
        let mut confirmed = Vec::new();
        // Even if Todoist should list everything here: a copy may be too old to hold what was
        // just made, so nothing is missed because it is not in it.
        let view = View { complete: false, ..View::of(answer) };
        record.sync_token.clone_from(&view.sync_token);
        for job in batch {
            let made = answer.id_of(job.temp_id);
            match answer.status_of(job.uuid) {
                Ok(()) => {
                    if let Act::Close(closing) = job.act {
                        outcome.closed.push(closing.clone());
                    }
                    self.made.extend(made.map(|id| (job.temp_id, id.to_owned())));
                    self.is_done(job, made, &view, record);
                    if let (true, Some((_, change))) = (job.leads, job.change) {
                        outcome.done.entry(job.part.key.clone()).or_default().add(change);
                        confirmed.push((job.part, change));
                    }
                }
                Err(refusal) => self.is_refused(job, &refusal, record, outcome),
            }
        }
        self.keep_what_has_come(&view);
        record.observe(&view);
        confirmed
    }

    fn is_done(&mut self, job: &Job<'a>, made: Option<&str>, view: &View, record: &mut Record) {
        let key = job.part.key.as_str();
        match (&job.act, made) {
            (Act::Place { name, place }, Some(id)) => {
                record.take_down_place(key, &job.part.destination, id, &self.read_to);
                self.place_is(key, name, place, id.to_owned());
                let listed = view.projects.iter().any(|it| it.id == id)
                    || view.sections.iter().any(|it| it.id == id);
                if !listed {
                    record.mistrust(key);
                }
            }
            // Executed before, and its id is forgotten: the next run finds it by its name.
            (Act::Place { .. }, None) => drop(record.destinations.remove(key)),
            (Act::Section(section), Some(id)) => {
                self.sections.insert((key, section.name.clone()), id.to_owned());
                record.take_down_section(key, &section.name, id);
            }
            (Act::Section(_), None) => record.mistrust(key),
            (Act::Remind { minutes, .. }, made) => {
                let subject = job.change.map(|(_, change)| change.subject());
                let there = record.destinations.get_mut(key);
                let task = there.zip(subject).and_then(|(it, subject)| it.tasks.get_mut(subject));
                if let Some(task) = task {
                    task.reminded(*minutes, made);
                }
            }
            (Act::Comment { task, .. }, _) => record.take_down_comment(key, &task.subject),
            (Act::Close(closing), _) => record.take_down_closing(key, closing),
            (act, made) => {
                let Some((_, change)) = job.change else { return };
                let done = Done { change, fields: act.fields(), made, seen: &view.tasks };
                record.take_down(key, done);
            }
        }
    }

    fn is_refused(
        &mut self,
        job: &Job<'a>,
        refusal: &Refusal,
        record: &mut Record,
        outcome: &mut Outcome,
    ) {
        if matches!(refusal, Refusal::Unclear(_)) {
            record.mistrust(&job.part.key);
        }
        match (&job.act, job.change) {
            // Without its project, none of a destination's tasks can be created; those of this
            // batch are refused by Todoist one by one.
            (Act::Place { .. }, _) => self.refuse_rest(job.part, None, refusal, outcome),
            (Act::Section(section), _) => {
                self.refuse_rest(job.part, Some(&section.name), refusal, outcome);
            }
            (Act::Close(closing), _) => outcome.refuse_closing(job.part, closing, refusal),
            (_, None) => {}
            // Without its task, there is nothing to be reminded of.
            (Act::Remind { .. } | Act::Comment { .. }, Some((at, _)))
                if self.failed.contains(&at) => {}
            (Act::Comment { .. }, Some((_, change))) => {
                outcome.refuse(job.part, change, &format!("its comment was refused: {refusal}"));
            }
            (Act::Remind { .. }, Some((_, change))) => {
                outcome.refuse(job.part, change, &format!("its reminder was refused: {refusal}"));
            }
            (_, Some((at, change))) => {
                if job.leads {
                    self.failed.insert(at);
                }
                let reason = self.cause(job).map_or_else(|| refusal.to_string(), str::to_owned);
                outcome.refuse(job.part, change, &reason);
                // What could not be deleted keeps what it is in.
                self.keep_open(job.part);
            }
        }
    }

    /// Why a task has nothing to stand in, if it has not: Todoist only says that there is none.
    fn cause(&self, job: &Job<'a>) -> Option<&str> {
        let key = job.part.key.as_str();
        let section = job.section().and_then(|name| self.unmade.get(&(key, name.to_owned())));
        self.hopeless.get(key).or(section).map(String::as_str)
    }

    fn refuse_rest(
        &mut self,
        part: &'a Part,
        section: Option<&str>,
        refusal: &Refusal,
        outcome: &mut Outcome,
    ) {
        let what = if section.is_some() { "section" } else { "project" };
        let reason = format!("its {what} was refused: {refusal}");
        match section {
            None => drop(self.hopeless.insert(part.key.as_str(), reason.clone())),
            Some(name) => {
                self.unmade.insert((part.key.as_str(), name.to_owned()), reason.clone());
            }
        }
        for job in self.jobs.as_slice().iter().filter(|job| job.part.key == part.key && job.leads) {
            let Some((at, change)) = job.change else { continue };
            let concerned = section.is_none() || change.section().map(|it| &*it.name) == section;
            if concerned {
                self.failed.insert(at);
                outcome.refuse(part, change, &reason);
            }
        }
    }

    /// What somebody has put into a place since it was read must not go with it.
    fn keep_what_has_come(&mut self, view: &View) {
        let has_come = |job: &&Job<'a>| match job.act {
            Act::Close(closing) => view.has_come_into(closing),
            _ => false,
        };
        let parts: Vec<&'a Part> =
            self.jobs.as_slice().iter().filter(has_come).map(|job| job.part).collect();
        parts.into_iter().for_each(|part| self.keep_open(part));
    }

    fn keep_open(&mut self, part: &'a Part) {
        let rest: Vec<Job<'a>> = self.jobs.by_ref().collect();
        let stays = |job: &Job<'a>| !(job.part.key == part.key && matches!(job.act, Act::Close(_)));
        self.jobs = rest.into_iter().filter(stays).collect::<Vec<_>>().into_iter();
    }

    /// Refuses what is not known to be done: of `asked` the answer is missing, and `unasked` and
    /// all that is left were not sent.
    pub(super) fn give_up(&self, asked: &[Job<'a>], unasked: &[Job<'a>], outcome: &mut Outcome) {
        let leading = |job: &&Job<'a>| job.leads;
        for job in asked.iter().filter(leading) {
            if let Some((_, change)) = job.change {
                outcome.refuse(job.part, change, "there was no answer; the next run finds out");
            }
        }
        for job in unasked.iter().chain(self.jobs.as_slice()).filter(leading) {
            if let Some((_, change)) = job.change {
                outcome.refuse(job.part, change, "it was not tried any more");
            }
        }
    }
}
