//! Ctrl-C, SIGTERM and a closed terminal.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use nbatodo::sandbox::visitor::{self, Decision};
use nbatodo::sandbox::{Effect, Fault};

use crate::standing::{Staying, TOKEN};
use crate::world::{PAT, RED, World};

#[test]
fn an_import_that_waits_for_the_network_can_be_interrupted() {
    let world = World::new();
    world.sign_in("default", RED);
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    world.feed_at(format!("http://{}", silent.local_addr().unwrap()));
    let mut command = world.command(["import", "--team", "BOS"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _asked = silent.accept().unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(world.tasks(RED).is_empty());
}

#[test]
fn an_interrupt_after_the_consent_leaves_no_token_alive() {
    let world = World::new();
    world.sandbox.inject(Fault::next("/api/v1/user", Effect::Hang));
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let pid = Pid::from_child(&login.child);
    let http = nbatodo::http::Http::new().unwrap();
    std::thread::scope(|scope| {
        // The browser's own request breaks off with the listener.
        let visit = visitor::visit(&http, &login.url, Some(RED), Decision::Allow);
        scope.spawn(|| drop(world.runtime.block_on(visit)));
        world.runtime.block_on(world.sandbox.until_asked("/api/v1/user", 1));
        kill_process(pid, Signal::INT).unwrap();
    });
    let ran = login.finish();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert_eq!(world.sandbox.live_tokens(), 0);
    assert!(!world.session_file("default").exists());
}

#[test]
fn an_interrupt_after_the_session_is_stored_is_no_failure() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    // The browser takes the redirect, and never fetches the page that it is sent to.
    let http = nbatodo::http::Http::new().unwrap();
    let redirect = world.consent(&login.url, RED);
    let seen = world.runtime.block_on(async {
        http.send(http.request(reqwest::Method::GET, redirect).unwrap()).await.unwrap()
    });
    assert_eq!(seen.status, 303);
    kill_process(Pid::from_child(&login.child), Signal::INT).unwrap();
    login.finish().exits_with(0);
    world.run(["status"]).exits_with(0);
}

const REGISTER: &str = "/oauth/register";
const USER: &str = "/api/v1/user";
const REVOKE: &str = "/api/v1/revoke";

/// Ctrl-C when Todoist has been asked for `path` so often, while it takes its time to answer.
fn interrupt_at(world: &World, path: &str, times: usize, child: &Child) {
    world.runtime.block_on(world.sandbox.until_asked(path, times));
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

fn slow(path: &str, nth: usize) -> Fault {
    Fault::nth(path, nth, Effect::Slow(Duration::from_millis(500)))
}

#[test]
fn an_interrupt_while_todoist_is_asked_leaves_the_old_or_the_new_and_no_token_beside_it() {
    let login = ["login", "--no-browser", "--stay-signed-in"];
    let staying = Staying::nobody();
    staying.world.sandbox.inject(slow(REGISTER, 1));
    let child = staying.world.spawn(staying.world.command(login));
    interrupt_at(&staying.world, REGISTER, 1, &child);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    for (path, nth, code, who) in
        [(TOKEN, 1, 130, RED), (USER, 1, 130, RED), (REVOKE, 2, 0, PAT), (REVOKE, 3, 0, PAT)]
    {
        let staying = Staying::new();
        let world = &staying.world;
        let before = world.asked(path);
        world.sandbox.inject(slow(path, nth));
        let login = world.start_login(world.command(login));
        let http = nbatodo::http::Http::new().unwrap();
        std::thread::scope(|scope| {
            // The browser's own request may break off with the listener.
            let visit = visitor::visit(&http, &login.url, Some(PAT), Decision::Allow);
            scope.spawn(|| drop(world.runtime.block_on(visit)));
            interrupt_at(world, path, before + nth, &login.child);
        });
        let ran = login.finish();
        assert_eq!(ran.code, Some(code), "{path} {nth}: {ran:?}");
        let status = staying.run(&["status"]);
        assert!(status.exits_with(0).stdout.contains(who), "{path} {nth}: {status:?}");
        let live = (world.sandbox.live_tokens(), world.sandbox.live_refresh_tokens());
        assert_eq!(live, (1, 1), "{path} {nth}");
    }
}
