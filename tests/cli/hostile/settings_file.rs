//! The settings file while it is changed: old or new, whole, and nobody's edit is lost.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::own_network::{in_own_network, mount};
use crate::sealed::steps::Steps;
use crate::world::{World, has};

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

/// What another program does to the settings file, whether that still stands there at the end, and
/// how a run ends in the middle of which it was done: its exit code, and what can be read in the
/// file then.
type Meddling = (&'static str, fn(&Path), fn(&Path) -> bool, [(i32, Option<&'static str>); 3]);

const THEIRS: &str = "# Theirs.\ncolor = \"never\"\n";

/// Before a run has looked at the file, what is there is what it changes; once it has, it changes
/// nothing but what it has seen; and what is done after it is not undone.
const MEDDLINGS: [Meddling; 5] = [
    (
        "an editor that writes",
        |file| fs::write(file, THEIRS).unwrap(),
        Path::is_file,
        [
            (0, Some("# Theirs.\ncolor = \"never\"\nteam = \"LAL\"\n")),
            (1, Some(THEIRS)),
            (0, Some(THEIRS)),
        ],
    ),
    (
        "one that removes",
        |file| fs::remove_file(file).unwrap(),
        |file| file.is_file() || fs::symlink_metadata(file).is_err(),
        [(0, Some("team = \"LAL\"\n")), (1, None), (0, None)],
    ),
    (
        "a link",
        |file| {
            let theirs = file.with_file_name("theirs");
            fs::write(&theirs, OLD).unwrap();
            fs::remove_file(file).unwrap();
            symlink(theirs, file).unwrap();
        },
        |file| fs::read_link(file).is_ok_and(|to| to == file.with_file_name("theirs")),
        [(0, Some(NEW)), (1, Some(OLD)), (0, Some(OLD))],
    ),
    (
        "a pipe",
        |file| {
            fs::remove_file(file).unwrap();
            mknodat(CWD, file, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        },
        |file| fs::metadata(file).unwrap().file_type().is_fifo(),
        [(2, None), (1, None), (0, None)],
    ),
    (
        "a folder",
        |file| {
            fs::remove_file(file).unwrap();
            fs::create_dir(file).unwrap();
        },
        Path::is_dir,
        [(2, None), (1, None), (0, None)],
    ),
];

#[test]
fn what_another_program_does_meanwhile_is_not_lost() {
    if !has("strace") {
        return;
    }
    for (what, meddle, stands, ends) in MEDDLINGS {
        let mut met = [0; 3];
        let mut round = |nth| {
            let world = World::new();
            world.configure(OLD);
            let file = world.config_file();
            let meanwhile = Box::new(move || meddle(&file));
            let command = world.command(SET);
            let (mut traced, steps) = Steps::halting(&command, world.home(), nth, Some(meanwhile));
            let output = traced.output().unwrap();
            let call = steps.killed_behind()?;
            let said = String::from_utf8(output.stderr).unwrap();
            let case = format!("{what}, {nth}, {call}: {said}");
            // The new file is made beside the old one, and then put in its place.
            let when = match () {
                () if call.starts_with("rename") => 2,
                () if call.contains(".half") => 1,
                () => 0,
            };
            met[when] += 1;
            let (code, text) = ends[when];
            assert_eq!(output.status.code(), Some(code), "{case}");
            assert_eq!(world.configured_or_nothing().as_deref(), text, "{case}");
            assert!(stands(&world.config_file()), "{case}");
            assert_eq!(said.lines().count(), usize::from(code != 0), "{case}");
            Some(())
        };
        (1..MOST).find(|&nth| round(nth).is_none()).expect("no end");
        assert!(met.iter().all(|times| *times > 0), "{what}: {met:?}");
    }
}

impl World {
    /// What can be read in the settings file; a pipe would never be read to its end.
    fn configured_or_nothing(&self) -> Option<String> {
        let file = self.config_file();
        file.is_file().then(|| fs::read_to_string(file).unwrap())
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
