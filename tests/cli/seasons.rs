//! Season after season: which one is imported, where it goes, and what is said of one that is
//! over or not out.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::Person;

use crate::feed::{FeedGame, celtics_games, season_start, season_text, text};
use crate::sessions::faketime;
use crate::world::{RED, World, finish};

/// Signed in, with this season imported.
fn world() -> World {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    world.sign_in("default", RED);
    world.run(["import", "--team", "BOS"]).exits_with(0);
    world
}

/// The games of a season so many years later.
fn games_after(years: i16, count: usize) -> Vec<FeedGame> {
    let later = SignedDuration::from_hours(i64::from(years) * 365 * 24);
    let after = |game: FeedGame| FeedGame {
        id: format!("002{:02}{}", (season_start() + years) % 100, &game.id[5..]),
        tipoff: game.tipoff.checked_add(later).unwrap(),
        ..game
    };
    celtics_games(count).into_iter().map(after).collect()
}

/// No schedule is made two years ahead, so its own clock is as far ahead as its games are.
fn text_after(years: i16, count: usize) -> String {
    let text = season_text(season_start() + years, &games_after(years, count));
    let mut feed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let ahead = SignedDuration::from_hours(i64::from(years) * 365 * 24);
    feed["meta"]["time"] = Timestamp::now().checked_add(ahead).unwrap().to_string().into();
    feed.to_string()
}

fn next_text(count: usize) -> String {
    text_after(1, count)
}

fn name_after(years: i16) -> String {
    let start = season_start() + years;
    format!("Celtics schedule {start}-{:02}", (start + 1) % 100)
}

fn next_name() -> String {
    name_after(1)
}

/// The names of the Inbox's sections.
fn sections(world: &World) -> Vec<String> {
    let all = world.sandbox.snapshot(RED).unwrap().sections;
    let there = all.into_iter().filter(|section| !section.is_deleted);
    let mut names: Vec<String> = there.map(|section| section.name).collect();
    names.sort();
    names
}

/// How many tasks remind of the next season.
fn reminders(world: &World) -> usize {
    world.tasks(RED).iter().filter(|task| task.content.ends_with("the next season")).count()
}

/// The names of the active projects, and how many active tasks each holds.
fn projects(world: &World) -> Vec<(String, usize)> {
    let tasks = world.tasks(RED);
    let held = |id: &str| tasks.iter().filter(|task| task.project_id == id).count();
    let projects = world.projects(RED).into_iter();
    let mut held: Vec<_> = projects.map(|it| (it.name.clone(), held(&it.id))).collect();
    held.sort();
    held
}

fn person(world: &World) -> Person<'_> {
    world.sandbox.person(RED)
}

#[test]
fn a_new_season_has_a_project_beside_the_old_one() {
    let world = world();
    let shown = |world: &World| -> Vec<String> {
        world.tasks(RED).iter().map(|task| format!("{task:?}")).collect()
    };
    let before = shown(&world);
    world.serve_feed(next_text(5));
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("5 created"), "{ran:?}");
    let both = [("Celtics schedule".to_owned(), 3), (next_name(), 5)];
    assert_eq!(projects(&world), both);
    let now = shown(&world);
    assert!(before.iter().all(|task| now.contains(task)), "{before:?} {now:?}");
    // Again, and one more game: it is the new season's project that is kept.
    let requests = world.syncs().len();
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 5 unchanged"), "{ran:?}");
    assert_eq!(world.syncs().len() - requests, 1);
    world.serve_feed(next_text(6));
    world.run(["import", "--team", "BOS"]).exits_with(0);
    assert_eq!(projects(&world), [("Celtics schedule".to_owned(), 3), (next_name(), 6)]);
}

#[test]
fn a_third_season_stands_beside_two_with_and_without_a_record() {
    let yearly = ["import", "--team", "BOS", "--yearly-reminder"];
    for (destination, lost) in
        [("project", false), ("project", true), ("inbox", false), ("inbox", true)]
    {
        let world = World::new();
        let token = world.sandbox.personal_token(RED).unwrap();
        let import = |feed: String| {
            world.serve_feed(feed);
            let of = if destination == "inbox" { &["--destination", "inbox"][..] } else { &[] };
            let mut command = world.command([&yearly[..], of].concat());
            command.env("NBATODO_TOKEN", &token);
            let ran = finish(command);
            if lost {
                fs::remove_dir_all(world.home().join(".local/state/nbatodo/imports")).unwrap();
            }
            ran.exits_with(0).stdout.clone()
        };
        import(text(&celtics_games(3)));
        for (years, count) in [(1, 4), (2, 5)] {
            let said = import(text_after(years, count));
            assert!(said.contains(&format!("{count} created")), "{destination} {lost}: {said}");
            // Again, and back to the one before, and to it again: each finds its own.
            let said = import(text_after(years, count));
            assert!(said.contains("0 created"), "{destination} {lost}: {said}");
            let said = import(text_after(years - 1, count - 1));
            assert!(said.contains("0 created"), "{destination} {lost}: {said}");
            let said = import(text_after(years, count));
            assert!(said.contains("0 created"), "{destination} {lost}: {said}");
        }
        assert_eq!((world.tasks(RED).len(), reminders(&world)), (13, 1), "{destination} {lost}");
        let names = ["Celtics schedule".to_owned(), name_after(1), name_after(2)];
        if destination == "inbox" {
            assert_eq!(sections(&world), names);
        } else {
            let held: Vec<_> = projects(&world).into_iter().map(|(name, _)| name).collect();
            assert_eq!(held, names);
        }
    }
}

#[test]
fn a_new_season_takes_the_usual_name_where_the_old_project_is_gone() {
    let world = world();
    person(&world).delete_project(&world.projects(RED)[0].id).unwrap();
    // The run that learns of it is one of the old season.
    world.run(["import", "--team", "BOS"]).exits_with(0);
    world.serve_feed(next_text(4));
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("4 created"), "{ran:?}");
    assert_eq!(projects(&world), [("Celtics schedule".to_owned(), 4)]);
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("4 unchanged"), "{ran:?}");
    assert_eq!(world.projects(RED).len(), 1);
}

#[test]
fn without_a_record_each_season_finds_its_own_project() {
    let forget = |world: &World| {
        fs::remove_dir_all(world.home().join(".local/state/nbatodo/imports")).unwrap();
    };
    let world = world();
    // Another machine begins the new season.
    forget(&world);
    world.serve_feed(next_text(4));
    world.run(["import", "--team", "BOS"]).exits_with(0);
    let both = [("Celtics schedule".to_owned(), 3), (next_name(), 4)];
    assert_eq!(projects(&world), both);
    // A third one comes upon both.
    forget(&world);
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{ran:?}");
    assert_eq!(projects(&world), both);
}

/// The record knows the old season, and meanwhile another machine has begun the new one.
#[test]
fn a_season_that_another_machine_began_is_found() {
    let world = world();
    let imports = world.home().join(".local/state/nbatodo/imports");
    let aside = world.home().join("aside");
    fs::rename(&imports, &aside).unwrap();
    world.serve_feed(next_text(4));
    world.run(["import", "--team", "BOS"]).exits_with(0);
    // This machine has heard of changes since, and forgets none of the new project's.
    fs::remove_dir_all(&imports).unwrap();
    fs::rename(&aside, &imports).unwrap();
    world.serve_feed(text(&celtics_games(3)));
    world.run(["import", "--team", "BOS"]).exits_with(0);
    world.serve_feed(next_text(4));
    let ran = world.run(["import", "--team", "BOS"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{ran:?}");
    assert_eq!(projects(&world), [("Celtics schedule".to_owned(), 3), (next_name(), 4)]);
}

#[test]
fn a_new_season_has_a_section_of_the_inbox_beside_the_old_one() {
    let inbox = ["import", "--team", "BOS", "--destination", "inbox"];
    let world = World::with_games(&celtics_games(3));
    world.run(inbox).exits_with(0);
    world.serve_feed(next_text(4));
    let ran = world.run(inbox);
    assert!(ran.exits_with(0).stdout.contains("4 created"), "{ran:?}");
    let both = ["Celtics schedule".to_owned(), next_name()];
    for lost in [false, true] {
        if lost {
            fs::remove_file(world.record_file()).unwrap();
        }
        let ran = world.run(inbox);
        assert!(ran.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{ran:?}");
        assert_eq!(sections(&world), both);
    }
    // The old one goes on where it was.
    world.serve_feed(text(&celtics_games(3)));
    let ran = world.run(inbox);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
    assert_eq!((sections(&world).as_slice(), world.tasks(RED).len()), (&both[..], 7));
}

#[test]
fn each_season_is_in_one_place_at_a_time() {
    let inbox = ["import", "--team", "BOS", "--destination", "inbox"];
    let world = world();
    world.serve_feed(next_text(4));
    let ran = world.run(inbox);
    assert!(ran.exits_with(0).stdout.contains("4 created"), "no clash with the old one: {ran:?}");
    for lost in [false, true] {
        if lost {
            fs::remove_file(world.record_file()).unwrap();
        }
        let ran = world.import();
        ran.exits_with(1).complains_of(&["of your Inbox already", "--destination inbox"]);
        assert_eq!(world.tasks(RED).len(), 7);
    }
}

#[test]
fn a_project_that_is_left_with_a_reminder_does_not_hide_the_games_elsewhere() {
    let yearly = ["import", "--team", "BOS", "--yearly-reminder"];
    let world = World::with_games(&celtics_games(3));
    world.run(yearly).exits_with(0);
    for task in world.tasks(RED).iter().filter(|task| !task.content.ends_with("next season")) {
        person(&world).complete(&task.id).unwrap();
    }
    world.serve_feed(next_text(4));
    let ran = world.run(["import", "--team", "BOS", "--destination", "inbox"]);
    assert!(ran.exits_with(0).stdout.contains("4 created"), "{ran:?}");
    fs::remove_file(world.record_file()).unwrap();
    let ran = world.run(yearly);
    assert!(ran.exits_with(0).stdout.contains("0 created, 5 unchanged"), "{ran:?}");
    assert_eq!((world.tasks(RED).len(), reminders(&world)), (5, 1));
}

#[test]
fn one_task_reminds_of_the_next_season_whichever_season_it_came_with() {
    let yearly = ["import", "--team", "BOS", "--yearly-reminder"];
    let world = World::with_games(&celtics_games(3));
    world.run(yearly).exits_with(0);
    world.serve_feed(next_text(4));
    let ran = world.run(yearly);
    assert!(ran.exits_with(0).stdout.contains("4 created, 0 unchanged"), "{ran:?}");
    assert_eq!(projects(&world), [("Celtics schedule".to_owned(), 4), (next_name(), 4)]);
    let kept = fs::read(world.record_file()).unwrap();
    fs::remove_file(world.record_file()).unwrap();
    let ran = world.run(yearly);
    assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    assert_eq!(reminders(&world), 1);
    // With the old project it goes, and the new one gets one.
    fs::write(world.record_file(), kept).unwrap();
    let old = world.projects(RED).into_iter().find(|it| it.name == "Celtics schedule").unwrap();
    person(&world).delete_project(&old.id).unwrap();
    let ran = world.run(yearly);
    assert!(ran.exits_with(0).stdout.contains("1 created, 4 unchanged"), "{ran:?}");
    assert_eq!(projects(&world), [(next_name(), 5)]);
}

#[test]
fn a_project_that_only_reminds_of_the_next_season_is_not_taken_for_one_of_its() {
    let yearly = ["import", "--team", "BOS", "--yearly-reminder"];
    let world = World::with_games(&celtics_games(3));
    world.run(yearly).exits_with(0);
    let old = world.projects(RED).remove(0).id;
    person(&world).rename_project(&old, "Last winter").unwrap();
    fs::remove_file(world.record_file()).unwrap();
    world.serve_feed(next_text(4));
    world.run(yearly).exits_with(0);
    // Nobody can tell any more that the old one was made by an import, so both remind.
    let held = [("Celtics schedule".to_owned(), 5), ("Last winter".to_owned(), 4)];
    assert_eq!(projects(&world), held);
}

#[test]
fn a_team_is_taken_back_with_all_its_seasons() {
    let world = World::new();
    let token = world.sandbox.personal_token(RED).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = world.command([arguments, &["--team", "BOS"]].concat());
        command.env("NBATODO_TOKEN", &token);
        finish(command)
    };
    for feed in [text(&celtics_games(3)), next_text(4)] {
        world.serve_feed(feed);
        run(&["import"]).exits_with(0);
    }
    let ran = run(&["remove", "--destination", "inbox", "--yes"]);
    assert!(ran.exits_with(0).stdout.contains("Nothing to take back"), "{ran:?}");
    let ran = run(&["remove", "--yes", "--offline"]);
    assert!(ran.exits_with(0).stdout.contains("3 tasks deleted"), "{ran:?}");
    assert!(ran.stdout.contains("4 tasks deleted"), "{ran:?}");
    assert!(world.projects(RED).is_empty() && world.tasks(RED).is_empty());
}

#[test]
fn a_season_is_chosen_by_its_name() {
    let world = world();
    let (start, next) = (season_start(), season_start() + 1);
    let name = |start: i16| format!("{start}-{:02}", (start + 1) % 100);
    let import = |season: &str| world.run(["import", "--team", "BOS", "--season", season]);
    let ran = import(&name(start));
    assert!(ran.exits_with(0).stdout.contains("3 unchanged"), "{ran:?}");
    let ran = import(&name(next));
    let out = format!(
        "{0} has no games yet. The schedule of {0} usually comes out in mid August {next}; with import \
         --yearly-reminder, Todoist reminds you of it.",
        name(next)
    );
    assert!(ran.exits_with(0).stdout.contains(&out), "{ran:?}");
    assert_eq!(projects(&world), [("Celtics schedule".to_owned(), 3)]);
    let ran = import("1999-00");
    ran.exits_with(2).complains_of(&["1999-00", &name(start)]);
    import("2026").exits_with(2);
    // The league has moved on; the season in the binary is still the one that it is.
    world.serve_feed(next_text(4));
    let ran = world.run(["import", "--team", "LAL", "--season", "2026-27", "--dry-run"]);
    ran.exits_with(0).complains_of(&["bundled schedule", &name(next)]);
}

/// The bundled season, as a person meets it at different times of the year.
#[test]
fn each_time_of_the_year_has_its_answer() {
    for (day, said) in [
        ("2027-04-12", "the last game of 2026-27 was on 11 April 2027. The schedule of 2027-28"),
        ("2027-06-30", "the last game of 2026-27 was on 11 April 2027. The schedule of 2027-28"),
        (
            "2027-07-02",
            "the 2026-27 season is over. The schedule of 2027-28 usually comes out in mid",
        ),
        (
            "2027-09-30",
            "the 2026-27 season is over. The schedule of 2027-28 usually comes out in mid",
        ),
    ] {
        let world = World::new();
        let token = world.sandbox.personal_token(RED).unwrap();
        let Ok(mut command) = faketime(&world, &format!("@{day} 16:00:00")) else { return };
        command.args(["import", "--team", "BOS", "--offline"]);
        command.env("NBATODO_TOKEN", token).env("TZ", "UTC");
        let ran = finish(command);
        assert!(ran.exits_with(0).stdout.contains(said), "{day}: {ran:?}");
        assert!(world.projects(RED).is_empty());
    }
}
