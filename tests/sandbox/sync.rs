//! Reading and writing.

use nbatodo::sandbox::{Overrides, Plan};
use serde_json::{Value, json};

use crate::stand::{RED, Stand, spelled, told, uuid};

const FULL: [(&str, &str); 2] = [("sync_token", "*"), ("resource_types", "[\"all\"]")];

fn contents(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|it| it["content"].as_str().unwrap()).collect()
}

async fn since(stand: &Stand, token: &str, answer: &Value) -> Value {
    let from = answer["sync_token"].as_str().unwrap();
    stand.synced(token, &[("sync_token", from), ("resource_types", "[\"all\"]")]).await
}

#[tokio::test]
async fn a_full_sync_tells_the_user_the_plan_and_what_is_active() {
    let stand = Stand::new().await;
    let answer = stand.synced(&stand.token(), &FULL).await;
    assert_eq!(answer["full_sync"], true);
    assert_eq!(answer["full_sync_date_utc"], "2026-11-24T12:00:00.000000Z");
    assert_eq!(answer["user"]["email"], RED);
    assert_eq!(answer["user"]["tz_info"]["timezone"], "America/New_York");
    assert_eq!(answer["user"]["inbox_project_id"], answer["projects"][0]["id"]);
    assert_eq!(answer["projects"][0]["inbox_project"], true);
    assert_eq!(answer["user_plan_limits"]["current"]["max_projects"], 5);
    assert_eq!(answer["items"], json!([]));
    assert!(answer.get("sync_status").is_none());
}

#[tokio::test]
async fn a_project_its_sections_and_tasks_travel_together() {
    let stand = Stand::new().await;
    let commands = spelled(&json!([
        ["project_add", 1, "p", {"name": "Celtics schedule", "color": "green", "view_style": "list"}],
        ["section_add", 2, "s", {"name": "November", "project_id": "p"}],
        ["item_add", 3, "i", {"content": "Celtics vs Knicks", "project_id": "p", "section_id": "s",
            "due": {"date": "2026-11-28T00:30:00.000000Z", "timezone": "America/New_York"},
            "priority": 4, "labels": ["nba"], "duration": {"amount": 150, "unit": "minute"}}],
        ["item_update", 4, null, {"id": "i", "description": "TD Garden"}],
    ]));
    let fields = [("commands", commands.as_str()), FULL[0], FULL[1]];
    let answer = stand.synced(&stand.token(), &fields).await;
    assert!(answer["sync_status"].as_object().unwrap().values().all(|it| it == "ok"), "{answer}");
    let (mapping, item) = (&answer["temp_id_mapping"], &answer["items"][0]);
    assert_eq!(item["id"], mapping["i"]);
    assert_eq!((&item["project_id"], &item["section_id"]), (&mapping["p"], &mapping["s"]));
    assert_eq!(item["description"], "TD Garden");
    assert_eq!(item["due"]["date"], "2026-11-28T00:30:00Z");
    assert_eq!(item["due"]["is_recurring"], false);
    assert_eq!(item["duration"], json!({"amount": 150, "unit": "minute"}));
    assert_eq!(answer["sections"][0]["project_id"], mapping["p"]);
}

#[tokio::test]
async fn an_incremental_sync_tells_what_changed_since() {
    let stand = Stand::new().await;
    let token = stand.token();
    let made = stand
        .commands(
            &token,
            &json!([
                ["item_add", 1, "a", {"content": "stays"}],
                ["item_add", 2, "b", {"content": "done"}],
                ["item_add", 3, "c", {"content": "gone"}],
            ]),
        )
        .await;
    let start = stand.synced(&token, &FULL).await;
    assert_eq!(contents(&start), ["stays", "done", "gone"]);
    let id = |temp_id: &str| made["temp_id_mapping"][temp_id].clone();
    stand
        .commands(
            &token,
            &json!([
                ["item_complete", 4, null, {"id": id("b")}],
                ["item_delete", 5, null, {"id": id("c")}],
            ]),
        )
        .await;
    let changes = since(&stand, &token, &start).await;
    assert_eq!(changes["full_sync"], false);
    assert_eq!(contents(&changes), ["done", "gone"]);
    assert_eq!(changes["items"][0]["checked"], true);
    assert_eq!(changes["items"][1]["is_deleted"], true);
    assert!(changes.get("user").is_none());
    assert_eq!(contents(&since(&stand, &token, &changes).await), [""; 0]);
    assert_eq!(contents(&stand.synced(&token, &FULL).await), ["stays"]);
    stand.commands(&token, &json!([["item_uncomplete", 6, null, {"id": id("b")}]])).await;
    assert_eq!(contents(&stand.synced(&token, &FULL).await), ["stays", "done"]);
}

#[tokio::test]
async fn a_command_is_executed_once_however_often_it_is_sent() {
    let stand = Stand::new().await;
    let token = stand.token();
    let add = json!([
        ["project_add", 1, "p", {"name": "Celtics schedule"}],
        ["item_add", 2, "i", {"content": "Celtics vs Knicks", "project_id": "p"}],
    ]);
    let first = stand.commands(&token, &add).await;
    let more =
        json!([add[0], add[1], ["item_add", 3, "j", {"content": "next", "project_id": "p"}]]);
    let second = stand.commands(&token, &more).await;
    for temp_id in ["p", "i"] {
        assert_eq!(first["temp_id_mapping"][temp_id], second["temp_id_mapping"][temp_id]);
    }
    assert_eq!(second["sync_status"][uuid(3)], "ok");
    let holds = stand.sandbox.snapshot(RED).unwrap();
    assert_eq!((holds.projects.len(), holds.items.len()), (2, 2));
}

#[tokio::test]
async fn wrong_arguments_are_refused_one_by_one() {
    let stand = Stand::new().await;
    let long = "x".repeat(501);
    let cases = [
        (json!(["item_add", 1, "t", {}]), "ARGUMENT_MISSING", "content"),
        (json!(["item_add", 1, "t", {"content": "  "}]), "INVALID_ARGUMENT_VALUE", "content"),
        (json!(["item_add", 1, "t", {"content": long}]), "INVALID_ARGUMENT_VALUE", "content"),
        (
            json!(["item_add", 1, "t", {"content": "x", "priority": 5}]),
            "INVALID_ARGUMENT_VALUE",
            "priority",
        ),
        (
            json!(["item_add", 1, "t", {"content": "x", "labels": "nba"}]),
            "INVALID_ARGUMENT_VALUE",
            "labels",
        ),
        (
            json!(["item_add", 1, "t", {"content": "x", "due": {"date": "soon"}}]),
            "INVALID_ARGUMENT_VALUE",
            "due",
        ),
        (
            json!(["item_add", 1, "t", {"content": "x", "duration": {"amount": 0, "unit": "day"}}]),
            "INVALID_ARGUMENT_VALUE",
            "duration",
        ),
        (
            json!(["project_add", 1, "t", {"name": "x", "color": "celtics"}]),
            "INVALID_ARGUMENT_VALUE",
            "color",
        ),
        (
            json!(["project_add", 1, "t", {"name": "x", "view_style": "grid"}]),
            "INVALID_ARGUMENT_VALUE",
            "view_style",
        ),
        (json!(["game_add", 1, "t", {}]), "INVALID_ARGUMENT_VALUE", "type"),
    ];
    for (command, tag, argument) in cases {
        let answer = stand.commands(&stand.token(), &json!([command])).await;
        let error = &answer["sync_status"][uuid(1)];
        assert_eq!(
            (&error["error_tag"], &error["error_extra"]["argument"]),
            (&json!(tag), &json!(argument)),
            "{command}"
        );
        assert_eq!(answer["temp_id_mapping"], json!({}));
    }
    for (command, tag) in [
        (
            json!(["item_add", 1, "t", {"content": "x", "project_id": "unknown"}]),
            "PROJECT_NOT_FOUND",
        ),
        (
            json!(["item_add", 1, "t", {"content": "x", "section_id": "unknown"}]),
            "SECTION_NOT_FOUND",
        ),
        (json!(["item_delete", 1, null, {"id": "unknown"}]), "ITEM_NOT_FOUND"),
    ] {
        let answer = stand.commands(&stand.token(), &json!([command])).await;
        assert_eq!(answer["sync_status"][uuid(1)]["error_tag"], tag);
    }
    assert!(stand.sandbox.snapshot(RED).unwrap().items.is_empty());
}

#[tokio::test]
async fn a_malformed_request_is_refused_as_a_whole() {
    let stand = Stand::new().await;
    let many: Vec<Value> =
        (0..101).map(|n| json!(["item_add", n, null, {"content": "x"}])).collect();
    let many = spelled(&json!(many));
    for (fields, argument) in [
        (vec![("commands", "{}")], "commands"),
        (vec![("commands", "[{\"type\":\"item_add\"}]")], "commands"),
        (vec![("commands", many.as_str())], "commands"),
        (vec![("resource_types", "projects")], "resource_types"),
        (vec![("resource_types", "[\"games\"]")], "resource_types"),
        (vec![("resource_types", "[\"items\"]"), ("sync_token", "unknown")], "sync_token"),
        (vec![("sync_token", "*")], "resource_types"),
    ] {
        let (status, error) = told(&stand.sync(&stand.token(), &fields).await);
        assert_eq!((status, &error["error_extra"]["argument"]), (400, &json!(argument)));
    }
    let huge = "x".repeat(1024 * 1024);
    assert_eq!(stand.sync(&stand.token(), &[("commands", &huge)]).await.status, 413);
    let request = stand.http.request(reqwest::Method::POST, stand.url("/api/v1/sync")).unwrap();
    let request = request.bearer_auth(stand.token()).header("content-type", "application/json");
    assert_eq!(stand.http.send(request.body("{}")).await.unwrap().status, 415);
    assert!(stand.sandbox.snapshot(RED).unwrap().items.is_empty());
}

#[tokio::test]
async fn the_plans_limits_hold() {
    let overrides = Overrides { max_tasks: Some(1), max_sections: Some(1), ..Overrides::default() };
    let stand = Stand::with(Plan::Free, overrides).await;
    let mut commands: Vec<Value> =
        (1..=6).map(|n| json!(["project_add", n, format!("p{n}"), {"name": "x"}])).collect();
    commands.extend([
        json!(["section_add", 7, "s", {"name": "x", "project_id": "p1"}]),
        json!(["section_add", 8, "t", {"name": "x", "project_id": "p1"}]),
        json!(["item_add", 9, "i", {"content": "x", "project_id": "p1"}]),
        json!(["item_add", 10, "j", {"content": "x", "project_id": "p1"}]),
        json!(["item_add", 11, "k", {"content": "x"}]),
        json!(["item_move", 12, null, {"id": "k", "project_id": "p1"}]),
        json!(["item_complete", 13, null, {"id": "i"}]),
        json!(["item_move", 14, null, {"id": "k", "project_id": "p1"}]),
        json!(["reminder_add", 15, "r", {"item_id": "k", "type": "relative", "minute_offset": 30}]),
    ]);
    let status = &stand.commands(&stand.token(), &json!(commands)).await["sync_status"];
    let projects = &status[uuid(6)];
    assert_eq!(projects["error_tag"], "MAX_PROJECTS_LIMIT_REACHED");
    assert_eq!(
        (&projects["http_code"], &projects["error_extra"]["max_count"]),
        (&json!(403), &json!(5))
    );
    assert_eq!(status[uuid(8)]["error_tag"], "MAX_SECTIONS_LIMIT_REACHED");
    assert_eq!(status[uuid(10)]["error_tag"], "MAX_ITEMS_LIMIT_REACHED");
    assert_eq!(status[uuid(12)]["error_tag"], "MAX_ITEMS_LIMIT_REACHED");
    assert_eq!(status[uuid(14)], "ok");
    assert_eq!(status[uuid(15)]["error_tag"], "PREMIUM_ONLY");
}

#[tokio::test]
async fn deleting_a_project_deletes_what_is_in_it_and_frees_its_place() {
    let overrides = Overrides { max_projects: Some(1), ..Overrides::default() };
    let stand = Stand::with(Plan::Pro, overrides).await;
    let token = stand.token();
    let start = stand.synced(&token, &FULL).await;
    stand
        .commands(
            &token,
            &json!([
                ["project_add", 1, "p", {"name": "x"}],
                ["section_add", 2, "s", {"name": "x", "project_id": "p"}],
                ["item_add", 3, "i", {"content": "x", "section_id": "s"}],
                ["project_delete", 4, null, {"id": "p"}],
                ["project_add", 5, "q", {"name": "y"}],
            ]),
        )
        .await;
    let changes = since(&stand, &token, &start).await;
    for kind in ["projects", "sections", "items"] {
        assert_eq!(changes[kind][0]["is_deleted"], true, "{kind}");
    }
    assert_eq!(changes["projects"][1]["name"], "y");
}

#[tokio::test]
async fn an_archived_project_disappears_and_comes_back_if_there_is_room() {
    let overrides = Overrides { max_projects: Some(1), ..Overrides::default() };
    let stand = Stand::with(Plan::Free, overrides).await;
    let token = stand.token();
    let made = stand
        .commands(
            &token,
            &json!([
                ["project_add", 1, "p", {"name": "x"}],
                ["item_add", 2, "i", {"content": "x", "project_id": "p"}],
                ["section_add", 14, "s", {"name": "x", "project_id": "p"}],
                ["project_archive", 3, null, {"id": "p"}],
            ]),
        )
        .await;
    let archived = stand.synced(&token, &FULL).await;
    assert_eq!(archived["projects"].as_array().unwrap().len(), 1);
    assert_eq!((&archived["sections"], &archived["items"]), (&json!([]), &json!([])));
    let id = &made["temp_id_mapping"]["p"];
    let answer = stand
        .commands(
            &token,
            &json!([
                ["project_add", 10, "q", {"name": "y"}],
                ["project_unarchive", 11, null, {"id": id}],
                ["project_delete", 12, null, {"id": "q"}],
                ["project_unarchive", 13, null, {"id": id}],
            ]),
        )
        .await;
    let status = &answer["sync_status"];
    assert_eq!(status[uuid(11)]["error_tag"], "MAX_PROJECTS_LIMIT_REACHED");
    assert_eq!(status[uuid(13)], "ok");
    assert_eq!(contents(&stand.synced(&token, &FULL).await), ["x"]);
}

#[tokio::test]
async fn too_many_syncs_have_to_wait() {
    let overrides =
        Overrides { full_syncs: Some(1), partial_syncs: Some(2), ..Overrides::default() };
    let stand = Stand::with(Plan::Free, overrides).await;
    let token = stand.token();
    let start = stand.synced(&token, &FULL).await;
    let answer = stand.sync(&token, &FULL).await;
    let (status, error) = told(&answer);
    assert_eq!((status, &error["error_extra"]["retry_after"]), (429, &json!(900)));
    assert_eq!(answer.headers["retry-after"], "900");
    let second = since(&stand, &token, &start).await;
    since(&stand, &token, &second).await;
    assert_eq!(stand.sync(&token, &[("commands", "[]")]).await.status, 429);
    stand.pass(900);
    stand.synced(&token, &FULL).await;
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let page = stand.authorize(&client, &[("scope", "task:add")]).await;
    let to = crate::stand::location(&stand.decide(&page, "allow").await);
    let code = crate::stand::parameter(&to, "code").unwrap();
    let token =
        stand.exchange(&client, &code, &[]).await.1["access_token"].as_str().unwrap().to_owned();
    assert_eq!(stand.get_as(&token, "/api/v1/user").await.0, 403);
    assert_eq!(stand.sync(&token, &FULL).await.status, 403);
    let answer = stand
        .commands(
            &token,
            &json!([
                ["item_add", 1, "i", {"content": "x"}],
                ["item_delete", 2, null, {"id": "i"}],
                ["project_add", 3, "p", {"name": "x"}],
            ]),
        )
        .await;
    assert_eq!(answer["sync_status"][uuid(1)], "ok");
    assert_eq!(answer["sync_status"][uuid(2)]["http_code"], 403);
    assert_eq!(answer["sync_status"][uuid(3)]["http_code"], 403);
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let stand = Stand::new().await;
    let (red, pat) = (stand.token(), stand.sandbox.personal_token("pat@example.com").unwrap());
    let made = stand.commands(&red, &json!([["item_add", 1, "i", {"content": "x"}]])).await;
    let id = &made["temp_id_mapping"]["i"];
    let answer = stand.commands(&pat, &json!([["item_delete", 2, null, {"id": id}]])).await;
    assert_eq!(answer["sync_status"][uuid(2)]["error_tag"], "ITEM_NOT_FOUND");
    let from = made["sync_token"].as_str().unwrap();
    let fields = [("sync_token", from), ("resource_types", "[\"items\"]")];
    assert_eq!(stand.sync(&pat, &fields).await.status, 400);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let stand = Stand::new().await;
    let token = stand.token();
    let many: Vec<Value> =
        (0..60).map(|n| json!(["item_add", n, null, {"content": "x"}])).collect();
    stand.commands(&token, &json!(many)).await;
    let (_, first) = stand.get_as(&token, "/api/v1/tasks").await;
    assert_eq!(first["results"].as_array().unwrap().len(), 50);
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, rest) = stand.get_as(&token, &format!("/api/v1/tasks?cursor={cursor}")).await;
    assert_eq!(rest["results"].as_array().unwrap().len(), 10);
    assert_eq!(rest["next_cursor"], Value::Null);
    for path in [
        format!("/api/v1/projects?cursor={cursor}"),
        format!("/api/v1/tasks?project_id=x&cursor={cursor}"),
        "/api/v1/tasks?limit=201".to_owned(),
        "/api/v1/tasks?limit=0".to_owned(),
    ] {
        assert_eq!(stand.get_as(&token, &path).await.0, 400, "{path}");
    }
    let (_, none) = stand.get_as(&token, "/api/v1/tasks?project_id=unknown").await;
    assert_eq!(none["results"], json!([]));
}
