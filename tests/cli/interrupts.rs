//! Ctrl-C, SIGTERM and a closed terminal.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::world::{RED, World};

#[test]
fn a_login_that_is_interrupted_stores_nothing_and_frees_its_port() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let world = World::new();
        let login = world.start_login(world.command(["login", "--no-browser"]));
        let (_, uri) = login.url.query_pairs().find(|(key, _)| key == "redirect_uri").unwrap();
        let port = uri.parse::<url::Url>().unwrap().port().unwrap();
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        kill_process(Pid::from_child(&login.child), signal).unwrap();
        let ran = login.finish();
        assert_eq!(ran.code, Some(130), "{signal:?}: {ran:?}");
        assert!(ran.stderr.ends_with("Running the same command again finishes what was begun.\n"));
        assert!(!world.session_file("default").exists());
        assert_eq!(world.sandbox.live_tokens(), 0);
    }
}

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
