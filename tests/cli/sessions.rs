//! Sealed sessions on disk: expired, damaged, too open, and what must never stand in them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nbatodo::keys::KeyFile;
use nbatodo::model::{AccessToken, Profile};
use nbatodo::paths::Paths;
use nbatodo::session::{Account, FileStore, Session, Vault};

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, finish};

/// Puts a session that was issued `ago` into the world's vault, with a token that the sandbox
/// accepts.
fn seal(world: &World, ago: SignedDuration) -> String {
    let token = world.sandbox.personal_token(RED).unwrap();
    let issued_at = Timestamp::now().checked_sub(ago).unwrap();
    let issued_at = Timestamp::from_second(issued_at.as_second()).unwrap();
    let session = Session {
        profile: Profile::default(),
        account: Account {
            id: "1".into(),
            email: RED.into(),
            full_name: "Red".into(),
            timezone: None,
            times: Default::default(),
        },
        access_token: AccessToken::new(token.clone()),
        scopes: vec!["data:read_write".into()],
        client_id: "tdd_1".into(),
        api: world.sandbox.origin(),
        issued_at,
        expires_at: issued_at.checked_add(SignedDuration::from_hours(1)).unwrap(),
        token_expires_at: None,
    };
    let state = world.home().join(".local/state/nbatodo");
    let paths = Paths::in_state(&state);
    let keys = Arc::new(KeyFile::new(&world.key_file(), &paths.keys()));
    Vault::new(Arc::new(FileStore::new(paths)), keys).replace(&session).unwrap();
    token
}

#[test]
fn an_expired_session_is_gone() {
    for command in [&["status"][..], &["import", "--team", "BOS"]] {
        let world = World::new();
        seal(&world, SignedDuration::from_mins(61));
        world.run(command).exits_with(4).complains_of(&["expired", "nbatodo login"]);
        assert!(!world.session_file("default").exists());
        assert_eq!(keys(&world), 0);
        world.run(command).exits_with(4).complains_of(&["nobody is signed in"]);
    }
}

#[test]
fn an_expired_session_is_revoked_at_todoist() {
    let world = World::new();
    world.sign_in("default", RED);
    // The same session, but an hour and a minute later.
    let Ok(mut command) = faketime(&world, "+61m") else { return };
    command.arg("status");
    finish(command).exits_with(4).complains_of(&["expired"]);
    assert_eq!(world.sandbox.live_tokens(), 0);
    assert!(!world.session_file("default").exists());
}

#[test]
fn a_session_is_good_to_its_last_minute_and_not_with_a_clock_set_back() {
    let world = World::new();
    world.sign_in("default", RED);
    let Ok(mut command) = faketime(&world, "+59m") else { return };
    command.arg("status");
    assert!(finish(command).exits_with(0).stdout.contains("1 minute left"));
    let Ok(mut command) = faketime(&world, "-2m") else { return };
    command.arg("status");
    finish(command).exits_with(4).complains_of(&["expired"]);
}

/// The binary under Debian's `faketime`; `Err` where a person's machine lacks it.
pub(crate) fn faketime(world: &World, shift: &str) -> Result<Command, ()> {
    let binary = world.command::<&str>([]);
    if !crate::world::has("faketime") {
        return Err(());
    }
    let mut command = Command::new("faketime");
    command.args(["-f", shift]).arg(binary.get_program()).env_clear();
    for (name, value) in binary.get_envs() {
        command.env(name, value.unwrap());
    }
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    Ok(command)
}

#[test]
fn a_damaged_session_file_is_refused_kept_and_replaced_by_the_next_login() {
    let world = World::new();
    world.sign_in("default", RED);
    let file = world.session_file("default");
    let good = fs::read(&file).unwrap();
    let requests = world.sandbox.requests().len();
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    for bad in [&flipped[..], b"", &good[..good.len() - 1], &[good.as_slice(), b"\n"].concat()] {
        fs::write(&file, bad).unwrap();
        for command in [&["status"][..], &["import", "--team", "BOS"]] {
            world.run(command).exits_with(4).complains_of(&["damaged", "nbatodo login"]);
        }
        assert_eq!(fs::read(&file).unwrap(), bad, "not kept");
    }
    assert_eq!(world.sandbox.requests().len(), requests, "a damaged session was used");
    world.sign_in("default", RED);
    world.run(["status"]).exits_with(0);
}

#[test]
fn logout_takes_a_damaged_session_apart_and_says_what_it_could_not_do() {
    let world = World::new();
    world.sign_in("default", RED);
    fs::write(world.session_file("default"), "rubbish").unwrap();
    let ran = world.run(["logout"]);
    ran.exits_with(1).complains_of(&["not revoked", "damaged"]);
    assert!(ran.stdout.contains("key destroyed, session file deleted"), "{ran:?}");
    assert_eq!(keys(&world), 1, "only the registered client");
    assert!(!world.session_file("default").exists());
}

#[test]
fn logout_without_a_network_destroys_what_is_here() {
    let mut world = World::new();
    world.sign_in("default", RED);
    world.stop_sandbox();
    let ran = world.run(["logout"]);
    ran.exits_with(3).complains_of(&["not revoked", "dies by itself at"]);
    assert!(ran.stdout.contains("key destroyed, session file deleted"), "{ran:?}");
    assert!(!world.session_file("default").exists());
    assert_eq!(keys(&world), 1, "only the registered client");
}

#[test]
fn files_are_for_their_owner_only() {
    let world = World::new();
    world.sign_in("default", RED);
    let mut seen = 0;
    each_file(&world.home().join(".local/state/nbatodo"), &mut |path| {
        let mode = fs::metadata(path).unwrap().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
        seen += 1;
    });
    assert!(seen >= 5, "{seen}");
    world.chmod(&world.session_file("default"), 0o640);
    world.run(["status"]).exits_with(4).complains_of(&["chmod 600"]);
}

#[test]
fn no_secret_stands_in_a_file_or_in_what_is_said() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let mut said = Vec::new();
    for arguments in [&["login", "--no-browser"][..], &["login", "--no-browser", "-vvv"]] {
        let login = world.sign_in_by(world.command(arguments), RED);
        said.extend([login.stdout, login.stderr]);
    }
    for arguments in [
        &["-vvv", "status"][..],
        &["-vvv", "import", "--team", "BOS"],
        &["-vvv", "--format", "json", "status"],
    ] {
        let ran = world.run(arguments);
        said.extend([ran.stdout, ran.stderr]);
    }
    let mut files = Vec::new();
    each_file(world.home(), &mut |path| {
        if path.is_file() {
            files.push(fs::read(path).unwrap());
        }
    });
    let logout = world.run(["-vvv", "logout"]);
    said.extend([logout.stdout, logout.stderr]);

    let secrets = world.sandbox.issued_secrets();
    assert!(secrets.len() >= 3, "a code, a token and a client secret");
    for secret in &secrets {
        assert!(!said.iter().any(|text| text.contains(secret)), "said");
        let bytes = secret.as_bytes();
        let stands_in = |file: &Vec<u8>| file.windows(bytes.len()).any(|part| part == bytes);
        assert!(!files.iter().any(stands_in), "written");
    }
}

#[test]
fn a_token_from_outside_is_used_and_no_session_is_touched() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let token = world.sandbox.personal_token(RED).unwrap();
    let file = world.home().join("token");
    fs::write(&file, format!("{token}\n")).unwrap();
    world.chmod(&file, 0o600);
    for (name, value) in
        [("NBATODO_TOKEN", token.as_str()), ("NBATODO_TOKEN_FILE", file.to_str().unwrap())]
    {
        let run = |arguments: &[&str]| {
            let mut command = world.command(arguments);
            command.env(name, value);
            finish(command)
        };
        let status = run(&["status"]);
        assert!(status.exits_with(0).stdout.contains(name), "{status:?}");
        run(&["import", "--team", "BOS"]).exits_with(0);
        run(&["login"]).exits_with(2).complains_of(&["NBATODO_TOKEN"]);
        run(&["logout"]).exits_with(2);
    }
    assert_eq!(world.tasks(RED).len(), 3);
    let state = world.home().join(".local/state/nbatodo");
    assert!(!state.join("sessions").exists() && !state.join("keys").exists());
    world.chmod(&file, 0o644);
    let mut command = world.command(["status"]);
    command.env("NBATODO_TOKEN_FILE", &file);
    finish(command).exits_with(2).complains_of(&["chmod 600"]);
}

/// How many entries the key store holds.
pub(crate) fn keys(world: &World) -> usize {
    let mut keys = 0;
    each_file(&world.home().join(".local/state/nbatodo/keys"), &mut |path| {
        keys += usize::from(path.extension().is_some_and(|extension| extension == "key"));
    });
    keys
}

/// Calls `look` on all that is below `folder`.
pub(crate) fn each_file(folder: &Path, look: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        look(&path);
        if path.is_dir() {
            each_file(&path, look);
        }
    }
}
