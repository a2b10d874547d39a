//! Key files: made, named, handed over by systemd, and refused.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::world::{RED, Ran, World, finish};

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// The binary with the key file at `path`.
fn with_key(world: &World, arguments: &[&str], path: &Path) -> Command {
    let mut command = world.command(arguments);
    command.env("NBATODO_KEY_FILE", path);
    command
}

fn make_key(world: &World, path: &Path) -> Ran {
    world.run([Path::new("doctor"), Path::new("--make-key"), path])
}

fn key_in(path: &Path) -> Vec<u8> {
    STANDARD.decode(fs::read_to_string(path).unwrap().trim()).unwrap()
}

#[test]
fn one_is_made_and_signs_in_and_is_never_made_again() {
    let world = World::new();
    let path = world.home().join("my keys/nbatodo");
    let made = make_key(&world, &path);
    let next = made.exits_with(0).stdout.lines().find_map(|line| line.strip_prefix("Next: "));
    assert!(made.stdout.contains("LoadCredential=nbatodo-key:"), "{made:?}");
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let key = key_in(&path);
    assert_eq!(key.len(), 32);

    // What it says to type next is typed.
    let login = format!("{}; exec \"$0\" login --no-browser", next.unwrap());
    let mut shell = world.shell(&login);
    shell.arg(env!("CARGO_BIN_EXE_nbatodo"));
    world.sign_in_by(shell, RED);
    let status = finish(with_key(&world, &["status"], &path));
    let store = format!("the key file {} (named by NBATODO_KEY_FILE)", path.display());
    assert!(status.exits_with(0).stdout.contains(&store), "{status:?}");

    make_key(&world, &path).exits_with(1).complains_of(&["is there already"]);
    assert_eq!(key_in(&path), key);
}

#[test]
fn one_that_systemd_hands_over_is_found_by_itself() {
    let world = World::new();
    let credentials = world.home().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let key = credentials.join("nbatodo-key");
    fs::copy(world.key_file(), &key).unwrap();
    world.chmod(&key, 0o400);
    let command = |words: &[&str]| {
        let mut command = world.command(words);
        command.env_remove("NBATODO_KEY_FILE").env("CREDENTIALS_DIRECTORY", &credentials);
        command
    };
    world.sign_in_by(command(&["login", "--no-browser"]), RED);
    let status = finish(command(&["status", "--format", "json"]));
    let store = status.exits_with(0).json()["key_store"].as_str().unwrap().to_owned();
    assert!(store.ends_with("/nbatodo-key (named by systemd's LoadCredential)"), "{store}");
    world.run(["status"]).exits_with(0);
    world.chmod(&key, 0o444);
    let ran = finish(command(&["status"]));
    ran.exits_with(5).complains_of(&["can be read by others"]);
    assert_eq!(ran.stderr.matches("chmod ").count(), 1, "{ran:?}");
}

#[test]
fn one_that_is_none_is_said_with_its_repair_before_the_browser_opens() {
    let world = World::new();
    let place = |name: &str| world.home().join(name);
    let written = |name: &str, text: &str| {
        fs::write(place(name), text).unwrap();
        world.chmod(&place(name), 0o600);
    };
    written("short", &STANDARD.encode([7; 31]));
    written("words", "not base64 at all");
    written("open", &STANDARD.encode([7; 32]));
    world.chmod(&place("open"), 0o640);
    symlink(world.key_file(), place("link")).unwrap();
    fs::create_dir(place("folder")).unwrap();
    let fifo = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR);
    rustix::fs::mknodat(rustix::fs::CWD, place("fifo"), fifo.0, fifo.1, 0).unwrap();
    let make = "nbatodo doctor --make-key";
    let mut expected = vec![
        ("missing", "does not exist", make),
        ("short", "holds 31 bytes instead of 32", make),
        ("words", "is not one line of base64", make),
        ("open", "can be read by others", "chmod 600"),
        ("link", "is not a regular file", make),
        ("folder", "is a folder, not a file", make),
        ("fifo", "is not a regular file", make),
    ];
    if rustix::process::geteuid().is_root() {
        written("foreign", &STANDARD.encode([7; 32]));
        chown(place("foreign"), Some(54_321), None).unwrap();
        expected.push(("foreign", "belongs to another user", "chown"));
    }
    for (name, what, repair) in expected {
        let ran = finish(with_key(&world, &["login"], &place(name)));
        ran.exits_with(5).complains_of(&[what, repair, &place(name).display().to_string()]);
    }
    assert!(world.sandbox.requests().is_empty());
}
