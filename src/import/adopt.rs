//! Finding again what an earlier import made, by the links in its tasks: on a second machine,
//! or when the record is lost.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::import::field::Traces;
use crate::import::journal::{Deed, Journal};
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

impl Memory<'_> {
    /// Whether a killed run was about to create the destination of `order`.
    fn has_made(&self, order: &Order) -> bool {
        let created = Deed::Place { key: order.key.clone() };
        self.journal.is_some_and(|journal| journal.ids_of(&created).is_some())
    }
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
    // An empty one of the usual name may be the person's.
    record.made &= !record.tasks.is_empty() || memory.has_made(order);
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
        // Another machine may have made anew what was deleted.
        let is_free = record.tasks.get(&task.subject).is_none_or(|there| {
            let is_gone = matches!(there.fate, Fate::Deleted | Fate::Gone);
            is_gone && seen.fate == Fate::Active && there.id != seen.id
        });
        if is_ours && is_free {
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
        self.tasks.insert(task.subject, adopted);
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
    let all = order.tasks.iter().chain(&order.if_there).chain(order.excluded.values());
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
/// has a task of its own for the same game. Where games may be in several places at a time, only
/// what is in this one counts: the same title elsewhere is another import's.
fn belongs<'a>(
    seen: &Seen,
    order: &Order,
    record: &DestinationRecord,
    taken: &Taken,
    wanted: &HashMap<&'a Subject, &'a Task>,
) -> Option<&'a Task> {
    let task = wanted.get(seen.subject.as_ref()?)?;
    let is_free = !taken.has(seen);
    // A game may have been put off since, or put on again.
    let is_titled = wording::unmarked(&seen.title) == wording::unmarked(&task.content);
    let was_moved = order.place.is_exclusive() && is_free && is_titled;
    let is_home = record.is_home_of(seen) && (is_free || order.place.is_shared());
    (is_home || was_moved).then_some(*task)
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
            let made = project.name == order.name && !project.is_inbox;
            Some(DestinationRecord::of_project(project, made))
        }
    }
}

/// The section of the Inbox of an earlier import, known again as a project is.
fn inbox_section<'a>(order: &Order, taken: &Taken, view: &'a View) -> Option<&'a SeenSection> {
    let inbox = view.inbox.as_ref()?;
    let (wanted, season) = (wanted(order), order.season());
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for task in view.tasks.iter().filter(|task| task.fate == Fate::Active) {
        if let Some(section) = &task.section {
            tallies.entry(section.as_str()).or_default().count(task, order, season, &wanted);
        }
    }
    let rank = |section: &SeenSection| {
        let tally = tallies.get(section.id.as_str()).copied().unwrap_or_default();
        tally.rank(section.name == order.name, true)
    };
    let may_be = |section: &&SeenSection| {
        let is_there = section.project == *inbox && section.fate == Fate::Active;
        is_there && !taken.has_section(&section.id) && rank(section) > Rank::default()
    };
    view.sections
        .iter()
        .filter(may_be)
        // The lowest id breaks a tie, so that every run decides alike.
        .max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id)))
}

/// The project of an earlier import is the one that holds most of this destination's tasks,
/// whatever it is called by now (under the usual name, those count that have other titles by
/// now, too); if none holds any, the one of the usual name; or else one that holds nothing but
/// tasks for its games, whatever their titles are by now.
fn project<'a>(order: &Order, view: &'a View, taken: &Taken) -> Option<&'a SeenProject> {
    let (wanted, season) = (wanted(order), order.season());
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for task in view.tasks.iter().filter(|task| task.fate == Fate::Active) {
        if taken.has(task) {
            continue;
        }
        tallies.entry(task.project.as_str()).or_default().count(task, order, season, &wanted);
    }
    let rank = |project: &SeenProject| {
        let tally = tallies.get(project.id.as_str()).copied().unwrap_or_default();
        tally.rank(project.name == order.name, !project.is_inbox)
    };
    let is_named = view.projects.iter().any(|it| is_of_name(it, order));
    let may_be = |project: &SeenProject| {
        let is_it = match order.place.is_shared() {
            false => true,
            true if is_named => is_of_name(project, order),
            true => is_renamed(project, order, view, &wanted),
        };
        // What a section of the Inbox was made for is not the Inbox's own.
        let is_it = is_it && !(project.is_inbox && has_section(order, view, &wanted));
        is_it && project.fate == Fate::Active && !taken.has_project(&project.id)
    };
    view.projects
        .iter()
        .filter(|project| may_be(project) && rank(project) > Rank::default())
        // The lowest id breaks a tie, so that every run decides alike.
        .max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id)))
}

fn is_of_name(project: &SeenProject, order: &Order) -> bool {
    project.fate == Fate::Active && project.name == order.name
}

/// Whether a project was made for several teams under another name: it holds games of each of
/// them, which none that was made for one team does.
fn is_renamed(
    project: &SeenProject,
    order: &Order,
    view: &View,
    wanted: &HashMap<&Subject, &Task>,
) -> bool {
    let is_own = order.teams.iter().any(|team| project.name == wording::project_name(*team));
    let here = view.tasks.iter().filter(|seen| seen.project == project.id);
    let ours = here.filter_map(|seen| {
        let task = *wanted.get(seen.subject.as_ref()?)?;
        let is_it = seen.fate == Fate::Active && seen.title == task.content;
        is_it.then_some(&task.teams)
    });
    let teams: BTreeSet<_> = ours.filter(|teams| teams.len() == 1).flatten().copied().collect();
    !is_own && !project.is_inbox && teams == order.teams
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

/// What the active tasks of a project or a section are to an order.
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

/// How likely it is the one of an earlier import: how many of its tasks it holds, whether it has
/// the usual name, and how many tasks for its games under whatever titles.
type Rank = (usize, bool, usize);

impl Tally {
    fn count(
        &mut self,
        task: &Seen,
        order: &Order,
        season: Option<Season>,
        wanted: &HashMap<&Subject, &Task>,
    ) {
        match task.subject.as_ref().and_then(|subject| wanted.get(subject)) {
            Some(ours) if ours.content == task.title => match ours.subject {
                Subject::Game(_) => self.games += 1,
                Subject::NextSeason => self.reminders += 1,
            },
            Some(ours) if order.rivals.get(&ours.subject) != Some(&task.title) => self.links += 1,
            _ => self.others += 1,
        }
        let of = task.subject.and_then(Subject::game).map(GameId::season);
        let is_other = of.is_some_and(|of| season.is_some_and(|season| season != of));
        self.of_other_seasons += usize::from(is_other);
    }

    /// How many have the order's titles. What reminds of the next season is no sign of this one
    /// where games of another are.
    fn titles(self) -> usize {
        let reminders = if self.of_other_seasons == 0 { self.reminders } else { 0 };
        self.games + reminders
    }

    /// Titles of the person's own count under the usual name, or where there is nothing else
    /// and `may_be_renamed`.
    fn rank(self, is_named: bool, may_be_renamed: bool) -> Rank {
        let (titles, only_games) = (self.titles(), self.others == 0 && may_be_renamed);
        let links = if only_games { titles + self.links } else { 0 };
        (titles + if is_named { self.links } else { 0 }, is_named, links)
    }
}
