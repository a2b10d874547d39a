//! When a game starts.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// When a game starts: an instant, or a day whose time is to be determined. Two cases, so
/// that nobody can take a placeholder midnight for a tip-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tipoff {
    /// The instant of the tip-off, in UTC as every instant here.
    At(Timestamp),
    /// The day in the arena's zone; the time is to be determined.
    Undecided(Date),
}

impl Tipoff {
    /// Whether the game still lies ahead at `now`. A game whose time is to be determined
    /// lies ahead through its whole day, as the clocks of `zone` count days.
    pub fn is_coming(self, now: Timestamp, zone: &TimeZone) -> bool {
        match self {
            Self::At(instant) => instant > now,
            Self::Undecided(day) => day >= now.to_zoned_datetime(zone.clone()).date(),
        }
    }

    /// A moment to order games by. For an undecided time it is the start of the UTC day:
    /// good for sorting, not for showing.
    pub fn sort_key(self) -> Timestamp {
        match self {
            Self::At(instant) => instant,
            Self::Undecided(day) => day
                .to_zoned_datetime(TimeZone::UTC)
                .map_or(Timestamp::MAX, |zoned| zoned.timestamp()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_game_is_coming_until_its_tipoff() {
        let tipoff: Timestamp = "2026-11-28T00:30:00Z".parse().unwrap();
        let before: Timestamp = "2026-11-28T00:29:59Z".parse().unwrap();
        assert!(Tipoff::At(tipoff).is_coming(before, &TimeZone::UTC));
        assert!(!Tipoff::At(tipoff).is_coming(tipoff, &TimeZone::UTC));
    }

    #[test]
    fn an_undecided_game_is_coming_through_its_day_at_the_arena() {
        let day: Date = "2026-12-04".parse().unwrap();
        let los_angeles = TimeZone::get("America/Los_Angeles").unwrap();
        let last_minute: Timestamp = "2026-12-05T07:59:00Z".parse().unwrap();
        let next_day: Timestamp = "2026-12-05T08:00:00Z".parse().unwrap();
        assert!(Tipoff::Undecided(day).is_coming(last_minute, &los_angeles));
        assert!(!Tipoff::Undecided(day).is_coming(next_day, &los_angeles));
    }
}
