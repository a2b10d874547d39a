//! Where the tasks go: the Inbox, projects of the person's, sections, and the room in them.

use jiff::SignedDuration;
use nbatodo::sandbox::{Item, Overrides, Plan, Section, When};

use crate::feed::{FeedGame, celtics_games, text};
use crate::world::{RED, Ran, World};

const INBOX: [&str; 5] = ["import", "--team", "BOS", "--destination", "inbox"];

fn world(games: &[FeedGame]) -> World {
    World::with_games(games)
}

fn limited(games: &[FeedGame], overrides: Overrides) -> World {
    let world = World::with(|options| options.overrides = overrides);
    world.serve_feed(text(games));
    world.sign_in("default", RED);
    world
}

/// The sections that are not deleted, in their order.
fn sections(world: &World) -> Vec<Section> {
    let mut all = world.sandbox.snapshot(RED).unwrap().sections;
    all.retain(|section| !section.is_deleted);
    all.sort_by_key(|section| section.section_order);
    all
}

fn section_of<'a>(sections: &'a [Section], task: &Item) -> Option<&'a str> {
    let id = task.section_id.as_ref()?;
    sections.iter().find(|section| section.id == *id).map(|section| section.name.as_str())
}

fn task(world: &World, game: &FeedGame) -> Item {
    world.tasks(RED).into_iter().find(|task| task.description.ends_with(&game.id)).unwrap()
}

fn into(place: &str) -> [String; 5] {
    ["import", "--team", "BOS", "--destination", place].map(str::to_owned)
}

fn import_into(world: &World, place: &str) -> Ran {
    world.run(into(place))
}

fn month(game: &FeedGame) -> String {
    game.tipoff.in_tz("America/New_York").unwrap().strftime("%B %Y").to_string()
}

/// A game in each of the coming months, far from where they begin and end.
fn monthly(count: usize) -> Vec<FeedGame> {
    let mut games = celtics_games(count);
    let tenth = games[0].tipoff.in_tz("America/New_York").unwrap().with().day(10).build().unwrap();
    for (months, game) in (1..).zip(&mut games) {
        let later = tenth.checked_add(jiff::Span::new().months(months)).unwrap();
        game.tipoff = later.timestamp();
    }
    games
}

#[test]
fn a_section_of_the_inbox_holds_a_team_where_there_is_no_room_for_a_project() {
    let games = celtics_games(5);
    let world = limited(&games, Overrides { max_projects: Some(0), ..Overrides::default() });
    let refused = world.import();
    refused.exits_with(1).complains_of(&["no further project", "--destination inbox"]);
    assert_eq!(world.sandbox.executed(RED), Vec::<String>::new());

    let ran = world.run(INBOX);
    assert!(ran.exits_with(0).stdout.contains("Celtics: 5 created"), "{ran:?}");
    assert!(ran.stdout.contains("/app/section/"), "{ran:?}");
    assert!(world.projects(RED).is_empty());
    let sections = sections(&world);
    let held: Vec<_> =
        world.tasks(RED).iter().map(|it| section_of(&sections, it).map(str::to_owned)).collect();
    assert_eq!(held, vec![Some("Celtics schedule".to_owned()); 5]);
    assert_eq!(world.syncs().len(), 3, "one that was refused, two that made it");

    let again = world.run(INBOX);
    assert!(again.exits_with(0).stdout.contains("0 created, 5 unchanged"), "{again:?}");
    assert_eq!(world.syncs().len(), 4);
}

#[test]
fn a_section_of_the_inbox_is_known_again_without_the_record_and_whatever_it_is_called() {
    let games = celtics_games(5);
    let world = world(&games);
    world.run(INBOX).exits_with(0);
    let section = sections(&world).remove(0);
    world.sandbox.person(RED).rename_section(&section.id, "🍀").unwrap();
    world.sandbox.person(RED).complete(&task(&world, &games[0]).id).unwrap();
    assert!(world.run(INBOX).exits_with(0).stdout.contains("0 created"));
    std::fs::remove_file(world.record_file()).unwrap();
    let ran = world.run(INBOX);
    assert!(ran.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{ran:?}");
    assert_eq!(sections(&world).len(), 1);
    world.sandbox.person(RED).delete_section(&section.id).unwrap();
    let ran = world.run(INBOX);
    assert!(ran.exits_with(0).stdout.contains("you deleted the section \"🍀\""), "{ran:?}");
    let ran = world.run([&INBOX[..], &["--restore"]].concat());
    assert!(ran.exits_with(0).stdout.contains("4 created"), "{ran:?}");
}

#[test]
fn a_project_of_the_persons_is_found_by_name_id_and_link_and_stays_what_it_is() {
    let games = celtics_games(4);
    let world = world(&games);
    let id = world.sandbox.person(RED).add_project("Fun & games").unwrap();
    world.sandbox.person(RED).add_task(&id, "Buy tickets", "").unwrap();
    let link = format!("https://app.todoist.com/app/project/fun-games-{id}");
    let first = import_into(&world, "project:Fun & games");
    assert!(first.exits_with(0).stdout.contains("4 created"), "{first:?}");
    for place in [format!("project:{id}"), format!("project:{link}"), "project:Fun & games".into()]
    {
        let before = world.syncs().len();
        let again = import_into(&world, &place);
        assert!(again.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{again:?}");
        assert_eq!(world.syncs().len() - before, 1, "{place}");
    }
    assert_eq!(world.projects(RED).len(), 1);
    assert_eq!(world.tasks(RED).len(), 5);

    // The same project under another name is still the one that was meant.
    world.sandbox.person(RED).rename_project(&id, "Sports").unwrap();
    let again = import_into(&world, "project:Fun & games");
    assert!(again.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{again:?}");
    // Unless another has the name by then.
    let other = world.sandbox.person(RED).add_project("Fun & games").unwrap();
    let ran = import_into(&world, "project:Fun & games");
    ran.exits_with(1).complains_of(&["the project \"Sports\" already", "twice"]);
    world.sandbox.person(RED).delete_project(&id).unwrap();
    let ran = import_into(&world, "project:Fun & games");
    assert!(ran.exits_with(0).stdout.contains("4 created"), "{ran:?}");
    assert!(world.tasks(RED).iter().all(|task| task.project_id == other));
}

#[test]
fn a_project_that_cannot_be_told_is_wrong_usage() {
    let world = world(&celtics_games(3));
    let person = world.sandbox.person(RED);
    import_into(&world, "project:Games")
        .exits_with(2)
        .complains_of(&["no active project \"Games\""]);
    let twins = [person.add_project("Twins").unwrap(), person.add_project("Twins").unwrap()];
    let ran = import_into(&world, "project:Twins");
    ran.exits_with(2).complains_of(&["2 of your projects", &twins[0], &twins[1]]);
    import_into(&world, "project:Inbox").exits_with(2).complains_of(&["--destination inbox"]);
    person.archive_project(&twins[0]).unwrap();
    assert!(import_into(&world, "project:Twins").exits_with(0).stdout.contains("3 created"));
    person.archive_project(&twins[1]).unwrap();
    let ran = import_into(&world, "project:Twins");
    assert!(ran.exits_with(0).stdout.contains("you archived the project \"Twins\""), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 3);
}

#[test]
fn two_teams_meet_in_a_project_of_the_persons_without_doubling_or_disputing_a_game() {
    let mut games = celtics_games(4);
    (games[0].home, games[0].away) = ("BOS", "NYK");
    let world = world(&games);
    world.sandbox.person(RED).add_project("NBA").unwrap();
    let of = |team: &'static str| ["import", "--team", team, "--destination", "project:NBA"];
    assert!(world.run(of("BOS")).exits_with(0).stdout.contains("4 created"));
    for _ in 0..2 {
        let knicks = world.run(of("NYK"));
        assert!(knicks.exits_with(0).stdout.contains("0 created, 1 unchanged"), "{knicks:?}");
        let celtics = world.run(of("BOS"));
        assert!(celtics.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{celtics:?}");
    }
    std::fs::remove_file(world.record_file()).unwrap();
    let knicks = world.run(of("NYK"));
    assert!(knicks.exits_with(0).stdout.contains("0 created, 1 unchanged"), "{knicks:?}");
    assert!(!knicks.stdout.contains("kept yours"), "{knicks:?}");
    assert_eq!(world.tasks(RED).len(), 4);
}

#[test]
fn a_team_is_in_one_place_at_a_time_with_and_without_the_record() {
    let games = celtics_games(3);
    let world = world(&games);
    world.import().exits_with(0);
    for lost in [false, true] {
        if lost {
            std::fs::remove_file(world.record_file()).unwrap();
        }
        let ran = world.run(INBOX);
        ran.exits_with(1)
            .complains_of(&["the project \"Celtics schedule\"", "with --destination projects"]);
        assert_eq!(world.tasks(RED).len(), 3);
    }
    let project = world.projects(RED).remove(0);
    world.import().exits_with(0);
    world.sandbox.person(RED).delete_project(&project.id).unwrap();
    world.run(INBOX).exits_with(0);
    for lost in [false, true] {
        if lost {
            std::fs::remove_file(world.record_file()).unwrap();
        }
        let ran = world.import();
        ran.exits_with(1).complains_of(&["of your Inbox already", "--destination inbox"]);
        assert_eq!(world.tasks(RED).len(), 3);
    }
}

#[test]
fn sections_by_month_come_with_the_games_and_follow_them() {
    let mut games = monthly(4);
    let world = world(&games);
    let by_month = ["import", "--team", "BOS", "--section-by", "month"];
    assert!(world.run(by_month).exits_with(0).stdout.contains("4 created"));
    assert_eq!(world.syncs().len(), 2);
    let names: Vec<String> = sections(&world).into_iter().map(|section| section.name).collect();
    let months: Vec<String> = games.iter().map(month).collect();
    assert_eq!(names, months, "in the order of the months");
    for game in &games {
        let sections = sections(&world);
        assert_eq!(section_of(&sections, &task(&world, game)), Some(month(game).as_str()));
    }
    assert!(world.run(by_month).stdout.contains("0 created, 4 unchanged"));

    // A game that moves to another month moves on; one that the person took elsewhere does not.
    let person = world.sandbox.person(RED);
    let project = world.projects(RED).remove(0).id;
    person.move_to_project(&task(&world, &games[1]).id, &project).unwrap();
    let renamed = sections(&world).remove(3);
    person.rename_section(&renamed.id, "Spring").unwrap();
    let after = |game: &FeedGame| game.tipoff.checked_add(SignedDuration::from_hours(48)).unwrap();
    (games[0].tipoff, games[1].tipoff) = (after(&games[3]), after(&games[2]));
    world.serve_feed(text(&games));
    let ran = world.run([&by_month[..], &["-v"]].concat());
    assert!(ran.exits_with(0).stdout.contains("2 updated"), "{ran:?}");
    assert!(ran.stdout.contains("kept yours: section"), "{ran:?}");
    let all = sections(&world);
    assert_eq!(section_of(&all, &task(&world, &games[0])), Some("Spring"));
    assert_eq!(section_of(&all, &task(&world, &games[1])), None);
    assert_eq!(all.len(), 4);
    let loose = ["import", "--team", "BOS", "--section-by", "none"];
    world.run(loose).exits_with(0);
    assert!(world.tasks(RED).iter().all(|task| task.section_id.is_none()));
    assert!(world.run(loose).stdout.contains("0 created, 4 unchanged"));
}

#[test]
fn sections_that_are_there_are_used_with_and_without_the_record() {
    let games = monthly(2);
    let world = world(&games);
    world.import().exits_with(0);
    let project = world.projects(RED).remove(0).id;
    world.sandbox.person(RED).add_section(&project, &month(&games[0])).unwrap();
    let by_month = ["import", "--team", "BOS", "--section-by", "month"];
    assert!(world.run(by_month).exits_with(0).stdout.contains("2 updated"));
    assert_eq!(sections(&world).len(), 2);
    std::fs::remove_file(world.record_file()).unwrap();
    let ran = world.run(by_month);
    assert!(ran.exits_with(0).stdout.contains("0 created, 2 unchanged"), "{ran:?}");
    assert_eq!(sections(&world).len(), 2);
}

#[test]
fn sections_that_have_no_room_are_said_before_anything_is_written() {
    let games = monthly(3);
    let world = limited(&games, Overrides { max_sections: Some(2), ..Overrides::default() });
    let ran = world.run(["import", "--team", "BOS", "--section-by", "month"]);
    ran.exits_with(1).complains_of(&["would have 3 sections", "allows 2", "--section-by"]);
    assert_eq!(world.sandbox.executed(RED), Vec::<String>::new());
}

#[test]
fn tasks_that_have_no_room_are_said_beforehand_on_a_later_run_too() {
    let games = celtics_games(6);
    let world = limited(&games, Overrides { max_tasks: Some(5), ..Overrides::default() });
    world.run(["import", "--team", "BOS", "--next", "3"]).exits_with(0);
    let written = world.sandbox.executed(RED).len();
    let ran = world.import();
    ran.exits_with(1).complains_of(&["6 active tasks", "allows 5", "--next"]);
    assert_eq!(world.sandbox.executed(RED).len(), written);
}

#[test]
fn reminders_come_where_the_plan_has_them_and_stay_the_persons() {
    let games = celtics_games(3);
    let world = World::with(|options| options.plan = Plan::Pro);
    world.serve_feed(text(&games));
    world.sign_in("default", RED);
    let an_hour = ["import", "--team", "BOS", "--reminder", "60m"];
    assert!(world.run(an_hour).exits_with(0).stdout.contains("3 created"));
    let minutes = || {
        let all = world.sandbox.snapshot(RED).unwrap().reminders;
        let mut alive: Vec<_> =
            all.iter().filter(|it| !it.is_deleted).filter_map(|it| it.minute_offset).collect();
        alive.sort_unstable();
        alive
    };
    assert_eq!(minutes(), [60, 60, 60]);
    assert!(world.run(an_hour).stdout.contains("0 created, 3 unchanged"));

    let theirs = world.sandbox.snapshot(RED).unwrap().reminders.remove(0);
    world.sandbox.person(RED).delete_reminder(&theirs.id).unwrap();
    let half = ["import", "--team", "BOS", "--reminder", "30m", "-v"];
    let ran = world.run(half);
    assert!(ran.exits_with(0).stdout.contains("2 updated"), "{ran:?}");
    assert!(ran.stdout.contains("kept yours: reminder"), "{ran:?}");
    assert_eq!(minutes(), [30, 30]);
    assert!(world.run(half).stdout.contains("0 created, 3 unchanged"));
    std::fs::remove_file(world.record_file()).unwrap();
    assert!(world.run(half).stdout.contains("0 created, 3 unchanged"));
    assert_eq!(minutes(), [30, 30]);
}

#[test]
fn a_plan_without_reminders_is_said_and_imported_into_all_the_same() {
    let world = world(&celtics_games(3));
    let an_hour = ["import", "--team", "BOS", "--reminder", "60m"];
    for created in ["3 created", "0 created"] {
        let ran = world.run(an_hour);
        assert!(ran.exits_with(0).stdout.contains(created), "{ran:?}");
        ran.complains_of(&["plan has no reminders"]);
    }
    assert!(world.sandbox.snapshot(RED).unwrap().reminders.is_empty());
}

#[test]
fn a_yearly_task_comes_once_and_stays_when_it_is_ticked_off() {
    let games = celtics_games(3);
    let world = world(&games);
    let yearly = ["import", "--team", "BOS", "--yearly-reminder"];
    let ran = world.run(yearly);
    assert!(ran.exits_with(0).stdout.contains("4 created"), "{ran:?}");
    let reminder = || {
        let tasks = world.tasks(RED);
        let found: Vec<Item> =
            tasks.into_iter().filter(|it| it.content.ends_with("the next season")).collect();
        assert_eq!(found.len(), 1);
        found.into_iter().next().unwrap()
    };
    let due = reminder().due.unwrap();
    assert_eq!(due.recurs.as_deref(), Some("every october 19"));
    assert!(matches!(due.when, When::Day(day) if (day.month(), day.day()) == (10, 19)));
    world.sandbox.person(RED).complete(&reminder().id).unwrap();
    for arguments in [&yearly[..], &["import", "--team", "BOS"]] {
        assert!(world.run(arguments).exits_with(0).stdout.contains("0 created, 4 unchanged"));
    }
    std::fs::remove_file(world.record_file()).unwrap();
    assert!(world.run(yearly).exits_with(0).stdout.contains("0 created, 4 unchanged"));
    world.sandbox.person(RED).delete(&reminder().id).unwrap();
    assert!(world.run(yearly).exits_with(0).stdout.contains("0 created, 3 unchanged"));
}
