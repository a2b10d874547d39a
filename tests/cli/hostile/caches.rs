//! What lies in caches and lists is anybody's until it has been looked at: no panic, no hang, and
//! one clear line or none.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::world::{RED, World};

/// Puts something odd in the place of a file.
type Odd = (&'static str, fn(&Path));

const ODD: [Odd; 12] = [
    ("nothing in it", |path| fs::write(path, "").unwrap()),
    ("garbage", |path| fs::write(path, "}{][ \u{1b}[31m").unwrap()),
    ("NUL", |path| fs::write(path, [0; 100]).unwrap()),
    ("no UTF-8", |path| fs::write(path, [0xff, 0xfe, b'\n', 0x80]).unwrap()),
    ("wrong types", |path| fs::write(path, r#"{"time_format":{"a":[]},"x":1e999}"#).unwrap()),
    ("other numbers", |path| {
        fs::write(path, r#"{"time_format":-1,"date_format":99999999999999999999}"#).unwrap();
    }),
    ("deep", |path| fs::write(path, "[".repeat(1000)).unwrap()),
    ("huge", |path| fs::write(path, vec![b'a'; 20 << 20]).unwrap()),
    ("a folder", |path| fs::create_dir(path).unwrap()),
    ("a link to what has no end", |path| symlink("/dev/zero", path).unwrap()),
    ("a link in a circle", |path| symlink(path, path).unwrap()),
    ("a pipe", |path| mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap()),
];

fn clear(path: &Path) {
    if fs::remove_file(path).is_err() {
        drop(fs::remove_dir(path));
    }
}

#[test]
fn a_cache_of_how_somebody_writes_times_is_ignored_where_it_is_none() {
    let world = World::new();
    world.sign_in("default", RED);
    let folder = world.home().join(".cache/nbatodo/times");
    fs::create_dir_all(&folder).unwrap();
    world.chmod(&folder, 0o700);
    let file = folder.join("default.json");
    let schedule = ["schedule", "--team", "BOS"];
    for open in [false, true] {
        for (what, put) in ODD {
            clear(&file);
            put(&file);
            if open && file.is_file() {
                world.chmod(&file, 0o666);
            } else if file.is_file() {
                world.chmod(&file, 0o600);
            }
            for words in [&schedule[..], &["status"], &["import", "--team", "BOS", "--dry-run"]] {
                let ran = world.run(words);
                assert!(matches!(ran.code, Some(0 | 10)), "{what}: {ran:?}");
                assert!(!ran.stderr.contains("broken at"), "{what}: {ran:?}");
            }
        }
    }
}

#[test]
fn a_roster_of_anything_lists_only_profiles() {
    let world = World::new();
    world.sign_in("default", RED);
    let roster = world.state().join("profiles");
    fs::create_dir_all(&roster).unwrap();
    world.chmod(&roster, 0o700);
    for name in ["..x", "a b", "\u{202e}", "\n", "$(reboot)", "-x", &"y".repeat(200)] {
        fs::write(roster.join(name), "\u{1b}").unwrap();
    }
    for (number, (_, put)) in ODD.into_iter().enumerate() {
        put(&roster.join(format!("member-{number}")));
    }
    let ran = world.run(["import", "--all-profiles", "--team", "BOS", "--dry-run"]);
    ran.exits_with(4);
    // Whoever is listed and has not signed in is told so, in a line each.
    let told = |line: &&str| line.starts_with("nbatodo: member-");
    assert_eq!(ran.stderr.lines().filter(told).count(), ODD.len(), "{ran:?}");
    assert!(!ran.stderr.contains("reboot"), "{ran:?}");
    // A roster that others can write to is not believed.
    world.chmod(&roster, 0o770);
    let ran = world.run(["import", "--all-profiles", "--team", "BOS"]);
    ran.exits_with(1).complains_of(&["chmod 700", "profiles"]);
}

#[test]
fn a_list_of_key_ids_of_anything_keeps_nobody_from_signing_in_and_out() {
    for (what, put) in ODD {
        let world = World::new();
        world.sign_in("default", RED);
        let lock = world.state().join("sessions/default.lock");
        fs::remove_file(&lock).unwrap();
        put(&lock);
        if lock.is_file() {
            world.chmod(&lock, 0o600);
        }
        let is_file = fs::symlink_metadata(&lock).unwrap().is_file();
        world.run(["status"]).exits_with(0);
        let logout = world.run(["logout"]);
        // What is no file may keep the logout from its end; then it is named.
        let named = !is_file && logout.stderr.contains("default.lock");
        assert!(logout.code == Some(0) || named, "{what}: {logout:?}");
        assert_eq!(world.sandbox.live_tokens(), 0, "{what}: {logout:?}");
        assert!(!logout.stderr.contains("broken at"), "{what}: {logout:?}");
        clear(&lock);
        world.sign_in("default", RED);
        world.run(["logout"]).exits_with(0);
    }
}
