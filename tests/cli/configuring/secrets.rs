//! Secrets come unseen, and are never shown.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::terminal::Terminal;
use crate::world::{Ran, World, finish};

/// Runs `config set key` with `input` on its standard input.
fn piped(world: &World, key: &str, input: &str) -> Ran {
    let mut command = world.command(["config", "set", key]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn no_secret_is_taken_from_the_command_line() {
    let world = World::new();
    for words in [
        ["client_secret", "hunter2"],
        ["session_store", "postgres://me:hunter2@db.example.com/nba"],
        ["session_store", "redis://:hunter2@localhost"],
    ] {
        let ran = world.run([&["config", "set"], &words[..]].concat());
        ran.exits_with(2).complains_of(&["everybody on this machine", "read from standard input"]);
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
        assert!(!world.config_file().exists());
    }
}

#[test]
fn a_secret_comes_over_a_pipe_and_is_shown_by_nobody() {
    let world = World::new();
    world.configure("client_id = \"mine\"\n");
    world.chmod(&world.config_file(), 0o644);
    let ran = piped(&world, "client_secret", "hunter2\n");
    assert!(!format!("{:?}", ran.exits_with(0)).contains("hunter2"), "{ran:?}");
    assert_eq!(world.configured(), "client_id = \"mine\"\nclient_secret = \"hunter2\"\n");
    // It is closed to others now, or nobody would read it.
    let ran = world.run(["config", "show"]);
    let text = &ran.exits_with(0).stdout;
    assert!(text.contains("client_secret  ***") && !text.contains("hunter2"), "{text}");
    let ran = piped(&world, "session_store", "redis://:hunter3@localhost/1\n");
    assert!(!format!("{:?}", ran.exits_with(0)).contains("hunter3"), "{ran:?}");
    let mut command = world.command(["config", "show", "--format", "json"]);
    command.env("NBATODO_SCHEDULE_URL", "https://feed.example.com/x?key=hunter4");
    let shown = finish(command);
    assert!(!format!("{:?}", shown.exits_with(0)).contains("hunter"), "{shown:?}");
    piped(&world, "client_secret", "").exits_with(2).complains_of(&["needs a value"]);
}

#[test]
fn a_secret_is_typed_unseen_at_a_terminal() {
    let world = World::new();
    let mut terminal = Terminal::start(&world.command(["config", "set", "client_secret"]));
    terminal.until_drawn("client_secret (not shown): ");
    assert!(!terminal.echoes());
    terminal.press("hunter2\n");
    let (code, drawn) = terminal.finish();
    assert_eq!(code, Some(0), "{drawn}");
    assert!(!drawn.contains("hunter2"), "{drawn}");
    assert_eq!(world.configured(), "client_secret = \"hunter2\"\n");
}

#[test]
fn a_secret_does_not_go_into_a_linked_file() {
    let world = World::new();
    let elsewhere = world.home().join("dotfiles.toml");
    std::fs::write(&elsewhere, "").unwrap();
    std::fs::create_dir_all(world.config_file().parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&elsewhere, world.config_file()).unwrap();
    piped(&world, "client_secret", "hunter2").exits_with(2).complains_of(&["it is a link"]);
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "");
}

#[test]
fn the_same_secret_again_closes_an_open_file() {
    let world = World::new();
    world.configure("client_id = \"mine\"\nclient_secret = \"hunter2\"\n");
    world.chmod(&world.config_file(), 0o644);
    piped(&world, "client_secret", "hunter2\n").exits_with(0);
    let mode = std::fs::metadata(world.config_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_address_that_is_none_is_not_repeated() {
    let world = World::new();
    for address in ["redis://:hunter2", "redis:hunter2", "postgres://me:hunter2"] {
        let mut command = world.command(["status"]);
        command.env("NBATODO_SESSION_STORE", address);
        let ran = finish(command);
        ran.exits_with(2).complains_of(&["NBATODO_SESSION_STORE cannot be"]);
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
}
