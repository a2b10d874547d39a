//! Several people on one machine.

use std::process::Stdio;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::crowd::fan;
use super::{GAMES, Household};
use crate::feed::{celtics_games, text};
use crate::world::{PAT, RED, World, finish};

const HOURS: SignedDuration = SignedDuration::from_hours(2);

fn codes(document: &Value) -> Vec<(String, u64)> {
    let all = document["profiles"].as_array().unwrap().iter();
    let mut codes: Vec<(String, u64)> = all
        .map(|it| (it["profile"].as_str().unwrap().into(), it["exit_code"].as_u64().unwrap()))
        .collect();
    codes.sort();
    codes
}

/// Five people: the second has an expired session, the third has removed the app at Todoist, the
/// fourth has asked too often.
fn five() -> Household {
    let household = Household::of(5);
    household.sign_in(2, HOURS);
    household.world.sandbox.remove_apps(&fan(3));
    household.world.sandbox.use_up_syncs(&fan(4), 600);
    household
}

#[test]
fn each_has_its_import_whatever_becomes_of_the_others() {
    let household = five();
    let ran = household.import(&["--max-wait", "0"]);
    ran.exits_with(4);
    household.holds_once([1, 5]);
    assert_eq!(ran.stdout.lines().count(), 1, "{ran:?}");
    assert!(ran.stdout.starts_with("5 profiles: 2 done, 3 failed ("), "{ran:?}");
    let (mut lines, done): (Vec<&str>, Vec<&str>) =
        ran.stderr.lines().partition(|line| line.starts_with("nbatodo: "));
    lines.sort_unstable();
    for (line, parts) in lines.iter().zip([
        ["nbatodo: p2: ", "has expired", "nbatodo login --profile p2"],
        ["nbatodo: p3: ", "Todoist", "nbatodo login --profile p3"],
        ["nbatodo: p4: ", "Todoist", "Try again later."],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    assert_eq!((lines.len(), done.len()), (3, 2), "{ran:?}");
    let secrets = household.world.sandbox.issued_secrets();
    for said in [&ran.stdout, &ran.stderr] {
        assert!(!said.contains("@example.com"), "{said}");
        assert!(!secrets.iter().any(|secret| said.contains(secret)));
    }

    // Whoever has expired is still missed the next time, and the others have nothing to do.
    let ran = household.import(&["--max-wait", "0", "--format", "json"]);
    let document = ran.exits_with(4).json();
    let expected = [("p1", 0), ("p2", 4), ("p3", 4), ("p4", 3), ("p5", 0)];
    assert_eq!(codes(&document), expected.map(|(name, code)| (name.to_owned(), code)));
    let counts = &document["counts"];
    assert_eq!((counts["done"].as_u64(), counts["failed"].as_u64()), (Some(2), Some(3)));
    for profile in document["profiles"].as_array().unwrap() {
        let fine = profile["exit_code"] == 0;
        assert_eq!(fine, profile["result"]["destinations"][0]["unchanged"] == GAMES, "{profile}");
        assert_eq!(!fine, profile["error"]["message"].is_string(), "{profile}");
    }
    household.holds_once([1, 5]);
}

#[test]
fn whoever_signed_in_counts_even_if_their_session_has_gone_before_the_first_run() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(GAMES)));
    for (profile, email) in [("ann", RED), ("ben", PAT)] {
        world.sign_in(profile, email);
    }
    // As an expired one goes at whatever command comes first.
    std::fs::remove_file(world.session_file("ben")).unwrap();
    let all = ["import", "--all-profiles", "--team", "BOS"];
    let ran = world.run(all);
    ran.exits_with(4);
    assert!(ran.stdout.starts_with("2 profiles: 1 done, 1 failed (ben)"), "{ran:?}");
    // Signed out, they are nobody's business any more.
    world.run(["logout", "--profile", "ben"]);
    assert!(world.run(all).exits_with(0).stdout.starts_with("1 profile: 1 done"));
}

#[test]
fn each_task_has_a_line_under_its_profile_where_more_is_asked_for() {
    let household = Household::of(2);
    let ran = household.import(&["-v"]);
    let new = |profile: &str| {
        let start = format!("{profile}: + ");
        ran.stderr.lines().filter(|line| line.starts_with(&start)).count()
    };
    assert_eq!((new("p1"), new("p2")), (GAMES, GAMES), "{ran:?}");
    assert_eq!(ran.exits_with(0).stdout.lines().count(), 1, "{ran:?}");
}

#[test]
fn what_is_no_ones_fault_is_worth_less_than_a_missing_sign_in() {
    let household = Household::of(2);
    household.world.sandbox.use_up_syncs(&fan(1), 600);
    household.import(&["--max-wait", "0"]).exits_with(3);
    household.sign_in(2, HOURS);
    household.import(&["--max-wait", "0"]).exits_with(4);
}

#[test]
fn a_quiet_run_speaks_only_of_failures() {
    let household = Household::of(2);
    let ran = household.import(&["--quiet"]);
    assert_eq!((ran.exits_with(0).stdout.as_str(), ran.stderr.as_str()), ("", ""));
    household.sign_in(2, HOURS);
    let ran = household.import(&["--quiet"]);
    ran.exits_with(4).complains_of(&["nbatodo: p2: ", "has expired"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_log_has_a_line_for_each_and_the_summary_last() {
    let household = Household::of(2);
    let done = |ran: &crate::world::Ran| {
        let mut lines: Vec<String> = ran.stderr.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    let ran = household.import(&["--reminder", "60m"]);
    let lines = done(&ran);
    assert_eq!(lines.len(), 3, "{ran:?}");
    // What both plans lack is said once, and of nobody.
    assert_eq!(lines[0], "Where a Todoist plan has no reminders, none are set.");
    for (line, profile) in lines[1..].iter().zip(["p1", "p2"]) {
        let said = format!("{profile}: Celtics: {GAMES} created, 0 unchanged, 0 failed (");
        assert!(line.starts_with(&said), "{line}");
    }
    assert_eq!(ran.exits_with(0).stdout, "2 profiles: 2 done.\n");
    let ran = household.import(&["--dry-run"]);
    let said = format!("p2: Celtics: nothing would change, {GAMES} unchanged (");
    assert!(done(&ran)[1].starts_with(&said), "{ran:?}");
    // Who reads the document has it all there.
    let ran = household.import(&["--format", "json"]);
    assert_eq!(ran.exits_with(0).stderr, "");
}

#[test]
fn whoever_signs_out_is_not_missed() {
    let household = Household::of(2);
    household.import(&[]).exits_with(0);
    household.log_out("p1");
    assert_eq!(household.import(&[]).exits_with(0).stdout, "1 profile: 1 done.\n");
    household.log_out("p2");
    household.import(&[]).exits_with(4).complains_of(&["nobody has signed in here"]);
}

#[test]
fn no_more_are_under_way_at_once_than_jobs_say_and_the_games_are_fetched_once() {
    let pause = Duration::from_millis(100);
    let household = Household::with(12, |options| options.delay = pause);
    household.import(&["--jobs", "3"]).exits_with(0);
    household.holds_once(1..=12);
    let most = household.world.sandbox.most_syncs_at_once();
    assert!((2..=3).contains(&most), "{most}");
    // One connection each for as many as there are at once, and not for every profile.
    let connections: std::collections::BTreeSet<usize> =
        household.world.syncs().into_iter().collect();
    assert!(connections.len() <= 3, "{connections:?}");
    for number in 1..=12 {
        let syncs = household.world.sandbox.syncs_of(&fan(number)).unwrap();
        assert_eq!((syncs.full, syncs.partial, syncs.refused), (1, 1, 0), "{number}");
    }
}

#[test]
fn whoever_has_to_wait_holds_up_nobody() {
    let household = Household::of(6);
    household.world.sandbox.use_up_syncs(&fan(1), 800);
    let more = ["--team", "BOS", "--jobs", "1", "--max-wait", "900", "--format", "json"];
    let mut child = household.command(&more);
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The first asks once and waits; each of the others reads and writes.
    household.world.runtime.block_on(household.world.sandbox.until_asked(super::SYNC, 11));
    super::breaking_off::interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    // The last write may have been broken off before its answer was noted.
    assert!(document["counts"]["done"].as_u64().unwrap() >= 4, "{document}");
    household.holds_once(2..=6);
    assert!(household.world.tasks(&fan(1)).is_empty());
}

#[test]
fn two_cron_lines_in_the_same_minute_double_nothing() {
    let household = Household::of(5);
    let runs = [0, 1].map(|_| household.world.spawn(household.command(&["--team", "BOS"])));
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    household.holds_once(1..=5);
}

/// The first imports of two profiles of one account, each of which reads before it writes.
#[test]
fn two_profiles_of_one_account_double_nothing() {
    let household = Household::with(1, |options| options.delay = Duration::from_millis(100));
    household.world.sign_in("twin", &fan(1));
    let runs = ["p1", "twin"].map(|profile| {
        let import = ["import", "--team", "BOS", "--profile", profile];
        household.world.spawn(household.world.command(import))
    });
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    household.holds_once(1..=1);
}

#[test]
fn each_has_its_own_settings_and_what_is_typed_holds_for_all() {
    let household = Household::of(3);
    let folder = household.world.home().join(".config/nbatodo");
    std::fs::create_dir_all(&folder).unwrap();
    let other = celtics_games(GAMES)[1].away;
    let settings = "team = \"BOS\"\n\
        [profile.p1]\ntitle = \"Mine: {opponent_code}\"\nlabel = [\"sport\"]\n\
        [profile.p2]\nteam = \"none of them\"\n\
        [profile.p3]\nteam = \"OTHER\"\ndestination = \"inbox\"\n\
        [profile.ghost]\nteam = \"BOS\"\n";
    std::fs::write(folder.join("config.toml"), settings.replace("OTHER", other)).unwrap();
    let ran = finish(household.command(&["--priority", "p1"]));
    ran.exits_with(2);
    let (mut lines, done): (Vec<&str>, Vec<&str>) =
        ran.stderr.lines().partition(|line| line.starts_with("nbatodo: "));
    lines.sort_unstable();
    assert_eq!((lines.len(), done.len()), (2, 2), "{ran:?}");
    assert!(lines[0].contains("ghost: nobody is signed in as \"ghost\""), "{ran:?}");
    assert!(lines[0].contains("nbatodo login --profile ghost"), "{ran:?}");
    assert!(lines[0].contains("nbatodo config unset team --profile ghost"), "{ran:?}");
    assert!(lines[1].contains("p2: ") && lines[1].contains("none of them"), "{ran:?}");

    let first = household.world.tasks(&fan(1));
    assert_eq!(first.len(), GAMES);
    assert!(first.iter().all(|task| task.content.starts_with("Mine: ")), "{first:?}");
    assert!(first.iter().all(|task| task.labels == ["sport"] && task.priority == 4), "{first:?}");
    assert!(household.world.tasks(&fan(2)).is_empty());
    let third = household.world.tasks(&fan(3));
    assert_eq!(third.len(), 1, "{third:?}");
    assert!(third[0].content.ends_with(" at Celtics") && third[0].priority == 4, "{third:?}");
    assert!(household.world.projects(&fan(3)).is_empty());
}
