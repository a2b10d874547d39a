//! What came in: connections, requests and their bytes, counted.

use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;

/// A request as it arrived, without its query and body, where secrets travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestSeen {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, such as `/api/v1/sync`.
    pub path: String,
    /// The TCP connection it came on, counted from 1.
    pub connection: usize,
}

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    connections: usize,
    requests: Vec<RequestSeen>,
    bytes: usize,
}

impl Traffic {
    /// Counts an accepted TCP connection and gives its number.
    pub(crate) fn opened(&mut self) -> usize {
        self.connections += 1;
        self.connections
    }

    /// Counts a request by its head; its body is [`received`](Self::received) later.
    pub(crate) fn seen(&mut self, head: &Parts, connection: usize) {
        let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
        self.requests.push(RequestSeen { method, path, connection });
        self.bytes += length(head);
    }

    /// Counts the bytes of a body.
    pub(crate) fn received(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// How many requests there were to `path`.
    pub(crate) fn seen_at(&self, path: &str) -> usize {
        self.requests.iter().filter(|request| request.path == path).count()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections
    }

    pub(crate) fn requests(&self) -> Vec<RequestSeen> {
        self.requests.clone()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// How long a head is on the wire, if it is written as everybody writes it: one blank after
/// each colon.
fn length(head: &Parts) -> usize {
    let line = format!("{} {} {:?}\r\n", head.method, head.uri, head.version).len();
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        name.as_str().len() + ": ".len() + value.len() + "\r\n".len()
    };
    line + head.headers.iter().map(header).sum::<usize>() + "\r\n".len()
}
