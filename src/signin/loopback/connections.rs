//! The connections to the listener: bounded in number, in time and in size, one request each.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

/// The longest request head. A redirect has a few hundred bytes; hyper takes no less.
const LONGEST_HEAD: usize = 8 * 1024;
/// The longest time for a head. Browsers open connections ahead and leave them silent.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// The most connections at once; beyond that the longest silent one gives way.
const MOST: usize = 64;
/// How long a connection may be silent, however many others want to come in: a flood of new
/// ones must not wash away a browser that has just arrived.
const CHANCE_TO_SPEAK: Duration = Duration::from_millis(100);
/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// What is said to those who connect.
pub(super) trait Answers: Send + Sync + 'static {
    /// What a request gets, one that belongs to no sign-in, too.
    fn answer(&self, request: Parts) -> impl Future<Output = Answer> + Send;

    /// An answer with a receipt has gone out as a whole.
    fn delivered(&self);
}

/// What goes back over a connection.
pub(super) struct Answer {
    pub(super) response: Response<Full<Bytes>>,
    /// Whether [`Answers::delivered`] has to be told of it.
    pub(super) with_receipt: bool,
}

/// Accepts on all of `sockets`, for ever. Dropped, it closes them and every connection.
pub(super) async fn serve(sockets: Vec<TcpListener>, answers: Arc<impl Answers>) {
    let mut open = JoinSet::new();
    let mut silent = Silent::default();
    loop {
        silent.forget_those_that_spoke();
        let room = open.len() < MOST;
        tokio::select! {
            accepted = next(&sockets), if room => match accepted {
                Ok((stream, peer)) => {
                    tracing::debug!(%peer, "a connection");
                    let spoke = Arc::new(AtomicBool::new(false));
                    let task = open.spawn(converse(stream, answers.clone(), spoke.clone()));
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
            () = silent.oldest_has_had_its_chance(), if !room => silent.drop_oldest(),
            Some(_) = open.join_next() => {}
        }
    }
}

/// The next connection to any of `sockets`.
async fn next(sockets: &[TcpListener]) -> io::Result<(TcpStream, SocketAddr)> {
    std::future::poll_fn(|context| {
        let ready = sockets.iter().map(|socket| socket.poll_accept(context)).find(Poll::is_ready);
        ready.unwrap_or(Poll::Pending)
    })
    .await
}

/// The connections that have not said anything yet, oldest first.
#[derive(Default)]
struct Silent(VecDeque<SilentOne>);

struct SilentOne {
    task: AbortHandle,
    spoke: Arc<AtomicBool>,
    since: Instant,
}

impl Silent {
    fn add(&mut self, task: AbortHandle, spoke: Arc<AtomicBool>) {
        self.0.push_back(SilentOne { task, spoke, since: Instant::now() });
    }

    fn forget_those_that_spoke(&mut self) {
        self.0.retain(|silent| !silent.task.is_finished() && !silent.spoke.load(Ordering::Relaxed));
    }

    /// Where all have spoken, the next one to end makes room.
    async fn oldest_has_had_its_chance(&self) {
        match self.0.front() {
            Some(oldest) => tokio::time::sleep_until(oldest.since + CHANCE_TO_SPEAK).await,
            None => std::future::pending().await,
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.0.pop_front()
            && !oldest.spoke.load(Ordering::Relaxed)
        {
            tracing::debug!("a silent connection gives way");
            oldest.task.abort();
        }
    }
}

/// One connection: one request, one answer.
async fn converse(stream: TcpStream, answers: Arc<impl Answers>, spoke: Arc<AtomicBool>) {
    let with_receipt = AtomicBool::new(false);
    let service = service_fn(async |request: Request<Incoming>| {
        spoke.store(true, Ordering::Relaxed);
        let answer = answers.answer(request.into_parts().0).await;
        with_receipt.store(answer.with_receipt, Ordering::Relaxed);
        Ok::<_, Infallible>(answer.response)
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(LONGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    match served {
        Ok(()) if with_receipt.load(Ordering::Relaxed) => answers.delivered(),
        Ok(()) => {}
        Err(error) => tracing::debug!(%error, "connection to the listener"),
    }
}
