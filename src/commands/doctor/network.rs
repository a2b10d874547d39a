//! Who can be reached, by which way, and whether the clocks agree. No request carries a token.

use std::time::Duration;

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use reqwest::header::DATE;
use url::Url;

use crate::commands::doctor::{Area, Check, Scene};
use crate::commands::failure::{SANDBOX_GONE, is_on_this_machine};
use crate::http::{Answer, Distrust, Http, HttpError};
use crate::model::SecureUrl;
use crate::model::system_error::NAME_NOT_FOUND;
use crate::schedule::live;

const AREA: Area = Area::Network;
const PROXY: &str = "proxy";
const API: &str = "API";
const AUTH: &str = "consent page";
const FEED: &str = "feed";
const CLOCK: &str = "clock";
/// What to do where names lead nowhere.
const NO_NAMES: &str = "Check the network connection and its DNS.";
/// Why a feed that does not answer is no problem.
const UNTIL_THEN: &str = "Until it answers, the copy or the bundled season is used.";
/// How long each server has.
const LIMIT: Duration = Duration::from_secs(5);
/// A difference that is worth a word: a session counts as begun so long before its time.
const SMALL_SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A difference with which sessions end before their time.
const LARGE_SKEW: SignedDuration = SignedDuration::from_mins(5);

pub(super) async fn checks(scene: &Scene, offline: bool) -> Vec<Check> {
    let mut checks = vec![proxy(&*scene.variable)];
    if offline {
        let skipped = [API, AUTH, FEED, CLOCK];
        checks.extend(skipped.map(|check| AREA.skipped(check, "not asked: --offline")));
        return checks;
    }
    let http = match Http::new() {
        Ok(http) => http,
        Err(error) => {
            checks.push(unanswered(API, &error));
            return checks;
        }
    };
    let addresses = &scene.addresses;
    // An address that takes a token says so without one, and shortly.
    let api = ask(&http, Method::GET, addresses.api.at("/api/v1/user"));
    let auth = ask(&http, Method::HEAD, addresses.auth.at("/oauth/authorize"));
    let feed = ask_feed(&http, &addresses.feed);
    let (api, auth, feed) = tokio::join!(api, auth, feed);
    let now = scene.clock.now();
    if let Some(why) = no_network([api.as_ref().err(), auth.as_ref().err(), feed.as_ref().err()]) {
        // Once, since it is one thing, and no server's fault.
        checks.push(AREA.problem(API, why).remedied_by(NO_NAMES));
        checks.extend([AUTH, FEED].map(|check| AREA.skipped(check, "out of reach like the API")));
    } else {
        checks.push(api_answer(&api, &host(addresses.api.at("/"))));
        checks.push(match auth {
            Ok(answer) => answered(AUTH, &answer, &host(addresses.auth.at("/"))),
            Err(error) => unanswered(AUTH, &error),
        });
        checks.push(match feed {
            Ok(answer) => feed_answer(&answer, &host(addresses.feed.url().clone())),
            Err(error) => instead(unanswered(FEED, &error)),
        });
    }
    checks.push(clock(api.ok().as_ref(), now));
    checks
}

async fn ask(http: &Http, method: Method, url: Url) -> Result<Answer, HttpError> {
    let host = host(url.clone());
    let request = http.request(method, url)?;
    tokio::time::timeout(LIMIT, http.send(request))
        .await
        .unwrap_or(Err(HttpError::TimedOut { host }))
}

/// The feed's head only: the whole of it is megabytes.
async fn ask_feed(http: &Http, url: &SecureUrl) -> Result<Answer, HttpError> {
    let host = host(url.url().clone());
    let built = live::request(http, url)?.build();
    let mut request = built.map_err(|error| HttpError::Setup(error.without_url().to_string()))?;
    *request.method_mut() = Method::HEAD;
    tokio::time::timeout(LIMIT, http.execute(request))
        .await
        .unwrap_or(Err(HttpError::TimedOut { host }))
}

fn api_answer(answer: &Result<Answer, HttpError>, host: &str) -> Check {
    match answer {
        Ok(answer) => match answer.not_from_an_api() {
            None => AREA.ok(API, format!("{host} answers")),
            Some(why) => AREA
                .problem(API, format!("{host}: {why}"))
                .remedied_by("Sign in to the network you are in, or try again later."),
        },
        Err(error) => unanswered(API, error),
    }
}

/// A page for people: whatever it says to a stranger, it is there.
fn answered(check: &'static str, answer: &Answer, host: &str) -> Check {
    if answer.status.is_server_error() {
        let found = format!("{host}: HTTP {}", answer.status.as_u16());
        return AREA.warning(check, found).remedied_by("Try again later.");
    }
    AREA.ok(check, format!("{host} answers"))
}

fn feed_answer(answer: &Answer, host: &str) -> Check {
    let status = answer.status;
    // A server that gives files to GET need not know HEAD (RFC 9110, section 9.1).
    if status.is_success() || matches!(status.as_u16(), 405 | 501) {
        return AREA.ok(FEED, format!("{host} answers"));
    }
    AREA.warning(FEED, format!("{host}: HTTP {}", status.as_u16())).remedied_by(UNTIL_THEN)
}

/// The same of the feed, for which others stand in.
fn instead(check: Check) -> Check {
    let remedy = check.remedy.iter().map(String::as_str).chain([UNTIL_THEN]);
    let remedy = remedy.collect::<Vec<_>>().join(" ");
    Check { state: super::State::Warning, remedy: Some(remedy), ..check }
}

/// What there is to say where no name leads anywhere: then it is this machine's network that is
/// gone.
fn no_network(all: [Option<&HttpError>; 3]) -> Option<String> {
    let mut hosts = Vec::new();
    for error in all {
        match error? {
            HttpError::NotConnected { host, proxied: false, cause } if is_about_a_name(cause) => {
                if !hosts.contains(&host.as_str()) {
                    hosts.push(host.as_str());
                }
            }
            _ => return None,
        }
    }
    let (last, others) = hosts.split_last()?;
    Some(match others {
        [] => format!("{last} cannot be reached: {NAME_NOT_FOUND}"),
        _ => format!("none of {} and {last} can be reached: no name is found", others.join(", ")),
    })
}

fn unanswered(check: &'static str, error: &HttpError) -> Check {
    let remedy = match error {
        HttpError::Certificate { distrust: Distrust::Time, .. } => "Set this machine's clock.",
        HttpError::Certificate { distrust: Distrust::Name, .. } => {
            "Sign in to the network you are in."
        }
        HttpError::Certificate { distrust: Distrust::Issuer, .. } => {
            "If a company proxy is meant to be there, have its certificate added to this system."
        }
        HttpError::NotConnected { proxied: true, .. } => {
            "Check the proxy in HTTPS_PROXY or ALL_PROXY, or unset it."
        }
        HttpError::NotConnected { cause, .. } if is_about_a_name(cause) => NO_NAMES,
        HttpError::NotConnected { host, .. } if check != FEED && is_on_this_machine(host) => {
            SANDBOX_GONE
        }
        HttpError::NotConnected { .. } | HttpError::Unreachable { .. } => {
            "Check the network connection, a firewall, and the address."
        }
        HttpError::TimedOut { .. } => {
            "Check the network connection and a firewall: nothing came back."
        }
        HttpError::TooLong { .. } => "Check the address: this is not what it should be.",
        HttpError::Setup(_) => "Install this system's CA certificates.",
    };
    AREA.problem(check, error.to_string()).remedied_by(remedy)
}

/// Whether it is the name that leads nowhere.
fn is_about_a_name(cause: &str) -> bool {
    cause == NAME_NOT_FOUND || cause.contains("dns error")
}

/// Whether this machine and the API agree about the time (RFC 9110, section 6.6.1).
fn clock(answer: Option<&Answer>, now: Timestamp) -> Check {
    let date = answer.and_then(|answer| answer.headers.get(DATE)?.to_str().ok());
    let Some(theirs) = date.and_then(|date| rfc2822::parse(date).ok()) else {
        return AREA.skipped(CLOCK, "nobody told the time");
    };
    let skew = now.duration_since(theirs.timestamp());
    let way = if skew.is_negative() { "behind" } else { "ahead of" };
    let found = format!("{} s {way} that of the API", skew.abs().as_secs());
    let remedy = "Set it, for instance with: timedatectl set-ntp true";
    match skew.abs() {
        small if small <= SMALL_SKEW => AREA.ok(CLOCK, "agrees with that of the API"),
        medium if medium <= LARGE_SKEW => AREA.warning(CLOCK, found).remedied_by(remedy),
        _ => AREA
            .problem(CLOCK, format!("{found}: sessions count as ended before their time"))
            .remedied_by(remedy),
    }
}

/// Which variables name a proxy, and where it is: never as whom it is used.
fn proxy(variable: &dyn Fn(&str) -> Option<String>) -> Check {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut found = Vec::new();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        if let Some(value) = set(name) {
            found.push(match proxy_host(&value) {
                Some(host) => format!("{name} names {host}"),
                None => {
                    return AREA
                        .problem(PROXY, format!("{name} is set, and names no host"))
                        .remedied_by(format!("unset {name}, or give it as http://HOST:PORT"));
                }
            });
        }
    }
    let past = ["NO_PROXY", "no_proxy"].into_iter().filter(|name| set(name).is_some());
    found.extend(past.map(|name| format!("{name} is set")));
    if found.is_empty() { AREA.ok(PROXY, "none is set") } else { AREA.ok(PROXY, found.join("; ")) }
}

fn proxy_host(value: &str) -> Option<String> {
    let url = Url::parse(value).ok().filter(Url::has_host);
    let without_scheme = || (!value.contains("://")).then(|| format!("http://{value}"));
    let url = url.or_else(|| Url::parse(&without_scheme()?).ok())?;
    Some(host(url)).filter(|host| !host.is_empty())
}

/// Host and port of `url`, and nothing else of it.
fn host(url: Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::State;

    fn unknown(host: &str) -> HttpError {
        let (host, cause) = (host.to_owned(), NAME_NOT_FOUND.to_owned());
        HttpError::NotConnected { host, proxied: false, cause }
    }

    #[test]
    fn a_network_that_is_gone_is_said_once() {
        let [api, auth, feed] = ["api.example", "app.example", "cdn.example"].map(unknown);
        let said = no_network([Some(&api), Some(&auth), Some(&feed)]).unwrap();
        for host in ["api.example", "app.example", "cdn.example"] {
            assert_eq!(said.matches(host).count(), 1, "{said}");
        }
        assert!(no_network([Some(&api), Some(&api), Some(&api)]).unwrap().starts_with("api."));
        // One that answers, or is gone for another reason, has a line of its own.
        let late = HttpError::TimedOut { host: "app.example".to_owned() };
        assert_eq!(no_network([Some(&api), None, Some(&feed)]), None);
        assert_eq!(no_network([Some(&api), Some(&late), Some(&feed)]), None);
    }

    fn told(name: &'static str, value: &'static str) -> Check {
        proxy(&move |asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn a_proxy_is_named_without_who_uses_it() {
        for (value, host) in [
            ("http://me:hunter2@proxy.example:3128", "proxy.example:3128"),
            ("me:hunter2@proxy.example:3128", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("socks5://me:hunter2@proxy.example", "proxy.example"),
        ] {
            let check = told("HTTPS_PROXY", value);
            assert_eq!(check.detail, format!("HTTPS_PROXY names {host}"));
        }
        let nonsense = told("ALL_PROXY", "http://me:hunter2@");
        assert_eq!(nonsense.state, State::Problem);
        assert!(!format!("{nonsense:?}").contains("hunter2"));
        assert_eq!(told("NO_PROXY", "internal.example").detail, "NO_PROXY is set");
    }
}
