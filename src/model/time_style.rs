//! How a person reads dates and times.

use jiff::ZonedDateTime;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

/// A style in which dates and times are shown to people. What programs read is always ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeStyle {
    /// How hours count.
    pub clock: Clock,
    /// What comes first in a date.
    pub order: DateOrder,
    /// The first day of a week.
    pub week_start: Weekday,
}

/// How hours count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// `19:30`
    Hours24,
    /// `7:30 PM`
    Hours12,
}

/// What comes first in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `Fri 27 Nov`
    DayFirst,
    /// `Fri Nov 27`
    MonthFirst,
}

/// What Todoist knows of it (resource `user` of the API); `None` where it did not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimePreferences {
    /// 0 for 24 hours, 1 for 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_format: Option<u8>,
    /// 0 for the day first, 1 for the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<u8>,
    /// 1 for Monday to 7 for Sunday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_day: Option<u8>,
}

/// Territories (ISO 3166) that count hours to twelve, that begin the week on a Sunday or a
/// Saturday, and that name the month first: the larger ones of Unicode's CLDR, `timeData` and
/// `weekData`.
const TWELVE_HOURS: &str = "AU BD CA CO EG IN MY NZ PH PK SA US";
const FROM_SUNDAY: &str = "BD BR CA CO HK ID IL IN JP KE KR MX PE PH PK PR PT SA SG TH TW US VE ZA";
const FROM_SATURDAY: &str = "AE AF BH DZ EG IQ IR JO KW LY OM QA SD SY";
const MONTH_FIRST: &str = "PR US";

impl Default for TimeStyle {
    /// Where nobody says anything: weeks from Sunday on, as the league counts them.
    fn default() -> Self {
        Self { clock: Clock::Hours24, order: DateOrder::DayFirst, week_start: Weekday::Sunday }
    }
}

impl TimeStyle {
    /// The style of a POSIX locale such as `en_US.UTF-8`; one without a territory, as `C`, tells
    /// nothing.
    pub fn of_locale(locale: Option<&str>) -> Self {
        let name = locale.unwrap_or_default().split(['.', '@']).next().unwrap_or_default();
        let Some((language, territory)) = name.split_once('_') else { return Self::default() };
        let is_in = |territories: &str| territories.split(' ').any(|it| it == territory);
        // Half of Canada counts as France does.
        let counts_to_twelve = is_in(TWELVE_HOURS) && language != "fr";
        Self {
            clock: if counts_to_twelve { Clock::Hours12 } else { Clock::Hours24 },
            order: if is_in(MONTH_FIRST) { DateOrder::MonthFirst } else { DateOrder::DayFirst },
            week_start: if is_in(FROM_SUNDAY) {
                Weekday::Sunday
            } else if is_in(FROM_SATURDAY) {
                Weekday::Saturday
            } else {
                Weekday::Monday
            },
        }
    }

    /// `19:30` or `7:30 PM`.
    pub fn time(self, time: Time) -> String {
        time.strftime(match self.clock {
            Clock::Hours24 => "%H:%M",
            Clock::Hours12 => "%-I:%M %p",
        })
        .to_string()
    }

    /// The same in the least room: `19:30` or `7:30pm`.
    pub fn short_time(self, time: Time) -> String {
        match self.clock {
            Clock::Hours24 => self.time(time),
            Clock::Hours12 => time.strftime("%-I:%M%P").to_string(),
        }
    }

    /// `Fri 27 Nov` or `Fri Nov 27`; a day of one digit has a blank before it, for columns.
    pub fn day(self, day: Date) -> String {
        let text = match self.order {
            DateOrder::DayFirst => day.strftime("%a %e %b"),
            DateOrder::MonthFirst => day.strftime("%a %b %e"),
        };
        text.to_string()
    }

    /// `Fri 27 Nov` or `Fri Nov 27`; a day of one digit has a nought before it.
    pub fn full_day(self, day: Date) -> String {
        let text = match self.order {
            DateOrder::DayFirst => day.strftime("%a %d %b"),
            DateOrder::MonthFirst => day.strftime("%a %b %d"),
        };
        text.to_string()
    }

    /// Day and time in the zone of `moment`.
    pub fn moment(self, moment: &ZonedDateTime) -> String {
        format!("{} {}", self.full_day(moment.date()), self.time(moment.time()))
    }
}

impl TimePreferences {
    /// Whether Todoist told nothing.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// The style that it makes, with that of `fallback` where it tells nothing, or nothing that
    /// we know.
    pub fn over(self, fallback: TimeStyle) -> TimeStyle {
        let start = self.start_day.and_then(|day| i8::try_from(day).ok());
        TimeStyle {
            clock: match self.time_format {
                Some(0) => Clock::Hours24,
                Some(1) => Clock::Hours12,
                _ => fallback.clock,
            },
            order: match self.date_format {
                Some(0) => DateOrder::DayFirst,
                Some(1) => DateOrder::MonthFirst,
                _ => fallback.order,
            },
            week_start: start
                .and_then(|day| Weekday::from_monday_one_offset(day).ok())
                .unwrap_or(fallback.week_start),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_locale_says_how_hours_count_and_when_the_week_begins() {
        use Weekday::{Monday, Saturday, Sunday};
        for (locale, clock, day, first) in [
            ("", "19:30", "Fri 27 Nov", Sunday),
            ("C.UTF-8", "19:30", "Fri 27 Nov", Sunday),
            ("en_US.UTF-8", "7:30 PM", "Fri Nov 27", Sunday),
            ("en_CA", "7:30 PM", "Fri 27 Nov", Sunday),
            ("fr_CA.UTF-8", "19:30", "Fri 27 Nov", Sunday),
            ("en_AU.UTF-8", "7:30 PM", "Fri 27 Nov", Monday),
            ("ja_JP.UTF-8", "19:30", "Fri 27 Nov", Sunday),
            ("de_DE@euro", "19:30", "Fri 27 Nov", Monday),
            ("ar_EG.UTF-8", "7:30 PM", "Fri 27 Nov", Saturday),
        ] {
            let style = TimeStyle::of_locale(Some(locale));
            let shown = (style.time(time(19, 30, 0, 0)), style.day(date(2026, 11, 27)));
            assert_eq!(shown, (clock.to_owned(), day.to_owned()), "{locale}");
            assert_eq!(style.week_start, first, "{locale}");
        }
        assert_eq!(TimeStyle::of_locale(None), TimeStyle::default());
    }

    #[test]
    fn what_todoist_knows_comes_before_the_locale() {
        let american = TimeStyle::of_locale(Some("en_US"));
        let told =
            TimePreferences { time_format: Some(0), date_format: Some(0), start_day: Some(1) };
        let german = TimeStyle::of_locale(Some("de_DE"));
        assert_eq!(told.over(american), german);
        assert_eq!(TimePreferences::default().over(american), american);
        let odd =
            TimePreferences { time_format: Some(7), date_format: Some(2), start_day: Some(0) };
        assert_eq!(odd.over(american), american);
    }

    #[test]
    fn midnight_and_noon_are_twelve() {
        let style = TimeStyle::of_locale(Some("en_US"));
        for (hour, long, short) in [(0, "12:05 AM", "12:05am"), (12, "12:05 PM", "12:05pm")] {
            let time = time(hour, 5, 0, 0);
            assert_eq!((style.time(time), style.short_time(time)), (long.into(), short.into()));
        }
    }
}
