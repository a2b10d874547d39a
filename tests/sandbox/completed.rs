//! The list of completed tasks.

use serde_json::{Value, json};

use crate::stand::{RED, Stand, told};

const PATH: &str = "/api/v1/tasks/completed/by_completion_date";
/// Around the time at which the clock of the tests starts.
const SPAN: &str = "since=2026-11-24T00:00:00Z&until=2026-11-25T00:00:00Z";

fn contents(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|it| it["content"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn only_tasks_completed_in_the_span_and_not_deleted_are_listed() {
    let stand = Stand::new().await;
    let token = stand.token();
    let person = stand.sandbox.person(RED);
    let project = person.add_project("Celtics").unwrap();
    let add = |content: &str| person.add_task(&project, content, "").unwrap();
    let (first, second, deleted, reopened) = (add("1"), add("2"), add("3"), add("4"));
    add("active");
    for id in [&first, &deleted, &reopened] {
        person.complete(id).unwrap();
    }
    person.delete(&deleted).unwrap();
    person.reopen(&reopened).unwrap();
    stand.pass(3600);
    person.complete(&second).unwrap();

    let list = async |query: &str| stand.get_as(&token, &format!("{PATH}?{query}")).await;
    let (status, all) = list(SPAN).await;
    assert_eq!((status, contents(&all)), (200, vec!["2", "1"]));
    assert_eq!(all["next_cursor"], Value::Null);
    assert!(all.get("results").is_none());
    assert_eq!(all["items"][1]["completed_at"], "2026-11-24T12:00:00.000000Z");
    assert_eq!(all["items"][1]["checked"], true);
    for (query, expected) in [
        ("since=2026-11-24T12:00:00Z&until=2026-11-24T12:59:59Z", vec!["1"]),
        ("since=2026-11-24T12:00:01Z&until=2026-11-24T13:00:00Z", vec!["2"]),
        ("since=2026-11-24T07:30:00-05:00&until=2026-11-24T13:00:00", vec!["2"]),
        ("since=2026-11-24&until=2026-11-25", vec!["2", "1"]),
        ("since=2026-11-25&until=2026-11-26", vec![]),
    ] {
        assert_eq!(contents(&list(query).await.1), expected, "{query}");
    }
    let inside = list(&format!("{SPAN}&project_id={project}")).await.1;
    assert_eq!(contents(&inside), ["2", "1"]);
    assert_eq!(contents(&list(&format!("{SPAN}&project_id=other")).await.1), [""; 0]);
}

#[tokio::test]
async fn a_span_is_required_and_at_most_three_months_long() {
    let stand = Stand::new().await;
    let token = stand.token();
    for (query, argument) in [
        ("", "since"),
        ("until=2026-11-25", "since"),
        ("since=2026-11-24", "until"),
        ("since=soon&until=2026-11-25", "since"),
        ("since=2026-11-24&until=2026-11-23", "until"),
        ("since=2026-11-30T00:00:00Z&until=2027-02-28T00:00:01Z", "until"),
        ("since=2026-11-24&until=2026-11-25&limit=201", "limit"),
        ("since=2026-11-24&until=2026-11-25&limit=0", "limit"),
        ("since=2026-11-24&until=2026-11-25&cursor=unknown", "cursor"),
    ] {
        let (status, error) = stand.get_as(&token, &format!("{PATH}?{query}")).await;
        let told = (status, &error["error_extra"]["argument"]);
        assert_eq!(told, (400, &json!(argument)), "{query}");
    }
    let longest = format!("{PATH}?since=2026-11-30T00:00:00Z&until=2027-02-28T00:00:00Z");
    assert_eq!(stand.get_as(&token, &longest).await.0, 200);
}

#[tokio::test]
async fn pages_belong_to_a_user_and_to_parameters() {
    let stand = Stand::new().await;
    let token = stand.token();
    let person = stand.sandbox.person(RED);
    let project = person.add_project("Celtics").unwrap();
    for number in 0..60 {
        let id = person.add_task(&project, &number.to_string(), "").unwrap();
        person.complete(&id).unwrap();
    }
    let (_, first) = stand.get_as(&token, &format!("{PATH}?{SPAN}")).await;
    assert_eq!(contents(&first).len(), 50);
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, rest) = stand.get_as(&token, &format!("{PATH}?{SPAN}&cursor={cursor}")).await;
    assert_eq!((contents(&rest).len(), &rest["next_cursor"]), (10, &Value::Null));
    let (_, all) = stand.get_as(&token, &format!("{PATH}?{SPAN}&limit=200")).await;
    assert_eq!(contents(&all), [contents(&first), contents(&rest)].concat());
    let pat = stand.sandbox.personal_token("pat@example.com").unwrap();
    for (token, path) in [
        (&pat, format!("{PATH}?{SPAN}&cursor={cursor}")),
        (&token, format!("{PATH}?{SPAN}&project_id={project}&cursor={cursor}")),
        (&token, format!("{PATH}?since=2026-11-24&until=2026-11-26&cursor={cursor}")),
        (&token, format!("/api/v1/tasks?cursor={cursor}")),
    ] {
        assert_eq!(stand.get_as(token, &path).await.0, 400, "{path}");
    }
}

#[tokio::test]
async fn the_list_needs_permission_to_read() {
    let stand = Stand::new().await;
    let path = format!("{PATH}?{SPAN}");
    assert_eq!(told(&stand.get(&path).await).0, 401);
    let client = stand.client().await;
    let page = stand.authorize(&client, &[("scope", "task:add")]).await;
    let to = crate::stand::location(&stand.decide(&page, "allow").await);
    let code = crate::stand::parameter(&to, "code").unwrap();
    let (_, answer) = stand.exchange(&client, &code, &[]).await;
    let (status, error) = stand.get_as(answer["access_token"].as_str().unwrap(), &path).await;
    assert_eq!((status, &error["error_extra"]["required_scope"]), (403, &json!("data:read")));
    assert_eq!(stand.post(PATH, &[]).await.status, 405);
}
