//! What a person wants each task to hold, and how that is written.

use std::time::Duration;

use crate::import::TitleTemplate;
use crate::model::duration::{self, InvalidDuration};

/// The longest name of a label, in characters (Todoist's usage limits).
const LONGEST_LABEL: usize = 60;

/// What each task of an import holds. What is `None` stays the person's affair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskOptions {
    /// The pattern of the titles.
    pub title: TitleTemplate,
    /// What each task is labelled with.
    pub labels: Option<Vec<String>>,
    /// Todoist's number: 1 for what people call p4, to 4 for p1.
    pub priority: Option<u8>,
    /// The duration in minutes.
    pub minutes: Option<u32>,
    /// How many minutes before the tip-off a reminder comes.
    pub reminder: Option<u32>,
    /// By what the tasks of a project are put into sections.
    pub sections: Option<Grouping>,
    /// Whether a task that comes back every year reminds of the next season.
    pub yearly: bool,
}

/// By what the tasks of a project are put into sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// By nothing: they stand in no section.
    None,
    /// By the month in which they are due.
    Month,
}

/// A text that an option does not take.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOption {
    /// Not p1 to p4.
    #[error("a priority is p1 (the highest), p2, p3 or p4 (the lowest)")]
    Priority,
    /// A label without a name.
    #[error("a label cannot be empty")]
    EmptyLabel,
    /// A label whose name is too long.
    #[error("it has {length} characters, and Todoist allows a label {LONGEST_LABEL}")]
    LongLabel {
        /// How many characters it has.
        length: usize,
    },
    /// A label with a line break or another control character in it.
    #[error("a label is one line of plain text")]
    ControlInLabel,
}

/// Todoist's number for a priority as people write it: `p1` or `1` is the highest and 4 there.
///
/// # Errors
/// [`InvalidOption::Priority`]
pub fn priority(text: &str) -> Result<u8, InvalidOption> {
    let text = text.trim();
    match text.strip_prefix(['p', 'P']).unwrap_or(text) {
        "1" => Ok(4),
        "2" => Ok(3),
        "3" => Ok(2),
        "4" => Ok(1),
        _ => Err(InvalidOption::Priority),
    }
}

/// How many minutes a game takes, as people write it.
///
/// # Errors
/// [`InvalidDuration`]
pub fn game_minutes(text: &str) -> Result<u32, InvalidDuration> {
    duration::GAME.parse(text).map(minutes)
}

/// How many minutes before a tip-off a reminder comes, as people write it.
///
/// # Errors
/// [`InvalidDuration`]
pub fn reminder_minutes(text: &str) -> Result<u32, InvalidDuration> {
    duration::REMINDER.parse(text).map(minutes)
}

/// Both are a day at most.
fn minutes(time: Duration) -> u32 {
    u32::try_from(time.as_secs() / 60).unwrap_or(u32::MAX)
}

/// A label's name as Todoist takes it: one line of 1 to 60 characters, without white space at
/// its ends.
///
/// # Errors
/// [`InvalidOption`], saying which of that it is not.
pub fn label(text: &str) -> Result<String, InvalidOption> {
    let name = text.trim();
    let length = name.chars().count();
    match length {
        0 => Err(InvalidOption::EmptyLabel),
        _ if name.chars().any(char::is_control) => Err(InvalidOption::ControlInLabel),
        1..=LONGEST_LABEL => Ok(name.to_owned()),
        _ => Err(InvalidOption::LongLabel { length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_highest_priority_is_todoists_largest_number() {
        for (text, number) in [("p1", 4), ("1", 4), ("P2", 3), ("3", 2), (" p4 ", 1)] {
            assert_eq!(priority(text), Ok(number), "{text}");
        }
        for text in ["", "p", "0", "p5", "pp1", "p1x", "high", "-1", "１"] {
            assert_eq!(priority(text), Err(InvalidOption::Priority), "{text}");
        }
    }

    #[test]
    fn labels_are_held_to_todoists_rules() {
        assert_eq!(label(" nba "), Ok("nba".to_owned()));
        assert_eq!(label(&"ü".repeat(60)), Ok("ü".repeat(60)));
        assert_eq!(label(" \t"), Err(InvalidOption::EmptyLabel));
        assert_eq!(label("a\nb"), Err(InvalidOption::ControlInLabel));
        let error = label(&"x".repeat(61)).unwrap_err();
        assert_eq!(error.to_string(), "it has 61 characters, and Todoist allows a label 60");
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in ".*") {
            if let Ok(number) = priority(&text) {
                prop_assert!((1..=4).contains(&number));
            }
            if let Ok(name) = label(&text) {
                prop_assert!(!name.is_empty() && name.chars().count() <= LONGEST_LABEL);
            }
        }
    }
}
