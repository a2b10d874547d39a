//! `--deadline`: a run whose time is over ends in good order, and the next one goes on.

use std::process::Stdio;

use nbatodo::sandbox::visitor::{self, Decision};
use nbatodo::sandbox::{Effect, Fault};

use crate::feed::{FeedGame, celtics_games, text};
use crate::standing::TOKEN;
use crate::world::{RED, World, finish};

const SYNC: &str = "/api/v1/sync";
const LATE: [&str; 5] = ["import", "--team", "BOS", "--deadline", "1s"];

fn signed_in() -> (World, Vec<FeedGame>) {
    let (world, games) = (World::new(), celtics_games(3));
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    (world, games)
}

#[test]
fn a_run_that_gets_no_answer_ends_with_3_and_the_next_completes_without_doubling() {
    for effect in [Effect::Hang, Effect::HangAfter] {
        let (world, games) = signed_in();
        world.sandbox.inject(Fault::nth_write(1, effect));
        let ran = world.run(LATE);
        ran.exits_with(3).complains_of(&["not finished within 1 second", "The next run goes on"]);
        assert_eq!(ran.stdout, "");
        world.import().exits_with(0);
        world.holds_exactly(&games, "after the deadline");
    }
}

#[test]
fn a_pause_that_todoist_asks_for_ends_with_the_deadline() {
    let (world, games) = signed_in();
    world.sandbox.inject(Fault::answer(SYNC, 429, &[("Retry-After", "60")], "{}"));
    let ran = world.run(LATE);
    assert!(ran.exits_with(3).stderr.contains("not finished within 1 second"), "{ran:?}");
    world.import().exits_with(0);
    world.holds_exactly(&games, "after the pause");
}

#[test]
fn runs_behind_one_that_hangs_do_not_pile_up() {
    let (world, games) = signed_in();
    world.sandbox.inject(Fault::next(SYNC, Effect::Hang));
    let mut hanging = world.spawn(world.command(["import", "--team", "BOS", "--deadline", "none"]));
    world.runtime.block_on(world.sandbox.until_asked(SYNC, 1));
    let ran = world.run(LATE);
    assert!(ran.exits_with(3).stderr.contains("not finished within 1 second"), "{ran:?}");
    hanging.kill().unwrap();
    hanging.wait().unwrap();
    world.import().exits_with(0);
    world.holds_exactly(&games, "behind the one that hung");
}

#[test]
fn a_standard_input_that_never_ends_is_not_read_for_ever() {
    let (world, _) = signed_in();
    let mut command = world.command([&LATE[..], &["--schedule", "-"]].concat());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    drop(input);
}

#[test]
fn the_time_that_a_person_takes_to_consent_does_not_count() {
    let world = World::new();
    let login = ["login", "--no-browser", "--deadline", "1s", "--timeout", "2"];
    let ran = world.start_login(world.command(login)).finish();
    assert!(ran.exits_with(4).stderr.contains("nobody came back"), "{ran:?}");
}

/// Consents, and the browser's own request may break off with the listener.
fn login_late(world: &World, path: &str) -> crate::world::Ran {
    world.sandbox.inject(Fault::next(path, Effect::Hang));
    let login = world.start_login(world.command(["login", "--no-browser", "--deadline", "1s"]));
    let (http, url) = (nbatodo::http::Http::new().unwrap(), login.url.clone());
    std::thread::scope(|scope| {
        let visit = visitor::visit(&http, &url, Some(RED), Decision::Allow);
        scope.spawn(|| drop(world.runtime.block_on(visit)));
        login.finish()
    })
}

#[test]
fn a_sign_in_that_is_not_finished_leaves_no_token() {
    let world = World::new();
    let ran = login_late(&world, "/api/v1/user");
    assert!(ran.exits_with(3).stderr.contains("not finished within 1 second"), "{ran:?}");
    assert_eq!(world.sandbox.live_tokens(), 0);
}

#[test]
fn what_may_not_be_broken_off_is_given_seconds_and_no_more() {
    let world = World::new();
    let ran = login_late(&world, TOKEN);
    assert!(ran.exits_with(3).stderr.contains("not finished within 1 second"), "{ran:?}");
}

#[test]
fn it_is_a_time_of_at_most_a_day_or_none() {
    let world = World::new();
    for time in ["10", "90s", "15m", "15min", "1h", "1h30m", "1.5h", "10 m", "24h", "none"] {
        world.run(["logout", "--deadline", time]).exits_with(0);
    }
    for time in ["", "s", "-1", "1.5", "25h", "0", "0s", "3d", "99999999999999999999"] {
        let ran = world.run([String::from("logout"), format!("--deadline={time}")]);
        assert!(ran.exits_with(2).stderr.contains("24h"), "{time}: {ran:?}");
    }
    let usual = finish(world.command(["--help"]));
    assert!(usual.stdout.contains("[default: 10m]"), "{usual:?}");
}
