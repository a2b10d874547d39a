//! A person with a browser that has no screen: opens the consent page, presses a button, and
//! follows where that leads. For the demo, and for tests without a real browser.

use reqwest::Method;
use reqwest::header::LOCATION;
use url::Url;

use crate::http::{Answer, Http, HttpError};

/// More hops than a sign-in takes.
const MOST_REDIRECTS: usize = 5;

/// Which button the person presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Access is given.
    Allow,
    /// Access is denied.
    Deny,
}

/// Where a visit did not lead to a page.
#[derive(Debug, thiserror::Error)]
pub enum LostWay {
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The address did not show the consent page.
    #[error("the address shows no consent page (HTTP {0})")]
    NoConsentPage(u16),
    /// A redirect that leads nowhere, or in circles.
    #[error("the redirect leads nowhere")]
    Redirect,
}

/// Opens the consent page at `url`, chooses the account `email` (or the first), presses the
/// button, and follows the redirects. Returns the last page.
///
/// # Errors
/// [`LostWay`].
pub async fn visit(
    http: &Http,
    url: &Url,
    email: Option<&str>,
    decision: Decision,
) -> Result<String, LostWay> {
    follow(http, redirect(http, url, email, decision).await?).await
}

/// The same up to the button: where the browser is sent then, which is not followed.
///
/// # Errors
/// [`LostWay`].
pub async fn redirect(
    http: &Http,
    url: &Url,
    email: Option<&str>,
    decision: Decision,
) -> Result<Url, LostWay> {
    let page = http.send(http.request(Method::GET, url.clone())?).await?;
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let request = value_of(&html, "name=\"request\" value=\"");
    let request = request.ok_or(LostWay::NoConsentPage(page.status.as_u16()))?;
    let first = value_of(&html, "name=\"account\" value=\"").unwrap_or_default();
    let decision = match decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
    };
    let form = [("request", request), ("account", email.unwrap_or(first)), ("decision", decision)];
    let target = url.join("/oauth/authorize").map_err(|_| LostWay::Redirect)?;
    let answer = http.send(http.request(Method::POST, target.clone())?.form(&form)).await?;
    location(&target, &answer)
}

/// Goes to `at` and wherever that leads. Returns the last page.
///
/// # Errors
/// [`LostWay`].
pub async fn follow(http: &Http, mut at: Url) -> Result<String, LostWay> {
    for _ in 0..MOST_REDIRECTS {
        let answer = http.send(http.request(Method::GET, at.clone())?).await?;
        if !answer.status.is_redirection() {
            return Ok(String::from_utf8_lossy(&answer.body).into_owned());
        }
        at = location(&at, &answer)?;
    }
    Err(LostWay::Redirect)
}

fn location(at: &Url, answer: &Answer) -> Result<Url, LostWay> {
    let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    at.join(location.ok_or(LostWay::Redirect)?).map_err(|_| LostWay::Redirect)
}

/// What stands between `start` and the next quotation mark.
fn value_of<'a>(html: &'a str, start: &str) -> Option<&'a str> {
    html.split_once(start)?.1.split('"').next()
}
