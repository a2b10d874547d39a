//! The settings file while it is changed: old or new, whole, and nobody's edit is lost.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::own_network::{in_own_network, mount};
use crate::sealed::steps::Steps;
use crate::world::{Ran, World, has};

const OLD: &str = "# Mine.\nteam = \"BOS\"\n";
const NEW: &str = "# Mine.\nteam = \"LAL\"\n";
const SET: [&str; 4] = ["config", "set", "team", "LAL"];
/// More would mean that a run does not come to its end.
const MOST: usize = 60;

impl World {
    fn config_folder(&self) -> PathBuf {
        self.config_file().parent().unwrap().to_owned()
    }

    /// What lies beside the settings file.
    fn beside(&self) -> usize {
        fs::read_dir(self.config_folder()).unwrap().count() - 1
    }
}

#[test]
fn a_change_killed_behind_any_change_leaves_the_old_file_or_the_new_one() {
    if !has("strace") {
        return;
    }
    let round = |nth| {
        let world = World::new();
        world.configure(OLD);
        let (mut traced, steps) = Steps::killing(&world.command(SET), world.home(), nth);
        traced.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let call = steps.killed_behind();
        let case = format!("{nth}: {call:?}");
        assert!([OLD, NEW].contains(&world.configured().as_str()), "{case}");
        assert!(call.is_some() || world.configured() == NEW, "{case}");
        world.run(SET).exits_with(0);
        assert_eq!(world.configured(), NEW, "{case}");
        world.run(["config", "unset", "team"]).exits_with(0);
        assert_eq!((world.configured().as_str(), world.beside()), ("# Mine.\n", 0), "{case}");
        call
    };
    let last = (1..MOST).find(|&nth| round(nth).is_none()).expect("no end");
    assert!(last > 3, "only {} changes were seen", last - 1);
}

/// What another program does to the settings file, and whether that is still so at the end.
type Meddling = (&'static str, fn(PathBuf), fn(&World) -> bool);

#[test]
fn what_another_program_does_meanwhile_is_not_lost() {
    const THEIRS: &str = "# Theirs.\ncolor = \"never\"\n";
    if !has("strace") {
        return;
    }
    let all: [Meddling; 5] = [
        (
            "an editor that writes",
            |file| fs::write(file, THEIRS).unwrap(),
            |world| world.configured() == THEIRS,
        ),
        ("one that removes", |file| fs::remove_file(file).unwrap(), |_| true),
        (
            "a link",
            |file| {
                let theirs = file.with_file_name("theirs");
                fs::write(&theirs, OLD).unwrap();
                fs::remove_file(&file).unwrap();
                symlink(theirs, file).unwrap();
            },
            |world| {
                let theirs = world.config_folder().join("theirs");
                world.config_file().is_symlink() && fs::read_to_string(theirs).unwrap() == OLD
            },
        ),
        (
            "a pipe",
            |file| {
                fs::remove_file(&file).unwrap();
                mknodat(CWD, &file, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
            },
            |world| !fs::metadata(world.config_file()).unwrap().is_file(),
        ),
        (
            "a folder",
            |file| {
                fs::remove_file(&file).unwrap();
                fs::create_dir(&file).unwrap();
            },
            |world| world.config_file().is_dir(),
        ),
    ];
    for (what, meddle, holds) in all {
        let round = |nth| {
            let world = World::new();
            world.configure(OLD);
            let file = world.config_file();
            let meanwhile = Box::new(move || meddle(file));
            let command = world.command(SET);
            let (mut traced, steps) = Steps::halting(&command, world.home(), nth, Some(meanwhile));
            let output = traced.output().unwrap();
            let call = steps.killed_behind()?;
            let ran = Ran {
                code: output.status.code(),
                stdout: String::from_utf8(output.stdout).unwrap(),
                stderr: String::from_utf8(output.stderr).unwrap(),
            };
            // Before the file is looked at, what is there is what is changed.
            let taken = ran.code == Some(0) && world.configured_or_nothing().contains("LAL");
            assert!(taken || holds(&world), "{what}, {nth}, {call}: {ran:?}");
            assert!(matches!(ran.code, Some(0..=2)), "{what}, {nth}, {call}: {ran:?}");
            assert_eq!(ran.stderr.lines().count(), usize::from(ran.code != Some(0)), "{ran:?}");
            let theirs = world.configured_or_nothing().contains("Theirs");
            assert!(what != "an editor that writes" || theirs, "{nth}, {call}: {ran:?}");
            Some(call)
        };
        let last = (1..MOST).find(|&nth| round(nth).is_none()).expect("no end");
        assert!(last > 3, "{what}: only {} changes were seen", last - 1);
    }
}

impl World {
    fn configured_or_nothing(&self) -> String {
        let file = self.config_file();
        // A pipe would never be read to its end.
        if file.is_file() { fs::read_to_string(file).unwrap_or_default() } else { String::new() }
    }
}

#[test]
fn a_full_disk_leaves_the_old_file_and_says_so() {
    in_own_network(|| {
        let world = World::new();
        world.configure("");
        let folder = world.config_folder();
        let [types, tmpfs, with, size] =
            ["-t", "tmpfs", "-o", "size=16k,nr_inodes=8,mode=700"].map(OsStr::new);
        mount(&[types, tmpfs, with, size, tmpfs, folder.as_os_str()]);
        fs::write(world.config_file(), OLD).unwrap();
        let filler = folder.join("filler");
        let pages = |count: usize| fs::write(&filler, vec![b'x'; count * 4096]);
        pages(3).unwrap();
        for words in [&SET[..], &["config", "unset", "team"]] {
            world.run(words).exits_with(1).complains_of(&["No space left on device"]);
            assert_eq!(world.configured(), OLD);
            assert_eq!(world.beside(), 1, "nothing half-written is left");
        }
        // No file can be made, though there is room.
        fs::remove_file(&filler).unwrap();
        let made = (0..).take_while(|n| fs::File::create(folder.join(n.to_string())).is_ok());
        let made = made.count();
        world.run(SET).exits_with(1).complains_of(&["No space left on device"]);
        assert_eq!((world.configured().as_str(), world.beside()), (OLD, made));
        fs::remove_file(folder.join("0")).unwrap();
        world.run(SET).exits_with(0);
        assert_eq!(world.configured(), NEW);
    });
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said_to_be_one() {
    in_own_network(|| {
        let world = World::new();
        world.configure(OLD);
        let folder = world.config_folder();
        let [bind, with, remount] = ["--bind", "-o", "remount,bind,ro"].map(OsStr::new);
        mount(&[bind, folder.as_os_str(), folder.as_os_str()]);
        mount(&[with, remount, folder.as_os_str()]);
        for words in [&SET[..], &["config", "unset", "team"]] {
            let ran = world.run(words);
            ran.exits_with(1).complains_of(&["Read-only file system", ".config/nbatodo"]);
        }
        assert_eq!((world.configured().as_str(), world.beside()), (OLD, 0));
        // What changes nothing needs no room.
        world.run(["config", "set", "team", "BOS"]).exits_with(0);
        world.run(["config", "show"]).exits_with(0);
    });
}

#[test]
fn one_setting_set_by_many_at_once_has_the_value_of_one_of_them() {
    let world = World::new();
    world.configure("# Mine.\n");
    let teams = ["BOS", "LAL", "NYK", "MIA", "CHI", "DEN"];
    thread::scope(|scope| {
        for team in teams {
            let world = &world;
            scope.spawn(move || world.run(["config", "set", "team", team]).exits_with(0).code);
            scope.spawn(move || world.run(["config", "unset", "color"]).exits_with(0).code);
        }
    });
    let written = world.configured();
    assert!(
        teams.iter().any(|team| written == format!("# Mine.\nteam = \"{team}\"\n")),
        "{written}"
    );
    assert_eq!(world.beside(), 0);
}
