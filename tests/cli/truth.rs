//! Later imports: what the league changed is true afterwards, and what the person did stays.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::{Fault, Item, Person, When};

use crate::feed::{FeedGame, celtics_games, text};
use crate::sessions::faketime;
use crate::world::{RED, Ran, World, finish, nothing_listens};

/// A world in which the Celtics' `games` have been imported.
fn imported(games: &[FeedGame]) -> World {
    let world = World::new();
    world.serve_feed(text(games));
    world.sign_in("default", RED);
    import(&world).exits_with(0);
    world
}

fn import(world: &World) -> Ran {
    world.run(["import", "--team", "BOS", "-v"])
}

fn person(world: &World) -> Person<'_> {
    world.sandbox.person(RED)
}

fn task(world: &World, game: &FeedGame) -> Item {
    let of_game = |task: &Item| task.description.ends_with(&game.id);
    world.tasks(RED).into_iter().find(of_game).unwrap()
}

pub(crate) fn instant(task: &Item) -> Option<Timestamp> {
    match &task.due.as_ref()?.when {
        When::Fixed(instant, _) => Some(*instant),
        When::Day(_) | When::Floating(_) => None,
    }
}

pub(crate) fn later(game: &FeedGame, hours: i64) -> FeedGame {
    let tipoff = game.tipoff.checked_add(SignedDuration::from_hours(hours)).unwrap();
    FeedGame { tipoff, ..game.clone() }
}

#[test]
fn a_moved_tipoff_moves_and_costs_two_requests() {
    let games = celtics_games(5);
    let world = imported(&games);
    let moved = [&[later(&games[0], 500)], &games[1..]].concat();
    world.serve_feed(text(&moved));
    let before = world.syncs().len();
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("1 updated, 4 unchanged"), "{ran:?}");
    assert!(ran.stdout.starts_with("~ ") && ran.stdout.contains(" → "), "{ran:?}");
    assert_eq!(world.syncs().len() - before, 2);
    assert_eq!(instant(&task(&world, &games[0])), Some(moved[0].tipoff));
    assert!(import(&world).stdout.contains("0 created, 5 unchanged"));
}

#[test]
fn a_persons_title_stays_while_the_tipoff_moves() {
    let games = celtics_games(3);
    let world = imported(&games);
    person(&world).retitle(&task(&world, &games[0]).id, "With Dad!").unwrap();
    world.serve_feed(text(&[later(&games[0], 500), games[1].clone(), games[2].clone()]));
    import(&world).exits_with(0);
    let now = task(&world, &games[0]);
    assert_eq!(
        (now.content.as_str(), instant(&now)),
        ("With Dad!", Some(later(&games[0], 500).tipoff))
    );
}

#[test]
fn a_persons_own_date_stays_and_the_report_says_so() {
    let games = celtics_games(3);
    let world = imported(&games);
    let own = games[0].tipoff.checked_sub(SignedDuration::from_mins(30)).unwrap();
    person(&world).reschedule(&task(&world, &games[0]).id, own).unwrap();
    // As long as the league keeps its date, there is nothing to say.
    assert!(!import(&world).stdout.contains("kept yours"));
    world.serve_feed(text(&[later(&games[0], 500), games[1].clone(), games[2].clone()]));
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("kept yours: due date"), "{ran:?}");
    assert_eq!(instant(&task(&world, &games[0])), Some(own));
}

#[test]
fn what_is_ticked_off_or_deleted_stays_so() {
    let games = celtics_games(4);
    let world = imported(&games);
    person(&world).complete(&task(&world, &games[0]).id).unwrap();
    person(&world).delete(&task(&world, &games[1]).id).unwrap();
    for _ in 0..2 {
        let ran = import(&world);
        assert!(ran.exits_with(0).stdout.contains("0 created, 2 unchanged"), "{ran:?}");
        assert!(ran.stdout.contains("2 left as you left them"), "{ran:?}");
    }
    assert_eq!(world.tasks(RED).len(), 2);
    let restored = world.run(["import", "--team", "BOS", "--restore"]);
    assert!(restored.stdout.contains("1 created"), "{restored:?}");
    assert_eq!(world.tasks(RED).len(), 3, "the ticked-off one stays ticked off");
}

#[test]
fn a_deleted_project_is_not_made_again_unasked() {
    let games = celtics_games(3);
    let world = imported(&games);
    person(&world).delete_project(&world.projects(RED)[0].id).unwrap();
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("--restore starts anew"), "{ran:?}");
    assert!(world.projects(RED).is_empty());
    world.run(["import", "--team", "BOS", "--restore"]).exits_with(0);
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, 3));
    assert!(import(&world).stdout.contains("0 created, 3 unchanged"));
}

#[test]
fn a_renamed_project_stays_renamed_and_an_archived_one_is_left_alone() {
    let games = celtics_games(4);
    let world = imported(&games[..3]);
    let id = world.projects(RED)[0].id.clone();
    person(&world).rename_project(&id, "🍀").unwrap();
    world.serve_feed(text(&games));
    assert!(import(&world).stdout.contains("1 created, 3 unchanged"));
    assert_eq!(world.projects(RED)[0].name, "🍀");
    person(&world).archive_project(&id).unwrap();
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("you archived the project"), "{ran:?}");
}

#[test]
fn a_lost_record_doubles_nothing_and_brings_back_nothing_ticked_off() {
    let games = celtics_games(6);
    let world = imported(&games);
    let id = world.projects(RED)[0].id.clone();
    person(&world).rename_project(&id, "🍀").unwrap();
    person(&world).complete(&task(&world, &games[0]).id).unwrap();
    person(&world).retitle(&task(&world, &games[1]).id, "With Dad!").unwrap();
    lose_record(&world);
    let before = world.sandbox.requests().len();
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("0 created, 5 unchanged"), "{ran:?}");
    assert_eq!(world.sandbox.requests().len() - before, 2, "one for what is ticked off");
    assert_eq!(task(&world, &games[1]).content, "With Dad!");
    assert_eq!(world.projects(RED).len(), 1);
}

/// Takes away what the imports of this machine remember.
fn lose_record(world: &World) {
    for entry in fs::read_dir(world.home().join(".local/state/nbatodo/imports")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "record") {
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_task_that_a_narrower_run_saw_is_not_made_again_by_a_wider_one() {
    let games = celtics_games(5);
    let world = imported(&games);
    lose_record(&world);
    world.run(["import", "--team", "BOS", "--next", "1"]).exits_with(0);
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("0 created, 5 unchanged"), "{ran:?}");
}

#[test]
fn a_restored_project_leaves_alone_what_was_moved_out_of_the_old_one() {
    let games = celtics_games(4);
    let world = imported(&games);
    let elsewhere = person(&world).add_project("Family").unwrap();
    person(&world).move_to_project(&task(&world, &games[0]).id, &elsewhere).unwrap();
    person(&world).complete(&task(&world, &games[1]).id).unwrap();
    let old = world.projects(RED).into_iter().find(|it| it.name == "Celtics schedule").unwrap();
    person(&world).delete_project(&old.id).unwrap();
    world.run(["import", "--team", "BOS", "--restore"]).exits_with(0);
    assert_eq!(world.tasks(RED).len(), 3, "one moved, two made anew");
    assert!(import(&world).stdout.contains("0 created"));
}

#[test]
fn two_teams_in_one_project_agree_on_a_postponed_game() {
    let mut games = celtics_games(2);
    (games[0].home, games[0].away) = ("BOS", "NYK");
    let world = World::new();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    let one = ["import", "--team", "BOS,NYK", "--one-project", "Both"];
    world.run(one).exits_with(0);
    games[0].status_text = "PPD";
    world.serve_feed(text(&games));
    assert!(world.run(one).exits_with(0).stdout.contains("1 updated"));
    assert!(world.run(one).exits_with(0).stdout.contains("0 created, 2 unchanged"));
    // Another team's import leaves that project and its tasks alone.
    world.run(["import", "--team", "NYK"]).exits_with(0);
    assert!(world.run(one).stdout.contains("0 created, 2 unchanged"));
}

#[test]
fn a_move_by_another_machine_is_no_edit_of_the_persons() {
    let games = celtics_games(2);
    let world = imported(&games);
    let step = |hours| {
        world.serve_feed(text(&[later(&games[0], hours), games[1].clone()]));
    };
    step(500);
    // What another machine's import does to the task.
    let id = task(&world, &games[0]).id;
    person(&world).reschedule(&id, later(&games[0], 500).tipoff).unwrap();
    assert!(import(&world).exits_with(0).stdout.contains("0 created, 2 unchanged"));
    step(600);
    assert!(import(&world).exits_with(0).stdout.contains("1 updated"));
    assert_eq!(instant(&task(&world, &games[0])), Some(later(&games[0], 600).tipoff));
}

#[test]
fn a_postponed_game_says_so_loses_its_time_and_gets_it_back() {
    let games = celtics_games(3);
    let world = imported(&games);
    let mut postponed = games.clone();
    postponed[0].status_text = "PPD";
    world.serve_feed(text(&postponed));
    import(&world).exits_with(0);
    let now = task(&world, &games[0]);
    assert!(now.content.ends_with("(postponed)") && instant(&now).is_none(), "{now:?}");
    world.serve_feed(text(&[later(&games[0], 900), games[1].clone(), games[2].clone()]));
    import(&world).exits_with(0);
    let now = task(&world, &games[0]);
    assert!(!now.content.contains("postponed"), "{now:?}");
    assert_eq!(instant(&now), Some(later(&games[0], 900).tipoff));
}

#[test]
fn a_game_that_is_off_says_so_and_a_missing_one_is_left_alone() {
    let games = celtics_games(4);
    let world = imported(&games);
    person(&world).retitle(&task(&world, &games[1]).id, "With Dad!").unwrap();
    let mut off = games.clone();
    off[0].status_text = "Cancelled";
    off[1].status_text = "Cancelled";
    // The third is not even listed any more; a feed can be incomplete.
    off.remove(2);
    world.serve_feed(text(&off));
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("kept yours: title"), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 4);
    assert!(task(&world, &games[0]).content.ends_with("(cancelled)"));
    assert_eq!(task(&world, &games[1]).content, "With Dad!");
    assert!(instant(&task(&world, &games[2])).is_some());
}

#[test]
fn a_stale_full_sync_is_followed_by_a_fresh_one() {
    let games = celtics_games(3);
    let world = World::new();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    world.sandbox.inject(Fault::next("/api/v1/sync", nbatodo::sandbox::Effect::StaleFullSync));
    // Made elsewhere, after the copy was taken that Todoist is about to serve.
    let project = person(&world).add_project("Celtics schedule").unwrap();
    let link = format!("https://www.nba.com/game/{}", games[0].id);
    person(&world).add_task(&project, "Celtics at Hawks", &link).unwrap();
    // On big accounts the copy is minutes old; here it is the clock that has moved on.
    let Ok(mut command) = faketime(&world, "+1m") else { return };
    command.args(["import", "--team", "BOS"]);
    finish(command).exits_with(0);
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, 3));
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let games = celtics_games(3);
    let world = World::new();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    let ran = world.run(["import", "--team", "BOS", "--dry-run"]);
    ran.exits_with(0);
    assert_eq!(ran.stdout.lines().filter(|line| line.starts_with("+ ")).count(), 3, "{ran:?}");
    let detailed = ["import", "--team", "BOS", "--dry-run", "--detailed-exitcode"];
    world.run(detailed).exits_with(10);
    assert!(world.sandbox.executed(RED).is_empty());
    import(&world).exits_with(0);
    world.run(detailed).exits_with(0);
    world.serve_feed(text(&[later(&games[0], 500), games[1].clone(), games[2].clone()]));
    let moved = world.run(["import", "--team", "BOS", "--dry-run", "--format", "json"]);
    let change = &moved.json()["destinations"][0]["changes"][0];
    assert_eq!(change["what"], "update");
    assert_eq!(change["was_due"], games[0].tipoff.to_string());
    assert_eq!(instant(&task(&world, &games[0])), Some(games[0].tipoff));
}

#[test]
fn options_reach_the_tasks_and_a_later_change_reaches_those_left_alone() {
    let games = celtics_games(3);
    let world = imported(&games);
    person(&world).label(&task(&world, &games[0]).id, "mine").unwrap();
    let options = ["--title", "{home}: {opponent}", "--label", "nba", "--priority", "p1"];
    let arguments = [&["import", "--team", "BOS", "--duration", "2h30m"][..], &options].concat();
    world.run(&arguments).exits_with(0);
    let (mine, other) = (task(&world, &games[0]), task(&world, &games[1]));
    assert_eq!((mine.labels, mine.priority), (vec!["mine".to_owned()], 4));
    assert_eq!((other.labels, other.priority), (vec!["nba".to_owned()], 4));
    assert!(other.content.contains(": "), "{}", other.content);
    assert!(world.run(&arguments).stdout.contains("0 created, 3 unchanged"));
}

#[test]
fn filters_choose_and_a_narrower_one_removes_nothing_unasked() {
    let games = celtics_games(6);
    let world = World::new();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    let home = ["import", "--team", "BOS", "--home"];
    assert!(world.run(home).stdout.contains("3 created"));
    assert!(import(&world).stdout.contains("3 created, 3 unchanged"));
    assert!(world.run(home).stdout.contains("0 created, 3 unchanged"));
    assert_eq!(world.tasks(RED).len(), 6);
    assert!(world.run(["import", "--team", "BOS", "--next", "1"]).stdout.contains("unchanged"));
}

#[test]
fn several_teams_share_a_project_or_have_one_each() {
    let mut games = celtics_games(4);
    (games[0].home, games[0].away) = ("BOS", "NYK");
    (games[1].home, games[1].away) = ("LAL", "NYK");
    let world = World::new();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    let ran = world.run(["import", "--team", "BOS,NYK"]);
    assert_eq!(ran.exits_with(0).stdout.lines().count(), 2, "{ran:?}");
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (2, 5));
    let one = ["import", "--team", "BOS", "--team", "NYK", "--one-project", "Both"];
    assert!(world.run(one).exits_with(0).stdout.contains("Both: 4 created"));
    assert!(world.run(one).stdout.contains("0 created, 4 unchanged"));
    assert_eq!(world.projects(RED).len(), 3);
}

#[test]
fn an_older_schedule_takes_nothing_back() {
    let games = celtics_games(3);
    let world = imported(&games);
    world.serve_feed(text(&[later(&games[0], 500), games[1].clone()]));
    import(&world).exits_with(0);
    let before = world.tasks(RED).len();
    // The league cannot be reached: the bundled season is all there is.
    world.feed_at(nothing_listens());
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("older than the one imported"), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), before);
    assert_eq!(instant(&task(&world, &games[0])), Some(later(&games[0], 500).tipoff));
}

#[test]
fn what_was_deleted_before_a_lost_answer_was_made_up_for_stays_deleted() {
    let games = celtics_games(3);
    let world = World::new();
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    for _ in 0..5 {
        world.sandbox.inject(Fault::nth_write(1, nbatodo::sandbox::Effect::CloseAfter));
    }
    world.run(["import", "--team", "BOS", "--max-wait", "0"]).exits_with(3);
    person(&world).delete(&task(&world, &games[0]).id).unwrap();
    import(&world);
    let ran = import(&world);
    assert!(ran.exits_with(0).stdout.contains("1 left as you left them"), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 2);
}
