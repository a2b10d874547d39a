//! The league's own calendar: its days are those of New York.

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};

use crate::model::Tipoff;

/// The zone by which the league counts its days.
pub(super) fn zone() -> TimeZone {
    // The zone is compiled in. Standard time, should it be missing, still gives the right day:
    // in summer it is an hour behind, and no game starts in the hour after midnight.
    TimeZone::get("America/New_York").unwrap_or_else(|_| offset(-5).to_time_zone())
}

/// The Eastern day of a tip-off; `eastern` is [`zone`].
pub(super) fn day_of(tipoff: Tipoff, eastern: &TimeZone) -> Date {
    match tipoff {
        Tipoff::At(instant) => instant.to_zoned_datetime(eastern.clone()).date(),
        Tipoff::Undecided(day) => day,
    }
}
