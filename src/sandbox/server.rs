//! Connections: accepted, counted, served, and broken when a fault has it so.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use url::Url;

use super::answer_body::{AnswerBody, Closed};
use super::faults::{Aim, Effect};
use super::reply::{Refusal, Reply, Request, set, text_reply};
use super::routes;
use super::sync;
use super::world::World;
use crate::clock::Clock;

/// The largest body that is read at all, in bytes: more than any endpoint takes, so that
/// each says for itself what is too much.
const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// How long requests under way have when the sandbox stops.
const LAST_REQUESTS: Duration = Duration::from_secs(2);
/// How long to wait when no connection can be accepted, as without free file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// What a gateway or a hotel's network answers in the place of Todoist.
const GARBAGE: &str = "<!DOCTYPE html><html><body><h1>Welcome to our Wi-Fi</h1></body></html>";

/// What all connections share.
pub(crate) struct Shared {
    world: Mutex<World>,
    /// Told of every request.
    pub(crate) asked: Notify,
    /// Told of every request again when it has been dealt with, and is about to be answered.
    pub(crate) dealt_with: Notify,
    pub(crate) clock: Arc<dyn Clock>,
    /// How much later every answer comes.
    delay: Duration,
    /// The sync requests that are not answered yet, and the most that there were of them.
    syncs: AtomicUsize,
    most_syncs: AtomicUsize,
}

/// A sync request under way.
struct UnderWay<'a>(&'a Shared);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.syncs.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Shared {
    pub(crate) fn new(world: World, clock: Arc<dyn Clock>, delay: Duration) -> Self {
        Self {
            world: Mutex::new(world),
            asked: Notify::new(),
            dealt_with: Notify::new(),
            clock,
            delay,
            syncs: AtomicUsize::new(0),
            most_syncs: AtomicUsize::new(0),
        }
    }

    /// The most sync requests that were under way at once.
    pub(crate) fn most_syncs(&self) -> usize {
        self.most_syncs.load(Ordering::SeqCst)
    }

    fn sync_begins(&self) -> UnderWay<'_> {
        let now = self.syncs.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_syncs.fetch_max(now, Ordering::SeqCst);
        UnderWay(self)
    }

    /// The state, for as long as the guard lives.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until told to stop, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = told(&mut stop) => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let number = shared.world().traffic.opened();
                    connections.spawn(connection(stream, number, shared.clone(), stop.clone()));
                }
                Err(error) => accept_failed(&error).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done by then is cut off when the set is dropped.
    let _ = tokio::time::timeout(LAST_REQUESTS, finished).await;
}

/// Waits until told to stop, or until nobody is left who could say so.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn accept_failed(error: &io::Error) {
    tracing::warn!(%error, "the sandbox cannot accept a connection");
    tokio::time::sleep(ACCEPT_AGAIN).await;
}

/// One connection, for as long as it is kept alive.
async fn connection(
    stream: TcpStream,
    number: usize,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are small and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(&shared, number, request));
    let mut serving =
        std::pin::pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = told(&mut stop) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, connection = number, "a sandbox connection ended early");
    }
}

async fn respond(
    shared: &Shared,
    connection: usize,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<AnswerBody>, Closed> {
    let (head, body) = request.into_parts();
    let _sync = (head.uri.path() == routes::SYNC).then(|| shared.sync_begins());
    shared.world().traffic.seen(&head, connection);
    shared.asked.notify_waiters();
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(Reply::from(Refusal::too_large(LARGEST_BODY)).map(AnswerBody::whole)),
    };
    shared.world().traffic.received(body.len());
    let request = Request::from_parts(head, body);
    let outcome = outcome(shared, &request);
    shared.dealt_with.notify_waiters();
    let (answer, extra_delay) = match outcome {
        Outcome::Reply(reply) => (reply.map(AnswerBody::whole), Duration::ZERO),
        Outcome::Late(reply, by) => (reply.map(AnswerBody::whole), by),
        Outcome::Cut(reply) => (reply.map(AnswerBody::cut), Duration::ZERO),
        Outcome::Close => return Err(Closed),
        Outcome::Hang => std::future::pending().await,
    };
    let delay = shared.delay.saturating_add(extra_delay);
    // Even a sleep of zero waits for the timer's next tick.
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    Ok(answer)
}

/// What becomes of a request.
enum Outcome {
    Reply(Reply),
    Late(Reply, Duration),
    Cut(Reply),
    Close,
    Hang,
}

fn outcome(shared: &Shared, request: &Request) -> Outcome {
    let now = shared.clock.now();
    let mut world = shared.world();
    if !is_addressed(&world, request) {
        return Outcome::Reply(text_reply(421, "text/plain", "Another host.".to_owned()));
    }
    let aim = if request.uri().path() == routes::SYNC {
        Aim::of(sync::carries_commands(request))
    } else {
        Aim::Any
    };
    match world.faults.for_request(request.uri().path(), aim) {
        Some(Effect::CloseBefore) => Outcome::Close,
        Some(Effect::CloseAfter) => {
            routes::answer(&mut world, request, now);
            Outcome::Close
        }
        Some(Effect::CutAnswer) => {
            let reply = routes::answer(&mut world, request, now);
            // Of nothing there is no half: the head alone would be the whole answer.
            if reply.body().is_empty() { Outcome::Close } else { Outcome::Cut(reply) }
        }
        Some(Effect::Garbage) => {
            Outcome::Reply(text_reply(200, "text/html; charset=utf-8", GARBAGE.to_owned()))
        }
        Some(Effect::Slow(by)) => Outcome::Late(routes::answer(&mut world, request, now), by),
        Some(Effect::Hang) => Outcome::Hang,
        Some(Effect::HangAfter) => {
            routes::answer(&mut world, request, now);
            Outcome::Hang
        }
        Some(Effect::Answer { status, headers, body }) => {
            Outcome::Reply(ordered(status, &headers, body))
        }
        Some(Effect::AlterRedirect { parameter, value }) => {
            let reply = routes::answer(&mut world, request, now);
            Outcome::Reply(altered(reply, &parameter, value.as_deref()))
        }
        // The others happen inside the answer to a sync request.
        Some(Effect::RefuseCommand { .. } | Effect::StaleFullSync) | None => {
            Outcome::Reply(routes::answer(&mut world, request, now))
        }
    }
}

/// Whether the request names this server: a page elsewhere whose name was pointed at
/// loopback (DNS rebinding) must not reach it.
fn is_addressed(world: &World, request: &Request) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| world.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)))
}

/// `reply` with another value for `parameter` in the address that it redirects to.
fn altered(mut reply: Reply, parameter: &str, value: Option<&str>) -> Reply {
    let location = reply.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    if let Some(mut to) = location.and_then(|location| Url::parse(location).ok()) {
        let mut kept: Vec<(String, String)> = to.query_pairs().into_owned().collect();
        kept.retain(|(name, _)| name != parameter);
        kept.extend(value.map(|value| (parameter.to_owned(), value.to_owned())));
        to.query_pairs_mut().clear().extend_pairs(kept);
        set(&mut reply, header::LOCATION, to.as_str());
    }
    reply
}

/// The answer that a fault ordered.
fn ordered(status: u16, headers: &[(String, String)], body: String) -> Reply {
    let mut reply = text_reply(status, "application/json", body);
    for (name, value) in headers {
        if let Ok(name) = name.parse::<HeaderName>() {
            set(&mut reply, name, value);
        }
    }
    reply
}
