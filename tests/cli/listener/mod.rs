//! What strangers on the machine, and pages in the browser, can do to a login that waits for
//! its redirect: a test for each row of the table in `docs/sign-in.md`.

mod connections;
mod crowds;
mod requests;
mod truth;

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use nbatodo::http::Http;
use nbatodo::sandbox::visitor::Decision;
use reqwest::Method;
use url::Url;

use crate::world::{RED, Ran, WaitingLogin, World};

/// Longer than any limit of the listener's: a connection that is silent for so long is forgotten.
const PATIENCE: Duration = Duration::from_secs(60);

/// A login that waits, as a stranger sees it who knows more than any should: its port and
/// even its state.
struct Wait {
    world: World,
    login: WaitingLogin,
    port: u16,
    state: String,
}

impl Wait {
    fn new() -> Self {
        Self::of(World::new(), &[])
    }

    /// A login in `world`, with more arguments than it needs.
    fn of(world: World, more: &[&str]) -> Self {
        let command = world.command([&["login", "--no-browser"], more].concat());
        let login = world.start_login(command);
        let (port, state) = (port(&login), parameter(&login.url, "state"));
        Self { world, login, port, state }
    }

    /// Sends a whole request over a connection of its own and reads the answer.
    fn whole(&self, request: &str) -> String {
        whole(Ipv4Addr::LOCALHOST.into(), self.port, request)
    }

    /// Sends `bytes`, and that nothing follows, over a connection of their own and reads to its
    /// end, whatever comes.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = connect(Ipv4Addr::LOCALHOST.into(), self.port);
        drop(stream.write_all(bytes));
        drop(stream.shutdown(Shutdown::Write));
        to_the_end(&mut stream)
    }

    /// Sends a request line and more header lines under the right `Host`.
    fn ask(&self, line: &str, more: &[&str]) -> String {
        self.whole(&request(self.port, line, more))
    }

    /// Asks for `target` as a browser that was redirected does.
    fn get(&self, target: &str) -> String {
        get(Ipv4Addr::LOCALHOST.into(), self.port, target)
    }

    /// Goes where a redirect leads, as a browser does, to the last page; the answer on the way
    /// and the page.
    fn arrive(&self, target: &str) -> (String, String) {
        let away = self.get(target);
        assert_eq!(status(&away), 303, "{away}");
        let page = self.get(header(&away, "location").unwrap());
        (away, page)
    }

    /// A redirect with everything that it needs, but for a code that Todoist knows.
    fn forged(&self) -> String {
        format!("/callback?code=forged&state={}", self.state)
    }

    /// Checks that `answer` refuses with one of `statuses`, or was cut where 0 is one, and
    /// that it does not reveal the state.
    #[track_caller]
    fn refused(&self, answer: &str, statuses: &[u16]) {
        assert!(statuses.contains(&status(answer)), "{statuses:?}: {answer}");
        assert!(!answer.contains(&self.state), "the state is revealed");
    }

    /// The person gives consent, and nothing that happened before keeps them out.
    #[track_caller]
    fn still_succeeds(self) -> Ran {
        let page = self.world.decide(&self.login.url, RED, Decision::Allow);
        assert!(page.contains("<h1>Signed in</h1>") && page.contains("Red Auerbach"), "{page}");
        let ran = self.login.finish();
        ran.exits_with(0);
        assert!(!ran.stderr.contains("panicked"), "{ran:?}");
        assert_eq!(exchanges(&self.world), 1, "only the person's code is exchanged");
        ran
    }
}

fn port(login: &WaitingLogin) -> u16 {
    let uri: Url = parameter(&login.url, "redirect_uri").parse().unwrap();
    uri.port().unwrap()
}

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

fn request(port: u16, line: &str, more: &[&str]) -> String {
    let more: String = more.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{line} HTTP/1.1\r\nHost: localhost:{port}\r\n{more}\r\n")
}

/// Asks as a browser does, which leaves its side of the connection open.
fn get(family: IpAddr, port: u16, target: &str) -> String {
    whole(family, port, &request(port, &format!("GET {target}"), &[]))
}

fn whole(family: IpAddr, port: u16, request: &str) -> String {
    let mut stream = connect(family, port);
    // It may hang up before it has heard everything.
    drop(stream.write_all(request.as_bytes()));
    to_the_end(&mut stream)
}

/// A connection that a test does not wait at for ever.
fn connect(family: IpAddr, port: u16) -> TcpStream {
    let stream = TcpStream::connect(SocketAddr::new(family, port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What comes until the connection ends, which it may do rudely.
fn to_the_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), ErrorKind::WouldBlock, "the connection does not end");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of an answer; 0 if there is none.
fn status(answer: &str) -> u16 {
    answer.strip_prefix("HTTP/1.1 ").map_or(0, |rest| rest[..3].parse().unwrap())
}

/// A header of an answer.
fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The path and query of an address.
fn target(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}

/// Fetches one page, and no other.
fn fetch(world: &World, url: &Url) -> (u16, String) {
    world.runtime.block_on(async {
        let http = Http::new().unwrap();
        let answer = http.send(http.request(Method::GET, url.clone()).unwrap()).await.unwrap();
        (answer.status.as_u16(), String::from_utf8(answer.body.to_vec()).unwrap())
    })
}

/// How many codes were brought to the token endpoint.
fn exchanges(world: &World) -> usize {
    let requests = world.sandbox.requests();
    requests.iter().filter(|request| request.path == "/oauth/access_token").count()
}
