//! How much an import says of its tasks: their number, what changed in them, or each.

use crate::feed::{celtics_games, text};
use crate::terminal::Terminal;
use crate::world::{RED, World};

const IMPORT: [&str; 3] = ["import", "--team", "BOS"];
const GAMES: usize = 5;

/// Somebody is signed in, and this many games are to come.
fn world() -> World {
    let world = World::new();
    world.serve_feed(text(&celtics_games(GAMES)));
    world.sign_in("default", RED);
    world
}

#[test]
fn each_new_task_has_a_line_where_more_is_asked_for() {
    let world = world();
    let ran = world.run([&IMPORT[..], &["-v"]].concat());
    let new = ran.exits_with(0).stdout.lines().filter(|line| line.starts_with("+ ")).count();
    assert_eq!(new, GAMES, "{ran:?}");
    assert!(ran.stdout.contains("5 created"), "{ran:?}");
}

#[test]
fn without_that_new_tasks_are_a_number() {
    let world = world();
    let ran = world.run(IMPORT);
    assert_eq!(ran.exits_with(0).stdout.lines().count(), 1, "{ran:?}");
}

#[test]
fn many_tasks_kept_for_one_reason_are_one_line() {
    let world = world();
    world.import().exits_with(0);
    let person = world.sandbox.person(RED);
    for (number, task) in world.tasks(RED).iter().enumerate() {
        if number == 0 {
            person.retitle(&task.id, "With the kids").unwrap();
        } else {
            person.label(&task.id, "tv").unwrap();
        }
    }
    // What would be written anew: another title, another label.
    let anew = ["import", "--team", "BOS", "--title", "NBA: {away} at {home}", "--label", "nba"];
    let shown = |more: &[&str]| {
        let terminal = Terminal::start(
            &world.command([&anew[..], &["--dry-run", "--color", "never"], more].concat()),
        );
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(0), "{drawn}");
        let kept = drawn.lines().filter(|line| line.contains("kept yours"));
        kept.map(|line| line.trim_end().to_owned()).collect::<Vec<String>>()
    };
    let [own, alike] = &shown(&[])[..] else { panic!("{:?}", shown(&[])) };
    assert!(own.starts_with("= NBA: ") && own.ends_with(": kept yours: title"), "{own}");
    assert_eq!(alike, "= 4 tasks: kept yours: labels");
    assert_eq!(shown(&["-v"]).len(), GAMES);
}
