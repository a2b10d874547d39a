//! Environments in which there is next to nothing, and what of them matters.

use std::fs;
use std::process::Command;

use crate::doctor::Examined;
use crate::world::{World, finish, free_port, skip};

#[test]
fn with_nothing_in_the_environment_it_says_what_it_misses() {
    let world = World::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nbatodo"));
    command.args(["doctor", "--offline", "--format", "json", "--key-store", "keyring"]);
    command.env_clear().env("HOME", world.home()).env("XDG_RUNTIME_DIR", world.home());
    let examined = Examined::by(command);
    examined.finds("settings file", "ok", &["none at ~/.config/nbatodo/config.toml"]);
    examined.finds("browser", "ok", &["no screen", "--no-browser"]);
    examined.finds("key store", "problem", &["no keyring can be reached", "--key-store"]);
    examined.finds("session", "skipped", &["the key store does not work"]);
    examined.has_problems_only_in(&["key store"]);
}

#[test]
fn the_store_that_stands_in_is_the_one_that_is_named() {
    let world = World::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nbatodo"));
    command.args(["doctor", "--offline", "--format", "json"]);
    command.env_clear().env("HOME", world.home()).env("XDG_RUNTIME_DIR", world.home());
    let said = Examined::by(command).ran.stdout;
    if !said.contains("so no keyring service can be asked") {
        return skip("a session bus of this user is there");
    }
    assert!(!said.contains("Secret Service"), "{said}");
}

#[test]
fn a_database_that_is_away_is_not_called_ok() {
    let world = World::new();
    let mut command = world.doctor();
    command.arg("--offline");
    command.env("NBATODO_SESSION_STORE", format!("redis://127.0.0.1:{}", free_port()));
    let examined = Examined::by(command);
    examined.finds("session store", "problem", &["redis://127.0.0.1", "cannot be reached"]);
    examined.finds("key store", "problem", &["cannot be reached"]);
}

#[test]
fn without_a_home_directory_the_rest_is_looked_at() {
    let world = World::new();
    let binary = world.home().join("nbatodo");
    fs::copy(env!("CARGO_BIN_EXE_nbatodo"), &binary).unwrap();
    world.chmod(world.home(), 0o755);
    world.chmod(&binary, 0o755);
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "54321", "--regid", "54321", "--clear-groups"]).arg(&binary);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    if !command.args(["--version"]).output().is_ok_and(|it| it.status.success()) {
        return skip("only root becomes a user without a home");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "54321", "--regid", "54321", "--clear-groups"]).arg(&binary);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.args(["doctor", "--offline", "--format", "json"]);
    let examined = Examined::by(command);
    examined.finds("home directory", "problem", &["no home directory", "export HOME"]);
    examined.finds("redirect ports", "ok", &[]).has_problems_only_in(&["home directory"]);
}

#[test]
fn the_browser_that_would_open_is_named() {
    let world = World::new();
    let with = |set: &[(&str, &str)]| {
        let mut command = world.doctor();
        command.arg("--offline").envs(set.iter().copied());
        Examined::by(command)
    };
    with(&[("SSH_CONNECTION", "1")]).finds("browser", "ok", &["SSH", "login --no-browser"]);
    with(&[("BROWSER", "/nowhere/a:sh -c %s")]).finds("browser", "ok", &["sh, from BROWSER"]);
    let none = with(&[("BROWSER", "/nowhere/a")]);
    none.finds("browser", "warning", &["nothing that BROWSER names", "--no-browser"]);
    let folder = world.home().join("bin");
    fs::create_dir(&folder).unwrap();
    let path = folder.to_str().unwrap();
    let none = with(&[("DISPLAY", ":0"), ("PATH", path)]);
    none.finds("browser", "warning", &["nothing that opens pages"]).has_problems_only_in(&[]);
    fs::write(folder.join("xdg-open"), "").unwrap();
    world.chmod(&folder.join("xdg-open"), 0o755);
    let found = with(&[("DISPLAY", ":0"), ("PATH", path)]);
    found.finds("browser", "ok", &["xdg-open"]);
}

#[test]
fn a_token_from_outside_is_named_and_not_shown() {
    let world = World::new();
    let file = world.home().join("token");
    let with_file = || {
        let mut command = world.doctor();
        command.arg("--offline").env("NBATODO_TOKEN_FILE", &file);
        Examined::by(command)
    };
    fs::write(&file, "hunter2\n").unwrap();
    world.chmod(&file, 0o600);
    let good = with_file();
    good.finds("token", "ok", &["~/token", "no session is read"]).has_problems_only_in(&[]);
    assert!(!good.ran.stdout.contains("hunter2"));
    world.chmod(&file, 0o644);
    with_file().finds("token", "problem", &["chmod 600 ~/token"]);
    fs::write(&file, "\n").unwrap();
    world.chmod(&file, 0o600);
    with_file().finds("token", "problem", &["which is empty"]);
    fs::remove_file(&file).unwrap();
    super::folders::make_fifo(&file);
    with_file().finds("token", "problem", &["not a regular file"]);
}

#[test]
fn there_is_no_table_and_no_calendar_of_it() {
    let world = World::new();
    for format in ["csv", "ics"] {
        finish(world.command(["doctor", "--format", format])).exits_with(2);
    }
}
