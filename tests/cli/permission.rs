//! What a sign-in asks the person to permit, and what that is good for.

use nbatodo::sandbox::Fault;
use nbatodo::sandbox::visitor::Decision;
use serde_json::{Value, json};

use crate::feed::{celtics_games, text};
use crate::standing::{Staying, TOKEN};
use crate::world::{RED, World};

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

fn write() -> Value {
    json!(["data:read_write"])
}

fn write_and_delete() -> Value {
    json!(["data:read_write", "data:delete", "project:delete"])
}

/// The scopes that `status` says.
fn scopes_now(world: &World) -> Value {
    let ran = world.run(["status", "--format", "json"]);
    ran.exits_with(0).json()["scopes"].clone()
}

#[test]
fn leave_to_delete_is_asked_for_and_given_only_where_it_is_wanted() {
    let world = World::new();
    for (more, asked, scopes) in [
        (None, "data:read_write", write()),
        (Some("--allow-delete"), "data:read_write,data:delete,project:delete", write_and_delete()),
        (None, "data:read_write", write()),
    ] {
        let arguments = ["login", "--no-browser", "--format", "json"].into_iter().chain(more);
        let arguments: Vec<&str> = arguments.collect();
        let login = world.start_login(world.command(arguments));
        let scope = login.url.query_pairs().find(|(key, _)| key == "scope").unwrap().1.into_owned();
        assert_eq!(scope, asked);
        assert_eq!(login.said().contains("leave to delete"), more.is_some(), "{}", login.said());
        world.decide(&login.url, RED, Decision::Allow);
        assert_eq!(login.finish().exits_with(0).json()["scopes"], scopes);
        assert_eq!(scopes_now(&world), scopes);
    }
    assert_eq!(world.asked("/oauth/register"), 1, "one registration does for both");
}

#[test]
fn a_sign_in_that_may_delete_takes_an_import_back() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(4)));
    world.sign_in_by(world.command(["login", "--no-browser", "--allow-delete"]), RED);
    world.run(["import", "--team", "BOS"]).exits_with(0);
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, 4));
    world.run(["remove", "--team", "BOS", "--yes"]).exits_with(0);
    assert!(world.projects(RED).is_empty() && world.tasks(RED).is_empty());
}

#[test]
fn an_answer_that_names_no_scopes_gives_those_that_were_asked_for() {
    let user = r#"{"id":"1","email":"a@b.c","full_name":"Ann"}"#;
    let token = r#"{"access_token":"short","token_type":"Bearer","expires_in":3600}"#;
    for (more, scopes) in [(None, write()), (Some("--allow-delete"), write_and_delete())] {
        let world = World::new();
        world.sandbox.inject(Fault::answer(TOKEN, 200, &JSON, token));
        world.sandbox.inject(Fault::answer("/api/v1/user", 200, &JSON, user));
        let arguments: Vec<&str> = ["login", "--no-browser"].into_iter().chain(more).collect();
        world.sign_in_by(world.command(arguments), RED);
        assert_eq!(scopes_now(&world), scopes);
    }
}

#[test]
fn a_renewed_session_may_do_what_was_permitted_at_the_sign_in() {
    let staying = Staying::nobody();
    staying.sign_in(&["--allow-delete"], RED);
    staying.pass_the_hour();
    assert_eq!(scopes_now(&staying.world), write_and_delete());
    // And where the answer does not say so.
    staying.pass_the_hour();
    let answer = r#"{"access_token":"next","refresh_token":"after","token_type":"Bearer",
                     "expires_in":3600}"#;
    staying.world.sandbox.inject(Fault::answer(TOKEN, 200, &JSON, answer));
    let before = staying.token_requests();
    assert_eq!(scopes_now(&staying.world), write_and_delete());
    assert_eq!(staying.token_requests(), before + 1);

    let plain = Staying::new();
    plain.pass_the_hour();
    assert_eq!(scopes_now(&plain.world), write());
}
