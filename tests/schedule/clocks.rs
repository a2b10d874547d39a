//! When games start: instants, days, and the clocks of the arena, with the ids and instants of
//! real games.

use jiff::civil::date;
use jiff::tz::TimeZone;
use nbatodo::model::Tipoff;
use nbatodo::schedule::{arena, bundled};

use crate::rows::{Row, at, game, only, there};

#[test]
fn false_zs_are_not_believed() {
    let row = Row::new("0022600002", "PHI@NYK", "2026-10-20T23:00:00Z");
    assert_eq!(row.value()["gameDateTimeEst"], "2026-10-20T19:00:00Z");
    assert_eq!(only(row.clone()).tipoff, at("2026-10-20T23:00:00Z"));
    // Even where every other time says something else.
    let lies = row
        .with("gameDateTimeEst", "2026-10-21T03:00:00Z")
        .with("gameTimeEst", "1900-01-01T03:00:00Z")
        .with("homeTeamTime", "2026-10-21T03:00:00Z")
        .with("gameTimeUTC", "1900-01-01T03:00:00Z");
    assert_eq!(only(lies).tipoff, at("2026-10-20T23:00:00Z"));
}

#[test]
fn midnights_are_tipoffs_unless_they_are_marked() {
    // 8 pm in the Eastern summer, 11 pm in its winter, and midnight itself in both.
    for utc in ["2026-10-24T00:00:00Z", "2026-11-11T04:00:00Z", "2026-10-25T04:00:00Z"] {
        assert_eq!(only(Row::new("0022600100", "OKC@POR", utc)).tipoff, at(utc));
    }
    let undecided = Tipoff::Undecided(date(2026, 10, 25));
    assert_eq!(only(Row::open("0022600100", "OKC@POR", "2026-10-25")).tipoff, undecided);
    // Each mark alone is enough.
    let midnight = Row::new("0022600100", "OKC@POR", "2026-10-25T04:00:00Z");
    assert_eq!(only(midnight.clone().with("gameStatusText", "TBD  ")).tipoff, undecided);
    let year_one = midnight.with("gameTimeEst", "0001-01-01T00:00:00Z");
    assert_eq!(only(year_one).tipoff, undecided);
}

#[test]
fn an_undecided_time_is_a_day_at_the_arena() {
    for (day, utc) in [("2026-10-25", "T04:00:00Z"), ("2026-12-16", "T05:00:00Z")] {
        let row = Row::open("0022600100", "BOS@LAL", day);
        assert!(row.value()["gameDateTimeUTC"].as_str().unwrap().ends_with(utc));
        let game = only(row);
        assert_eq!(game.tipoff, Tipoff::Undecided(day.parse().unwrap()));
        // Not the evening before, which that instant is in Los Angeles.
        assert_eq!(arena::day(&game).to_string(), day);
    }
}

/// The arena's clocks, not the host's own, whatever `isNeutral` says.
#[test]
fn games_abroad_and_on_neutral_ground_have_the_arenas_clocks() {
    for (id, pair, utc, arena, city, local) in [
        (
            "0022600189",
            "DEN@IND",
            "2026-11-07T22:00:00Z",
            "Arena CDMX",
            "Mexico City",
            "Sat 07 Nov 16:00",
        ),
        (
            "0022600075",
            "NOP@SAS",
            "2027-01-14T19:00:00Z",
            "Accor Arena",
            "Paris",
            "Thu 14 Jan 20:00",
        ),
        (
            "0022600076",
            "SAS@NOP",
            "2027-01-17T15:30:00Z",
            "Co-op Live",
            "Manchester",
            "Sun 17 Jan 15:30",
        ),
        (
            "0022600077",
            "MEM@ORL",
            "2027-01-15T19:00:00Z",
            "Uber Arena",
            "Berlin",
            "Fri 15 Jan 20:00",
        ),
        ("0022600078", "ORL@MEM", "2027-01-18T17:00:00Z", "The O2", "London", "Mon 18 Jan 17:00"),
        (
            "0022601229",
            "BOS@NYK",
            "2026-12-09T02:30:00Z",
            "T-Mobile Arena",
            "Las Vegas",
            "Tue 08 Dec 18:30",
        ),
        (
            "0022600862",
            "DEN@SAS",
            "2027-02-27T01:00:00Z",
            "Moody Center",
            "Austin",
            "Fri 26 Feb 19:00",
        ),
        (
            "0012600012",
            "BOS@TOR",
            "2026-10-10T02:00:00Z",
            "Rogers Arena",
            "Vancouver",
            "Fri 09 Oct 19:00",
        ),
    ] {
        for neutral in [true, false] {
            let row = Row::new(id, pair, utc).at(arena, city).with("isNeutral", neutral);
            assert_eq!(there(&only(row)), local, "{city}");
        }
        // A source that names no city.
        if !matches!(city, "Vancouver") {
            assert_eq!(there(&only(Row::new(id, pair, utc).at(arena, ""))), local, "{arena}");
        }
    }
    // A venue that changes moves the day with it: 02:00Z is Friday in Phoenix, Saturday in Paris.
    let row = Row::new("0022600100", "LAL@PHX", "2026-11-07T02:00:00Z");
    let home = only(row.clone().at("Mortgage Matchup Center", "Phoenix"));
    let abroad = only(row.at("Accor Arena", "Paris"));
    assert_eq!((arena::day(&home), arena::day(&abroad)), (date(2026, 11, 6), date(2026, 11, 7)));
}

/// The United States leave summer time on 1 November 2026 and enter it on 14 March 2027.
#[test]
fn both_clock_changes_leave_the_tipoffs_right() {
    for (id, pair, utc, local) in [
        ("0022600150", "SAC@MEM", "2026-11-01T00:00:00Z", "Sat 31 Oct 19:00"),
        ("0022600154", "BOS@ORL", "2026-11-01T20:30:00Z", "Sun 01 Nov 15:30"),
        ("0022600156", "LAC@GSW", "2026-11-02T01:30:00Z", "Sun 01 Nov 17:30"),
        ("0022600975", "LAC@POR", "2027-03-14T03:30:00Z", "Sat 13 Mar 19:30"),
        ("0022600976", "BOS@NYK", "2027-03-14T16:00:00Z", "Sun 14 Mar 12:00"),
        ("0022600300", "UTA@PHX", "2026-10-31T02:00:00Z", "Fri 30 Oct 19:00"),
        ("0022600301", "UTA@PHX", "2026-11-02T02:00:00Z", "Sun 01 Nov 19:00"),
        ("0022600302", "UTA@PHX", "2027-03-16T02:00:00Z", "Mon 15 Mar 19:00"),
    ] {
        assert_eq!(there(&only(Row::new(id, pair, utc))), local, "{id}");
    }
}

#[test]
fn the_day_is_the_arenas_and_not_greenwichs() {
    let season = bundled::newest().unwrap();
    let (new_york, utc) = (TimeZone::get("America/New_York").unwrap(), TimeZone::UTC);
    let placed = season.games.iter().filter(|game| matches!(game.tipoff, Tipoff::At(_)));
    let mut elsewhere = 0;
    for game in placed {
        let Tipoff::At(start) = game.tipoff else { continue };
        assert_eq!(arena::day(game), start.to_zoned_datetime(new_york.clone()).date());
        elsewhere += usize::from(arena::day(game) != start.to_zoned_datetime(utc.clone()).date());
    }
    assert_eq!(elsewhere, 921);
    // By UTC, Miami would play twice on 24 October.
    let (friday, saturday) = (game(&season, "0022600098"), game(&season, "0022600104"));
    let days = (arena::day(&friday), arena::day(&saturday));
    assert_eq!(days, (date(2026, 10, 23), date(2026, 10, 24)));
}
