//! Folders, files, the key file and the settings file as they should not be.

use std::fs;
use std::os::unix::fs::{chown, lchown, symlink};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nbatodo::sandbox::{Effect, Fault};

use crate::doctor::Examined;
use crate::feed::celtics_games;
use crate::world::{RED, World, finish, has, skip};

fn state(world: &World) -> PathBuf {
    world.home().join(".local/state/nbatodo")
}

fn signed_in() -> World {
    let world = World::with_feed();
    world.sign_in("default", RED);
    world
}

pub(crate) fn make_fifo(path: &Path) {
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, path, kind, mode, 0).unwrap();
}

#[test]
fn what_is_open_to_others_is_named_with_the_command_that_closes_it() {
    let world = signed_in();
    world.chmod(&state(&world).join("sessions"), 0o755);
    let examined = world.examine();
    examined.finds("sessions", "problem", &["open to others", "chmod 700 ~/.local/state/nbatodo/"]);
    examined.finds("session", "problem", &["sessions"]).ran.exits_with(1);

    let world = signed_in();
    world.chmod(&world.session_file("default"), 0o644);
    let file = "~/.local/state/nbatodo/sessions/default.session";
    world.examine().finds("sessions", "problem", &[&format!("chmod 600 {file}")]);
    // What it says helps.
    let repair = format!("chmod 600 {file}");
    finish(world.shell(&repair)).exits_with(0);
    world.examine().has_problems_only_in(&[]);

    world.chmod(&state(&world), 0o777);
    let examined = world.examine();
    examined.finds("state", "problem", &["others can change", "chmod go-w"]);
    examined.has_problems_only_in(&["state"]);
}

#[test]
fn what_belongs_to_somebody_else_is_named() {
    let world = signed_in();
    let keys = state(&world).join("keys");
    if chown(&keys, Some(1), None).is_err() {
        return skip("only root gives files away");
    }
    let examined = world.examine();
    examined.finds("keys", "problem", &["belongs to another user", "chown"]).ran.exits_with(1);
    examined.finds("key store", "problem", &["keys"]);

    let world = signed_in();
    let sessions = state(&world).join("sessions");
    fs::rename(&sessions, world.home().join("elsewhere")).unwrap();
    symlink(world.home().join("elsewhere"), &sessions).unwrap();
    world.examine().has_problems_only_in(&[]);
    lchown(&sessions, Some(1), None).unwrap();
    let examined = world.examine();
    examined.finds("sessions", "problem", &["a symbolic link that another user made", "rm ~/"]);
}

#[test]
fn what_is_no_file_and_no_folder_is_named_and_nothing_hangs() {
    let world = signed_in();
    let file = world.session_file("default");
    for (what, make) in [
        ("not a regular file", make_fifo as fn(&Path)),
        ("not a regular file", |path| symlink("/etc/hostname", path).unwrap()),
        ("a folder, ", |path| fs::create_dir(path).unwrap()),
    ] {
        drop(fs::remove_file(&file));
        make(&file);
        let examined = world.examine();
        examined.finds("sessions", "problem", &[what]);
        examined.finds("session", "problem", &[what, "Move it away with: mv "]).ran.exits_with(1);
        assert!(file.symlink_metadata().is_ok(), "{what}");
    }

    let world = World::with_feed();
    fs::create_dir_all(state(&world)).unwrap();
    symlink("/nowhere", state(&world).join("imports")).unwrap();
    fs::write(state(&world).join("sessions"), "").unwrap();
    let examined = world.examine();
    examined.finds("imports", "problem", &["a symbolic link to nothing"]);
    examined.finds("sessions", "problem", &["not a folder", "mv "]);

    let world = World::with_feed();
    fs::write(world.home().join(".local"), "").unwrap();
    world.examine().finds("room", "problem", &["~/.local is not a folder"]);
}

#[test]
fn a_full_disk_is_named() {
    let world = World::with_feed();
    if !has("unshare") {
        return;
    }
    fs::create_dir_all(state(&world)).unwrap();
    let inside = |script: &str| {
        let mut command = world.shell("exec unshare --user --map-root-user --mount sh -c \"$0\"");
        command.arg(script);
        command
    };
    let small = "mount -t tmpfs -o size=64k none \"$HOME/.local/state/nbatodo\"";
    if !inside(small).output().unwrap().status.success() {
        return skip("this machine gives no mount namespace");
    }
    let doctor = format!("{} doctor --offline --format json", env!("CARGO_BIN_EXE_nbatodo"));
    let examined = Examined::by(inside(&format!(
        "{small} && chmod 700 \"$HOME/.local/state/nbatodo\" && {doctor}"
    )));
    examined.finds("room", "problem", &["nothing can be written", "No space left"]);
}

#[test]
fn a_key_file_that_is_no_good_is_named_with_its_repair() {
    let good = STANDARD.encode([7; 32]);
    let short = STANDARD.encode([7; 31]);
    for (content, mode, parts) in [
        (good.as_str(), 0o644, &["can be read by others", "chmod 600 ~/master.key"][..]),
        (&short, 0o600, &["31 bytes instead of 32"]),
        ("not base64!", 0o600, &["not one line of base64"]),
    ] {
        let world = World::with_feed();
        fs::write(world.key_file(), content).unwrap();
        world.chmod(&world.key_file(), mode);
        let examined = world.examine();
        examined.finds("key store", "problem", parts).has_problems_only_in(&["key store"]);
        examined.finds("session", "skipped", &["the key store does not work"]);
    }
    let world = World::with_feed();
    fs::remove_file(world.key_file()).unwrap();
    world.examine().finds("key store", "problem", &["does not exist"]);
    make_fifo(&world.key_file());
    world.examine().finds("key store", "problem", &["not a regular file"]);
}

#[test]
fn a_settings_file_that_is_no_good_is_named_and_the_rest_is_looked_at() {
    for (content, part) in [
        ("team = ", "line 1"),
        ("\nteem = \"BOS\"", "line 2: there is no setting \"teem\"; nearest: \"team\""),
        ("team = 7", "a value of the wrong kind"),
    ] {
        let world = World::with_feed();
        let folder = world.home().join(".config/nbatodo");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.toml"), content).unwrap();
        let examined = world.examine();
        examined.finds("settings file", "problem", &["~/.config/nbatodo/config.toml", part]);
        examined.has_problems_only_in(&["settings file"]);
        examined.finds("API", "ok", &["answers"]).finds("key store", "ok", &[]);
        // No other command goes on.
        world.run(["status"]).exits_with(2);
    }
    let world = World::with_feed();
    make_fifo(&world.home().join("pipe"));
    for (path, part) in [("~/none.toml", "no such settings file"), ("~/pipe", "not a regular")] {
        let mut command = world.doctor();
        command.arg("--config").arg(path.replace('~', world.home().to_str().unwrap()));
        Examined::by(command).finds("settings file", "problem", &[path, part]);
    }
    let secret = "client_id = \"x\"\nclient_secret = \"hunter2\"\n";
    fs::write(world.home().join("open.toml"), secret).unwrap();
    world.chmod(&world.home().join("open.toml"), 0o644);
    let mut command = world.doctor();
    command.arg("--config").arg(world.home().join("open.toml"));
    Examined::by(command).finds("settings file", "problem", &["chmod 600 ~/open.toml"]);
}

#[test]
fn every_setting_that_is_no_good_is_named_and_only_it_is_passed_over() {
    let world = World::with_feed();
    let folder = world.home().join(".config/nbatodo");
    fs::create_dir_all(&folder).unwrap();
    let file = "profile = \"a b\"\nauth_url = \"http://todoist.example\"\nkey_file = \"~/other\"\n";
    fs::write(folder.join("config.toml"), file).unwrap();
    let mut command = world.doctor();
    // A variable that is wrong hides what the file says; without it, that counts.
    command.env_remove("NBATODO_KEY_FILE").env_remove("NBATODO_AUTH_URL");
    command.env("NBATODO_SESSION_STORE", "redish://me:hunter2@host");
    command.env("NBATODO_TOKEN", "one").env("NBATODO_TOKEN_FILE", "/nowhere/two");
    let examined = Examined::by(command);
    for part in ["profile cannot be \"a b\"", "auth_url", "NBATODO_SESSION_STORE", "keep one"] {
        examined.finds("setting", "problem", &[part]);
    }
    examined.finds("key store", "problem", &["~/other", "key_file in the settings file"]);
    examined.finds("token", "warning", &["NBATODO_TOKEN is set", "unset NBATODO_TOKEN"]);
    examined.finds("token", "problem", &["/nowhere/two, which does not exist"]);
    assert!(!format!("{:?}", examined.ran).contains("hunter2"));

    let mut command = world.command(["doctor", "--offline"]);
    command.env("NBATODO_CLIENT_SECRET", "hunter2");
    let ran = finish(command);
    assert!(ran.stdout.contains("NBATODO_CLIENT_SECRET is set"), "{ran:?}");
}

#[test]
fn what_was_broken_off_is_named_until_it_is_finished() {
    let world = World::with_games(&celtics_games(3));
    world.sandbox.inject(Fault::nth_write(1, Effect::CloseAfter));
    world.import_without_patience().exits_with(3);
    assert!(world.journal_file().exists());
    let examined = world.examine();
    examined.finds("journals", "warning", &["an import of \"default\"", "nbatodo import"]);
    examined.has_problems_only_in(&[]);
    world.import().exits_with(0);
    world.examine().finds("journals", "ok", &["none"]);

    let left = state(&world).join("sessions/.nbatodo-abc123");
    fs::write(&left, "half").unwrap();
    world.chmod(&left, 0o600);
    let examined = world.examine();
    examined.finds("half-written", "warning", &["1 file", "rm ~/.local/state/nbatodo/sessions/"]);
    world.sign_in("default", RED);
    world.examine().finds("half-written", "ok", &["none"]);

    let held = fs::File::open(state(&world).join("sessions/default.lock")).unwrap();
    held.lock().unwrap();
    let me = format!("process {}", std::process::id());
    world.examine().finds("locks", "ok", &[&me]).finds("session", "ok", &["is signed in"]);
}
