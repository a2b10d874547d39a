//! Properties of the plan, over accounts and schedules of all kinds.

use proptest::prelude::*;

use super::*;
use crate::import::{HeldProject, HeldTask, Room};
use crate::model::{Matchup, Status};
use jiff::Timestamp;

fn team(code: &str) -> Tricode {
    Tricode::of(code).unwrap()
}

/// A game of the Celtics; its serial decides everything about it.
fn game(serial: u16) -> Game {
    let opponents: Vec<Tricode> = Tricode::all().filter(|code| *code != team("BOS")).collect();
    let opponent = opponents[usize::from(serial) % opponents.len()];
    let (home, away) =
        if serial.is_multiple_of(2) { (team("BOS"), opponent) } else { (opponent, team("BOS")) };
    let tipoff = Timestamp::from_second(1_800_000_000 + i64::from(serial) * 3600).unwrap();
    Game {
        id: format!("00226{serial:05}").parse().unwrap(),
        tipoff: Tipoff::At(tipoff),
        matchup: Some(Matchup { home, away }),
        venue: None,
        status: Status::Scheduled,
        label: None,
        national_tv: Vec::new(),
    }
}

fn games(serials: &[u16]) -> Vec<Game> {
    serials.iter().copied().map(game).collect()
}

/// What the account has after the plan: what an honest Todoist makes of it.
fn applied(plan: &Plan, mut holdings: Holdings) -> Holdings {
    if plan.additions.is_empty() {
        return holdings;
    }
    let project = match &plan.destination {
        Destination::Existing { id, .. } => id.clone(),
        Destination::New { name, .. } => {
            let id = format!("new-{}", holdings.projects.len());
            holdings.projects.push(HeldProject { id: id.clone(), name: name.clone(), tasks: 0 });
            id
        }
    };
    holdings.tasks.extend(plan.additions.iter().map(|task| HeldTask {
        project: project.clone(),
        title: task.title.clone(),
        game: task.game.clone(),
    }));
    holdings
}

/// An account with projects of all names, and game tasks strewn over them.
fn holdings() -> impl Strategy<Value = Holdings> {
    let names = prop::sample::select(vec!["Inbox", "Celtics schedule", "Knicks schedule", "Games"]);
    let projects = prop::collection::vec(names, 0..5).prop_map(|names| {
        let numbered = names.into_iter().enumerate();
        let project = |(at, name): (usize, &str)| HeldProject {
            id: at.to_string(),
            name: name.into(),
            tasks: 0,
        };
        numbered.map(project).collect::<Vec<_>>()
    });
    let task = (0_usize..5, 0_u16..40, any::<bool>()).prop_map(|(project, serial, edited)| {
        let game = game(serial);
        let title = wording::title(team("BOS"), game.matchup.unwrap());
        let title = if edited { "My own title".to_owned() } else { title };
        HeldTask { project: project.to_string(), title, game: game.id }
    });
    (projects, prop::collection::vec(task, 0..30)).prop_map(|(projects, tasks)| {
        let known = |task: &HeldTask| projects.iter().any(|project| project.id == task.project);
        let tasks = tasks.into_iter().filter(known).collect();
        Holdings { projects, tasks, room: Room::default(), zone: None }
    })
}

fn serials() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::btree_set(0_u16..40, 0..40).prop_map(|set| set.into_iter().collect())
}

proptest! {
    #[test]
    fn a_plan_after_a_plan_is_empty(serials in serials(), holdings in holdings()) {
        let games = games(&serials);
        let plan = Plan::new(team("BOS"), &games, &holdings).unwrap();
        let after = applied(&plan, holdings);
        let again = Plan::new(team("BOS"), &games, &after).unwrap();
        prop_assert!(again.additions.is_empty(), "{again:?}");
        prop_assert_eq!(again.unchanged, games.len());
    }

    #[test]
    fn no_game_is_left_out_and_none_comes_twice(serials in serials(), holdings in holdings()) {
        let games = games(&serials);
        let plan = Plan::new(team("BOS"), &games, &holdings).unwrap();
        let mut ids: Vec<&GameId> = plan.additions.iter().map(|task| &task.game).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), plan.additions.len());
        prop_assert_eq!(ids.len() + plan.unchanged, games.len());
    }

    #[test]
    fn a_rivals_import_takes_nothing_away(serials in serials()) {
        let games: Vec<Game> = games(&serials)
            .into_iter()
            .map(|game| {
                Game { matchup: Some(Matchup { home: team("BOS"), away: team("NYK") }), ..game }
            })
            .collect();
        let first = Plan::new(team("BOS"), &games, &Holdings::default()).unwrap();
        let holdings = applied(&first, Holdings::default());
        let rival = Plan::new(team("NYK"), &games, &holdings).unwrap();
        prop_assert_eq!(rival.additions.len(), games.len());
        let both = applied(&rival, holdings);
        for code in ["BOS", "NYK"] {
            let again = Plan::new(team(code), &games, &both).unwrap();
            prop_assert!(again.additions.is_empty());
        }
    }
}

#[test]
fn a_renamed_project_stays_the_destination() {
    let games = games(&[1, 2, 3]);
    let plan = Plan::new(team("BOS"), &games[..2], &Holdings::default()).unwrap();
    let mut holdings = applied(&plan, Holdings::default());
    holdings.projects[0].name = "🍀".to_owned();
    let next = Plan::new(team("BOS"), &games, &holdings).unwrap();
    let Destination::Existing { name, .. } = &next.destination else {
        panic!("another project: {next:?}");
    };
    assert_eq!((name.as_str(), next.additions.len(), next.unchanged), ("🍀", 1, 2));
}

#[test]
fn no_room_is_found_before_anything_is_written() {
    let games = games(&[1, 2, 3]);
    let full = Room { projects: Some(0), tasks_per_project: None };
    let holdings = Holdings { room: full, ..Holdings::default() };
    let refused = Plan::new(team("BOS"), &games, &holdings).unwrap_err();
    assert!(matches!(refused, PlanError::NoRoomForProject { .. }));
    assert!(Plan::new(team("BOS"), &[], &holdings).is_ok(), "nothing to create needs no room");

    let tight = Room { projects: None, tasks_per_project: Some(2) };
    let holdings = Holdings { room: tight, ..Holdings::default() };
    let refused = Plan::new(team("BOS"), &games, &holdings).unwrap_err();
    assert!(matches!(refused, PlanError::NoRoomForTasks { wanted: 3, most: 2, .. }));
}
