//! What an import remembers of an account: enough to tell the person's changes from the
//! schedule's, and of the person's own texts nothing that could be read but the names of the
//! projects that it writes to and of their sections.

mod allows;
mod destination;
mod task;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::import::field::Field;
use crate::import::journal::{Deed, Journal};
use crate::import::place::Place;
use crate::import::plan::{Change, Closing, Destination};
use crate::import::seen::{Fate, Seen};
use crate::import::subject::Subject;
use crate::import::view::View;
use crate::model::{TimePreferences, Tricode};

pub use allows::Allows;
pub use destination::{DestinationRecord, SectionRecord};
pub use task::{TaskRecord, Wish, Written};

/// The version of the record's shape. A record of another version counts as lost, and the
/// tasks are adopted again by their links.
const VERSION: u32 = 2;

/// The record of one profile, with every destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// Whose it is: another account under the same profile starts afresh.
    pub account: String,
    /// Up to where this run has read Todoist's changes.
    #[serde(skip)]
    pub sync_token: String,
    /// The zone in which the person reads times, as an IANA name.
    pub zone: Option<String>,
    /// How they read dates and times.
    #[serde(default)]
    pub times: TimePreferences,
    /// The person's Inbox, by Todoist's id.
    pub inbox: Option<String>,
    /// What their Todoist plan allows.
    pub allows: Allows,
    /// When the newest schedule was published that was ever imported.
    pub schedule: Option<Timestamp>,
    /// When the league made the newest of these that it dated itself.
    #[serde(default)]
    pub dated: Option<Timestamp>,
    /// When an import last set about the games of each team, by the clock of its machine.
    #[serde(default)]
    pub imported: BTreeMap<Tricode, Timestamp>,
    /// The destinations by their keys.
    pub destinations: BTreeMap<String, DestinationRecord>,
}

/// Projects and sections that belong to other destinations.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    projects: BTreeSet<String>,
    sections: BTreeSet<String>,
}

impl Taken {
    /// Whether a project is another destination's as a whole.
    pub fn has_project(&self, id: &str) -> bool {
        self.projects.contains(id)
    }

    /// Whether a section is another destination's.
    pub fn has_section(&self, id: &str) -> bool {
        self.sections.contains(id)
    }

    /// Whether a task stands in another destination.
    pub fn has(&self, seen: &Seen) -> bool {
        let in_section = seen.section.as_ref().is_some_and(|id| self.sections.contains(id));
        in_section || self.projects.contains(&seen.project)
    }
}

/// What there is to say of a command that was executed.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// The change that it is a part of.
    pub change: &'a Change,
    /// The fields that it changed of what was there.
    pub fields: &'a [Field],
    /// The id of what was created.
    pub made: Option<&'a str>,
    /// How the tasks read now that the answer lists.
    pub seen: &'a [Seen],
}

impl Record {
    /// The record of an account of which nothing is known yet.
    pub fn new(account: &str) -> Self {
        Self {
            version: VERSION,
            account: account.to_owned(),
            sync_token: String::new(),
            zone: None,
            times: TimePreferences::default(),
            inbox: None,
            allows: Allows::default(),
            schedule: None,
            dated: None,
            imported: BTreeMap::new(),
            destinations: BTreeMap::new(),
        }
    }

    /// Reads the record of `account`. `None` if it is damaged, of another version or of another
    /// account: it counts as lost.
    pub fn parse(bytes: &[u8], account: &str) -> Option<Self> {
        Self::of_anybody(bytes).filter(|record| record.account == account)
    }

    /// Reads a record, whoever's it is. `None` if it is damaged or of another version.
    pub fn of_anybody(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        (record.version == VERSION).then_some(record)
    }

    /// Takes in what of a journal has landed: a change of ours that a killed run could not take
    /// down must not pass for the person's.
    pub fn recognise(&mut self, journal: &Journal, view: &View) {
        let seen: HashMap<&str, &Seen> =
            view.tasks.iter().map(|seen| (seen.id.as_str(), seen)).collect();
        let seen = |id: &str| seen.get(id).copied();
        for entry in &journal.entries {
            match &entry.deed {
                Deed::Update { id, wish } => {
                    if let (Some((_, task)), Some(landed)) = (self.task_mut(id), seen(id)) {
                        task.recognise(wish, landed);
                    }
                }
                Deed::Move { id, spot, .. } => {
                    if let (Some((sections, task)), Some(landed)) = (self.task_mut(id), seen(id)) {
                        task.recognise_move(spot.as_ref(), sections, landed);
                    }
                }
                Deed::Delete { id } => {
                    if seen(id).map_or(view.complete, |seen| seen.fate == Fate::Deleted) {
                        self.forget(id);
                    }
                }
                Deed::Close { key } => {
                    if let Some(there) = self.destinations.get_mut(key) {
                        there.recognise_closing(view);
                    }
                }
                Deed::Remind { key, subject, minutes } => {
                    if let Some(there) = self.destinations.get_mut(key) {
                        there.recognise_reminder(subject, *minutes, view);
                    }
                }
                Deed::Section { key, name } => {
                    if let Some(there) = self.destinations.get_mut(key) {
                        there.recognise_section(name);
                    }
                }
                // A comment that nobody took down counts as a person's, so that none of theirs
                // counts as ours.
                Deed::Comment { .. }
                | Deed::Place { .. }
                | Deed::Create { .. }
                | Deed::CloseSection { .. } => {}
            }
        }
    }

    /// Takes down that destination `key` was created, with Todoist's id `id`, by a run that had
    /// read up to `read_to`.
    pub fn take_down_place(
        &mut self,
        key: &str,
        destination: &Destination,
        id: &str,
        read_to: &str,
    ) {
        let Some(mut made) = DestinationRecord::made(destination, id) else { return };
        read_to.clone_into(&mut made.read_to);
        self.found(key.to_owned(), made);
    }

    /// What the person kept of another place of the same games, which is no more, belongs to
    /// destination `key` from now on, so that it is not made there once more.
    pub fn inherit(&mut self, key: &str, subjects: &BTreeSet<&Subject>, teams: &BTreeSet<Tricode>) {
        let mut kept = BTreeMap::new();
        for (other, there) in &mut self.destinations {
            let is_exclusive = other.parse().is_ok_and(|place: Place| place.is_exclusive());
            // In an archived one, everything still stands where it was.
            let is_there = matches!(there.fate, Fate::Active | Fate::Done);
            if other == key || is_there || !is_exclusive {
                continue;
            }
            there.tasks.retain(|subject, task| {
                let is_kept = matches!(task.fate, Fate::Active | Fate::Done);
                let is_asked_for = subjects.contains(subject) && !task.teams.is_disjoint(teams);
                let is_ours = is_kept && is_asked_for;
                if is_ours {
                    kept.insert(*subject, task.clone());
                }
                !is_ours
            });
        }
        if kept.is_empty() {
            return;
        }
        let none_yet = || DestinationRecord { fate: Fate::TakenBack, ..Default::default() };
        let here = self.destinations.entry(key.to_owned()).or_insert_with(none_yet);
        for (subject, task) in kept {
            here.tasks.entry(subject).or_insert(task);
        }
    }

    /// Takes in that destination `key` is this one from now on. What the person had moved out of
    /// an earlier one, or ticked off, is still theirs.
    pub fn found(&mut self, key: String, mut now: DestinationRecord) {
        let before = self.destinations.remove(&key).map(|before| before.tasks);
        for (subject, task) in before.into_iter().flatten() {
            if matches!(task.fate, Fate::Active | Fate::Done) {
                now.tasks.entry(subject).or_insert(task);
            }
        }
        self.destinations.insert(key, now);
    }

    /// Takes down that a section called `name` was created in destination `key`.
    pub fn take_down_section(&mut self, key: &str, name: &str, id: &str) {
        if let Some(there) = self.destinations.get_mut(key) {
            let made = SectionRecord { id: id.to_owned(), fate: Fate::Active, made: true };
            there.sections.insert(name.to_owned(), made);
        }
    }

    /// Takes down that a task of destination `key` was created, changed or deleted.
    pub fn take_down(&mut self, key: &str, done: Done<'_>) {
        let Some(destination) = self.destinations.get_mut(key) else { return };
        let seen = |id: &str| done.seen.iter().find(|seen| seen.id == id);
        match (done.change, done.made) {
            (Change::Create(task), Some(id)) => {
                if seen(id).is_none() {
                    // Executed before, by a run whose answer got lost, and perhaps deleted
                    // since: the next run reads everything and finds out.
                    destination.read_to.clear();
                }
                let wish = destination.wish(task);
                let made = TaskRecord::created(id.to_owned(), task, &wish, seen(id));
                destination.tasks.insert(task.subject, made);
            }
            // Executed before, and its id is forgotten: the next run reads everything and
            // adopts it.
            (Change::Create(_), None) => destination.read_to.clear(),
            (Change::Update { id, task, .. }, _) => {
                let wish = destination.wish(task);
                if let Some(there) = destination.tasks.get_mut(&task.subject) {
                    there.wrote(task, &wish, done.fields, seen(id));
                }
            }
            (Change::Delete { id, .. }, _) => self.forget(id),
        }
    }

    /// Takes down that a comment was written to the task of destination `key` about `subject`.
    pub fn take_down_comment(&mut self, key: &str, subject: &Subject) {
        let there = self.destinations.get_mut(key);
        if let Some(task) = there.and_then(|there| there.tasks.get_mut(subject)) {
            task.comments += 1;
        }
    }

    /// How many comments of ours the tasks have, by Todoist's ids.
    pub fn own_comments(&self) -> BTreeMap<&str, u32> {
        let tasks = self.destinations.values().flat_map(|there| there.tasks.values());
        tasks.map(|task| (task.id.as_str(), task.comments)).collect()
    }

    /// Takes down that something of destination `key` was deleted because it was empty.
    pub fn take_down_closing(&mut self, key: &str, closing: &Closing) {
        let Some(there) = self.destinations.get_mut(key) else { return };
        match closing {
            Closing::Project(_) | Closing::InboxSection(_) => there.take_back(),
            Closing::Section(id) => there.sections.retain(|_, section| section.id != *id),
        }
    }

    /// Forgets what is left over of destinations that were taken back for `teams` (for all, if
    /// there are none): what the person had deleted long before may come back with a new import.
    pub fn settle_removal(&mut self, keys: &[String], teams: &BTreeSet<Tricode>) {
        for key in keys {
            let Some(there) = self.destinations.get_mut(key) else { continue };
            there.tasks.retain(|_, task| {
                let others = task.teams.difference(teams).copied().collect::<BTreeSet<_>>();
                let is_for_others = !teams.is_empty() && !others.is_empty();
                if is_for_others {
                    task.teams = others;
                }
                is_for_others || matches!(task.fate, Fate::Active | Fate::Done)
            });
        }
    }

    /// The keys of the destinations in which games of these teams are one at a time, of every
    /// season.
    pub fn keys_for(&self, teams: &BTreeSet<Tricode>) -> Vec<String> {
        let is_theirs = |key: &str, there: &DestinationRecord| match key.parse() {
            Ok(Place::OwnProject { team, .. } | Place::Inbox { team, .. }) => teams.contains(&team),
            Ok(Place::Project(_)) => {
                there.tasks.values().any(|task| !task.teams.is_disjoint(teams))
            }
            Ok(Place::OneProject(_)) | Err(_) => false,
        };
        let destinations = self.destinations.iter();
        destinations.filter(|(key, it)| is_theirs(key, it)).map(|(key, _)| key.clone()).collect()
    }

    /// The names of the projects that were made for several teams and hold games of these.
    pub fn one_projects_with(&self, teams: &BTreeSet<Tricode>) -> Vec<String> {
        let named = |(key, there): (&String, &DestinationRecord)| match key.parse() {
            Ok(Place::OneProject(name)) if there.fate == Fate::Active => {
                let mut tasks = there.tasks.values().filter(|task| task.fate == Fate::Active);
                tasks.any(|task| !task.teams.is_disjoint(teams)).then_some(name)
            }
            _ => None,
        };
        self.destinations.iter().filter_map(named).collect()
    }

    /// The destinations that are the same as `place` but for the season.
    pub fn kin_of(&self, place: &Place) -> impl Iterator<Item = (Place, &DestinationRecord)> {
        let all = self.destinations.iter();
        let all = all.filter_map(|(key, it)| Some((key.parse::<Place>().ok()?, it)));
        all.filter(|(other, _)| other.is_kin_of(place))
    }

    /// The projects and sections of all destinations but `key`.
    pub fn taken_but_by(&self, key: &str) -> Taken {
        let mut taken = Taken::default();
        for (_, other) in self.destinations.iter().filter(|(other, _)| *other != key) {
            match &other.section {
                Some(section) => taken.sections.insert(section.clone()),
                None => taken.projects.insert(other.project.clone()),
            };
        }
        taken
    }

    /// Takes in that Todoist may not have told the truth about destination `key`: the next run
    /// reads everything.
    pub fn mistrust(&mut self, key: &str) {
        if let Some(destination) = self.destinations.get_mut(key) {
            destination.read_to.clear();
        }
    }

    /// Takes in what a sync says of what is in the record.
    pub fn observe(&mut self, view: &View) {
        let tasks: HashMap<&str, &Seen> =
            view.tasks.iter().map(|seen| (seen.id.as_str(), seen)).collect();
        for destination in self.destinations.values_mut() {
            destination.observe(view, &tasks);
        }
        self.inbox = view.inbox.clone().or(self.inbox.take());
        self.allows = view.allows.unwrap_or(self.allows);
        self.zone = view.zone.clone().or(self.zone.take());
        self.times = view.times.unwrap_or(self.times);
    }

    /// A task by its id, and the sections of its destination.
    fn task_mut(
        &mut self,
        id: &str,
    ) -> Option<(&BTreeMap<String, SectionRecord>, &mut TaskRecord)> {
        self.destinations.values_mut().find_map(|it| {
            let task = it.tasks.values_mut().find(|task| task.id == id)?;
            Some((&it.sections, task))
        })
    }

    fn forget(&mut self, id: &str) {
        for destination in self.destinations.values_mut() {
            destination.tasks.retain(|_, task| task.id != id);
        }
    }
}
