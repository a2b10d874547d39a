//! Seasons, and the stages that a season goes through.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A season, named after the years it spans: `2026-27`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Season {
    start: i16,
}

/// Not of the form `2026-27`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSeason {
    /// One that people write in another way.
    #[error("a season is written {0}")]
    Form(Season),
    /// None at all.
    #[error("it takes a season such as 2026-27")]
    None,
}

impl Season {
    /// The season that opens in the autumn of `start`.
    pub fn starting(start: i16) -> Self {
        Self { start }
    }

    /// The season that a day belongs to: from July on, when the finals are over, it is the
    /// coming one.
    pub fn of_day(day: Date) -> Self {
        Self::starting(if day.month() >= 7 { day.year() } else { day.year() - 1 })
    }

    /// The season of two years in a row, however they are written: `2026/27`, `2026-2027`, `26-27`.
    fn meant(text: &str) -> Option<Self> {
        let numbers: Vec<&str> = text.split(|it: char| !it.is_ascii_digit()).collect();
        let [first, second] = numbers[..] else { return None };
        let start: i16 = match first.len() {
            4 => first.parse().ok()?,
            2 => 2000 + first.parse::<i16>().ok()?,
            _ => return None,
        };
        let season = Self::starting(start);
        let ends = [format!("{:02}", (start + 1) % 100), (start + 1).to_string()];
        ends.iter().any(|end| end == second).then_some(season)
    }

    /// The season after this one.
    pub fn next(self) -> Self {
        Self::starting(self.start + 1)
    }

    /// The year of its opening night.
    pub fn start_year(self) -> i16 {
        self.start
    }
}

impl FromStr for Season {
    type Err = InvalidSeason;

    fn from_str(text: &str) -> Result<Self, InvalidSeason> {
        let season = text
            .get(..4)
            .filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|year| year.parse().ok())
            .map(Season::starting);
        season
            .filter(|season| season.to_string() == text)
            .ok_or_else(|| Season::meant(text).map_or(InvalidSeason::None, InvalidSeason::Form))
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.start, (self.start + 1) % 100)
    }
}

/// What a game counts for. The league's game ids say it with their third digit, and nothing
/// else in its feed does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 001
    Preseason,
    /// 002, the cup's games up to the semifinals included
    Regular,
    /// 003
    AllStar,
    /// 004
    Playoffs,
    /// 005
    PlayIn,
    /// 006: does not count for the season's record
    CupFinal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_reads_as_it_prints() {
        for text in ["2026-27", "1999-00", "2008-09"] {
            assert_eq!(text.parse::<Season>().unwrap().to_string(), text);
        }
        assert_eq!("2026-27".parse::<Season>().unwrap().start_year(), 2026);
    }

    #[test]
    fn the_coming_season_begins_when_the_finals_are_over() {
        let of = |month, day| Season::of_day(Date::constant(2027, month, day)).to_string();
        assert_eq!((of(1, 1), of(6, 30)), ("2026-27".to_owned(), "2026-27".to_owned()));
        assert_eq!((of(7, 1), of(12, 31)), ("2027-28".to_owned(), "2027-28".to_owned()));
        assert_eq!(Season::starting(2026).next().to_string(), "2027-28");
    }

    #[test]
    fn other_texts_are_no_season() {
        for text in ["", "2026", "2026-28", "2026-2027", "+026-27", "26-27", "éé26-27"] {
            assert!(text.parse::<Season>().is_err(), "{text}");
        }
        for text in ["2026/27", "2026-2027", "2026 27", "26/27", "26-27"] {
            let meant = Err(InvalidSeason::Form(Season::starting(2026)));
            assert_eq!(text.parse::<Season>(), meant, "{text}");
        }
        for text in ["", "2026", "2026/28", "9999/99", "26-28"] {
            assert_eq!(text.parse::<Season>(), Err(InvalidSeason::None), "{text}");
        }
    }
}
