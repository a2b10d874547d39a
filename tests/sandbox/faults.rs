//! Faults, and the counting of traffic.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use nbatodo::clock::SystemClock;
use nbatodo::http::HttpError;
use nbatodo::sandbox::{Effect, Fault, Options, RequestSeen, Sandbox};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stand::{RED, Stand, location, parameter, spelled, told, uuid};

const SYNC: &str = "/api/v1/sync";

#[tokio::test]
async fn requests_share_one_connection_and_are_all_seen() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.get_as(&token, "/api/v1/user?secret=1").await;
    stand.commands(&token, &json!([])).await;
    let seen = |method: &str, path: &str| RequestSeen {
        method: method.to_owned(),
        path: path.to_owned(),
        connection: 1,
    };
    assert_eq!(stand.sandbox.requests(), [seen("GET", "/api/v1/user"), seen("POST", SYNC)]);
    assert_eq!(stand.sandbox.connections(), 1);
}

#[tokio::test]
async fn the_bytes_of_requests_are_counted() {
    let stand = Stand::new().await;
    let host = stand.sandbox.origin().to_string().replace("http://", "");
    let request = format!(
        "POST /api/v1/sync?a=b HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\
         Connection: close\r\n\r\nhello"
    );
    let mut stream = TcpStream::connect(&host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert_eq!(stand.sandbox.bytes_received(), request.len());
}

#[tokio::test]
async fn an_ordered_answer_comes_once_and_executes_nothing() {
    let stand = Stand::new().await;
    let token = stand.token();
    let fault =
        Fault::answer(SYNC, 503, &[("Retry-After", "2"), ("Content-Type", "text/html")], "<p>");
    stand.sandbox.inject(fault);
    let commands = spelled(&json!([["item_add", 1, "a", {"content": "x"}]]));
    let answer = stand.sync(&token, &[("commands", &commands)]).await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        (&answer.headers["retry-after"], &answer.headers["content-type"]),
        (&"2".parse().unwrap(), &"text/html".parse().unwrap())
    );
    assert_eq!(stand.sandbox.snapshot(RED).unwrap().items.len(), 0);
    assert_eq!(stand.sync(&token, &[("commands", &commands)]).await.status, 200);
}

#[tokio::test]
async fn a_connection_closes_before_or_after_executing() {
    let stand = Stand::new().await;
    let token = stand.token();
    for (effect, number, items) in [(Effect::CloseBefore, 1, 0), (Effect::CloseAfter, 2, 1)] {
        stand.sandbox.inject(Fault::next(SYNC, effect));
        let commands = spelled(&json!([["item_add", number, "a", {"content": "x"}]]));
        let request = stand.http.request(reqwest::Method::POST, stand.url(SYNC)).unwrap();
        let request = request.bearer_auth(&token).form(&[("commands", &commands)]);
        let lost = stand.http.send(request).await;
        assert!(matches!(lost, Err(HttpError::Unreachable { .. })));
        assert_eq!(stand.sandbox.snapshot(RED).unwrap().items.len(), items);
    }
    assert!(stand.sandbox.connections() >= 2);
}

#[tokio::test]
async fn one_command_is_refused_and_not_remembered() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand
        .sandbox
        .inject(Fault::refuse_command(1, json!({"error_tag": "SERVER_ERROR", "http_code": 500})));
    let commands = json!([
        ["item_add", 1, "a", {"content": "x"}],
        ["item_add", 2, "b", {"content": "y"}],
        ["item_add", 3, "c", {"content": "z"}],
    ]);
    stand.synced(&token, &[("sync_token", "*"), ("resource_types", "[\"items\"]")]).await;
    let answer = stand.commands(&token, &commands).await;
    assert_eq!(answer["sync_status"][uuid(1)], "ok");
    assert_eq!(answer["sync_status"][uuid(2)]["error_tag"], "SERVER_ERROR");
    assert_eq!(stand.sandbox.snapshot(RED).unwrap().items.len(), 2);
    let again = stand.commands(&token, &commands).await;
    assert_eq!(again["sync_status"][uuid(2)], "ok");
    assert_eq!(stand.sandbox.snapshot(RED).unwrap().items.len(), 3);
}

#[tokio::test]
async fn a_stale_full_sync_lags_and_its_token_leads_to_the_rest() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::next(SYNC, Effect::StaleFullSync));
    stand.pass(120);
    stand.commands(&token, &json!([["item_add", 1, "a", {"content": "x"}]])).await;
    let full = [("sync_token", "*"), ("resource_types", "[\"items\"]")];
    let stale = stand.synced(&token, &full).await;
    assert_eq!(stale["items"], json!([]));
    assert_eq!(stale["full_sync_date_utc"], "2026-11-24T12:00:00.000000Z");
    let from = stale["sync_token"].as_str().unwrap();
    let rest =
        stand.synced(&token, &[("sync_token", from), ("resource_types", "[\"items\"]")]).await;
    assert_eq!(rest["items"][0]["content"], "x");
    assert_eq!(stand.synced(&token, &full).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stopped_sandbox_finishes_and_closes_idle_connections() {
    let stand = Stand::new().await;
    assert_eq!(told(&stand.get("/api/v1/user").await).0, 401);
    let origin = stand.sandbox.origin();
    stand.sandbox.run_until(std::future::ready(())).await;
    let request = stand.http.request(reqwest::Method::GET, origin.at("/")).unwrap();
    assert!(matches!(stand.http.send(request).await, Err(HttpError::NotConnected { .. })));
}

#[tokio::test]
async fn a_redirect_is_altered_once_and_only_where_it_was_ordered() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    stand.sandbox.inject(Fault::altered_consent("state", Some("another")));
    let altered = location(&stand.decide(&stand.authorize(&client, &[]).await, "allow").await);
    assert_eq!(parameter(&altered, "state").as_deref(), Some("another"));
    assert!(parameter(&altered, "code").is_some());
    stand.sandbox.inject(Fault::altered_consent("code", None));
    let cut = location(&stand.decide(&stand.authorize(&client, &[]).await, "allow").await);
    assert_eq!(parameter(&cut, "code"), None);
    assert_eq!(parameter(&cut, "state").as_deref(), Some("a state/&"));
    let whole = location(&stand.decide(&stand.authorize(&client, &[]).await, "allow").await);
    assert_eq!(parameter(&whole, "state").as_deref(), Some("a state/&"));
}

#[tokio::test]
async fn it_listens_at_loopback_addresses_and_no_others() {
    let stand = Stand::at(Ipv6Addr::LOCALHOST.into()).await;
    assert!(stand.sandbox.origin().to_string().starts_with("http://[::1]:"));
    assert_eq!(stand.get("/").await.status, 200);
    let everywhere =
        Options { address: Ipv4Addr::UNSPECIFIED.into(), ..Options::new(Arc::new(SystemClock)) };
    assert!(Sandbox::start(everywhere).await.is_err());
}
