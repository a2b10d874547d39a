//! What is broken of one profile, by mistake or by malice, harms none of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::SignedDuration;
use nbatodo::sandbox::{Effect, Fault};
use rustix::process::{Pid, Signal, kill_process};

use super::{GAMES, Household};
use crate::exact::{instant, moved};
use crate::feed::{celtics_games, text};

fn state(household: &Household) -> PathBuf {
    household.world.home().join(".local/state/nbatodo")
}

/// The file of `profile` among the imports that ends in `extension`.
fn of_imports(household: &Household, profile: &str, extension: &str) -> PathBuf {
    let start = format!("{profile}.");
    let files = fs::read_dir(state(household).join("imports")).unwrap();
    let mut names = files.map(|file| file.unwrap().path());
    let found = names.find(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(&start) && name.ends_with(extension)
    });
    found.unwrap_or_else(|| panic!("{profile} {extension}"))
}

fn becomes_folder(path: &Path) {
    fs::remove_file(path).unwrap();
    fs::create_dir(path).unwrap();
}

/// Poisons what is kept of each but the last.
fn poison(household: &Household) {
    let world = &household.world;
    fs::write(world.session_file("p1"), "{ not a session").unwrap();
    becomes_folder(&world.session_file("p2"));
    fs::copy(world.session_file("p12"), world.session_file("p3")).unwrap();
    world.chmod(&world.session_file("p4"), 0o666);
    fs::remove_file(world.session_file("p5")).unwrap();
    symlink(world.session_file("p12"), world.session_file("p5")).unwrap();
    fs::remove_file(world.session_file("p6")).unwrap();
    assert!(Command::new("mkfifo").arg(world.session_file("p6")).status().unwrap().success());
    world.chmod(&world.session_file("p6"), 0o600);
    fs::write(of_imports(household, "p7", ".record"), [0xff; 100]).unwrap();
    becomes_folder(&of_imports(household, "p8", ".record"));
    becomes_folder(&of_imports(household, "p9", ".lock"));
    let before = world.keys();
    household.sign_in(10, SignedDuration::ZERO);
    let key = world.keys().difference(&before).next().cloned().unwrap();
    fs::write(key, "no key").unwrap();
    let folder = world.home().join(".config/nbatodo");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), "[profiles.p11]\ntitle = \"{nothing}\"\n").unwrap();
}

#[test]
fn what_is_poisoned_of_one_harms_no_other() {
    let household = Household::of(12);
    household.import(&[]).exits_with(0);
    let world = &household.world;
    let games = moved(&celtics_games(GAMES));
    world.serve_feed(text(&games));
    poison(&household);

    let ran = household.import(&["--jobs", "2"]);
    ran.exits_with(1);
    assert!(ran.stdout.starts_with("12 profiles: 2 done, 10 failed ("), "{ran:?}");
    let lines: BTreeMap<&str, &str> = ran
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("nbatodo: ")?.split_once(": "))
        .collect();
    let done = ran.stderr.lines().filter(|line| !line.starts_with("nbatodo: "));
    assert_eq!((lines.len(), done.count()), (10, 2), "{ran:?}");
    for (profile, said) in [
        ("p1", "damaged"),
        ("p2", "is a folder"),
        ("p3", "damaged"),
        ("p4", "can be read by others"),
        ("p5", "is not a regular file"),
        ("p6", "is not a regular file"),
        ("p8", "is a folder, not a file. Move it away with: mv "),
        ("p9", "is a folder"),
        ("p10", ""),
        ("p11", "there is no field {nothing}"),
    ] {
        assert!(lines[profile].contains(said), "{profile}: {ran:?}");
    }
    // The others have their games as they are now, and nothing is doubled: nor for whom the
    // record was lost.
    for (number, follows) in [(1, false), (12, true)] {
        let tasks = world.tasks(&super::fan(number));
        let due: BTreeSet<_> = tasks.iter().filter_map(instant).collect();
        let now = games.iter().map(|game| game.tipoff).collect();
        assert_eq!(due == now, follows, "p{number}: {due:?} {now:?}");
    }
    household.holds_once(1..=12);
}

#[test]
fn two_interrupts_or_a_termination_in_the_middle_double_nothing() {
    for (signals, effect) in [
        (&[Signal::INT, Signal::INT][..], Effect::Hang),
        (&[Signal::INT, Signal::INT], Effect::HangAfter),
        (&[Signal::TERM], Effect::Hang),
        (&[Signal::TERM], Effect::HangAfter),
        (&[Signal::HUP, Signal::TERM], Effect::HangAfter),
    ] {
        let household = Household::of(6);
        household.world.sandbox.inject(Fault::nth_write(3, effect));
        let mut command = household.command(&["--team", "BOS", "--jobs", "2"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        household.world.runtime.block_on(household.world.sandbox.until_faults_happened());
        for signal in signals {
            kill_process(Pid::from_child(&child), *signal).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.contains("interrupted"), "{said}");
        household.import(&[]).exits_with(0);
        household.holds_once(1..=6);
        assert_eq!(household.import(&[]).exits_with(0).stdout, "6 profiles: 6 done.\n");
        household.holds_once(1..=6);
    }
}
