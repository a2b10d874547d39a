//! A server on a socket of this machine that says, byte for byte, what it is told to say.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use nbatodo::http::Http;
use nbatodo::model::SecureUrl;
use nbatodo::schedule::{Asking, CopyFile, Feed, Loaded, load};
use tempfile::TempDir;

use crate::instant;

/// The instant at which a feed is asked, unless a test says another.
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

/// A server, and a folder for copies of what it said.
pub(crate) struct FeedServer {
    url: SecureUrl,
    answer: Arc<Mutex<Vec<u8>>>,
    requests: Arc<Mutex<Vec<String>>>,
    folder: TempDir,
}

impl FeedServer {
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/feed.json", listener.local_addr().unwrap());
        let server = Self {
            url: url.parse().unwrap(),
            answer: Arc::new(Mutex::new(answer.into())),
            requests: Arc::default(),
            folder: TempDir::new().unwrap(),
        };
        let (answer, requests) = (server.answer.clone(), server.requests.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut request, mut byte) = (Vec::new(), [0]);
                while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                    request.push(byte[0]);
                }
                requests.lock().unwrap().push(String::from_utf8(request).unwrap().to_lowercase());
                // A client that has heard enough hangs up.
                drop(stream.write_all(&answer.lock().unwrap()));
            }
        });
        server
    }

    /// One that nobody answers for.
    pub(crate) fn silent() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self {
            url: format!("http://127.0.0.1:{port}/feed.json").parse().unwrap(),
            answer: Arc::default(),
            requests: Arc::default(),
            folder: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn answers(&self, answer: impl Into<Vec<u8>>) {
        *self.answer.lock().unwrap() = answer.into();
    }

    /// The heads of the requests so far, in lower case.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn copy(&self) -> CopyFile {
        CopyFile::of(&self.folder.path().join("schedules"), &self.url)
    }

    /// What a run at [`NOW`] goes by.
    pub(crate) async fn load(&self) -> Loaded {
        self.load_at(NOW, Asking::Usual).await
    }

    pub(crate) async fn load_at(&self, now: &str, asking: Asking) -> Loaded {
        let (http, copy) = (Http::new().unwrap(), self.copy());
        let feed = Feed { http: &http, url: &self.url, copy: &copy, asking };
        load(&feed, instant(now)).await.unwrap()
    }
}

/// An answer with headers of its own, each ended by a line break.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The answer of a server that has the feed.
pub(crate) fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("200 OK", "Content-Type: text/plain\r\n", body)
}
