//! The temporary listener for the redirect (RFC 8252 section 7.3): loopback only, both
//! address families, alive only while a sign-in waits.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::signin::verdict::{check_addressee, judge};
use crate::signin::{AuthorizationResponse, Ending, Pending, RedirectUri, pages, paste, verdict};

/// The longest request head. A redirect has a few hundred bytes; hyper takes no less.
const LONGEST_HEAD: usize = 8 * 1024;
/// The longest time for a head. Browsers open connections ahead and leave them silent.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// The most connections at once; beyond that the longest silent one gives way.
const MOST_CONNECTIONS: usize = 64;
/// How long a connection may be silent, however many others want to come in.
const CHANCE_TO_SPEAK: Duration = Duration::from_millis(250);
/// How many connections may queue up meanwhile.
const BACKLOG: u32 = 1024;
/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);
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
            ending: watch::Sender::new(None),
            shown: watch::Sender::new(false),
        });
        let mut tasks = JoinSet::new();
        for socket in self.sockets {
            tasks.spawn(accept(socket, shared.clone()));
        }
        Waiting { response, shared, _tasks: tasks }
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

/// `EADDRNOTAVAIL` where the address is switched off, `EAFNOSUPPORT` where the family is.
fn family_is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{AddrInUse, PermissionDenied};

    !matches!(error.kind(), AddrInUse | PermissionDenied)
}

/// A sign-in that waits for its redirect.
pub struct Waiting {
    response: mpsc::Receiver<AuthorizationResponse>,
    shared: Arc<Shared>,
    /// Aborted on drop, and with them every connection.
    _tasks: JoinSet<()>,
}

struct Shared {
    pending: Pending,
    /// Set by the first redirect, so that its code is handed on once.
    decided: AtomicBool,
    responses: mpsc::Sender<AuthorizationResponse>,
    ending: watch::Sender<Option<Shown>>,
    shown: watch::Sender<bool>,
}

/// The page at the end, at a path that only the redirected browser learns.
#[derive(Clone)]
struct Shown {
    path: String,
    page: String,
}

impl Waiting {
    /// The answer to the authorization request. The browser is kept waiting until
    /// [`Waiting::show`], so that it is told the truth.
    pub async fn authorization_response(&mut self) -> Option<AuthorizationResponse> {
        self.response.recv().await
    }

    /// What a text means that the person pasted instead of having the browser reach us.
    pub fn judge_paste(&self, text: &str) -> verdict::Verdict {
        paste::judge(text, &self.shared.pending)
    }

    /// Whether a pasted answer comes before any redirect. If so, no redirect will bring one
    /// any more; else [`Waiting::authorization_response`] already has it.
    pub fn paste_wins(&self) -> bool {
        !self.shared.decided.swap(true, Ordering::SeqCst)
    }

    /// Answers the browser: sends it to a page that says how the sign-in ended, which also
    /// takes the code out of the address bar, and closes the listener. `name` makes the
    /// page's address unguessable and must be random.
    pub async fn show(self, ending: &Ending, name: u128) {
        let shown = Shown { path: format!("/done/{name:032x}"), page: ending.page() };
        let mut seen = self.shared.shown.subscribe();
        self.shared.ending.send_replace(Some(shown));
        if tokio::time::timeout(PAGE_LIMIT, seen.wait_for(|seen| *seen)).await.is_err() {
            tracing::debug!("the browser did not fetch the last page");
        }
    }
}

async fn accept(socket: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let mut silent = SilentConnections::default();
    loop {
        silent.forget_those_that_spoke();
        tokio::select! {
            accepted = socket.accept(), if silent.has_room() => match accepted {
                Ok((stream, _)) => {
                    let spoke = Arc::new(AtomicBool::new(false));
                    let task = connections.spawn(converse(stream, shared.clone(), spoke.clone()));
                    silent.add(task, spoke);
                    // Lets it say what it came for before the next one is let in.
                    tokio::task::yield_now().await;
                }
                // For instance no file descriptor left: some will be free again soon.
                Err(error) => {
                    tracing::debug!(%error, "accept");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
            () = silent.oldest_has_had_its_chance(), if !silent.has_room() => silent.drop_oldest(),
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Connections that have not said anything yet, oldest first. The longest silent one gives way
/// when there are too many, but not before it had time to speak: a flood of new ones must not
/// wash away a browser that has just arrived.
#[derive(Default)]
struct SilentConnections(VecDeque<Silent>);

struct Silent {
    task: AbortHandle,
    spoke: Arc<AtomicBool>,
    since: Instant,
}

impl SilentConnections {
    fn forget_those_that_spoke(&mut self) {
        self.0.retain(|silent| !silent.task.is_finished() && !silent.spoke.load(Ordering::Relaxed));
    }

    fn has_room(&self) -> bool {
        self.0.len() < MOST_CONNECTIONS
    }

    fn add(&mut self, task: AbortHandle, spoke: Arc<AtomicBool>) {
        self.0.push_back(Silent { task, spoke, since: Instant::now() });
    }

    async fn oldest_has_had_its_chance(&self) {
        if let Some(oldest) = self.0.front() {
            tokio::time::sleep_until(oldest.since + CHANCE_TO_SPEAK).await;
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.0.pop_front()
            && !oldest.spoke.load(Ordering::Relaxed)
        {
            oldest.task.abort();
        }
    }
}

/// One connection: one request, one answer.
async fn converse(stream: TcpStream, shared: Arc<Shared>, spoke: Arc<AtomicBool>) {
    let service = service_fn(|request: Request<Incoming>| {
        spoke.store(true, Ordering::Relaxed);
        answer(request.into_parts().0, shared.clone())
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(LONGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "connection to the listener");
    }
}

async fn answer(request: Parts, shared: Arc<Shared>) -> Result<Response<Full<Bytes>>, Infallible> {
    if let Some(page) = last_page(&request, &shared) {
        shared.shown.send_replace(true);
        return Ok(html(StatusCode::OK, page));
    }
    let response = match judge(&request, &shared.pending) {
        verdict::Verdict::Stray(stray) => {
            tracing::debug!(?stray, "a request that is not the redirect");
            return Ok(html(stray.status(), pages::stray(stray.status())));
        }
        verdict::Verdict::Response(response) => response,
    };
    // The same redirect again (reload, back button) waits for the same ending; its code is
    // not handed on a second time.
    if !shared.decided.swap(true, Ordering::SeqCst)
        && shared.responses.send(response).await.is_err()
    {
        tracing::debug!("nobody waits for the redirect any more");
    }
    let mut ending = shared.ending.subscribe();
    let path = match ending.wait_for(Option::is_some).await.as_deref() {
        Ok(Some(shown)) => shown.path.clone(),
        _ => return Ok(html(StatusCode::GONE, pages::stray(StatusCode::GONE))),
    };
    let mut response = html(StatusCode::SEE_OTHER, String::new());
    if let Ok(location) = HeaderValue::from_str(&path) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

fn last_page(request: &Parts, shared: &Shared) -> Option<String> {
    let ending = shared.ending.borrow();
    let shown = ending.as_ref().filter(|shown| request.uri.path() == shown.path)?;
    let ours = check_addressee(request, shared.pending.port).is_ok();
    (ours && request.method == Method::GET).then(|| shown.page.clone())
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
