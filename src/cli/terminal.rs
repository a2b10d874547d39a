//! Standard error, as a person at a terminal sees it.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use supports_hyperlinks::supports_hyperlinks;
use url::Url;

use crate::cli::args::{Global, When};
use crate::cli::event_lines::EventLines;
use crate::commands::{Awaited, Event, Progress};
use crate::model::{Profile, plain_text};

/// Notes and a progress bar, or silence.
pub(super) struct Terminal {
    quiet: bool,
    /// Whether it would show control sequences as they are.
    dumb: bool,
    shown: Mutex<Option<Shown>>,
    /// Where a program reads along.
    events: Option<EventLines>,
}

/// What stands on the last line, and may be drawn again.
enum Shown {
    Bar(ProgressBar),
    /// A prompt, behind which the person may be typing.
    Prompt,
}

impl Shown {
    fn take_away(self) {
        match self {
            Self::Bar(bar) => bar.finish_and_clear(),
            Self::Prompt => draw("\r\u{1b}[2K"),
        }
    }
}

impl Terminal {
    pub(super) fn new(quiet: bool, dumb: bool) -> Self {
        Self { quiet, dumb, shown: Mutex::new(None), events: None }
    }

    /// The same, with a program that reads along.
    pub(super) fn telling(mut self, events: Option<EventLines>) -> Self {
        self.events = events;
        self
    }

    /// Takes away what is shown, and then shows what `next` makes: two that draw at once would
    /// paint over each other.
    fn show(&self, next: impl FnOnce() -> Option<ProgressBar>) {
        let Ok(mut shown) = self.shown.lock() else { return };
        if let Some(ended) = shown.take() {
            ended.take_away();
        }
        *shown = next().map(Shown::Bar);
    }

    /// Writes a line of its own, past whatever is shown.
    fn line(&self, write: impl FnOnce()) {
        let Ok(mut shown) = self.shown.lock() else { return write() };
        match shown.take() {
            Some(Shown::Bar(bar)) => {
                bar.suspend(write);
                *shown = Some(Shown::Bar(bar));
            }
            Some(prompt) => {
                prompt.take_away();
                write();
            }
            None => write(),
        }
    }

    /// Shows a prompt, or only the time left in one that is there: the person may be typing
    /// behind it.
    fn prompt(&self, left: u64) {
        let Ok(mut shown) = self.shown.lock() else { return };
        let time = format!("{left:>5} s left");
        match &*shown {
            Some(Shown::Prompt) => draw(&format!("\u{1b}7\r{time}\u{1b}8")),
            _ => {
                if let Some(ended) = shown.take() {
                    ended.take_away();
                }
                draw(&format!("{time}. Paste it here: "));
                *shown = Some(Shown::Prompt);
            }
        }
    }

    fn draws(&self) -> bool {
        !self.quiet && !self.dumb && io::stderr().is_terminal()
    }
}

impl Drop for Terminal {
    /// Whatever ends a run, Ctrl-C too, leaves no half-drawn bar behind.
    fn drop(&mut self) {
        self.show(|| None);
    }
}

impl Progress for Terminal {
    fn note(&self, line: &str) {
        if !self.quiet {
            self.demand(line);
        }
    }

    fn demand(&self, line: &str) {
        self.line(|| say(line));
    }

    fn note_link(&self, url: &Url) {
        if !self.quiet {
            self.demand_link(url);
        }
    }

    fn demand_link(&self, url: &Url) {
        if !self.dumb && io::stderr().is_terminal() && supports_hyperlinks() {
            // OSC 8. A URL has no character that a terminal would act on.
            self.line(|| draw(&format!("\u{1b}]8;;{url}\u{1b}\\{url}\u{1b}]8;;\u{1b}\\\n")));
        } else {
            self.demand(url.as_str());
        }
    }

    fn awaiting(&self, left: Duration, what: Awaited) {
        let seconds = left.as_secs_f64().ceil() as u64;
        match what {
            _ if !self.draws() => {}
            Awaited::BrowserOrPaste => self.prompt(seconds),
            Awaited::Browser => self.show(|| {
                let bar = ProgressBar::new_spinner();
                bar.set_message(format!("{seconds} s left"));
                bar.tick();
                Some(bar)
            }),
        }
    }

    fn pausing(&self, left: Duration, why: &str) {
        tracing::info!(?left, why, "pausing");
        if self.draws() {
            self.show(|| {
                let bar = ProgressBar::new_spinner();
                bar.set_message(match left.as_secs_f64().ceil() {
                    0.0 => format!("{why}: asking again"),
                    seconds => format!("{why}: again in {seconds} s"),
                });
                bar.tick();
                Some(bar)
            });
        }
    }

    fn begin(&self, what: &'static str) {
        if self.draws() {
            self.show(|| {
                let bar = ProgressBar::new_spinner().with_message(what);
                bar.enable_steady_tick(TICK);
                Some(bar)
            });
        }
    }

    fn tasks(&self, done: usize, total: usize) {
        if !self.draws() {
            return;
        }
        if done == total {
            return self.show(|| None);
        }
        if done == 0 {
            self.show(|| Some(new_bar(total as u64)));
        }
        if let Ok(Some(Shown::Bar(bar))) = self.shown.lock().as_deref() {
            bar.set_position(done as u64);
        }
    }

    fn end(&self) {
        self.show(|| None);
    }

    fn event(&self, profile: &Profile, event: &Event) {
        if let Some(events) = self.events {
            events.tell(profile, event);
        }
    }
}

fn new_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    // The template is a constant that a test parses.
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

const TEMPLATE: &str = "{spinner} Writing {bar:30} {pos}/{len} games";
/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// Writes at the cursor, where whoever calls has made sure that there is one.
fn draw(text: &str) {
    let mut stderr = io::stderr().lock();
    drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
}

/// A line on standard error, whatever stands in it. If that stream is gone, there is nobody to
/// tell.
pub(super) fn say(line: &str) {
    drop(writeln!(io::stderr().lock(), "{}", plain_text::one_line(line)));
}

/// A complaint of ours: a line on standard error that begins with our name.
pub(super) fn complain(line: &str, colors: bool) {
    let (start, end) = if colors { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    let line = plain_text::one_line(line);
    drop(writeln!(io::stderr().lock(), "{start}nbatodo:{end} {line}"));
}

/// Whether a person sits in front of it, who can answer a keyring's dialog.
pub(super) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether standard error takes colours. `no_color` says that `NO_COLOR` is set
/// (<https://no-color.org>).
pub(super) fn colors(global: &Global, no_color: bool) -> bool {
    match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto => !no_color && io::stderr().is_terminal(),
    }
}

/// Whether standard output is a terminal.
pub(super) fn shows_output() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard output takes colours.
pub(super) fn colorful(global: &Global, no_color: bool) -> bool {
    match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto => !no_color && io::stdout().is_terminal(),
    }
}

/// Whether standard output shows every colour: a terminal that says so, as most do by now.
pub(super) fn paints(global: &Global, no_color: bool) -> bool {
    let all = |value: String| ["truecolor", "24bit"].contains(&value.as_str());
    let shows_all = || std::env::var("COLORTERM").is_ok_and(all);
    colorful(global, no_color) && (global.color == When::Always || shows_all())
}

/// The columns that results may have: `COLUMNS` if it is set, or those of the terminal. What goes
/// to a file or another program is not narrowed.
pub(super) fn width() -> Option<usize> {
    let set = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    set.filter(|columns| *columns > 0)
        .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_of_the_bar_is_one() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
