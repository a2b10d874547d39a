//! The temporary listener for the redirect (RFC 8252 section 7.3): loopback only, both
//! address families, alive only while a sign-in waits.

mod connections;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::signin::verdict::{Verdict, check_addressee, judge};
use crate::signin::{AuthorizationResponse, Ending, Pending, RedirectUri, pages, paste};
use connections::{Answer, Answers};

/// How many connections may queue up before they are accepted.
const BACKLOG: u32 = 1024;
/// How long the answered browser gets to fetch the page that it was sent to.
const PAGE_LIMIT: Duration = Duration::from_secs(2);

/// A bound listener: the port is ours, nobody is answered yet.
pub struct Listener {
    port: u16,
    sockets: Vec<TcpListener>,
}

/// No port could be bound.
#[derive(Debug, thiserror::Error)]
#[error("no port for the sign-in is free: tried {}", list(.tried))]
pub struct NoPort {
    tried: Vec<u16>,
}

fn list(ports: &[u16]) -> String {
    ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

impl Listener {
    /// Takes the first of `ports` that is free on every loopback family that there is.
    ///
    /// # Errors
    /// [`NoPort`] if none is.
    pub fn bind(ports: &[u16]) -> Result<Self, NoPort> {
        for &port in ports {
            match bind_both(port) {
                Ok(sockets) => return Ok(Self { port, sockets }),
                Err(error) => tracing::debug!(port, %error, "port not free"),
            }
        }
        Err(NoPort { tried: ports.to_vec() })
    }

    /// Where the browser has to be sent.
    pub fn redirect_uri(&self) -> RedirectUri {
        RedirectUri { port: self.port }
    }

    /// Starts to answer. The listener is gone when the returned value is dropped.
    pub fn serve(self, pending: Pending) -> Waiting {
        let (responses, response) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            pending,
            decided: AtomicBool::new(false),
            responses,
            last_page: watch::Sender::new(None),
            audience: watch::Sender::new(Audience::default()),
        });
        let mut serving = JoinSet::new();
        serving.spawn(connections::serve(self.sockets, shared.clone()));
        Waiting { response, shared, _serving: serving }
    }
}

/// Binds `port` on `127.0.0.1` and `::1`. A machine may lack one family; a port that is taken
/// on either is not ours, since the browser may choose that one.
fn bind_both(port: u16) -> io::Result<Vec<TcpListener>> {
    let families = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    let mut sockets = Vec::with_capacity(families.len());
    let mut missing = None;
    for address in families {
        match listen(SocketAddr::new(address, port)) {
            Ok(socket) => sockets.push(socket),
            Err(error) if family_is_missing(&error) => missing = Some(error),
            Err(error) => return Err(error),
        }
    }
    match missing {
        Some(error) if sockets.is_empty() => Err(error),
        _ => Ok(sockets),
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Else a port stays taken for a minute after each sign-in. On Windows the same option would
    // let another program take the port from us.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// `EADDRNOTAVAIL` where the address is switched off, `EAFNOSUPPORT` where the family is. Any
/// other error may hide a port that somebody else has.
fn family_is_missing(error: &io::Error) -> bool {
    #[cfg(unix)]
    let unsupported = rustix::io::Errno::AFNOSUPPORT.raw_os_error();
    #[cfg(windows)]
    let unsupported = 10_047; // WSAEAFNOSUPPORT
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(unsupported)
}

/// A sign-in that waits for its redirect.
pub struct Waiting {
    response: mpsc::Receiver<AuthorizationResponse>,
    shared: Arc<Shared>,
    /// Aborted on drop, and with it every connection.
    _serving: JoinSet<()>,
}

struct Shared {
    pending: Pending,
    /// Set by the first redirect or by a paste before it, so that one code is handed on, once.
    decided: AtomicBool,
    responses: mpsc::Sender<AuthorizationResponse>,
    last_page: watch::Sender<Option<LastPage>>,
    audience: watch::Sender<Audience>,
}

/// The page at the end, at a path that only the redirected browser learns.
#[derive(Clone)]
struct LastPage {
    path: String,
    page: String,
}

/// Who wants to know how the sign-in ends.
#[derive(Default)]
struct Audience {
    /// Whether a redirect has come at all: a pasted one does not bring its browser.
    came: bool,
    /// Redirects that came and whose browsers have not got the last page yet.
    waiting: usize,
    /// How often the last page went out.
    served: usize,
}

impl Waiting {
    /// The answer to the authorization request. The browser is kept waiting until
    /// [`Waiting::show`], so that it is told the truth.
    pub async fn authorization_response(&mut self) -> Option<AuthorizationResponse> {
        self.response.recv().await
    }

    /// What a text means that the person pasted instead of having the browser reach us.
    pub fn judge_paste(&self, text: &str) -> Verdict {
        paste::judge(text, &self.shared.pending)
    }

    /// Whether a pasted answer comes before any redirect. If so, no redirect will bring one
    /// any more; else [`Waiting::authorization_response`] already has it.
    pub fn paste_wins(&self) -> bool {
        !self.shared.decided.swap(true, Ordering::SeqCst)
    }

    /// Answers the browser: sends it to a page that says how the sign-in ended, which also
    /// takes the code out of the address bar, and closes the listener. `name` makes the
    /// page's address unguessable and must be random. Where no browser came, there is nobody
    /// to wait for.
    pub async fn show(self, ending: &Ending, name: u128) {
        if !self.shared.audience.borrow().came {
            return;
        }
        let last = LastPage { path: format!("/done/{name:032x}"), page: ending.page() };
        let mut audience = self.shared.audience.subscribe();
        self.shared.last_page.send_replace(Some(last));
        let all_have_it =
            audience.wait_for(|audience| audience.served > 0 && audience.waiting == 0);
        if tokio::time::timeout(PAGE_LIMIT, all_have_it).await.is_err() {
            tracing::debug!("a browser did not fetch the last page");
        }
    }
}

impl Answers for Shared {
    async fn answer(&self, request: Parts) -> Answer {
        if let Some(page) = self.last_page_for(&request) {
            return Answer { response: html(StatusCode::OK, page), with_receipt: true };
        }
        let response = match judge(&request, &self.pending) {
            Verdict::Stray(stray) => {
                tracing::debug!(?stray, "a request that is not the redirect");
                html(stray.status(), pages::stray(stray))
            }
            Verdict::Response(response) => self.see_to_the_end(response).await,
        };
        Answer { response, with_receipt: false }
    }

    fn delivered(&self) {
        self.audience.send_modify(|audience| {
            audience.served += 1;
            audience.waiting = audience.waiting.saturating_sub(1);
        });
    }
}

impl Shared {
    /// Hands the first redirect's answer on, and sends its browser to the last page once there
    /// is one. The same redirect again (reload, a second tab) waits for the same ending; its
    /// code is not handed on a second time.
    async fn see_to_the_end(&self, response: AuthorizationResponse) -> Response<Full<Bytes>> {
        let seat = Seat::take(&self.audience);
        if !self.decided.swap(true, Ordering::SeqCst)
            && self.responses.send(response).await.is_err()
        {
            tracing::debug!("nobody waits for the redirect any more");
        }
        let mut last_page = self.last_page.subscribe();
        let path = match last_page.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(last)) => last.path.clone(),
            _ => return html(StatusCode::GONE, pages::already_done()),
        };
        seat.keep();
        let mut response = html(StatusCode::SEE_OTHER, String::new());
        if let Ok(location) = HeaderValue::from_str(&path) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }

    /// The last page, if that is what is asked for; to those who come after it was shown, one
    /// that tells nothing of the account.
    fn last_page_for(&self, request: &Parts) -> Option<String> {
        let last = self.last_page.borrow();
        let last = last.as_ref().filter(|last| request.uri.path() == last.path)?;
        let ours = check_addressee(request, self.pending.port).is_ok();
        let shown = self.audience.borrow().served > 0;
        let page = if shown { pages::already_done() } else { last.page.clone() };
        (ours && request.method == Method::GET).then_some(page)
    }
}

/// A place in the audience; given up where the browser leaves before it was sent on.
struct Seat<'a>(&'a watch::Sender<Audience>);

impl<'a> Seat<'a> {
    fn take(audience: &'a watch::Sender<Audience>) -> Self {
        audience.send_modify(|audience| {
            audience.came = true;
            audience.waiting += 1;
        });
        Self(audience)
    }

    /// The browser will come back for the page.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|audience| audience.waiting = audience.waiting.saturating_sub(1));
    }
}

/// A page with the headers that keep it, and the address that it was reached by, out of
/// caches, frames and referrers.
fn html(status: StatusCode, page: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(page)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (HeaderName::from_static("cache-control"), "no-store"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&pages::content_security_policy()) {
        headers.insert(HeaderName::from_static("content-security-policy"), policy);
    }
    response
}
