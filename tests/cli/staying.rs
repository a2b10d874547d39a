//! Staying signed in: a session after the hour, without a browser.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use jiff::SignedDuration;
use nbatodo::keys::{EntryName, KeyFile, KeyStore};
use nbatodo::sandbox::{Effect, Fault};
use rustix::process::{Pid, Signal, kill_process};

use crate::feed::{celtics_games, text};
use crate::sessions::faketime;
use crate::standing::{Staying, TOKEN};
use crate::world::{PAT, RED, Ran, World, finish};

#[test]
fn a_run_after_the_hour_renews_the_session_without_a_browser() {
    let staying = Staying::new();
    staying.world.serve_feed(text(&celtics_games(3)));
    for round in 1..=3 {
        staying.pass_the_hour();
        let before = staying.token_requests();
        let ran = staying.run(&["import", "--team", "BOS"]);
        assert_eq!((ran.exits_with(0).stdout.lines().count(), ran.stderr.as_str()), (1, ""));
        assert!(staying.stays(), "round {round}");
        assert_eq!(staying.token_requests() - before, 1, "round {round}");
    }
    assert_eq!(staying.world.tasks(RED).len(), 3);
    assert_eq!(staying.world.sandbox.live_refresh_tokens(), 1);
    assert_eq!(staying.world.sandbox.replays(), 0);
}

#[test]
fn the_whole_story_by_the_clock_of_the_machine() {
    let staying = Staying::new();
    let Ok(mut status) = faketime(&staying.world, "+61m") else { return };
    status.arg("status");
    let ran = finish(status);
    assert!(ran.exits_with(0).stdout.contains("60 minutes left"), "{ran:?}");
    assert!(ran.stdout.contains("stays signed in"), "{ran:?}");
    let Ok(mut logout) = faketime(&staying.world, "+62m") else { return };
    logout.arg("logout");
    let ran = finish(logout);
    assert!(ran.exits_with(0).stdout.contains("staying signed in ended"), "{ran:?}");
    assert_eq!(staying.world.sandbox.live_refresh_tokens(), 0);
    assert_eq!(staying.world.sandbox.replays(), 0);
}

#[test]
fn what_is_kept_is_said_before_the_browser_opens() {
    let staying = Staying::nobody();
    let ran = staying.sign_in(&[], RED);
    let key_file = staying.world.key_file();
    let said: Vec<_> = ran.stderr.lines().take(2).collect();
    assert!(said[0].contains(key_file.to_str().unwrap()), "{ran:?}");
    assert!(said[1].contains("nbatodo logout"), "{ran:?}");
    assert!(ran.stdout.contains("later runs renew"), "{ran:?}");
}

#[test]
fn no_token_stands_in_clear_in_any_file_or_line() {
    let staying = Staying::new();
    staying.pass_the_hour();
    let mut said = Vec::new();
    for arguments in [&["status", "-vvv"][..], &["status", "-vvv", "--format", "json"]] {
        let Ran { stdout, stderr, .. } = staying.run(arguments);
        said.extend([stdout, stderr]);
    }
    let mut files = Vec::new();
    let mut folders = vec![staying.world.home().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { files.push(fs::read(path).unwrap()) }
        }
    }
    let Ran { stdout, stderr, .. } = staying.run(&["logout", "-vvv"]);
    said.extend([stdout, stderr]);
    let secrets = staying.world.sandbox.issued_secrets();
    assert!(secrets.len() >= 6, "a code, two access and two refresh tokens, a client secret");
    for secret in secrets {
        assert!(!said.iter().any(|text| text.contains(&secret)), "said");
        let bytes = secret.as_bytes();
        let stands_in = |file: &Vec<u8>| file.windows(bytes.len()).any(|part| part == bytes);
        assert!(!files.iter().any(stands_in), "written");
    }
}

#[test]
fn eight_runs_at_once_after_the_hour_renew_once() {
    let staying = Staying::new();
    staying.world.serve_feed(text(&celtics_games(3)));
    for _ in 0..3 {
        staying.pass_the_hour();
        let before = staying.token_requests();
        // The first answer takes a while, so that all of them want to renew.
        staying.world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_millis(300))));
        let runs: Vec<_> = (0..8)
            .map(|number| match number % 2 {
                0 => staying.status(),
                _ => staying.world.command(["import", "--team", "BOS"]),
            })
            .map(|mut run| run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
            .collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
        }
        assert_eq!(staying.token_requests() - before, 1);
    }
    assert!(staying.stays());
    assert_eq!(staying.world.tasks(RED).len(), 3);
    assert_eq!(staying.world.sandbox.replays(), 0);
}

#[test]
fn a_slow_token_endpoint_is_waited_for_and_ctrl_c_loses_nothing() {
    let staying = Staying::new();
    staying.pass_the_hour();
    let before = staying.token_requests();
    staying.world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_millis(500))));
    let run = staying.status().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let asked = staying.world.sandbox.until_asked(TOKEN, before + 1);
    staying.world.runtime.block_on(asked);
    kill_process(Pid::from_child(&run), Signal::INT).unwrap();
    assert_eq!(run.wait_with_output().unwrap().status.code(), Some(130));
    assert!(staying.stays());
    assert_eq!(staying.token_requests() - before, 1, "the renewal was kept");
}

#[test]
fn a_shorter_life_holds_for_every_session_and_leaves_no_token_behind() {
    let staying = Staying::nobody();
    staying.sign_in(&["--ttl", "10"], RED);
    staying.pass(SignedDuration::from_mins(11));
    let ran = staying.run(&["status"]);
    assert!(ran.exits_with(0).stdout.contains("10 minutes left"), "{ran:?}");
    assert_eq!(staying.world.sandbox.live_tokens(), 1, "the session before left its token");
}

#[test]
fn an_answer_that_was_lost_before_todoist_acted_costs_nothing() {
    let staying = Staying::new();
    staying.pass_the_hour();
    staying.world.sandbox.inject(Fault::next(TOKEN, Effect::CloseBefore));
    assert!(staying.stays());
    assert!(staying.grant().unwrap().first_sent().is_none());
}

#[test]
fn an_answer_that_was_lost_for_good_is_healed_for_an_hour_and_said() {
    for effect in [Effect::CloseAfter, Effect::CutAnswer] {
        let staying = Staying::new();
        staying.pass_the_hour();
        staying.world.sandbox.inject(Fault::next(TOKEN, effect));
        let ran = staying.run(&["status", "--quiet"]);
        assert!(ran.exits_with(0).stderr.contains("last hour"), "{ran:?}");
        assert!(ran.stderr.contains("nbatodo login --stay-signed-in"), "{ran:?}");
        assert!(!staying.stays());
        assert!(staying.grant().is_none());
        staying.pass_the_hour();
        staying.run(&["status"]).exits_with(4).complains_of(&["expired", "nbatodo login"]);
        assert_eq!(staying.world.sandbox.replays(), 0);
    }
}

#[test]
fn where_every_answer_is_lost_the_next_run_is_in_time_or_says_that_it_is_not() {
    for in_time in [true, false] {
        let staying = Staying::new();
        staying.pass_the_hour();
        for _ in 0..4 {
            staying.world.sandbox.inject(Fault::next(TOKEN, Effect::CloseAfter));
        }
        staying.run(&["status"]).exits_with(3).complains_of(&["was lost", "at once"]);
        assert_eq!(staying.world.sandbox.faults_left(), 0);
        let before = staying.token_requests();
        if in_time {
            assert!(staying.run(&["status"]).exits_with(0).stderr.contains("last hour"));
        } else {
            staying.pass_the_grace();
            let ran = staying.run(&["status"]);
            ran.exits_with(4).complains_of(&["was lost", "nbatodo login --stay-signed-in"]);
            assert_eq!(staying.token_requests(), before, "the consumed token was sent again");
            assert_eq!(staying.entries(), 0);
        }
        assert_eq!(staying.world.sandbox.replays(), 0);
    }
}

#[test]
fn while_todoist_is_unavailable_nothing_is_lost() {
    let staying = Staying::new();
    staying.pass_the_hour();
    for status in [429, 503] {
        staying.world.sandbox.inject(Fault::answer(TOKEN, status, &[], "{}"));
        staying.run(&["status"]).exits_with(3).complains_of(&["Try again later"]);
        staying.pass_the_grace();
    }
    assert!(staying.stays());
    assert_eq!(staying.world.sandbox.replays(), 0);
}

#[test]
fn without_a_network_nothing_is_lost() {
    let mut staying = Staying::new();
    staying.pass_the_hour();
    staying.world.stop_sandbox();
    staying.run(&["status"]).exits_with(3).complains_of(&["cannot be reached", "Try again later"]);
    let grant = staying.grant().expect("the grant is lost");
    assert!(grant.first_sent().is_none(), "a later run would not dare to send it");
    assert!(staying.world.session_file("default").exists());
}

#[test]
fn a_legacy_client_stays_signed_in_by_its_token() {
    let staying = Staying::nobody();
    let world = &staying.world;
    let port = 21_390;
    let client = world.sandbox.legacy_client(&format!("http://localhost:{port}/callback"));
    let with_client = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("NBATODO_CLIENT_ID", &client.id).env("NBATODO_CLIENT_SECRET", &client.secret);
        command
    };
    let port = port.to_string();
    let login = ["login", "--no-browser", "--stay-signed-in", "--port", &port];
    world.sign_in_by(with_client(&login), RED);
    for _ in 0..2 {
        staying.pass_the_hour();
        let ran = finish(with_client(&["status"]));
        assert!(ran.exits_with(0).stdout.contains("stays signed in"), "{ran:?}");
        assert_eq!(world.sandbox.live_tokens(), 1);
    }
    // The same person again: the token before is another one, and ends.
    world.sign_in_by(with_client(&login), RED);
    assert_eq!(world.sandbox.live_tokens(), 1);
    let ran = finish(with_client(&["logout"]));
    assert!(ran.exits_with(0).stdout.contains("staying signed in ended"), "{ran:?}");
    // Only the secret of the person's own client outlives a logout.
    assert_eq!((world.sandbox.live_tokens(), staying.entries()), (0, 1));

    // A token without an end that is refused is removed as well.
    world.sign_in_by(with_client(&login), RED);
    world.sandbox.remove_apps(RED);
    staying.pass_the_hour();
    finish(with_client(&["status"])).exits_with(4).complains_of(&["has ended"]);
    assert_eq!(staying.entries(), 1);
}

#[test]
fn a_grant_belongs_to_its_profile() {
    let staying = Staying::new();
    let world = &staying.world;
    world.sign_in("work", PAT);
    staying.pass_the_hour();
    assert!(staying.stays());
    let work = world.run(["status", "--profile", "work", "--format", "json"]);
    assert_eq!(work.json()["stays_signed_in"], false);
}

#[test]
fn a_client_that_was_registered_without_renewal_is_registered_anew() {
    let world = World::new();
    world.sign_in("default", RED);
    let keys = world.home().join(".local/state/nbatodo/keys");
    let keys = KeyFile::new(&world.key_file(), &keys);
    let entry = EntryName::client(&world.sandbox.origin());
    let stored = String::from_utf8(keys.get(&entry).unwrap().unwrap().to_vec()).unwrap();
    let former = stored.replace(",\"refresh_token\"", "");
    assert_ne!(former, stored);
    keys.set(&entry, former.as_bytes()).unwrap();
    world.sign_in_by(world.command(["login", "--no-browser", "--stay-signed-in"]), RED);
    let requests = world.sandbox.requests();
    assert_eq!(requests.iter().filter(|request| request.path == "/oauth/register").count(), 2);
}

#[test]
fn what_gives_leave_to_delete_does_not_end_the_stay() {
    let staying = Staying::new();
    staying.world.serve_feed(text(&celtics_games(3)));
    staying.run(&["import", "--team", "BOS"]).exits_with(0);
    let login = "nbatodo login --allow-delete --stay-signed-in";
    let remove = ["remove", "--team", "BOS"];
    let refused = staying.run(&[&remove[..], &["--yes"]].concat());
    refused.exits_with(4).complains_of(&[login]);
    staying.run(&[&remove[..], &["--dry-run"]].concat()).exits_with(0).complains_of(&[login]);
    let prune = ["import", "--team", "BOS", "--home", "--prune"];
    staying.run(&prune).exits_with(4).complains_of(&[login]);
    staying.run(&[&prune[..], &["--dry-run"]].concat()).exits_with(0).complains_of(&[login]);

    // Whoever does not stay signed in is not told to.
    staying.world.sign_in_by(staying.world.command(["login", "--no-browser"]), RED);
    let refused = staying.run(&[&remove[..], &["--yes"]].concat());
    refused.exits_with(4).complains_of(&["nbatodo login --allow-delete"]);
    assert!(!refused.stderr.contains("--stay-signed-in"), "{refused:?}");
}
