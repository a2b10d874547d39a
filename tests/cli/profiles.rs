//! Two profiles are two accounts.

use std::fs;
use std::process::Stdio;

use nbatodo::sandbox::{Effect, Fault};

use crate::feed::{celtics_games, text};
use crate::world::{PAT, RED, World};

#[test]
fn two_profiles_are_two_accounts() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(5)));
    world.sign_in("home", RED);
    world.sign_in("work", PAT);
    assert!(world.run(["status", "--profile", "home"]).stdout.contains(RED));
    assert!(world.run(["status", "--profile", "work"]).stdout.contains(PAT));

    world.run(["import", "--team", "BOS", "--profile", "work"]).exits_with(0);
    assert_eq!((world.tasks(RED).len(), world.tasks(PAT).len()), (0, 5));
    world.run(["logout", "--profile", "work"]).exits_with(0);
    world
        .run(["status", "--profile", "work"])
        .exits_with(4)
        .complains_of(&["login --profile work"]);
    world.run(["status", "--profile", "home"]).exits_with(0);
    assert_eq!(world.sandbox.live_tokens(), 1);
}

/// On a disk that makes no difference between the two, they would be one file.
#[test]
fn a_name_that_differs_by_capital_letters_alone_does_not_sign_in() {
    let world = World::new();
    let login = |profile: &str| {
        let login = ["login", "--no-browser", "--profile", profile];
        world.run([&login[..], &["--timeout", "1"]].concat())
    };
    world.sign_in("ann", RED);
    for name in ["Ann", "ANN"] {
        login(name).exits_with(2).complains_of(&["\"ann\"", "nbatodo login --profile ann"]);
    }
    let ran = world.run(["logout", "--profile", "Ann"]);
    ran.exits_with(2).complains_of(&["\"ann\"", "nbatodo logout --profile ann"]);
    assert!(world.run(["status", "--profile", "ann"]).exits_with(0).stdout.contains(RED));
    assert_eq!(world.sandbox.live_tokens(), 1);
    world.sign_in("ann", PAT);
    world.sign_in("anne", RED);
    // Whoever has signed in stays known when the session is gone.
    world.run(["import", "--all-profiles", "--team", "BOS", "--dry-run", "--offline"]);
    fs::remove_file(world.session_file("ann")).unwrap();
    login("Ann").exits_with(2);
    world.run(["logout", "--profile", "ann"]);
    world.sign_in("Ann", RED);
}

#[test]
fn a_file_under_another_profiles_name_does_not_open() {
    let world = World::new();
    world.sign_in("home", RED);
    world.sign_in("work", PAT);
    fs::copy(world.session_file("home"), world.session_file("work")).unwrap();
    for command in [vec!["status"], vec!["import", "--team", "BOS"]] {
        let ran = world.run([command, vec!["--profile", "work"]].concat());
        ran.exits_with(4).complains_of(&["damaged", "nbatodo login --profile work"]);
    }
    assert!(world.session_file("work").exists(), "kept for inspection");
    world.run(["status", "--profile", "home"]).exits_with(0);
}

#[test]
fn a_second_sign_in_replaces_the_first_and_revokes_its_token() {
    let world = World::new();
    world.sign_in("default", RED);
    world.sign_in("default", PAT);
    assert!(world.run(["status"]).stdout.contains(PAT));
    assert_eq!(world.sandbox.live_tokens(), 1);
    let keys = fs::read_dir(world.home().join(".local/state/nbatodo/keys")).unwrap();
    let keys: Vec<_> = keys.map(|entry| entry.unwrap().path()).collect();
    let keys: Vec<_> = keys.iter().filter(|path| path.extension().is_some()).collect();
    assert_eq!(keys.len(), 2, "the registered client, and one session key: {keys:?}");
}

#[test]
fn a_registration_serves_every_profile_of_the_machine() {
    let world = World::new();
    world.sign_in("home", RED);
    world.sign_in("work", PAT);
    let requests = world.sandbox.requests();
    assert_eq!(requests.iter().filter(|request| request.path == "/oauth/register").count(), 1);
}

#[test]
fn names_outside_the_rule_are_wrong_usage() {
    let world = World::new();
    for name in ["", ".hidden", "a/b", "../up", "a b", &"x".repeat(65)] {
        world.run(["status", &format!("--profile={name}")]).exits_with(2);
        let mut command = world.command(["status"]);
        command.env("NBATODO_PROFILE", name);
        let expected = if name.is_empty() { 4 } else { 2 };
        crate::world::finish(command).exits_with(expected);
    }
}

#[test]
fn a_logout_during_a_sign_in_signs_out_one_of_them_token_and_all() {
    let world = World::new();
    world.sign_in("default", RED);
    // The logout has taken the first session, and hangs at Todoist while somebody signs in.
    world.sandbox.inject(Fault::next("/api/v1/revoke", Effect::Hang));
    let mut logout = world.command(["logout"]).stdout(Stdio::null()).spawn().unwrap();
    world.runtime.block_on(world.sandbox.until_asked("/api/v1/revoke", 1));
    world.sign_in("default", PAT);
    logout.kill().unwrap();
    logout.wait().unwrap();
    assert!(world.run(["status"]).exits_with(0).stdout.contains(PAT));
}
