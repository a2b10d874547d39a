//! The clocks of the place where a game is played.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{Game, Tipoff};
use crate::schedule::eastern;

/// The zone of the host's own arena; Eastern while the teams are undecided.
///
/// No source names the zone of the arena itself. The host's own differs from it only on
/// neutral ground, where it is off by hours.
pub fn zone(game: &Game) -> TimeZone {
    game.matchup
        .and_then(|matchup| TimeZone::get(matchup.home.team().zone).ok())
        .unwrap_or_else(eastern::zone)
}

/// The day on which a game is played, in the zone of [`zone`].
pub fn day(game: &Game) -> Date {
    match game.tipoff {
        Tipoff::At(instant) => instant.to_zoned_datetime(zone(game)).date(),
        Tipoff::Undecided(day) => day,
    }
}

/// Whether a game lies ahead at `now`; one whose time is to be determined does through its
/// whole day.
pub(super) fn lies_ahead(game: &Game, now: Timestamp) -> bool {
    game.tipoff.is_coming(now, &zone(game))
}
