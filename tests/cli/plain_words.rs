//! What a run says is what happened, in the place where it happened.

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault, Overrides};
use serde_json::json;

use crate::feed::{celtics_games, text};
use crate::removing::{Imported, REMOVE};
use crate::world::{RED, World};

const INBOX: [&str; 2] = ["--destination", "inbox"];

/// A world whose token may delete, with nothing imported.
fn fresh(overrides: Overrides) -> Imported {
    let world = World::with(|options| options.overrides = overrides);
    world.serve_feed(text(&celtics_games(3)));
    let token = world.sandbox.personal_token(RED).unwrap();
    Imported { world, token }
}

#[test]
fn a_full_inbox_is_called_so() {
    let it = fresh(Overrides { max_tasks: Some(2), ..Overrides::default() });
    it.import(&INBOX).exits_with(1).complains_of(&["\"Inbox\" would hold 3 active tasks"]);
    let it = fresh(Overrides { max_sections: Some(0), ..Overrides::default() });
    it.import(&INBOX).exits_with(1).complains_of(&["\"Inbox\" would have 1 sections"]);
    assert_eq!(it.world.sandbox.executed(RED), Vec::<String>::new());
    let exactly = Overrides {
        max_tasks: Some(3),
        max_sections: Some(1),
        max_projects: Some(0),
        ..Overrides::default()
    };
    assert!(fresh(exactly).import(&INBOX).exits_with(0).stdout.contains("3 created"));
}

#[test]
fn a_minute_is_one() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--ttl", "1"]));
    world.decide(&login.url, RED, Decision::Allow);
    assert!(login.finish().exits_with(0).stdout.contains("(1 minute)"));
}

#[test]
fn only_coming_games_are_called_so() {
    let it = fresh(Overrides::default());
    assert!(it.import(&[]).exits_with(0).stdout.contains("(coming games of "));
    assert!(it.import(&["--include-past"]).exits_with(0).stdout.contains("(games of "));
}

#[test]
fn the_yearly_task_of_a_given_project_is_called_as_that_is() {
    let it = fresh(Overrides::default());
    let id = it.world.sandbox.person(RED).add_project("Fun").unwrap();
    for place in [format!("project:{id}"), "project:Fun".to_owned()] {
        let ran = it.import(&["--yearly-reminder", "--destination", &place]);
        assert!(!ran.exits_with(0).stdout.contains("updated"), "{ran:?}");
        assert!(it.titles().contains(&"Fun: import the next season".to_owned()));
    }
}

#[test]
fn a_name_that_no_project_can_have_is_wrong_usage() {
    let it = fresh(Overrides::default());
    it.import(&["--one-project", &"x".repeat(121)]).exits_with(2);
    it.import(&["--one-project", "a\nb"]).exits_with(2);
    it.import(&["--one-project", &"é".repeat(120)]).exits_with(0);
    it.import(&["--one-project", "quo\"te 'n 🏀"]).exits_with(0);
    it.run(&["remove", "--one-project", "quo\"te 'n 🏀", "--yes"]).exits_with(0);
    assert_eq!(it.world.projects(RED).len(), 1);
}

#[test]
fn where_a_project_or_a_section_is_refused_its_reason_is_the_games() {
    for (index, what) in [(0, "its project was refused"), (1, "its section was refused")] {
        let it = fresh(Overrides::default());
        let error = json!({"error_tag": "X", "error": "the moon is full", "http_code": 403});
        it.world.sandbox.inject(Fault::nth_write(1, Effect::RefuseCommand { index, error }));
        let ran = it.import(&["--section-by", "month"]);
        // With a section, the games of its month; the three may lie in two.
        let refused = ran.exits_with(6).stderr.lines().count();
        assert!(refused == 3 || (index == 1 && (1..3).contains(&refused)), "{ran:?}");
        for line in ran.stderr.lines() {
            assert!(line.contains(what) && line.contains("the moon is full"), "{line}");
        }
        it.import(&["--section-by", "month"]).exits_with(0);
        assert_eq!(it.world.tasks(RED).len(), 3);
    }
}

#[test]
fn what_was_kept_of_one_place_is_not_made_in_another() {
    let it = fresh(Overrides::default());
    it.import(&[]).exits_with(0);
    let person = it.world.sandbox.person(RED);
    let own = person.add_project("Own").unwrap();
    person.move_to_project(&it.world.tasks(RED)[0].id, &own).unwrap();
    it.run(&REMOVE).exits_with(0);
    let dry = it.import(&[&INBOX[..], &["--dry-run"]].concat());
    assert!(dry.exits_with(0).stdout.contains("2 tasks would be created, 1 unchanged"), "{dry:?}");
    for created in ["2 created", "0 created"] {
        let ran = it.import(&INBOX);
        assert!(ran.exits_with(0).stdout.contains(created), "{ran:?}");
    }
    assert_eq!(it.world.tasks(RED).len(), 3);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("2 tasks deleted, 1 kept"), "{ran:?}");
}

#[test]
fn an_archived_project_is_said_to_be_that_and_stays_as_it_is() {
    let it = fresh(Overrides::default());
    it.import(&[]).exits_with(0);
    let project = it.world.projects(RED)[0].id.clone();
    it.world.sandbox.person(RED).archive_project(&project).unwrap();
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("you have archived"), "{ran:?}");
    it.import(&[]).exits_with(0);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("you have archived it"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 3);
}

#[test]
fn the_inbox_itself_is_never_taken_for_one_that_was_made() {
    let it = fresh(Overrides::default());
    it.import(&["--one-project", "Inbox"]).exits_with(0);
    std::fs::remove_file(it.world.record_file()).unwrap();
    let ran = it.run(&["remove", "--one-project", "Inbox", "--yes"]);
    assert!(ran.exits_with(0).stdout.contains("3 tasks deleted"), "{ran:?}");
}

#[test]
fn a_preview_of_pruning_takes_no_leave_to_delete() {
    let games = celtics_games(4);
    let world = World::with_games(&games);
    world.import().exits_with(0);
    let preview = ["import", "--team", "BOS", "--home", "--prune", "--dry-run"];
    let ran = world.run(preview);
    ran.complains_of(&["does not allow to delete anything", "nbatodo login --allow-delete"]);
    assert!(ran.exits_with(0).stdout.contains("2 tasks would be deleted, 2 unchanged"), "{ran:?}");
    assert_eq!(world.tasks(RED).len(), 4);
    let ran = world.run(["remove", "--team", "BOS", "--dry-run"]);
    ran.exits_with(0).complains_of(&["nbatodo login --allow-delete"]);
    assert!(
        ran.stdout.ends_with(": 4 tasks would be deleted; the project itself would go, too.\n")
    );
    // With nothing to delete, no leave is missing; nor where it is given.
    assert_eq!(world.run(["remove", "--team", "LAL", "--dry-run"]).exits_with(0).stderr, "");
    world.sign_in_by(world.command(["login", "--no-browser", "--allow-delete"]), RED);
    assert_eq!(world.run(preview).exits_with(0).stderr, "");
    assert_eq!(world.run(["remove", "--team", "BOS", "--dry-run"]).exits_with(0).stderr, "");
    let ran = world.run(["import", "--team", "BOS", "--dry-run"]);
    assert!(ran.stdout.starts_with("Celtics: nothing would change, 4 unchanged ("), "{ran:?}");
}
