//! What an import made is taken back, and nothing else.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use nbatodo::sandbox::{Effect, Fault, Item, Overrides};

use crate::feed::{FeedGame, celtics_games, text};
use crate::terminal::Terminal;
use crate::world::{RED, Ran, World, finish};

pub(crate) const REMOVE: [&str; 4] = ["remove", "--team", "BOS", "--yes"];

/// A world whose token may delete, with these games imported.
pub(crate) struct Imported {
    pub(crate) world: World,
    pub(crate) token: String,
}

impl Imported {
    pub(crate) fn new(games: &[FeedGame], options: &[&str]) -> Self {
        let world = World::new();
        world.serve_feed(text(games));
        let token = world.sandbox.personal_token(RED).unwrap();
        let imported = Self { world, token };
        imported.import(options).exits_with(0);
        imported
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command.env("NBATODO_TOKEN", &self.token);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    pub(crate) fn import(&self, options: &[&str]) -> Ran {
        self.run(&[&["import", "--team", "BOS"], options].concat())
    }

    pub(crate) fn task(&self, game: &FeedGame) -> Item {
        let tasks = self.world.tasks(RED);
        tasks.into_iter().find(|task| task.description.ends_with(&game.id)).unwrap()
    }

    pub(crate) fn titles(&self) -> Vec<String> {
        self.world.tasks(RED).into_iter().map(|task| task.content).collect()
    }
}

#[test]
fn an_untouched_import_goes_with_its_project_and_can_come_again() {
    let games = celtics_games(5);
    let it = Imported::new(&games, &["--section-by", "month", "--yearly-reminder"]);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("6 tasks deleted, 0 kept, 0 failed"), "{ran:?}");
    assert!(ran.stdout.contains("the project itself is gone"), "{ran:?}");
    assert!(it.world.projects(RED).is_empty() && it.world.tasks(RED).is_empty());
    let again = it.run(&REMOVE);
    assert!(
        again
            .exits_with(0)
            .stdout
            .contains("Nothing to take back: no import of the Celtics is there."),
        "{again:?}"
    );
    let anew = it.import(&[]);
    assert!(anew.exits_with(0).stdout.contains("5 created"), "{anew:?}");
    it.world.holds_exactly_in("Celtics schedule", &games, "anew");
}

#[test]
fn what_the_person_made_their_own_stays_and_is_listed() {
    let games = celtics_games(8);
    let it = Imported::new(&games, &[]);
    let person = it.world.sandbox.person(RED);
    let own = person.add_project("Own").unwrap();
    person.retitle(&it.task(&games[0]).id, "With the kids").unwrap();
    person.complete(&it.task(&games[1]).id).unwrap();
    person.move_to_project(&it.task(&games[2]).id, &own).unwrap();
    person.add_subtask(&it.task(&games[3]).id, "Buy tickets").unwrap();
    person.comment(&it.task(&games[4]).id, "Row 7").unwrap();
    let dry = it.run(&["remove", "--team", "BOS", "--dry-run"]);
    assert!(dry.exits_with(0).stdout.contains("3 tasks would be deleted, 5 kept"), "{dry:?}");
    assert_eq!(it.world.tasks(RED).len(), 8);

    let ran = it.run(&REMOVE);
    for said in [
        "= With the kids: kept yours: title",
        "you ticked it off",
        "you moved it",
        "subtasks or comments",
    ] {
        assert!(ran.exits_with(0).stdout.contains(said), "{said}: {ran:?}");
    }
    assert!(
        ran.stdout.contains("3 tasks deleted, 5 kept") && ran.stdout.contains("stays"),
        "{ran:?}"
    );
    assert_eq!(it.world.tasks(RED).len(), 5, "{:?}", it.titles());
    // Safe to repeat.
    assert!(it.run(&REMOVE).exits_with(0).stdout.contains("0 tasks deleted, 5 kept"));
    // What was kept is not doubled by a new import.
    let anew = it.import(&[]);
    assert!(anew.exits_with(0).stdout.contains("3 created, 4 unchanged"), "{anew:?}");
    let of_games = it.titles().len() - 1;
    assert_eq!(of_games, 7);
}

#[test]
fn a_project_in_which_there_is_anything_else_stays() {
    let games = celtics_games(3);
    for (what, hang) in [
        (
            "a task",
            (|it: &Imported, project| {
                drop(it.world.sandbox.person(RED).add_task(project, "Mine", "").unwrap());
            }) as fn(&Imported, &str),
        ),
        ("a section", |it, project| {
            drop(it.world.sandbox.person(RED).add_section(project, "Mine").unwrap());
        }),
        ("a ticked-off task", |it, project| {
            let person = it.world.sandbox.person(RED);
            let task = person.add_task(project, "Mine", "").unwrap();
            person.complete(&task).unwrap();
        }),
    ] {
        let it = Imported::new(&games, &[]);
        let project = it.world.projects(RED).remove(0).id;
        hang(&it, &project);
        let ran = it.run(&REMOVE);
        assert!(ran.exits_with(0).stdout.contains("3 tasks deleted"), "{what}: {ran:?}");
        assert!(ran.stdout.contains("the project stays"), "{what}: {ran:?}");
        assert_eq!(it.world.projects(RED).len(), 1, "{what}");
        assert!(it.import(&[]).stdout.contains("3 created"), "{what}");
        assert_eq!(it.world.projects(RED).len(), 1, "{what}");
    }
}

#[test]
fn without_the_record_the_tasks_are_known_by_their_links() {
    let games = celtics_games(4);
    for options in [&[][..], &["--destination", "inbox"]] {
        let it = Imported::new(&games, options);
        let person = it.world.sandbox.person(RED);
        person.complete(&it.task(&games[0]).id).unwrap();
        std::fs::remove_file(it.world.record_file()).unwrap();
        let ran = it.run(&REMOVE);
        assert!(ran.exits_with(0).stdout.contains("3 tasks deleted, 1 kept"), "{ran:?}");
        assert!(it.world.tasks(RED).is_empty());
    }
}

#[test]
fn the_inbox_and_a_project_of_the_persons_lose_only_what_an_import_made() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &["--destination", "inbox"]);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("the section itself is gone"), "{ran:?}");
    assert!(it.world.sandbox.snapshot(RED).unwrap().sections.iter().all(|it| it.is_deleted));

    it.world.sandbox.person(RED).add_project("NBA").unwrap();
    let options = ["--destination", "project:NBA", "--section-by", "month"];
    it.import(&options).exits_with(0);
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("NBA: 3 tasks deleted"), "{ran:?}");
    assert_eq!(it.world.projects(RED).len(), 1);
    assert!(it.world.sandbox.snapshot(RED).unwrap().sections.iter().all(|it| it.is_deleted));
}

#[test]
fn one_of_two_teams_leaves_what_the_other_wants() {
    let mut games = celtics_games(4);
    (games[0].home, games[0].away) = ("BOS", "NYK");
    (games[1].home, games[1].away) = ("LAL", "NYK");
    let it = Imported::new(&games, &["--team", "NYK", "--one-project", "Both"]);
    assert_eq!(it.world.tasks(RED).len(), 4);
    let one = |team| it.run(&["remove", "--team", team, "--one-project", "Both", "--yes"]);
    assert!(one("BOS").exits_with(0).stdout.contains("2 tasks deleted"));
    assert_eq!(it.world.tasks(RED).len(), 2);
    assert!(one("NYK").exits_with(0).stdout.contains("2 tasks deleted"));
    assert!(it.world.projects(RED).is_empty());

    it.import(&["--team", "NYK", "--one-project", "Both"]).exits_with(0);
    let beside = it.run(&REMOVE);
    assert!(beside.exits_with(0).stdout.contains("\"Both\" has games of that, too"), "{beside:?}");
    assert_eq!(it.world.tasks(RED).len(), 4);
    let all = it.run(&["remove", "--one-project", "Both", "--yes"]);
    assert!(all.exits_with(0).stdout.contains("4 tasks deleted"), "{all:?}");
}

#[test]
fn nothing_is_deleted_unasked() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    it.run(&["remove", "--team", "BOS"]).exits_with(2).complains_of(&["nobody is here", "--yes"]);
    it.run(&["remove", "--yes"]).exits_with(2).complains_of(&["no team"]);
    assert_eq!(it.world.tasks(RED).len(), 3);
    // A plain sign-in allows no deletion, and says how to get one that does.
    let world = World::with_games(&games);
    world.import().exits_with(0);
    world.run(REMOVE).exits_with(4).complains_of(&["does not allow", "login --allow-delete"]);
    // Nobody signs in once more for what is not there.
    let none = world.run(["remove", "--team", "LAL", "--yes"]);
    assert!(none.exits_with(0).stdout.contains("no import of the Lakers is there"), "{none:?}");
    let prune = world.run(["import", "--team", "BOS", "--home", "--prune"]);
    prune.exits_with(4).complains_of(&["login --allow-delete"]);
    assert_eq!(world.tasks(RED).len(), 3);
}

#[test]
fn a_removal_that_is_broken_off_is_taken_up_and_no_import_takes_it_for_the_persons() {
    let games = celtics_games(120);
    for again in ["remove", "import"] {
        let it = Imported::new(&games, &[]);
        // The first batch is executed, and its answer lost.
        it.world.sandbox.inject(Fault::nth_write(1, Effect::CloseAfter));
        let ran = it.run(&[&REMOVE[..], &["--max-wait", "0"]].concat());
        assert_ne!(ran.code, Some(0), "{ran:?}");
        assert_eq!(it.world.tasks(RED).len(), 20);
        if again == "remove" {
            let ran = it.run(&REMOVE);
            assert!(ran.exits_with(0).stdout.contains("the project itself is gone"), "{ran:?}");
            assert!(it.world.projects(RED).is_empty());
        } else {
            it.import(&[]).exits_with(0);
            let titles: BTreeSet<String> =
                it.world.tasks(RED).into_iter().map(|task| task.description).collect();
            assert_eq!((titles.len(), it.world.tasks(RED).len()), (120, 120));
        }
    }
}

#[test]
fn a_narrower_filter_prunes_what_was_left_alone_and_a_wider_one_brings_it_back() {
    let games = celtics_games(6);
    let it = Imported::new(&games, &[]);
    let away: Vec<&FeedGame> = games.iter().filter(|game| game.away == "BOS").collect();
    it.world.sandbox.person(RED).retitle(&it.task(away[0]).id, "With the kids").unwrap();
    it.world.sandbox.person(RED).add_subtask(&it.task(away[1]).id, "Snacks").unwrap();
    let ran = it.import(&["--home", "--prune", "-v"]);
    assert!(ran.exits_with(0).stdout.contains("1 deleted, 3 unchanged"), "{ran:?}");
    assert!(ran.stdout.contains("kept yours: title"), "{ran:?}");
    assert!(ran.stdout.contains("subtasks or comments"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 6, "five games and a subtask");
    let wider = it.import(&[]);
    assert!(wider.exits_with(0).stdout.contains("1 created, 5 unchanged"), "{wider:?}");
}

#[test]
fn pruning_spares_what_is_over_and_what_another_team_wants() {
    let mut games = celtics_games(4);
    (games[0].home, games[0].away) = ("NYK", "BOS");
    let it = Imported::new(&games, &["--one-project", "NBA"]);
    it.run(&["import", "--team", "NYK", "--one-project", "NBA"]).exits_with(0);
    let ran = it.import(&["--one-project", "NBA", "--home", "--prune"]);
    assert!(ran.exits_with(0).stdout.contains("1 deleted"), "{ran:?}");
    assert_eq!(it.world.tasks(RED).len(), 3);
    let dry = it.import(&["--one-project", "NBA", "--next", "1", "--prune", "--dry-run"]);
    assert!(dry.exits_with(0).stdout.contains("- "), "{dry:?}");
    assert_eq!(it.world.tasks(RED).len(), 3);
}

#[test]
fn an_import_that_made_room_for_itself_is_gone_without_a_trace() {
    let games = celtics_games(3);
    let world = World::with(|options| {
        options.overrides = Overrides { max_projects: Some(1), ..Overrides::default() };
    });
    world.serve_feed(text(&games));
    let token = world.sandbox.personal_token(RED).unwrap();
    let it = Imported { world, token };
    for _ in 0..3 {
        it.import(&[]).exits_with(0);
        it.run(&REMOVE).exits_with(0);
    }
    let json = it.run(&["remove", "--team", "BOS", "--yes", "--format", "json"]).json();
    assert_eq!(json["destinations"], serde_json::json!([]));
}

#[test]
fn at_a_terminal_it_asks_and_only_a_yes_is_one() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    let question = "Delete 3 tasks of \"Celtics schedule\" with the project itself? [y/N]";
    for (answer, code, left) in [("n\r", 1, 3), ("\r", 1, 3), ("\u{3}", 130, 3), ("y\r", 0, 0)] {
        let mut terminal = Terminal::start(&it.command(&["remove", "--team", "BOS"]));
        terminal.until_drawn(question);
        // Nobody else has to wait for the answer.
        it.import(&[]).exits_with(0);
        terminal.press(answer);
        let (ended, said) = terminal.finish();
        assert_eq!(ended, Some(code), "{answer:?}: {said}");
        assert_eq!(it.world.tasks(RED).len(), left, "{answer:?}: {said}");
    }
}

#[test]
fn what_changes_while_a_person_thinks_is_not_deleted_unasked() {
    let games = celtics_games(4);
    let it = Imported::new(&games[..3], &[]);
    let mut terminal = Terminal::start(&it.command(&["remove", "--team", "BOS"]));
    terminal.until_drawn("Delete 3 tasks");
    it.world.serve_feed(text(&games));
    assert!(it.import(&[]).exits_with(0).stdout.contains("1 created"));
    terminal.press("y\r");
    let (ended, said) = terminal.finish();
    assert_eq!(ended, Some(1), "{said}");
    assert!(said.contains("has changed while you were asked"), "{said}");
    assert_eq!(it.world.tasks(RED).len(), 4);
}

#[test]
fn what_comes_into_a_project_while_its_tasks_are_deleted_does_not_go_with_it() {
    let it = Imported::new(&celtics_games(3), &[]);
    let project = it.world.projects(RED).remove(0).id;
    // Todoist asks for a pause before the first task is deleted, and the person uses it.
    let pause = Fault::answer("/api/v1/sync", 429, &[("Retry-After", "2")], "{}").effect;
    it.world.sandbox.inject(Fault::nth_write(1, pause));
    let mut command = it.command(&REMOVE);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    it.world.runtime.block_on(it.world.sandbox.until_faults_happened());
    it.world.sandbox.person(RED).add_task(&project, "Mine", "").unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    assert!(said.contains("3 tasks deleted") && said.contains("the project stays"), "{said}");
    assert_eq!(it.titles(), ["Mine"]);
}
