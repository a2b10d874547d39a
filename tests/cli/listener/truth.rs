//! What the browser is told, and when: the truth, once it is known.

use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};

use super::{Wait, get, header, status, target};
use crate::own_network::in_own_network;
use crate::world::{PAT, RED, World};

const TOKEN: &str = "/oauth/access_token";

#[test]
fn the_browser_is_not_answered_before_the_session_is_stored() {
    let wait = Wait::new();
    wait.world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_secs(1))));
    let away = wait.get(&target(&wait.world.consent(&wait.login.url, RED)));
    assert!(wait.world.session_file("default").exists(), "answered too early: {away}");
    let page = wait.get(header(&away, "location").unwrap());
    assert!(page.contains("<h1>Signed in</h1>") && page.contains("Red Auerbach"), "{page}");
    wait.login.finish().exits_with(0);
}

#[test]
fn strays_are_answered_while_the_exchange_takes_its_time() {
    let wait = Wait::new();
    wait.world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_secs(1))));
    let target = target(&wait.world.consent(&wait.login.url, RED));
    let port = wait.port;
    let away = std::thread::scope(|scope| {
        let asked = scope.spawn(|| get(Ipv4Addr::LOCALHOST.into(), port, &target));
        wait.world.runtime.block_on(wait.world.sandbox.until_asked(TOKEN, 1));
        wait.refused(&wait.get("/callback?code=x&state=wrong"), &[400]);
        wait.refused(&wait.get("/done/0"), &[404]);
        assert!(!wait.world.session_file("default").exists(), "the exchange is over already");
        asked.join().unwrap()
    });
    wait.get(header(&away, "location").unwrap());
    wait.login.finish().exits_with(0);
}

#[test]
fn the_page_does_not_say_signed_in_when_the_exchange_fails() {
    let invalid = r#"{"error":"invalid_grant"}"#;
    let json = [("Content-Type", "application/json")];
    for (fault, code, line) in [
        (Fault::answer(TOKEN, 400, &json, invalid), 1, "invalid_grant"),
        (Fault::answer(TOKEN, 503, &[], "<html>"), 3, "no time at the moment"),
        (Fault::answer(TOKEN, 502, &[], "<html>"), 3, "unavailable"),
        (Fault::next(TOKEN, Effect::Garbage), 3, "a page and not with data"),
        (Fault::next(TOKEN, Effect::CloseBefore), 3, "getting the token"),
        (Fault::next(TOKEN, Effect::CutAnswer), 3, "getting the token"),
        (Fault::answer("/api/v1/user", 503, &[], "<html>"), 3, "503"),
    ] {
        let wait = Wait::new();
        wait.world.sandbox.inject(fault);
        let page = wait.world.decide(&wait.login.url, RED, Decision::Allow);
        assert!(page.contains("<h1>Not signed in</h1>"), "{line}: {page}");
        assert!(!page.contains("Red"), "{line}: {page}");
        let ran = wait.login.finish();
        assert_eq!(ran.code, Some(code), "{line}: {ran:?}");
        assert!(ran.stderr.contains(line), "{line}: {ran:?}");
        assert!(!wait.world.session_file("default").exists(), "{line}");
    }
}

#[test]
fn a_token_without_a_session_is_revoked() {
    let wait = Wait::new();
    wait.world.sandbox.inject(Fault::answer("/api/v1/user", 503, &[], "<html>"));
    wait.world.decide(&wait.login.url, RED, Decision::Allow);
    wait.login.finish().exits_with(3);
    assert_eq!(wait.world.sandbox.live_tokens(), 0);
}

#[test]
fn what_was_got_is_revoked_in_full_though_a_part_of_it_is_refused() {
    let wait = Wait::new();
    let sandbox = &wait.world.sandbox;
    sandbox.inject(Fault::answer("/api/v1/user", 503, &[], "<html>"));
    sandbox.inject(Fault::answer("/api/v1/revoke", 503, &[], "<html>"));
    wait.world.decide(&wait.login.url, RED, Decision::Allow);
    wait.login.finish().exits_with(3);
    assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (0, 0));
}

#[test]
fn a_browser_that_comes_after_a_paste_is_told_the_truth_too() {
    let world = World::new();
    let mut command = world.command(["login", "--no-browser"]);
    command.stdin(Stdio::piped());
    let mut login = world.start_login(command);
    let (port, redirect) = (login.port(), world.consent(&login.url, RED));
    world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_secs(1))));
    let mut stdin = login.child.stdin.take().unwrap();
    writeln!(stdin, "{redirect}").unwrap();
    world.runtime.block_on(world.sandbox.until_asked(TOKEN, 1));
    let away = get(Ipv4Addr::LOCALHOST.into(), port, &target(&redirect));
    let last = header(&away, "location").unwrap_or_else(|| panic!("no page: {away:?}"));
    let page = get(Ipv4Addr::LOCALHOST.into(), port, last);
    assert!(page.contains("<h1>Signed in</h1>") && page.contains("Red Auerbach"), "{page}");
    login.finish().exits_with(0);
    assert_eq!(super::exchanges(&world), 1);
}

#[test]
fn the_listener_is_gone_as_soon_as_the_page_is_out() {
    in_own_network(|| {
        let world = World::new();
        world.sign_in("default", RED);
        // What comes after the page, the revocation of the token before, never ends.
        world.sandbox.inject(Fault::nth("/api/v1/revoke", 2, Effect::Hang));
        let mut wait = Wait::of(world, &["-vv"]);
        let page = wait.world.decide(&wait.login.url, PAT, Decision::Allow);
        assert!(page.contains("Pat Riley"), "{page}");
        wait.world.runtime.block_on(wait.world.sandbox.until_asked("/api/v1/revoke", 2));
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, wait.port)).is_err(), "still there");
        assert!(wait.login.child.try_wait().unwrap().is_none(), "the login has ended already");
        wait.login.child.kill().unwrap();
        let ran = wait.login.finish();
        // It did not wait until its patience with the browser was over.
        assert!(!ran.stderr.contains("did not fetch the last page"), "{ran:?}");
    });
}

#[test]
fn a_person_is_told_what_is_asked_for_before_the_browser_opens() {
    let wait = Wait::new();
    let ran = wait.still_succeeds();
    let said = ran.stderr.split("http://").next().unwrap();
    for part in ["access to your Todoist", "to read them", "to write the games"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_redirect_that_its_browser_gave_up_is_answered_to_the_next_one() {
    let wait = Wait::new();
    wait.world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_secs(1))));
    let target = target(&wait.world.consent(&wait.login.url, RED));
    // A reload while the page loads: the browser hangs up and asks again.
    let request = super::request(wait.port, &format!("GET {target}"), &[]);
    let mut given_up = TcpStream::connect((Ipv4Addr::LOCALHOST, wait.port)).unwrap();
    given_up.write_all(request.as_bytes()).unwrap();
    wait.world.runtime.block_on(wait.world.sandbox.until_asked(TOKEN, 1));
    drop(given_up);
    let (away, page) = wait.arrive(&target);
    assert_eq!(status(&away), 303);
    assert!(page.contains("<h1>Signed in</h1>") && page.contains("Red Auerbach"), "{page}");
    wait.login.finish().exits_with(0);
    assert_eq!(super::exchanges(&wait.world), 1);
}
