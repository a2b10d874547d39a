//! Servers that do not answer, or not as they should; clocks that do not agree.

use std::io::ErrorKind;
use std::net::TcpListener;

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::{Effect, Fault};
use nbatodo::signin::REDIRECT_PORTS;

use crate::doctor::Examined;
use crate::front::{Authority, Proxy, bound, serve_tls};
use crate::own_network::in_own_network;
use crate::sessions::faketime;
use crate::world::{World, free_port};

const USER: &str = "/api/v1/user";

#[test]
fn servers_that_do_not_answer_are_named_apart() {
    let mut world = World::with_feed();
    world.stop_sandbox();
    let examined = world.examine();
    examined.finds("API", "problem", &["cannot be reached", "refused", "nobody listens"]);
    examined.finds("consent page", "problem", &["refused"]);
    examined.finds("feed", "ok", &["answers"]).finds("clock", "skipped", &["nobody told"]);
    examined.has_problems_only_in(&["API", "consent page"]);

    let world = World::new();
    let examined = world.examine();
    examined.finds("feed", "warning", &["refused"]).has_problems_only_in(&[]);
}

#[test]
fn what_answers_in_the_place_of_the_api_is_named() {
    for (fault, part) in [
        (Fault::next(USER, Effect::Garbage), "a page and not with data"),
        (Fault::answer(USER, 503, &[], ""), "HTTP 503"),
        (Fault::answer(USER, 302, &[("Location", "http://127.0.0.1:9/")], ""), "a redirect"),
    ] {
        let world = World::with_feed();
        world.sandbox.inject(fault);
        let examined = world.examine();
        examined.finds("API", "problem", &[part]).has_problems_only_in(&["API"]);
    }
}

#[test]
fn a_server_that_never_answers_is_not_waited_for() {
    let world = World::with_feed();
    world.sandbox.inject(Fault::next(USER, Effect::Hang));
    let examined = world.examine();
    examined.finds("API", "problem", &["did not answer in time"]);
    examined.finds("consent page", "ok", &["answers"]).has_problems_only_in(&["API"]);
}

#[test]
fn a_clock_that_is_wrong_is_named_by_how_much() {
    for (seconds, state, part) in [
        (90, "warning", "s behind that of the API"),
        (-90, "warning", "s ahead of that of the API"),
        (900, "problem", "sessions count as ended"),
        (-900, "problem", "sessions count as ended"),
    ] {
        let world = World::with_feed();
        let theirs = Timestamp::now() + SignedDuration::from_secs(seconds);
        let theirs = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&theirs).unwrap();
        world.sandbox.inject(Fault::answer(USER, 401, &[("Date", theirs.as_str())], "{}"));
        let examined = world.examine();
        examined.finds("clock", state, &[part]).has_problems_only_in(&["clock"]);
    }
    let world = World::with_feed();
    let Ok(mut command) = faketime(&world, "+20m") else { return };
    command.args(["doctor", "--format", "json"]);
    Examined::by(command).finds("clock", "problem", &["ahead of that of the API"]);
}

#[test]
fn no_token_goes_with_the_questions() {
    let world = World::with_feed();
    world.sign_in("default", crate::world::RED);
    let before = world.sandbox.requests().len();
    let examined = world.examine();
    examined.has_problems_only_in(&[]);
    let asked: Vec<String> =
        world.sandbox.requests().into_iter().skip(before).map(|it| it.path).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    // The sandbox refuses whoever comes without one, and counts that as an answer.
    world.run(["status"]).exits_with(0);
}

#[test]
fn a_proxy_and_its_certificate_are_named_and_its_password_is_not() {
    let authority = Authority::new();
    let world = World::with_feed();
    let (listener, port) = bound();
    let front = listener.local_addr().unwrap();
    let target = world.sandbox.origin().at("/").socket_addrs(|| None).unwrap()[0];
    serve_tls(&world.runtime, listener, authority.server("localhost", 4000), target);
    let at_tls = |file: &str| {
        let mut command = world.doctor();
        std::fs::write(world.home().join("roots.pem"), file).unwrap();
        command.env("NBATODO_API_URL", format!("https://localhost:{port}"));
        command.env("SSL_CERT_FILE", world.home().join("roots.pem"));
        command
    };
    let stranger = Authority::new();
    let examined = Examined::by(at_tls(&stranger.pem));
    examined.finds("API", "problem", &["certificate", "not trusted", "company proxy"]);

    let proxy = Proxy::start(&world.runtime, Some(front));
    let mut command = at_tls(&authority.pem);
    command.env("HTTPS_PROXY", proxy.url.replace("//", "//me:hunter2@"));
    let examined = Examined::by(command);
    examined.finds("proxy", "ok", &["HTTPS_PROXY names 127.0.0.1:"]);
    assert!(!proxy.asked().is_empty(), "it was not asked");
    assert!(!examined.ran.stdout.contains("hunter2"));

    let mut command = at_tls(&authority.pem);
    command.env("ALL_PROXY", format!("http://me:hunter2@127.0.0.1:{}", free_port()));
    let examined = Examined::by(command);
    examined.finds("API", "problem", &["through the proxy", "ALL_PROXY"]);
    assert!(!examined.ran.stdout.contains("hunter2"));
}

#[test]
fn offline_nobody_is_asked() {
    let world = World::new();
    let trap = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    let address = format!("http://{}", trap.local_addr().unwrap());
    let mut command = world.doctor();
    command.arg("--offline");
    for name in ["NBATODO_API_URL", "NBATODO_AUTH_URL", "NBATODO_SCHEDULE_URL"] {
        command.env(name, &address);
    }
    let examined = Examined::by(command);
    for check in ["API", "consent page", "feed", "clock"] {
        examined.finds(check, "skipped", &["--offline"]);
    }
    examined.has_problems_only_in(&[]);
    assert_eq!(trap.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody came");
    // Whoever is asked comes: the trap works.
    let mut command = world.doctor();
    command.env("NBATODO_API_URL", &address);
    let mut child = world.spawn(command);
    trap.set_nonblocking(false).unwrap();
    trap.accept().unwrap();
    drop(trap);
    child.wait().unwrap();
}

#[test]
fn ports_that_are_taken_are_named() {
    in_own_network(|| {
        let world = World::with_feed();
        world.examine().finds("redirect ports", "ok", &["21370 to 21379 are free"]);
        let first = TcpListener::bind(("127.0.0.1", REDIRECT_PORTS[0])).unwrap();
        world.examine().finds("redirect ports", "ok", &["9 are free; taken: 21370"]);
        // The other family counts as much.
        let rest = REDIRECT_PORTS[1..].iter().map(|port| TcpListener::bind(("::1", *port)));
        let rest: Vec<_> = rest.map(Result::unwrap).collect();
        let examined = world.examine();
        examined.finds("redirect ports", "problem", &["all of 21370 to 21379", "End the programs"]);
        examined.has_problems_only_in(&["redirect ports"]);
        drop((first, rest));
    });
}
