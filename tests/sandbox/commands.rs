//! What single commands do, and what is remembered of them.

use nbatodo::sandbox::{Overrides, Plan};
use serde_json::{Value, json};

use crate::stand::{RED, Stand, spelled, uuid};

const ALL: (&str, &str) = ("resource_types", "[\"all\"]");

async fn since(stand: &Stand, token: &str, answer: &Value) -> Value {
    let from = answer["sync_token"].as_str().unwrap();
    stand.synced(token, &[("sync_token", from), ALL]).await
}

/// The one that has this id.
fn with_id<'a>(answer: &'a Value, kind: &str, id: &Value) -> &'a Value {
    answer[kind].as_array().unwrap().iter().find(|it| it["id"] == *id).unwrap()
}

#[tokio::test]
async fn one_request_executes_first_and_then_reports_everything_since_its_token() {
    let stand = Stand::new().await;
    let token = stand.token();
    let start = stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    let inbox = &start["user"]["inbox_project_id"];
    stand.sandbox.person(RED).add_task(inbox.as_str().unwrap(), "by hand", "").unwrap();
    let commands = spelled(&json!([["item_add", 1, "i", {"content": "by command"}]]));
    let from = start["sync_token"].as_str().unwrap();
    let fields = [("sync_token", from), ALL, ("commands", &commands)];
    let answer = stand.synced(&token, &fields).await;
    assert_eq!(answer["sync_status"][uuid(1)], "ok");
    assert_eq!(answer["full_sync"], false);
    assert_eq!(answer["items"][0]["content"], "by hand");
    assert_eq!(answer["items"][1]["content"], "by command");
    assert_eq!(answer["items"][1]["id"], answer["temp_id_mapping"]["i"]);
    assert_eq!(since(&stand, &token, &answer).await["items"], json!([]));
}

#[tokio::test]
async fn what_was_executed_is_logged_once_and_reading_is_not() {
    let stand = Stand::new().await;
    let token = stand.token();
    stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    stand.get_as(&token, "/api/v1/tasks").await;
    assert_eq!(stand.sandbox.executed(RED), [""; 0]);
    let commands = json!([
        ["project_add", 1, "p", {"name": "Celtics"}],
        ["item_add", 2, "i", {"content": "x", "project_id": "p"}],
        ["item_add", 3, "j", {"content": " "}],
        ["item_delete", 4, null, {"id": "i"}],
    ]);
    stand.commands(&token, &commands).await;
    stand.commands(&token, &commands).await;
    assert_eq!(stand.sandbox.executed(RED), ["project_add", "item_add", "item_delete"]);
    assert_eq!(stand.sandbox.executed("pat@example.com"), [""; 0]);
    assert_eq!(stand.sandbox.executed("nobody@example.com"), [""; 0]);
}

#[tokio::test]
async fn forgotten_uuids_are_executed_again() {
    let stand = Stand::new().await;
    let token = stand.token();
    let add = |number: u64| json!([["item_add", number, "i", {"content": "x"}]]);
    stand.commands(&token, &add(1)).await;
    stand.commands(&token, &add(1)).await;
    assert_eq!(stand.sandbox.executed(RED).len(), 1);
    stand.sandbox.forget_uuids();
    stand.commands(&token, &add(1)).await;
    assert_eq!(stand.sandbox.executed(RED).len(), 2);
    for _ in 0..2 {
        stand.commands(&token, &add(2)).await;
    }
    assert_eq!(stand.sandbox.snapshot(RED).unwrap().items.len(), 4);
}

#[tokio::test]
async fn texts_lose_the_white_space_around_them() {
    let stand = Stand::new().await;
    let token = stand.token();
    let start = stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    stand
        .commands(
            &token,
            &json!([
                ["project_add", 1, "p", {"name": " Celtics  schedule\n"}],
                ["section_add", 2, "s", {"name": "\tNovember ", "project_id": "p"}],
                ["item_add", 3, "i", {"content": "  vs  Knicks\u{a0}", "project_id": "p"}],
                ["item_add", 4, "j", {"content": "x", "project_id": "p"}],
                ["item_update", 5, null, {"id": "j", "content": "y \n"}],
            ]),
        )
        .await;
    let changes = since(&stand, &token, &start).await;
    assert_eq!(changes["projects"][0]["name"], "Celtics  schedule");
    assert_eq!(changes["sections"][0]["name"], "November");
    assert_eq!(changes["items"][0]["content"], "vs  Knicks");
    assert_eq!(changes["items"][1]["content"], "y");
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    let stand = Stand::new().await;
    let token = stand.token();
    let due = json!({"date": "2026-11-28T00:30:00Z", "timezone": "America/New_York"});
    let made = stand
        .commands(
            &token,
            &json!([
                ["project_add", 1, "p", {"name": "x"}],
                ["item_add", 2, "i", {"content": "x", "description": "d", "due": due, "priority": 4}],
                ["item_update", 3, null, {"id": "i", "content": "y", "project_id": "p", "checked": true}],
            ]),
        )
        .await;
    let item = stand.synced(&token, &[("sync_token", "*"), ALL]).await["items"][0].clone();
    assert_eq!((&item["content"], &item["description"]), (&json!("y"), &json!("d")));
    assert_eq!((&item["due"]["date"], &item["priority"]), (&due["date"], &json!(4)));
    assert_eq!(item["checked"], false);
    assert_ne!(item["project_id"], made["temp_id_mapping"]["p"]);
    let emptied = json!([["item_update", 4, null, {"id": item["id"], "due": null}]]);
    let answer = stand.commands(&token, &emptied).await;
    assert_eq!(answer["sync_status"][uuid(4)], "ok");
    assert_eq!(stand.sandbox.snapshot(RED).unwrap().items[0].due, None);
}

#[tokio::test]
async fn a_task_moves_with_its_subtasks_and_never_below_itself() {
    let stand = Stand::new().await;
    let token = stand.token();
    let answer = stand
        .commands(
            &token,
            &json!([
                ["project_add", 1, "p", {"name": "x"}],
                ["section_add", 2, "s", {"name": "x", "project_id": "p"}],
                ["item_add", 3, "i", {"content": "above"}],
                ["item_add", 4, "j", {"content": "below", "parent_id": "i"}],
                ["item_move", 5, null, {"id": "i", "section_id": "s"}],
                ["item_move", 6, null, {"id": "i", "parent_id": "j"}],
                ["item_move", 7, null, {"id": "i", "section_id": "s", "project_id": "p"}],
                ["item_move", 8, null, {"id": "i"}],
            ]),
        )
        .await;
    for number in [6, 7, 8] {
        let error = &answer["sync_status"][uuid(number)];
        assert_eq!(error["error_tag"], "INVALID_ARGUMENT_VALUE", "{number}");
    }
    let mapping = &answer["temp_id_mapping"];
    let place =
        |it: &Value| [&it["project_id"], &it["section_id"], &it["parent_id"]].map(Value::clone);
    let full = stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    let above = place(with_id(&full, "items", &mapping["i"]));
    assert_eq!(above, [mapping["p"].clone(), mapping["s"].clone(), Value::Null]);
    let below = place(with_id(&full, "items", &mapping["j"]));
    assert_eq!(below, [mapping["p"].clone(), mapping["s"].clone(), mapping["i"].clone()]);
    stand
        .commands(
            &token,
            &json!([["item_move", 9, null, {"id": mapping["j"], "project_id": mapping["p"]}]]),
        )
        .await;
    let changes = since(&stand, &token, &full).await;
    assert_eq!(changes["items"].as_array().unwrap().len(), 1);
    assert_eq!(place(&changes["items"][0]), [mapping["p"].clone(), Value::Null, Value::Null]);
}

#[tokio::test]
async fn a_move_needs_room_for_all_that_moves() {
    let overrides = Overrides { max_tasks: Some(2), ..Overrides::default() };
    let stand = Stand::with(Plan::Free, overrides).await;
    let answer = stand
        .commands(
            &stand.token(),
            &json!([
                ["project_add", 1, "p", {"name": "x"}],
                ["item_add", 2, "k", {"content": "there", "project_id": "p"}],
                ["item_add", 3, "i", {"content": "above"}],
                ["item_add", 4, "j", {"content": "below", "parent_id": "i"}],
                ["item_move", 5, null, {"id": "i", "project_id": "p"}],
                ["item_complete", 6, null, {"id": "j"}],
                ["item_move", 7, null, {"id": "i", "project_id": "p"}],
                ["item_uncomplete", 8, null, {"id": "j"}],
            ]),
        )
        .await;
    let status = &answer["sync_status"];
    assert_eq!(status[uuid(5)]["error_tag"], "MAX_ITEMS_LIMIT_REACHED");
    assert_eq!(status[uuid(7)], "ok");
    assert_eq!(status[uuid(8)]["error_tag"], "MAX_ITEMS_LIMIT_REACHED");
}

#[tokio::test]
async fn a_task_that_comes_back_brings_the_tasks_above_it() {
    let stand = Stand::new().await;
    stand
        .commands(
            &stand.token(),
            &json!([
                ["item_add", 1, "i", {"content": "above"}],
                ["item_add", 2, "j", {"content": "below", "parent_id": "i"}],
                ["item_add", 3, "k", {"content": "beside", "parent_id": "i"}],
                ["item_complete", 4, null, {"id": "i"}],
                ["item_uncomplete", 5, null, {"id": "j"}],
            ]),
        )
        .await;
    let holds = stand.sandbox.snapshot(RED).unwrap();
    assert_eq!(holds.items.iter().map(|it| it.checked).collect::<Vec<_>>(), [false, false, true]);
}

#[tokio::test]
async fn a_reminder_needs_a_time_and_goes_with_its_task() {
    let stand = Stand::with(Plan::Pro, Overrides::default()).await;
    let token = stand.token();
    let start = stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    let due = json!({"date": "2026-11-28T00:30:00Z", "timezone": "America/New_York"});
    let relative = |id: &str| json!({"item_id": id, "type": "relative", "minute_offset": 30});
    let made = stand
        .commands(
            &token,
            &json!([
                ["item_add", 1, "i", {"content": "x", "due": due}],
                ["item_add", 2, "j", {"content": "x", "due": {"date": "2026-11-28"}}],
                ["reminder_add", 3, "r", relative("i")],
                ["reminder_add", 4, "q", relative("j")],
                ["reminder_add", 5, "t", {"item_id": "j", "type": "absolute", "due": due}],
                ["reminder_add", 6, "u", {"item_id": "i", "type": "relative"}],
            ]),
        )
        .await;
    let (status, mapping) = (&made["sync_status"], &made["temp_id_mapping"]);
    assert_eq!((&status[uuid(3)], &status[uuid(5)]), (&json!("ok"), &json!("ok")));
    assert_eq!(status[uuid(4)]["error_tag"], "INVALID_ARGUMENT_VALUE");
    assert_eq!(status[uuid(6)]["error_extra"]["argument"], "minute_offset");
    let changes = since(&stand, &token, &start).await;
    let reminder = with_id(&changes, "reminders", &mapping["r"]);
    assert_eq!((&reminder["type"], &reminder["minute_offset"]), (&json!("relative"), &json!(30)));
    assert_eq!(with_id(&changes, "reminders", &mapping["t"])["type"], "absolute");
    stand.commands(&token, &json!([["item_delete", 7, null, {"id": mapping["i"]}]])).await;
    let deleted = since(&stand, &token, &changes).await;
    assert_eq!(deleted["reminders"].as_array().unwrap().len(), 1);
    assert_eq!(with_id(&deleted, "reminders", &mapping["r"])["is_deleted"], true);
    let full = stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    assert_eq!(full["reminders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn projects_are_archived_and_deleted_with_those_below_them() {
    let stand = Stand::new().await;
    let token = stand.token();
    let made = stand
        .commands(
            &token,
            &json!([
                ["project_add", 1, "p", {"name": "above"}],
                ["project_add", 2, "q", {"name": "below", "parent_id": "p"}],
                ["section_add", 3, "s", {"name": "x", "project_id": "q"}],
                ["item_add", 4, "i", {"content": "x", "section_id": "s"}],
                ["project_archive", 5, null, {"id": "p"}],
            ]),
        )
        .await;
    let mapping = &made["temp_id_mapping"];
    let full = stand.synced(&token, &[("sync_token", "*"), ALL]).await;
    assert_eq!((&full["items"], full["projects"].as_array().unwrap().len()), (&json!([]), 1));
    stand.commands(&token, &json!([["project_unarchive", 6, null, {"id": mapping["q"]}]])).await;
    let back = since(&stand, &token, &full).await;
    assert_eq!(back["projects"].as_array().unwrap().len(), 1);
    let below = with_id(&back, "projects", &mapping["q"]);
    assert_eq!((&below["is_archived"], &below["parent_id"]), (&json!(false), &Value::Null));
    stand.commands(&token, &json!([["project_delete", 7, null, {"id": mapping["p"]}]])).await;
    let deleted = since(&stand, &token, &back).await;
    assert_eq!(deleted["projects"].as_array().unwrap().len(), 1);
    assert_eq!((&deleted["sections"], &deleted["items"]), (&json!([]), &json!([])));
    stand.commands(&token, &json!([["project_delete", 8, null, {"id": mapping["q"]}]])).await;
    let deleted = since(&stand, &token, &deleted).await;
    for (kind, temp_id) in [("projects", "q"), ("sections", "s"), ("items", "i")] {
        assert_eq!(with_id(&deleted, kind, &mapping[temp_id])["is_deleted"], true, "{kind}");
    }
}
