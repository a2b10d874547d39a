//! Signing in, refreshing, revoking.

use nbatodo::sandbox::{Overrides, Plan};
use reqwest::Method;
use serde_json::json;

use crate::stand::{Client, RED, REDIRECT, Stand, location, parameter, request_id, told};

#[tokio::test]
async fn the_whole_dance_ends_with_a_token_of_one_hour() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let page = stand.authorize(&client, &[]).await;
    assert_eq!(page.status, 200);
    let to = location(&stand.decide(&page, "allow").await);
    assert!(to.as_str().starts_with(REDIRECT));
    assert_eq!(parameter(&to, "state").as_deref(), Some("a state/&"));
    assert_eq!(parameter(&to, "iss"), None);
    let (status, answer) = stand.exchange(&client, &parameter(&to, "code").unwrap(), &[]).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["expires_in"], 3600);
    assert!(answer["refresh_token"].is_string());
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(stand.get_as(token, "/api/v1/user").await.1["email"], RED);
    assert!(stand.sandbox.is_live(token));
    stand.pass(3600);
    let (status, error) = stand.get_as(token, "/api/v1/user").await;
    assert_eq!((status, &error["error_tag"]), (401, &json!("UNAUTHORIZED")));
    assert_eq!(stand.sandbox.live_tokens(), 0);
}

#[tokio::test]
async fn a_consent_page_is_good_for_one_answer() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let page = stand.authorize(&client, &[]).await;
    let denied = location(&stand.decide(&page, "deny").await);
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&denied, "state").as_deref(), Some("a state/&"));
    assert_eq!(stand.decide(&page, "allow").await.status, 400);
}

#[tokio::test]
async fn another_site_cannot_answer_a_consent_page() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let id = request_id(&stand.authorize(&client, &[]).await);
    for origin in ["https://evil.example", "null"] {
        let form = [("request", id.as_str()), ("account", RED), ("decision", "allow")];
        let request = stand.http.request(Method::POST, stand.url("/oauth/authorize")).unwrap();
        let answer = stand.http.send(request.header("origin", origin).form(&form)).await.unwrap();
        assert_eq!(answer.status, 403, "{origin}");
    }
}

#[tokio::test]
async fn a_wrong_client_or_redirect_uri_is_never_redirected() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    for change in [
        ("client_id", "tdd_unknown"),
        ("redirect_uri", "https://evil.example/callback"),
        ("redirect_uri", "http://localhost:8765/callback/"),
        ("redirect_uri", "http://localhost:8766/callback"),
    ] {
        let answer = stand.authorize(&client, &[change]).await;
        assert_eq!(answer.status, 400, "{change:?}");
        assert!(!answer.headers.contains_key("location"));
    }
}

#[tokio::test]
async fn other_errors_go_back_to_the_client() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("scope", "data:read data:delete", "invalid_scope"),
        ("scope", "", "invalid_scope"),
        ("scope", "backups:read", "invalid_scope"),
        ("state", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
    ] {
        let to = location(&stand.authorize(&client, &[(name, value)]).await);
        assert_eq!(parameter(&to, "error").as_deref(), Some(error), "{name}={value}");
    }
}

#[tokio::test]
async fn a_token_request_that_is_wrong_gets_its_error() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let other_verifier = "x".repeat(43);
    for (name, value, status, error) in [
        ("code_verifier", other_verifier.as_str(), 400, "invalid_grant"),
        ("code_verifier", "", 400, "invalid_grant"),
        ("redirect_uri", "", 400, "invalid_grant"),
        ("redirect_uri", "http://localhost:1/", 400, "invalid_grant"),
        ("client_secret", "wrong", 401, "incorrect_application_credentials"),
        ("client_secret", "", 401, "invalid_client"),
        ("client_id", "tdd_unknown", 401, "invalid_client"),
        ("code", "wrong", 400, "bad_authorization_code"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
    ] {
        let code = stand.code(&client).await;
        let (given, answer) = stand.exchange(&client, &code, &[(name, value)]).await;
        assert_eq!((given, &answer["error"]), (status, &json!(error)), "{name}={value}");
    }
    assert_eq!(stand.sandbox.live_tokens(), 0);
}

#[tokio::test]
async fn a_code_expires_after_ten_minutes() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let code = stand.code(&client).await;
    stand.pass(600);
    assert_eq!(stand.exchange(&client, &code, &[]).await.1["error"], "bad_authorization_code");
}

#[tokio::test]
async fn a_code_presented_twice_revokes_what_it_brought() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let code = stand.code(&client).await;
    let (_, answer) = stand.exchange(&client, &code, &[]).await;
    assert_eq!(stand.sandbox.live_tokens(), 1);
    assert_eq!(stand.exchange(&client, &code, &[]).await.1["error"], "bad_authorization_code");
    assert_eq!(stand.sandbox.live_tokens(), 0);
    assert!(!stand.sandbox.is_live(answer["refresh_token"].as_str().unwrap()));
}

#[tokio::test]
async fn a_refresh_token_rotates_and_a_replay_ends_everything() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let (_, first) = stand.exchange(&client, &stand.code(&client).await, &[]).await;
    let old = first["refresh_token"].as_str().unwrap();
    let (status, second) = stand.refresh(&client, old).await;
    assert_eq!(status, 200);
    assert_ne!(second["access_token"], first["access_token"]);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    stand.pass(60);
    let (status, again) = stand.refresh(&client, old).await;
    assert_eq!((status, &again["access_token"]), (200, &second["access_token"]));
    assert!(again.get("refresh_token").is_none());
    assert_eq!(again["expires_in"], 3540);
    stand.pass(1);
    let (status, replay) = stand.refresh(&client, old).await;
    assert_eq!((status, &replay["error"]), (400, &json!("invalid_grant")));
    assert_eq!(stand.sandbox.replays(), 1);
    assert_eq!((stand.sandbox.live_tokens(), stand.sandbox.live_refresh_tokens()), (0, 0));
    let new = second["refresh_token"].as_str().unwrap();
    assert_eq!(stand.refresh(&client, new).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn revoking_needs_the_client_and_touches_only_its_tokens() {
    let stand = Stand::new().await;
    let (client, other) = (stand.client().await, stand.client().await);
    let (_, answer) = stand.exchange(&client, &stand.code(&client).await, &[]).await;
    let token = answer["access_token"].as_str().unwrap();
    let revoke = async |who: Option<(&str, &str)>, token: &str| {
        let request = stand.http.request(Method::POST, stand.url("/api/v1/revoke")).unwrap();
        let request = request.form(&[("token", token), ("token_type_hint", "access_token")]);
        let request = match who {
            Some((id, secret)) => request.basic_auth(id, Some(secret)),
            None => request,
        };
        stand.http.send(request).await.unwrap().status.as_u16()
    };
    assert_eq!(revoke(None, token).await, 401);
    assert_eq!(revoke(Some((&client.id, "wrong")), token).await, 401);
    assert_eq!(revoke(Some((&other.id, &other.secret)), token).await, 200);
    assert!(stand.sandbox.is_live(token));
    assert_eq!(revoke(Some((&client.id, &client.secret)), "unknown").await, 200);
    assert_eq!(revoke(Some((&client.id, &client.secret)), token).await, 200);
    assert!(!stand.sandbox.is_live(token));
    assert_eq!(stand.get_as(token, "/api/v1/user").await.0, 401);
    let refresh = answer["refresh_token"].as_str().unwrap();
    assert!(stand.sandbox.is_live(refresh));
    assert_eq!(revoke(Some((&client.id, &client.secret)), refresh).await, 200);
    assert!(!stand.sandbox.is_live(refresh));
}

#[tokio::test]
async fn the_older_revocation_works_too() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let (_, answer) = stand.exchange(&client, &stand.code(&client).await, &[]).await;
    let token = answer["access_token"].as_str().unwrap();
    for (secret, status) in [("wrong", 401), (client.secret.as_str(), 204)] {
        let mut url = stand.url("/api/v1/access_tokens");
        url.query_pairs_mut().extend_pairs([
            ("client_id", client.id.as_str()),
            ("client_secret", secret),
            ("access_token", token),
        ]);
        let answer =
            stand.http.send(stand.http.request(Method::DELETE, url).unwrap()).await.unwrap();
        assert_eq!(answer.status, status);
    }
    assert!(!stand.sandbox.is_live(token));
}

#[tokio::test]
async fn a_public_client_needs_pkce_and_no_secret() {
    let stand = Stand::new().await;
    let metadata = json!({"redirect_uris": [REDIRECT], "token_endpoint_auth_method": "none",
        "scope": "data:read_write data:delete"});
    let id = stand.register(&metadata).await.1["client_id"].as_str().unwrap().to_owned();
    let client = Client { id, secret: String::new() };
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let to = location(&stand.authorize(&client, &without).await);
    assert_eq!(parameter(&to, "error").as_deref(), Some("invalid_request"));
    let code = stand.code(&client).await;
    let (status, answer) = stand.exchange(&client, &code, &[("client_secret", "")]).await;
    assert_eq!(status, 200);
    assert!(answer.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_basic_client_authenticates_in_the_header_only() {
    let stand = Stand::new().await;
    let metadata = json!({"redirect_uris": [REDIRECT], "scope": "data:read_write data:delete",
        "token_endpoint_auth_method": "client_secret_basic"});
    let (_, answer) = stand.register(&metadata).await;
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    let client = Client { id: text("client_id"), secret: text("client_secret") };
    let code = stand.code(&client).await;
    assert_eq!(stand.exchange(&client, &code, &[]).await.1["error"], "invalid_client");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT),
        ("code_verifier", crate::stand::VERIFIER),
    ];
    let request = stand.http.request(Method::POST, stand.url("/oauth/access_token")).unwrap();
    let request = request.basic_auth(&client.id, Some(&client.secret)).form(&form);
    assert_eq!(stand.http.send(request).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_legacy_client_gets_a_token_that_never_expires() {
    let stand = Stand::new().await;
    let known = stand.sandbox.legacy_client(REDIRECT);
    let client = Client { id: known.id, secret: known.secret };
    let (_, answer) = stand.exchange(&client, &stand.code(&client).await, &[]).await;
    assert_eq!(answer["expires_in"], 315_360_000);
    assert!(answer.get("refresh_token").is_none());
    stand.pass(1_000_000_000);
    assert!(stand.sandbox.is_live(answer["access_token"].as_str().unwrap()));
}

#[tokio::test]
async fn registrations_are_limited() {
    let overrides = Overrides { registrations: Some(1), ..Overrides::default() };
    let stand = Stand::with(Plan::Free, overrides).await;
    let metadata = json!({"redirect_uris": [REDIRECT]});
    assert_eq!(stand.register(&metadata).await.0, 201);
    assert_eq!(stand.register(&metadata).await.0, 429);
    stand.pass(900);
    assert_eq!(stand.register(&metadata).await.0, 201);
}

#[tokio::test]
async fn every_secret_issued_is_known_to_the_tests() {
    let stand = Stand::new().await;
    let client = stand.client().await;
    let code = stand.code(&client).await;
    let (_, answer) = stand.exchange(&client, &code, &[]).await;
    let issued = stand.sandbox.issued_secrets();
    let token = |name: &str| answer[name].as_str().unwrap().to_owned();
    for secret in [client.secret, code, token("access_token"), token("refresh_token")] {
        assert!(issued.contains(&secret));
    }
}

#[tokio::test]
async fn without_a_token_the_api_says_so() {
    let stand = Stand::new().await;
    let answer = stand.get("/api/v1/user").await;
    let (status, error) = told(&answer);
    assert_eq!((status, &error["error_code"]), (401, &json!(477)));
    assert!(answer.headers.contains_key("www-authenticate"));
}
