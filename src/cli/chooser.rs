//! A list on the terminal, of which a person takes one line.

use std::io::{self, Write};
use std::thread;

use dialoguer::FuzzySelect;
use dialoguer::theme::SimpleTheme;
use tokio::sync::oneshot;

use crate::cli::keyboard::TerminalMode;
use crate::model::plain_text;

/// The most lines of it that are shown at once.
const MOST_LINES: usize = 8;

/// Shows `items` below `prompt` on standard error until the person takes one or skips: `None`.
/// The terminal is as it was again when the future is dropped, even in the middle.
///
/// # Errors
/// The terminal's.
pub(super) async fn choose(prompt: &str, items: Vec<String>) -> io::Result<Option<usize>> {
    let prompt = plain_text::one_line(prompt);
    let _mode = Drawn(TerminalMode::kept());
    let (answer, answered) = oneshot::channel();
    // A read cannot be broken off, and the process must be able to end all the same.
    thread::Builder::new().spawn(move || {
        let theme = SimpleTheme;
        let list = FuzzySelect::with_theme(&theme)
            .with_prompt(prompt)
            .items(items)
            .default(0)
            .highlight_matches(false)
            .report(false)
            .max_length(MOST_LINES);
        let chosen = list.interact_opt().map_err(|dialoguer::Error::IO(error)| error);
        // Nobody waits any more when the run has been broken off.
        drop(answer.send(chosen));
    })?;
    answered.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
}

/// A terminal on which a list hides the cursor.
struct Drawn(TerminalMode);

impl Drop for Drawn {
    fn drop(&mut self) {
        self.0.restore();
        let mut stderr = io::stderr().lock();
        drop(stderr.write_all(SHOW_CURSOR).and_then(|()| stderr.flush()));
    }
}

/// DECTCEM, and nothing of the list below the cursor.
const SHOW_CURSOR: &[u8] = b"\x1b[?25h\x1b[J";
