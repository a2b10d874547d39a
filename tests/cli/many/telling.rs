//! `--format jsonl` for all profiles: whose line it is, how each ends, and how the whole run does.

use jiff::SignedDuration;
use nbatodo::sandbox::{Effect, Fault};
use serde_json::Value;

use super::breaking_off::interrupt;
use super::{GAMES, Household};
use crate::schemas;
use crate::world::World;

const EVENTS: [&str; 2] = ["--format", "jsonl"];

fn lines(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The names of the events of `profile`, in their order.
fn events_of<'a>(lines: &'a [Value], profile: &str) -> Vec<&'a str> {
    let of_it = lines.iter().filter(|line| line["profile"] == profile);
    of_it.map(|line| line["event"].as_str().unwrap()).collect()
}

#[test]
fn each_line_names_its_profile_and_the_last_one_is_about_all() {
    let household = Household::of(3);
    household.sign_in(2, SignedDuration::from_hours(2));
    let ran = household.import(&EVENTS);
    let told = lines(&ran.exits_with(4).stdout);
    for profile in ["p1", "p3"] {
        let events = events_of(&told, profile);
        assert_eq!(events[..3], ["started", "reading", "planned"], "{profile}");
        assert_eq!(events.iter().filter(|it| **it == "game").count(), GAMES, "{profile}");
        assert_eq!(events.last(), Some(&"profile_finished"), "{profile}");
    }
    let events = events_of(&told, "p2");
    assert_eq!(events.last(), Some(&"profile_failed"), "{events:?}");
    let ends = told.iter().filter(|it| it["event"].as_str().unwrap().starts_with("profile_"));
    assert_eq!(ends.count(), 3);

    let (last, before) = told.split_last().unwrap();
    assert!(
        before
            .iter()
            .all(|line| !["finished", "failed"].contains(&line["event"].as_str().unwrap()))
    );
    assert_eq!((&last["event"], &last["profile"]), (&"finished".into(), &Value::Null));
    assert_eq!(last["document"]["counts"]["done"], 2);
    // The document says of each what its own line said.
    for outcome in last["document"]["profiles"].as_array().unwrap() {
        let end = before.iter().find(|line| {
            line["profile"] == outcome["profile"]
                && line["event"].as_str().unwrap().starts_with("profile_")
        });
        let end = end.unwrap_or_else(|| panic!("no end of {outcome}"));
        match end["event"] == "profile_failed" {
            true => {
                assert_eq!((&outcome["error"], &outcome["result"]), (&end["error"], &Value::Null));
                assert_eq!(end["error"]["exit_code"], 4, "{end}");
                assert!(end["error"]["advice"].as_str().unwrap().contains("login --profile p2"));
            }
            false => {
                assert_eq!((&outcome["result"], &outcome["error"]), (&end["result"], &Value::Null));
                assert_eq!(end["result"]["destinations"][0]["created"], GAMES, "{end}");
            }
        }
        assert!(outcome["exit_code"].is_number(), "{outcome}");
    }
    household.holds_once([1, 3]);
}

#[test]
fn a_run_that_is_interrupted_ends_with_one_line_and_tells_who_had_not_begun() {
    let household = Household::of(3);
    household.world.sandbox.inject(Fault::nth_write(2, Effect::Hang));
    let child = household
        .world
        .spawn(household.command(&[&["--team", "BOS", "--jobs", "1"], &EVENTS[..]].concat()));
    household.world.runtime.block_on(household.world.sandbox.until_faults_happened());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    schemas::check(&stdout, output.status.code());
    assert_eq!(output.status.code(), Some(130));
    let told = lines(&stdout);
    assert_eq!(events_of(&told, "p1").last(), Some(&"profile_finished"));
    assert_eq!(events_of(&told, "p2").last(), Some(&"profile_failed"));
    assert!(events_of(&told, "p3").is_empty());
    let last = told.last().unwrap();
    assert_eq!(last["document"]["not_begun"], serde_json::json!(["p3"]));
}

#[test]
fn where_nobody_is_signed_in_the_one_line_is_about_no_profile() {
    let world = World::new();
    let ran = world.run([&["import", "--all-profiles", "--team", "BOS"], &EVENTS[..]].concat());
    let told = lines(&ran.exits_with(4).stdout);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["event"], &told[0]["profile"]), (&"failed".into(), &Value::Null));
}
