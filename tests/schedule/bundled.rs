use std::collections::{BTreeMap, HashSet};

use jiff::tz::TimeZone;
use nbatodo::model::{Game, GameId, Stage, Status, Tipoff, Tricode};
use nbatodo::schedule::bundled;

use crate::instant;

#[test]
fn the_bundled_season_adds_up() {
    let schedule = bundled::newest().unwrap();
    assert_eq!(schedule.season.to_string(), "2026-27");
    assert_eq!(schedule.season, bundled::newest_season().unwrap());
    assert_eq!(schedule.published, instant("2026-08-16T00:00:00Z"));
    let (placed, open): (Vec<&Game>, Vec<&Game>) =
        schedule.games.iter().partition(|game| game.matchup.is_some());
    assert_eq!((placed.len(), open.len()), (1200, 7));
    assert!(schedule.games.iter().all(|game| game.status == Status::Scheduled));
    let ids: HashSet<GameId> = schedule.games.iter().map(|game| game.id).collect();
    assert_eq!(ids.len(), 1207);

    let (mut home, mut away) = (BTreeMap::new(), BTreeMap::new());
    for game in &placed {
        let matchup = game.matchup.unwrap();
        *home.entry(matchup.home).or_insert(0) += 1;
        *away.entry(matchup.away).or_insert(0) += 1;
    }
    for team in Tricode::all() {
        assert_eq!((home[&team], away[&team]), (40, 40), "{team}");
    }
}

#[test]
fn nobody_plays_twice_on_a_day_of_the_league() {
    let new_york = TimeZone::get("America/New_York").unwrap();
    let mut seen = HashSet::new();
    for game in bundled::newest().unwrap().games {
        let (Some(matchup), Tipoff::At(start)) = (game.matchup, game.tipoff) else { continue };
        let day = start.to_zoned_datetime(new_york.clone()).date();
        for team in [matchup.home, matchup.away] {
            assert!(seen.insert((team, day)), "{team} {day}");
        }
    }
    assert_eq!(seen.len(), 2400);
}

#[test]
fn the_undecided_games_are_the_cups_knockout() {
    let schedule = bundled::newest().unwrap();
    let open: Vec<(String, Tipoff, &str)> = schedule
        .games
        .iter()
        .filter(|game| game.matchup.is_none())
        .map(|game| (game.id.to_string(), game.tipoff, game.label.as_deref().unwrap()))
        .collect();
    let day = |text: &str| Tipoff::Undecided(text.parse().unwrap());
    let cup = |id: &str, on, round| (id.to_owned(), day(on), round);
    assert_eq!(
        open,
        [
            cup("0022601201", "2026-12-04", "Emirates NBA Cup · Quarterfinal"),
            cup("0022601202", "2026-12-04", "Emirates NBA Cup · Quarterfinal"),
            cup("0022601203", "2026-12-05", "Emirates NBA Cup · Quarterfinal"),
            cup("0022601204", "2026-12-05", "Emirates NBA Cup · Quarterfinal"),
            cup("0022601229", "2026-12-08", "Emirates NBA Cup · Semifinal"),
            cup("0022601230", "2026-12-08", "Emirates NBA Cup · Semifinal"),
            cup("0062600001", "2026-12-11", "Emirates NBA Cup · Championship"),
        ]
    );
    let last = schedule.games.iter().find(|game| game.id.stage() == Stage::CupFinal).unwrap();
    assert_eq!(last.venue.as_ref().unwrap().arena, "Hinkle Fieldhouse");
}

#[test]
fn the_seasons_in_the_binary_stay_small() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schedule/seasons");
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let size = file.metadata().unwrap().len();
        assert!(size <= 150 * 1024, "{:?} has {size} bytes", file.file_name());
    }
}
