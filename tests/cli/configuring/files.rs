//! Changes to the settings file: what else stands in it stays, and so does the file.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown, symlink};
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
    let written =
        "team = [\"BOS\", \"LAL\"]\nlabel = [\"nba\", \"a\", \"b\"]\nnotify_task = true\n";
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

#[test]
fn what_lies_beside_the_file_is_left_alone() {
    let world = World::new();
    let folder = world.home().join("own");
    fs::create_dir(&folder).unwrap();
    let others = [".nbatodo-notes.txt", ".nbatodo-backup", ".nbatodo-other.toml.abc123.half"];
    for name in others {
        fs::write(folder.join(name), "mine").unwrap();
    }
    // What a run that was killed has left of the very same file.
    fs::write(folder.join(".nbatodo-nba.toml.abc123.half"), "te").unwrap();
    let file = folder.join("nba.toml").display().to_string();
    world.run(["config", "set", "team", "LAL", "--config", &file]).exits_with(0);
    for name in others {
        assert!(folder.join(name).exists(), "{name} is gone");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), others.len() + 1);
}

#[test]
fn no_change_lands_in_another_table() {
    let world = World::new();
    for (text, setting, expected) in [
        (
            "[profiles.ben]\nteam=\"LAL\"\n[profiles]\nanna.team=\"BOS\"\n",
            ["color", "never"],
            "color = \"never\"\n\n[profiles.ben]\nteam=\"LAL\"\n[profiles]\nanna.team=\"BOS\"\n",
        ),
        (
            "[profiles]\nanna.team=\"BOS\"\n",
            ["title", "x"],
            "title = \"x\"\n\n[profiles]\nanna.team=\"BOS\"\n",
        ),
        (
            "\u{feff}[profiles.anna]\r\n",
            ["title", "x"],
            "\u{feff}title = \"x\"\r\n\r\n[profiles.anna]\r\n",
        ),
        ("\u{feff}# Mine.\n", ["title", "x"], "\u{feff}# Mine.\ntitle = \"x\"\n"),
    ] {
        world.configure(text);
        world.run([&["config", "set"], &setting[..]].concat()).exits_with(0);
        assert_eq!(world.configured(), expected);
        world.run(["config", "show"]).exits_with(0);
    }
}

#[test]
fn a_table_within_a_line_leaves_how_lines_end() {
    let world = World::new();
    let text = "\u{feff}# Mine.\r\nprofiles.anna = { team = \"BOS\" }\r\n\r\n# The end.\r\n";
    world.configure(text);
    world.run(["config", "set", "color", "never", "--profile", "anna"]).exits_with(0);
    let with = text.replace("\"BOS\" }", "\"BOS\", color = \"never\" }");
    assert_eq!(world.configured(), with);
    world.run(["config", "unset", "color", "--profile", "anna"]).exits_with(0);
    // Within the braces one space may go with it.
    assert_eq!(world.configured().replace("\"BOS\"}", "\"BOS\" }"), text);
}

#[test]
fn a_file_of_another_user_stays_theirs() {
    // Only root can give a file away.
    const SOMEBODY: u32 = 12345;
    let world = World::new();
    world.configure(MINE);
    if chown(world.config_file(), Some(SOMEBODY), Some(SOMEBODY)).is_err() {
        crate::world::skip("only root can make a file of another user");
        return;
    }
    world.chmod(&world.config_file(), 0o640);
    world.run(["config", "set", "team", "NYK"]).exits_with(0);
    let metadata = fs::metadata(world.config_file()).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (SOMEBODY, SOMEBODY));
    assert_eq!(mode(&world.config_file()), 0o640);
}
