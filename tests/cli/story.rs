//! The way that everybody goes: login, import, import again, logout.

use std::process::Stdio;

use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::When;

use crate::feed::{celtics_games, text};
use crate::world::{RED, World};

#[test]
fn login_import_import_again_logout() {
    let world = World::new();
    let games = celtics_games(82);
    world.serve_feed(text(&games));

    let login = world.sign_in("default", RED);
    assert!(login.stdout.contains("Red Auerbach <red@example.com>"), "{login:?}");
    assert!(login.stdout.contains("Next: nbatodo import --team BOS"), "{login:?}");
    let status = world.run(["status"]);
    status.exits_with(0);
    assert!(status.stdout.contains("60 minutes left"), "{status:?}");

    let first = world.run(["import", "--team", "BOS"]);
    first.exits_with(0);
    assert!(first.stdout.starts_with("Celtics: 82 created, 0 unchanged, 0 failed"), "{first:?}");
    assert_eq!(first.stderr, "");
    let project = world.projects(RED).pop().unwrap();
    assert_eq!((project.name.as_str(), project.color.as_str()), ("Celtics schedule", "green"));
    assert!(first.stdout.contains(&format!("/app/project/{}", project.id)), "{first:?}");

    let again = world.run(["import", "--team", "celtics"]);
    again.exits_with(0);
    assert!(again.stdout.starts_with("Celtics: 0 created, 82 unchanged, 0 failed"), "{again:?}");
    assert_eq!(world.tasks(RED).len(), 82);
    assert_eq!(world.projects(RED).len(), 1);

    let logout = world.run(["logout"]);
    logout.exits_with(0);
    assert!(
        logout.stdout.contains("token revoked at Todoist, key destroyed, session file deleted"),
        "{logout:?}"
    );
    assert_eq!(world.sandbox.live_tokens(), 0);
    assert!(!world.session_file("default").exists());
    let second = world.run(["logout"]);
    second.exits_with(0);
    assert_eq!(second.stdout, "Nobody is signed in as \"default\".\n");
    world.run(["status"]).exits_with(4).complains_of(&["nbatodo login"]);
}

#[test]
fn every_game_becomes_a_task_at_its_true_instant_with_its_link_last() {
    let world = World::new();
    let games = celtics_games(10);
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    world.run(["import", "--team", "BOS"]).exits_with(0);

    let tasks = world.tasks(RED);
    assert_eq!(tasks.len(), games.len());
    for game in &games {
        let link = format!("https://www.nba.com/game/{}", game.id);
        let task = tasks.iter().find(|task| task.description.ends_with(&link)).unwrap();
        let opponent = if game.home == "BOS" { game.away } else { game.home };
        let nickname = nbatodo::model::Tricode::of(opponent).unwrap().team().nickname;
        let between = if game.home == "BOS" { "vs" } else { "at" };
        assert_eq!(task.content, format!("Celtics {between} {nickname}"));
        let due: Option<Timestamp> = match &task.due.as_ref().unwrap().when {
            When::Fixed(instant, zone) => {
                assert_eq!(zone.iana_name(), Some("America/New_York"));
                Some(*instant)
            }
            When::Day(_) | When::Floating(_) => None,
        };
        assert_eq!(due, Some(game.tipoff));
    }
}

#[test]
fn a_first_import_takes_two_requests_on_one_connection_and_a_second_takes_one() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(82)));
    world.sign_in("default", RED);

    world.run(["import", "--team", "BOS"]).exits_with(0);
    let first = world.syncs();
    assert_eq!(first.len(), 2);
    assert_eq!(first[0], first[1], "two connections");
    world.run(["import", "--team", "BOS"]).exits_with(0);
    assert_eq!(world.syncs().len(), 3);
}

#[test]
fn more_than_a_hundred_commands_go_in_batches() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(250)));
    world.sign_in("default", RED);
    let ran = world.run(["import", "--team", "BOS"]);
    ran.exits_with(0);
    assert!(ran.stdout.contains("250 created"), "{ran:?}");
    // One to read; then 1 project and 250 tasks, at most 100 at a time.
    assert_eq!(world.syncs().len(), 1 + 3);
    assert_eq!(world.tasks(RED).len(), 250);
    assert_eq!(world.projects(RED).len(), 1);
}

#[test]
fn a_game_that_was_added_to_the_schedule_is_the_only_one_created() {
    let world = World::new();
    let games = celtics_games(12);
    world.serve_feed(text(&games[..10]));
    world.sign_in("default", RED);
    world.run(["import", "--team", "BOS"]).exits_with(0);
    world.serve_feed(text(&games));
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.stdout.contains("2 created, 10 unchanged, 0 failed"), "{ran:?}");
}

#[test]
fn two_rivals_have_a_project_each_and_neither_takes_the_others_tasks() {
    let world = World::new();
    let mut games = celtics_games(4);
    for game in &mut games {
        (game.home, game.away) = ("BOS", "NYK");
    }
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    for (team, counts) in [
        ("BOS", "4 created, 0 unchanged"),
        ("NYK", "4 created, 0 unchanged"),
        ("BOS", "0 created, 4 unchanged"),
        ("NYK", "0 created, 4 unchanged"),
    ] {
        let ran = world.run(["import", "--team", team]);
        assert!(ran.stdout.contains(counts), "{team}: {ran:?}");
    }
    assert_eq!(world.projects(RED).len(), 2);
}

#[test]
fn imports_at_the_same_time_make_one_project_and_double_nothing() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(20)));
    world.sign_in("default", RED);
    let children: Vec<_> = (0..8)
        .map(|_| {
            let mut command = world.command(["import", "--team", "BOS"]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, 20));
}

#[test]
fn a_season_that_is_over_is_an_answer() {
    let world = World::new();
    let mut games = celtics_games(1);
    games[0].tipoff = games[0].tipoff.checked_sub(SignedDuration::from_hours(5 * 24)).unwrap();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    let ran = world.run(["import", "--team", "BOS"]);
    ran.exits_with(0);
    assert!(ran.stdout.contains("nothing to import"), "{ran:?}");
    assert!(world.projects(RED).is_empty(), "an empty project was made");
}

#[test]
fn the_demo_tells_the_whole_story_for_each_team() {
    for team in nbatodo::model::Tricode::all() {
        let world = World::new();
        let mut command = world.command(["demo", "--team", team.as_str()]);
        command.env_clear().env("HOME", world.home());
        let ran = crate::world::finish(command);
        ran.exits_with(0);
        assert_eq!(ran.stderr, "", "{team}");
        let story: Vec<&str> = ran.stdout.lines().collect();
        let line = |start: &str| story.iter().find(|line| line.starts_with(start)).unwrap();
        assert!(line("Login").contains("Signed in as"), "{ran:?}");
        let again = line("Again");
        assert!(again.contains("0 created") || again.contains("nothing to import"), "{ran:?}");
        assert!(line("Checked").ends_with("token dead, key gone, session file gone."), "{ran:?}");
        assert!(world.home().read_dir().unwrap().count() <= 1, "the demo wrote into the home");
    }
}
