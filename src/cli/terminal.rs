//! Standard error, as a person at a terminal sees it.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::args::{Global, When};
use crate::commands::Progress;
use crate::model::plain_text;

/// Notes and a progress bar, or silence.
pub(super) struct Terminal {
    quiet: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Terminal {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, bar: Mutex::new(None) }
    }
}

impl Progress for Terminal {
    fn note(&self, line: &str) {
        if !self.quiet {
            say(line);
        }
    }

    fn tasks(&self, done: usize, total: usize) {
        let Ok(mut bar) = self.bar.lock() else { return };
        if self.quiet || total == 0 || !io::stderr().is_terminal() {
            return;
        }
        let bar = bar.get_or_insert_with(|| new_bar(total as u64));
        bar.set_position(done as u64);
        if done == total {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    // The template is a constant that a test parses.
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style);
    }
    bar
}

const TEMPLATE: &str = "{spinner} {bar:30} {pos}/{len} games";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_of_the_bar_is_one() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
