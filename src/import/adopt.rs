//! Finding again what an earlier import made, by the links in its tasks: on a second machine,
//! or when the record is lost.

use std::collections::{HashMap, HashSet};

use crate::import::field::Traces;
use crate::import::journal::Journal;
use crate::import::place::Place;
use crate::import::plan::Order;
use crate::import::record::{DestinationRecord, Taken, TaskRecord, Wish};
use crate::import::seen::{Fate, Seen, SeenProject, SeenSection};
use crate::import::subject::Subject;
use crate::import::task::Task;
use crate::import::view::View;
use crate::import::wording;
use crate::model::{GameId, Season};

/// What is known of an order besides what it wants.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// The same tasks as an earlier schedule would have had them.
    pub former: &'a [Task],
    /// What a killed run has sent.
    pub journal: Option<&'a Journal>,
    /// What belongs to other destinations.
    pub taken: &'a Taken,
}

/// The destination of `order` in an account of which `view` tells all that is active, if there
/// is one.
pub fn adopt(order: &Order, memory: Memory<'_>, view: &View) -> Option<DestinationRecord> {
    let mut record = place(order, memory.taken, view)?;
    record.know_sections(view);
    let wanted = wanted(order);
    let former: HashMap<&Subject, &Task> =
        memory.former.iter().map(|task| (&task.subject, task)).collect();
    for seen in &view.tasks {
        let Some(task) = belongs(seen, order, &record, memory.taken, &wanted) else { continue };
        // The same game twice in a project is the person's doing; the lower id is the older.
        if record.tasks.get(&task.subject).is_some_and(|there| there.id <= seen.id) {
            continue;
        }
        let former = former.get(&task.subject).map(|task| record.wish(task));
        let sent = sent(memory.journal, order, &task.subject, seen);
        record.adopt(seen, &as_rival(order, task, seen), former.as_ref(), sent);
    }
    Some(record)
}

/// Takes tasks into a destination that are not in its record: those that another machine made,
/// or a run that was killed before it could write its record; and ticked-off ones, which no
/// full sync lists.
pub fn adopt_strays(
    record: &mut DestinationRecord,
    order: &Order,
    seen: &[Seen],
    memory: Memory<'_>,
) {
    let wanted = wanted(order);
    let (deleted, alive): (Vec<&Seen>, Vec<&Seen>) =
        seen.iter().partition(|seen| seen.fate == Fate::Deleted);
    for seen in alive.into_iter().chain(deleted) {
        let Some(task) = belongs(seen, order, record, memory.taken, &wanted) else { continue };
        let sent = sent(memory.journal, order, &task.subject, seen);
        // What was deleted is only ours if a killed run had just made it.
        let is_ours = seen.fate != Fate::Deleted || sent.is_some();
        if is_ours && !record.tasks.contains_key(&task.subject) {
            record.adopt(seen, &as_rival(order, task, seen), None, sent);
        }
    }
}

/// Whether there is a task in the destination of `record` that links to a game and is in no
/// record, because this run did not ask for that game: a later one has to look again.
pub fn has_unknown(record: &DestinationRecord, seen: &[Seen]) -> bool {
    let known: HashSet<&str> = record.tasks.values().map(|task| task.id.as_str()).collect();
    seen.iter().any(|seen| {
        let is_unknown = seen.subject.is_some() && !known.contains(seen.id.as_str());
        is_unknown && record.is_home_of(seen) && seen.fate == Fate::Active
    })
}

impl DestinationRecord {
    fn adopt(&mut self, seen: &Seen, task: &Task, former: Option<&Wish>, sent: Option<&Traces>) {
        let wish = self.wish(task);
        let mut adopted = TaskRecord::adopted(seen, task, (&wish, former), sent);
        adopted.elsewhere = seen.project != self.project;
        self.tasks.insert(task.subject.clone(), adopted);
    }

    /// Whether a task stands where this destination puts its own.
    fn is_home_of(&self, seen: &Seen) -> bool {
        let in_section = self.section.is_none() || self.section == seen.section;
        seen.project == self.project && in_section
    }
}

/// What a killed run wrote into a task, if it did.
fn sent<'a>(
    journal: Option<&'a Journal>,
    order: &Order,
    subject: &Subject,
    seen: &Seen,
) -> Option<&'a Traces> {
    journal?.wish_for(&order.key, subject, &seen.id)
}

fn wanted(order: &Order) -> HashMap<&Subject, &Task> {
    let all = order.tasks.iter().chain(&order.if_there);
    all.map(|task| (&task.subject, task)).collect()
}

/// Where several imports meet, the title may be the opponent's.
fn as_rival(order: &Order, task: &Task, seen: &Seen) -> Task {
    let rival = order.rivals.get(&task.subject).filter(|_| order.place.is_shared());
    match rival.filter(|title| **title == seen.title) {
        Some(title) => Task { content: title.clone(), ..task.clone() },
        None => task.clone(),
    }
}

/// Whether a task is this destination's: it is about one of its games and stands in it, or it
/// has the very title that this destination gives. A person moved it then; the opponent's import
/// has a task of its own for the same game. Where several teams share the place, only what is in
/// it counts: the same title elsewhere is another import's.
fn belongs<'a>(
    seen: &Seen,
    order: &Order,
    record: &DestinationRecord,
    taken: &Taken,
    wanted: &HashMap<&'a Subject, &'a Task>,
) -> Option<&'a Task> {
    let task = wanted.get(seen.subject.as_ref()?)?;
    let elsewhere = !order.place.is_shared() && !taken.has(seen);
    let was_moved = elsewhere && seen.title == task.content;
    (record.is_home_of(seen) || was_moved).then_some(*task)
}

/// The place of an earlier import of this order.
fn place(order: &Order, taken: &Taken, view: &View) -> Option<DestinationRecord> {
    match &order.place {
        Place::Inbox { .. } => {
            let section = inbox_section(order, taken, view)?;
            Some(DestinationRecord::of_section(section, &order.name))
        }
        Place::Project(id) => {
            let project = view.projects.iter().find(|it| it.id == *id)?;
            let is_there = project.fate == Fate::Active;
            is_there.then(|| DestinationRecord::of_project(project, false))
        }
        Place::OwnProject { .. } | Place::OneProject(_) => {
            let project = project(order, view, taken)?;
            Some(DestinationRecord::of_project(project, project.name == order.name))
        }
    }
}

/// The section of the Inbox that holds most of this order's tasks, whatever it is called by now;
/// or else the one of the usual name.
fn inbox_section<'a>(order: &Order, taken: &Taken, view: &'a View) -> Option<&'a SeenSection> {
    let inbox = view.inbox.as_ref()?;
    let (wanted, season) = (wanted(order), order.season());
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for task in view.tasks.iter().filter(|task| task.fate == Fate::Active) {
        if let Some(section) = &task.section {
            tallies.entry(section.as_str()).or_default().count(order, season, &wanted, task);
        }
    }
    let rank = |section: &SeenSection| {
        let tally = tallies.get(section.id.as_str()).copied().unwrap_or_default();
        (tally.titles(), section.name == order.name)
    };
    let may_be = |section: &&SeenSection| {
        let is_there = section.project == *inbox && section.fate == Fate::Active;
        is_there && !taken.has_section(&section.id) && rank(section) > (0, false)
    };
    view.sections
        .iter()
        .filter(may_be)
        // The lowest id breaks a tie, so that every run decides alike.
        .max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id)))
}

/// The project of an earlier import is the one that holds most of this destination's tasks,
/// whatever it is called by now; if none holds any, the one of the usual name; or else one that
/// holds nothing but tasks for its games, whatever their titles are by now.
fn project<'a>(order: &Order, view: &'a View, taken: &Taken) -> Option<&'a SeenProject> {
    let (wanted, season) = (wanted(order), order.season());
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for task in view.tasks.iter().filter(|task| task.fate == Fate::Active) {
        tallies.entry(task.project.as_str()).or_default().count(order, season, &wanted, task);
    }
    let rank = |project: &SeenProject| {
        let tally = tallies.get(project.id.as_str()).copied().unwrap_or_default();
        let titles = tally.titles();
        let only_games = tally.others == 0 && !project.is_inbox;
        let links = if only_games { titles + tally.links } else { 0 };
        (titles, project.name == order.name, links)
    };
    let may_be = |project: &SeenProject| {
        let is_it = !order.place.is_shared() || project.name == order.name;
        // What a section of the Inbox was made for is not the Inbox's own.
        let is_it = is_it && !(project.is_inbox && has_section(order, view, &wanted));
        is_it && project.fate == Fate::Active && !taken.has_project(&project.id)
    };
    view.projects
        .iter()
        .filter(|project| may_be(project) && rank(project) > (0, false, 0))
        // The lowest id breaks a tie, so that every run decides alike.
        .max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id)))
}

/// Whether the Inbox has a section that is called as this order's would be, in its season or
/// another, with its tasks.
fn has_section(order: &Order, view: &View, wanted: &HashMap<&Subject, &Task>) -> bool {
    let team = order.place.team().map(wording::project_name);
    let season = order.season();
    let beside = team.as_ref().zip(season).map(|(usual, it)| wording::name_of_season(usual, it));
    let names = [Some(order.name.clone()), team, beside];
    let of_name = |section: &&SeenSection| {
        let is_it = names.iter().flatten().any(|name| section.name == *name);
        Some(&section.project) == view.inbox.as_ref() && is_it
    };
    view.sections.iter().filter(of_name).any(|section| {
        view.tasks.iter().any(|task| {
            let is_wanted = task.subject.as_ref().is_some_and(|it| wanted.contains_key(it));
            is_wanted && task.section.as_ref() == Some(&section.id)
        })
    })
}

/// What the active tasks of a project or section are to an order.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// They are its games, under the very titles that it gives.
    games: usize,
    /// They remind of the next season in its words, as those of every season do.
    reminders: usize,
    /// They link to its games, under titles of the person's.
    links: usize,
    /// They are none of its business, or its rival's.
    others: usize,
    /// Of these, they are games of another season.
    of_other_seasons: usize,
}

impl Tally {
    fn count(
        &mut self,
        order: &Order,
        season: Option<Season>,
        wanted: &HashMap<&Subject, &Task>,
        task: &Seen,
    ) {
        match task.subject.as_ref().and_then(|subject| wanted.get(subject)) {
            Some(ours) if ours.content == task.title => match ours.subject {
                Subject::Game(_) => self.games += 1,
                Subject::NextSeason => self.reminders += 1,
            },
            Some(ours) if order.rivals.get(&ours.subject) != Some(&task.title) => self.links += 1,
            _ => self.others += 1,
        }
        let of = task.subject.as_ref().and_then(Subject::game).map(GameId::season);
        let is_other = of.is_some_and(|of| season.is_some_and(|season| season != of));
        self.of_other_seasons += usize::from(is_other);
    }

    /// How many have the order's titles. What reminds of the next season is no sign of this one
    /// where games of another are.
    fn titles(self) -> usize {
        let reminders = if self.of_other_seasons == 0 { self.reminders } else { 0 };
        self.games + reminders
    }
}
