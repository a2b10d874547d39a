//! How staying signed in ends: by the person, by Todoist, or by another sign-in.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use nbatodo::keys::{EntryName, KeyStore};
use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};
use serde_json::json;

use crate::standing::{Staying, TOKEN};
use crate::world::{PAT, RED, World, finish, free_port};

const REVOKE: &str = "/api/v1/revoke";

#[test]
fn logout_ends_it_all() {
    let staying = Staying::new();
    let ran = staying.run(&["logout"]);
    assert!(ran.exits_with(0).stdout.contains("token revoked at Todoist, staying signed in ended"));
    let sandbox = &staying.world.sandbox;
    assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (0, 0));
    assert_eq!(staying.entries(), 0);
    staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn logout_after_the_hour_ends_it_all_too() {
    let staying = Staying::new();
    staying.pass_the_hour();
    staying.run(&["logout"]).exits_with(0);
    assert_eq!(staying.world.sandbox.live_refresh_tokens(), 0);
    assert_eq!(staying.entries(), 0);
    staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn a_logout_during_a_renewal_ends_what_the_renewal_brings() {
    let staying = Staying::new();
    let sandbox = &staying.world.sandbox;
    staying.pass_the_hour();
    let before = staying.token_requests();
    sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_millis(500))));
    let mut renewal = staying.status().stdout(Stdio::null()).spawn().unwrap();
    staying.world.runtime.block_on(sandbox.until_asked(TOKEN, before + 1));
    staying.run(&["logout"]).exits_with(0);
    renewal.wait().unwrap();
    assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (0, 0));
    assert_eq!(staying.entries(), 0);
    staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn whatever_runs_at_once_after_the_hour_a_last_logout_leaves_nothing_alive() {
    let staying = Staying::new();
    let sandbox = &staying.world.sandbox;
    for round in 0..3 {
        staying.pass_the_hour();
        // The first answer takes a while, so that all of them come together.
        sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_millis(300))));
        let login = ["login", "--no-browser", "--stay-signed-in"];
        let logins = staying.world.start_logins([(); 2].map(|()| staying.world.command(login)));
        let runs: Vec<_> = (0..18)
            .map(|number| match number % 9 {
                8 => staying.world.command(["logout"]),
                odd if odd % 2 == 1 => staying.world.command(["logout", "--profile", "nobody"]),
                _ => staying.status(),
            })
            .map(|run| staying.world.spawn(run))
            .collect();
        for login in logins {
            staying.world.decide(&login.url, PAT, Decision::Allow);
            login.finish().exits_with(0);
        }
        for run in runs {
            let output = run.wait_with_output().unwrap();
            assert!(matches!(output.status.code(), Some(0 | 4)), "round {round}: {output:?}");
        }
        assert_eq!(sandbox.replays(), 0, "round {round}");
        if round == 2 {
            staying.run(&["logout"]).exits_with(0);
            assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (0, 0));
            assert_eq!(staying.entries(), 0);
        } else {
            staying.sign_in(&[], RED);
        }
    }
}

#[test]
fn logout_without_a_network_says_where_the_grant_can_be_ended() {
    let mut staying = Staying::new();
    staying.world.stop_sandbox();
    let ran = staying.run(&["logout"]);
    ran.exits_with(3).complains_of(&["was not revoked", "in Todoist: Settings, Integrations"]);
    assert!(ran.stdout.contains("key destroyed, session file deleted"), "{ran:?}");
    assert!(staying.grant().is_none());
    assert!(!staying.world.session_file("default").exists());
}

#[test]
fn logout_does_not_send_a_token_that_may_be_consumed() {
    let staying = Staying::new();
    staying.pass_the_hour();
    for _ in 0..4 {
        staying.world.sandbox.inject(Fault::next(TOKEN, Effect::CloseAfter));
    }
    staying.run(&["status"]).exits_with(3);
    staying.pass_the_grace();
    let ran = staying.run(&["logout"]);
    ran.exits_with(1).complains_of(&["answer to its last renewal was lost", "Integrations"]);
    assert_eq!(staying.entries(), 0);
}

#[test]
fn a_damaged_grant_is_said_and_goes_with_the_next_logout() {
    let staying = Staying::new();
    let keys = staying.world.home().join(".local/state/nbatodo/keys");
    let before = fs::read_dir(&keys).unwrap().count();
    staying.pass_the_hour();
    let entry = nbatodo::keys::KeyFile::new(&staying.world.key_file(), &keys);
    nbatodo::keys::KeyStore::set(&entry, &crate::standing::entry(), b"{}").unwrap();
    staying.run(&["status"]).exits_with(4).complains_of(&["signed in does not open"]);
    let ran = staying.run(&["logout"]);
    ran.exits_with(1).complains_of(&["was not revoked", "Integrations"]);
    assert!(fs::read_dir(&keys).unwrap().count() < before);
    staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn a_plain_login_replaces_and_ends_it() {
    let staying = Staying::new();
    let login = staying.world.sign_in("default", PAT);
    assert!(login.stderr.contains("stays signed in now. This sign-in replaces that"), "{login:?}");
    assert!(
        login.stdout.contains("You no longer stay signed in: this session ends with its hour."),
        "{login:?}"
    );
    let sandbox = &staying.world.sandbox;
    assert_eq!(sandbox.live_tokens(), 1);
    // The plain login's own, which is kept nowhere.
    assert_eq!(sandbox.live_refresh_tokens(), 1);
    assert_eq!(staying.entries(), 1, "only the key of the session");
    assert!(!staying.stays());
    staying.pass_the_hour();
    staying.run(&["status"]).exits_with(4).complains_of(&["expired"]);
}

#[test]
fn another_login_that_stays_replaces_it() {
    let staying = Staying::new();
    staying.sign_in(&[], PAT);
    let sandbox = &staying.world.sandbox;
    assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (1, 1));
    staying.pass_the_hour();
    assert!(staying.run(&["status"]).exits_with(0).stdout.contains(PAT));
}

#[test]
fn a_login_that_fails_leaves_what_stayed() {
    let staying = Staying::new();
    let login = staying.world.command(["login", "--no-browser"]);
    let login = staying.world.start_login(login);
    let lock = fs::File::open(staying.world.session_file("default").with_extension("lock"));
    let lock = lock.unwrap();
    lock.lock().unwrap();
    staying.world.decide(&login.url, PAT, nbatodo::sandbox::visitor::Decision::Allow);
    login.finish().exits_with(5);
    drop(lock);
    assert!(staying.stays());
    let sandbox = &staying.world.sandbox;
    assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (1, 1));
}

#[test]
fn a_grant_that_todoist_has_ended_is_removed() {
    let staying = Staying::new();
    staying.world.sandbox.remove_apps(RED);
    staying.pass_the_hour();
    let ran = staying.run(&["status"]);
    ran.exits_with(4).complains_of(&["has ended", "nbatodo login --stay-signed-in"]);
    assert_eq!(staying.entries(), 0);
    assert!(!staying.world.session_file("default").exists());
    staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn eight_runs_at_once_with_a_grant_that_todoist_has_ended_ask_once_and_all_say_so() {
    let staying = Staying::new();
    let sandbox = &staying.world.sandbox;
    staying.pass_the_hour();
    sandbox.remove_apps(RED);
    let before = staying.token_requests();
    sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_millis(300))));
    let runs: Vec<_> = (0..8).map(|_| staying.world.spawn(staying.status())).collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{output:?}");
    }
    assert_eq!((staying.token_requests() - before, sandbox.replays()), (1, 0));
    assert_eq!(staying.entries(), 0);
}

#[test]
fn a_logout_leaves_another_profile_of_the_same_account_alone() {
    let staying = Staying::new();
    staying.sign_in(&["--profile", "other"], RED);
    staying.pass_the_hour();
    staying.run(&["logout", "--profile", "other"]).exits_with(0);
    assert!(staying.stays());
    assert_eq!(staying.world.sandbox.live_refresh_tokens(), 1);
}

#[test]
fn a_refused_grant_is_removed_whatever_todoist_calls_it() {
    let staying = Staying::new();
    staying.pass_the_hour();
    let body = r#"{"error":"unauthorized_client"}"#;
    let json = [("Content-Type", "application/json")];
    staying.world.sandbox.inject(Fault::answer(TOKEN, 400, &json, body));
    staying.run(&["import", "--team", "BOS"]).exits_with(4).complains_of(&["has ended"]);
    assert_eq!(staying.entries(), 0);
}

#[test]
fn a_client_that_todoist_forgot_takes_the_grant_along() {
    let staying = Staying::new();
    staying.world.sandbox.forget_clients();
    staying.pass_the_hour();
    staying.run(&["status"]).exits_with(4).complains_of(&["does not know this installation"]);
    assert!(staying.grant().is_none());
    staying.sign_in(&[], RED);
    assert!(staying.stays());
}

#[test]
fn a_registered_client_that_todoist_forgot_is_not_mistaken_for_the_own_one_that_is_set() {
    let staying = Staying::new();
    staying.world.sandbox.forget_clients();
    staying.pass_the_hour();
    let mut status = staying.status();
    status.env("NBATODO_CLIENT_ID", "mine");
    finish(status).exits_with(4).complains_of(&["does not know this installation"]);
    assert_eq!(staying.entries(), 0, "the key of the session, and the grant");
    staying.sign_in(&[], RED);
    assert!(staying.stays());
}

#[test]
fn an_own_client_with_a_wrong_secret_costs_nothing() {
    let staying = Staying::nobody();
    let world = &staying.world;
    let client = world.runtime.block_on(async {
        let http = nbatodo::http::Http::new().unwrap();
        nbatodo::signin::registration::register(&http, &world.sandbox.origin()).await.unwrap()
    });
    let secret = client.secret.unwrap();
    let with = |secret: &str, arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("NBATODO_CLIENT_ID", &client.id).env("NBATODO_CLIENT_SECRET", secret);
        command
    };
    let login = ["login", "--no-browser", "--stay-signed-in"];
    world.sign_in_by(with(secret.expose(), &login), RED);
    staying.pass_the_hour();
    let refused = finish(with("wrong", &["status"]));
    refused.exits_with(2).complains_of(&["NBATODO_CLIENT_SECRET"]);
    // A run that is not told of the client takes the secret that the sign-in kept.
    assert!(staying.stays());

    // A kept secret that is wrong by now, for instance because Todoist has issued another.
    let kept = EntryName::own_client(&world.sandbox.origin(), &client.id);
    let good = staying.keys().get(&kept).unwrap().unwrap();
    let wrong = String::from_utf8(good.to_vec()).unwrap().replace(secret.expose(), "wrong");
    staying.keys().set(&kept, wrong.as_bytes()).unwrap();
    staying.pass_the_hour();
    staying.run(&["status"]).exits_with(2).complains_of(&["NBATODO_CLIENT_SECRET"]);
    staying.keys().delete(&kept).unwrap();
    staying.run(&["status"]).exits_with(4).complains_of(&["not known here", "NBATODO_CLIENT_ID"]);
    let ran = finish(with(secret.expose(), &["status"]));
    assert!(ran.exits_with(0).stdout.contains("stays signed in"), "{ran:?}");
}

#[test]
fn it_is_for_the_todoist_that_granted_it() {
    let staying = Staying::new();
    staying.pass_the_hour();
    let requests = staying.world.sandbox.requests().len();
    let mut elsewhere = staying.status();
    elsewhere.env("NBATODO_API_URL", crate::world::nothing_listens());
    finish(elsewhere).exits_with(4).complains_of(&["belongs to"]);
    assert_eq!(staying.world.sandbox.requests().len(), requests);
    assert!(staying.stays());
}

#[test]
fn where_todoist_gives_nothing_that_lasts_the_login_says_so() {
    let world = World::new();
    let body = r#"{"access_token":"short","token_type":"Bearer","expires_in":3600}"#;
    let json = [("Content-Type", "application/json")];
    world.sandbox.inject(Fault::answer(TOKEN, 200, &json, body));
    let user = r#"{"id":"1","email":"a@b.c","full_name":"Ann"}"#;
    world.sandbox.inject(Fault::answer("/api/v1/user", 200, &json, user));
    let login = world.command(["login", "--no-browser", "--stay-signed-in"]);
    let login = world.start_login(login);
    world.decide(&login.url, RED, nbatodo::sandbox::visitor::Decision::Allow);
    let ran = login.finish();
    assert!(ran.exits_with(1).stderr.contains("nobody can stay signed in"), "{ran:?}");
    assert!(!world.session_file("default").exists());
}

#[test]
fn the_end_of_a_session_is_told_before_its_token_is_revoked() {
    for killed in [true, false] {
        let staying = Staying::nobody();
        let sandbox = &staying.world.sandbox;
        staying.world.sign_in("default", RED);
        staying.pass_the_hour();
        sandbox.inject(Fault::next(REVOKE, Effect::Hang));
        let asked = |path| sandbox.requests().iter().filter(|it| it.path == path).count();
        let before = asked(REVOKE);
        let run = staying.status().stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut run = run.unwrap();
        staying.world.runtime.block_on(sandbox.until_asked(REVOKE, before + 1));
        if killed {
            run.kill().unwrap();
        }
        let ended = run.wait_with_output().unwrap();
        assert!(String::from_utf8_lossy(&ended.stderr).contains("has expired"), "{ended:?}");
        assert_eq!(ended.status.code(), (!killed).then_some(4), "it does not wait for ever");
        assert_eq!(staying.entries(), 0);
    }
}

#[test]
fn a_legacy_token_that_could_not_be_revoked_has_no_end() {
    let mut staying = Staying::nobody();
    let port = 21_391;
    let world = &mut staying.world;
    let client = world.sandbox.legacy_client(&format!("http://localhost:{port}/callback"));
    let mut login = world.command(["login", "--no-browser", "--port", &port.to_string()]);
    login.env("NBATODO_CLIENT_ID", &client.id).env("NBATODO_CLIENT_SECRET", &client.secret);
    world.sign_in_by(login, RED);
    world.stop_sandbox();
    let mut logout = world.command(["logout"]);
    logout.env("NBATODO_CLIENT_ID", &client.id).env("NBATODO_CLIENT_SECRET", &client.secret);
    finish(logout).exits_with(3).complains_of(&["has no end of its own", "Integrations"]);
}

#[test]
fn a_login_that_fails_leaves_the_token_that_todoist_has_given_twice() {
    let world = World::new();
    let port = free_port();
    let client = world.sandbox.legacy_client(&format!("http://localhost:{port}/callback"));
    for arguments in [&[][..], &["--stay-signed-in"]] {
        let login = || {
            let port = port.to_string();
            let mut login = world
                .command([&["login", "--no-browser", "--port", port.as_str()], arguments].concat());
            login.env("NBATODO_CLIENT_ID", &client.id);
            login.env("NBATODO_CLIENT_SECRET", &client.secret);
            login
        };
        world.sign_in_by(login(), RED);
        let secrets = world.sandbox.issued_secrets();
        let token = secrets.into_iter().find(|secret| world.sandbox.is_live(secret)).unwrap();
        let again =
            json!({"access_token": token, "token_type": "Bearer", "expires_in": 315_360_000});
        world.sandbox.inject(Fault::answer(TOKEN, 200, &[], &again.to_string()));
        world.sandbox.inject(Fault::answer("/api/v1/user", 503, &[], ""));
        let waiting = world.start_login(login());
        world.decide(&waiting.url, RED, Decision::Allow);
        waiting.finish().exits_with(3);
        assert!(world.sandbox.is_live(&token), "the session before lives by it");
    }
}
