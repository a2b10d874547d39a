//! Standard input, as a person or a pipe feeds it.

use std::io::{self, BufRead, Read};
use std::thread;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot};
use zeroize::Zeroizing;

use crate::cli::chooser;
use crate::commands::input::{Awaiting, Input, Line};
use crate::model::plain_text;

/// The longest line; a longer one comes in pieces. Terminals take no longer ones either.
const LONGEST_LINE: u64 = 4 * 1024;
/// The most lines that are read, and the most bytes: more than anybody pastes, so that what
/// writes without end does not keep us busy.
const MOST_LINES: usize = 16 * 1024;
const MOST_BYTES: u64 = 1024 * 1024;

/// How long a reader may take to end that is told to.
#[cfg(unix)]
const END_LIMIT: Duration = Duration::from_secs(1);

/// The lines of standard input, once somebody wants them.
#[derive(Default)]
pub(super) struct Keyboard {
    reader: Mutex<Option<LineReader>>,
}

impl Input for Keyboard {
    fn line(&self) -> Awaiting<'_, Option<Line>> {
        Box::pin(async {
            let mut reader = self.reader.lock().await;
            reader.get_or_insert_with(LineReader::start).lines.recv().await
        })
    }

    fn secret(&self, prompt: &str) -> Awaiting<'_, io::Result<Line>> {
        let prompt = plain_text::one_line(prompt);
        Box::pin(async move {
            let _mode = TerminalMode::silenced();
            let (answer, answered) = oneshot::channel();
            thread::Builder::new().spawn(move || {
                // Nobody waits any more when the run has been broken off.
                answer.send(rpassword::prompt_password(prompt).map(Zeroizing::new))
            })?;
            answered.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
        })
    }

    fn choose(&self, prompt: &str, items: Vec<String>) -> Awaiting<'_, io::Result<Option<usize>>> {
        let prompt = prompt.to_owned();
        Box::pin(async move {
            // Who reads lines, as of what is pasted, would take the keys away from a list.
            if let Some(reader) = self.reader.lock().await.take() {
                reader.end().await?;
            }
            chooser::choose(&prompt, items).await
        })
    }
}

/// Reads on a thread of its own: a read cannot be broken off, and the process must be able to end
/// all the same.
struct LineReader {
    lines: mpsc::Receiver<Line>,
    /// What ends the reading when it is dropped; `None` where nothing can.
    #[cfg(unix)]
    stop: Option<io::PipeWriter>,
    #[cfg(unix)]
    thread: Option<thread::JoinHandle<()>>,
}

impl LineReader {
    #[cfg(unix)]
    fn start() -> Self {
        let (stopped, stop) = match io::pipe() {
            Ok((stopped, stop)) => (Some(stopped), Some(stop)),
            Err(_) => (None, None),
        };
        let (thread, lines) = reading_from(move || io::BufReader::new(Stdin { stopped }));
        Self { lines, stop, thread }
    }

    #[cfg(not(unix))]
    fn start() -> Self {
        let (_, lines) = reading_from(|| io::stdin().lock());
        Self { lines }
    }

    /// Ends the reading, so that somebody else can read. What was typed and not handed on is gone.
    ///
    /// # Errors
    /// If it does not end.
    #[cfg(unix)]
    async fn end(self) -> io::Result<()> {
        let Self { lines, stop, thread } = self;
        drop((lines, stop.ok_or(io::ErrorKind::ResourceBusy)?));
        if let Some(thread) = thread {
            let ended = tokio::task::spawn_blocking(move || thread.join());
            drop(tokio::time::timeout(END_LIMIT, ended).await?);
        }
        forget_what_was_typed();
        Ok(())
    }

    /// Nothing ends a read of the console.
    #[cfg(not(unix))]
    async fn end(self) -> io::Result<()> {
        Err(io::ErrorKind::ResourceBusy.into())
    }
}

/// A thread that reads from what `open` opens, and the lines that it hands on.
fn reading_from<Source: BufRead>(
    open: impl FnOnce() -> Source + Send + 'static,
) -> (Option<thread::JoinHandle<()>>, mpsc::Receiver<Line>) {
    let (lines, received) = mpsc::channel(1);
    if !may_read() {
        return (None, received);
    }
    match thread::Builder::new().spawn(move || read(open(), &lines)) {
        Ok(thread) => (Some(thread), received),
        Err(error) => {
            tracing::debug!(%error, "standard input is not read");
            (None, received)
        }
    }
}

/// Standard input, which ends when the other end of the pipe is closed.
#[cfg(unix)]
struct Stdin {
    stopped: Option<io::PipeReader>,
}

#[cfg(unix)]
impl Read for Stdin {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, poll};

        let stdin = io::stdin();
        if let Some(stopped) = &self.stopped {
            let mut both =
                [PollFd::new(&stdin, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
            rustix::io::retry_on_intr(|| poll(&mut both, None))?;
            if !both[1].revents().is_empty() {
                return Ok(0);
            }
        }
        // Past the buffer of the library, in which something could be that `poll` does not see.
        Ok(rustix::io::retry_on_intr(|| rustix::io::read(&stdin, &mut *bytes))?)
    }
}

/// What was typed for one question is no answer to the next.
#[cfg(unix)]
fn forget_what_was_typed() {
    use rustix::termios::{QueueSelector, tcflush};

    if let Err(error) = tcflush(io::stdin(), QueueSelector::IFlush) {
        tracing::debug!(%error, "what was typed before is still there");
    }
}

/// Hands on each line until there are no more, or nobody wants them.
fn read(input: impl BufRead, lines: &mpsc::Sender<Line>) {
    let mut input = input.take(MOST_BYTES);
    for _ in 0..MOST_LINES {
        let mut line = Zeroizing::new(Vec::new());
        match input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(1..) => {}
            Ok(0) => return,
            Err(error) => return tracing::debug!(%error, "standard input"),
        }
        let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        if lines.blocking_send(Zeroizing::new(text)).is_err() {
            return;
        }
    }
}

/// A program in the background that reads from its terminal is stopped by the system, with
/// everything else that it does. A terminal that is not its own, as under `su -c`, stops nobody.
#[cfg(unix)]
fn may_read() -> bool {
    use rustix::io::Errno;
    use rustix::process::getpgrp;
    use rustix::termios::tcgetpgrp;
    use std::io::IsTerminal;

    let stdin = io::stdin();
    !stdin.is_terminal()
        || match tcgetpgrp(&stdin) {
            Ok(foreground) => foreground == getpgrp(),
            Err(error) => error == Errno::NOTTY,
        }
}

#[cfg(not(unix))]
fn may_read() -> bool {
    true
}

/// Keeps the terminal from showing what is typed, from before the prompt on. It is as it was
/// again when this is dropped, even where the run ends in the middle of the answer.
pub(super) struct TerminalMode {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl TerminalMode {
    /// As it is, for somebody else to change.
    pub(super) fn kept() -> Self {
        Self { before: rustix::termios::tcgetattr(io::stdin()).ok() }
    }

    /// Makes it what it was.
    pub(super) fn restore(&self) {
        self.before.iter().for_each(set);
    }

    fn silenced() -> Self {
        use rustix::termios::{LocalModes, tcgetattr};

        // What is no terminal shows nothing, so there is nothing to silence.
        let before = tcgetattr(io::stdin()).ok();
        if let Some(mut silent) = before.clone() {
            silent.local_modes.remove(LocalModes::ECHO);
            set(&silent);
        }
        Self { before }
    }
}

#[cfg(unix)]
fn set(mode: &rustix::termios::Termios) {
    use rustix::termios::{OptionalActions, tcsetattr};

    if let Err(error) = tcsetattr(io::stdin(), OptionalActions::Now, mode) {
        tracing::debug!(%error, "the terminal stays as it is");
    }
}

#[cfg(unix)]
impl Drop for TerminalMode {
    fn drop(&mut self) {
        self.restore();
    }
}

#[cfg(not(unix))]
impl TerminalMode {
    pub(super) fn kept() -> Self {
        Self {}
    }

    pub(super) fn restore(&self) {}

    fn silenced() -> Self {
        Self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of `input` arrives.
    fn lines(input: impl BufRead) -> Vec<String> {
        let (sender, mut received) = mpsc::channel(MOST_LINES);
        read(input, &sender);
        drop(sender);
        std::iter::from_fn(|| received.blocking_recv()).map(|line| line.to_string()).collect()
    }

    #[test]
    fn lines_come_without_their_ends_and_the_last_one_needs_none() {
        assert_eq!(lines(&b"one\r\n\ntwo \xff\nthree"[..]), ["one", "", "two \u{fffd}", "three"]);
        assert!(lines(&b""[..]).is_empty());
    }

    #[test]
    fn what_never_ends_is_read_to_a_bound() {
        let zeros = io::BufReader::new(io::repeat(0));
        assert_eq!(lines(zeros).iter().map(String::len).sum::<usize>() as u64, MOST_BYTES);
        assert_eq!(lines(io::BufReader::new(io::repeat(b'\n'))).len(), MOST_LINES);
    }
}
