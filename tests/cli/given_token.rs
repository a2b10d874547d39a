//! A token from outside beside a session: one has nothing to do with the other.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::feed::{celtics_games, text};
use crate::world::{PAT, RED, Ran, World, finish};

/// A world in which `PAT` is signed in, and the personal API token of `RED` lies in a file.
fn world() -> (World, PathBuf) {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    world.sign_in("default", PAT);
    let file = world.home().join("token");
    fs::write(&file, world.sandbox.personal_token(RED).unwrap()).unwrap();
    world.chmod(&file, 0o600);
    (world, file)
}

fn with_file(world: &World, file: &PathBuf, arguments: &[&str]) -> Ran {
    let mut command = world.command(arguments);
    command.env("NBATODO_TOKEN_FILE", file);
    finish(command)
}

#[test]
fn a_session_that_is_there_is_neither_read_nor_written() {
    let (world, file) = world();
    let session = world.session_file("default");
    let mut damaged = fs::read(&session).unwrap();
    let last = damaged.len() - 2;
    damaged[last] ^= 1;
    fs::write(&session, &damaged).unwrap();
    let keys = world.keys();
    let status = with_file(&world, &file, &["status", "--format", "json"]);
    let status = status.exits_with(0).json();
    assert_eq!(status["account"]["email"], RED);
    assert_eq!(status["credential"], "NBATODO_TOKEN_FILE");
    assert!(
        ["expires_at", "scopes", "stays_signed_in", "key_store"]
            .iter()
            .all(|it| status[it].is_null())
    );
    with_file(&world, &file, &["import", "--team", "BOS"]).exits_with(0);
    assert_eq!((world.tasks(RED).len(), world.tasks(PAT).len()), (3, 0));
    with_file(&world, &file, &["logout"]).exits_with(2);
    assert_eq!(fs::read(&session).unwrap(), damaged);
    assert_eq!(world.keys(), keys);
    // Without it, the damage shows.
    world.run(["status"]).exits_with(4);
}

#[test]
fn it_may_delete_what_only_todoist_knows_and_no_key_store_has_to_answer() {
    let (world, file) = world();
    let run = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("NBATODO_TOKEN_FILE", &file).env("NBATODO_KEY_FILE", "/nowhere/key");
        finish(command)
    };
    run(&["import", "--team", "BOS"]).exits_with(0);
    run(&["remove", "--team", "BOS", "--yes"]).exits_with(0);
    assert!(world.tasks(RED).is_empty());
}

#[test]
fn its_file_is_a_plain_one_that_nobody_else_reads() {
    let (world, file) = world();
    // As a service manager makes one.
    world.chmod(&file, 0o400);
    with_file(&world, &file, &["status"]).exits_with(0);
    let link = world.home().join("link");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let pipe = world.home().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for other in [link, pipe, world.home().to_owned(), world.home().join("none")] {
        let ran = with_file(&world, &other, &["status"]);
        ran.exits_with(2).complains_of(&["NBATODO_TOKEN_FILE"]);
    }
    for mode in [0o640, 0o604, 0o660] {
        world.chmod(&file, mode);
        let ran = with_file(&world, &file, &["status"]);
        ran.exits_with(2).complains_of(&["chmod 600"]);
    }
}
