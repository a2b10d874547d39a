//! What a person does in the app while a client is not looking.

use jiff::Timestamp;
use nbatodo::sandbox::{Impossible, Item, Overrides, Plan};
use serde_json::{Value, json};

use crate::stand::{RED, Stand};

const ALL: (&str, &str) = ("resource_types", "[\"all\"]");

/// A section with a task due at a time, and the token of a sync after that.
struct Scene {
    stand: Stand,
    token: String,
    since: String,
    project: String,
    section: String,
    task: String,
}

impl Scene {
    async fn new() -> Self {
        let stand = Stand::new().await;
        let token = stand.token();
        let made = stand
            .commands(
                &token,
                &json!([
                    ["project_add", 1, "p", {"name": "Celtics"}],
                    ["section_add", 2, "s", {"name": "November", "project_id": "p"}],
                    ["item_add", 3, "i", {"content": "vs Knicks", "project_id": "p", "labels": ["nba"],
                        "due": {"date": "2026-11-28T00:30:00Z", "timezone": "America/Chicago"}}],
                ]),
            )
            .await;
        let id = |temp_id: &str| made["temp_id_mapping"][temp_id].as_str().unwrap().to_owned();
        let (project, section, task) = (id("p"), id("s"), id("i"));
        let since = made["sync_token"].as_str().unwrap().to_owned();
        Self { stand, token, since, project, section, task }
    }

    /// What an incremental sync reports since the scene, or since the last call.
    async fn changes(&mut self) -> Value {
        let fields = [("sync_token", self.since.as_str()), ALL];
        let changes = self.stand.synced(&self.token, &fields).await;
        self.since = changes["sync_token"].as_str().unwrap().to_owned();
        changes
    }

    /// The only task that an incremental sync reports.
    async fn changed_task(&mut self) -> Value {
        let changes = self.changes().await;
        assert_eq!(changes["items"].as_array().unwrap().len(), 1, "{changes}");
        changes["items"][0].clone()
    }

    async fn full(&self) -> Value {
        self.stand.synced(&self.token, &[("sync_token", "*"), ALL]).await
    }

    fn held(&self) -> Item {
        let holds = self.stand.sandbox.snapshot(RED).unwrap();
        holds.items.into_iter().find(|it| it.id == self.task).unwrap()
    }
}

#[tokio::test]
async fn every_change_of_a_task_is_reported_by_the_next_incremental_sync() {
    let mut scene = Scene::new().await;
    let task = scene.task.clone();
    let task = task.as_str();
    scene.stand.sandbox.person(RED).retitle(task, "  vs Knicks (TV)\n").unwrap();
    assert_eq!(scene.changed_task().await["content"], "vs Knicks (TV)");
    scene.stand.sandbox.person(RED).describe(task, "with Larry").unwrap();
    assert_eq!(scene.changed_task().await["description"], "with Larry");
    scene.stand.sandbox.person(RED).label(task, "family").unwrap();
    assert_eq!(scene.changed_task().await["labels"], json!(["nba", "family"]));
    let section = scene.section.clone();
    scene.stand.sandbox.person(RED).move_to_section(task, &section).unwrap();
    assert_eq!(scene.changed_task().await["section_id"], json!(section));
    let at: Timestamp = "2026-11-29T01:00:00Z".parse().unwrap();
    scene.stand.sandbox.person(RED).reschedule(task, at).unwrap();
    let due = scene.changed_task().await["due"].clone();
    assert_eq!((&due["date"], &due["timezone"]), (&json!(at), &json!("America/Chicago")));
    scene.stand.sandbox.person(RED).complete(task).unwrap();
    assert_eq!(scene.changed_task().await["checked"], true);
    scene.stand.sandbox.person(RED).reopen(task).unwrap();
    assert_eq!(scene.changed_task().await["checked"], false);
    scene.stand.sandbox.person(RED).delete(task).unwrap();
    assert_eq!(scene.changed_task().await["is_deleted"], true);
    assert_eq!(scene.changes().await["items"], json!([]));
    assert!(scene.held().is_deleted);
}

#[tokio::test]
async fn what_a_person_adds_is_there_for_the_client() {
    let mut scene = Scene::new().await;
    let person = scene.stand.sandbox.person(RED);
    let project = person.add_project("Playoffs").unwrap();
    let added = person.add_task(&project, "Buy tickets", "two").unwrap();
    person.move_to_project(&scene.task, &project).unwrap();
    person.rename_project(&project, "Finals").unwrap();
    let changes = scene.changes().await;
    assert_eq!(changes["projects"].as_array().unwrap().len(), 1);
    assert_eq!(changes["projects"][0]["name"], "Finals");
    let items = changes["items"].as_array().unwrap();
    assert!(items.iter().all(|it| it["project_id"] == json!(project)));
    let new = items.iter().find(|it| it["id"] == json!(added)).unwrap();
    assert_eq!((&new["content"], &new["description"]), (&json!("Buy tickets"), &json!("two")));
    assert_eq!(scene.held().project_id, project);
}

#[tokio::test]
async fn a_deleted_project_is_reported_with_all_that_was_in_it() {
    let mut scene = Scene::new().await;
    scene.stand.sandbox.person(RED).delete_project(&scene.project).unwrap();
    let changes = scene.changes().await;
    for (kind, id) in
        [("projects", &scene.project), ("sections", &scene.section), ("items", &scene.task)]
    {
        let reported = (&changes[kind][0]["id"], &changes[kind][0]["is_deleted"]);
        assert_eq!(reported, (&json!(id), &json!(true)), "{kind}");
    }
    let full = scene.full().await;
    assert_eq!((&full["sections"], &full["items"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn an_archived_project_is_reported_once_and_left_out_of_full_syncs() {
    let mut scene = Scene::new().await;
    scene.stand.sandbox.person(RED).archive_project(&scene.project).unwrap();
    let changes = scene.changes().await;
    let project = &changes["projects"][0];
    assert_eq!((&project["id"], &project["is_archived"]), (&json!(scene.project), &json!(true)));
    assert_eq!(project["is_deleted"], false);
    assert_eq!(scene.changes().await["projects"], json!([]));
    let full = scene.full().await;
    assert_eq!(full["projects"].as_array().unwrap().len(), 1);
    assert_eq!((&full["sections"], &full["items"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_person_has_to_keep_to_the_rules_too() {
    let overrides = Overrides { max_projects: Some(1), ..Overrides::default() };
    let stand = Stand::with(Plan::Free, overrides).await;
    let person = stand.sandbox.person(RED);
    person.add_project("Celtics").unwrap();
    let tag = |refused: Impossible| match refused {
        Impossible::Refused(error) => error["error_tag"].as_str().unwrap().to_owned(),
        Impossible::Nobody(email) => email,
    };
    let full = person.add_project("Playoffs").unwrap_err();
    assert_eq!(tag(full), "MAX_PROJECTS_LIMIT_REACHED");
    assert_eq!(tag(person.complete("unknown").unwrap_err()), "ITEM_NOT_FOUND");
    assert_eq!(tag(person.label("unknown", "x").unwrap_err()), "ITEM_NOT_FOUND");
    let nobody = stand.sandbox.person("nobody@example.com").add_project("x").unwrap_err();
    assert_eq!(tag(nobody), "nobody@example.com");
}

#[tokio::test]
async fn what_a_person_does_is_no_request_and_no_command() {
    let scene = Scene::new().await;
    let (requests, sandbox) = (scene.stand.sandbox.requests().len(), &scene.stand.sandbox);
    sandbox.person(RED).complete(&scene.task).unwrap();
    assert_eq!(sandbox.requests().len(), requests);
    assert_eq!(sandbox.executed(RED), ["project_add", "section_add", "item_add"]);
}
