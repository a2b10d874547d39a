//! What scripts read: one JSON document on standard output, and everything else elsewhere.

use std::process::Stdio;

use nbatodo::sandbox::Fault;
use serde_json::{Value, json};

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, finish};

/// The document with what differs from run to run replaced by what it is.
fn settled(mut document: Value) -> String {
    settle(&mut document);
    serde_json::to_string_pretty(&document).unwrap()
}

fn settle(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    for (name, field) in fields {
        match (name.as_str(), &mut *field) {
            ("id", Value::String(_)) => *field = json!("[id]"),
            ("expires_at" | "published", Value::String(_)) => *field = json!("[instant]"),
            ("api", Value::String(_)) => *field = json!("[origin]"),
            ("url", Value::String(_)) => *field = json!("[link]"),
            ("key_store", Value::String(_)) => *field = json!("[key store]"),
            ("season", Value::String(_)) => *field = json!("[season]"),
            ("game_id", Value::String(_)) => *field = json!("[game id]"),
            ("due" | "was_due", Value::String(_)) => *field = json!("[instant]"),
            (_, Value::Array(list)) => list.iter_mut().for_each(settle),
            (_, Value::Object(_)) => settle(field),
            _ => {}
        }
    }
}

#[test]
fn the_shape_of_a_login_and_a_status() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser", "--format", "json"]));
    world.decide(&login.url, RED, nbatodo::sandbox::visitor::Decision::Allow);
    insta::assert_snapshot!("login", settled(login.finish().json()));
    insta::assert_snapshot!("status", settled(world.run(["status", "--format=json"]).json()));
}

#[test]
fn the_shape_of_staying_signed_in() {
    let world = World::new();
    let login = ["login", "--no-browser", "--stay-signed-in", "--format", "json"];
    let login = world.sign_in_by(world.command(login), RED);
    insta::assert_snapshot!("login_staying", settled(login.json()));
    insta::assert_snapshot!(
        "status_staying",
        settled(world.run(["status", "--format=json"]).json())
    );
    insta::assert_snapshot!(
        "logout_staying",
        settled(world.run(["logout", "--format=json"]).json())
    );
}

#[test]
fn the_shape_of_an_import() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    world.sign_in("default", RED);
    let refusal = json!({"error": "Nope", "error_tag": "NOPE", "error_code": 1, "http_code": 400});
    world.sandbox.inject(Fault::refuse_command(1, refusal));
    let ran = world.run(["import", "--team", "BOS", "--format", "json"]);
    ran.exits_with(6);
    insta::assert_snapshot!("import", settled(ran.json()));
}

#[test]
fn the_shape_of_a_removal() {
    let world = World::with_games(&celtics_games(3));
    world.run(["import", "--team", "BOS", "--destination", "inbox"]).exits_with(0);
    let task = world.tasks(RED).remove(0);
    world.sandbox.person(RED).retitle(&task.id, "With the kids").unwrap();
    let ran = world.run(["remove", "--team", "BOS", "--dry-run", "--format", "json"]);
    insta::assert_snapshot!("removal", settled(ran.exits_with(0).json()));
    let ran = world.run(["import", "--team", "BOS", "--destination=inbox", "--format=json"]);
    let section = &ran.json()["destinations"][0]["section"];
    assert!(section["url"].as_str().unwrap().contains("/app/section/"), "{section}");
}

#[test]
fn the_shape_of_a_logout() {
    let world = World::new();
    world.sign_in("default", RED);
    insta::assert_snapshot!("logout", settled(world.run(["logout", "--format=json"]).json()));
    insta::assert_snapshot!(
        "logout_of_nobody",
        settled(world.run(["logout", "--format=json"]).json())
    );
}

#[test]
fn the_shape_of_a_failure() {
    let world = World::new();
    let ran = world.run(["status", "--format", "json"]);
    ran.exits_with(4).complains_of(&["nbatodo login"]);
    insta::assert_snapshot!("failure", settled(ran.json()));
}

#[test]
fn wrong_usage_is_a_document_to_those_who_asked_for_one() {
    let world = World::new();
    for (arguments, command, said) in [
        (&["import", "--nope", "--format", "json"][..], "import", "'--nope'"),
        (&["--format=json", "login", "--ttl", "0"], "login", "from 1m to 1h"),
        (&["completions", "--format=json"], "completions", "<SHELL>"),
        (&["--format=json", "nope"], "nbatodo", "'nope'"),
    ] {
        let ran = world.run(arguments);
        let document = ran.exits_with(2).json();
        assert_eq!(
            (&document["command"], document["error"]["exit_code"].as_u64()),
            (&command.into(), Some(2))
        );
        let message = document["error"]["message"].as_str().unwrap();
        assert!(message.contains(said) && !message.contains(['\n', '\u{1b}']), "{message}");
        assert!(document["error"]["advice"].as_str().unwrap().ends_with("--help"), "{document}");
        assert!(ran.stderr.contains("--help"), "{ran:?}");
    }
    let ran = world.run(["import", "--nope"]);
    assert_eq!((ran.exits_with(2).stdout.as_str(), ran.stderr.is_empty()), ("", false));
}

#[test]
fn results_are_on_stdout_and_quiet_leaves_them_out() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    world.sign_in("default", RED);
    let ran = world.run(["import", "--team", "BOS"]);
    assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""), "{ran:?}");
    for arguments in [&["import", "--team", "BOS", "-q"][..], &["--quiet", "status"]] {
        let ran = world.run(arguments);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{ran:?}");
        ran.exits_with(0);
    }
    world.run(["logout", "-q"]).exits_with(0);
    world.run(["status", "-q"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn colours_are_for_those_who_want_them() {
    let world = World::new();
    assert!(!world.run(["status"]).stderr.contains('\u{1b}'), "a pipe is no terminal");
    assert!(world.run(["status", "--color", "always"]).stderr.contains('\u{1b}'));
    let mut command = world.command(["status", "--color", "auto"]);
    command.env("NO_COLOR", "1");
    assert!(!finish(command).stderr.contains('\u{1b}'));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let world = World::new();
    world.sign_in("default", RED);
    let mut child = world.command(["status"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn verbose_says_more_on_stderr_and_nothing_else_on_stdout() {
    let world = World::new();
    world.sign_in("default", RED);
    world.run(["import", "--team", "BOS"]).exits_with(0);
    let plain = world.run(["import", "--team", "BOS"]);
    let verbose = world.run(["-vv", "import", "--team", "BOS"]);
    assert!(verbose.stderr.contains("request"), "{verbose:?}");
    assert_eq!(verbose.stdout, plain.stdout);
}

#[test]
fn nothing_from_outside_reaches_the_terminal_as_a_command() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.sign_in("default", RED);
    let hostile = "\u{1b}[31mred\u{9b}\r\nnbatodo: all is well\u{202e}";
    let refusal = json!({"error": hostile, "error_tag": "X", "error_code": 1, "http_code": 400});
    world.sandbox.inject(Fault::refuse_command(1, refusal));
    for format in ["human", "json"] {
        let ran = world.run(["import", "--team", "BOS", "--format", format]);
        let said = [ran.stdout.as_str(), ran.stderr.as_str()].concat();
        assert!(!said.contains(['\u{1b}', '\u{9b}', '\r', '\u{202e}']), "{ran:?}");
        assert!(ran.stderr.lines().count() <= 1, "{ran:?}");
        let body = json!({ "error": hostile }).to_string();
        world.sandbox.inject(Fault::answer("/api/v1/sync", 400, &[], &body));
    }
}
