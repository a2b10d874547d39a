//! What every test stands on: a sandbox, a clock to turn, a client to ask with.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nbatodo::clock::Clock;
use nbatodo::http::{Answer, Http, HttpError};
use nbatodo::sandbox::{Options, Overrides, Plan, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

/// Whose account the tests use.
pub(crate) const RED: &str = "red@example.com";
/// The redirect URI that the tests register.
pub(crate) const REDIRECT: &str = "http://localhost:8765/callback";
/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A clock that moves when it is told to.
pub(crate) struct TestClock(Mutex<Timestamp>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct Stand {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: Http,
    clock: Arc<TestClock>,
}

/// A registered client.
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Stand {
    pub(crate) async fn new() -> Self {
        Self::with(Plan::Free, Overrides::default()).await
    }

    pub(crate) async fn with(plan: Plan, overrides: Overrides) -> Self {
        Self::set_up(|options| Options { plan, overrides, ..options }).await
    }

    /// One that answers so much later.
    pub(crate) async fn delayed(delay: Duration) -> Self {
        Self::set_up(|options| Options { delay, ..options }).await
    }

    /// One at another address.
    pub(crate) async fn at(address: IpAddr) -> Self {
        Self::set_up(|options| Options { address, ..options }).await
    }

    async fn set_up(change: impl FnOnce(Options) -> Options) -> Self {
        let clock = Arc::new(TestClock(Mutex::new("2026-11-24T12:00:00Z".parse().unwrap())));
        let options = change(Options::new(clock.clone()));
        let sandbox = Sandbox::start(options).await.unwrap();
        Self { sandbox, http: Http::new().unwrap(), clock }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.saturating_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.sandbox.origin().at("/").join(path).unwrap()
    }

    pub(crate) async fn try_get(&self, path: &str) -> Result<Answer, HttpError> {
        self.http.send(self.http.request(Method::GET, self.url(path)).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> (u16, Value) {
        let request = self.http.request(Method::GET, self.url(path)).unwrap().bearer_auth(token);
        told(&self.http.send(request).await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.request(Method::POST, self.url(path)).unwrap().form(form);
        self.http.send(request).await.unwrap()
    }

    pub(crate) async fn register(&self, metadata: &Value) -> (u16, Value) {
        let request = self
            .http
            .request(Method::POST, self.url("/oauth/register"))
            .unwrap()
            .header("content-type", "application/json")
            .body(metadata.to_string());
        told(&self.http.send(request).await.unwrap())
    }

    /// A confidential client that refreshes.
    pub(crate) async fn client(&self) -> Client {
        let metadata = json!({
            "client_name": "nbatodo", "redirect_uris": [REDIRECT],
            "scope": "data:read_write data:delete project:delete",
            "grant_types": ["authorization_code", "refresh_token"],
        });
        let (status, answer) = self.register(&metadata).await;
        assert_eq!(status, 201, "{answer}");
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Client { id: text("client_id"), secret: text("client_secret") }
    }

    /// The authorization request of a client, changed by `changes`: a value replaces, an
    /// empty one leaves out.
    pub(crate) async fn authorize(&self, client: &Client, changes: &[(&str, &str)]) -> Answer {
        let mut query = vec![
            ("client_id", client.id.as_str()),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "data:read_write,data:delete"),
            ("state", "a state/&"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        query.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        query.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        let mut url = self.url("/oauth/authorize");
        url.query_pairs_mut().extend_pairs(query);
        self.http.send(self.http.request(Method::GET, url).unwrap()).await.unwrap()
    }

    /// Answers a consent page.
    pub(crate) async fn decide(&self, page: &Answer, decision: &str) -> Answer {
        let id = request_id(page);
        let form = [("request", id.as_str()), ("account", RED), ("decision", decision)];
        self.post("/oauth/authorize", &form).await
    }

    /// Goes through the consent page to a code.
    pub(crate) async fn code(&self, client: &Client) -> String {
        let page = self.authorize(client, &[]).await;
        parameter(&location(&self.decide(&page, "allow").await), "code").unwrap()
    }

    pub(crate) async fn exchange(
        &self,
        client: &Client,
        code: &str,
        changes: &[(&str, &str)],
    ) -> (u16, Value) {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.as_str()),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        told(&self.post("/oauth/access_token", &form).await)
    }

    pub(crate) async fn refresh(&self, client: &Client, token: &str) -> (u16, Value) {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.as_str()),
            ("refresh_token", token),
        ];
        told(&self.post("/oauth/access_token", &form).await)
    }

    pub(crate) async fn sync(&self, token: &str, fields: &[(&str, &str)]) -> Answer {
        let request =
            self.http.request(Method::POST, self.url("/api/v1/sync")).unwrap().bearer_auth(token);
        self.http.send(request.form(fields)).await.unwrap()
    }

    /// A sync that succeeds as a request.
    pub(crate) async fn synced(&self, token: &str, fields: &[(&str, &str)]) -> Value {
        let (status, answer) = told(&self.sync(token, fields).await);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Executes commands, given as `[type, uuid number, temp_id, args]`.
    pub(crate) async fn commands(&self, token: &str, commands: &Value) -> Value {
        self.synced(token, &[("commands", &spelled(commands))]).await
    }

    pub(crate) fn token(&self) -> String {
        self.sandbox.personal_token(RED).unwrap()
    }
}

/// The commands as the API wants them.
pub(crate) fn spelled(commands: &Value) -> String {
    let spell = |it: &Value| {
        let uuid = uuid(it[1].as_u64().unwrap());
        json!({"type": it[0], "uuid": uuid, "temp_id": it[2], "args": it[3]})
    };
    let list: Vec<Value> = commands.as_array().unwrap().iter().map(spell).collect();
    json!(list).to_string()
}

pub(crate) fn uuid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// The status and the JSON of an answer.
pub(crate) fn told(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
}

pub(crate) fn html(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// The one-time id in a consent page.
pub(crate) fn request_id(page: &Answer) -> String {
    let html = html(page);
    let (_, rest) = html.split_once("name=\"request\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub(crate) fn location(answer: &Answer) -> Url {
    assert_eq!(answer.status, 303);
    answer.headers["location"].to_str().unwrap().parse().unwrap()
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
