//! Colours: who gets them, and which.

use insta::assert_snapshot;

use super::{Scene, TUESDAY};
use crate::sessions::faketime;
use crate::terminal::Terminal;
use crate::world::{World, finish};

/// The escape character as a person can read it.
fn spelled(text: &str) -> String {
    text.replace('\u{1b}', "^")
}

#[test]
fn the_main_screens_in_all_colours() {
    let Some(scene) = Scene::signed_in() else { return };
    let schedule = ["schedule", "--offline", "--team", "BOS", "--next", "6"];
    let import = ["import", "--team", "BOS", "--offline", "--next", "3"];
    let mut all = String::new();
    for arguments in [
        &["status"][..],
        &schedule,
        &[&schedule[..], &["--month"]].concat(),
        &[&import[..], &["--dry-run"]].concat(),
        &import,
        &["teams"],
        &["logout"],
    ] {
        let arguments = [arguments, &["--color", "always"]].concat();
        let mut command = scene.command(80, &arguments);
        command.env("TERM", "xterm-256color").env("COLORTERM", "truecolor");
        let shown = scene.settled(&finish(command).exits_with(0).stdout);
        all.push_str(&format!("# {}\n{shown}\n", arguments.join(" ")));
    }
    assert_snapshot!("colors", spelled(&all));
}

/// One decision, for results, failures and what the parser says.
#[test]
fn each_wish_is_heard_by_everything() {
    let world = World::new();
    for (variables, asked, colored) in [
        (&[][..], &[][..], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "0")], &[], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color=never"], false),
        (&[("CLICOLOR_FORCE", "1")], &["--plain"], false),
    ] {
        for arguments in [&["teams"][..], &["status"], &["import", "--nope"], &["--help"]] {
            let mut command = world.command([arguments, asked].concat());
            command.envs(variables.iter().copied()).env("TERM", "xterm-256color");
            let ran = finish(command);
            let said = [ran.stdout.as_str(), &ran.stderr].concat();
            assert_eq!(said.contains('\u{1b}'), colored, "{variables:?} {asked:?} {said}");
        }
    }
}

#[test]
fn a_terminal_gets_the_colours_that_it_has() {
    let world = World::new();
    for (term, colorterm, expected) in [
        ("xterm", "", "\u{1b}[1mBOS\u{1b}[0m"),
        ("xterm-256color", "", "\u{1b}[1;38;5;"),
        ("xterm-256color", "truecolor", "\u{1b}[1;38;2;"),
    ] {
        let mut command = world.command(["teams"]);
        command.env("TERM", term).env("COLORTERM", colorterm);
        let (_, drawn) = Terminal::start(&command).finish();
        assert!(drawn.contains(expected), "{term} {colorterm}: {}", spelled(&drawn));
    }
    for (name, value) in [("TERM", "dumb"), ("NO_COLOR", "1"), ("CLICOLOR", "0")] {
        let mut command = world.command(["teams"]);
        command.env(name, value);
        let (_, drawn) = Terminal::start(&command).finish();
        assert!(!drawn.contains('\u{1b}'), "{name}: {}", spelled(&drawn));
    }
}

/// Results can go to a file while failures are read on a terminal, and the other way round.
#[test]
fn each_stream_is_judged_by_itself() {
    let Some(scene) = Scene::signed_out() else { return };
    let script = format!("{} teams | cat; {} status", binary(), binary());
    let mut command = scene.0.shell(&script);
    command.env("TERM", "xterm");
    let (_, drawn) = Terminal::start(&command).finish();
    assert!(drawn.contains("ATL  Atlanta"), "{}", spelled(&drawn));
    assert!(drawn.contains("\u{1b}[1;31mnbatodo:\u{1b}[0m"), "{}", spelled(&drawn));
    assert!(faketime(&scene.0, TUESDAY).is_ok());
}

fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_nbatodo")
}
