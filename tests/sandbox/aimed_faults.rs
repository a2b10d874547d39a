//! Faults of answers, and faults aimed at reading or writing.

use std::time::{Duration, Instant};

use nbatodo::http::{Answer, HttpError};
use nbatodo::sandbox::{Effect, Fault};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stand::{RED, Stand, spelled, told, uuid};

const SYNC: &str = "/api/v1/sync";
const READ: [(&str, &str); 2] = [("sync_token", "*"), ("resource_types", "[\"items\"]")];

impl Stand {
    /// A sync that may get no answer.
    async fn try_sync(&self, token: &str, fields: &[(&str, &str)]) -> Result<Answer, HttpError> {
        let request = self.http.request(reqwest::Method::POST, self.url(SYNC)).unwrap();
        self.http.send(request.bearer_auth(token).form(fields)).await
    }

    /// A sync that adds one task.
    async fn try_write(&self, token: &str, number: u64) -> Result<Answer, HttpError> {
        let commands = spelled(&json!([["item_add", number, "a", {"content": "x"}]]));
        self.try_sync(token, &[("commands", &commands)]).await
    }

    /// The head and the body of the answer to a sync, as far as they arrive.
    async fn raw_sync(&self, token: &str, form: &str) -> (String, String) {
        let host = self.url("/").authority().to_owned();
        let mut stream = TcpStream::connect(&host).await.unwrap();
        let request = format!(
            "POST {SYNC} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn tasks(&self) -> usize {
        self.sandbox.snapshot(RED).unwrap().items.len()
    }
}

fn refusal(index: usize) -> Effect {
    Effect::RefuseCommand { index, error: json!({"error_tag": "SERVER_ERROR"}) }
}

#[tokio::test]
async fn a_cut_answer_was_executed_and_arrives_in_part() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::nth_write(1, Effect::CutAnswer));
    let commands = spelled(&json!([["item_add", 1, "a", {"content": "x"}]]));
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("commands", &commands)
        .finish();
    let (head, body) = stand.raw_sync(&token, &form).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), promised.parse::<usize>().unwrap() / 2);
    assert!(body.starts_with('{'), "{body}");
    assert_eq!(stand.tasks(), 1);
    stand.sandbox.inject(Fault::next(SYNC, Effect::CutAnswer));
    assert!(matches!(stand.try_write(&token, 2).await, Err(HttpError::Unreachable { .. })));
    assert_eq!(stand.tasks(), 2);
}

#[tokio::test]
async fn an_answer_without_a_body_is_cut_off_whole() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let mut url = stand.url("/api/v1/access_tokens");
    url.query_pairs_mut().extend_pairs([
        ("client_id", client.id.as_str()),
        ("client_secret", client.secret.as_str()),
        ("access_token", "unknown"),
    ]);
    let delete = || stand.http.request(reqwest::Method::DELETE, url.clone()).unwrap();
    stand.sandbox.inject(Fault::next("/api/v1/access_tokens", Effect::CutAnswer));
    let answer = stand.http.send(delete()).await;
    assert!(matches!(answer, Err(HttpError::Unreachable { .. })));
    assert_eq!(stand.http.send(delete()).await.unwrap().status, 204);
}

#[tokio::test]
async fn garbage_looks_like_success_and_executes_nothing() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::nth_write(1, Effect::Garbage));
    let answer = stand.try_write(&token, 1).await.unwrap();
    assert_eq!((answer.status.as_u16(), told(&answer).1), (200, Value::Null));
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(answer.body.starts_with(b"<!DOCTYPE html>"));
    assert_eq!((stand.tasks(), stand.sandbox.executed(RED).len()), (0, 0));
}

#[tokio::test]
async fn a_slow_answer_is_to_a_request_that_was_executed_at_once() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::nth_write(1, Effect::Slow(Duration::from_secs(3600))));
    let executed = async {
        while stand.tasks() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = stand.try_write(&token, 1) => assert!(answer.is_err(), "it answered an hour early"),
        () = executed => {}
    }
    assert_eq!(stand.tasks(), 1);
    let delay = Duration::from_millis(30);
    stand.sandbox.inject(Fault::nth_read(1, Effect::Slow(delay)));
    let asked = Instant::now();
    let answer = stand.synced(&token, &READ).await;
    assert_eq!(answer["items"].as_array().unwrap().len(), 1);
    assert!(asked.elapsed() >= delay);
}

#[tokio::test]
async fn a_slow_sandbox_is_slow_every_time() {
    let delay = Duration::from_millis(20);
    let stand = Stand::delayed(delay).await;
    let asked = Instant::now();
    assert_eq!(stand.get("/").await.status, 200);
    stand.try_write(&stand.token(), 1).await.unwrap();
    assert!(asked.elapsed() >= delay * 2);
    stand.sandbox.inject(Fault::next("/", Effect::Slow(delay * 2)));
    let asked = Instant::now();
    stand.get("/").await;
    assert!(asked.elapsed() >= delay * 3);
}

#[tokio::test]
async fn the_nth_write_is_hit_whatever_is_read_in_between() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::nth_write(2, Effect::CloseAfter));
    stand.synced(&token, &READ).await;
    assert_eq!(stand.try_write(&token, 1).await.unwrap().status, 200);
    stand.synced(&token, &[("commands", "[]")]).await;
    stand.synced(&token, &READ).await;
    assert!(stand.try_write(&token, 2).await.is_err());
    assert_eq!((stand.tasks(), stand.sandbox.faults_left()), (2, 0));
    assert_eq!(stand.try_write(&token, 3).await.unwrap().status, 200);
}

#[tokio::test]
async fn the_nth_read_is_hit_whatever_is_written_in_between() {
    let stand = Stand::new().await;
    let token = stand.token();
    let busy = Effect::Answer { status: 503, headers: Vec::new(), body: String::from("{}") };
    stand.sandbox.inject(Fault::nth_read(2, busy));
    stand.sandbox.inject(Fault::nth_read(3, Effect::CloseBefore));
    assert_eq!(stand.try_write(&token, 1).await.unwrap().status, 200);
    stand.synced(&token, &READ).await;
    assert_eq!(stand.try_write(&token, 2).await.unwrap().status, 200);
    assert_eq!(stand.sync(&token, &READ).await.status, 503);
    // A request that reads and writes is a write.
    let commands = spelled(&json!([["item_add", 3, "a", {"content": "x"}]]));
    stand.synced(&token, &[READ[0], READ[1], ("commands", &commands)]).await;
    assert!(stand.try_sync(&token, &READ).await.is_err());
    assert_eq!((stand.tasks(), stand.sandbox.faults_left()), (3, 0));
}

#[tokio::test]
async fn a_hanging_write_is_not_executed() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::nth_write(1, Effect::Hang));
    let hit = async {
        while stand.sandbox.faults_left() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = stand.try_write(&token, 1) => assert!(answer.is_err(), "it answered"),
        () = hit => {}
    }
    assert_eq!(stand.tasks(), 0);
    assert_eq!(stand.try_write(&token, 1).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_command_of_the_nth_write_is_refused() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.sandbox.inject(Fault::nth_write(1, Effect::Garbage));
    stand.sandbox.inject(Fault::nth_write(2, refusal(1)));
    stand.sandbox.inject(Fault::nth_write(3, refusal(0)));
    let pair = |from: u64| {
        json!([
            ["item_add", from, "a", {"content": "x"}],
            ["item_add", from + 1, "b", {"content": "y"}],
        ])
    };
    stand.try_write(&token, 1).await.unwrap();
    let second = stand.commands(&token, &pair(2)).await;
    assert_eq!(second["sync_status"][uuid(2)], "ok");
    assert_eq!(second["sync_status"][uuid(3)]["error_tag"], "SERVER_ERROR");
    let third = stand.commands(&token, &pair(4)).await;
    assert_eq!(third["sync_status"][uuid(4)]["error_tag"], "SERVER_ERROR");
    assert_eq!(third["sync_status"][uuid(5)], "ok");
    assert_eq!(stand.sandbox.executed(RED), ["item_add", "item_add"]);
}
