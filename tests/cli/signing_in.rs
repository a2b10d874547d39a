//! Signing in, with what can go wrong between the browser and the terminal.

use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nbatodo::sandbox::Fault;
use nbatodo::sandbox::visitor::Decision;
use url::Url;

use crate::world::{RED, WaitingLogin, World};

/// The redirect URI of a waiting login, and the state that it waits for.
fn redirect(login: &WaitingLogin) -> (Url, String) {
    let value = |name: &str| {
        let mut pairs = login.url.query_pairs();
        pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
    };
    (value("redirect_uri").parse().unwrap(), value("state"))
}

/// What the listener answers to a request for `target` that comes in over `family`.
fn ask(family: IpAddr, port: u16, target: &str) -> String {
    let mut stream = TcpStream::connect(SocketAddr::new(family, port)).unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_browser_that_is_asked_for_is_opened_without_our_secrets() {
    let world = World::new();
    let pipe = world.home().join("opened");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let script = world.home().join("browser");
    fs::write(&script, "#!/bin/sh\n{ printf '%s\\n' \"$@\"; env; } > \"$HOME/opened\"\n").unwrap();
    world.chmod(&script, 0o700);
    let mut command = world.command(["login"]);
    command.env("BROWSER", &script).env("NBATODO_CLIENT_ID", "own");
    command.env("NBATODO_CLIENT_SECRET", "hunter2-hunter2");
    let mut login = world.start_login(command);

    let opened = fs::read_to_string(&pipe).unwrap();
    assert_eq!(opened.lines().next(), Some(login.url.as_str()));
    assert!(!opened.contains("hunter2"), "the secret went to the browser");
    assert!(login.url.query_pairs().any(|(key, value)| key == "client_id" && value == "own"));
    login.child.kill().unwrap();
    login.finish();
}

#[test]
fn both_loopback_families_answer_strays_and_the_wait_goes_on() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let (uri, state) = redirect(&login);
    let port = uri.port().unwrap();
    for family in [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)] {
        let wrong = ask(family, port, "/callback?code=x&state=wrong");
        assert!(wrong.starts_with("HTTP/1.1 400"), "{wrong}");
        assert!(!wrong.contains(&state), "the state is revealed");
        assert!(ask(family, port, "/favicon.ico").starts_with("HTTP/1.1 404"));
        let denial = ask(family, port, "/callback?error=access_denied&state=wrong");
        assert!(denial.starts_with("HTTP/1.1 400"), "{denial}");
    }
    let page = world.decide(&login.url, RED, Decision::Allow);
    assert!(page.contains("<h1>Signed in</h1>") && page.contains("Red Auerbach"), "{page}");
    login.finish().exits_with(0);
}

#[test]
fn a_stolen_code_is_refused_by_pkce_and_the_page_tells_the_truth() {
    let world = World::new();
    // A code of another login: another verifier, the same client.
    let thief = world.start_login(world.command(["login", "--no-browser", "--profile", "thief"]));
    let victim = world.start_login(world.command(["login", "--no-browser", "--profile", "victim"]));
    let (thiefs_uri, thiefs_state) = redirect(&thief);
    let code = code_for(&world, &victim);
    let answer = ask(
        Ipv4Addr::LOCALHOST.into(),
        thiefs_uri.port().unwrap(),
        &format!("/callback?code={code}&state={thiefs_state}"),
    );
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(!answer.contains(&code), "the code stays in the address");
    let ran = thief.finish();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("refused the sign-in code"), "{ran:?}");
    assert!(!world.session_file("thief").exists());
    assert_eq!(world.sandbox.live_tokens(), 0);
    end(victim);
}

/// Gives consent for a login, and keeps the redirect from its listener.
fn code_for(world: &World, login: &WaitingLogin) -> String {
    let (uri, state) = redirect(login);
    let code = world.runtime.block_on(async {
        let http = nbatodo::http::Http::new().unwrap();
        nbatodo::sandbox::visitor::redirect(&http, &login.url, Some(RED), Decision::Allow).await
    });
    let location = code.unwrap();
    assert!(location.as_str().starts_with(uri.as_str()), "{location}");
    let value =
        |name: &str| location.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!(value("state"), state);
    value("code")
}

fn end(mut login: WaitingLogin) {
    login.child.kill().unwrap();
    login.finish();
}

#[test]
fn the_page_says_signed_in_only_when_all_is_done() {
    let world = World::new();
    let body = r#"{"error":"invalid_grant"}"#;
    let json = [("Content-Type", "application/json")];
    world.sandbox.inject(Fault::answer("/oauth/access_token", 400, &json, body));
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let page = world.decide(&login.url, RED, Decision::Allow);
    assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
    let ran = login.finish();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("invalid_grant"), "{ran:?}");
    assert!(!world.session_file("default").exists());

    world.sandbox.inject(Fault::answer("/api/v1/user", 503, &[], "<html>"));
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let page = world.decide(&login.url, RED, Decision::Allow);
    assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
    assert_eq!(login.finish().code, Some(3));
    assert_eq!(world.sandbox.live_tokens(), 0, "a token without a session was left alive");
}

#[test]
fn the_same_redirect_twice_is_exchanged_once() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let (uri, state) = redirect(&login);
    let port = uri.port().unwrap();
    let code = code_for(&world, &login);
    let target = format!("/callback?code={code}&state={state}");
    let answers: Vec<String> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| ask(Ipv4Addr::LOCALHOST.into(), port, &target));
        [ask(), ask()].map(|asked| asked.join().unwrap()).into()
    });
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let headers = answer.to_lowercase();
        assert!(headers.contains("cache-control: no-store"), "{answer}");
        assert!(headers.contains("referrer-policy: no-referrer"), "{answer}");
        assert!(headers.contains("content-security-policy: default-src 'none'"), "{answer}");
    }
    login.finish().exits_with(0);
    let requests = world.sandbox.requests();
    let exchanges = requests.iter().filter(|request| request.path == "/oauth/access_token");
    assert_eq!(exchanges.count(), 1);
}

#[test]
fn a_port_that_is_taken_is_passed_over() {
    let world = World::new();
    let first = nbatodo::signin::REDIRECT_PORTS[0];
    // Another test's login may hold it just now: taken is taken.
    let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, first));
    let login = world.start_login(world.command(["login", "--no-browser"]));
    assert_ne!(redirect(&login).0.port(), Some(first));
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
}

#[test]
fn no_free_port_is_said() {
    let world = World::new();
    let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let mut command = world.command(["login", "--no-browser", "--port", &port]);
    command.env("NBATODO_CLIENT_ID", "own");
    let ran = crate::world::finish(command);
    ran.exits_with(1).complains_of(&["no port", &port]);
}

#[test]
fn a_client_sealed_under_a_lost_master_key_is_registered_anew() {
    let world = World::new();
    world.sign_in("default", RED);
    fs::write(world.key_file(), STANDARD.encode([8; 32])).unwrap();
    world.run(["status"]).exits_with(4).complains_of(&["nbatodo login"]);
    world.sign_in("default", RED);
    world.run(["status"]).exits_with(0);
}

#[test]
fn the_address_is_said_however_quiet_it_is_to_be() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser", "--quiet"]));
    world.decide(&login.url, RED, Decision::Allow);
    let ran = login.finish();
    ran.exits_with(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1), "{ran:?}");
}

#[test]
fn a_flood_of_silent_connections_does_not_keep_the_redirect_out() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let port = redirect(&login).0.port().unwrap();
    let _flood: Vec<_> =
        (0..200).map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap()).collect();
    let page = world.decide(&login.url, RED, Decision::Allow);
    assert!(page.contains("<h1>Signed in</h1>"), "{page}");
    login.finish().exits_with(0);
}

#[test]
fn garbage_ends_nothing() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let (uri, state) = redirect(&login);
    let port = uri.port().unwrap();
    let host = format!("Host: localhost:{port}\r\n");
    let callback = format!("/callback?code=x&state={state}");
    let too_long = format!("GET /{} HTTP/1.1\r\n{host}\r\n", "x".repeat(1024 * 1024));
    for request in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        too_long.as_bytes(),
        format!("POST {callback} HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n").as_bytes(),
        format!("GET {callback} HTTP/1.1\r\nHost: evil.example\r\n\r\n").as_bytes(),
        format!("GET {callback} HTTP/1.1\r\n{host}{host}\r\n").as_bytes(),
        format!("GET {callback} HTTP/1.1\r\n{host}Origin: https://evil.example\r\n\r\n").as_bytes(),
    ] {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        // It may hang up before it has heard everything.
        drop(stream.write_all(request));
        drop(stream.shutdown(std::net::Shutdown::Write));
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
}

#[test]
fn a_session_that_cannot_be_stored_in_time_leaves_no_token_alive() {
    let world = World::new();
    let login = world.start_login(world.command(["login", "--no-browser"]));
    // Somebody holds the profile's lock from the consent on, and never lets go.
    let lock = world.session_file("default").with_extension("lock");
    let held = fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let page = world.decide(&login.url, RED, Decision::Allow);
    assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
    let ran = login.finish();
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert_eq!(world.sandbox.live_tokens(), 0);
}
