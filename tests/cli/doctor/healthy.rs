//! A machine with which nothing is wrong, and what an examination leaves of it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::doctor::Examined;
use crate::feed::{celtics_games, text};
use crate::standing::Staying;
use crate::world::{RED, World, finish};

/// A world in which somebody stays signed in and has imported.
fn in_use() -> Staying {
    let staying = Staying::new();
    staying.world.serve_feed(text(&celtics_games(3)));
    staying.run(&["import", "--team", "BOS"]).exits_with(0);
    staying
}

#[test]
fn a_machine_in_use_has_nothing_wrong() {
    let staying = in_use();
    let examined = staying.world.examine();
    examined.has_problems_only_in(&[]).ran.exits_with(0);
    assert!(examined.of_state("warning").is_empty(), "{:?}", examined.ran);
    assert!(examined.of_state("skipped").is_empty(), "{:?}", examined.ran);
    examined
        .finds("key store", "ok", &["the key file ~/master.key", "NBATODO_KEY_FILE"])
        .finds("session store", "ok", &["~/.local/state/nbatodo/sessions", "the default"])
        .finds("session", "ok", &["\"default\" is signed in until", "60 minutes left"])
        .finds("staying signed in", "ok", &["later runs renew"])
        .finds("clock", "ok", &["agrees"])
        .finds("feed", "ok", &["answers"])
        .finds("copy of the feed", "ok", &["asked 0 minutes ago"])
        .finds("bundled season", "ok", &["2026-27"]);
}

#[test]
fn a_machine_that_nobody_has_used_yet_has_nothing_wrong_either() {
    let world = World::with_feed();
    let examined = world.examine();
    examined.has_problems_only_in(&[]).finds("session", "ok", &["nobody", "nbatodo login"]);
    examined.finds("sessions", "ok", &["not made yet"]);
    let ran = world.run(["doctor"]);
    assert!(ran.exits_with(0).stdout.ends_with("Everything is as it should be.\n"), "{ran:?}");
}

#[test]
fn the_shape_of_an_examination() {
    let world = World::with_feed();
    let mut document = world.examine_offline().ran.json();
    document["version"] = "[version]".into();
    document["platform"] = "[platform]".into();
    for check in document["checks"].as_array_mut().unwrap() {
        if ["redirect ports", "locks", "bundled season"].contains(&check["check"].as_str().unwrap())
        {
            check["detail"] = "[detail]".into();
        }
    }
    let text = serde_json::to_string_pretty(&document).unwrap();
    insta::assert_snapshot!("examination", text);
}

#[test]
fn it_fits_the_terminal_and_colours_its_marks_where_colours_are_shown() {
    let world = World::new();
    world.chmod(&world.key_file(), 0o644);
    for columns in [60, 80, 120] {
        let mut command = world.command(["doctor"]);
        command.env("COLUMNS", columns.to_string());
        let ran = finish(command);
        let widest = ran.stdout.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns, "{columns}: {ran:?}");
        assert!(!ran.stdout.contains('\u{1b}'), "{ran:?}");
        assert_eq!(ran.stderr, "");
    }
    let mut command = world.command(["doctor", "--color", "always"]);
    command.env("TERM", "xterm");
    let ran = finish(command);
    for mark in ["\u{1b}[32mok     \u{1b}[0m", "\u{1b}[1;31mproblem\u{1b}[0m"] {
        assert!(ran.stdout.contains(mark), "{mark:?}: {ran:?}");
    }
    let quiet = world.run(["doctor", "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (Some(1), "", ""));
}

#[test]
fn a_reader_that_goes_away_and_a_full_disk_are_told_apart() {
    let world = World::with_feed();
    let binary = env!("CARGO_BIN_EXE_nbatodo");
    let ran = finish(world.shell(&format!("{binary} doctor --offline | true")));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let ran = finish(world.shell(&format!("{binary} doctor --offline > /dev/full")));
    ran.exits_with(1).complains_of(&["standard output"]);
}

/// What there is below a folder, and how it is: content, mode, time. The time of the folder of
/// keys is left out, where the probe comes and goes.
fn picture(root: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>, Option<SystemTime>)> {
    let mut picture = BTreeMap::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let metadata = path.symlink_metadata().unwrap();
            let content = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            let changed = (!path.ends_with("keys")).then(|| metadata.modified().unwrap());
            if path.is_dir() {
                ahead.push(path.clone());
            }
            picture.insert(path, (metadata.mode(), content, changed));
        }
    }
    picture
}

#[test]
fn it_changes_nothing_whatever_the_session_is_like() {
    for case in ["live", "expired", "damaged", "of a lost key"] {
        let staying = in_use();
        let world = &staying.world;
        match case {
            "expired" => staying.pass_the_hour(),
            "damaged" => fs::write(world.session_file("default"), "rubbish").unwrap(),
            "of a lost key" => {
                fs::write(world.key_file(), "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=")
                    .unwrap();
            }
            _ => {}
        }
        let (before, asked) = (picture(world.home()), staying.token_requests());
        let (access, refresh) = (world.sandbox.live_tokens(), world.sandbox.live_refresh_tokens());
        for arguments in [&["doctor"][..], &["doctor", "--format", "json", "-vvv"]] {
            world.run(arguments);
            assert_eq!(picture(world.home()), before, "{case}");
        }
        assert_eq!(staying.token_requests(), asked, "{case}: renewed");
        assert_eq!(world.sandbox.live_tokens(), access, "{case}: revoked");
        assert_eq!(world.sandbox.live_refresh_tokens(), refresh, "{case}: revoked");
        assert_eq!(world.asked("/api/v1/revoke"), 0, "{case}");
        if ["live", "expired"].contains(&case) {
            staying.run(&["status"]).exits_with(0);
        }
    }
}

#[test]
fn it_holds_nothing_that_a_bug_report_should_not() {
    let staying = in_use();
    let world = &staying.world;
    let token = world.sandbox.personal_token(RED).unwrap();
    let mut said = Vec::new();
    for more in [&[][..], &["-vvv"], &["--format", "json"], &["--format", "json", "-vvv"]] {
        let mut command = world.command(["doctor"]);
        command.args(more).env("NBATODO_TOKEN", &token).env("NBATODO_CLIENT_SECRET", "hunter2");
        command.env("HTTPS_PROXY", "http://me:hunter2@proxy.example:3128");
        command.env("NBATODO_SCHEDULE_URL", "http://127.0.0.1:9/feed?key=hunter2");
        let ran = finish(command);
        assert!(ran.stdout.contains("proxy.example:3128"), "{ran:?}");
        said.push((ran.stdout, ran.stderr));
    }
    let mut secrets = world.sandbox.issued_secrets();
    assert!(secrets.len() >= 4, "a code, two tokens, a client secret, a personal token");
    let name = staying.run(&["status", "--format", "json"]).json()["account"]["name"].clone();
    secrets.push(name.as_str().unwrap().to_owned());
    secrets.extend([RED, "hunter2", "BwcHBwcHBw"].map(str::to_owned));
    for secret in &secrets {
        assert!(!said.iter().any(|(out, err)| out.contains(secret) || err.contains(secret)));
    }
    let home = world.home().to_str().unwrap();
    assert!(!said.iter().any(|(out, _)| out.contains(home)), "the home directory");
}

#[test]
fn a_profile_is_examined_by_its_name() {
    let world = World::with_feed();
    world.sign_in("work", RED);
    let mut command = world.doctor();
    command.args(["--profile", "work"]);
    Examined::by(command).finds("session", "ok", &["\"work\" is signed in"]);
    world.examine().finds("session", "ok", &["nobody is signed in as \"default\""]);
}
