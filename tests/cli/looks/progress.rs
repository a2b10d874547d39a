//! What takes its time says so on a terminal, and leaves it clean.

use std::net::TcpListener;

use nbatodo::sandbox::{Effect, Fault};

use crate::feed::{celtics_games, text};
use crate::terminal::Terminal;
use crate::world::{PAT, RED, World};

/// A world whose league accepts connections and says nothing, for as long as the listener is
/// there.
fn silent_league() -> (World, TcpListener) {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    world.feed_at(format!("http://{}/", listener.local_addr().unwrap()));
    (world, listener)
}

/// What is left on the last line when all that was taken away is taken away.
fn rows(drawn: &str) -> Vec<String> {
    let cleaned = drawn.replace("\r\n", "\n");
    cleaned.lines().map(|row| row.rsplit(['\r']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn each_wait_is_shown_and_ctrl_c_leaves_the_terminal_clean() {
    let (world, _league) = silent_league();
    world.sign_in("default", RED);
    let hang = |path: &str| world.sandbox.inject(Fault::next(path, Effect::Hang));
    for (arguments, path, shown) in [
        (&["schedule", "--team", "BOS"][..], "", "Reading the schedule"),
        (&["import", "--team", "BOS"], "", "Reading Todoist and the schedule"),
        (&["remove", "--team", "BOS", "--dry-run"], "", "Reading Todoist and the schedule"),
        (&["doctor"], "", "Asking Todoist and the league"),
        (&["logout"], "/api/v1/revoke", "Signing out at Todoist"),
    ] {
        if !path.is_empty() {
            hang(path);
        }
        let mut command = world.command(arguments);
        command.env("TERM", "xterm-256color");
        let mut terminal = Terminal::start(&command);
        terminal.until_drawn(shown);
        terminal.press("\u{3}");
        if arguments[0] == "logout" {
            // Half signed out would be neither: the first Ctrl-C only asks.
            terminal.press("\u{3}");
        }
        let (code, drawn) = terminal.finish();
        let rows = rows(&drawn);
        let said = rows.iter().rev().find(|row| !row.is_empty()).unwrap();
        assert!(!said.contains(shown), "{arguments:?} {code:?} {rows:?}");
    }
}

#[test]
fn a_run_for_many_counts_those_that_have_come_to_their_end() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    for (profile, email) in [("ann", RED), ("ben", PAT)] {
        world.sign_in(profile, email);
    }
    world.sandbox.inject(Fault::next("/api/v1/sync", Effect::Hang));
    let mut command = world.command(["import", "--all-profiles", "--team", "BOS", "--jobs", "2"]);
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::start(&command);
    terminal.until_drawn("1/2 profiles");
    terminal.press("\u{3}");
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(130), "{drawn}");
    let left = rows(&drawn);
    assert!(
        !left.iter().any(|row| row.contains("profiles ") && row.contains("Importing")),
        "{left:?}"
    );
}

#[test]
fn what_is_logged_goes_past_what_is_drawn() {
    let (world, league) = silent_league();
    let mut command = world.command(["schedule", "--team", "BOS", "-vv"]);
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::start(&command);
    let shown = "Reading the schedule";
    terminal.until_drawn(shown);
    // The league hangs up, which is logged.
    drop(league);
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    let rows = rows(&drawn);
    let at = drawn.find(shown).unwrap();
    assert!(drawn[at..].contains(" INFO "), "nothing was logged meanwhile: {drawn:?}");
    assert!(rows.iter().any(|row| row.contains(" INFO ")), "{rows:?}");
    assert!(!rows.iter().any(|row| row.contains(shown)), "{rows:?}");
}

#[test]
fn what_is_over_soon_is_never_drawn() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.sign_in("default", RED);
    let mut command = world.command(["teams"]);
    command.env("TERM", "xterm-256color");
    let (_, drawn) = Terminal::start(&command).finish();
    assert!(!drawn.contains("\u{1b}[2K"), "{drawn}");
}

#[test]
fn in_words_a_wait_has_a_beginning_and_an_end() {
    let (world, league) = silent_league();
    let mut terminal = Terminal::start(&world.command(["schedule", "--team", "BOS", "--plain"]));
    terminal.until_drawn("Reading the schedule.\r\n");
    drop(league);
    terminal.until_drawn("Reading the schedule: ended.\r\n");
    let (code, drawn) = terminal.finish();
    assert_eq!((code, drawn.contains('\u{1b}')), (Some(0), false), "{drawn}");
}

#[test]
fn nobody_is_told_over_a_pipe_or_when_it_is_to_be_quiet() {
    for more in [&[][..], &["--plain"], &["--quiet"]] {
        let (world, _league) = silent_league();
        let deadline = ["schedule", "--team", "BOS", "--deadline", "1s"];
        let ran = world.run([&deadline[..], more].concat());
        ran.exits_with(3).complains_of(&["not finished within 1 second"]);
        let mut command = world.command([&deadline[..], &["--quiet"]].concat());
        command.env("TERM", "xterm-256color");
        let (_, drawn) = Terminal::start(&command).finish();
        assert!(!drawn.contains("Reading the schedule"), "{drawn}");
    }
}
