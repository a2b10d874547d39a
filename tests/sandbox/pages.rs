//! What a person sees.

use reqwest::Method;
use serde_json::json;

use crate::stand::{Client, RED, REDIRECT, Stand, html, told, uuid};

#[tokio::test]
async fn the_consent_page_escapes_what_it_prints_and_lets_the_browser_return() {
    let stand = Stand::new().await;
    let metadata = json!({"client_name": "<script>alert('\"&)</script>", "redirect_uris": [REDIRECT],
        "scope": "data:read_write data:delete"});
    let (_, answer) = stand.register(&metadata).await;
    let id = answer["client_id"].as_str().unwrap().to_owned();
    let page = stand.authorize(&Client { id, secret: String::new() }, &[]).await;
    let text = html(&page);
    assert!(!text.contains("<script") && text.contains("&lt;script&gt;alert(&#39;&quot;&amp;"));
    assert!(text.contains("id=\"allow\"") && text.contains("id=\"deny\""));
    for email in stand.sandbox.emails() {
        assert!(text.contains(&email));
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(policy.contains("form-action 'self' http://localhost:8765"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn the_tasks_are_shown_in_their_owners_zone_and_escaped() {
    let stand = Stand::new().await;
    let answer = stand
        .commands(
            &stand.token(),
            &json!([
                ["project_add", 1, "p", {"name": "Celtics <schedule>"}],
                ["section_add", 2, "s", {"name": "November", "project_id": "p"}],
                ["item_add", 3, "i", {
                    "content": "Celtics vs <b>Knicks</b>", "section_id": "s",
                    "description": "https://www.nba.com/game/0022600001\njavascript:alert(1)",
                    "due": {"date": "2026-11-28T00:30:00.000000Z", "timezone": "America/Chicago"},
                }],
            ]),
        )
        .await;
    let id = |temp_id: &str| answer["temp_id_mapping"][temp_id].as_str().unwrap().to_owned();
    let pages = [
        "/".to_owned(),
        format!("/app/project/{}", id("p")),
        format!("/app/project/celtics-schedule-{}", id("p")),
        format!("/app/section/november-{}", id("s")),
        format!("/app/task/{}", id("i")),
    ];
    for path in pages {
        let page = stand.get(&path).await;
        let text = html(&page);
        assert_eq!(page.status, 200, "{path}");
        assert!(text.contains("Celtics &lt;schedule&gt;") && !text.contains("<b>"), "{path}");
        assert!(text.contains("Fri 27 Nov 2026, 7:30 PM"), "{path}");
        assert!(text.contains("<a href=\"https://www.nba.com/game/0022600001\""), "{path}");
        assert!(!text.contains("href=\"javascript"), "{path}");
    }
    assert_eq!(stand.get("/app/project/unknown").await.status, 404);
    assert_eq!(stand.sandbox.snapshot(RED).unwrap().items.len(), 1);
    assert_eq!(answer["sync_status"][uuid(3)], "ok");
}

#[tokio::test]
async fn unknown_paths_wrong_methods_and_retired_apis_have_their_answers() {
    let stand = Stand::new().await;
    for (path, status) in [
        ("/api/v1/games", 404),
        ("/favicon.ico", 404),
        ("/api/v1/sync", 405),
        ("/oauth/access_token", 405),
        ("/sync/v9/sync", 410),
        ("/rest/v2/projects", 410),
    ] {
        let (given, error) = told(&stand.get(path).await);
        assert_eq!((given, &error["http_code"]), (status, &json!(status)), "{path}");
    }
}

#[tokio::test]
async fn another_host_name_is_not_served() {
    let stand = Stand::new().await;
    let request =
        stand.http.request(Method::GET, stand.url("/")).unwrap().header("host", "evil.example");
    assert_eq!(stand.http.send(request).await.unwrap().status, 421);
}
