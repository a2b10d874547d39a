//! What is set is what commands do.

use std::fs;

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, finish};

#[test]
fn an_import_does_what_is_set_and_a_flag_is_stronger() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.sign_in("default", RED);
    world.configure(
        "teams = [\"BOS\"]\nlabels = [\"nba\"]\npriority = \"p1\"\ntitle = \"{opponent_code}\"\n\
         [profiles.default]\none_project = \"Games\"\n",
    );
    world.run(["import"]).exits_with(0);
    let projects = world.projects(RED);
    assert_eq!(projects.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Games"]);
    let tasks = world.tasks(RED);
    assert_eq!(tasks.len(), 2);
    for task in &tasks {
        assert_eq!((task.labels.clone(), task.priority), (vec!["nba".to_owned()], 4));
        assert_eq!(task.content.len(), 3, "{}", task.content);
    }
    world.run(["import", "--priority", "p4", "--title", "Game"]).exits_with(0);
    assert!(world.tasks(RED).iter().all(|it| it.priority == 1 && it.content == "Game"));
    // As Todoist shows it, not as its API counts.
    world.run(["import", "--priority", "1"]).exits_with(0);
    assert!(world.tasks(RED).iter().all(|it| it.priority == 4));
    world.run(["import", "--destination", "projects", "--dry-run"]).exits_with(0);
}

#[test]
fn how_results_are_printed_is_set_for_all_commands_that_have_results() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.configure("format = \"json\"\nteam = \"BOS\"\n");
    let ran = world.run(["schedule"]);
    assert_eq!(ran.exits_with(0).json()["command"], "schedule");
    assert_eq!(world.run(["status"]).exits_with(4).json()["error"]["exit_code"], 4);
    assert!(world.run(["schedule", "--format", "human"]).stdout.starts_with("Celtics"));
    assert!(world.run(["schedule", "--format", "csv"]).exits_with(0).stdout.contains(','));
    // What is for a shell stays so.
    let completions = world.run(["completions", "bash"]).exits_with(0).stdout.clone();
    assert!(completions.contains("\n_nbatodo() {\n"), "{completions}");
    let mut command = world.command(["teams"]);
    command.env("NBATODO_FORMAT", "human");
    assert!(!finish(command).exits_with(0).stdout.starts_with('{'));
}

#[test]
fn colours_and_zones_are_set() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.configure("color = \"always\"\nteam = \"BOS\"\ntimezone = \"Asia/Tokyo\"\n");
    assert!(world.run(["teams"]).stdout.contains('\u{1b}'));
    let mut command = world.command(["teams"]);
    // A variable, and stronger than the file.
    command.env("NO_COLOR", "1");
    assert!(!finish(command).stdout.contains('\u{1b}'));
    let ran = world.run(["schedule"]);
    assert!(ran.exits_with(0).stdout.contains("Asia/Tokyo"), "{ran:?}");
    let ran = world.run(["schedule", "--timezone", "Europe/Berlin"]);
    assert!(ran.stdout.contains("Europe/Berlin"), "{ran:?}");
}

#[test]
fn nothing_that_is_set_makes_a_removal_larger() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.configure("one_project = \"Games\"\n");
    // With --one-project and no team, everything in it would go.
    world.run(["remove", "--yes"]).exits_with(2).complains_of(&["no team is named"]);
}

#[test]
fn words_alone_are_set_and_taken_back_for_one_run() {
    let world = World::new();
    world.configure("plain = true\ncolor = \"always\"\n");
    let set = world.run(["teams"]).exits_with(0).stdout.clone();
    assert_eq!(set, world.run(["teams", "--plain"]).stdout);
    let back = world.run(["teams", "--plain=false"]).exits_with(0).stdout.clone();
    assert_ne!(set, back);
    let mut command = world.command(["teams"]);
    command.env("NBATODO_PLAIN", "false");
    assert_eq!(finish(command).exits_with(0).stdout, back);
    assert!(world.run(["man"]).exits_with(0).stdout.contains(".TH"));
}

#[test]
fn yes_is_written_as_the_file_has_it() {
    let world = World::new();
    for (typed, written) in [("yes", "true"), ("ON", "true"), ("0", "false"), ("no", "false")] {
        world.run(["config", "set", "notify_task", typed]).exits_with(0);
        let file = fs::read_to_string(world.config_file()).unwrap();
        assert_eq!(file, format!("notify_task = {written}\n"), "{typed}");
        world.run(["config", "show"]).exits_with(0);
    }
}

#[test]
fn a_comma_stands_between_two_wherever_it_is_typed() {
    let world = World::new();
    for words in [&["a,b", "c"][..], &["a", "b", "c"], &["a, b,c"], &["a,", "b,c"]] {
        world.run([&["config", "set", "label"], words].concat()).exits_with(0);
        assert_eq!(world.configured(), "label = [\"a\", \"b\", \"c\"]\n", "{words:?}");
    }
}
