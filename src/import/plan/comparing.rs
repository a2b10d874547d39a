//! Three-way: what the schedule wants, what we last wrote, and what stands there now.

use std::collections::BTreeSet;

use crate::import::field::{Field, Trace};
use crate::import::place::Place;
use crate::import::plan::{
    Change, Destination, Kept, NewPlace, Order, Part, PlanError, Theirs, Wishes,
};
use crate::import::record::{DestinationRecord, Record, TaskRecord};
use crate::import::seen::Fate;
use crate::import::subject::Subject;
use crate::import::task::{self, SectionName, Task};
use crate::model::Tricode;

/// The places in which a team's games are one at a time.
///
/// # Errors
/// [`PlanError::HeldElsewhere`] if they are in another one already.
pub(super) fn check_place(order: &Order, record: &Record) -> Result<(), PlanError> {
    if !order.place.is_exclusive() {
        return Ok(());
    }
    for (key, other) in &record.destinations {
        let Ok(place) = key.parse::<Place>() else { continue };
        let may_clash = order.may_share_with(&place) && other.fate == Fate::Active;
        // What reminds of the next season is not doubled, but is no reason to refuse the games.
        let mut games = order.tasks.iter().filter(|task| task.subject.game().is_some());
        if may_clash && games.any(|task| other.holds(task)) {
            let team = order.teams.iter().find(|team| other.is_for(**team));
            let whose = team.map_or("these games", |team| team.team().nickname);
            return Err(PlanError::HeldElsewhere {
                games: format!("the games of the {whose}"),
                place: in_words(&place, &other.name),
                option: option(&place),
            });
        }
    }
    Ok(())
}

fn in_words(place: &Place, name: &str) -> String {
    match place {
        Place::Inbox { .. } => format!("the section \"{name}\" of your Inbox"),
        _ => format!("the project \"{name}\""),
    }
}

fn option(place: &Place) -> String {
    match place {
        Place::OwnProject { .. } => "--destination projects".to_owned(),
        Place::Inbox { .. } => "--destination inbox".to_owned(),
        Place::OneProject(name) => format!("--one-project \"{name}\""),
        Place::Project(id) => format!("--destination project:{id}"),
    }
}

impl DestinationRecord {
    /// Whether a task that would be created elsewhere is here, for one of the same teams.
    fn holds(&self, task: &Task) -> bool {
        self.tasks.get(&task.subject).is_some_and(|there| {
            there.fate == Fate::Active && !there.teams.is_disjoint(&task.teams)
        })
    }

    fn is_for(&self, team: Tricode) -> bool {
        self.tasks.values().any(|task| task.teams.contains(&team))
    }
}

impl Part {
    pub(super) fn new(
        order: &Order,
        record: &Record,
        laden: &BTreeSet<String>,
        wishes: Wishes,
    ) -> Result<Self, PlanError> {
        let known = record.destinations.get(&order.key);
        let mut part = Self::unchanged(&order.key, destination(order, known, record, wishes)?);
        let is_anew = matches!(part.destination, Destination::New { .. });
        part.is_outdated = known.is_some() && wishes.is_outdated && !is_anew;
        if matches!(part.destination, Destination::Closed { .. }) {
            part.respected = order.tasks.len();
            return Ok(part);
        }
        if let Some(known) = known.filter(|_| part.is_outdated) {
            part.add_new_teams(order, known, record);
            part.sections = part.new_sections(Some(known));
            return Ok(part);
        }
        part.compare_all(order, known, record, wishes);
        if let Some(known) = known.filter(|_| wishes.prune) {
            part.prune(order, known, laden);
        }
        part.sections = part.new_sections(known);
        Ok(part)
    }

    /// What an older schedule is good for: games of teams that are not here yet. Of those that are,
    /// it may have one that the newer schedule has called off since.
    fn add_new_teams(&mut self, order: &Order, known: &DestinationRecord, record: &Record) {
        for wanted in &order.tasks {
            match known.tasks.get(&wanted.subject).map(|there| there.fate) {
                Some(Fate::Active) => self.unchanged += 1,
                Some(_) => self.respected += 1,
                None if wanted.teams.iter().any(|team| known.is_for(*team)) => {}
                None if order.is_reminded_elsewhere(wanted, record) => {}
                None => self.changes.push(Change::Create(wanted.clone())),
            }
        }
    }

    fn compare_all(
        &mut self,
        order: &Order,
        known: Option<&DestinationRecord>,
        record: &Record,
        wishes: Wishes,
    ) {
        // In the place of a deleted project, what was deleted with it is made again; what the
        // person had moved out of it, or ticked off, is not.
        let anew = matches!(self.destination, Destination::New { .. });
        for wanted in &order.tasks {
            match known.and_then(|known| Some((known, known.tasks.get(&wanted.subject)?))) {
                Some((known, there)) if !is_to_be_made(there, wishes, anew) => {
                    self.compare(order, wanted, known, there);
                }
                _ if order.is_reminded_elsewhere(wanted, record) => {}
                _ => self.changes.push(Change::Create(wanted.clone())),
            }
        }
        for wanted in &order.if_there {
            if let Some((known, there)) =
                known.and_then(|known| Some((known, known.tasks.get(&wanted.subject)?)))
            {
                self.compare(order, wanted, known, there);
            }
        }
    }

    /// A field is written if the schedule changed it and the person did not.
    fn compare(
        &mut self,
        order: &Order,
        wanted: &Task,
        known: &DestinationRecord,
        there: &TaskRecord,
    ) {
        if there.fate != Fate::Active {
            self.respected += 1;
            return;
        }
        let wish = known.wish(wanted);
        let (mut write, mut keep) = (Vec::new(), Vec::new());
        for (field, wished) in &wish.traces {
            if there.elsewhere && *field == Field::Section {
                continue;
            }
            match there.fields.get(field) {
                Some(written) if written.sent == *wished || wish.is_met(*field, written.now) => {}
                Some(written)
                    if *field == Field::Content && order.is_rival(wanted, written.sent) => {}
                Some(written) if written.is_theirs() => keep.push(*field),
                _ => write.push(*field),
            }
        }
        if !keep.is_empty() {
            let (subject, title) = (wanted.subject, wanted.content.clone());
            self.kept.push(Kept { subject, title, why: Theirs::Fields(keep) });
        }
        if write.is_empty() {
            self.unchanged += 1;
        } else {
            self.changes.push(Change::Update {
                id: there.id.clone(),
                task: wanted.clone(),
                fields: write,
                was: there.due,
                reminder: there.own_reminder().map(str::to_owned),
            });
        }
    }

    /// Takes away what an earlier import made for the same teams and the filter leaves out.
    fn prune(&mut self, order: &Order, known: &DestinationRecord, laden: &BTreeSet<String>) {
        for (subject, there) in &known.tasks {
            let is_out =
                order.excluded.contains_key(subject) && there.teams.is_subset(&order.teams);
            if !is_out || there.fate != Fate::Active {
                continue;
            }
            match there.theirs(laden) {
                None => self.changes.push(there.deletion(subject)),
                Some(why) => {
                    let (subject, title) = (*subject, there.title.clone());
                    self.kept.push(Kept { subject, title, why });
                }
            }
        }
    }

    /// The sections that tasks are put into and that are not there, in their order.
    fn new_sections(&self, known: Option<&DestinationRecord>) -> Vec<SectionName> {
        let own = match &self.destination {
            Destination::New { name, place: NewPlace::InboxSection { .. } } => Some(name),
            _ => None,
        };
        // In a new project, no section of the old one is there any more.
        let known = known.filter(|_| !matches!(self.destination, Destination::New { .. }));
        let missing = |section: &&SectionName| {
            let is_open = known.is_some_and(|known| known.open_section(&section.name).is_some());
            !is_open && Some(&section.name) != own
        };
        let wanted = self.changes.iter().filter_map(Change::section).filter(missing);
        let wanted: BTreeSet<&SectionName> = wanted.collect();
        wanted.into_iter().cloned().collect()
    }
}

fn is_to_be_made(there: &TaskRecord, wishes: Wishes, anew: bool) -> bool {
    match there.fate {
        Fate::Deleted => wishes.restore,
        Fate::Gone => anew,
        Fate::TakenBack => true,
        Fate::Active | Fate::Done => false,
    }
}

impl Change {
    /// The section that the task is put into, if it is.
    pub fn section(&self) -> Option<&SectionName> {
        match self {
            Self::Create(task) => task.section(),
            Self::Update { task, fields, .. } if fields.contains(&Field::Section) => task.section(),
            Self::Update { .. } | Self::Delete { .. } => None,
        }
    }
}

impl Order {
    /// Whether another place, of any season, may hold the games of one of the same teams.
    fn may_share_with(&self, other: &Place) -> bool {
        let same_teams = match other {
            Place::Project(_) => true,
            _ => other.team().is_some_and(|team| self.teams.contains(&team)),
        };
        *other != self.place && same_teams
    }

    /// Whether another place of the same team reminds of the next season already: one such task
    /// a team is enough, whichever season's place it is in.
    fn is_reminded_elsewhere(&self, wanted: &Task, record: &Record) -> bool {
        if wanted.subject != Subject::NextSeason || !self.place.is_exclusive() {
            return false;
        }
        record.destinations.iter().any(|(key, other)| {
            let may_hold = key.parse().is_ok_and(|place| self.may_share_with(&place));
            may_hold && other.fate == Fate::Active && other.holds(wanted)
        })
    }

    /// Whether a title is what the opponent's import gives the game, in a place where both may
    /// import: the first comer's stays.
    fn is_rival(&self, wanted: &Task, sent: Trace) -> bool {
        let rival = self.rivals.get(&wanted.subject).filter(|_| self.place.is_shared());
        rival.is_some_and(|title| task::text(title) == sent)
    }
}

impl TaskRecord {
    /// What the person has made their own of it, if they have.
    pub(super) fn theirs(&self, laden: &BTreeSet<String>) -> Option<Theirs> {
        if self.fate == Fate::Done {
            return Some(Theirs::TickedOff);
        }
        if self.elsewhere {
            return Some(Theirs::Moved);
        }
        let theirs = self.fields.iter().filter(|(_, written)| written.is_theirs());
        let theirs: Vec<Field> = theirs.map(|(field, _)| *field).collect();
        if !theirs.is_empty() {
            return Some(Theirs::Fields(theirs));
        }
        laden.contains(&self.id).then_some(Theirs::Laden)
    }

    pub(super) fn deletion(&self, subject: &Subject) -> Change {
        let (id, title) = (self.id.clone(), self.title.clone());
        Change::Delete { id, subject: *subject, title, was: self.due }
    }
}

fn destination(
    order: &Order,
    known: Option<&DestinationRecord>,
    record: &Record,
    wishes: Wishes,
) -> Result<Destination, PlanError> {
    let is_given = matches!(order.place, Place::Project(_));
    match known {
        Some(known) if known.fate == Fate::Active => Ok(Destination::Existing {
            project: known.project.clone(),
            section: known.section.clone(),
            name: known.name.clone(),
        }),
        Some(known) if is_given || known.is_closed(wishes.restore) => {
            Ok(Destination::Closed { name: known.name.clone(), fate: known.fate })
        }
        _ => Ok(Destination::New { name: order.name.clone(), place: new_place(order, record)? }),
    }
}

impl DestinationRecord {
    /// Whether nothing is written to it any more; what was archived is not brought back either.
    fn is_closed(&self, restore: bool) -> bool {
        match self.fate {
            Fate::Active | Fate::TakenBack => false,
            Fate::Done => true,
            Fate::Deleted | Fate::Gone => !restore,
        }
    }
}

fn new_place(order: &Order, record: &Record) -> Result<NewPlace, PlanError> {
    match &order.place {
        Place::Inbox { .. } => {
            let inbox = record.inbox.clone().ok_or(PlanError::NoInbox)?;
            Ok(NewPlace::InboxSection { inbox })
        }
        _ => Ok(NewPlace::Project { color: order.color }),
    }
}
