//! The clocks of the place where a game is played.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{Game, Tipoff, Venue};
use crate::schedule::eastern;

/// Where the league plays away from its teams' homes, and the IANA zones there: cities, and
/// arenas for the sources that name no city. A team's second city in its own zone needs no line.
#[rustfmt::skip] // A table reads best as one.
static ELSEWHERE: [(&str, &str); 37] = [
    ("Abu Dhabi", "Asia/Dubai"), ("Etihad Arena", "Asia/Dubai"),
    ("Anaheim", "America/Los_Angeles"),
    ("Austin", "America/Chicago"), ("Moody Center", "America/Chicago"),
    ("Barcelona", "Europe/Madrid"),
    ("Berlin", "Europe/Berlin"), ("Uber Arena", "Europe/Berlin"),
    ("Edmonton", "America/Edmonton"),
    ("Honolulu", "Pacific/Honolulu"),
    ("Indianapolis", "America/Indiana/Indianapolis"),
    ("Hinkle Fieldhouse", "America/Indiana/Indianapolis"),
    ("Las Vegas", "America/Los_Angeles"), ("T-Mobile Arena", "America/Los_Angeles"),
    ("London", "Europe/London"), ("The O2", "Europe/London"), ("The O2 Arena", "Europe/London"),
    ("Macao", "Asia/Macau"), ("Macau", "Asia/Macau"), ("The Venetian Arena", "Asia/Macau"),
    ("Madrid", "Europe/Madrid"),
    ("Manchester", "Europe/London"), ("Co-op Live", "Europe/London"),
    ("Melbourne", "Australia/Melbourne"),
    ("Mexico City", "America/Mexico_City"), ("Arena CDMX", "America/Mexico_City"),
    ("Montreal", "America/Toronto"), ("Montréal", "America/Toronto"),
    ("Paris", "Europe/Paris"), ("Accor Arena", "Europe/Paris"),
    ("Quebec City", "America/Toronto"), ("Québec", "America/Toronto"),
    ("Videotron Centre", "America/Toronto"),
    ("San Diego", "America/Los_Angeles"),
    ("Seattle", "America/Los_Angeles"),
    ("Tokyo", "Asia/Tokyo"),
    ("Vancouver", "America/Vancouver"),
];

/// The zone of the arena: of its city where that is a known one, or else of the host's own
/// arena; Eastern while nobody knows who hosts.
///
/// No source names the zone, and whether a feed calls a game neutral says little: it does not
/// for some that are played an ocean away from the host.
pub fn zone(game: &Game) -> TimeZone {
    let elsewhere = game.venue.as_ref().and_then(zone_name);
    let at_home = game.matchup.map(|matchup| matchup.home.team().zone);
    elsewhere.or(at_home).and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(eastern::zone)
}

fn zone_name(venue: &Venue) -> Option<&'static str> {
    let is_here = |place: &str| venue.city == place || venue.arena == place;
    ELSEWHERE.iter().find(|(place, _)| is_here(place)).map(|(_, zone)| *zone)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_known() {
        for (place, zone) in ELSEWHERE {
            assert!(TimeZone::get(zone).is_ok(), "{place}");
        }
    }
}
