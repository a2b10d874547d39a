//! Standard error, as a person at a terminal sees it.

use std::io::{self, IsTerminal, Write};
use std::iter;
use std::time::Duration;

use supports_hyperlinks::supports_hyperlinks;
use url::Url;

use crate::cli::appearance::Appearance;
use crate::cli::called::Called;
use crate::cli::event_lines::EventLines;
use crate::cli::progress::Stage;
use crate::commands::{Awaited, Event, Progress};
use crate::looks::{Palette, Role, wrap};
use crate::model::{Profile, plain_text, secret};

/// Notes and what goes on, or silence.
pub(super) struct Terminal {
    quiet: bool,
    appearance: Appearance,
    stage: Stage,
    called: Called,
    /// Where a program reads along.
    events: Option<EventLines>,
}

impl Terminal {
    pub(super) fn new(quiet: bool, appearance: &Appearance, stage: Stage) -> Self {
        Self { quiet, appearance: *appearance, stage, called: Called::default(), events: None }
    }

    /// The same of a program that was `called` so.
    pub(super) fn called(mut self, called: &Called) -> Self {
        self.called = called.clone();
        self
    }

    /// The same, with a program that reads along.
    pub(super) fn telling(mut self, events: Option<EventLines>) -> Self {
        self.events = events;
        self
    }
}

impl Drop for Terminal {
    /// Whatever ends a run, Ctrl-C too, leaves no half-drawn bar behind.
    fn drop(&mut self) {
        self.stage.clear();
    }
}

impl Progress for Terminal {
    fn note(&self, line: &str) {
        if !self.quiet {
            self.demand(line);
        }
    }

    fn demand(&self, line: &str) {
        let line = self.called.alike(&shown(line));
        let lines = match self.appearance.reader {
            // To a screen reader, an indent says nothing.
            Some(room) if self.appearance.look.plain => wrap::sentence(&line, room),
            Some(room) => wrap::hanging(&line, room),
            None => vec![line.clone()],
        };
        let lines = with_command(lines, &line, self.appearance.stderr);
        self.stage.line(|| write(&(lines.join("\n") + "\n")));
    }

    fn note_link(&self, url: &Url) {
        if !self.quiet {
            self.demand_link(url);
        }
    }

    fn demand_link(&self, url: &Url) {
        if self.appearance.draws && supports_hyperlinks() {
            // OSC 8. A URL has no character that a terminal would act on.
            let link = format!("\u{1b}]8;;{url}\u{1b}\\{url}\u{1b}]8;;\u{1b}\\\n");
            self.stage.line(|| write(&link));
        } else {
            self.stage.line(|| say(url.as_str()));
        }
    }

    fn awaiting(&self, left: Duration, what: Awaited) {
        let seconds = left.as_secs_f64().ceil() as u64;
        match what {
            Awaited::BrowserOrPaste => self.stage.prompt(seconds),
            Awaited::Browser => self.stage.count_down(format!("{seconds} s left")),
        }
    }

    fn pausing(&self, left: Duration, why: &str) {
        tracing::info!(?left, why, "pausing");
        let why = plain_text::one_line(why);
        self.stage.count_down(match left.as_secs_f64().ceil() {
            0.0 => format!("{why}: asking again"),
            seconds => format!("{why}: again in {seconds} s"),
        });
    }

    fn begin(&self, what: &'static str) {
        self.stage.begin(what);
    }

    fn tasks(&self, done: usize, total: usize) {
        self.stage.tasks(done as u64, total as u64);
    }

    fn profiles(&self, done: usize, total: usize) {
        self.stage.profiles(done as u64, total as u64);
    }

    fn end(&self) {
        self.stage.clear();
    }

    fn event(&self, profile: &Profile, event: &Event) {
        if let Some(events) = self.events {
            events.tell(profile, event);
        }
    }
}

/// Writes at the cursor. If that stream is gone, there is nobody to tell.
pub(super) fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
}

/// A line on standard error, whatever stands in it.
pub(super) fn say(line: &str) {
    write(&(plain_text::one_line(line) + "\n"));
}

/// A complaint of ours: a line on standard error that begins with our name.
pub(super) fn complain(line: &str, palette: Palette) {
    let line = shown(line);
    write(&format!("{} {line}\n", palette.paint(Role::Error, NAME)));
}

/// The same of what a run could not do, in as many lines as a person's terminal takes.
pub(super) fn tell_shortfall(line: &str, appearance: &Appearance) {
    let Some(room) = appearance.reader else { return complain(line, appearance.stderr) };
    let line = format!("{NAME} {}", shown(line));
    let text = wrap::hanging(&line, room).join("\n");
    let rest = text.strip_prefix(NAME).unwrap_or(&text);
    write(&format!("{}{rest}\n", appearance.stderr.paint(Role::Error, NAME)));
}

/// Why a run failed and what to type, for a person in short lines, for a log in one.
pub(super) fn explain(failure: &str, advice: Option<&str>, appearance: &Appearance) {
    let seam = what_and_why(failure).1.map(|why| failure.len() - why.len());
    explain_at(failure, seam, advice.as_slice(), appearance);
}

/// The same of a `failure` that tells why from `seam` on, with any number of `advice`.
pub(super) fn explain_at(
    failure: &str,
    seam: Option<usize>,
    advice: &[&str],
    appearance: &Appearance,
) {
    let palette = appearance.stderr;
    let Some(room) = appearance.reader else {
        let advice: String = advice.iter().map(|advice| format!(". {advice}")).collect();
        return complain(&format!("{failure}{advice}"), palette);
    };
    let (what, why) = match seam.and_then(|at| failure.split_at_checked(at)) {
        Some((what, why)) => (what.trim_end_matches([' ', ':', ';']), Some(why)),
        None => (failure, None),
    };
    let mut text = String::new();
    let lines = wrap::hanging(&format!("{NAME} {}", shown(what)), room);
    for (number, line) in lines.iter().enumerate() {
        match line.strip_prefix(NAME).filter(|_| number == 0) {
            Some(rest) => text.push_str(&format!("{}{rest}\n", palette.paint(Role::Error, NAME))),
            None => text.push_str(&format!("{line}\n")),
        }
    }
    let room = room.saturating_sub(INDENT.len());
    for part in why.iter().chain(advice) {
        let part = shown(part);
        for line in with_command(wrap::sentence(&part, room), &part, palette) {
            text.push_str(&format!("{INDENT}{line}\n"));
        }
    }
    write(&text);
}

/// The `lines` of `text`, with all that is to be typed in its colour.
fn with_command(lines: Vec<String>, text: &str, palette: Palette) -> Vec<String> {
    let mut rest = text;
    let commands = iter::from_fn(move || {
        let (_, command, behind) = wrap::around_command(rest)?;
        rest = behind;
        Some(command.trim_end_matches(['.', ',', ';']))
    });
    let mut commands = commands.peekable();
    let paint = |line: String| {
        let (mut painted, mut rest) = (String::new(), line.as_str());
        while let Some(command) = commands.peek()
            && let Some((before, behind)) = rest.split_once(command)
        {
            painted += &format!("{before}{}", palette.paint(Role::Command, command));
            rest = behind;
            commands.next();
        }
        painted + rest
    };
    lines.into_iter().map(paint).collect()
}

/// A text that may quote what somebody typed, or what came from outside, as a line shows it.
fn shown(text: &str) -> String {
    secret::veiled(&plain_text::one_line(text))
}

const NAME: &str = "nbatodo:";
const INDENT: &str = "  ";

/// What happened and why, where the message tells both: `what: why`, or `what; why`. Not inside
/// of quotes, where somebody else speaks; and a name alone tells nothing yet.
pub(super) fn what_and_why(message: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, letter) in message.char_indices() {
        quoted ^= letter == '"';
        let rest = &message[at..];
        let is_between = rest.starts_with(": ") || rest.starts_with("; ");
        if is_between && !quoted && message[..at].contains(' ') {
            return (&message[..at], Some(&rest[2..]));
        }
    }
    (message, None)
}

/// Whether a person sits in front of it, who can answer a keyring's dialog.
pub(super) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether standard output is a terminal.
pub(super) fn shows_output() -> bool {
    io::stdout().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_tells_what_and_why() {
        for (message, what, why) in [
            ("nobody is signed in", "nobody is signed in", None),
            (
                "no team is called \"a: b\"; nearest: C",
                "no team is called \"a: b\"",
                Some("nearest: C"),
            ),
            ("the key store: locked: wait", "the key store", Some("locked: wait")),
            (
                "Todoist: 127.0.0.1:9 cannot be reached: Connection refused",
                "Todoist: 127.0.0.1:9 cannot be reached",
                Some("Connection refused"),
            ),
            ("http://127.0.0.1:80 is away", "http://127.0.0.1:80 is away", None),
        ] {
            assert_eq!(what_and_why(message), (what, why));
        }
    }
}
