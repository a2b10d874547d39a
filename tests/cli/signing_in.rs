//! Signing in, with what can go wrong between the browser and the terminal.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nbatodo::sandbox::visitor::Decision;

use crate::world::{RED, World};

#[test]
fn the_browser_that_is_asked_for_is_opened_without_our_secrets() {
    let world = World::new();
    let pipe = world.home().join("opened");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let script = world.home().join("browser");
    fs::write(&script, "#!/bin/sh\n{ printf '%s\\n' \"$@\"; env; } > \"$HOME/opened\"\n").unwrap();
    world.chmod(&script, 0o700);
    let mut command = world.command(["login"]);
    command.env("BROWSER", &script).env("NBATODO_CLIENT_ID", "own");
    command.env("NBATODO_CLIENT_SECRET", "hunter2-hunter2");
    let mut login = world.start_login(command);

    let opened = fs::read_to_string(&pipe).unwrap();
    assert_eq!(opened.lines().next(), Some(login.url.as_str()));
    assert!(!opened.contains("hunter2"), "the secret went to the browser");
    assert!(login.url.query_pairs().any(|(key, value)| key == "client_id" && value == "own"));
    login.child.kill().unwrap();
    login.finish();
}

#[test]
fn a_client_sealed_under_a_lost_master_key_is_registered_anew() {
    let world = World::new();
    world.sign_in("default", RED);
    fs::write(world.key_file(), STANDARD.encode([8; 32])).unwrap();
    world.run(["status"]).exits_with(4).complains_of(&["nbatodo login"]);
    world.sign_in("default", RED);
    world.run(["status"]).exits_with(0);
}

#[test]
fn the_address_is_said_however_quiet_it_is_to_be() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser", "--quiet"]));
    world.decide(&login.url, RED, Decision::Allow);
    let ran = login.finish();
    ran.exits_with(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1), "{ran:?}");
}

#[test]
fn a_session_that_cannot_be_stored_in_time_leaves_no_token_alive() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    // Somebody holds the profile's lock from the consent on, and never lets go.
    let lock = world.session_file("default").with_extension("lock");
    let held = fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let page = world.decide(&login.url, RED, Decision::Allow);
    assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
    let ran = login.finish();
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert_eq!(world.sandbox.live_tokens(), 0);
}
