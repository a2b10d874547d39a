use nbatodo::model::{Game, Status, Tipoff};
use nbatodo::schedule::{Coming, Schedule, bundled, coming, feed};

use crate::{FEED, instant, team};

fn at(schedule: &Schedule, code: &str, now: &str) -> Coming {
    coming(schedule, team(code), instant(now))
}

fn ids(games: &[Game]) -> Vec<String> {
    games.iter().map(|game| game.id.to_string()).collect()
}

#[test]
fn a_season_shrinks_as_it_is_played() {
    let schedule = bundled::newest().unwrap();
    let before = at(&schedule, "BOS", "2026-10-01T00:00:00Z");
    assert_eq!((before.games.len(), before.played, before.undecided), (80, 0, 6));
    for code in ["BOS", "LAL", "PHX", "NOP"] {
        let november = at(&schedule, code, "2026-11-23T20:00:00Z");
        assert!((62..=65).contains(&november.games.len()), "{code}");
        assert_eq!(november.games.len() + november.played, 80, "{code}");
        assert!(november.games.is_sorted_by_key(|game| game.tipoff.sort_key()));
    }
    let after = at(&schedule, "BOS", "2027-05-01T00:00:00Z");
    assert_eq!((after.games.len(), after.played, after.undecided), (0, 80, 0));
    let days = after.days.unwrap();
    assert_eq!(
        (days.first, days.last),
        (jiff::civil::date(2026, 10, 20), jiff::civil::date(2027, 4, 11))
    );
}

/// Games around the nights on which the clocks change, and the abroad ones.
#[test]
fn tipoffs_are_exact() {
    let schedule = bundled::newest().unwrap();
    for (code, id, tipoff) in [
        ("MEM", "0022600150", "2026-11-01T00:00:00Z"),
        ("BOS", "0022600154", "2026-11-01T20:30:00Z"),
        ("GSW", "0022600156", "2026-11-02T01:30:00Z"),
        ("POR", "0022600975", "2027-03-14T03:30:00Z"),
        ("BOS", "0022600976", "2027-03-14T16:00:00Z"),
        ("DEN", "0022600189", "2026-11-07T22:00:00Z"),
        ("NOP", "0022600075", "2027-01-14T19:00:00Z"),
        ("SAS", "0022600076", "2027-01-17T15:30:00Z"),
        ("OKC", "0022601171", "2027-04-09T01:30:00Z"),
        ("OKC", "0022601179", "2027-04-10T00:00:00Z"),
    ] {
        let tipoff = instant(tipoff);
        let second = jiff::SignedDuration::from_secs(1);
        let just_before = coming(&schedule, team(code), tipoff - second);
        assert_eq!(just_before.games[0].id.to_string(), id);
        assert_eq!(just_before.games[0].tipoff, Tipoff::At(tipoff));
        let begun = coming(&schedule, team(code), tipoff);
        assert_eq!(begun.played, just_before.played + 1, "{id}");
        assert_ne!(begun.games[0].id.to_string(), id);
    }
}

#[test]
fn what_is_called_off_is_told_apart() {
    let schedule = feed::parse(FEED.as_bytes()).unwrap();
    let now = "2026-11-24T03:00:00Z";
    let milwaukee = at(&schedule, "MIL", now);
    assert_eq!(ids(&milwaukee.postponed), ["0022600271"]);
    assert_eq!((milwaukee.games.len(), milwaukee.played), (0, 0));
    let spurs = at(&schedule, "SAS", now);
    assert_eq!(ids(&spurs.cancelled), ["0022600273"]);
    assert_eq!(ids(&spurs.games), ["0022600075", "0022600076"]);
    // The replay of a postponed game is ahead, and nothing is postponed any more.
    let memphis = at(&schedule, "MEM", now);
    assert_eq!(ids(&memphis.games), ["0022600270"]);
    assert!(memphis.postponed.is_empty());
}

#[test]
fn preseason_and_the_cups_final_are_not_among_them() {
    let schedule = feed::parse(FEED.as_bytes()).unwrap();
    let boston = at(&schedule, "BOS", "2026-10-01T00:00:00Z");
    assert_eq!(ids(&boston.games), ["0022600976"], "the others are final in this feed");
    assert_eq!(boston.played, 2);
    assert_eq!(boston.undecided, 3);
    assert_eq!(boston.days.unwrap().first, jiff::civil::date(2026, 10, 20));
}

#[test]
fn a_game_without_a_time_is_ahead_through_its_day_where_it_is_played() {
    let mut schedule = bundled::newest().unwrap();
    let quarterfinal =
        schedule.games.iter_mut().find(|game| game.id.to_string() == "0022601201").unwrap();
    let (home, away) = (team("LAL"), team("BOS"));
    quarterfinal.matchup = Some(nbatodo::model::Matchup { home, away });
    let evening = at(&schedule, "BOS", "2026-12-05T07:59:59Z");
    assert_eq!(evening.games[0].id.to_string(), "0022601201");
    assert_eq!(evening.undecided, 4, "two quarterfinals of that day are over in New York");
    let midnight = at(&schedule, "BOS", "2026-12-05T08:00:00Z");
    assert_ne!(midnight.games[0].id.to_string(), "0022601201");
}

#[test]
fn a_season_that_is_not_out_has_no_days() {
    let mut schedule = bundled::newest().unwrap();
    schedule.games.retain(|game| game.id.to_string() == "0062600001");
    let boston = at(&schedule, "BOS", "2026-08-01T00:00:00Z");
    assert_eq!((boston.games.len(), boston.played, boston.days), (0, 0, None));
    schedule.games.clear();
    assert_eq!(at(&schedule, "BOS", "2026-08-01T00:00:00Z").days, None);
}

#[test]
fn a_final_game_is_played_even_where_a_wrong_clock_puts_it_ahead() {
    let mut schedule = bundled::newest().unwrap();
    schedule.games[0].status = Status::Final;
    let boston = at(&schedule, "BOS", "2026-10-01T00:00:00Z");
    assert_eq!((boston.games.len(), boston.played), (79, 1));
}
