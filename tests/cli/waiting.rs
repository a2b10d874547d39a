//! The wait for the person, at a terminal and away from one.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};
use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::Terminal;
use crate::world::{PAT, RED, World, free_port, redirect_port};

/// The seconds that were said to be left, each once.
fn countdown(drawn: &str) -> BTreeSet<u32> {
    let before = drawn.split(" s left").map(|part| {
        let digits = part.trim_end().chars().rev().take_while(char::is_ascii_digit);
        digits.collect::<String>().chars().rev().collect::<String>()
    });
    before.filter_map(|digits| digits.parse().ok()).collect()
}

#[test]
fn the_seconds_left_are_shown_on_a_terminal() {
    for (arguments, prompt) in
        [(&["login", "--no-browser"][..], "Paste it here: "), (&["login"], "Ctrl-C ends the wait.")]
    {
        let world = World::new();
        let mut command = world.command(arguments);
        command.env("TERM", "xterm-256color").env("BROWSER", "true");
        // With a team, none is offered afterwards.
        command.env("NBATODO_TEAM", "BOS");
        let mut terminal = Terminal::start(&command);
        let url = terminal.address();
        terminal.until_drawn(prompt);
        terminal.until(|drawn| countdown(drawn).len() > 2);
        assert!(*countdown(&terminal.drawn()).last().unwrap() <= 300);
        world.decide(&url, RED, Decision::Allow);
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(0), "{drawn}");
    }
    // Nobody is there to see them.
    let world = World::new();
    let ran = world.run(["login", "--no-browser", "--timeout", "1"]);
    assert!(!ran.stderr.contains("s left"), "{ran:?}");
}

#[test]
fn ctrl_c_at_the_terminal_frees_the_port_and_stores_nothing() {
    for options in [&["--no-browser"][..], &[]] {
        let world = World::new();
        // A port that no other test's login takes.
        let port = free_port();
        let client = ["--client-id", "own", "--port", &port.to_string()];
        let mut command = world.command([&["login"], options, &client].concat());
        command.env("TERM", "xterm-256color").env("BROWSER", "true");
        command.env("NBATODO_CLIENT_SECRET", "hunter2");
        let mut terminal = Terminal::start(&command);
        assert_eq!(redirect_port(&terminal.address()), port);
        terminal.until_drawn(" s left");
        terminal.press("\u{3}");
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(130), "{drawn}");
        assert!(
            drawn.contains("interrupted\r\n  Run the same command again.")
                && !drawn.contains("Whoever"),
            "{drawn}"
        );
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        TcpListener::bind((Ipv6Addr::LOCALHOST, port)).unwrap();
        assert!(!world.session_file("default").exists());
        assert_eq!(world.sandbox.live_tokens(), 0);
    }
}

#[test]
fn ctrl_c_leaves_whoever_was_signed_in_before_and_says_so() {
    let world = World::new();
    world.sign_in("default", RED);
    let login = world.start_login(world.command(["login", "--no-browser"]));
    kill_process(Pid::from_child(&login.child), Signal::INT).unwrap();
    let ran = login.finish();
    ran.exits_with(130);
    assert!(
        ran.stderr.ends_with("interrupted. Whoever was signed in before still is.\n"),
        "{ran:?}"
    );
    assert!(world.run(["status"]).exits_with(0).stdout.contains(RED));
}

#[test]
fn ctrl_c_behind_the_sign_in_says_that_it_stands() {
    let world = World::new();
    world.sign_in("default", RED);
    let login = world.start_login(world.command(["login", "--no-browser"]));
    // The sign-in before is to be revoked, and Todoist hangs.
    world.sandbox.inject(Fault::next("/api/v1/revoke", Effect::Hang));
    world.decide(&login.url, PAT, Decision::Allow);
    for signal in [Signal::INT, Signal::TERM] {
        kill_process(Pid::from_child(&login.child), signal).unwrap();
    }
    let ran = login.finish();
    ran.exits_with(130);
    let said = "interrupted. You are signed in all the same; look with: nbatodo status\n";
    assert!(ran.stderr.ends_with(said), "{ran:?}");
    assert!(world.run(["status"]).exits_with(0).stdout.contains(PAT));
}

#[test]
fn an_address_is_pasted_at_the_terminal() {
    let world = World::new();
    let mut terminal = Terminal::start(&world.command(["login", "--no-browser"]));
    let url = terminal.address();
    terminal.until_drawn("Paste it here: ");
    terminal.press("what is this\n");
    terminal.until_drawn("cannot be used");
    let redirect = world.consent(&url, RED);
    terminal.press(&format!("{redirect}\n"));
    terminal.skip_the_teams();
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert!(drawn.contains("Signed in as Red Auerbach"), "{drawn}");
}

#[test]
fn the_address_is_a_link_on_a_terminal_that_has_them() {
    let world = World::new();
    for (name, value, linked) in [("VTE_VERSION", "6800", true), ("TERM", "xterm", false)] {
        let mut command = world.command(["login", "--no-browser"]);
        command.env(name, value);
        let mut terminal = Terminal::start(&command);
        terminal.until_drawn("Paste it here: ");
        terminal.press("\u{3}");
        let (_, drawn) = terminal.finish();
        assert_eq!(drawn.contains("\u{1b}]8;;http://"), linked, "{drawn}");
        assert_eq!(drawn.contains("\u{1b}]8;;\u{1b}\\\r\n"), linked, "{drawn}");
    }
}

#[test]
fn a_dumb_terminal_gets_plain_lines() {
    let world = World::new();
    let mut command = world.command(["login", "--no-browser"]);
    command.env("TERM", "dumb").env("FORCE_HYPERLINK", "1");
    let mut terminal = Terminal::start(&command);
    terminal.until_drawn("Ctrl-C ends the wait");
    let redirect = world.consent(&terminal.address(), RED);
    terminal.press(&format!("{redirect}\n"));
    let (code, drawn) = terminal.finish();
    assert_eq!((code, drawn.contains('\u{1b}')), (Some(0), false), "{drawn}");
}

#[test]
fn a_login_in_the_background_of_a_terminal_is_not_stopped_by_it() {
    let world = World::new();
    let script = format!("set -m; {} login --no-browser & wait", env!("CARGO_BIN_EXE_nbatodo"));
    let mut terminal = Terminal::start(&world.shell(&script));
    let url = terminal.address();
    terminal.until_drawn("Ctrl-C ends the wait");
    world.decide(&url, RED, Decision::Allow);
    let (_, drawn) = terminal.finish();
    assert!(drawn.contains("Signed in as Red Auerbach"), "{drawn}");
}

#[test]
fn a_clients_secret_is_asked_for_unseen_and_kept_for_the_logout() {
    let world = World::new();
    let port = free_port().to_string();
    let own = world.sandbox.own_client(&format!("http://localhost:{port}/callback"));
    let arguments = ["login", "--no-browser", "--client-id", &own.id, "--port", &port];
    let mut terminal = Terminal::start(&world.command(arguments));
    terminal.until_drawn("Secret of the client ");
    terminal.until_drawn("(Enter if it has none): ");
    terminal.press(&format!("{}\r", own.secret));
    let url = terminal.address();
    assert!(terminal.echoes());
    world.decide(&url, RED, Decision::Allow);
    terminal.skip_the_teams();
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert!(!drawn.contains(&own.secret), "the secret was shown");

    // It is not asked for again, and the logout has no need to be told.
    let mut again = Terminal::start(&world.command(arguments));
    let url = again.address();
    world.decide(&url, RED, Decision::Allow);
    again.skip_the_teams();
    let (code, drawn) = again.finish();
    assert_eq!((code, drawn.contains("Secret of")), (Some(0), false), "{drawn}");
    world.run(["logout"]).exits_with(0);
    assert_eq!(world.sandbox.live_tokens(), 0);
}

#[test]
fn the_terminal_shows_what_is_typed_again_after_a_broken_off_question() {
    let world = World::new();
    let by_key = |terminal: &mut Terminal| terminal.press("\u{3}");
    let by_signal = |terminal: &mut Terminal| {
        kill_process(Pid::from_child(&terminal.child), Signal::TERM).unwrap();
    };
    for end in [by_key as fn(&mut Terminal), by_signal] {
        let mut terminal = Terminal::start(&world.command(["login", "--client-id", "mine"]));
        terminal.until_drawn("Secret of the client mine");
        while terminal.echoes() {
            std::thread::yield_now();
        }
        end(&mut terminal);
        terminal.until_drawn("interrupted");
        assert!(terminal.echoes());
        assert_eq!(terminal.finish().0, Some(130));
    }
}

#[test]
fn nobody_coming_is_said_with_how_to_go_on() {
    let world = World::new();
    let ran = world.run(["login", "--no-browser", "--timeout", "1", "--profile", "work"]);
    ran.exits_with(4);
    let last = ran.stderr.lines().last().unwrap();
    for part in ["within 1 second", "the same command again with --timeout 15m", "--no-browser"] {
        assert!(last.contains(part), "{last}");
    }
    assert!(!world.session_file("work").exists());
}

#[test]
fn a_second_login_says_who_is_signed_in_and_replaces_only_after_success() {
    let world = World::new();
    world.sign_in("default", RED);
    let before = world.keys();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    assert!(
        login.said().contains("Signed in now: Red Auerbach <red@example.com>"),
        "{}",
        login.said()
    );
    world.decide(&login.url, PAT, Decision::Deny);
    login.finish().exits_with(4);
    assert!(world.run(["status"]).exits_with(0).stdout.contains(RED));
    assert_eq!((world.sandbox.live_tokens(), world.keys()), (1, before.clone()));

    let login = world.start_login(world.command(["login", "--no-browser"]));
    world.decide(&login.url, PAT, Decision::Allow);
    let ran = login.finish();
    assert!(ran.exits_with(0).stdout.contains("The earlier session of red@example.com"), "{ran:?}");
    assert!(world.run(["status"]).exits_with(0).stdout.contains(PAT));
    let after = world.keys();
    assert_eq!((world.sandbox.live_tokens(), after.len()), (1, before.len()));
    assert_eq!(after.intersection(&before).count(), before.len() - 1, "the old key is left");
}
