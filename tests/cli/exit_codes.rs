//! Each documented exit code, with the one line that goes with it.

use std::fs;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Fault, Overrides};
use serde_json::json;

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, finish, nothing_listens};

const SYNC: &str = "/api/v1/sync";

/// A world in which the Celtics have `games` coming games and Red is signed in.
fn signed_in(games: usize) -> World {
    let world = World::new();
    world.serve_feed(text(&celtics_games(games)));
    world.sign_in("default", RED);
    world
}

fn import(world: &World) -> crate::world::Ran {
    world.run(["import", "--team", "BOS"])
}

/// Runs `arguments` with one variable set.
fn with(world: &World, name: &str, value: &str, arguments: &[&str]) -> crate::world::Ran {
    let mut command = world.command(arguments);
    command.env(name, value);
    finish(command)
}

#[test]
fn code_2_for_wrong_usage_and_configuration() {
    let world = World::new();
    for arguments in [
        &["sttaus"][..],
        &["import", "--team"],
        &["--format", "xml", "status"],
        &["login", "--timeout", "0"],
        &["login", "--ttl", "61"],
        &["login", "--port", "0"],
        &["completions", "csh"],
        &["config"],
        &["config", "set", "tema", "BOS"],
        &["config", "set", "team"],
        &["--bogus"],
    ] {
        world.run(arguments).exits_with(2);
    }
    world.run(["login", "--port", "4444"]).exits_with(2).complains_of(&["NBATODO_CLIENT_ID"]);
    world.run(["import"]).exits_with(2).complains_of(&["--team BOS"]);
    world.run(["import", "--team", "zzz"]).exits_with(2).complains_of(&["zzz", "nearest"]);
    for (name, value) in [
        ("NBATODO_API_URL", "http://example.com"),
        ("NBATODO_AUTH_URL", "file:///etc/passwd"),
        ("NBATODO_SCHEDULE_URL", "nba.com"),
        ("NBATODO_PROFILE", "a/b"),
        ("NBATODO_SESSION_STORE", "redis://cache.example.com"),
        ("NBATODO_SESSION_STORE", "mysql://localhost"),
        ("NBATODO_CONFIG", "/nowhere/config.toml"),
        ("NBATODO_TOKEN_FILE", "/nowhere/token"),
        ("NBATODO_TOKEN", "two\nlines"),
    ] {
        let ran = with(&world, name, value, &["status"]);
        ran.exits_with(2).complains_of(&["nbatodo: "]);
    }
}

#[test]
fn code_2_for_a_settings_file_that_cannot_be_used() {
    let world = World::new();
    let folder = world.home().join(".config/nbatodo");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.toml");
    for (content, named) in [
        ("tema = \"BOS\"", "tema"),
        ("team = ", "line 1"),
        ("\napi_url = \"http://example.com\"", "api_url"),
        ("client_id = \"x\"\nclient_secret = \"hunter2\"", "chmod 600"),
    ] {
        fs::write(&file, content).unwrap();
        world.chmod(&file, 0o644);
        let mut command = world.command(["status"]);
        command.env_remove("NBATODO_API_URL");
        let ran = finish(command);
        ran.exits_with(2).complains_of(&[named]);
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
    fs::write(&file, "team = \"BOS\"\nprofile = \"work\"").unwrap();
    world.run(["import"]).exits_with(4).complains_of(&["\"work\""]);
}

#[test]
fn code_3_where_trying_later_can_help() {
    let world = signed_in(3);
    for (status, headers, body) in [
        (500, vec![], "{}"),
        (502, vec![], "<html>Bad Gateway</html>"),
        (503, vec![("Retry-After", "1")], ""),
        (429, vec![("Retry-After", "7")], r#"{"error":"Too many requests"}"#),
        (200, vec![], "<html>Welcome to the hotel's network</html>"),
        (302, vec![("Location", "http://localhost/")], ""),
    ] {
        for _ in 0..5 {
            world.sandbox.inject(Fault::answer(SYNC, status, &headers, body));
        }
        let ran = world.run(["import", "--team", "BOS", "--max-wait", "0"]);
        ran.exits_with(3).complains_of(&["Todoist", "Try again later"]);
    }
    assert!(world.tasks(RED).is_empty());
}

#[test]
fn code_3_without_a_network() {
    let mut world = signed_in(3);
    let gone = nothing_listens();
    with(&world, "NBATODO_API_URL", &gone, &["login"]).exits_with(3).complains_of(&["reached"]);
    let token = with(&world, "NBATODO_TOKEN", "none-such", &["status"]);
    token.exits_with(4).complains_of(&["does not accept the token in NBATODO_TOKEN"]);
    // The origin of the session itself goes away.
    world.feed_at(gone);
    world.stop_sandbox();
    // A client is registered already, and still nobody is sent to a browser in vain.
    world.run(["login"]).exits_with(3).complains_of(&["cannot be reached"]);
    let ran = world.run(["import", "--team", "BOS", "--max-wait", "1"]);
    let parts = ["cannot be reached", "Try again later", "NBATODO_API_URL", "type: unset NBATODO_"];
    ran.exits_with(3).complains_of(&parts);
}

#[test]
fn code_4_where_signing_in_can_help() {
    let world = signed_in(1);
    world.sandbox.inject(Fault::answer(SYNC, 401, &[], "{}"));
    import(&world).exits_with(4).complains_of(&["nbatodo login"]);
    let elsewhere =
        with(&world, "NBATODO_API_URL", &nothing_listens(), &["import", "--team", "BOS"]);
    elsewhere.exits_with(4).complains_of(&["belongs to", "NBATODO_API_URL="]);
    with(&world, "NBATODO_API_URL", &nothing_listens(), &["status"]).exits_with(4);
    world.run(["logout"]).exits_with(0);
    import(&world).exits_with(4).complains_of(&["nobody is signed in", "nbatodo login"]);
    world.run(["status"]).exits_with(4);
}

#[test]
fn code_4_for_a_denial_and_for_nobody_coming() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let page = world.decide(&login.url, RED, Decision::Deny);
    assert!(page.contains("You did not give nbatodo access"), "{page}");
    let ran = login.finish();
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(ran.stderr.contains("access was denied"), "{ran:?}");
    assert!(!world.session_file("default").exists());

    let nobody = world.run(["login", "--no-browser", "--timeout", "1"]);
    nobody.exits_with(4);
    assert!(nobody.stderr.contains("within 1 s"), "{nobody:?}");
}

#[test]
fn code_5_where_the_key_store_is_out_of_reach() {
    let world = World::new();
    let ran = with(&world, "NBATODO_KEY_FILE", "/nowhere/key", &["login"]);
    ran.exits_with(5).complains_of(&["/nowhere/key"]);
    assert!(world.sandbox.requests().is_empty(), "asked Todoist before the key store");
    world.chmod(&world.key_file(), 0o644);
    world.run(["login"]).exits_with(5).complains_of(&["chmod 600"]);
    fs::write(world.key_file(), "-----BEGIN OPENSSH PRIVATE KEY-----").unwrap();
    world.chmod(&world.key_file(), 0o600);
    let ran = world.run(["login"]);
    ran.exits_with(5).complains_of(&["another file"]);
    assert!(!ran.stderr.contains("rm "), "advice to delete somebody's file: {ran:?}");
}

#[test]
fn code_6_where_some_games_were_refused_each_of_them_named() {
    let world = signed_in(5);
    let refusal = json!({"error": "Nope", "error_tag": "NOPE", "error_code": 1, "http_code": 400});
    // Command 0 is the project.
    world.sandbox.inject(Fault::refuse_command(2, refusal));
    let ran = import(&world);
    ran.exits_with(6).complains_of(&["Celtics", "Nope", "game 002"]);
    assert!(ran.stdout.contains("4 created, 0 unchanged, 1 failed"), "{ran:?}");
    let again = import(&world);
    again.exits_with(0);
    assert!(again.stdout.contains("1 created, 4 unchanged, 0 failed"), "{again:?}");
}

#[test]
fn code_1_where_the_account_has_no_room_before_anything_is_written() {
    let world = World::with(|options| {
        options.overrides = Overrides { max_projects: Some(0), ..Overrides::default() };
    });
    world.serve_feed(text(&celtics_games(5)));
    world.sign_in("default", RED);
    import(&world).exits_with(1).complains_of(&["no further project", "archive a project"]);

    let world = World::with(|options| {
        options.overrides = Overrides { max_tasks: Some(4), ..Overrides::default() };
    });
    world.serve_feed(text(&celtics_games(5)));
    world.sign_in("default", RED);
    import(&world).exits_with(1).complains_of(&["5 active tasks", "allows 4"]);
    assert!(world.projects(RED).is_empty());
}
