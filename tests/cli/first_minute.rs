//! What a person sees who types `nbatodo` and nothing else, and right after a sign-in.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use nbatodo::sandbox::visitor::Decision;

use crate::doctor::make_fifo;
use crate::feed::{celtics_games, text};
use crate::terminal::Terminal;
use crate::world::{RED, World, finish};

/// What `nbatodo` alone says, which fits a small terminal.
fn guide(world: &World) -> String {
    let ran = world.run::<&str>([]);
    ran.exits_with(0);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.lines().count() <= 12, "{ran:?}");
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{ran:?}");
    ran.stdout
}

#[test]
fn the_guide_knows_where_a_person_stands() {
    let world = World::new();
    let said = guide(&world);
    for line in ["Signed in  no\n", "Team       none yet", "Next       nbatodo login\n"] {
        assert!(said.contains(line), "{said}");
    }
    world.sign_in("default", RED);
    let said = guide(&world);
    assert!(said.contains(&format!("<{RED}>, until ")), "{said}");
    assert!(said.contains("Next       for instance nbatodo config set team BOS\n"), "{said}");
    world.run(["config", "set", "team", "BOS"]).exits_with(0);
    let said = guide(&world);
    assert!(said.contains("Team       Celtics\n") && said.contains("Next       nbatodo import\n"));

    let other = world.run(["--profile", "anna"]);
    assert!(other.exits_with(0).stdout.contains("nbatodo login --profile anna"), "{other:?}");
    // Where somebody else has signed in, that is said.
    let said = "Others     default: nbatodo --profile default\n";
    assert!(other.stdout.contains(said), "{other:?}");
}

#[test]
fn the_guide_asks_nobody() {
    let mut world = World::new();
    world.sign_in("default", RED);
    world.stop_sandbox();
    let asked = world.sandbox.requests().len();
    assert!(guide(&world).contains(RED));
    assert_eq!(world.sandbox.requests().len(), asked);
    // Where the key does not lie, nobody is signed in.
    let mut command = world.command::<&str>([]);
    command.env_remove("NBATODO_KEY_FILE").env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let ran = finish(command);
    let said = &ran.exits_with(0).stdout;
    assert!(
        said.contains("Signed in  no: the key of the session of \"default\" lies in a key file"),
        "{said}"
    );
    let mut command = world.command::<&str>([]);
    command.env("NBATODO_SESSION_STORE", "redis://localhost:1/0");
    let ran = finish(command);
    let said = &ran.exits_with(0).stdout;
    assert!(said.contains("not known: the session store redis://localhost:1/0 cannot"), "{said}");
    assert!(said.contains("Next       nbatodo status\n"), "{said}");
}

#[test]
fn the_guide_is_a_document_for_a_script() {
    let world = World::new();
    world.configure("team = [\"BOS\", \"LAL\"]\n");
    let document = world.run(["--format", "json"]).exits_with(0).json();
    assert_eq!((&document["command"], &document["schema_version"]), (&"guide".into(), &1.into()));
    assert_eq!(document["signed_in"], false);
    assert_eq!(document["team"], serde_json::json!(["Celtics", "Lakers"]));
    assert_eq!(document["next"], "nbatodo login");
}

#[test]
fn the_guide_works_with_a_faulty_file_and_says_what_repairs_it() {
    let world = World::new();
    world.configure("tema = \"BOS\"\n");
    let ran = world.run::<&str>([]);
    let said = &ran.exits_with(0).stdout;
    assert!(said.contains("line 1") && said.contains("Next       nbatodo config unset tema\n"));
    let help = world.run(["--help"]);
    assert!(help.exits_with(0).stdout.contains("Usage: nbatodo"), "{help:?}");
}

/// A login at a terminal, with a browser that leaves its address in a file.
fn login(world: &World) -> Command {
    let browser = world.home().join("browser");
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", asked(world).display());
    fs::write(&browser, script).unwrap();
    world.chmod(&browser, 0o755);
    let mut command = world.command(["login"]);
    command.env("BROWSER", browser).env("TERM", "xterm-256color").env("TZ", "UTC");
    command.env("NO_COLOR", "1");
    command
}

fn asked(world: &World) -> PathBuf {
    world.home().join("asked")
}

/// Starts it, and gives the consent that it asks for.
fn signed_in(world: &World, command: &Command) -> Terminal {
    world.serve_feed(text(&celtics_games(5)));
    let mut terminal = Terminal::start(command);
    let url = terminal.address();
    world.decide(&url, RED, Decision::Allow);
    terminal
}

#[test]
fn after_a_sign_in_a_team_is_chosen_and_its_next_games_are_shown() {
    let world = World::new();
    let mut terminal = signed_in(&world, &login(&world));
    terminal.until_drawn("Your team");
    terminal.press("celt");
    terminal.until_drawn("> Boston Celtics (BOS)");
    terminal.press("\r");
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert_eq!(world.configured(), "team = \"BOS\"\n");
    let (before, after) = drawn.split_once("Your team is the Celtics now").unwrap();
    assert!(!before.contains("Next: "), "{before}");
    assert!(after.contains("3 games") && after.ends_with("Next: nbatodo import\r\n"), "{after}");
    assert!(drawn.contains("Signed in as "), "{drawn}");
    // The second time nothing is asked.
    let (code, drawn) = signed_in(&world, &login(&world)).finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert!(!drawn.contains("Your team") && drawn.contains("3 games"), "{drawn}");
    assert!(drawn.ends_with("Next: nbatodo import\r\n"), "{drawn}");
    assert_eq!(drawn.matches("Next: ").count(), 1, "{drawn}");
    // What is to be typed has its colour.
    let mut colored = login(&world);
    colored.env_remove("NO_COLOR");
    let (_, drawn) = signed_in(&world, &colored).finish();
    let (_, next) = drawn.split_once("Next: \u{1b}[").unwrap();
    assert!(next.ends_with("mnbatodo import\u{1b}[0m\r\n"), "{drawn}");
}

#[test]
fn a_team_of_another_profile_goes_into_its_table() {
    let world = World::new();
    let mut command = login(&world);
    command.args(["--profile", "anna"]);
    let mut terminal = signed_in(&world, &command);
    terminal.until_drawn("Your team");
    terminal.press("lakers");
    terminal.until_drawn("> Los Angeles Lakers (LAL)");
    terminal.press("\r");
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert_eq!(world.configured(), "[profiles.anna]\nteam = \"LAL\"\n");
    assert!(drawn.contains("Next: nbatodo import --profile anna"), "{drawn}");
}

#[test]
fn who_skips_the_list_or_breaks_it_off_stays_signed_in() {
    for key in ["\u{1b}", "\u{3}"] {
        let world = World::new();
        let mut terminal = signed_in(&world, &login(&world));
        terminal.until_drawn("Your team");
        terminal.press(key);
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(0), "{key:?}: {drawn}");
        assert!(drawn.contains("nbatodo config set team BOS"), "{key:?}: {drawn}");
        assert!(drawn.ends_with("Next: nbatodo import --team BOS\r\n"), "{key:?}: {drawn}");
        let (hidden, shown) = (drawn.rfind("\u{1b}[?25l"), drawn.rfind("\u{1b}[?25h"));
        assert!(hidden.is_some() && shown > hidden, "the cursor is back: {drawn}");
        assert!(!world.config_file().exists());
        world.run(["status"]).exits_with(0);
    }
}

#[test]
fn no_list_where_it_cannot_be_drawn() {
    let world = World::new();
    let mut dumb = login(&world);
    dumb.env("TERM", "dumb");
    let (code, drawn) = signed_in(&world, &dumb).finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert!(drawn.contains("nbatodo config set team BOS"), "{drawn}");
    assert!(!drawn.contains("Your team"), "{drawn}");
}

/// What reads the address has let go of the terminal by then: every key reaches the list.
#[test]
fn whoever_could_paste_the_address_is_offered_the_list_too() {
    for pastes in [true, false] {
        let world = World::new();
        world.serve_feed(text(&celtics_games(5)));
        let mut command = world.command(["login", "--no-browser"]);
        command.env("TERM", "xterm-256color").env("TZ", "UTC").env("NO_COLOR", "1");
        let mut terminal = Terminal::start(&command);
        let url = terminal.address();
        terminal.until_drawn("Paste it here: ");
        if pastes {
            let redirect = world.consent(&url, RED);
            terminal.press(&format!("{redirect}\n"));
        } else {
            // Half a line that nobody ends is no answer to what is asked next.
            terminal.press("lakers");
            world.decide(&url, RED, Decision::Allow);
        }
        terminal.until_drawn("> Atlanta Hawks (ATL)");
        terminal.press("celt");
        terminal.until_drawn("> Boston Celtics (BOS)");
        terminal.press("\r");
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(0), "{drawn}");
        assert_eq!(world.configured(), "team = \"BOS\"\n", "{drawn}");
        assert!(drawn.ends_with("Next: nbatodo import\r\n"), "{drawn}");
    }
}

#[test]
fn without_a_terminal_or_with_less_to_say_nothing_is_asked() {
    let world = World::new();
    let ran = world.sign_in("default", RED);
    assert!(ran.stdout.ends_with("Next: nbatodo import --team BOS\n"), "{ran:?}");
    assert!(!ran.stderr.contains("config set"), "{ran:?}");
    // The browser alone is told the address then.
    make_fifo(&asked(&world));
    for option in [&["--quiet"][..], &["--format", "json"]] {
        let mut command = login(&world);
        command.args(option);
        let terminal = Terminal::start(&command);
        let url = fs::read_to_string(asked(&world)).unwrap();
        world.decide(&url.parse().unwrap(), RED, Decision::Allow);
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(0), "{drawn}");
        assert!(!drawn.contains("Your team") && !drawn.contains("config set"), "{drawn}");
    }
}

#[test]
fn a_schedule_that_cannot_be_had_does_not_spoil_a_sign_in() {
    let world = World::new();
    let mut command = login(&world);
    // Where the copy of the schedule would lie, there is a file.
    fs::write(world.home().join(".cache"), "").unwrap();
    command.env("NBATODO_TEAM", "BOS");
    let (code, drawn) = signed_in(&world, &command).finish();
    assert_eq!(code, Some(0), "{drawn}");
}
