//! Finding again what an earlier import made, by the links in its tasks: on a second machine,
//! or when the record is lost.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::import::field::Traces;
use crate::import::journal::Journal;
use crate::import::plan::Order;
use crate::import::record::{DestinationRecord, Fate, Seen, SeenProject, TaskRecord};
use crate::import::task::Task;
use crate::import::view::View;
use crate::model::GameId;

/// The destination of `order` in an account of which `view` tells all that is active, if there
/// is one. `former` are the same tasks as an earlier schedule would have had them, `journal`
/// knows what a killed run has sent, and `taken` are the projects of other destinations.
pub fn adopt(
    order: &Order,
    former: &[Task],
    journal: Option<&Journal>,
    view: &View,
    taken: &BTreeSet<String>,
) -> Option<DestinationRecord> {
    let project = project(order, view, taken)?;
    let mut record = DestinationRecord {
        project: project.id.clone(),
        name: project.name.clone(),
        fate: Fate::Active,
        read_to: String::new(),
        tasks: BTreeMap::new(),
    };
    let wanted = wanted(order);
    let former: HashMap<&GameId, &Task> = former.iter().map(|task| (&task.game, task)).collect();
    for seen in &view.tasks {
        let Some((game, task)) = belongs(seen, order, &project.id, taken, &wanted) else {
            continue;
        };
        // The same game twice in a project is the person's doing; the lower id is the older.
        if record.tasks.get(game).is_some_and(|there| there.id <= seen.id) {
            continue;
        }
        let former = former.get(game).copied();
        let adopted = TaskRecord::adopted(seen, task, former, sent(journal, order, game, seen));
        record.tasks.insert(game.clone(), adopted);
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
    taken: &BTreeSet<String>,
    journal: Option<&Journal>,
) {
    let wanted = wanted(order);
    let (deleted, alive): (Vec<&Seen>, Vec<&Seen>) =
        seen.iter().partition(|seen| seen.fate == Fate::Deleted);
    for seen in alive.into_iter().chain(deleted) {
        let Some((game, task)) = belongs(seen, order, &record.project, taken, &wanted) else {
            continue;
        };
        let sent = sent(journal, order, game, seen);
        // What was deleted is only ours if a killed run had just made it.
        let is_ours = seen.fate != Fate::Deleted || sent.is_some();
        if is_ours && !record.tasks.contains_key(game) {
            record.tasks.insert(game.clone(), TaskRecord::adopted(seen, task, None, sent));
        }
    }
}

/// Whether there is a task in the project of `record` that links to a game and is in no record,
/// because this run did not ask for that game: a later one has to look again.
pub fn has_unknown(record: &DestinationRecord, seen: &[Seen]) -> bool {
    let known: HashSet<&str> = record.tasks.values().map(|task| task.id.as_str()).collect();
    seen.iter().any(|seen| {
        let is_unknown = seen.game.is_some() && !known.contains(seen.id.as_str());
        is_unknown && seen.project == record.project && seen.fate == Fate::Active
    })
}

/// What a killed run wrote into a task, if it did.
fn sent<'a>(
    journal: Option<&'a Journal>,
    order: &Order,
    game: &GameId,
    seen: &Seen,
) -> Option<&'a Traces> {
    journal?.wish_for(&order.key, game, &seen.id)
}

fn wanted(order: &Order) -> HashMap<&GameId, &Task> {
    let all = order.tasks.iter().chain(&order.postponed).chain(&order.cancelled);
    all.map(|task| (&task.game, task)).collect()
}

/// Whether a task is this destination's: it links to one of its games and is in its project, or
/// it has the very title that this destination gives. A person moved it then; the opponent's
/// import has a task of its own for the same game. Where the person named the project, only
/// what is in it counts: the same title elsewhere is another import's.
fn belongs<'a>(
    seen: &Seen,
    order: &Order,
    project: &str,
    taken: &BTreeSet<String>,
    wanted: &HashMap<&'a GameId, &'a Task>,
) -> Option<(&'a GameId, &'a Task)> {
    let (game, task) = wanted.get_key_value(seen.game.as_ref()?)?;
    let elsewhere = !order.is_named && !taken.contains(&seen.project);
    let was_moved = elsewhere && seen.title == task.content;
    (seen.project == project || was_moved).then_some((*game, *task))
}

/// The project of an earlier import is the one that holds most of this destination's tasks,
/// whatever it is called by now; if none holds any, the one of the usual name; or else one that
/// holds nothing but tasks for its games, whatever their titles are by now.
fn project<'a>(order: &Order, view: &'a View, taken: &BTreeSet<String>) -> Option<&'a SeenProject> {
    let wanted = wanted(order);
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for task in view.tasks.iter().filter(|task| task.fate == Fate::Active) {
        let tally = tallies.entry(task.project.as_str()).or_default();
        match task.game.as_ref().and_then(|game| wanted.get(game)) {
            Some(ours) if ours.content == task.title => tally.titles += 1,
            Some(ours) if order.rivals.get(&ours.game) != Some(&task.title) => tally.links += 1,
            _ => tally.others += 1,
        }
    }
    let rank = |project: &SeenProject| {
        let tally = tallies.get(project.id.as_str()).copied().unwrap_or_default();
        let only_games = tally.others == 0 && !project.is_inbox;
        let links = if only_games { tally.titles + tally.links } else { 0 };
        (tally.titles, project.name == order.name, links)
    };
    let may_be = |project: &SeenProject| {
        let is_it = if order.is_named { project.name == order.name } else { true };
        is_it && project.fate == Fate::Active && !taken.contains(&project.id)
    };
    view.projects
        .iter()
        .filter(|project| may_be(project) && rank(project) > (0, false, 0))
        // The lowest id breaks a tie, so that every run decides alike.
        .max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.id.cmp(&a.id)))
}

/// What the active tasks of a project are to an order.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// They have the very titles that it gives.
    titles: usize,
    /// They link to its games, under titles of the person's.
    links: usize,
    /// They are none of its business, or its rival's.
    others: usize,
}
