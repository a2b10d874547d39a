//! Another machine, or a lost record: what an account holds has to be known by itself.

use std::process::Command;

use jiff::SignedDuration;
use nbatodo::sandbox::{Effect, Fault, Plan};
use tempfile::TempDir;

use crate::feed::{FeedGame, celtics_games, text};
use crate::removing::{Imported, REMOVE};
use crate::world::{RED, Ran, World, finish};

/// The same account on a machine of its own.
struct Other(TempDir);

impl Other {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn run(&self, it: &Imported, arguments: &[&str]) -> Ran {
        let mut command: Command = it.command(arguments);
        command.env("HOME", self.0.path());
        finish(command)
    }
}

fn lose_record(it: &Imported) {
    std::fs::remove_file(it.world.record_file()).unwrap();
}

#[test]
fn what_one_machine_took_back_and_another_made_anew_is_not_doubled() {
    let games = celtics_games(3);
    for options in [&[][..], &["--destination", "inbox"]] {
        let it = Imported::new(&games, options);
        let other = Other::new();
        let import = [&["import", "--team", "BOS"], options].concat();
        it.run(&REMOVE).exits_with(0);
        other.run(&it, &import).exits_with(0);
        let ran = it.run(&import);
        assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
        assert_eq!(it.world.tasks(RED).len(), 3);
    }
}

#[test]
fn what_another_machine_restored_is_not_restored_twice() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    let other = Other::new();
    let restore = ["import", "--team", "BOS", "--restore"];
    other.run(&it, &restore).exits_with(0);
    let person = it.world.sandbox.person(RED);
    let project = it.world.projects(RED).remove(0).id;
    let own = person.add_project("Own").unwrap();
    person.move_to_project(&it.task(&games[0]).id, &own).unwrap();
    person.delete_project(&project).unwrap();
    for _ in 0..2 {
        it.run(&["import", "--team", "BOS"]).exits_with(0);
        other.run(&it, &["import", "--team", "BOS"]).exits_with(0);
    }
    other.run(&it, &restore).exits_with(0);
    assert_eq!(it.world.tasks(RED).len(), 3);
    let ran = it.run(&restore);
    assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 3);
}

#[test]
fn a_task_that_another_machine_made_anew_is_not_restored_twice() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    let other = Other::new();
    let restore = ["import", "--team", "BOS", "--restore"];
    other.run(&it, &restore).exits_with(0);
    it.world.sandbox.person(RED).delete(&it.task(&games[0]).id).unwrap();
    other.run(&it, &["import", "--team", "BOS"]).exits_with(0);
    for created in ["1 created", "0 created, 3 unchanged"] {
        let ran = it.run(&restore);
        assert!(ran.exits_with(0).stdout.contains(created), "{ran:?}");
    }
    let ran = other.run(&it, &restore);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 3);
}

#[test]
fn a_project_of_the_usual_name_is_ours_though_the_titles_are_the_persons() {
    let games = celtics_games(2);
    let it = Imported::new(&games, &[]);
    let person = it.world.sandbox.person(RED);
    let own = person.add_project("Own").unwrap();
    person.move_to_project(&it.task(&games[0]).id, &own).unwrap();
    person.retitle(&it.task(&games[1]).id, "With the kids").unwrap();
    lose_record(&it);
    let ran = it.import(&[]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 2 unchanged"), "{ran:?}");
}

#[test]
fn what_was_moved_out_of_a_project_that_is_no_more_is_not_made_elsewhere() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    let person = it.world.sandbox.person(RED);
    let project = it.world.projects(RED).remove(0).id;
    let own = person.add_project("Own").unwrap();
    person.move_to_project(&it.task(&games[0]).id, &own).unwrap();
    person.delete_project(&project).unwrap();
    it.import(&[]).exits_with(0);
    let ran = it.import(&["--destination", "inbox"]);
    assert!(ran.exits_with(0).stdout.contains("2 created, 1 unchanged"), "{ran:?}");
}

#[test]
fn a_moved_task_is_known_again_when_its_game_was_postponed_since() {
    let mut games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    let person = it.world.sandbox.person(RED);
    let own = person.add_project("Own").unwrap();
    person.move_to_project(&it.task(&games[0]).id, &own).unwrap();
    lose_record(&it);
    for status_text in ["PPD", "7:00 pm ET"] {
        games[0].status_text = status_text;
        it.world.serve_feed(text(&games));
        let ran = it.import(&[]);
        assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    }
    assert_eq!(it.world.tasks(RED).len(), 3);
}

#[test]
fn a_renamed_section_with_renamed_tasks_is_known_again() {
    let games = celtics_games(2);
    let it = Imported::new(&games, &["--destination", "inbox"]);
    let person = it.world.sandbox.person(RED);
    let section = it.world.sandbox.snapshot(RED).unwrap().sections.remove(0).id;
    person.rename_section(&section, "Spring").unwrap();
    for game in &games {
        person.retitle(&it.task(game).id, "With the kids").unwrap();
    }
    lose_record(&it);
    let ran = it.import(&["--destination", "inbox"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 2 unchanged"), "{ran:?}");
}

#[test]
fn what_a_person_hung_on_a_task_is_theirs_without_the_record_too() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    it.world.sandbox.person(RED).label(&it.task(&games[0]).id, "family").unwrap();
    lose_record(&it);
    let ran = it.import(&[]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
    let ran = it.import(&["--label", "nba", "-v"]);
    assert!(ran.exits_with(0).stdout.contains("kept yours: labels"), "{ran:?}");
    assert_eq!(it.task(&games[0]).labels, ["family"]);
    assert_eq!(it.task(&games[1]).labels, ["nba"]);
    lose_record(&it);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("kept yours: labels"), "{ran:?}");
    assert_eq!(it.task(&games[0]).labels, ["family"]);
}

#[test]
fn a_renamed_project_of_several_teams_is_known_again_without_the_record() {
    let mut games = celtics_games(4);
    (games[1].home, games[1].away) = ("LAL", "NYK");
    let it = Imported::new(&games, &["--team", "NYK", "--one-project", "Both"]);
    let project = it.world.projects(RED).remove(0).id;
    it.world.sandbox.person(RED).rename_project(&project, "🏀").unwrap();
    lose_record(&it);
    let ran = it.import(&["--team", "NYK", "--one-project", "Both"]);
    assert!(ran.exits_with(0).stdout.contains("0 created, 4 unchanged"), "{ran:?}");
    assert_eq!(it.world.projects(RED).len(), 1);
}

#[test]
fn a_task_moved_out_of_a_given_project_is_not_doubled_without_the_record() {
    let games = celtics_games(3);
    let world = World::new();
    world.serve_feed(text(&games));
    let token = world.sandbox.personal_token(RED).unwrap();
    world.sandbox.person(RED).add_project("NBA").unwrap();
    let it = Imported { world, token };
    let into = ["--destination", "project:NBA"];
    it.import(&into).exits_with(0);
    let person = it.world.sandbox.person(RED);
    let own = person.add_project("Own").unwrap();
    person.move_to_project(&it.task(&games[0]).id, &own).unwrap();
    lose_record(&it);
    let ran = it.import(&into);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
}

#[test]
fn pruning_without_the_record_prunes_what_was_left_alone() {
    let games = celtics_games(6);
    let it = Imported::new(&games, &[]);
    lose_record(&it);
    let ran = it.import(&["--home", "--prune"]);
    assert!(ran.exits_with(0).stdout.contains("3 deleted, 3 unchanged"), "{ran:?}");
}

#[test]
fn a_section_of_the_persons_into_which_they_moved_everything_is_not_deleted() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &["--destination", "inbox"]);
    let person = it.world.sandbox.person(RED);
    let snapshot = it.world.sandbox.snapshot(RED).unwrap();
    let ours = snapshot.sections[0].clone();
    let own = person.add_section(&ours.project_id, "Sports").unwrap();
    for task in it.world.tasks(RED) {
        person.move_to_section(&task.id, &own).unwrap();
    }
    person.delete_section(&ours.id).unwrap();
    lose_record(&it);
    it.import(&["--destination", "inbox"]).exits_with(0);
    assert_eq!(it.world.tasks(RED).len(), 3);
    let ran = it.run(&REMOVE);
    ran.exits_with(0);
    let sections = it.world.sandbox.snapshot(RED).unwrap().sections;
    assert!(sections.iter().any(|it| it.id == own && !it.is_deleted), "{ran:?}");
}

#[test]
fn an_empty_project_that_no_import_filled_is_not_deleted() {
    let games = celtics_games(3);
    let world = World::new();
    world.serve_feed(text(&games));
    let token = world.sandbox.personal_token(RED).unwrap();
    world.sandbox.person(RED).add_project("Celtics schedule").unwrap();
    let it = Imported { world, token };
    let ran = it.run(&REMOVE);
    ran.exits_with(0);
    assert_eq!(it.world.projects(RED).len(), 1, "{ran:?}");
}

#[test]
fn pairs_of_options_go_back_and_forth() {
    let games = celtics_games(4);
    let sets: [&[&str]; 9] = [
        &[],
        &["--section-by", "month"],
        &["--section-by", "none"],
        &["--reminder", "60m", "--duration", "2h"],
        &["--reminder", "30m"],
        &["--label", "nba", "--priority", "p2"],
        &["--yearly-reminder"],
        &["--title", "{away} @ {home}"],
        &["--restore"],
    ];
    let world = World::with(|options| options.plan = Plan::Pro);
    world.serve_feed(text(&games));
    let token = world.sandbox.personal_token(RED).unwrap();
    let it = Imported { world, token };
    let other = Other::new();
    for first in sets {
        for second in sets {
            for options in [first, second] {
                it.import(options).exits_with(0);
                let again = it.import(options);
                assert!(again.stdout.contains("0 created"), "{options:?} {again:?}");
                assert!(!again.stdout.contains("updated"), "{first:?} {second:?} {again:?}");
                assert!(!again.stdout.contains("kept"), "{first:?} {second:?} {again:?}");
            }
        }
    }
    let ran = other.run(&it, &["import", "--team", "BOS"]);
    assert!(ran.stdout.contains("0 created"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 5);
}

#[test]
fn a_postponed_game_gets_its_reminder_and_section_back() {
    let mut games: Vec<FeedGame> = celtics_games(3);
    let world = World::with(|options| options.plan = Plan::Pro);
    world.serve_feed(text(&games));
    let token = world.sandbox.personal_token(RED).unwrap();
    let it = Imported { world, token };
    let options = ["--reminder", "60m", "--duration", "2h", "--section-by", "month"];
    it.import(&options).exits_with(0);
    games[0].status_text = "PPD";
    it.world.serve_feed(text(&games));
    let ran = it.import(&options);
    assert!(ran.exits_with(0).stdout.contains("1 updated"), "{ran:?}");
    let section = it.task(&games[0]).section_id.unwrap();
    it.world.sandbox.person(RED).delete_section(&section).unwrap();
    games[0].status_text = "7:00 pm ET";
    games[0].tipoff = games[0].tipoff.checked_add(SignedDuration::from_hours(24 * 40)).unwrap();
    it.world.serve_feed(text(&games));
    let ran = it.import(&options);
    assert!(ran.exits_with(0).stdout.contains("0 created"), "{ran:?}");
    let ran = it.import(&[&options[..], &["--restore"]].concat());
    assert!(ran.exits_with(0).stdout.contains("created"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 3);
}

#[test]
fn a_removal_broken_off_before_the_project_went_does_not_say_that_it_is_gone() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    it.world.sandbox.inject(Fault::nth_write(2, Effect::CloseBefore));
    let ran = it.run(&[&REMOVE[..], &["--max-wait", "0"]].concat());
    assert!(!ran.exits_with(3).stdout.contains("is gone"), "{ran:?}");
    assert_eq!(it.world.projects(RED).len(), 1);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("is gone"), "{ran:?}");
}
