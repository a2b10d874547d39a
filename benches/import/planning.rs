//! The pure part: no HTTP, no clock, no files.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nbatodo::import::orders::{Style, TeamGames, own_project, together};
use nbatodo::import::record::{DestinationRecord, TaskRecord};
use nbatodo::import::{Order, Place, Plan, Record, Task, TaskOptions, Wishes};
use nbatodo::model::{Game, Matchup, Status, Tipoff, Tricode, Venue};

use crate::league::{GAMES, TEAMS};
use crate::report::{Report, grouped, median, milliseconds, table, timed, times};

const ROUNDS: usize = times(31);
/// Seasons in one project that are more than it can hold: Todoist lets it have 300 active tasks.
/// What ten leagues in one would take is shown, and has no budget.
const MOST_IN_ONE: usize = 4;

const MEANING: &str = "\
orders     from games to the tasks that should be there: titles, descriptions, dates
unchanged  the plan when the record holds all of them as they are
moved      the plan when each of them has moved by an hour
per task   of the slower plan
Medians of 31 rounds.";

/// What one size takes.
struct Measured {
    tasks: usize,
    orders: Duration,
    unchanged: Duration,
    moved: Duration,
}

impl Measured {
    fn slower(&self) -> Duration {
        self.unchanged.max(self.moved)
    }

    #[allow(clippy::cast_precision_loss, reason = "shown without a fraction")]
    fn per_task(&self) -> f64 {
        self.slower().as_secs_f64() * 1e9 / self.tasks as f64
    }
}

pub(crate) fn measure(report: &mut Report) {
    let each = [1, 10, TEAMS, 10 * TEAMS].map(|projects| (projects, measured(projects, false)));
    let one = [MOST_IN_ONE, 10 * TEAMS].map(|projects| measured(projects, true));
    let rows = each.iter().map(|(projects, it)| (*projects, it));
    let rows = rows.chain(one.iter().map(|it| (1, it)));
    let rows: Vec<Vec<String>> = rows
        .map(|(projects, it)| {
            vec![
                format!("{} tasks", grouped(it.tasks)),
                projects.to_string(),
                milliseconds(&it.orders),
                milliseconds(&it.unchanged),
                milliseconds(&it.moved),
                format!("{:.0} ns", it.per_task()),
            ]
        })
        .collect();
    let columns = ["", "projects", "orders", "unchanged", "moved", "per task"];
    table("Planning", MEANING, &columns, &rows);

    let [(_, team), _, (_, league), (_, many)] = &each;
    let most = Duration::from_millis(50);
    report.budget("plan of 2,460 tasks", league.slower(), most, milliseconds);
    let whole = league.orders + league.slower();
    report.budget("its orders and the plan", whole, most, milliseconds);
    let twice = 2.0 * team.per_task();
    let show = |per_task: &f64| format!("{per_task:.0} ns");
    report.budget("a task of 24,600, to twice one of 82", many.per_task(), twice, show);
    let [full, _] = &one;
    let title = format!("the same of {} in one project", full.tasks);
    report.budget(&title, full.per_task(), twice, show);
}

fn measured(projects: usize, in_one: bool) -> Measured {
    let team = |serial| Tricode::all().nth(serial % TEAMS).unwrap();
    let seasons = |ahead| -> Vec<(Tricode, Vec<Game>)> {
        (0..projects).map(|serial| (team(serial), games(team(serial), serial, ahead))).collect()
    };
    let (now, later) = (seasons(0), seasons(1));
    let there = ordered(&now, in_one);
    let record = record(&there);
    let moved = ordered(&later, in_one);
    let tasks = there.iter().map(|order| order.tasks.len()).sum();
    assert_eq!(tasks, projects * GAMES);
    let plan =
        |orders: &[Order]| Plan::new(orders, &record, &BTreeSet::new(), Wishes::default()).unwrap();
    assert_eq!(plan(&there).changes(), 0);
    assert_eq!(plan(&moved).changes(), tasks);

    let plan = |orders: &[Order]| rounds(|| plan(orders));
    let orders = rounds(|| ordered(&now, in_one));
    Measured { tasks, orders, unchanged: plan(&there), moved: plan(&moved) }
}

fn rounds<T>(work: impl Fn() -> T) -> Duration {
    median((0..ROUNDS).map(|_| timed(&work).0).collect())
}

/// The orders for a project of each team's own, or for one project that holds all.
fn ordered(seasons: &[(Tricode, Vec<Game>)], in_one: bool) -> Vec<Order> {
    let options = TaskOptions::default();
    let zone = TimeZone::get("America/New_York").unwrap();
    let own = seasons.iter().enumerate().map(|(serial, (team, games))| {
        let games = TeamGames { team: *team, games, postponed: &[], cancelled: &[], excluded: &[] };
        // More projects than teams: a key of its own for each.
        let place = Place::OneProject(serial.to_string());
        let own = own_project(&games, Style { options: &options, zone: &zone });
        Order { key: place.to_string(), place, ..own }
    });
    let (own, name) = (own.collect(), "NBA");
    let place = Place::OneProject(name.to_owned());
    if in_one { together(place, name, own).into_iter().collect() } else { own }
}

/// One team's season, with ids that no other has.
fn games(team: Tricode, serial: usize, hours_later: i64) -> Vec<Game> {
    let start: Timestamp = "2026-10-20T23:30:00Z".parse().unwrap();
    let opponents: Vec<Tricode> = Tricode::all().filter(|other| *other != team).collect();
    let game = |number: usize| {
        let hours = i64::try_from(number * 48).unwrap() + hours_later;
        let opponent = opponents[number % opponents.len()];
        let at_home = number.is_multiple_of(2);
        let (home, away) = if at_home { (team, opponent) } else { (opponent, team) };
        Game {
            id: format!("00226{:05}", serial * GAMES + number + 1).parse().unwrap(),
            tipoff: Tipoff::At(start.checked_add(SignedDuration::from_hours(hours)).unwrap()),
            matchup: Some(Matchup { home, away }),
            venue: Some(Venue { arena: "An Arena".to_owned(), city: "A City".to_owned() }),
            status: Status::Scheduled,
            label: None,
            national_tv: vec!["NBC".to_owned()],
        }
    };
    (0..GAMES).map(game).collect()
}

/// The record of an account that holds what the orders want.
fn record(orders: &[Order]) -> Record {
    let mut record = Record::new("1");
    for order in orders {
        let mut destination = DestinationRecord {
            project: order.key.clone(),
            name: order.name.clone(),
            ..DestinationRecord::default()
        };
        let task = |task: &Task| {
            let id = format!("{}-{}", order.key, task.subject);
            let wish = destination.wish(task);
            (task.subject, TaskRecord::created(id, task, &wish, None))
        };
        let tasks = order.tasks.iter().map(task).collect();
        destination.tasks = tasks;
        record.destinations.insert(order.key.clone(), destination);
    }
    record
}
