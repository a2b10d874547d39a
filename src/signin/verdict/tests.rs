//! The verdict on each row of the table in `docs/sign-in.md`, and on a hundred thousand
//! requests that resemble a redirect.

use hyper::Request;

use super::*;

const PORT: u16 = 21_370;
/// The state of 32 bytes of 7.
const STATE: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
const OTHER_STATE: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg";

fn pending() -> Pending {
    Pending {
        state: State::from_entropy(&[7; 32]),
        port: PORT,
        issuers: vec!["https://app.todoist.com".to_owned()],
    }
}

/// A request as a browser sends it after the consent, but for what is changed.
#[derive(Debug)]
struct Asked {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, String)>,
}

fn get(target: &str) -> Asked {
    let target = target.replace("STATE", STATE);
    Asked { method: "GET", target, headers: vec![("host", format!("localhost:{PORT}"))] }
}

/// The redirect that we wait for.
fn redirect() -> Asked {
    get("/callback?code=abc&state=STATE")
}

impl Asked {
    fn by(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn at_host(mut self, host: &str) -> Self {
        self.headers.clear();
        self.with("host", host)
    }

    fn judged(&self) -> Meaning {
        self.judged_by(&pending())
    }

    fn judged_by(&self, pending: &Pending) -> Meaning {
        let request = Request::builder().method(self.method).uri(&self.target);
        let add = |request: hyper::http::request::Builder, (name, value): &(&str, String)| {
            request.header(*name, value)
        };
        let request = self.headers.iter().fold(request, add).body(()).unwrap();
        match judge(&request.into_parts().0, pending) {
            Verdict::Response(Ok(code)) => Meaning::Code(code.expose().to_owned()),
            Verdict::Response(Err(AuthorizationError::Denied)) => Meaning::Denied,
            Verdict::Response(Err(AuthorizationError::Refused(why))) => Meaning::Refused(why),
            Verdict::Stray(stray) => Meaning::Stray(stray),
        }
    }
}

/// A verdict, to be compared.
#[derive(Debug, PartialEq)]
enum Meaning {
    Code(String),
    Denied,
    Refused(String),
    Stray(Stray),
}

fn code() -> Meaning {
    Meaning::Code("abc".to_owned())
}

/// What a row of the table comes to here.
enum Row {
    /// These requests, each with this meaning.
    Means(Meaning, Vec<Asked>),
    /// Nothing that reaches the verdict; it is the other's business.
    Left(&'static str),
}

/// The rows, each by its number and name. Some take several lines.
fn rows() -> Vec<(&'static str, Row)> {
    use Row::{Left, Means};
    use Stray::{CrossSite, ForeignHost, Issuer, Malformed, Method, NotFound, Parameters, State};

    let stray = |stray, asked: Vec<Asked>| Means(Meaning::Stray(stray), asked);
    let refused = Meaning::Refused("badSet-Cookiex".to_owned());
    let others = format!("code=abc&state={OTHER_STATE}");
    vec![
        ("L1 wrong state", stray(State, targets(&["code=x&state=wrong", "code=x&state=STATEx"]))),
        ("L2 missing, empty or duplicated", stray(Parameters, incomplete())),
        ("L3 forged denial", stray(State, targets(&["error=access_denied&state=wrong"]))),
        ("L3 forged denial", stray(Parameters, targets(&["error=access_denied"]))),
        ("L4 true denial", Means(Meaning::Denied, targets(&["error=access_denied&state=STATE"]))),
        ("L5 other paths", stray(NotFound, other_paths())),
        ("L6 other methods", stray(Method, other_methods())),
        ("L7 DNS rebinding", stray(ForeignHost, at_hosts(&FOREIGN_HOSTS))),
        ("L7 DNS rebinding", stray(Malformed, misaddressed())),
        ("L8 cross-site request from a page", stray(CrossSite, sent_by_pages())),
        ("L8 … while a navigation from there is none", Means(code(), navigations())),
        ("L9 idle connections", Left("connections: no request is made")),
        ("L10 slow request", Left("connections: no request is complete")),
        ("L11 huge request line or headers", Left("hyper: more than 8 KiB is no request")),
        ("L12 garbage", Left("hyper: it is no request")),
        ("L13 pipelined requests", Left("connections: one request each")),
        ("L14 code replay", Means(code(), vec![redirect(), redirect()])),
        ("L15 stolen code", Means(code(), targets(&["state=STATE&code=abc"]))),
        ("L16 mix-up", stray(Issuer, targets(&OTHER_ISSUERS))),
        ("L16 … while our own server may name itself", Means(code(), targets(&[OUR_ISSUER]))),
        ("L17 reflected markup", Means(refused, targets(&[MARKUP]))),
        ("L18 port taken", stray(ForeignHost, at_hosts(&["localhost:21371"]))),
        ("L19 both families", Means(code(), at_hosts(&OUR_HOSTS))),
        ("L20 interrupted", Left("the login: nobody asks")),
        ("L21 nobody comes", Left("the login: nobody asks")),
        ("L22 second login at the same time", stray(State, targets(&[&others]))),
        ("L23 reachable from outside", stray(ForeignHost, at_hosts(&["192.0.2.1:21370"]))),
        ("L24 the code in history", Left("the answers: the address and the headers")),
    ]
}

const OUR_HOSTS: [&str; 4] =
    ["localhost:21370", "127.0.0.1:21370", "[::1]:21370", "LOCALHOST:21370"];
const FOREIGN_HOSTS: [&str; 4] =
    ["evil.example", "evil.example:21370", "localhost.evil.example:21370", "localhost"];
const OTHER_ISSUERS: [&str; 2] = [
    "code=a&state=STATE&iss=https://evil.example",
    "error=access_denied&state=STATE&iss=https://app.todoist.com.evil.example",
];
const OUR_ISSUER: &str = "code=abc&state=STATE&iss=https%3A%2F%2Fapp.todoist.com";
const MARKUP: &str = "error=bad%0d%0aSet-Cookie:x&error_description=%3Cb%3E&state=STATE";

fn at_hosts(hosts: &[&str]) -> Vec<Asked> {
    hosts.iter().map(|host| redirect().at_host(host)).collect()
}

fn other_methods() -> Vec<Asked> {
    ["HEAD", "POST", "OPTIONS", "PUT", "get"].map(|method| redirect().by(method)).into()
}

fn targets(queries: &[&str]) -> Vec<Asked> {
    queries.iter().map(|query| get(&format!("/callback?{query}"))).collect()
}

fn incomplete() -> Vec<Asked> {
    let mut asked = targets(&[
        "code=x",
        "code=x&state=",
        "code=&state=STATE",
        "state=STATE",
        "code=a&code=b&state=STATE",
        "code=a&code=a&state=STATE",
        "code=a&state=STATE&state=STATE",
        "code=a&state=STATE&st%61te=STATE",
        "code=a&error=b&state=STATE",
        "code=a&state=STATE&iss=",
    ]);
    asked.push(get("/callback"));
    asked
}

fn other_paths() -> Vec<Asked> {
    ["/", "/favicon.ico", "/callback/", "/callback/../x", "//callback", "/CALLBACK", "/callbac%6b"]
        .map(|path| get(&format!("{path}?code=a&state=STATE")))
        .into()
}

fn misaddressed() -> Vec<Asked> {
    let nameless = Asked { headers: Vec::new(), ..redirect() };
    let two_names = redirect().with("host", "evil.example");
    let same_twice = redirect().with("host", &format!("localhost:{PORT}"));
    vec![
        nameless,
        two_names,
        same_twice,
        get("http://evil.example/callback?code=a&state=STATE"),
        get(&format!("http://localhost:{PORT}/callback?code=a&state=STATE")),
    ]
}

fn sent_by_pages() -> Vec<Asked> {
    vec![
        redirect().with("sec-fetch-mode", "no-cors"),
        redirect().with("sec-fetch-mode", "cors").with("sec-fetch-dest", "empty"),
        redirect().with("sec-fetch-mode", "navigate").with("sec-fetch-dest", "iframe"),
        redirect().with("sec-fetch-dest", "image"),
        redirect().with("origin", "https://evil.example"),
        redirect().with("origin", "null").with("origin", "https://evil.example"),
    ]
}

fn navigations() -> Vec<Asked> {
    let navigation =
        || redirect().with("sec-fetch-mode", "navigate").with("sec-fetch-dest", "document");
    vec![
        redirect(),
        navigation().with("sec-fetch-site", "cross-site"),
        navigation().with("origin", "null"),
    ]
}

#[test]
fn a_browser_leaves_out_the_port_that_goes_without_saying() {
    let pending = Pending { port: 80, ..pending() };
    for host in ["localhost", "127.0.0.1", "[::1]", "localhost:80"] {
        let meaning = redirect().at_host(host).judged_by(&pending);
        assert_eq!(meaning, Meaning::Code("abc".to_owned()), "{host}");
        assert_ne!(redirect().at_host("localhost").judged(), meaning, "at another port");
    }
}

#[test]
fn every_row_has_its_verdict() {
    let rows = rows();
    for number in 1..=24 {
        let named = |(name, _): &(&str, Row)| name.split(' ').next() == Some(&format!("L{number}"));
        assert!(rows.iter().any(named), "L{number} is missing");
    }
    for (name, row) in rows {
        match row {
            Row::Means(meaning, asked) => {
                assert!(!asked.is_empty(), "{name}");
                for asked in asked {
                    let Asked { method, target, headers } = &asked;
                    assert_eq!(asked.judged(), meaning, "{name}: {method} {target} {headers:?}");
                }
            }
            Row::Left(whose) => assert!(whose.contains(':'), "{name}"),
        }
    }
}

/// Chooses at random: another hundred thousand requests in each run, and the message of a
/// failure holds the request.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).unwrap();
        Self(u64::from_le_bytes(seed) | 1)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        // Marsaglia's xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// The first choice mostly, so that enough of the whole fits together.
    fn mostly<'a>(&mut self, usual: &'a str, rare: &[&'a str]) -> &'a str {
        if self.below(8) > 0 { usual } else { self.one_of(rare) }
    }

    /// A value as an attacker, or a mistake, may write it.
    fn value(&mut self) -> String {
        let at = self.below(STATE.len());
        match self.below(12) {
            0..5 => STATE.to_owned(),
            5 => OTHER_STATE.to_owned(),
            6 => STATE[..at].to_owned(),
            7 => format!("{}{}{}", &STATE[..at], self.one_of(&["A", "_", "%00"]), &STATE[at + 1..]),
            8 => format!("%42{}", &STATE[1..]),
            9 => "https://app.todoist.com".to_owned(),
            10 => "access_denied".to_owned(),
            _ => (0..at).map(|_| self.one_of(&["a", "=", "%", "?", "+", "&", "%c3"])).collect(),
        }
    }

    fn parameter(&mut self) -> String {
        let names = ["error", "iss", "State", "st%61te", "state[]", ""];
        let name = match self.below(3) {
            0 => "state",
            1 => "code",
            _ => self.one_of(&names),
        };
        format!("{name}{}{}", self.mostly("=", &["", "=="]), self.value())
    }

    fn request(&mut self) -> Asked {
        let path = self.mostly("/callback", &["/", "/callback/", "/CALLBACK"]);
        let count = self.below(5);
        let parameters: Vec<String> = (0..count).map(|_| self.parameter()).collect();
        let host = self.mostly("localhost:21370", &["[::1]:21370", "evil.example:21370"]);
        let mode = self.mostly("navigate", &["no-cors", "cors"]);
        let headers = vec![("host", host.to_owned()), ("sec-fetch-mode", mode.to_owned())];
        let method = self.mostly("GET", &["POST", "HEAD"]);
        Asked { method, target: format!("{path}?{}", parameters.join("&")), headers }
    }
}

/// How often the right state stands in a query, however it is written.
fn right_states(target: &str) -> usize {
    let (_, query) = target.split_once('?').unwrap();
    let written = query.replace("%42", "B").replace("%61", "a");
    written.split('&').filter(|pair| *pair == format!("state={STATE}")).count()
}

#[test]
fn a_hundred_thousand_requests_end_the_wait_only_with_the_right_state() {
    let (mut dice, mut accepted) = (Dice::new(), 0);
    for _ in 0..100_000 {
        let asked = dice.request();
        if !matches!(asked.judged(), Meaning::Stray(_)) {
            accepted += 1;
            assert_eq!(right_states(&asked.target), 1, "{} {}", asked.method, asked.target);
            assert_eq!(asked.method, "GET");
            assert!(asked.target.starts_with("/callback?"), "{}", asked.target);
            assert!(!asked.headers.iter().any(|(_, value)| value.contains("evil")));
            assert!(asked.headers.iter().all(|(_, value)| !value.contains("cors")));
        }
    }
    assert!(accepted > 1_000, "only {accepted} were accepted: the property says little");
}
