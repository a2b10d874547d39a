//! What came in: connections and requests, counted.

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
}

impl Traffic {
    /// Counts an accepted TCP connection and gives its number.
    pub(crate) fn opened(&mut self) -> usize {
        self.connections += 1;
        self.connections
    }

    pub(crate) fn seen(&mut self, method: &str, path: &str, connection: usize) {
        let (method, path) = (method.to_owned(), path.to_owned());
        self.requests.push(RequestSeen { method, path, connection });
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections
    }

    pub(crate) fn requests(&self) -> Vec<RequestSeen> {
        self.requests.clone()
    }
}
