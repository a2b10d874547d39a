//! Lengths of time as people type them: `90s`, `15m`, `2h`, `1h30m`.
//!
//! Every option and setting that is one is defined here, so that all are typed, and explained,
//! the same way.

use std::time::Duration;

use jiff::fmt::friendly::{Spacing, SpanParser, SpanPrinter};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait for a consent. A number alone is seconds, as it was before it had units.
pub const TIMEOUT: DurationRange = DurationRange::seconds(SECOND, DAY, "90s or 15m");
/// How long to wait in all where Todoist asks for patience.
pub const MAX_WAIT: DurationRange = DurationRange::seconds(Duration::ZERO, DAY, "90s or 5m");
/// How long a session lasts: never longer than an hour.
pub const SESSION: DurationRange = DurationRange::minutes(MINUTE, HOUR, "15m or 1h");
/// How long a run may take.
pub const RUN: DurationRange = DurationRange::minutes(SECOND, DAY, "90s or 15m");
/// Over how long a time many imports begin.
pub const SPREAD: DurationRange = DurationRange::minutes(Duration::ZERO, DAY, "30s or 1h30m");
/// For how long what one host has done stays done for others.
pub const SHARED: DurationRange = DurationRange::minutes(Duration::ZERO, DAY, "10m or 6h");
/// How long a game takes: Todoist counts minutes, a day of them at most.
pub const GAME: DurationRange = DurationRange::minutes(MINUTE, DAY, "2h30m or 150m").whole();
/// How long before a tip-off a reminder comes.
pub const REMINDER: DurationRange = DurationRange::minutes(MINUTE, DAY, "60m or 2h").whole();

/// What an option takes of lengths of time.
#[derive(Clone, Copy, Debug)]
pub struct DurationRange {
    least: Duration,
    most: Duration,
    /// What a number alone counts.
    unit: Unit,
    /// Of how many seconds it is a multiple.
    step: u64,
    examples: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Seconds,
    Minutes,
}

/// A text that is no length of time, or one that is not taken. It says what is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it takes a length of time from {least} to {most}, such as {examples}; a number alone is \
     {unit}{whole}"
)]
pub struct InvalidDuration {
    least: String,
    most: String,
    examples: &'static str,
    unit: &'static str,
    whole: &'static str,
}

impl DurationRange {
    const fn seconds(least: Duration, most: Duration, examples: &'static str) -> Self {
        Self { least, most, unit: Unit::Seconds, step: 1, examples }
    }

    const fn minutes(least: Duration, most: Duration, examples: &'static str) -> Self {
        Self { unit: Unit::Minutes, ..Self::seconds(least, most, examples) }
    }

    const fn whole(self) -> Self {
        Self { step: 60, ..self }
    }

    /// The longest that is taken.
    pub const fn most(self) -> Duration {
        self.most
    }

    /// Reads a length of time: numbers with `h`, `m` (or `min`) and `s` behind them, the larger
    /// unit first, or a number alone.
    ///
    /// # Errors
    /// [`InvalidDuration`]
    ///
    /// ```
    /// use std::time::Duration;
    /// use nbatodo::model::duration::{GAME, TIMEOUT};
    ///
    /// assert_eq!(GAME.parse("2h30m"), Ok(Duration::from_secs(9_000)));
    /// assert_eq!(GAME.parse("150"), Ok(Duration::from_secs(9_000)));
    /// assert_eq!(TIMEOUT.parse("90"), TIMEOUT.parse("1m30s"));
    /// assert!(GAME.parse("25h").is_err());
    /// ```
    pub fn parse(&self, text: &str) -> Result<Duration, InvalidDuration> {
        let text = text.trim().to_ascii_lowercase();
        let read = match text.parse::<u64>() {
            Ok(count) if is_digits(&text) => match self.unit {
                Unit::Seconds => Some(Duration::from_secs(count)),
                Unit::Minutes => count.checked_mul(60).map(Duration::from_secs),
            },
            _ => with_units(&text),
        };
        let is_taken = |time: &Duration| {
            (self.least..=self.most).contains(time)
                && time.subsec_nanos() == 0
                && time.as_secs().is_multiple_of(self.step)
        };
        read.filter(is_taken).ok_or_else(|| self.refusal())
    }

    fn refusal(&self) -> InvalidDuration {
        InvalidDuration {
            least: typed(self.least),
            most: typed(self.most),
            examples: self.examples,
            unit: match self.unit {
                Unit::Seconds => "seconds",
                Unit::Minutes => "minutes",
            },
            whole: if self.step > 1 { ", and they are whole minutes" } else { "" },
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The library's grammar, but for what is no length from now on: signs, "ago" and clock times.
fn with_units(text: &str) -> Option<Duration> {
    if text.contains(['+', '-', ':']) || text.ends_with("ago") {
        return None;
    }
    SpanParser::new().parse_unsigned_duration(text).ok()
}

/// A length of time as it is typed: `15m`, `1h30m`, `0`.
pub fn typed(time: Duration) -> String {
    if time.is_zero() {
        return "0".to_owned();
    }
    SpanPrinter::new().spacing(Spacing::None).unsigned_duration_to_string(&time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn they_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("15min", 900),
            ("2h", 7200),
            ("1h30m", 5400),
            ("1h 30m", 5400),
            ("1.5h", 5400),
            ("2 hours", 7200),
            ("0h5M", 300),
            ("1h0m5s", 3605),
            (" 24h ", 86_400),
            ("10", 600),
        ] {
            assert_eq!(RUN.parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "h30m",
            "0",
            "0s",
            "24h1s",
            "25h",
            "1d",
            "1w",
            "1mo",
            "2h30",
            "30m2h",
            "-5",
            "+5",
            "-5m",
            "5m ago",
            "01:30:00",
            "1e3s",
            "1.5",
            "0.0001s",
            "1500ms",
            "PT5M",
            "１５m",
            "99999999999999999999",
            "99999999999999999999h",
            "18446744073709551615",
        ] {
            assert!(RUN.parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_alone_has_the_unit_of_its_option() {
        assert_eq!(TIMEOUT.parse("90"), Ok(Duration::from_secs(90)));
        assert_eq!(SESSION.parse("15"), Ok(Duration::from_secs(900)));
        assert_eq!(SPREAD.parse("0"), Ok(Duration::ZERO));
        assert!(GAME.parse("90s").is_err() && GAME.parse("120s").is_ok());
    }

    #[test]
    fn a_refusal_says_what_is_taken() {
        let said = GAME.parse("a while").unwrap_err().to_string();
        let told = "it takes a length of time from 1m to 24h, such as 2h30m or 150m; a number \
                    alone is minutes, and they are whole minutes";
        assert_eq!(said, told);
        for range in [TIMEOUT, MAX_WAIT, SESSION, RUN, SPREAD, SHARED, GAME, REMINDER] {
            for example in range.examples.split(" or ") {
                assert!(range.parse(example).is_ok(), "{example}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_typed_is_read_again(seconds in 1_u64..=86_400) {
            let time = Duration::from_secs(seconds);
            prop_assert_eq!(RUN.parse(&typed(time)), Ok(time));
        }

        #[test]
        fn no_text_makes_it_stumble(text in "[0-9hmsind .,:+-]{0,20}") {
            if let Ok(time) = GAME.parse(&text) {
                prop_assert!(time >= MINUTE && time <= DAY && time.as_secs() % 60 == 0);
            }
        }
    }
}
