//! `-v` and more: what happens inside, on standard error.

use std::io::{self, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::progress::Stage;
use crate::model::{plain_text, secret};

/// Starts logging at the level of so many `-v`.
///
/// Only our own events are shown: the libraries below log requests with their headers and
/// addresses, where tokens and codes travel. They go past what is drawn on `stage`.
pub(super) fn start(verbose: u8, stage: Stage) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = Targets::new().with_target("nbatodo", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Past(stage))
        .with_ansi(false)
        .without_time()
        .with_target(false);
    // Only a second start in one process fails, and then the first one goes on.
    drop(tracing_subscriber::registry().with(lines).with(ours).try_init());
}

/// Standard error, past what is drawn there.
struct Past(Stage);

impl<'a> MakeWriter<'a> for Past {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { stage: &self.0, text: Vec::new() }
    }
}

/// One event, which is written whole when it is complete.
struct Line<'a> {
    stage: &'a Stage,
    text: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let text = secret::veiled(&plain_text::lines(&String::from_utf8_lossy(&self.text)));
        // Without standard error there is nobody to tell.
        self.stage.line(|| drop(io::stderr().lock().write_all(text.as_bytes())));
    }
}
