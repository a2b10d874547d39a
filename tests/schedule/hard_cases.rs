//! What the league's feed has been seen to do, case by case, with the ids and instants of the
//! games that it did it to.

use jiff::civil::date;
use nbatodo::model::{Game, Stage, Status};
use nbatodo::schedule::feed::FeedError;
use nbatodo::schedule::{Filter, Schedule, arena, bundled, coming, feed, select};
use serde_json::{Value, json};

use crate::rows::{Row, at, game, only, read, text, there, try_read};
use crate::{instant, team};

const NOW: &str = "2026-10-01T00:00:00Z";

/// The coming games of a team.
fn ids(schedule: &Schedule, code: &str) -> Vec<String> {
    coming(schedule, team(code), instant(NOW)).games.iter().map(|it| it.id.to_string()).collect()
}

#[test]
fn undecided_teams_have_no_game_until_they_are_known() {
    for nothing in [Value::Null, json!(""), json!("TBD")] {
        let open = Row::open("0022601201", "BOS@NYK", "2026-12-04").without_teams(&nothing);
        let schedule = read("2026-27", &[open]);
        assert_eq!(schedule.games[0].matchup, None);
        assert_eq!(coming(&schedule, team("BOS"), instant(NOW)).undecided, 1);
        assert!(ids(&schedule, "BOS").is_empty() && ids(&schedule, "NYK").is_empty());
    }
    // One of them is not enough.
    let mut half = Row::open("0022601201", "BOS@NYK", "2026-12-04");
    half.value_mut()["awayTeam"]["teamId"] = json!(0);
    half.value_mut()["awayTeam"]["teamTricode"] = Value::Null;
    assert!(ids(&read("2026-27", &[half]), "NYK").is_empty());
    let decided = Row::new("0022601201", "BOS@NYK", "2026-12-05T00:00:00Z");
    let schedule = read("2026-27", &[decided]);
    assert_eq!(ids(&schedule, "BOS"), ["0022601201"]);
    assert_eq!(ids(&schedule, "NYK"), ["0022601201"]);
    assert!(ids(&schedule, "LAL").is_empty());
}

/// The four of 2025-26. GSW plays at MIN three times within as many days: the old slot, the
/// replay under the same id, and another game.
#[test]
fn postponed_games_are_replayed_under_their_id() {
    for (id, pair, slot, replay) in [
        ("0022500529", "MIA@CHI", "2026-01-09T01:00:00Z", "2026-01-30T01:00:00Z"),
        ("0022500644", "GSW@MIN", "2026-01-24T22:30:00Z", "2026-01-25T22:30:00Z"),
        ("0022500651", "DEN@MEM", "2026-01-25T20:30:00Z", "2026-03-19T00:30:00Z"),
        ("0022500652", "DAL@MIL", "2026-01-26T00:00:00Z", "2026-04-01T00:00:00Z"),
    ] {
        let old = Row::new(id, pair, slot).with("gameStatusText", "PPD");
        let off = read("2025-26", std::slice::from_ref(&old));
        assert_eq!(game(&off, id).status, Status::Postponed);
        let again = Row::new(id, pair, replay);
        let other = Row::new("0022500660", "GSW@MIN", "2026-01-27T02:30:00Z");
        // Alone, beside the old row, and in either order.
        let left = old.clone().with("gameStatusText", "Final").with("gameStatus", 3);
        for rows in [
            vec![again.clone(), other.clone()],
            vec![old.clone(), again.clone(), other.clone()],
            vec![other.clone(), again.clone(), old],
            vec![left, again, other],
        ] {
            let schedule = read("2025-26", &rows);
            assert_eq!(schedule.games.len(), 2);
            let game = game(&schedule, id);
            assert_eq!((game.status, game.tipoff), (Status::Scheduled, at(replay)));
        }
    }
}

#[test]
fn a_game_that_is_postponed_twice_is_one_game() {
    let slot = |utc| Row::new("0022500644", "GSW@MIN", utc);
    let rows = [
        slot("2026-01-24T22:30:00Z").with("gameStatusText", "PPD"),
        slot("2026-01-25T22:30:00Z").with("gameStatusText", "Postponed "),
    ];
    let schedule = read("2025-26", &rows);
    assert_eq!((schedule.games.len(), schedule.games[0].status), (1, Status::Postponed));
    let rows = [rows.as_slice(), &[slot("2026-02-25T22:30:00Z")]].concat();
    assert_eq!(read("2025-26", &rows).games[0].tipoff, at("2026-02-25T22:30:00Z"));
}

/// An old slot has stood there as `Final`, with status 3, without a score.
#[test]
fn final_without_a_score_is_no_proof_that_it_was_played() {
    let row = Row::new("0022500651", "DEN@MEM", "2026-01-25T20:30:00Z")
        .with("gameStatus", 3)
        .with("gameStatusText", "Final");
    assert_eq!(read("2025-26", std::slice::from_ref(&row)).games[0].status, Status::Scheduled);
    assert_eq!(read("2025-26", &[row.scored(101, 99)]).games[0].status, Status::Final);
}

/// By minutes, by hours, across midnight UTC and Eastern, across months and to an earlier one.
#[test]
fn a_game_moves_under_its_id() {
    for (id, pair, before, after) in [
        ("0022500131", "MIL@TOR", "2025-11-05T00:00:00Z", "2025-11-04T23:00:00Z"),
        ("0022500251", "DET@ATL", "2025-11-19T00:30:00Z", "2025-11-19T00:00:00Z"),
        ("0022500645", "WAS@CHA", "2026-01-24T23:00:00Z", "2026-01-24T17:00:00Z"),
        ("0022500611", "UTA@SAS", "2026-01-20T01:00:00Z", "2026-01-19T22:00:00Z"),
        ("0022500703", "ORL@SAS", "2026-02-01T21:00:00Z", "2026-02-02T02:00:00Z"),
        ("0022500692", "CHI@MIA", "2026-01-31T01:00:00Z", "2026-02-01T01:00:00Z"),
        ("0022501003", "NYK@MEM", "2026-03-20T00:00:00Z", "2026-04-02T00:00:00Z"),
        ("0022501111", "DAL@MEM", "2026-04-02T00:00:00Z", "2026-03-13T00:00:00Z"),
    ] {
        let read = |utc| read("2025-26", &[Row::new(id, pair, utc)]).games.remove(0);
        let (before, moved) = (read(before), read(after));
        assert_eq!(moved.tipoff, at(after));
        assert_eq!(moved, Game { tipoff: at(after), ..before }, "nothing else");
    }
    // Seven in the morning UTC is no other day where it is played.
    let schedule = read("2025-26", &[Row::new("0022500703", "ORL@SAS", "2026-02-02T02:00:00Z")]);
    assert_eq!(arena::day(&schedule.games[0]), date(2026, 2, 1));
}

/// CHI@MIA moved to the evening before another CHI@MIA, by a postponement elsewhere.
#[test]
fn the_same_pair_on_two_nights_running_is_two_games() {
    let rows = [
        Row::new("0022500692", "CHI@MIA", "2026-02-01T01:00:00Z"),
        Row::new("0022500700", "CHI@MIA", "2026-02-01T23:00:00Z"),
    ];
    assert_eq!(read("2025-26", &rows).games.len(), 2);
    let season = bundled::newest().unwrap();
    for (first, second, pair) in [
        ("2026-11-11T04:00:00Z", "2026-11-12T03:00:00Z", ("OKC", "POR")),
        ("2027-03-24T03:00:00Z", "2027-03-25T02:00:00Z", ("OKC", "PHX")),
        ("2027-04-09T01:30:00Z", "2027-04-10T00:00:00Z", ("GSW", "OKC")),
    ] {
        let of_pair = |game: &&Game| {
            let teams = game.matchup.map(|it| (it.away.as_str(), it.home.as_str()));
            teams == Some(pair) && [at(first), at(second)].contains(&game.tipoff)
        };
        let both: Vec<&Game> = season.games.iter().filter(of_pair).collect();
        assert_eq!(both.len(), 2, "{pair:?}");
        assert_ne!(both[0].id, both[1].id);
    }
}

#[test]
fn a_game_that_leaves_the_feed_is_not_known_any_more() {
    let rows = [
        Row::new("0022600001", "BOS@DET", "2026-10-20T19:00:00Z"),
        Row::new("0022600100", "BOS@NYK", "2026-10-25T19:00:00Z"),
    ];
    let known = |rows: &[Row]| {
        let selection = coming(&read("2026-27", rows), team("BOS"), instant(NOW));
        selection.known.len()
    };
    assert_eq!((known(&rows), known(&rows[..1])), (2, 1));
}

/// 80 games a team until the cup's group games are played, 82 afterwards.
#[test]
fn games_that_are_added_in_december_are_there() {
    let before = [Row::new("0022600001", "BOS@DET", "2026-10-20T19:00:00Z")];
    let added = [
        Row::new("0022601205", "BOS@MIA", "2026-12-10T00:30:00Z"),
        Row::new("0022601206", "CHI@BOS", "2026-12-12T00:30:00Z"),
    ];
    assert_eq!(ids(&read("2026-27", &before), "BOS"), ["0022600001"]);
    let after = read("2026-27", &[before.as_slice(), &added].concat());
    assert_eq!(ids(&after, "BOS"), ["0022600001", "0022601205", "0022601206"]);
}

/// `ifNecessary` is a text in some years and a truth in others.
#[test]
fn a_playoff_game_that_may_be_needless_says_so() {
    let playoffs = Filter { stages: vec![Stage::Playoffs], ..Filter::default() };
    for flag in [json!("true"), json!(true)] {
        let row = Row::open("0042600107", "MIA@BOS", "2027-05-03")
            .with("gameLabel", "East - First Round")
            .with("gameSubLabel", "Game 7")
            .with("ifNecessary", flag);
        let schedule = read("2026-27", &[row]);
        let found = select(&schedule, team("BOS"), &playoffs, instant(NOW)).games;
        assert_eq!(found[0].label.as_deref(), Some("East - First Round · Game 7 · if necessary"));
    }
    for flag in [json!("false"), json!(false), Value::Null] {
        let row = Row::open("0042600107", "MIA@BOS", "2027-05-03").with("ifNecessary", flag);
        assert_eq!(only(row).label, None);
    }
    // It never happens: it is cancelled, or gone, and not a coming game either way.
    let off = Row::open("0042600107", "MIA@BOS", "2027-05-03").with("gameStatusText", "Cancelled");
    let schedule = read("2026-27", &[off]);
    let selection = select(&schedule, team("BOS"), &playoffs, instant(NOW));
    assert_eq!((selection.games.len(), selection.cancelled.len()), (0, 1));
}

#[test]
fn guests_of_the_preseason_are_left_out() {
    let mut guest = Row::new("0012500009", "NOP@SAS", "2025-10-03T09:30:00Z");
    guest.value_mut()["homeTeam"]["teamId"] = json!(15016);
    guest.value_mut()["homeTeam"]["teamTricode"] = json!("MEL");
    guest.value_mut()["homeTeam"]["teamName"] = json!("United");
    let abu_dhabi = Row::new("0012500008", "PHI@NYK", "2025-10-02T16:00:00Z")
        .at("Etihad Arena", "Abu Dhabi")
        .with("weekNumber", 0);
    let schedule = read("2025-26", &[guest, abu_dhabi]);
    assert_eq!(schedule.games.len(), 1);
    let game = &schedule.games[0];
    assert_eq!((game.id.stage(), there(game).as_str()), (Stage::Preseason, "Thu 02 Oct 20:00"));
    assert!(coming(&schedule, team("NYK"), instant("2025-09-01T00:00:00Z")).games.is_empty());
}

#[test]
fn cup_games_count_and_the_cups_final_does_not() {
    let group = Row::new("0022600017", "DET@BKN", "2026-10-30T23:30:00Z")
        .with("gameLabel", "Emirates NBA Cup")
        .with("gameSubLabel", "East Group A")
        .with("gameSubtype", "in-season");
    let last = Row::new("0062600001", "DET@BKN", "2026-12-12T01:30:00Z")
        .at("Hinkle Fieldhouse", "Indianapolis")
        .with("isNeutral", true)
        .with("gameSubtype", "in-season-knockout");
    let schedule = read("2026-27", &[group, last]);
    assert_eq!(ids(&schedule, "DET"), ["0022600017"]);
    let filter = Filter { stages: vec![Stage::CupFinal], ..Filter::default() };
    let finals = select(&schedule, team("DET"), &filter, instant(NOW)).games;
    assert_eq!(finals[0].id.to_string(), "0062600001");
    assert_eq!(there(&finals[0]), "Fri 11 Dec 20:30");
}

/// The whole league was "postponed" in one capture, and three seasons say `A` of every game.
#[test]
fn a_postponed_status_means_nothing() {
    for status in ["A", "N", "P", "Y", ""] {
        let row = Row::new("0022600002", "PHI@NYK", "2026-10-20T23:00:00Z");
        assert_eq!(only(row.with("postponedStatus", status)).status, Status::Scheduled);
    }
}

/// A week has been listed twice, and old seasons list none; the days' own dates have had
/// several forms.
#[test]
fn what_stands_around_the_games_does_not_matter() {
    let row = Row::new("0022600002", "PHI@NYK", "2026-10-20T23:00:00Z");
    let plain = read("2026-27", std::slice::from_ref(&row));
    let week = json!({"weekNumber": 8, "weekName": "Week 8", "startDate": "2026-12-07T00:00:00Z"});
    for weeks in [json!([week, week]), json!([]), Value::Null] {
        for day in [json!("12/11/2020 12:00:00 AM"), json!(""), Value::Null] {
            let mut feed: Value =
                serde_json::from_str(&text("2026-27", std::slice::from_ref(&row))).unwrap();
            feed["leagueSchedule"]["weeks"] = weeks.clone();
            feed["leagueSchedule"]["gameDates"][0]["gameDate"] = day;
            assert_eq!(feed::parse(feed.to_string().as_bytes()).unwrap(), plain);
        }
    }
}

#[test]
fn status_texts_come_with_spaces_around_them() {
    let row = Row::new("0022600002", "PHI@NYK", "2026-10-20T23:00:00Z");
    for (text, status) in [
        ("PPD       ", Status::Postponed),
        ("  Cancelled ", Status::Cancelled),
        ("Canceled", Status::Cancelled),
        ("Final     ", Status::Final),
        ("7:00 pm ET   ", Status::Scheduled),
    ] {
        let row = row.clone().scored(101, 99).with("gameStatusText", text);
        assert_eq!(only(row).status, status, "{text:?}");
    }
}

#[test]
fn numbers_as_texts_and_nulls_are_read() {
    let row = Row::new("0022600002", "PHI@NYK", "2026-10-20T23:00:00Z").scored(101, 99);
    let plain = only(row.clone().with("gameStatus", 3));
    let mut texts = row.clone().with("gameStatus", "3").with("gameSequence", "2");
    for side in ["homeTeam", "awayTeam"] {
        let team = &mut texts.value_mut()[side];
        team["teamId"] = json!(team["teamId"].to_string());
        team["score"] = json!(team["score"].to_string());
        team["seed"] = json!("");
    }
    assert_eq!(only(texts), plain);
    let mut nulls = row;
    for field in ["gameLabel", "gameSubLabel", "arenaCity", "broadcasters", "postponedStatus"] {
        nulls.value_mut()[field] = Value::Null;
    }
    assert_eq!(only(nulls.with("gameStatus", 3)), plain);
}

#[test]
fn nobody_plays_twice_on_a_day_where_it_counts() {
    let one = Row::new("0022600001", "BOS@DET", "2026-10-20T19:00:00Z");
    let again = Row::new("0022600100", "BOS@NYK", "2026-10-21T01:00:00Z");
    let error = try_read("2026-27", &[one.clone(), again.clone()]).unwrap_err();
    assert!(matches!(error, FeedError::TwiceADay { .. }), "{error}");
    // On the next day they may; called off, it takes nobody's day; a split squad does no harm.
    let next = again.clone().with("gameDateTimeUTC", "2026-10-21T04:00:00Z");
    assert!(try_read("2026-27", &[one.clone(), next]).is_ok());
    let off = again.clone().with("gameStatusText", "PPD");
    assert!(try_read("2026-27", &[one.clone(), off]).is_ok());
    let split = [one.clone().with("gameId", "0012600001"), again.clone()];
    assert_eq!(read("2026-27", &split).games.len(), 2);
    // A playoff game that cannot be is left out, and the season stands.
    let playoff = again.with("gameId", "0042600101");
    assert_eq!(read("2026-27", &[one, playoff]).games.len(), 1);
}
