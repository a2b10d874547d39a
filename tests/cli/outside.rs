//! The way to Todoist: proxies, certificates, redirects, and answers that are none.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};
use rustls::ServerConfig;

use crate::feed::{celtics_games, text};
use crate::front::{Authority, Proxy, bound, self_signed, serve_tls};
use crate::world::{RED, Ran, World, finish, free_port};

const NAME: &str = "todoist.test";
const TOKEN: &str = "/oauth/access_token";

/// A world in which Todoist is at `https://localhost:PORT`, and behind a proxy at
/// `https://todoist.test`, with a certificate that the company's authority made.
struct Outside {
    world: World,
    port: u16,
    front: SocketAddr,
}

impl Outside {
    fn new(server: ServerConfig, authority: &Authority) -> Self {
        let (listener, port) = bound();
        let front = listener.local_addr().unwrap();
        let names = vec![NAME.to_owned(), format!("localhost:{port}")];
        let world = World::with(|options| options.also_known_as = names);
        let sandbox = world.sandbox.origin().at("/");
        let target = sandbox.socket_addrs(|| None).unwrap()[0];
        serve_tls(&world.runtime, listener, server, target);
        fs::write(world.home().join("roots.pem"), &authority.pem).unwrap();
        Self { world, port, front }
    }

    fn command(&self, arguments: &[&str], api: &str) -> Command {
        let mut command = self.world.command(arguments);
        command.env("NBATODO_API_URL", api);
        command.env("SSL_CERT_FILE", self.world.home().join("roots.pem"));
        command
    }

    /// Runs a login that does not get as far as the browser.
    fn refused(&self, api: &str) -> Ran {
        finish(self.command(&["login", "--no-browser"], api))
    }

    fn here(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

#[test]
fn everything_goes_through_the_proxy_and_the_platforms_roots_are_trusted() {
    let authority = Authority::new();
    let outside = Outside::new(authority.server(NAME, 4000), &authority);
    let world = &outside.world;
    world.serve_feed(text(&celtics_games(3)));
    let proxy = Proxy::start(&world.runtime, Some(outside.front));
    let proxied = |arguments: &[&str]| {
        let mut command = outside.command(arguments, &format!("https://{NAME}"));
        // The feed and the consent page are at loopback addresses, which need no proxy.
        command.env("HTTPS_PROXY", &proxy.url).env("HTTP_PROXY", &proxy.url);
        command
    };
    let login = world.start_login(proxied(&["login", "--no-browser"]));
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
    finish(proxied(&["import", "--team", "BOS"])).exits_with(0);
    assert_eq!(world.tasks(RED).len(), 3);
    finish(proxied(&["logout"])).exits_with(0);
    assert_eq!(world.sandbox.live_tokens(), 0);
    assert_eq!(proxy.asked(), [format!("CONNECT {NAME}:443 HTTP/1.1")]);
}

#[test]
fn no_proxy_goes_past_the_proxy() {
    let authority = Authority::new();
    let outside = Outside::new(authority.server("localhost", 4000), &authority);
    let world = &outside.world;
    let proxy = Proxy::start(&world.runtime, None);
    let mut command = outside.command(&["login", "--no-browser"], &outside.here());
    command.env("HTTPS_PROXY", &proxy.url).env("NO_PROXY", "example.com,localhost");
    let login = world.start_login(command);
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
    assert!(proxy.asked().is_empty(), "{:?}", proxy.asked());
}

#[test]
fn a_proxy_that_does_not_let_through_is_named_as_the_one_and_its_password_is_not() {
    let authority = Authority::new();
    let outside = Outside::new(authority.server(NAME, 4000), &authority);
    let proxy = Proxy::start(&outside.world.runtime, None);
    let refusing = proxy.url.replace("//", "//me:hunter2@");
    let dead = format!("http://me:hunter2@127.0.0.1:{}", free_port());
    for (url, cause) in [(refusing, "proxy authorization required"), (dead, "refused")] {
        let mut command = outside.command(&["login", "-vvv"], &format!("https://{NAME}"));
        command.env("HTTPS_PROXY", url);
        let ran = finish(command);
        ran.exits_with(3);
        let last = ran.stderr.lines().last().unwrap();
        assert!(last.contains(&format!("{NAME} cannot be reached through the proxy: ")), "{last}");
        assert!(last.to_lowercase().contains(cause), "{last}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
}

#[test]
fn a_certificate_that_proves_nothing_is_explained_and_nothing_is_sent() {
    let ours = Authority::new();
    let theirs = Authority::new();
    let not_trusted = "is not trusted: is there a company proxy?";
    for (server, why) in [
        (self_signed("localhost"), not_trusted),
        (theirs.server("localhost", 4000), not_trusted),
        (ours.server("localhost", 2021), "this machine's clock"),
        (ours.server("other.test", 4000), "is for another name"),
    ] {
        let outside = Outside::new(server, &ours);
        let ran = outside.refused(&outside.here());
        let host = format!("the certificate of localhost:{}", outside.port);
        ran.exits_with(1).complains_of(&[&host, why]);
        assert_eq!(ran.stderr.contains("SSL_CERT_FILE"), why == not_trusted, "{ran:?}");
        assert!(outside.world.sandbox.requests().is_empty());
    }
}

#[test]
fn a_machine_without_roots_is_told_so() {
    let authority = Authority::new();
    let outside = Outside::new(authority.server("localhost", 4000), &authority);
    fs::write(outside.world.home().join("roots.pem"), "").unwrap();
    outside.refused(&outside.here()).exits_with(1).complains_of(&["CA certificates"]);
}

/// Signs in where `fault` meets it; returns the run, and whether a session was stored.
fn sign_in_against(world: &World, fault: Fault) -> Ran {
    world.sandbox.inject(fault);
    let login = world.start_login(world.command(["login", "--no-browser"]));
    world.decide(&login.url, RED, Decision::Allow);
    let ran = login.finish();
    assert!(!world.session_file("default").exists(), "{ran:?}");
    assert_eq!(world.sandbox.faults_left(), 0);
    ran
}

#[test]
fn no_redirect_is_followed_with_a_code_or_a_token() {
    let trap = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    let elsewhere = format!("http://{}/", trap.local_addr().unwrap());
    let to = [("Location", elsewhere.as_str())];
    for status in [301, 302, 307, 308] {
        let world = World::new();
        let ran = sign_in_against(&world, Fault::answer(TOKEN, status, &to, ""));
        assert!(ran.exits_with(3).stderr.contains("not followed"), "{ran:?}");
        let ran = sign_in_against(&world, Fault::answer("/api/v1/user", status, &to, ""));
        ran.exits_with(3);
        assert_eq!(world.sandbox.live_tokens(), 0);
        let world = World::new();
        world.sandbox.inject(Fault::answer("/oauth/register", status, &to, ""));
        world.run(["login"]).exits_with(3).complains_of(&["not followed"]);
    }
    assert_eq!(trap.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody came");
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let endless = format!("{{\"access_token\":\"{}\"}}", "x".repeat(17 * 1024 * 1024));
    for path in [TOKEN, "/api/v1/user"] {
        let world = World::new();
        let ran = sign_in_against(&world, Fault::answer(path, 200, &[], &endless));
        assert!(ran.exits_with(3).stderr.contains("is too long"), "{:?}", ran.code);
    }
    let world = World::new();
    world.sandbox.inject(Fault::answer("/oauth/register", 201, &[], &endless));
    world.run(["login"]).exits_with(3).complains_of(&["is too long"]);
}

#[test]
fn what_a_server_says_of_a_refusal_is_one_line_of_a_length_that_a_person_reads() {
    let talk = format!("\\u001b]0;own\\u0007\\n{}", "talk ".repeat(200_000));
    let body = format!("{{\"error\":\"{talk}\",\"error_description\":\"{talk}\"}}");
    let fits = |ran: &Ran| {
        assert!(!ran.stderr.contains('\u{1b}'), "an escape");
        let longest = ran.stderr.lines().map(str::len).max();
        assert!(longest < Some(1000), "{longest:?}");
    };
    let world = World::new();
    world.sandbox.inject(Fault::answer("/oauth/register", 400, &[], &body));
    fits(world.run(["login"]).exits_with(1));
    fits(sign_in_against(&world, Fault::answer(TOKEN, 400, &[], &body)).exits_with(1));
}

#[test]
fn a_small_answer_that_unpacks_without_end_is_cut_off() {
    let world = World::new();
    let pack = "head -c 67108864 /dev/zero | gzip -c";
    let bomb = Command::new("sh").args(["-c", pack]).output().unwrap().stdout;
    assert!((1..256 * 1024).contains(&bomb.len()));
    let (listener, port) = bound();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            let mut asked = [0; 16 * 1024];
            assert_ne!(stream.read(&mut asked).unwrap(), 0);
            let head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\
                        Content-Encoding: gzip\r\nConnection: close\r\n\r\n";
            // It hangs up when it has heard enough.
            drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bomb)));
        });
        let mut command = world.command(["login"]);
        command.env("NBATODO_API_URL", format!("http://127.0.0.1:{port}"));
        finish(command).exits_with(3).complains_of(&["is too long"]);
    });
}

#[test]
fn a_page_is_no_revocation() {
    let world = World::new();
    world.sign_in("default", RED);
    world.sandbox.inject(Fault::next("/api/v1/revoke", Effect::Garbage));
    let ran = world.run(["logout"]);
    assert!(ran.exits_with(1).stderr.contains("the token was not revoked"), "{ran:?}");
    assert!(!ran.stdout.contains("token revoked"), "{ran:?}");
    assert_eq!(world.sandbox.live_tokens(), 1);
}

#[test]
fn a_page_instead_of_data_is_told_apart() {
    for path in [TOKEN, "/api/v1/user"] {
        let world = World::new();
        let ran = sign_in_against(&world, Fault::next(path, Effect::Garbage));
        assert!(ran.exits_with(3).stderr.contains("a page and not with data"), "{ran:?}");
        assert!(!ran.stderr.contains("Wi-Fi"), "{ran:?}");
    }
    let world = World::new();
    world.sandbox.inject(Fault::next("/oauth/register", Effect::Garbage));
    world.run(["login"]).exits_with(3).complains_of(&["a page and not with data"]);
    // What looks like data and says that it is none is none.
    let token = r#"{"access_token":"x","token_type":"Bearer","expires_in":3600}"#;
    for named in ["text/html", "text/plain; charset=utf-8", "application/jsonp", "image/png"] {
        let answer = Fault::answer(TOKEN, 200, &[("Content-Type", named)], token);
        let ran = sign_in_against(&world, answer);
        assert!(ran.exits_with(3).stderr.contains("a page and not with data"), "{ran:?}");
    }
}
