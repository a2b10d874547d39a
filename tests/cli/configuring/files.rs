//! Changes to the settings file: what else stands in it stays, and so does the file.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::thread;

use crate::world::{World, finish};

const MINE: &str = "# Mine, by hand.\n\nteam = \"BOS\"   # since 1986\n\n[profiles.anna]\n\
                    # Hers.\nteam = [\"LAL\"]\n";

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn a_new_file_is_for_its_owner_only_and_holds_what_was_set() {
    let world = World::new();
    let ran = world.run(["config", "set", "team", "BOS,LAL"]);
    ran.exits_with(0);
    assert!(ran.stdout.starts_with("team is BOS, LAL, in "), "{ran:?}");
    assert_eq!(world.configured(), "team = [\"BOS\", \"LAL\"]\n");
    assert_eq!(mode(&world.config_file()), 0o600);
    assert_eq!(mode(world.config_file().parent().unwrap()), 0o700);
    world.run(["config", "set", "labels", "nba", "a, b"]).exits_with(0);
    world.run(["config", "set", "notify_task", "true"]).exits_with(0);
    let written = "team = [\"BOS\", \"LAL\"]\nlabel = [\"nba\", \"a, b\"]\nnotify_task = true\n";
    assert_eq!(world.configured(), written);
}

#[test]
fn what_else_stands_in_it_stays_to_the_byte() {
    let world = World::new();
    world.configure(MINE);
    world.chmod(&world.config_file(), 0o644);
    world.run(["config", "set", "team", "NYK"]).exits_with(0);
    assert_eq!(world.configured(), MINE.replace("\"BOS\"", "\"NYK\""));
    world.run(["config", "set", "team", "BOS"]).exits_with(0);
    assert_eq!(world.configured(), MINE);
    world.run(["config", "set", "team", "NYK", "--profile", "anna"]).exits_with(0);
    assert_eq!(world.configured(), MINE.replace("[\"LAL\"]", "\"NYK\""));
    world.run(["config", "set", "priority", "p1", "--profile", "ben"]).exits_with(0);
    world.run(["config", "unset", "team", "--profile", "anna"]).exits_with(0);
    let rest = MINE.replace("team = [\"LAL\"]\n", "");
    assert_eq!(world.configured(), format!("{rest}\n[profiles.ben]\npriority = \"p1\"\n"));
    assert_eq!(mode(&world.config_file()), 0o644);
    let again = world.run(["config", "unset", "team", "--profile", "anna", "--format", "json"]);
    assert_eq!(again.exits_with(0).json()["changed"], false);
}

#[test]
fn a_file_that_lies_elsewhere_behind_a_link_stays_there() {
    let world = World::new();
    let dotfiles = world.home().join("dotfiles");
    fs::create_dir(&dotfiles).unwrap();
    fs::write(dotfiles.join("nbatodo.toml"), MINE).unwrap();
    fs::create_dir_all(world.config_file().parent().unwrap()).unwrap();
    symlink("../../dotfiles/nbatodo.toml", world.config_file()).unwrap();
    world.run(["config", "set", "team", "NYK"]).exits_with(0);
    assert!(fs::symlink_metadata(world.config_file()).unwrap().is_symlink());
    let written = fs::read_to_string(dotfiles.join("nbatodo.toml")).unwrap();
    assert_eq!(written, MINE.replace("\"BOS\"", "\"NYK\""));
    assert_eq!(fs::read_dir(&dotfiles).unwrap().count(), 1, "nothing else is left there");
    // A link to where nothing is yet.
    fs::remove_file(dotfiles.join("nbatodo.toml")).unwrap();
    world.run(["config", "set", "team", "NYK"]).exits_with(0);
    assert!(dotfiles.join("nbatodo.toml").is_file());
}

#[test]
fn many_at_once_lose_nothing_of_each_other() {
    let world = World::new();
    world.configure("# Ours.\n");
    thread::scope(|scope| {
        for number in 0..12 {
            let world = &world;
            scope.spawn(move || {
                let profile = format!("member-{number}");
                world.run(["config", "set", "team", "BOS", "--profile", &profile]).exits_with(0);
            });
        }
    });
    let written = world.configured();
    assert!(written.starts_with("# Ours.\n"));
    for number in 0..12 {
        assert!(written.contains(&format!("[profiles.member-{number}]\nteam = \"BOS\"\n")));
    }
    let left = fs::read_dir(world.config_file().parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "no half-written file, no lock");
}

#[test]
fn the_file_that_is_named_is_the_one_that_is_changed() {
    let world = World::new();
    let set = ["config", "set", "team", "NYK", "--config", "own/other.toml"];
    let mut command = world.command(set);
    command.current_dir(world.home());
    finish(command).exits_with(0);
    let other = world.home().join("own/other.toml");
    assert_eq!(fs::read_to_string(&other).unwrap(), "team = \"NYK\"\n");
    let mut command = world.command(["config", "unset", "team"]);
    command.env("NBATODO_CONFIG", &other);
    finish(command).exits_with(0);
    assert_eq!(fs::read_to_string(&other).unwrap(), "");
    assert!(!world.config_file().exists());
}

#[test]
fn a_stronger_variable_is_said_to_be_one() {
    let world = World::new();
    let mut command = world.command(["config", "set", "team", "BOS"]);
    command.env("NBATODO_TEAM", "LAL");
    let ran = finish(command);
    assert!(ran.exits_with(0).stdout.contains("While NBATODO_TEAM is set"), "{ran:?}");
}
