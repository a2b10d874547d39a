//! Dates and times in the person's style.

use nbatodo::sandbox::Times;

use super::Scene;
use crate::world::{PAT, RED};

const AMERICAN: Times = Times { time_format: 1, date_format: 1, start_day: 7 };
const GERMAN: Times = Times { time_format: 0, date_format: 0, start_day: 1 };
const SCHEDULE: [&str; 6] =
    ["schedule", "--offline", "--team", "BOS", "--timezone", "America/New_York"];

/// The days of the week in the order of the calendar.
fn week(scene: &Scene) -> String {
    let month = scene.printed(80, &[&SCHEDULE[..], &["--month"]].concat());
    month.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_todoist_knows_holds_everywhere() {
    let Some(scene) = Scene::signed_out() else { return };
    scene.0.sandbox.person(RED).reads_times_as(AMERICAN).unwrap();
    let login = scene.command(80, &["login", "--no-browser", "--allow-delete"]);
    let ran = scene.0.sign_in_by(login, RED);
    assert!(ran.stdout.contains("until 6:00 PM"), "{ran:?}");
    assert!(scene.printed(80, &["status"]).contains("(until 6:00 PM)"));
    let table = scene.printed(80, &SCHEDULE);
    assert!(table.contains("» Tue Nov 24   8:00 PM  at Wizards"), "{table}");
    assert_eq!(week(&scene), "Sun Mon Tue Wed Thu Fri Sat");
    let month = scene.printed(60, &[&SCHEDULE[..], &["--month"]].concat());
    assert!(month.contains("10:00pm") && month.lines().all(|line| line.len() < 64), "{month}");
    let import = ["import", "--team", "BOS", "--offline", "--next", "2"];
    let planned = scene.printed(80, &[&import[..], &["--dry-run"]].concat());
    assert!(planned.contains("+ Tue Nov 24 8:00 PM · Celtics at Wizards"), "{planned}");
    scene.printed(80, &import);
    let removed = ["remove", "--team", "BOS", "--offline", "--dry-run"];
    let removed = scene.printed(80, &removed);
    assert!(removed.contains("- Tue Nov 24 8:00 PM · Celtics at Wizards"), "{removed}");
    // What programs read does not change.
    let json = scene.run(80, &[&SCHEDULE[..], &["--format", "json"]].concat()).json();
    assert_eq!(json["teams"][0]["games"][0]["time"], "20:00");

    // An import reads the person anyway, and so learns of a change.
    scene.0.sandbox.person(RED).reads_times_as(GERMAN).unwrap();
    scene.printed(80, &[&import[..], &["--dry-run"]].concat());
    assert!(scene.printed(80, &["status"]).contains("(until 18:00)"));
    assert_eq!(week(&scene), "Mon Tue Wed Thu Fri Sat Sun");

    // Nobody signed in is nobody's style.
    scene.printed(80, &["logout"]);
    assert_eq!(week(&scene), "Sun Mon Tue Wed Thu Fri Sat");
}

/// A month that begins on a Sunday and has thirty days has five rows from one start of the week,
/// and six from the other.
#[test]
fn a_month_from_both_starts_of_the_week() {
    let Some(scene) = Scene::signed_out() else { return };
    for (start, times) in [("sunday", AMERICAN), ("monday", GERMAN)] {
        scene.0.sandbox.person(RED).reads_times_as(times).unwrap();
        let login = scene.command(80, &["login", "--no-browser"]);
        scene.0.sign_in_by(login, RED);
        let mut all = String::new();
        for width in [60, 80] {
            let month = [&SCHEDULE[..], &["--month"]].concat();
            let (code, drawn) = scene.drawn(width, &month);
            assert_eq!(code, Some(0), "{drawn}");
            assert!(drawn.lines().all(|line| line.chars().count() <= width.into()), "{drawn}");
            all.push_str(&drawn);
        }
        insta::assert_snapshot!(format!("month_from_{start}"), all);
    }
}

#[test]
fn without_a_sign_in_the_language_decides() {
    let Some(scene) = Scene::signed_out() else { return };
    for (name, locale, day, week) in [
        ("LANG", "en_US.UTF-8", "Tue Nov 24   8:00 PM", "Sun Mon"),
        ("LC_TIME", "de_DE.UTF-8", "Tue 24 Nov  20:00", "Mon Tue"),
        ("LC_ALL", "en_AU.UTF-8", "Tue 24 Nov   8:00 PM", "Mon Tue"),
        ("LC_ALL", "C.UTF-8", "Tue 24 Nov  20:00", "Sun Mon"),
    ] {
        let shown = |more: &[&str]| {
            let mut command = scene.command(80, &[&SCHEDULE[..], more].concat());
            command.env("LANG", "fr_FR.UTF-8").env(name, locale);
            crate::world::finish(command).exits_with(0).stdout.clone()
        };
        let table = shown(&[]);
        assert!(table.contains(day), "{locale}: {table}");
        let month = shown(&["--month"]);
        let first = month.lines().nth(1).unwrap().split_whitespace().take(2).collect::<Vec<_>>();
        assert_eq!(first.join(" "), week, "{locale}");
    }
}

#[test]
fn each_profile_has_its_own_style() {
    let Some(scene) = Scene::signed_out() else { return };
    scene.0.sandbox.person(PAT).reads_times_as(AMERICAN).unwrap();
    for (profile, email) in [("red", RED), ("pat", PAT)] {
        let login = scene.command(80, &["login", "--no-browser", "--profile", profile]);
        scene.0.sign_in_by(login, email);
    }
    let until = |profile: &str| scene.printed(80, &["status", "--profile", profile]);
    assert!(until("red").contains("(until 18:00)"), "{}", until("red"));
    assert!(until("pat").contains("(until 6:00 PM)"), "{}", until("pat"));
}
