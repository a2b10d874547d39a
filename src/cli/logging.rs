//! `-v` and more: what happens inside, on standard error.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging at the level of so many `-v`.
///
/// Only our own events are shown: the libraries below log requests with their headers and
/// addresses, where tokens and codes travel.
pub(super) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = Targets::new().with_target("nbatodo", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .without_time()
        .with_target(false);
    // Only a second start in one process fails, and then the first one goes on.
    drop(tracing_subscriber::registry().with(lines).with(ours).try_init());
}
