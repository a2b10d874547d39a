//! The whole sign-in in a real browser: Debian's Chromium, headless, driven through WebDriver
//! (W3C, <https://www.w3.org/TR/webdriver2/>).

mod hostile;
mod sign_in;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use nbatodo::http::{Answer, Http, HttpError};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use crate::world::{World, has};

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Whether there is a browser to drive.
#[track_caller]
pub(crate) fn is_installed() -> bool {
    has("chromium") && has("chromedriver")
}

/// A browser with a driver. Both end with the test.
pub(crate) struct Browser<'a> {
    world: &'a World,
    driver: Child,
    session: Url,
    _profile: TempDir,
}

impl<'a> Browser<'a> {
    pub(crate) fn start(world: &'a World) -> Self {
        Self::with(world, &[])
    }

    /// A browser with more arguments than it needs.
    fn with(world: &'a World, more: &[&str]) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok()
        });
        let port: u16 = port.expect("chromedriver says its port");
        let profile = TempDir::new().unwrap();
        let origin: Url = format!("http://127.0.0.1:{port}/").parse().unwrap();
        let mut browser = Self { world, driver, session: origin, _profile: profile };
        let capabilities = browser.capabilities(more);
        let session = browser.ask(Method::POST, "session", &capabilities);
        let id = session["sessionId"].as_str().unwrap();
        browser.session = browser.session.join(&format!("session/{id}/")).unwrap();
        browser
    }

    fn capabilities(&self, more: &[&str]) -> Value {
        let profile = format!("--user-data-dir={}", self._profile.path().display());
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ];
        arguments.extend(more);
        json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}})
    }

    pub(crate) fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let answer = self.try_ask(method, path, body).unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        answer["value"].clone()
    }

    fn try_ask(&self, method: Method, path: &str, body: &Value) -> Result<Answer, HttpError> {
        let url = self.session.join(path).unwrap();
        // Of the session itself, WebDriver wants no slash at the end.
        let url: Url = url.as_str().trim_end_matches('/').parse().unwrap();
        self.world.runtime.block_on(async {
            let http = Http::new()?;
            let mut request = http.request(method.clone(), url)?;
            if method == Method::POST {
                request = request.body(body.to_string());
            }
            http.send(request).await
        })
    }

    pub(crate) fn open(&self, url: &Url) {
        self.ask(Method::POST, "url", &json!({ "url": url.as_str() }));
    }

    pub(crate) fn click(&self, selector: &str) {
        let using = json!({"using": "css selector", "value": selector});
        let element = self.ask(Method::POST, "element", &using);
        let id = element[ELEMENT].as_str().unwrap_or_else(|| panic!("no {selector}: {element}"));
        self.ask(Method::POST, &format!("element/{id}/click"), &json!({}));
    }

    pub(crate) fn heading(&self) -> String {
        let heading = self.script("return document.querySelector('h1').textContent");
        heading.as_str().unwrap_or_default().to_owned()
    }

    /// What a script in the page returns.
    fn script(&self, script: &str) -> Value {
        self.ask(Method::POST, "execute/sync", &json!({"script": script, "args": []}))
    }

    /// What a script in the page hands to the function behind its arguments, at last.
    fn patient_script(&self, script: &str, arguments: &Value) -> Value {
        self.ask(Method::POST, "execute/async", &json!({"script": script, "args": arguments}))
    }

    fn address(&self) -> String {
        self.ask(Method::GET, "url", &Value::Null).as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Browser<'_> {
    fn drop(&mut self) {
        // Each fails only if it has ended by itself.
        drop(self.try_ask(Method::DELETE, "", &Value::Null));
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}
