//! Blocking work with an end.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a connection may take to come about, with everything that belongs to it.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long one answer may take.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// What `work` comes to on a thread of its own; `None` after `limit`, or where no thread can be
/// had. Looking up a name and a handshake have no limits of their own. Work that is given up goes
/// on, and what it comes to is dropped.
pub(super) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, answer) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name("database".to_owned());
    thread.spawn(move || drop(sender.send(work()))).ok()?;
    answer.recv_timeout(limit).ok()
}
