use jiff::civil::{Date, date};
use nbatodo::model::{Game, Matchup, Season, Stage, Status, Tipoff};
use nbatodo::schedule::{Filter, Schedule, Selection, Side, bundled, coming, feed, select};

use crate::{FEED, instant, team};

/// Before the first game of 2026-27, its preseason included.
const SUMMER: &str = "2026-08-01T00:00:00Z";

fn game(id: &str, tipoff: &str, home: &str, away: &str) -> Game {
    Game {
        id: id.parse().unwrap(),
        tipoff: Tipoff::At(instant(tipoff)),
        matchup: Some(Matchup { home: team(home), away: team(away) }),
        venue: None,
        status: Status::Scheduled,
        label: None,
        national_tv: vec![],
    }
}

/// An autumn with games of Boston in three stages, one of others, and one without teams yet.
fn autumn() -> Schedule {
    let undecided = Game {
        tipoff: Tipoff::Undecided(date(2026, 12, 4)),
        matchup: None,
        ..game("0022600007", "2026-12-04T00:00:00Z", "BOS", "NYK")
    };
    let mut games = vec![
        game("0012600001", "2026-10-05T23:00:00Z", "BOS", "NYK"),
        game("0022600001", "2026-10-20T23:30:00Z", "BOS", "NYK"),
        // The evening of 31 October at the arena.
        game("0022600002", "2026-11-01T02:30:00Z", "LAL", "BOS"),
        game("0022600003", "2026-11-03T00:30:00Z", "BOS", "MIA"),
        game("0022600004", "2026-11-05T00:30:00Z", "MIA", "BOS"),
        game("0022600005", "2026-11-06T00:30:00Z", "MIA", "NYK"),
        game("0022600006", "2026-11-08T00:30:00Z", "BOS", "NYK"),
        undecided,
        game("0062600001", "2026-12-16T01:30:00Z", "BOS", "LAL"),
    ];
    games[1].status = Status::Final;
    Schedule { season: Season::starting(2026), published: instant(SUMMER), games }
}

fn boston(filter: &Filter, now: &str) -> Selection {
    select(&autumn(), team("BOS"), filter, instant(now))
}

/// The last digit of an id of the regular season, or the whole id of another stage.
fn serials(games: &[Game]) -> Vec<String> {
    games
        .iter()
        .map(|game| game.id.to_string().trim_start_matches("002260000").to_owned())
        .collect()
}

fn between(from: Option<Date>, to: Option<Date>) -> Filter {
    Filter { from, to, ..Filter::default() }
}

#[test]
fn the_default_wants_the_coming_games_of_the_regular_season() {
    let found = boston(&Filter::default(), "2026-11-02T00:00:00Z");
    assert_eq!(serials(&found.games), ["3", "4", "6"]);
    assert_eq!((found.played, found.undecided), (2, 1));
    assert_eq!(found, coming(&autumn(), team("BOS"), instant("2026-11-02T00:00:00Z")));
}

#[test]
fn known_is_every_game_of_the_team_whatever_is_wanted() {
    let narrow = Filter { next: Some(1), side: Some(Side::Away), ..Filter::default() };
    let mut schedule = autumn();
    schedule.games[3].status = Status::Postponed;
    let found = select(&schedule, team("BOS"), &narrow, instant(SUMMER));
    assert_eq!(serials(&found.games), ["2"]);
    let known: Vec<String> = found.known.iter().map(ToString::to_string).collect();
    assert_eq!(
        known,
        [
            "0012600001",
            "0022600001",
            "0022600002",
            "0022600003",
            "0022600004",
            "0022600006",
            "0062600001"
        ]
    );
}

#[test]
fn sides_and_opponents_narrow() {
    let side = |side| Filter { side: Some(side), ..Filter::default() };
    assert_eq!(serials(&boston(&side(Side::Home), SUMMER).games), ["3", "6"]);
    assert_eq!(serials(&boston(&side(Side::Away), SUMMER).games), ["2", "4"]);
    let against = |codes: &[&str]| Filter {
        opponents: codes.iter().map(|code| team(code)).collect(),
        ..Filter::default()
    };
    assert_eq!(serials(&boston(&against(&["MIA"]), SUMMER).games), ["3", "4"]);
    assert_eq!(serials(&boston(&against(&["LAL", "NYK"]), SUMMER).games), ["2", "6"]);
    assert!(boston(&against(&["BOS"]), SUMMER).games.is_empty());
}

#[test]
fn days_are_the_arenas_and_both_ends_are_in() {
    let halloween = date(2026, 10, 31);
    let only = between(Some(halloween), Some(halloween));
    assert_eq!(serials(&boston(&only, SUMMER).games), ["2"], "1 November in UTC and in Boston");
    let november = between(Some(date(2026, 11, 1)), None);
    assert_eq!(serials(&boston(&november, SUMMER).games), ["3", "4", "6"]);
    let until = between(None, Some(date(2026, 11, 4)));
    assert_eq!(serials(&boston(&until, SUMMER).games), ["2", "3", "4"]);
    // Nobody who asks for November is told of undecided games in December.
    assert_eq!(boston(&until, SUMMER).undecided, 0);
    assert_eq!(boston(&november, SUMMER).undecided, 1);
}

#[test]
fn stages_are_those_that_are_named() {
    let stages = |stages: &[Stage]| Filter { stages: stages.to_vec(), ..Filter::default() };
    let preseason = boston(&stages(&[Stage::Preseason]), SUMMER);
    assert_eq!(serials(&preseason.games), ["0012600001"]);
    assert_eq!((preseason.played, preseason.undecided), (0, 0));
    // The season is not over because its preseason is.
    let days = preseason.days.unwrap();
    assert_eq!((days.first, days.last), (date(2026, 10, 5), date(2026, 12, 4)));
    let two = boston(&stages(&[Stage::Regular, Stage::CupFinal]), SUMMER);
    assert_eq!(serials(&two.games), ["2", "3", "4", "6", "0062600001"]);
}

#[test]
fn next_counts_coming_games_after_everything_else() {
    let next = |count| Filter { next: Some(count), ..Filter::default() };
    assert_eq!(serials(&boston(&next(2), "2026-11-02T00:00:00Z").games), ["3", "4"]);
    assert_eq!(serials(&boston(&next(9), "2026-11-02T00:00:00Z").games), ["3", "4", "6"]);
    assert!(boston(&next(0), SUMMER).games.is_empty());
    let home = Filter { side: Some(Side::Home), ..next(2) };
    assert_eq!(serials(&boston(&home, SUMMER).games), ["3", "6"]);
}

#[test]
fn past_games_come_only_when_asked_for_and_are_not_counted() {
    let past = Filter { include_past: true, next: Some(1), ..Filter::default() };
    let found = boston(&past, "2026-11-02T00:00:00Z");
    assert_eq!(serials(&found.games), ["1", "2", "3"]);
    assert_eq!(found.played, 2);
    let october = Filter { to: Some(date(2026, 10, 30)), ..past };
    assert_eq!(serials(&boston(&october, "2026-11-02T00:00:00Z").games), ["1"]);
}

#[test]
fn what_is_called_off_is_told_whatever_the_days_but_not_of_other_sides() {
    let schedule = feed::parse(FEED.as_bytes()).unwrap();
    let spurs = |filter| select(&schedule, team("SAS"), &filter, instant("2026-11-24T03:00:00Z"));
    let cancelled = spurs(Filter::default()).cancelled;
    let [game] = &cancelled[..] else { panic!("one in this feed") };
    let host = game.matchup.unwrap().home == team("SAS");
    let (its, other) = if host { (Side::Home, Side::Away) } else { (Side::Away, Side::Home) };
    let spring = between(Some(date(2027, 3, 1)), None);
    assert_eq!(spurs(spring.clone()).cancelled, cancelled);
    assert_eq!(spurs(Filter { side: Some(its), ..spring.clone() }).cancelled, cancelled);
    assert!(spurs(Filter { side: Some(other), ..spring }).cancelled.is_empty());
}

#[test]
fn filters_split_the_bundled_season_without_loss() {
    let schedule = bundled::newest().unwrap();
    for code in ["BOS", "LAL", "PHX"] {
        let count =
            |filter: Filter| select(&schedule, team(code), &filter, instant(SUMMER)).games.len();
        assert_eq!(count(Filter::default()), 80, "{code}");
        let side = |side| Filter { side: Some(side), ..Filter::default() };
        assert_eq!(count(side(Side::Home)) + count(side(Side::Away)), 80, "{code}");
        let new_year = date(2027, 1, 1);
        let before = between(None, Some(new_year.yesterday().unwrap()));
        assert_eq!(count(before) + count(between(Some(new_year), None)), 80, "{code}");
    }
}
