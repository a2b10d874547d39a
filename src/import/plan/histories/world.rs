//! A league, and an account at an honest Todoist.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::league::{game, team, tipoff};
use super::{Event, GAMES};
use crate::import::TaskOptions;
use crate::import::adopt::{Memory, adopt_strays};
use crate::import::field::{Field, Trace};
use crate::import::orders::{Style, TeamGames, own_project};
use crate::import::plan::{Change, Destination, Order, Part, Plan, Wishes};
use crate::import::reading::take_in;
use crate::import::record::{Done, Record, Taken};
use crate::import::seen::{Fate, Seen, SeenProject, SeenReminder, SeenSection};
use crate::import::subject::Subject;
use crate::import::task::{self, Task};
use crate::import::view::View;
use crate::model::{Game, Status};

const PROJECT: &str = "project";
const ELSEWHERE: &str = "elsewhere";
const OWN_SECTION: &str = "mine";

/// A league, and an account at an honest Todoist.
pub(super) struct World {
    games: Vec<Game>,
    options: TaskOptions,
    tasks: BTreeMap<String, Seen>,
    sections: Vec<SeenSection>,
    project: Option<SeenProject>,
    record: Option<Record>,
    /// What the person wrote, by task and field.
    edits: BTreeMap<(String, Field), Trace>,
    /// What the record had to say of a task was lost after something had changed: it cannot be
    /// known to be ours in every field.
    doubtful: BTreeSet<Subject>,
    /// Tasks that were deleted before the record was lost.
    forgotten: BTreeSet<Subject>,
    serial: usize,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            games: (0..GAMES).map(game).collect(),
            options: TaskOptions::default(),
            tasks: BTreeMap::new(),
            sections: Vec::new(),
            project: None,
            record: None,
            edits: BTreeMap::new(),
            doubtful: BTreeSet::new(),
            forgotten: BTreeSet::new(),
            serial: 0,
        }
    }

    fn order(&self) -> Order {
        let standing = |status| -> Vec<Game> {
            self.games.iter().filter(|game| game.status == status).cloned().collect()
        };
        let games = TeamGames {
            team: team("BOS"),
            games: &standing(Status::Scheduled),
            postponed: &standing(Status::Postponed),
            cancelled: &standing(Status::Cancelled),
            excluded: &[],
        };
        own_project(&games, Style { options: &self.options, zone: &TimeZone::UTC })
    }

    fn wanted(&self) -> BTreeMap<Subject, Task> {
        let order = self.order();
        let all = order.tasks.into_iter().chain(order.if_there);
        all.map(|task| (task.subject, task)).collect()
    }

    fn task_of(&mut self, at: usize) -> Option<&mut Seen> {
        let subject = Subject::from(self.games[at].id);
        let is_it = |task: &&mut Seen| {
            task.subject.as_ref() == Some(&subject) && task.fate != Fate::Deleted
        };
        self.tasks.values_mut().find(is_it)
    }

    fn edit(&mut self, at: usize, field: Field, change: impl FnOnce(&mut Seen) -> Trace) {
        if let Some(task) = self.task_of(at) {
            let trace = change(task);
            let key = (task.id.clone(), field);
            self.edits.insert(key, trace);
        }
    }

    pub(super) fn happen(&mut self, event: &Event) {
        match *event {
            Event::Move(at, hours) => self.games[at].tipoff = tipoff(at, hours),
            Event::Stand(at, status) => self.games[at].status = status,
            Event::Choose(sections, reminder) => {
                self.options = TaskOptions { sections, reminder, ..TaskOptions::default() };
            }
            Event::Edit(at, field, value) => self.edit(at, field, |task| {
                let trace = Trace::of(&format!("mine {value}"));
                task.traces.insert(field, trace);
                if field == Field::Content {
                    task.title = format!("mine {value}");
                }
                trace
            }),
            Event::Shelve(at) => {
                self.edit(at, Field::Section, |task| shelve(task, Some(OWN_SECTION)))
            }
            Event::Away(at) => self.edit(at, Field::Section, |task| {
                ELSEWHERE.clone_into(&mut task.project);
                shelve(task, None)
            }),
            Event::Unremind(at) => {
                if self.task_of(at).is_some_and(|task| reminded(task) != task::reminders([])) {
                    self.edit(at, Field::Reminder, |task| {
                        task.reminders.iter_mut().for_each(|it| it.when = None);
                        reminded(task)
                    });
                }
            }
            Event::Tick(at, done) => {
                if let Some(task) = self.task_of(at) {
                    task.fate = if done { Fate::Done } else { Fate::Active };
                }
            }
            Event::Delete(at) => {
                if let Some(task) = self.task_of(at) {
                    task.fate = Fate::Deleted;
                }
            }
            Event::Rename => {
                if let Some(project) = &mut self.project {
                    project.name = "🍀".to_owned();
                }
            }
            Event::Lose => self.record = None,
            Event::Import => {
                self.import();
            }
        }
    }

    /// Without the record, nobody can tell the person's values from old ones of ours: a task
    /// that does not read as the schedule has it may stay as it is; and what was deleted comes
    /// back.
    fn doubt(&mut self) {
        let renamed = self.project.as_ref().is_some_and(|project| project.name == "🍀");
        let is_open = |task: &Seen| task.fate == Fate::Active && task.project == PROJECT;
        if renamed && !self.tasks.values().any(is_open) {
            // A project of another name without any open task of ours: nobody could tell what
            // it was, short of reading all that was ever ticked off.
            (self.project, self.tasks) = (None, BTreeMap::new());
            self.sections.clear();
        }
        let wanted = self.wanted();
        // Moved away under a title of the person's own, it is not ours any more.
        self.tasks.retain(|_, task| {
            let ours = task.subject.as_ref().map(|subject| &wanted[subject].content);
            task.project == PROJECT || Some(&task.title) == ours
        });
        for task in self.tasks.values() {
            let Some(subject) = &task.subject else { continue };
            let wishes = wanted[subject].traces();
            let is_true = wishes.keys().all(|field| self.is_true(task, &wanted, *field));
            // Where nobody asks for one by now, there is nothing to know it by.
            let lost = |field| self.edits.contains_key(&(task.id.clone(), field));
            let unasked = |field| !wishes.contains_key(&field);
            let sectioned = unasked(Field::Section) && task.section.is_some();
            let reminded = reminded(task) != task::reminders([]);
            let silenced = unasked(Field::Reminder) && (reminded || lost(Field::Reminder));
            if !is_true || sectioned || silenced {
                self.doubtful.insert(*subject);
            }
            if task.fate == Fate::Deleted {
                self.forgotten.insert(*subject);
            }
        }
    }

    /// Runs an import; returns how much it changed.
    pub(super) fn import(&mut self) -> usize {
        if self.record.is_none() {
            self.doubt();
        }
        let complete = self.record.as_ref().is_none_or(|record| record.destinations.is_empty());
        let active = |task: &&Seen| !complete || task.fate == Fate::Active;
        let tasks: Vec<Seen> = self.tasks.values().filter(active).cloned().collect();
        let view = View {
            complete,
            reminders: tasks.iter().flat_map(|task| task.reminders.clone()).collect(),
            tasks,
            projects: self.project.iter().cloned().collect(),
            sections: self.sections.clone(),
            sync_token: "token".to_owned(),
            ..View::default()
        };
        let mut record = self.record.take().unwrap_or_else(|| Record::new("me"));
        let orders = [self.order()];
        for key in take_in(&mut record, None, &view, &orders, &[]) {
            let done: Vec<Seen> =
                self.tasks.values().filter(|task| task.fate == Fate::Done).cloned().collect();
            let memory = Memory { former: &[], journal: None, taken: &Taken::default() };
            if let Some(there) = record.destinations.get_mut(&key) {
                adopt_strays(there, &orders[0], &done, memory);
            }
        }
        let plan = Plan::new(&orders, &record, &BTreeSet::new(), Wishes::default()).unwrap();
        for part in plan.parts.iter().filter(|part| !part.changes.is_empty()) {
            self.execute(part, &mut record);
        }
        self.record = Some(record);
        plan.changes()
    }

    fn execute(&mut self, part: &Part, record: &mut Record) {
        if let Destination::New { name, .. } = &part.destination {
            self.project = Some(SeenProject {
                id: PROJECT.to_owned(),
                name: name.clone(),
                is_inbox: false,
                parent: None,
                is_shared: false,
                fate: Fate::Active,
            });
            record.take_down_place(&part.key, &part.destination, PROJECT, "token");
        }
        for section in &part.sections {
            let id = format!("section {}", self.next());
            record.take_down_section(&part.key, &section.name, &id);
            let (project, name) = (PROJECT.to_owned(), section.name.clone());
            self.sections.push(SeenSection { id, project, name, fate: Fate::Active });
        }
        for change in &part.changes {
            self.change(part, change, record);
        }
    }

    fn change(&mut self, part: &Part, change: &Change, record: &mut Record) {
        let section = change.section().map(|section| {
            let open = record.destinations[&part.key].open_section(&section.name);
            open.expect("a section that is not there").to_owned()
        });
        let (id, made) = match change {
            Change::Create(task) => {
                let id = format!("task-{:03}", self.next());
                self.tasks.insert(id.clone(), made(&id, task, section.as_deref()));
                (id.clone(), Some(id))
            }
            Change::Update { id, task, fields, .. } => {
                let wish = task.traces();
                let there = self.tasks.get_mut(id).unwrap();
                for field in fields {
                    match field {
                        Field::Section => drop(shelve(there, section.as_deref())),
                        Field::Reminder => {}
                        field => drop(there.traces.insert(*field, wish[field])),
                    }
                }
                if fields.contains(&Field::Content) {
                    there.title.clone_from(&task.content);
                }
                (id.clone(), None)
            }
            Change::Delete { .. } => panic!("nothing is to be deleted"),
        };
        let fields: &[Field] = match change {
            Change::Update { fields, .. } => fields,
            _ => &[],
        };
        let seen = [self.tasks[&id].clone()];
        let done = Done { change, fields, made: made.as_deref(), seen: &seen };
        record.take_down(&part.key, done);
        self.remind(part, change, &id, record);
    }

    fn remind(&mut self, part: &Part, change: &Change, id: &str, record: &mut Record) {
        let (again, minutes) = match change {
            Change::Create(task) => (None, task.reminder),
            Change::Update { task, fields, reminder, .. } => {
                let sets = fields.contains(&Field::Reminder);
                (reminder.clone(), task.reminder.filter(|_| sets))
            }
            Change::Delete { .. } => (None, None),
        };
        let Some(minutes) = minutes else { return };
        let made = again.is_none().then(|| format!("reminder {}", self.next()));
        let there = self.tasks.get_mut(id).unwrap();
        let (task, when) = (id.to_owned(), Some(task::before(minutes)));
        match (&again, &made) {
            (_, Some(id)) => {
                there.reminders.push(SeenReminder { id: id.clone(), task, when });
            }
            (again, None) => {
                let set = there.reminders.iter_mut().find(|it| Some(&it.id) == again.as_ref());
                set.expect("a reminder that is not there").when = when;
            }
        }
        let known = record.destinations.get_mut(&part.key).unwrap();
        known.tasks.get_mut(change.subject()).unwrap().reminded(minutes, made.as_deref());
    }

    fn next(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    /// Whether a field of a task reads as the schedule and the options have it.
    fn is_true(&self, seen: &Seen, wanted: &BTreeMap<Subject, Task>, field: Field) -> bool {
        let Some(task) = seen.subject.as_ref().map(|subject| &wanted[subject]) else { return true };
        match field {
            Field::Section if seen.project != PROJECT => true,
            Field::Section => {
                let name = task.section().map(|section| &section.name);
                let stands = self.sections.iter().find(|it| Some(&it.id) == seen.section.as_ref());
                stands.map(|section| &section.name) == name
            }
            Field::Reminder => Some(&reminded(seen)) == task.traces().get(&field),
            field => seen.traces.get(&field) == task.traces().get(&field),
        }
    }

    pub(super) fn check(&self) {
        let wanted = self.wanted();
        for game in &self.games {
            let subject = Subject::from(game.id);
            let of_game = |task: &&Seen| task.subject.as_ref() == Some(&subject);
            let there: Vec<&Seen> = self.tasks.values().filter(of_game).collect();
            let alive: Vec<&&Seen> =
                there.iter().filter(|task| task.fate != Fate::Deleted).collect();
            assert!(alive.len() <= 1, "doubled: {alive:?}");
            let deleted = there.iter().any(|task| task.fate == Fate::Deleted);
            if deleted && !self.forgotten.contains(&subject) {
                assert!(alive.is_empty(), "created again: {there:?}");
            }
            if game.status == Status::Scheduled && !deleted {
                assert_eq!(alive.len(), 1, "lost: {}", game.id);
            }
            let is_doubtful = self.doubtful.contains(&subject);
            for task in alive.iter().filter(|task| task.fate == Fate::Active && !is_doubtful) {
                for field in wanted[&subject].traces().keys() {
                    let now = now(task, *field);
                    match self.edits.get(&(task.id.clone(), *field)) {
                        Some(edit) => assert_eq!(now, *edit, "overruled: {field:?} of {task:?}"),
                        None => assert!(
                            self.is_true(task, &wanted, *field),
                            "not true: {field:?} of {task:?}"
                        ),
                    }
                }
            }
        }
    }
}

fn made(id: &str, task: &Task, section: Option<&str>) -> Seen {
    let mut traces = task.traces();
    traces.remove(&Field::Reminder);
    traces.entry(Field::Labels).or_insert(task::labels(&[]));
    traces.insert(Field::Section, task::section(section));
    Seen {
        id: id.to_owned(),
        project: PROJECT.to_owned(),
        section: section.map(str::to_owned),
        parent: None,
        comments: 0,
        title: task.content.clone(),
        subject: Some(task.subject),
        fate: Fate::Active,
        traces,
        reminders: Vec::new(),
    }
}

fn shelve(task: &mut Seen, section: Option<&str>) -> Trace {
    task.section = section.map(str::to_owned);
    let trace = task::section(section);
    task.traces.insert(Field::Section, trace);
    trace
}

fn reminded(task: &Seen) -> Trace {
    task::reminders(task.reminders.iter().filter_map(|it| it.when.as_deref()))
}

fn now(task: &Seen, field: Field) -> Trace {
    if field == Field::Reminder { reminded(task) } else { task.traces[&field] }
}
