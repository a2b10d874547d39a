//! `load` against a server in this process that speaks one answer, byte for byte.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use nbatodo::http::Http;
use nbatodo::model::SecureUrl;
use nbatodo::schedule::{Loaded, Provenance, age_in_days, bundled, load};

use crate::{FEED, instant};

/// Answers one request with `answer`, and returns what the request was.
fn serve(answer: String) -> (SecureUrl, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
            request.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (format!("http://127.0.0.1:{port}/feed.json").parse().unwrap(), server)
}

fn answer(status: &str, content_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn loaded(answer: String) -> Loaded {
    let (url, server) = serve(answer);
    let loaded = load(&Http::new().unwrap(), &url).await.unwrap();
    server.join().unwrap();
    loaded
}

/// The reason why the bundled season stands in, after checking that it does.
fn reason(loaded: Loaded) -> String {
    assert_eq!(loaded.schedule, bundled::newest().unwrap());
    match loaded.provenance {
        Provenance::Bundled { because } => {
            assert!(!because.contains('\n') && because.contains("127.0.0.1"), "{because}");
            because
        }
        Provenance::Live => panic!("the feed was used"),
    }
}

#[tokio::test]
async fn a_feed_that_answers_is_used_whatever_type_it_claims() {
    for content_type in ["application/json", "text/plain"] {
        let loaded = loaded(answer("200 OK", content_type, FEED)).await;
        assert_eq!(loaded.provenance, Provenance::Live);
        assert_eq!(loaded.schedule.games.len(), 24);
    }
}

#[tokio::test]
async fn the_request_looks_like_a_browser_on_the_leagues_site_and_names_us() {
    let (url, server) = serve(answer("200 OK", "text/plain", FEED));
    load(&Http::new().unwrap(), &url).await.unwrap();
    let request = server.join().unwrap().to_lowercase();
    assert!(request.starts_with("get /feed.json "), "{request}");
    for header in [
        "\r\nuser-agent: mozilla/5.0 ",
        " nbatodo/",
        "\r\nreferer: https://www.nba.com/\r\n",
        "\r\norigin: https://www.nba.com\r\n",
    ] {
        assert!(request.contains(header), "{request}");
    }
    assert_eq!(request.matches("user-agent:").count(), 1);
}

#[tokio::test]
async fn a_refusal_brings_the_bundled_season() {
    let page = "<html><h1>Access Denied</h1></html>";
    let because = reason(loaded(answer("403 Forbidden", "text/html", page)).await);
    assert!(because.contains("403"), "{because}");
    // A page that says 200, and a feed that says anything else, are no feeds.
    reason(loaded(answer("200 OK", "text/html", page)).await);
    let because = reason(loaded(answer("500 Internal Server Error", "text/plain", FEED)).await);
    assert!(because.contains("500"), "{because}");
    reason(loaded(answer("200 OK", "application/json", "{\"games\":[]}")).await);
}

#[tokio::test]
async fn a_feed_that_is_cut_brings_the_bundled_season() {
    let half = &FEED[..FEED.len() / 2];
    let because = reason(loaded(answer("200 OK", "text/plain", half)).await);
    assert!(because.contains("cut off"), "{because}");
    let broken = answer("200 OK", "text/plain", FEED).replace(&FEED[FEED.len() / 2..], "");
    reason(loaded(broken).await);
}

#[tokio::test]
async fn a_server_that_is_not_there_brings_the_bundled_season() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/feed.json").parse().unwrap();
    let because = reason(load(&Http::new().unwrap(), &url).await.unwrap());
    assert!(because.contains("cannot be reached"), "{because}");
}

#[tokio::test]
async fn last_years_feed_brings_the_bundled_season() {
    let old = FEED.replace("\"2026-27\"", "\"2025-26\"").replace("\"00226", "\"00225");
    let old = old.replace("2027-", "2026-");
    let because = reason(loaded(answer("200 OK", "text/plain", &old)).await);
    assert!(because.contains("2025-26"), "{because}");
}

#[test]
fn age_counts_whole_days() {
    let published = instant("2026-08-16T00:00:00Z");
    assert_eq!(age_in_days(published, instant("2026-08-16T23:59:59Z")), 0);
    assert_eq!(age_in_days(published, instant("2026-11-24T12:00:00Z")), 100);
    assert_eq!(age_in_days(published, instant("2026-08-01T00:00:00Z")), 0);
}
