//! Which schedule a run goes by, when the feed can and when it cannot be had.

use crate::feed::{ServedFeed, celtics_games, text};
use crate::world::{RED, World, nothing_listens};

/// Signed in, with a feed of three games that was asked a moment ago.
fn world() -> (World, ServedFeed) {
    let world = World::new();
    let feed = world.serve_feed(text(&celtics_games(3)));
    world.sign_in("default", RED);
    world.run(["import", "--team", "BOS"]).exits_with(0);
    (world, feed)
}

#[test]
fn a_copy_stands_in_for_a_feed_that_is_gone_and_says_so() {
    let (world, feed) = world();
    feed.is_gone();
    let quiet = world.run(["import", "--team", "BOS"]);
    assert_eq!(quiet.exits_with(0).stderr, "", "asked a moment ago");
    let ran = world.run(["import", "--team", "BOS", "--refresh", "--format", "json"]);
    ran.exits_with(0).complains_of(&["last copy", "0 minutes old", "cannot be reached"]);
    assert_eq!(ran.json()["schedule"]["source"], "copy");
    assert_eq!(ran.json()["destinations"][0]["unchanged"], 3);
    let ran = world.run(["import", "--team", "BOS", "--refresh", "--quiet"]);
    assert_eq!(ran.exits_with(0).stderr, "");
}

#[test]
fn offline_takes_what_is_there() {
    let (world, _) = world();
    let ran = world.run(["import", "--team", "BOS", "--offline"]);
    ran.exits_with(0).complains_of(&["last copy", "0 minutes old", "--offline"]);
    assert!(ran.stdout.contains("3 unchanged"), "{ran:?}");
    let fresh = World::new();
    fresh.serve_feed(text(&celtics_games(3)));
    fresh.sign_in("default", RED);
    let ran = fresh.run(["import", "--team", "BOS", "--offline", "--dry-run"]);
    ran.exits_with(0).complains_of(&["bundled schedule", "--offline"]);
}

#[test]
fn a_strict_run_fails_where_a_copy_would_stand_in() {
    let (world, _) = world();
    world.feed_at(nothing_listens());
    let ran = world.run(["import", "--team", "BOS", "--strict-feed"]);
    ran.exits_with(3).complains_of(&["feed cannot be used", "cannot be reached", "Try again"]);
    world.run(["import", "--team", "BOS", "--strict-feed", "--offline"]).exits_with(2);
    world.run(["import", "--team", "BOS", "--refresh", "--offline"]).exits_with(2);
}

#[test]
fn the_bundled_schedules_date_is_told() {
    let world = World::new();
    for arguments in [["--version", "--verbose"], ["-v", "-V"]] {
        let ran = world.run(arguments);
        let said = "\nbundled schedule: 2026-27, published 2026-08-16\n";
        assert!(ran.exits_with(0).stdout.ends_with(said), "{ran:?}");
    }
    assert_eq!(world.run(["--version"]).stdout.lines().count(), 1);
}

#[test]
fn a_feed_that_lost_games_takes_no_task_away() {
    let (world, feed) = world();
    feed.becomes(text(&celtics_games(2)));
    let ran = world.run(["import", "--team", "BOS", "--refresh"]);
    ran.exits_with(0).complains_of(&["sent 2 games where it had 3", "last copy"]);
    assert!(ran.stdout.contains("3 unchanged"), "{ran:?}");
    feed.becomes(text(&celtics_games(4)));
    let ran = world.run(["import", "--team", "BOS", "--refresh"]);
    assert!(ran.exits_with(0).stdout.contains("1 created, 3 unchanged"), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 4);
}
