//! `--format jsonl`: an event a line on standard output, at once.

use jiff::Unit;
use serde::Serialize;

use crate::cli::output::{self, SCHEMA_VERSION};
use crate::clock::{Clock, SystemClock};
use crate::commands::{Event, Failure};
use crate::model::{Profile, plain_text};

/// Writes the events of one command.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventLines {
    command: &'static str,
}

/// Every line: who says it and when, and what.
#[derive(Serialize)]
struct Line<'a, T> {
    schema_version: u32,
    /// In UTC, to the millisecond.
    time: String,
    command: &'a str,
    /// Absent where the run ends before it is known.
    profile: Option<String>,
    #[serde(flatten)]
    event: T,
}

/// The last line of a run that came to an end.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Last<T> {
    /// It came to a result.
    Finished {
        exit_code: u8,
        /// What `--format json` prints.
        document: T,
    },
    /// It came to none.
    Failed { error: T },
}

impl EventLines {
    pub(super) fn of(command: &'static str) -> Self {
        Self { command }
    }

    /// Something has happened on the way. What cannot be written is no reason to break off: the
    /// last line fails, too, and is the one that counts.
    pub(super) fn tell(self, profile: &Profile, event: &Event) {
        if let Err(unprintable) = line(self.command, Some(profile), event) {
            tracing::debug!(%unprintable, "an event");
        }
    }

    /// The run has come to a result.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub(super) fn finished(
        self,
        profile: Option<&Profile>,
        exit_code: u8,
        document: &impl Serialize,
    ) -> Result<(), Failure> {
        line(self.command, profile, &Last::Finished { exit_code, document })
    }
}

/// The run of `command` has come to nothing.
///
/// # Errors
/// [`Failure::Output`].
pub(super) fn failed(
    command: &str,
    profile: Option<&Profile>,
    error: &impl Serialize,
) -> Result<(), Failure> {
    line(command, profile, &Last::Failed { error })
}

fn line(command: &str, profile: Option<&Profile>, event: &impl Serialize) -> Result<(), Failure> {
    let now = SystemClock.now();
    let time = now.round(Unit::Millisecond).unwrap_or(now).to_string();
    let profile = profile.map(ToString::to_string);
    let line = Line { schema_version: SCHEMA_VERSION, time, command, profile, event };
    let text = serde_json::to_string(&line).map_err(|error| Failure::Output(error.into()))?;
    output::print(&(plain_text::json(&text) + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_text_holds_the_line_is_one_and_says_the_same(text in ".*\\PC*", extra in any::<char>()) {
            let text = format!("{text}{extra}\n\u{2028}\u{85}\u{202e}🏀\"\\");
            let event = serde_json::json!({ "title": &text });
            let written = serde_json::to_string(&event).unwrap();
            let safe = plain_text::json(&written);
            let breaks = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
            prop_assert!(!safe.contains(breaks) && !safe.contains(char::is_control));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), event);
        }
    }
}
