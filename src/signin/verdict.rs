//! What a request to the loopback listener means. Pure: all that decides about a sign-in is
//! in [`judge`], and none of it touches a socket.

use hyper::Method;
use hyper::StatusCode;
use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::request::Parts;
use url::form_urlencoded;

use crate::signin::{AuthorizationCode, RedirectUri, State};

/// The sign-in that a redirect has to belong to.
pub struct Pending {
    /// The state that was sent.
    pub state: State,
    /// The port that the listener has.
    pub port: u16,
    /// Who may call itself the issuer (RFC 9207), if anybody does.
    pub issuers: Vec<String>,
}

/// The authorization response (RFC 6749 sections 4.1.2 and 4.1.2.1), once its `state` (section
/// 10.12) and its `iss`, where it has one (RFC 9207 section 2), were found to be right.
pub type AuthorizationResponse = Result<AuthorizationCode, AuthorizationError>;

/// The error response (RFC 6749 section 4.1.2.1): what the server said instead of giving a code.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// `access_denied`: the person pressed Cancel.
    #[error("access was denied in the browser")]
    Denied,
    /// Any other error code of the server, cut to what RFC 6749 allows in one.
    #[error("Todoist refused the sign-in ({0})")]
    Refused(String),
}

/// What a request means.
pub enum Verdict {
    /// It is the redirect that we wait for: the wait is over.
    Response(AuthorizationResponse),
    /// It is not: a short answer, and the wait goes on.
    Stray(Stray),
}

/// Why a request is not the redirect that we wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// Not exactly one `Host`, or a target that names another server.
    Malformed,
    /// A name that is not ours: DNS rebinding.
    ForeignHost,
    /// Another path.
    NotFound,
    /// Another method than GET.
    Method,
    /// Sent by a page, not by a navigation.
    CrossSite,
    /// `state`, `code` or `error` missing, empty, doubled or contradictory.
    Parameters,
    /// Another state than ours: it belongs to no request of this sign-in.
    State,
    /// The answer of another authorization server (RFC 9207 section 2.4).
    Issuer,
}

impl Stray {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Malformed | Self::Parameters | Self::State | Self::Issuer => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

/// What `request` means to the sign-in that is `pending`.
pub fn judge(request: &Parts, pending: &Pending) -> Verdict {
    match response(request, pending) {
        Ok(response) => Verdict::Response(response),
        Err(stray) => Verdict::Stray(stray),
    }
}

fn response(request: &Parts, pending: &Pending) -> Result<AuthorizationResponse, Stray> {
    check_addressee(request, pending.port)?;
    if request.uri.path() != RedirectUri::PATH {
        return Err(Stray::NotFound);
    }
    check_navigation(request)?;
    of_query(request.uri.query().unwrap_or_default(), pending)
}

/// What the query of a redirect to the right address means, whichever way it came.
pub(super) fn of_query(query: &str, pending: &Pending) -> Result<AuthorizationResponse, Stray> {
    let parameters = Parameters::of(query)?;
    // The state comes first: without it, not even a denial is ours.
    if !pending.state.matches(&parameters.state) {
        return Err(Stray::State);
    }
    if parameters.iss.is_some_and(|iss| !pending.issuers.contains(&iss)) {
        return Err(Stray::Issuer);
    }
    match (parameters.code, parameters.error) {
        (Some(code), None) => Ok(Ok(AuthorizationCode::new(code))),
        (None, Some(error)) if error == "access_denied" => Ok(Err(AuthorizationError::Denied)),
        (None, Some(error)) => Ok(Err(AuthorizationError::Refused(printable(&error)))),
        _ => Err(Stray::Parameters),
    }
}

/// Only who speaks to us by our own name is answered; a page elsewhere whose name was made to
/// resolve to loopback is not. Used for every path.
pub(super) fn check_addressee(request: &Parts, port: u16) -> Result<(), Stray> {
    let mut hosts = request.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Stray::Malformed);
    };
    if request.uri.authority().is_some() {
        return Err(Stray::Malformed);
    }
    if our_names(port).iter().any(|name| host.as_bytes().eq_ignore_ascii_case(name.as_bytes())) {
        Ok(())
    } else {
        Err(Stray::ForeignHost)
    }
}

/// What a browser may call us. It leaves out the port that goes without saying (RFC 9110
/// section 4.2.1).
pub(super) fn our_names(port: u16) -> Vec<String> {
    let names = ["localhost", "127.0.0.1", "[::1]"];
    let bare = names.iter().filter(|_| port == 80).map(|name| (*name).to_owned());
    names.iter().map(|name| format!("{name}:{port}")).chain(bare).collect()
}

/// A redirect is a top-level GET navigation. Browsers say what a request is for
/// (`Sec-Fetch-*`), and send `Origin` with what scripts and forms make them send.
fn check_navigation(request: &Parts) -> Result<(), Stray> {
    if request.method != Method::GET {
        return Err(Stray::Method);
    }
    let says = |name: &str, value: &str| {
        request.headers.get_all(name).iter().all(|given| given.as_bytes() == value.as_bytes())
    };
    let navigates = says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document");
    if navigates && no_foreign_origin(&request.headers) { Ok(()) } else { Err(Stray::CrossSite) }
}

/// A navigation that a form started can carry `Origin: null`; no other value fits one.
fn no_foreign_origin(headers: &HeaderMap) -> bool {
    headers.get_all(ORIGIN).iter().all(|origin| origin.as_bytes() == b"null")
}

/// The parameters of a redirect, each given at most once (RFC 6749 section 3.1).
struct Parameters {
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

impl Parameters {
    fn of(query: &str) -> Result<Self, Stray> {
        let one = |name: &str| {
            let mut values =
                form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
            match (values.next(), values.next()) {
                (None, _) => Ok(None),
                (Some((_, value)), None) if !value.is_empty() => Ok(Some(value.into_owned())),
                _ => Err(Stray::Parameters),
            }
        };
        Ok(Self {
            state: one("state")?.ok_or(Stray::Parameters)?,
            code: one("code")?,
            error: one("error")?,
            iss: one("iss")?,
        })
    }
}

/// An error code as RFC 6749 section 4.1.2.1 spells them, fit for a terminal.
fn printable(error: &str) -> String {
    const LONGEST: usize = 40;
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    error.chars().filter(plain).take(LONGEST).collect()
}

#[cfg(test)]
mod tests;
