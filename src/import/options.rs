//! What a person wants each task to hold, and how that is written.

use crate::import::TitleTemplate;

/// The longest name of a label, in characters (Todoist's usage limits).
const LONGEST_LABEL: usize = 60;
/// The longest duration and the earliest reminder, in minutes: Todoist's for a duration.
const MOST_MINUTES: u32 = 24 * 60;

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
    /// Not a length of time, or one that is too short or too long.
    #[error("it takes 1 minute to 24 hours, written like 90m, 2h, 2h30m or 150 (minutes)")]
    Minutes,
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

/// A length of time in minutes, 1 to 1,440, from `2h30m`, `2h`, `90m` or a bare number of
/// minutes.
///
/// # Errors
/// [`InvalidOption::Minutes`]
///
/// ```
/// use nbatodo::import::options::minutes;
///
/// assert_eq!(minutes("2h30m"), Ok(150));
/// assert_eq!(minutes("150"), Ok(150));
/// assert!(minutes("25h").is_err());
/// ```
pub fn minutes(text: &str) -> Result<u32, InvalidOption> {
    let text = text.trim().to_ascii_lowercase();
    let total = match text.split_once('h') {
        None => number(text.strip_suffix('m').unwrap_or(&text)),
        Some((hours, "")) => number(hours).and_then(|hours| hours.checked_mul(60)),
        Some((hours, rest)) => number(hours)
            .and_then(|hours| hours.checked_mul(60))
            .zip(rest.strip_suffix('m').and_then(number))
            .and_then(|(hours, minutes)| hours.checked_add(minutes)),
    };
    total.filter(|total| (1..=MOST_MINUTES).contains(total)).ok_or(InvalidOption::Minutes)
}

/// Digits alone: the standard parser would take a sign, too.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
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
    fn minutes_are_read_as_people_write_them() {
        for (text, total) in [
            ("90m", 90),
            ("2h", 120),
            ("2h30m", 150),
            ("150", 150),
            ("1m", 1),
            ("24h", 1_440),
            ("0h5M", 5),
        ] {
            assert_eq!(minutes(text), Ok(total), "{text}");
        }
        for text in [
            "",
            "m",
            "h",
            "hm",
            "h30m",
            "0",
            "0h0m",
            "1441",
            "24h1m",
            "2h30",
            "2h30m5s",
            "30m2h",
            "-5",
            "+5",
            "1.5h",
            "2 h",
            "2d",
            "99999999999h",
            "71582789h",
            "4294967295h4294967295m",
        ] {
            assert_eq!(minutes(text), Err(InvalidOption::Minutes), "{text}");
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

        #[test]
        fn a_length_of_time_is_within_a_day(text in "[0-9]{0,11}[hm]?[0-9]{0,11}[hm]?") {
            if let Ok(total) = minutes(&text) {
                prop_assert!((1..=MOST_MINUTES).contains(&total));
            }
        }
    }
}
