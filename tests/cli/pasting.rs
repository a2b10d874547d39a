//! Signing in with a browser elsewhere: its last address comes back on standard input.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};

use nbatodo::sandbox::visitor::Decision;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::Terminal;
use crate::world::{RED, WaitingLogin, World, free_port};

const TOKEN: &str = "/oauth/access_token";

fn login_that_reads(world: &World) -> WaitingLogin {
    world.start_login(reading(world.command(["login", "--no-browser"])))
}

fn reading(mut command: Command) -> Command {
    command.stdin(Stdio::piped());
    command
}

fn paste(login: &mut WaitingLogin, line: &str) {
    let mut stdin = login.child.stdin.take().unwrap();
    stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    login.child.stdin = Some(stdin);
}

#[test]
fn the_pasted_address_or_its_code_and_state_sign_in() {
    let world = World::new();
    let whole = |redirect: &url::Url| redirect.to_string();
    let query = |redirect: &url::Url| redirect.query().unwrap().to_owned();
    for (serial, shape) in [whole as fn(&url::Url) -> String, query].into_iter().enumerate() {
        // A port that no other test's login takes.
        let port = free_port();
        let own = world.sandbox.own_client(&format!("http://localhost:{port}/callback"));
        let mut command = world.command(["login", "--no-browser", "--port", &port.to_string()]);
        command.env("NBATODO_CLIENT_ID", own.id).env("NBATODO_CLIENT_SECRET", own.secret);
        let mut login = world.start_login(reading(command));
        let redirect = world.consent(&login.url, RED);
        paste(&mut login, &shape(&redirect));
        let ran = login.finish();
        assert!(ran.exits_with(0).stdout.contains(RED), "{ran:?}");
        assert!(!ran.stderr.contains(redirect.query().unwrap()), "the code was repeated: {ran:?}");
        assert_eq!(world.asked(TOKEN), serial + 1, "exchanged once");
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        world.run(["status"]).exits_with(0);
    }
}

#[test]
fn a_pasted_denial_is_one() {
    let world = World::new();
    let mut login = login_that_reads(&world);
    let redirect = world.redirect(&login.url, RED, Decision::Deny);
    paste(&mut login, redirect.as_str());
    let ran = login.finish();
    assert!(ran.exits_with(4).stderr.contains("access was denied"), "{ran:?}");
}

#[test]
fn a_wrong_paste_gets_one_line_and_the_wait_goes_on() {
    let world = World::new();
    let mut login = login_that_reads(&world);
    let redirect = world.consent(&login.url, RED);
    let foreign = redirect.as_str().replace("state=", "state=x");
    for (line, why) in [
        (foreign.as_str(), "another sign-in"),
        ("https://evil.example/callback?code=a&state=b", "not the address"),
        ("hello", "no code and state"),
        (login.url.clone().as_str(), "not the address"),
    ] {
        paste(&mut login, line);
        login.until_said(why);
        paste(&mut login, "");
    }
    paste(&mut login, redirect.as_str());
    let ran = login.finish();
    ran.exits_with(0);
    assert_eq!(ran.stderr.matches("cannot be used").count(), 4, "{ran:?}");
    assert!(!ran.stderr.contains("evil.example"), "{ran:?}");
    assert_eq!(world.asked(TOKEN), 1);
}

/// Ten thousand lines, none of which is the redirect that begins with `near`.
fn random_lines(near: String) -> Vec<u8> {
    let line = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        "[ -~]{0,60}".prop_map(String::into_bytes),
        "[A-Za-z0-9_-]{1,43}".prop_map(move |state| format!("{near}{state}").into()),
    ];
    let mut runner = TestRunner::deterministic();
    let mut lines = Vec::new();
    for _ in 0..10_000 {
        let random = line.new_tree(&mut runner).unwrap().current();
        lines.extend(random.into_iter().filter(|byte| *byte != b'\n'));
        lines.push(b'\n');
    }
    lines
}

#[test]
fn ten_thousand_random_pastes_sign_nobody_in() {
    let world = World::new();
    let mut login = login_that_reads(&world);
    let redirect = world.consent(&login.url, RED);
    let (near, _) = redirect.as_str().split_once("state=").unwrap();
    let mut lines = random_lines(format!("{near}state="));
    lines.extend(format!("{redirect}\n").into_bytes());
    let mut stdin = login.child.stdin.take().unwrap();
    let ran = std::thread::scope(|scope| {
        // It says something to each, which has to be read meanwhile.
        scope.spawn(move || stdin.write_all(&lines).unwrap());
        login.finish()
    });
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.matches("cannot be used").count() > 9_000);
    assert!(!ran.stderr.contains("broken at"), "a panic");
    assert_eq!(world.asked(TOKEN), 1, "another code than the true one was exchanged");
}

#[test]
fn the_listener_waits_as_well_and_an_open_input_does_not_keep_the_process() {
    let world = World::new();
    let mut login = login_that_reads(&world);
    let stdin = login.child.stdin.take().unwrap();
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
    drop(stdin);

    let mut login = login_that_reads(&world);
    let stdin = login.child.stdin.take().unwrap();
    kill_process(Pid::from_child(&login.child), Signal::INT).unwrap();
    login.finish().exits_with(130);
    drop(stdin);
}

#[test]
fn an_input_that_ends_neither_ends_the_wait_nor_keeps_it_busy() {
    let world = World::new();
    let mut login = login_that_reads(&world);
    drop(login.child.stdin.take());
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);

    std::thread::scope(|scope| {
        for input in ["< /dev/null", "<&-", "< /dev/zero", "< \"$HOME\""] {
            scope.spawn(|| waits_idly(&world, input));
        }
    });
}

/// Lets a login wait for nobody, with `input` redirected that way. `times` prints what the shell
/// and then its children have computed, in minutes and seconds.
fn waits_idly(world: &World, input: &str) {
    let binary = env!("CARGO_BIN_EXE_nbatodo");
    let script = format!("{binary} login --no-browser --timeout 3 {input} 2>&1; echo $?; times");
    let said = String::from_utf8(world.shell(&script).output().unwrap().stdout).unwrap();
    assert!(said.contains("within 3 s") && said.contains("\n4\n"), "{input}: {said}");
    let used = said.lines().last().unwrap();
    assert!(used.split_whitespace().all(|time| time.starts_with("0m0.")), "{input}: {used}");
}

/// Puts a program of that name first on the path, which runs `body` in a shell.
fn program(world: &World, command: &mut Command, name: &str, body: &str) {
    let folder = world.home().join("programs");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    world.chmod(&path, 0o700);
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(folder).chain(std::env::split_paths(&rest));
    command.env("PATH", std::env::join_paths(all).unwrap());
}

#[test]
fn somebody_who_came_by_ssh_gets_the_address_and_no_browser_here() {
    for variable in ["SSH_CONNECTION", "SSH_TTY"] {
        let world = World::new();
        let mut command = world.command(["login"]);
        command.env(variable, "192.0.2.1 1 192.0.2.2 22").env("DISPLAY", ":99").env("USER", "ann");
        command.stdin(Stdio::piped());
        program(&world, &mut command, "xdg-open", "touch \"$HOME/opened\"");
        let mut login = world.start_login(command);
        assert!(login.said().contains("by SSH"), "{}", login.said());
        let port = login.port();
        // One of the two variables tells where the person has come to.
        let here = if variable == "SSH_CONNECTION" { "ann@192.0.2.2" } else { "HOST" };
        login.until_said(&format!("\nssh -L {port}:localhost:{port} {here}\n"));
        let redirect = world.consent(&login.url, RED);
        paste(&mut login, redirect.as_str());
        login.finish().exits_with(0);
        assert!(!world.home().join("opened").exists());
    }
}

#[test]
fn a_browser_that_is_named_opens_even_by_ssh() {
    let world = World::new();
    let mut command = world.command(["login"]);
    command.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22").env("BROWSER", "true");
    let login = world.start_login(command);
    assert!(login.said().contains("Your browser opens"), "{}", login.said());
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
}

#[test]
fn where_no_browser_is_found_a_paste_signs_in() {
    let nowhere = |_: &World, _: &mut Command| {};
    let missing = |_: &World, command: &mut Command| {
        command.env("BROWSER", "/nowhere/browser");
    };
    // What opens pages starts, finds no browser, and says so by its exit code.
    let failing = |world: &World, command: &mut Command| {
        command.env("DISPLAY", ":99");
        program(world, command, "xdg-open", "exit 3");
    };
    type Setting = fn(&World, &mut Command);
    for (setting, why) in [
        (nowhere as Setting, "no screen"),
        (missing, "could be started"),
        (failing, "could be opened"),
    ] {
        let world = World::new();
        let mut command = world.command(["login"]);
        command.stdin(Stdio::piped());
        setting(&world, &mut command);
        let mut login = world.start_login(command);
        login.until_said(why);
        login.until_said("paste that page's address here");
        let redirect = world.consent(&login.url, RED);
        paste(&mut login, redirect.as_str());
        login.finish().exits_with(0);
    }
}

#[test]
fn a_terminal_that_belongs_to_another_session_takes_a_paste() {
    // As "su -c" and setsid leave it: the streams lead there, and nothing controls it.
    let world = World::new();
    let model = world.command(["login", "--no-browser"]);
    let mut login = Command::new("setsid");
    login.arg("--wait").arg(model.get_program()).args(model.get_args()).env("NBATODO_TEAM", "BOS");
    login.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut terminal = Terminal::start(&login);
    let url = terminal.address();
    terminal.until_drawn("Ctrl-C ends the wait");
    terminal.press(&format!("{}\r", world.consent(&url, RED)));
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert!(drawn.contains("Paste it here") && drawn.contains("Signed in as"), "{drawn}");
}

#[test]
fn the_address_stands_alone_on_its_line_and_a_pipe_gets_no_escapes() {
    let world = World::new();
    let mut command = world.command(["login", "--no-browser"]);
    command.env("FORCE_HYPERLINK", "1").env("VTE_VERSION", "6800").env("TERM", "xterm-256color");
    let login = world.start_login(command);
    world.decide(&login.url, RED, Decision::Allow);
    let ran = login.finish();
    assert!(!ran.exits_with(0).stderr.contains('\u{1b}'), "{ran:?}");
}
