//! Every fault of the way to Todoist at every step of an import: afterwards there are exactly
//! the planned tasks.

use std::process::Stdio;

use nbatodo::sandbox::{Effect, Fault};
use serde_json::json;

use crate::exact::{moved, two_batches};
use crate::feed::{FeedGame, celtics_games, text};
use crate::world::{RED, World};

const SYNC: &str = "/api/v1/sync";

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Effect {
    Fault::answer(SYNC, status, headers, body).effect
}

/// What happens once and passes.
pub(crate) fn passing() -> Vec<(&'static str, Effect)> {
    let html = "<html><body><h1>Bad Gateway</h1></body></html>";
    let limited = json!({
        "error": "Too many requests", "error_code": 35, "error_tag": "LIMITS_REACHED_NO_RETRY",
        "error_extra": {"retry_after": 1}, "http_code": 429,
    });
    vec![
        ("429 with Retry-After", answer(429, &[("Retry-After", "1")], "{}")),
        ("429 with retry_after in the body", answer(429, &[], &limited.to_string())),
        ("500", answer(500, &[], "{}")),
        ("502 with HTML", answer(502, &[("Content-Type", "text/html")], html)),
        ("503 with Retry-After", answer(503, &[("Retry-After", "1")], "")),
        ("503 without", answer(503, &[], "")),
        ("closed before", Effect::CloseBefore),
        ("closed after", Effect::CloseAfter),
        ("cut answer", Effect::CutAnswer),
        ("garbage", Effect::Garbage),
        ("JSON of somebody else", answer(200, &[], r#"{"status":"ok"}"#)),
    ]
}

/// Runs an import into each fault that passes, once with patience and once without, after
/// `prepare` and with the faults aimed by `aim`.
fn every_fault(
    step: &str,
    prepare: impl Fn(&World, Vec<FeedGame>) -> Vec<FeedGame>,
    aim: impl Fn(Effect) -> Fault,
) {
    for (name, effect) in passing() {
        let case = format!("{name}, {step}, with patience");
        let games = two_batches();
        let world = World::with_games(&games);
        let games = prepare(&world, games);
        world.sandbox.inject(aim(effect.clone()));
        let ran = world.import();
        assert_eq!(ran.code, Some(0), "{case}: {ran:?}");
        assert_eq!(world.sandbox.faults_left(), 0, "{case}: it did not happen");
        world.is_exact(&games, &case);

        let case = format!("{name}, {step}, without patience");
        let games = two_batches();
        let world = World::with_games(&games);
        let games = prepare(&world, games);
        world.sandbox.inject(aim(effect));
        let ran = world.import_without_patience();
        assert_eq!(ran.code, Some(3), "{case}: {ran:?}");
        let ran = world.import();
        assert_eq!(ran.code, Some(0), "{case}, again: {ran:?}");
        world.is_exact(&games, &case);
    }
}

fn nothing_yet(_: &World, games: Vec<FeedGame>) -> Vec<FeedGame> {
    games
}

fn imported_and_moved(world: &World, games: Vec<FeedGame>) -> Vec<FeedGame> {
    world.import().exits_with(0);
    let games = moved(&games);
    world.serve_feed(text(&games));
    games
}

#[test]
fn faults_in_the_first_read() {
    every_fault("the first read", nothing_yet, |effect| Fault::nth_read(1, effect));
}

#[test]
fn faults_in_the_first_batch() {
    every_fault("the first batch", nothing_yet, |effect| Fault::nth_write(1, effect));
}

#[test]
fn faults_in_the_second_batch() {
    every_fault("the second batch", nothing_yet, |effect| Fault::nth_write(2, effect));
}

#[test]
fn faults_in_the_read_of_a_later_run() {
    every_fault("a later read", imported_and_moved, |effect| Fault::nth_read(1, effect));
}

#[test]
fn faults_in_the_first_batch_of_an_update() {
    every_fault("an update", imported_and_moved, |effect| Fault::nth_write(1, effect));
}

#[test]
fn faults_in_the_second_batch_of_an_update() {
    every_fault("an update's end", imported_and_moved, |effect| Fault::nth_write(2, effect));
}

#[test]
fn a_todoist_that_is_gone_loses_nothing() {
    let games = two_batches();
    let mut world = World::with_games(&games);
    world.import().exits_with(0);
    let record = std::fs::read(world.record_file()).unwrap();
    world.stop_sandbox();
    world.import_without_patience().exits_with(3).complains_of(&["Todoist"]);
    assert_eq!(std::fs::read(world.record_file()).unwrap(), record);
    assert!(!world.journal_file().exists());
}

#[test]
fn patience_with_a_fault_that_never_ends_ends() {
    for (name, effect) in passing() {
        let world = World::with_games(&two_batches());
        for _ in 0..8 {
            world.sandbox.inject(Fault::nth_write(1, effect.clone()));
        }
        let ran = world.run(["import", "--team", "BOS", "--max-wait", "2"]);
        assert_eq!(ran.code, Some(3), "{name}: {ran:?}");
        assert!(world.journal_file().exists(), "{name}");
        let left = world.sandbox.faults_left();
        assert!((3..8).contains(&left), "{name}: {left} faults are left");
    }
}

#[test]
fn a_pause_of_no_time_is_one_all_the_same() {
    for status in [429, 503] {
        let world = World::with_games(&celtics_games(3));
        for _ in 0..50 {
            world.sandbox.inject(Fault::nth_read(1, answer(status, &[("Retry-After", "0")], "")));
        }
        let ran = world.run(["import", "--team", "BOS", "--max-wait", "2"]);
        assert_eq!(ran.code, Some(3), "{status}: {ran:?}");
        assert!(world.sandbox.faults_left() > 40, "{status}: it was asked without a pause");
    }
}

#[test]
fn without_patience_a_429_ends_the_import_at_once() {
    for retry_after in ["1", "3600", "18446744073709551615", "soon"] {
        let world = World::with_games(&celtics_games(3));
        let limited = answer(429, &[("Retry-After", retry_after)], "");
        world.sandbox.inject(Fault::nth_read(1, limited));
        world.import_without_patience().exits_with(3);
        assert_eq!(world.syncs().len(), 1, "{retry_after}");
        assert!(world.tasks(RED).is_empty());
    }
}

#[test]
fn a_sign_in_that_ends_between_two_batches_is_taken_up_after_the_next() {
    let games = two_batches();
    let world = World::with_games(&games);
    let unauthorized = answer(401, &[], r#"{"error":"Unauthorized","http_code":401}"#);
    world.sandbox.inject(Fault::nth_write(2, unauthorized));
    let ran = world.import();
    ran.exits_with(4);
    assert!(world.journal_file().exists(), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 99);
    world.run(["logout"]);
    world.sign_in("default", RED);
    world.import().exits_with(0);
    world.is_exact(&games, "401 between two batches");
}

#[test]
fn one_refused_command_is_the_only_one_missing() {
    let games = two_batches();
    for (batch, index, game) in [(1, 7, 6), (2, 3, 102)] {
        let case = format!("command {index} of batch {batch}");
        let world = World::with_games(&games);
        let error = json!({"error": "Not today", "error_code": 15, "http_code": 400});
        world.sandbox.inject(Fault::nth_write(batch, Effect::RefuseCommand { index, error }));
        let ran = world.import();
        assert_eq!(ran.code, Some(6), "{case}: {ran:?}");
        assert!(format!("{ran:?}").contains("Not today"), "{case}: {ran:?}");
        let mut others = games.clone();
        others.remove(game);
        world.holds_exactly(&others, &case);
        world.import().exits_with(0);
        world.is_exact(&games, &case);
    }
}

#[test]
fn a_refused_project_takes_its_games_with_it_and_the_next_run_makes_all() {
    let games = two_batches();
    let world = World::with_games(&games);
    let error = json!({"error": "No projects today", "error_code": 15, "http_code": 400});
    world.sandbox.inject(Fault::refuse_command(0, error));
    world.import().exits_with(6);
    assert!(world.tasks(RED).is_empty() && world.projects(RED).is_empty());
    world.import().exits_with(0);
    world.is_exact(&games, "a refused project");
}

#[test]
fn a_status_that_nobody_knows_is_a_failure() {
    for status in [json!("queued"), json!(true), json!(null), json!({"odd": 1}), json!([])] {
        let games = celtics_games(5);
        let world = World::with_games(&games);
        let odd = Effect::RefuseCommand { index: 2, error: status.clone() };
        world.sandbox.inject(Fault::nth_write(1, odd));
        let ran = world.import();
        assert_eq!(ran.code, Some(6), "{status}: {ran:?}");
        assert!(ran.stdout.contains("4 created, 0 unchanged, 1 failed"), "{status}: {ran:?}");
        world.import().exits_with(0);
        world.is_exact(&games, &status.to_string());
    }
}

#[test]
fn two_imports_at_once_double_nothing_while_todoist_stumbles() {
    let games = two_batches();
    for effect in [Effect::CloseAfter, Effect::CutAnswer, answer(503, &[], "")] {
        let case = format!("{effect:?}");
        let world = World::with_games(&games);
        world.sandbox.inject(Fault::nth_write(1, effect));
        let children: Vec<_> = (0..2)
            .map(|_| {
                let mut command = world.command(["import", "--team", "BOS"]);
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        for mut child in children {
            assert_eq!(child.wait().unwrap().code(), Some(0), "{case}");
        }
        world.is_exact(&games, &case);
    }
}
