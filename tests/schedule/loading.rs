//! `load` against a server that answers at once: what is taken from it.

use nbatodo::schedule::{Loaded, Provenance, bundled};

use crate::FEED;
use crate::server::{FeedServer, answer, ok};

/// The reason why the bundled season stands in, after checking that it does.
fn reason(loaded: Loaded) -> String {
    assert_eq!(loaded.schedule, bundled::newest().unwrap());
    match loaded.provenance {
        Provenance::Bundled { because } => {
            assert!(!because.contains('\n') && because.contains("127.0.0.1"), "{because}");
            because
        }
        other => panic!("{other:?} was used"),
    }
}

async fn reason_after(answer: Vec<u8>) -> String {
    reason(FeedServer::answering(answer).load().await)
}

#[tokio::test]
async fn a_feed_that_answers_is_used_whatever_type_it_claims() {
    for content_type in ["application/json", "text/plain"] {
        let headers = format!("Content-Type: {content_type}\r\n");
        let loaded = FeedServer::answering(answer("200 OK", &headers, FEED)).load().await;
        assert_eq!((loaded.provenance, loaded.schedule.games.len()), (Provenance::Live, 24));
    }
}

#[tokio::test]
async fn the_request_looks_like_a_browser_on_the_leagues_site_and_names_us() {
    let server = FeedServer::answering(ok(FEED));
    server.load().await;
    let request = &server.requests()[0];
    assert!(request.starts_with("get /feed.json "), "{request}");
    for header in [
        "\r\nuser-agent: mozilla/5.0 ",
        " nbatodo/",
        "\r\nreferer: https://www.nba.com/\r\n",
        "\r\norigin: https://www.nba.com\r\n",
        "\r\naccept-encoding: gzip\r\n",
    ] {
        assert!(request.contains(header), "{request}");
    }
    assert_eq!(request.matches("user-agent:").count(), 1);
    assert!(!request.contains("\r\nif-"), "nothing is known yet: {request}");
}

#[tokio::test]
async fn a_refusal_brings_the_bundled_season() {
    let page = "<html><h1>Access Denied</h1></html>";
    let because = reason_after(answer("403 Forbidden", "", page)).await;
    assert!(because.contains("403"), "{because}");
    // A page that says 200, and a feed that says anything else, are no feeds.
    reason_after(answer("200 OK", "Content-Type: text/html\r\n", page)).await;
    for status in ["500 Internal Server Error", "304 Not Modified", "206 Partial Content"] {
        let because = reason_after(answer(status, "", FEED)).await;
        assert!(because.contains(&status[..3]), "{because}");
    }
    reason_after(ok("{\"games\":[]}")).await;
    let because = reason_after(answer("302 Found", "Location: /elsewhere\r\n", "")).await;
    assert!(because.contains("302"), "{because}");
}

#[tokio::test]
async fn a_feed_that_is_cut_brings_the_bundled_season() {
    let half = &FEED[..FEED.len() / 2];
    let because = reason_after(ok(half)).await;
    assert!(because.contains("cut off"), "{because}");
    let mut broken = ok(FEED);
    broken.truncate(broken.len() / 2);
    reason_after(broken).await;
    reason_after(ok("")).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_brings_the_bundled_season() {
    let server = FeedServer::silent();
    let because = reason(server.load().await);
    assert!(because.contains("cannot be reached"), "{because}");
}

#[tokio::test]
async fn last_years_feed_and_another_leagues_bring_the_bundled_season() {
    let old = FEED.replace("\"2026-27\"", "\"2025-26\"").replace("\"00226", "\"00225");
    let because = reason_after(ok(old.replace("2027-", "2026-"))).await;
    assert!(because.contains("2025-26"), "{because}");
    let other = FEED.replace("\"leagueId\":\"00\"", "\"leagueId\":\"10\"");
    let because = reason_after(ok(other)).await;
    assert!(because.contains("league \"10\""), "{because}");
}

#[tokio::test]
async fn a_compressed_feed_is_used() {
    let headers = "Content-Encoding: gzip\r\n";
    let loaded = FeedServer::answering(answer("200 OK", headers, gzip(FEED))).load().await;
    assert_eq!((loaded.provenance, loaded.schedule.games.len()), (Provenance::Live, 24));
}

/// The bound holds for what comes out, or a small answer could fill the memory.
#[tokio::test]
async fn an_answer_of_more_than_sixteen_mebibytes_is_not_read() {
    let long = " ".repeat(16 * 1024 * 1024) + FEED;
    let headers = "Content-Encoding: gzip\r\n";
    let because = reason_after(answer("200 OK", headers, gzip(&long))).await;
    assert!(because.contains("too long"), "{because}");
    let because = reason_after(ok(long)).await;
    assert!(because.contains("too long"), "{because}");
    let padded = " ".repeat(16 * 1024 * 1024 - FEED.len()) + FEED;
    assert_eq!(FeedServer::answering(ok(padded)).load().await.provenance, Provenance::Live);
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
