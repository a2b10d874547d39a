//! `--session-store memory`: a run that signs in for itself and leaves nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use nbatodo::sandbox::visitor::{self, Decision};
use nbatodo::sandbox::{Effect, Fault};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::feed::{celtics_games, text};
use crate::keyring::{Bus, tools};
use crate::world::{PAT, RED, Ran, WaitingLogin, World, finish};

const IMPORT: [&str; 6] = ["import", "--team", "BOS", "--session-store", "memory", "--no-browser"];
const USER: &str = "/api/v1/user";
const SYNC: &str = "/api/v1/sync";
const REVOKE: &str = "/api/v1/revoke";

fn world() -> World {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    world
}

/// Starts `command`, and gives `email`'s consent when it asks for it.
fn consented(world: &World, command: Command, email: &str) -> WaitingLogin {
    let run = world.start_login(command);
    world.decide(&run.url, email, Decision::Allow);
    run
}

fn run(world: &World, arguments: &[&str]) -> Ran {
    consented(world, world.command(arguments), RED).finish()
}

/// Everything below `folder`, the folders too.
fn listing(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path);
        }
    }
    found
}

#[track_caller]
fn nothing_is_left(world: &World) {
    assert_eq!(listing(world.home()), BTreeSet::from([world.key_file()]));
    assert_eq!((world.sandbox.live_tokens(), world.sandbox.live_refresh_tokens()), (0, 0));
}

#[test]
fn a_run_signs_in_imports_and_leaves_nothing_and_the_next_doubles_nothing() {
    let world = world();
    let ran = run(&world, &IMPORT);
    assert!(ran.exits_with(0).stdout.contains("Celtics: 3 created"), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 1, "{ran:?}");
    nothing_is_left(&world);
    let ran = run(&world, &IMPORT);
    assert!(ran.exits_with(0).stdout.contains("0 created, 3 unchanged"), "{ran:?}");
    nothing_is_left(&world);
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, 3));
}

#[test]
fn the_browser_opens_as_at_a_login() {
    let world = world();
    let mut command = world.command(&IMPORT[..5]);
    let script = world.home().join("browser");
    fs::write(&script, "#!/bin/sh\n").unwrap();
    world.chmod(&script, 0o700);
    command.env("BROWSER", &script);
    let ran = consented(&world, command, RED).finish();
    assert!(ran.exits_with(0).stderr.contains("Your browser opens"), "{ran:?}");
    fs::remove_file(script).unwrap();
    nothing_is_left(&world);
}

#[test]
fn the_redirect_can_be_pasted_and_no_terminal_is_needed() {
    let world = world();
    let mut command = world.command(&IMPORT[..5]);
    command.stdin(std::process::Stdio::piped());
    let mut run = world.start_login(command);
    let redirect = world.consent(&run.url, RED);
    let mut input = run.child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, format!("{redirect}\n").as_bytes()).unwrap();
    run.finish().exits_with(0);
    nothing_is_left(&world);
    assert_eq!(world.tasks(RED).len(), 3);
}

#[test]
fn neither_the_keyring_nor_the_kernel_has_an_entry_afterwards() {
    if !tools() {
        return;
    }
    let world = world();
    let bus = Bus::start();
    bus.start_keyring();
    // A name that no other test has: the kernel's keyrings belong to all of them.
    let profile = ["--profile", "only-in-memory"];
    let mut command = world.command([&IMPORT[..], &profile].concat());
    command.env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", bus.folder());
    consented(&world, command, RED).finish().exits_with(0);
    assert_eq!(bus.entries(), [""; 0]);
    let kernel = fs::read_to_string("/proc/keys").unwrap_or_default();
    let port = format!("client/{}", world.sandbox.origin());
    assert!(!kernel.contains("only-in-memory") && !kernel.contains(&port), "{kernel}");
    nothing_is_left(&world);
}

#[test]
fn a_dry_run_writes_nothing_anywhere() {
    let world = world();
    let ran = run(&world, &[&IMPORT[..], &["--dry-run", "--detailed-exitcode"]].concat());
    assert!(ran.exits_with(10).stdout.contains("3 tasks would be created"), "{ran:?}");
    nothing_is_left(&world);
    assert!(world.tasks(RED).is_empty());
}

#[test]
fn remove_works_and_asks_for_leave_to_delete() {
    let world = world();
    run(&world, &IMPORT).exits_with(0);
    let remove = ["remove", "--team", "BOS", "--session-store", "memory", "--no-browser"];
    let unasked = world.run(remove);
    unasked.exits_with(2).complains_of(&["nobody is here to be asked"]);
    let removing = world.start_login(world.command([&remove[..], &["--yes"]].concat()));
    let (_, scope) = removing.url.query_pairs().find(|(key, _)| key == "scope").unwrap();
    assert!(scope.contains("data:delete"), "{scope}");
    world.decide(&removing.url, RED, Decision::Allow);
    let ran = removing.finish();
    assert!(ran.exits_with(0).stdout.contains("3 tasks deleted"), "{ran:?}");
    assert!(world.tasks(RED).is_empty());
    nothing_is_left(&world);
    let importing = world.start_login(world.command(IMPORT));
    let (_, scope) = importing.url.query_pairs().find(|(key, _)| key == "scope").unwrap();
    assert!(!scope.contains("delete"), "{scope}");
    world.decide(&importing.url, RED, Decision::Deny);
    importing.finish().exits_with(4);
    nothing_is_left(&world);
}

#[test]
fn a_client_of_ones_own_is_used() {
    let world = world();
    let client = world.sandbox.own_client("http://localhost:21370/callback");
    let mut command = world.command([&IMPORT[..], &["--port", "21370"]].concat());
    command.env("NBATODO_CLIENT_ID", &client.id).env("NBATODO_CLIENT_SECRET", &client.secret);
    // Another test may have that port just now.
    match World::until_it_waits(world.spawn(command)) {
        Ok(run) => {
            world.decide(&run.url, RED, Decision::Allow);
            run.finish().exits_with(0);
            assert_eq!(world.asked("/oauth/register"), 0);
        }
        Err(ran) => assert!(ran.exits_with(1).stderr.contains("21370"), "{ran:?}"),
    }
    nothing_is_left(&world);
}

#[test]
fn however_often_it_is_interrupted_the_token_is_revoked_first() {
    let signals = [Signal::INT, Signal::TERM, Signal::HUP];
    for count in 1..=3 {
        for path in [SYNC, USER] {
            let world = world();
            world.sandbox.inject(Fault::next(path, Effect::Hang));
            let run = world.start_login(world.command(IMPORT));
            let pid = Pid::from_child(&run.child);
            let http = nbatodo::http::Http::new().unwrap();
            std::thread::scope(|scope| {
                // The browser's own request may break off with the listener.
                let visit = visitor::visit(&http, &run.url, Some(RED), Decision::Allow);
                scope.spawn(|| drop(world.runtime.block_on(visit)));
                world.runtime.block_on(world.sandbox.until_asked(path, 1));
                for signal in &signals[..count] {
                    kill_process(pid, *signal).unwrap();
                }
            });
            let ran = run.finish();
            assert_eq!(ran.code, Some(130), "{path} {count}: {ran:?}");
            nothing_is_left(&world);
        }
    }
}

#[test]
fn an_interrupt_during_the_sign_out_does_not_keep_it_from_its_end() {
    let world = world();
    world.sandbox.inject(Fault::next(REVOKE, Effect::Slow(Duration::from_millis(500))));
    let run = consented(&world, world.command(IMPORT), RED);
    world.runtime.block_on(world.sandbox.until_asked(REVOKE, 1));
    for signal in [Signal::INT, Signal::TERM] {
        kill_process(Pid::from_child(&run.child), signal).unwrap();
    }
    // All was done by then, and that is what it says.
    let ran = run.finish();
    assert!(ran.exits_with(0).stdout.contains("3 created"), "{ran:?}");
    nothing_is_left(&world);
}

#[test]
fn the_deadline_revokes_too() {
    let world = world();
    world.sandbox.inject(Fault::next(SYNC, Effect::Hang));
    let ran = run(&world, &[&IMPORT[..], &["--deadline", "1s"]].concat());
    assert!(ran.exits_with(3).stderr.contains("not finished within 1 second"), "{ran:?}");
    nothing_is_left(&world);
}

#[test]
fn a_failure_keeps_its_exit_code_and_the_token_is_revoked() {
    let world = world();
    let refusal = json!({"error": "Nope", "error_tag": "NOPE", "error_code": 1, "http_code": 400});
    world.sandbox.inject(Fault::refuse_command(2, refusal));
    run(&world, &IMPORT).exits_with(6);
    nothing_is_left(&world);
    for (status, code) in [(503, 3), (400, 1)] {
        world.sandbox.inject(Fault::answer(SYNC, status, &[("Retry-After", "30")], "{}"));
        run(&world, &[&IMPORT[..], &["--max-wait", "0"]].concat()).exits_with(code);
        nothing_is_left(&world);
    }
}

#[test]
fn a_token_that_could_not_be_revoked_is_said_and_decides_the_code_unless_something_else_does() {
    let world = world();
    world.sandbox.inject(Fault::next(REVOKE, Effect::Garbage));
    let ran = run(&world, &[&IMPORT[..], &["--format", "json"]].concat());
    assert!(ran.exits_with(1).stderr.contains("was not revoked, it dies by itself at"), "{ran:?}");
    let document = ran.json();
    assert_eq!(document["token"]["state"], "failed");
    assert_eq!(document["destinations"][0]["created"], 3);
    world.sandbox.inject(Fault::next(REVOKE, Effect::Garbage));
    world.sandbox.inject(Fault::answer(SYNC, 503, &[("Retry-After", "30")], "{}"));
    let ran = run(&world, &[&IMPORT[..], &["--max-wait", "0"]].concat());
    assert!(ran.exits_with(3).stderr.contains("was not revoked"), "{ran:?}");
}

#[test]
fn an_api_that_goes_away_in_the_middle_is_code_3_and_nothing_stays_here() {
    let mut world = world();
    world.sandbox.inject(Fault::next(SYNC, Effect::Hang));
    let run = consented(&world, world.command([&IMPORT[..], &["--max-wait", "0"]].concat()), RED);
    world.runtime.block_on(world.sandbox.until_asked(SYNC, 1));
    world.stop_sandbox();
    let ran = run.finish();
    assert!(ran.exits_with(3).stderr.contains("was not revoked, it dies by itself"), "{ran:?}");
    assert_eq!(listing(world.home()), BTreeSet::from([world.key_file()]));
}

#[test]
fn with_a_token_from_outside_nobody_signs_in_and_nothing_is_kept_either() {
    let world = world();
    let token = world.sandbox.personal_token(PAT).unwrap();
    let mut command = world.command(&IMPORT[..5]);
    command.env("NBATODO_TOKEN", &token);
    let ran = finish(command);
    assert!(ran.exits_with(0).stdout.contains("3 created"), "{ran:?}");
    assert_eq!(world.tasks(PAT).len(), 3);
    assert_eq!(listing(world.home()), BTreeSet::from([world.key_file()]));
    assert!(world.sandbox.is_live(&token));
    let mut command = world.command(IMPORT);
    command.env("NBATODO_TOKEN", &token);
    finish(command).exits_with(2).complains_of(&["--no-browser"]);
}

#[test]
fn what_makes_no_sense_in_memory_says_so() {
    let world = world();
    let memory =
        |arguments: &[&str]| world.run([arguments, &["--session-store", "memory"]].concat());
    memory(&["login"]).exits_with(2).complains_of(&["ends with its run", "nbatodo import"]);
    memory(&["status"]).exits_with(4).complains_of(&["between two runs", "nbatodo import"]);
    let ran = memory(&["logout"]);
    assert!(ran.exits_with(0).stdout.contains("nothing is kept"), "{ran:?}");
    memory(&["import", "--team", "BOS", "--schedule", "-"])
        .exits_with(2)
        .complains_of(&["standard input"]);
    let ran = world.run(["import", "--team", "BOS", "--no-browser"]);
    ran.exits_with(2).complains_of(&["--no-browser", "nbatodo login"]);
    assert!(world.sandbox.requests().is_empty());
    nothing_is_left(&world);
}

#[test]
fn who_is_signed_in_on_disk_stays_so() {
    let world = world();
    world.sign_in("default", PAT);
    let before = listing(world.home());
    run(&world, &IMPORT).exits_with(0);
    assert_eq!(listing(world.home()), before);
    assert_eq!((world.tasks(RED).len(), world.tasks(PAT).len()), (3, 0));
    let status = world.run(["status"]);
    assert!(status.exits_with(0).stdout.contains(PAT), "{status:?}");
    assert_eq!(world.sandbox.live_tokens(), 1);
}
