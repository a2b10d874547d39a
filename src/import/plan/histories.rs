//! Properties over whole histories: the schedule changes, the person edits, ticks off and
//! deletes, records get lost, and imports run in between.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::import::field::{Trace, Traces};
use crate::import::orders::{TeamGames, own_project};
use crate::import::reading::take_in;
use crate::import::record::{Seen, SeenProject};
use crate::import::view::View;
use crate::import::{TaskOptions, adopt, task};
use crate::model::{Game, Matchup, Status, Tricode};

/// How many games the team has.
const GAMES: usize = 6;

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    /// The league moves a game.
    Move(usize, i64),
    /// The league changes where a game stands.
    Stand(usize, Status),
    /// The person changes a field of a task.
    Edit(usize, Field, u8),
    /// The person ticks a task off, or takes that back.
    Tick(usize, bool),
    /// The person deletes a task.
    Delete(usize),
    /// The person renames the project.
    Rename,
    /// The record is lost.
    Lose,
    /// An import runs.
    Import,
}

fn event() -> impl Strategy<Value = Event> {
    let game = 0..GAMES;
    let status =
        prop::sample::select(vec![Status::Scheduled, Status::Postponed, Status::Cancelled]);
    let field = prop::sample::select(vec![Field::Content, Field::Due, Field::Labels]);
    prop_oneof![
        3 => (game.clone(), 0_i64..500).prop_map(|(game, hours)| Event::Move(game, hours)),
        2 => (game.clone(), status).prop_map(|(game, status)| Event::Stand(game, status)),
        3 => (game.clone(), field, any::<u8>()).prop_map(|(g, f, v)| Event::Edit(g, f, v)),
        2 => (game.clone(), any::<bool>()).prop_map(|(game, done)| Event::Tick(game, done)),
        1 => game.prop_map(Event::Delete),
        1 => Just(Event::Rename),
        1 => Just(Event::Lose),
        5 => Just(Event::Import),
    ]
}

/// A league, and an account at an honest Todoist.
struct World {
    games: Vec<Game>,
    tasks: BTreeMap<String, Seen>,
    project: Option<SeenProject>,
    record: Option<Record>,
    /// What the person wrote, by task and field.
    edits: BTreeMap<(String, Field), Trace>,
    /// Games whose task cannot be known to be ours in every field: the schedule changed and the
    /// record was lost before an import could tell.
    doubtful: BTreeSet<GameId>,
    /// Games whose task was deleted before the record was lost.
    forgotten: BTreeSet<GameId>,
    serial: usize,
}

impl World {
    fn new() -> Self {
        Self {
            games: (0..GAMES).map(game).collect(),
            tasks: BTreeMap::new(),
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
        };
        own_project(&games, &TaskOptions::default(), &TimeZone::UTC)
    }

    fn wishes(&self) -> BTreeMap<GameId, Traces> {
        let order = self.order();
        let all = order.tasks.iter().chain(&order.postponed).chain(&order.cancelled);
        all.map(|task| (task.game.clone(), task.traces())).collect()
    }

    fn task_of(&mut self, game: usize) -> Option<&mut Seen> {
        let id = self.games[game].id.clone();
        let there =
            |task: &&mut Seen| task.game.as_ref() == Some(&id) && task.fate != Fate::Deleted;
        self.tasks.values_mut().find(there)
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Move(at, hours) => self.games[at].tipoff = tipoff(at, hours),
            Event::Stand(at, status) => self.games[at].status = status,
            Event::Edit(at, field, value) => {
                let trace = Trace::of(&format!("mine {value}"));
                if let Some(task) = self.task_of(at) {
                    task.traces.insert(field, trace);
                    if field == Field::Content {
                        task.title = format!("mine {value}");
                    }
                    let key = (task.id.clone(), field);
                    self.edits.insert(key, trace);
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
        if renamed && self.tasks.values().all(|task| task.fate != Fate::Active) {
            // A project of another name without any open task of ours: nobody could tell what
            // it was, short of reading all that was ever ticked off.
            (self.project, self.tasks) = (None, BTreeMap::new());
        }
        let wishes = self.wishes();
        for task in self.tasks.values() {
            let Some(game) = &task.game else { continue };
            let as_wished = |(field, wish)| task.traces.get(field) == Some(wish);
            if !wishes[game].iter().all(as_wished) {
                self.doubtful.insert(game.clone());
            }
            if task.fate == Fate::Deleted {
                self.forgotten.insert(game.clone());
            }
        }
    }

    /// Runs an import; returns how much it changed.
    fn import(&mut self) -> usize {
        if self.record.is_none() {
            self.doubt();
        }
        let order = self.order();
        let complete = self.record.as_ref().is_none_or(|record| record.destinations.is_empty());
        let active = |task: &&Seen| !complete || task.fate == Fate::Active;
        let view = View {
            complete,
            tasks: self.tasks.values().filter(active).cloned().collect(),
            projects: self.project.iter().cloned().collect(),
            sync_token: "token".to_owned(),
            ..View::default()
        };
        let mut record = self.record.take().unwrap_or_else(|| Record::new("me"));
        let orders = [order];
        let adopted = take_in(&mut record, None, &view, &orders, &[]);
        for key in adopted {
            let done: Vec<Seen> =
                self.tasks.values().filter(|task| task.fate == Fate::Done).cloned().collect();
            if let Some(there) = record.destinations.get_mut(&key) {
                adopt::adopt_strays(there, &orders[0], &done, &BTreeSet::new(), None);
            }
        }
        let plan = Plan::new(&orders, &record, Wishes::default());
        self.execute(&plan, &mut record);
        self.record = Some(record);
        plan.changes()
    }

    fn execute(&mut self, plan: &Plan, record: &mut Record) {
        for part in plan.parts.iter().filter(|part| !part.changes.is_empty()) {
            let project = match &part.destination {
                Destination::Existing { id, .. } => id.clone(),
                Destination::New { name, .. } => {
                    let id = "project".to_owned();
                    let made = SeenProject {
                        id: id.clone(),
                        name: name.clone(),
                        is_inbox: false,
                        fate: Fate::Active,
                    };
                    self.project = Some(made);
                    record.take_down_project(&part.key, &part.destination, &id, "token");
                    id
                }
                Destination::Closed { .. } => continue,
            };
            for change in &part.changes {
                let made = self.change(change, &project);
                let seen: Vec<Seen> = self.tasks.values().cloned().collect();
                record.take_down(&part.key, change, made.as_deref(), &seen);
            }
        }
    }

    fn change(&mut self, change: &Change, project: &str) -> Option<String> {
        match change {
            Change::Create(task) => {
                self.serial += 1;
                let id = format!("task-{:03}", self.serial);
                let mut traces = task.traces();
                traces.entry(Field::Labels).or_insert(task::labels(&[]));
                let seen = Seen {
                    id: id.clone(),
                    project: project.to_owned(),
                    title: task.content.clone(),
                    game: Some(task.game.clone()),
                    fate: Fate::Active,
                    traces,
                };
                self.tasks.insert(id.clone(), seen);
                Some(id)
            }
            Change::Update { id, task, fields, .. } => {
                let wish = task.traces();
                let there = self.tasks.get_mut(id).unwrap();
                there.traces.extend(fields.iter().map(|field| (*field, wish[field])));
                if fields.contains(&Field::Content) {
                    there.title.clone_from(&task.content);
                }
                None
            }
        }
    }

    fn check(&self) {
        let wishes = self.wishes();
        for game in &self.games {
            let of_game = |task: &&Seen| task.game.as_ref() == Some(&game.id);
            let there: Vec<&Seen> = self.tasks.values().filter(of_game).collect();
            let alive: Vec<&&Seen> =
                there.iter().filter(|task| task.fate != Fate::Deleted).collect();
            assert!(alive.len() <= 1, "doubled: {alive:?}");
            let deleted = there.iter().any(|task| task.fate == Fate::Deleted);
            if deleted && !self.forgotten.contains(&game.id) {
                assert!(alive.is_empty(), "created again: {there:?}");
            }
            if game.status == Status::Scheduled && !deleted {
                assert_eq!(alive.len(), 1, "lost: {}", game.id);
            }
            for task in alive.iter().filter(|task| task.fate == Fate::Active) {
                for (field, wish) in &wishes[&game.id] {
                    let now = &task.traces[field];
                    match self.edits.get(&(task.id.clone(), *field)) {
                        Some(edit) if !self.doubtful.contains(&game.id) => {
                            assert_eq!(now, edit, "overruled: {field:?} of {task:?}");
                        }
                        Some(_) => {}
                        None if self.doubtful.contains(&game.id) => {}
                        None => assert_eq!(now, wish, "not true: {field:?} of {task:?}"),
                    }
                }
            }
        }
    }
}

fn team(code: &str) -> Tricode {
    Tricode::of(code).unwrap()
}

fn tipoff(at: usize, hours: i64) -> Tipoff {
    let start = 1_800_000_000 + 86_400 * i64::try_from(at).unwrap();
    Tipoff::At(Timestamp::from_second(start + hours * 3600).unwrap())
}

fn game(at: usize) -> Game {
    let opponents = ["NYK", "LAL", "PHI"].map(team);
    let (home, away) = (team("BOS"), opponents[at % opponents.len()]);
    Game {
        id: format!("00226{at:05}").parse().unwrap(),
        tipoff: tipoff(at, 0),
        matchup: Some(Matchup { home, away }),
        venue: None,
        status: Status::Scheduled,
        label: None,
        national_tv: Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn whatever_happens_imports_double_lose_and_overrule_nothing(
        events in prop::collection::vec(event(), 1..25),
    ) {
        let mut world = World::new();
        for event in &events {
            world.happen(event);
            if matches!(event, Event::Import) {
                world.check();
            }
        }
        world.import();
        world.check();
        prop_assert_eq!(world.import(), 0, "a plan after a plan is empty");
        world.check();
    }
}
