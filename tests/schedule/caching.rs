//! The last good copy of a feed: when the league is asked, and what stands in for its answer.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use nbatodo::schedule::{Asking, Loaded, Provenance, bundled, feed};
use serde_json::Value;

use crate::server::{FeedServer, NOW, answer, ok};
use crate::{FEED, instant};

const VALIDATORS: &str = "ETag: W/\"abc-gzip\"\r\nLast-Modified: Tue, 24 Nov 2026 02:10:18 GMT\r\n";
const QUARTER: &str = "2026-11-24T12:15:00Z";
const LATER: &str = "2026-11-24T15:00:00Z";

/// A server that has given the feed once, at `NOW`.
async fn asked_once() -> FeedServer {
    let server = FeedServer::answering(answer("200 OK", VALIDATORS, FEED));
    assert_eq!(server.load().await.provenance, Provenance::Live);
    server
}

/// Checks that the copy of `NOW` stands in, and returns why.
fn copied(loaded: &Loaded) -> String {
    assert_eq!(loaded.schedule, feed::parse(FEED.as_bytes()).unwrap());
    match &loaded.provenance {
        Provenance::Copy { because, asked } if *asked == instant(NOW) => because.clone(),
        other => panic!("{other:?}"),
    }
}

/// The feed with the first so many of its rows.
fn first_rows(count: usize) -> String {
    let mut feed: Value = serde_json::from_str(FEED).unwrap();
    let mut left = count;
    for day in feed["leagueSchedule"]["gameDates"].as_array_mut().unwrap() {
        let rows = day["games"].as_array_mut().unwrap();
        rows.truncate(left);
        left -= rows.len();
    }
    feed.to_string()
}

/// The feed with the first so many of its games: some rows are no games of ours.
fn first_games(count: usize) -> String {
    let is_it = |feed: &String| feed::parse(feed.as_bytes()).unwrap().games.len() == count;
    (count..).map(first_rows).find(is_it).unwrap()
}

#[tokio::test]
async fn a_quarter_of_an_hour_passes_before_the_league_is_asked_again() {
    let server = asked_once().await;
    let fresh = server.load_at("2026-11-24T12:14:59Z", Asking::Usual).await;
    assert_eq!(fresh.provenance, Provenance::Live);
    assert_eq!(fresh.schedule, feed::parse(FEED.as_bytes()).unwrap());
    assert_eq!(server.requests().len(), 1);
    server.load_at(QUARTER, Asking::Usual).await;
    assert_eq!(server.requests().len(), 2);
    server.load_at(QUARTER, Asking::Refresh).await;
    assert_eq!(server.requests().len(), 3, "--refresh asks at once");
    // A clock that was set back must not make an old copy last.
    server.load_at("2026-11-20T00:00:00Z", Asking::Usual).await;
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn nothing_changed_is_said_without_a_body() {
    let server = asked_once().await;
    server.answers(answer("304 Not Modified", VALIDATORS, ""));
    let confirmed = server.load_at(QUARTER, Asking::Usual).await;
    assert_eq!(confirmed.provenance, Provenance::Live);
    assert_eq!(confirmed.schedule, feed::parse(FEED.as_bytes()).unwrap());
    let request = server.requests().pop().unwrap();
    assert!(request.contains("\r\nif-none-match: w/\"abc-gzip\"\r\n"), "{request}");
    let since = "\r\nif-modified-since: tue, 24 nov 2026 02:10:18 gmt\r\n";
    assert!(request.contains(since), "{request}");
    // What was confirmed is good for another quarter of an hour, and still knows its names.
    server.load_at("2026-11-24T12:29:59Z", Asking::Usual).await;
    assert_eq!(server.requests().len(), 2);
    server.load_at("2026-11-24T12:30:00Z", Asking::Usual).await;
    assert!(server.requests()[2].contains("if-none-match: w/\"abc-gzip\""));
}

#[tokio::test]
async fn a_server_without_validators_is_asked_for_everything() {
    let server = FeedServer::answering(ok(FEED));
    server.load().await;
    server.load_at(LATER, Asking::Usual).await;
    assert!(!server.requests()[1].contains("\r\nif-"));
    // Such a server has no business to say that nothing changed.
    server.answers(answer("304 Not Modified", "", ""));
    let loaded = server.load_at("2026-11-24T18:00:00Z", Asking::Usual).await;
    assert!(matches!(loaded.provenance, Provenance::Copy { .. }));
}

/// A clock of theirs that is ahead must not make what comes later look old.
#[tokio::test]
async fn a_feed_from_the_future_counts_as_made_now() {
    let ahead = FEED.replace("2026-11-24T02:10:18.1018Z", "2026-11-30T00:00:00Z");
    let loaded = FeedServer::answering(ok(ahead)).load().await;
    assert_eq!(loaded.schedule.published, instant(NOW));
}

#[tokio::test]
async fn a_newer_feed_replaces_the_copy() {
    let server = asked_once().await;
    let moved = FEED.replace("\"2027-01-14T19:00:00Z\"", "\"2027-01-14T20:00:00Z\"");
    server.answers(answer("200 OK", "ETag: \"new\"\r\n", &moved));
    let loaded = server.load_at(LATER, Asking::Usual).await;
    assert_eq!(loaded.schedule, feed::parse(moved.as_bytes()).unwrap());
    assert_ne!(loaded.schedule, feed::parse(FEED.as_bytes()).unwrap());
    assert_eq!(server.load_at(LATER, Asking::Offline).await.schedule, loaded.schedule);
    server.load_at(LATER, Asking::Refresh).await;
    let request = server.requests().pop().unwrap();
    assert!(request.contains("if-none-match: \"new\""), "{request}");
    assert!(!request.contains("if-modified-since"), "{request}");
}

#[tokio::test]
async fn whatever_is_wrong_with_the_feed_the_copy_stands_in_and_says_why() {
    let server = asked_once().await;
    let next = FEED.replace("\"2026-27\"", "\"2025-26\"").replace("\"00226", "\"00225");
    let mut broken = ok(FEED);
    broken.truncate(broken.len() / 2);
    for (answer, part) in [
        (answer("403 Forbidden", "", "<html>Access Denied</html>"), "403"),
        (answer("503 Service Unavailable", "", ""), "503"),
        (ok(&FEED[..FEED.len() / 2]), "cut off"),
        (broken, "cannot be reached"),
        (ok(""), "cut off"),
        (ok("<html>Access Denied</html>"), "not JSON"),
        (ok(FEED.replace("\"leagueId\":\"00\"", "\"leagueId\":\"20\"")), "league \"20\""),
        (ok(next.replace("2027-", "2026-")), "2025-26"),
        (ok(first_rows(0)), "no games"),
        (ok(first_games(21)), "21 games where it had 24"),
    ] {
        server.answers(answer);
        let loaded = server.load_at(LATER, Asking::Usual).await;
        let because = copied(&loaded);
        assert!(because.contains(part) && !because.contains('\n'), "{part}: {because}");
        let remark = loaded.remark(instant(LATER)).unwrap();
        assert!(remark.contains("3 hours old") && remark.contains(part), "{remark}");
    }
    // None of these has touched the copy.
    copied(&server.load_at(LATER, Asking::Offline).await);
}

#[tokio::test]
async fn a_tenth_of_the_games_may_go() {
    let server = asked_once().await;
    server.answers(ok(first_games(22)));
    let loaded = server.load_at(LATER, Asking::Usual).await;
    assert_eq!((loaded.provenance, loaded.schedule.games.len()), (Provenance::Live, 22));
}

/// Games that are missing are a mishap of the league's as a rule, and once they are the truth.
#[tokio::test]
async fn a_league_that_goes_on_saying_that_its_games_are_fewer_is_believed_and_it_is_said() {
    let server = asked_once().await;
    server.answers(ok(first_games(21)));
    let because = copied(&server.load_at(LATER, Asking::Usual).await);
    assert!(
        because.contains("where it had 24, which is not believed before 2026-11-27"),
        "{because}"
    );
    copied(&server.load_at("2026-11-27T14:59:59Z", Asking::Usual).await);
    let loaded = server.load_at("2026-11-27T15:00:00Z", Asking::Usual).await;
    assert_eq!((loaded.provenance.name(), loaded.fallback()), ("live", None));
    assert_eq!(loaded.schedule.games.len(), 21);
    let remark = loaded.remark(instant("2026-11-27T15:00:00Z")).unwrap();
    assert!(remark.contains("only 21 games since 2026-11-24, and 24 before"), "{remark}");
    // From then on it is what later answers are measured by.
    let loaded = server.load_at("2026-11-28T15:00:00Z", Asking::Refresh).await;
    assert_eq!((loaded.provenance, loaded.schedule.games.len()), (Provenance::Live, 21));
}

#[tokio::test]
async fn a_doubt_begins_anew_where_the_league_says_something_else_in_between() {
    for between in [
        answer("200 OK", VALIDATORS, FEED),
        answer("304 Not Modified", VALIDATORS, ""),
        ok(first_games(15)),
    ] {
        let server = asked_once().await;
        server.answers(ok(first_games(21)));
        copied(&server.load_at(LATER, Asking::Usual).await);
        server.answers(between.clone());
        server.load_at("2026-11-25T15:00:00Z", Asking::Usual).await;
        if between == ok(first_games(15)) {
            // Fewer yet is another thing to say.
            let loaded = server.load_at("2026-11-27T16:00:00Z", Asking::Usual).await;
            assert_eq!(loaded.provenance.name(), "copy");
        } else {
            server.answers(ok(first_games(21)));
            let loaded = server.load_at("2026-11-27T16:00:00Z", Asking::Usual).await;
            let because = loaded.fallback().unwrap();
            assert!(because.contains("not believed before 2026-11-30"), "{because}");
        }
    }
}

/// No answer is none, whatever keeps it away.
#[tokio::test]
async fn a_doubt_outlasts_a_feed_that_is_gone_and_no_clock_that_was_wrong() {
    let server = asked_once().await;
    server.answers(ok(first_games(21)));
    copied(&server.load_at(LATER, Asking::Usual).await);
    server.answers(answer("503 Service Unavailable", "", ""));
    copied(&server.load_at("2026-11-25T15:00:00Z", Asking::Usual).await);
    server.answers(ok(first_games(21)));
    let loaded = server.load_at("2026-11-27T15:00:00Z", Asking::Usual).await;
    assert_eq!(loaded.provenance.name(), "live");
    let server = asked_once().await;
    server.answers(ok(first_games(21)));
    server.load_at("2027-11-25T15:00:00Z", Asking::Usual).await;
    copied(&server.load_at(LATER, Asking::Usual).await);
    copied(&server.load_at("2026-11-26T15:00:00Z", Asking::Usual).await);
    let loaded = server.load_at("2026-11-27T15:00:00Z", Asking::Usual).await;
    assert_eq!(loaded.provenance.name(), "live");
}

#[tokio::test]
async fn a_new_season_may_begin_with_few_games() {
    let server = asked_once().await;
    let next = FEED.replace("2027-", "2028-").replace("2026-", "2027-").replace("-27\"", "-28\"");
    let next = next.replace("2026-27", "2027-28").replace("\"00226", "\"00227");
    let mut feed: Value = serde_json::from_str(&next).unwrap();
    feed["leagueSchedule"]["seasonYear"] = "2027-28".into();
    let days = feed["leagueSchedule"]["gameDates"].as_array_mut().unwrap();
    let game = days.iter().flat_map(|day| day["games"].as_array().unwrap());
    let game = game.into_iter().find(|game| game["gameId"] == "0022700075").unwrap().clone();
    days.truncate(1);
    days[0]["games"] = Value::Array(vec![game]);
    server.answers(ok(feed.to_string()));
    let loaded = server.load_at("2027-08-20T00:00:00Z", Asking::Usual).await;
    assert_eq!((loaded.provenance, loaded.schedule.games.len()), (Provenance::Live, 1));
    // And the season before does not come back.
    server.answers(ok(FEED));
    let loaded = server.load_at("2027-08-21T00:00:00Z", Asking::Usual).await;
    assert_eq!(loaded.schedule.season.to_string(), "2027-28");
    assert!(matches!(loaded.provenance, Provenance::Copy { .. }));
}

#[tokio::test]
async fn offline_touches_no_network() {
    let server = FeedServer::answering(ok(FEED));
    let loaded = server.load_at(NOW, Asking::Offline).await;
    assert_eq!(loaded.schedule, bundled::newest().unwrap());
    assert_eq!(loaded.remark(instant(NOW)).unwrap().matches("--offline").count(), 1);
    server.load().await;
    let loaded = server.load_at("2027-03-01T12:00:00Z", Asking::Offline).await;
    assert_eq!(copied(&loaded), "--offline");
    assert!(loaded.remark(instant("2027-03-01T12:00:00Z")).unwrap().contains("97 days old"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_copy_that_is_damaged_is_none_and_is_replaced() {
    let server = asked_once().await;
    let folder = server.folder().join("schedules");
    let file = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file = file.into_iter().find(|path| path.extension().is_some()).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let whole = fs::read_to_string(&file).unwrap();
    let header = whole.lines().next().unwrap();
    for damage in [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("0022600075", "0022500075"),
        whole.replace("\"format\":1", "\"format\":2"),
        format!("{header}\n"),
        whole.replace("SAS", "SEA"),
    ] {
        fs::write(&file, &damage).unwrap();
        let loaded = server.load_at(NOW, Asking::Usual).await;
        assert_eq!(loaded.provenance, Provenance::Live, "{damage:.80}");
        let request = server.requests().pop().unwrap();
        assert!(!request.contains("\r\nif-"), "{damage:.80}");
        assert_eq!(fs::read_to_string(&file).unwrap(), whole, "replaced");
    }
    // Nor is one that others could have written.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let before = server.requests().len();
    server.load().await;
    assert_eq!(server.requests().len(), before + 1);
}

#[tokio::test]
async fn a_copy_that_cannot_be_kept_spoils_nothing() {
    let server = FeedServer::answering(ok(FEED));
    fs::write(server.folder().join("schedules"), "a file where a folder should be").unwrap();
    assert_eq!(server.load().await.provenance, Provenance::Live);
    assert_eq!(server.load().await.provenance, Provenance::Live);
    assert_eq!(server.requests().len(), 2);
}
