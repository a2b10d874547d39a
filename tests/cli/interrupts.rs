//! Ctrl-C, SIGTERM and a closed terminal.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use nbatodo::sandbox::visitor::{self, Decision};
use nbatodo::sandbox::{Effect, Fault};

use crate::world::{RED, World};

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
