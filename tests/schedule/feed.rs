use nbatodo::model::{Game, Stage, Status, Tipoff};
use nbatodo::schedule::feed::{FeedError, parse};
use nbatodo::schedule::{Schedule, bundled};
use serde_json::{Value, json};

use crate::{FEED, instant};

fn schedule() -> Schedule {
    parse(FEED.as_bytes()).unwrap()
}

fn game(schedule: &Schedule, id: &str) -> Game {
    schedule.games.iter().find(|game| game.id.to_string() == id).unwrap().clone()
}

/// The feed with a change to the row of `id`.
fn with(id: &str, change: impl Fn(&mut Value)) -> Result<Schedule, FeedError> {
    let mut feed: Value = serde_json::from_str(FEED).unwrap();
    let days = feed["leagueSchedule"]["gameDates"].as_array_mut().unwrap();
    days.iter_mut()
        .flat_map(|day| day["games"].as_array_mut().unwrap())
        .filter(|row| row["gameId"] == id)
        .for_each(change);
    parse(feed.to_string().as_bytes())
}

/// The feed with a change to its head.
fn with_head(pointer: &str, value: Value) -> Result<Schedule, FeedError> {
    let mut feed: Value = serde_json::from_str(FEED).unwrap();
    *feed.pointer_mut(pointer).unwrap() = value;
    parse(feed.to_string().as_bytes())
}

#[test]
fn what_counts_is_read_and_the_rest_left_out() {
    let schedule = schedule();
    assert_eq!(schedule.season.to_string(), "2026-27");
    assert_eq!(schedule.published, instant("2026-11-24T02:10:18.1018Z"));
    // 28 rows, less two second rows, a guest of the preseason and the All-Star game.
    assert_eq!(schedule.games.len(), 24);
    assert!(schedule.games.is_sorted_by_key(|game| (game.tipoff.sort_key(), game.id)));
    let preseason = game(&schedule, "0012600001");
    assert_eq!(preseason.id.stage(), Stage::Preseason);
    assert_eq!(preseason.label.unwrap(), "Preseason · NBA Canada Game");
}

#[test]
fn ordinary_games_are_those_of_the_bundled_season() {
    let (feed, bundled) = (schedule(), bundled::newest().unwrap());
    for id in ["0022600075", "0022600076", "0022601171", "0022601179", "0022601201", "0062600001"] {
        assert_eq!(game(&feed, id), game(&bundled, id));
    }
}

#[test]
fn labels_and_channels_are_read_from_wherever_they_stand() {
    let schedule = schedule();
    let label = |id| game(&schedule, id).label;
    assert_eq!(label("0022600017").unwrap(), "Emirates NBA Cup · East Group A");
    assert_eq!(label("0022600075").unwrap(), "NBA Paris Game");
    assert_eq!(label("0022600001"), None);
    assert_eq!(game(&schedule, "0022600975").national_tv, ["ESPN", "Prime Video"]);
    assert!(game(&schedule, "0022600976").national_tv.is_empty());
    assert_eq!(game(&schedule, "0022600976").venue.unwrap().city, "");
}

#[test]
fn a_status_needs_its_proof() {
    let schedule = schedule();
    let status = |id| game(&schedule, id).status;
    assert_eq!(status("0022600001"), Status::Final);
    assert_eq!(status("0022600002"), Status::Final, "padded text, numbers as texts");
    assert_eq!(status("0022600287"), Status::Scheduled, "under way");
    assert_eq!(status("0022600271"), Status::Postponed);
    assert_eq!(status("0022600273"), Status::Cancelled);
    // `postponedStatus` says "A" of every game, and means nothing.
    assert_eq!(status("0022600075"), Status::Scheduled);
    for side in ["homeTeam", "awayTeam"] {
        let unscored = with("0022600001", |row| row[side]["score"] = json!(0)).unwrap();
        assert_eq!(game(&unscored, "0022600001").status, Status::Scheduled);
    }
    for text in ["PPD", " ppd ", "Postponed", "PPD - weather"] {
        let changed = with("0022600001", |row| row["gameStatusText"] = json!(text)).unwrap();
        assert_eq!(game(&changed, "0022600001").status, Status::Postponed, "{text}");
    }
}

#[test]
fn two_rows_of_one_game_are_the_one_to_come() {
    let schedule = schedule();
    for (id, replay) in
        [("0022600270", "2027-01-30T01:00:00Z"), ("0022600272", "2027-03-19T00:30:00Z")]
    {
        let game = game(&schedule, id);
        assert_eq!((game.status, game.tipoff), (Status::Scheduled, Tipoff::At(instant(replay))));
    }
    // Once the replay is played, the old row, still postponed, does not bring it back.
    let played = with("0022600270", |row| {
        if row["gameStatusText"] != "PPD   " {
            row["gameStatusText"] = json!("Final");
            row["homeTeam"]["score"] = json!(101);
            row["awayTeam"]["score"] = json!(99);
        }
    });
    assert_eq!(game(&played.unwrap(), "0022600270").status, Status::Final);
}

#[test]
fn a_time_to_be_determined_is_a_day() {
    let undecided = |day: &str| Tipoff::Undecided(day.parse().unwrap());
    let cup = schedule();
    assert_eq!(game(&cup, "0022601203").tipoff, undecided("2026-12-05"));
    assert_eq!(game(&cup, "0022601203").matchup, None);
    assert_eq!(game(&cup, "0022601229").matchup, None);
    let paris = undecided("2027-01-14");
    let spoiled: [fn(&mut Value); 4] = [
        |row| row["gameStatusText"] = json!(" tbd "),
        |row| row["gameTimeEst"] = json!("0001-01-01T00:00:00Z"),
        |row| row["gameDateTimeUTC"] = json!("1900-01-01T05:00:00Z"),
        |row| {
            row["gameStatusText"] = json!("TBD");
            row["gameDateTimeUTC"] = Value::Null;
        },
    ];
    for change in spoiled {
        assert_eq!(game(&with("0022600075", change).unwrap(), "0022600075").tipoff, paris);
    }
    // Midnight UTC is a tip-off like any other: 8 pm in the Eastern summer.
    assert_eq!(game(&cup, "0022600098").tipoff, Tipoff::At(instant("2026-10-24T00:00:00Z")));
}

#[test]
fn absent_null_and_oddly_typed_fields_are_put_up_with() {
    let whole = game(&schedule(), "0022600075");
    for field in [
        "gameCode",
        "gameStatus",
        "gameSequence",
        "gameDateEst",
        "gameTimeEst",
        "day",
        "ifNecessary",
        "seriesText",
        "isNeutral",
        "gameSubLabel",
        "pointsLeaders",
        "weekNumber",
    ] {
        let null = with("0022600075", |row| row[field] = Value::Null).unwrap();
        assert_eq!(game(&null, "0022600075"), whole, "{field}");
        let absent = with("0022600075", |row| {
            row.as_object_mut().unwrap().remove(field);
        });
        assert_eq!(game(&absent.unwrap(), "0022600075"), whole, "{field}");
    }
    let odd = with("0022600075", |row| {
        row["gameStatus"] = json!("1");
        row["ifNecessary"] = json!(false);
        row["homeTeam"]["teamId"] = json!(row["homeTeam"]["teamId"].to_string());
        row["awayTeam"]["teamTricode"] = Value::Null;
    });
    assert_eq!(game(&odd.unwrap(), "0022600075"), whole);
}

#[test]
fn nothing_in_a_text_can_break_a_line() {
    let changed = with("0022600075", |row| row["arenaName"] = json!("Accor\u{1b}[31m\r\n Arena "));
    assert_eq!(game(&changed.unwrap(), "0022600075").venue.unwrap().arena, "Accor [31m Arena");
}

#[test]
fn a_feed_that_is_not_the_leagues_is_refused() {
    assert_eq!(parse(b"").unwrap_err(), FeedError::CutOff);
    assert_eq!(parse(b"<html>Access Denied</html>").unwrap_err(), FeedError::NotJson);
    assert_eq!(parse(b"\xff\xfe").unwrap_err(), FeedError::NotJson);
    assert!(matches!(parse(b"{}").unwrap_err(), FeedError::Shape(_)));
    assert!(matches!(parse(b"[]").unwrap_err(), FeedError::Shape(_)));
    assert_eq!(
        with_head("/leagueSchedule/leagueId", json!("10")).unwrap_err(),
        FeedError::League("10".to_owned())
    );
    for year in [json!("2026"), json!(""), Value::Null, json!(2026)] {
        let error = with_head("/leagueSchedule/seasonYear", year).unwrap_err();
        assert!(matches!(error, FeedError::SeasonYear(_)), "{error}");
    }
    for made in ["yesterday", "1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let error = with_head("/meta/time", json!(made)).unwrap_err();
        assert!(matches!(error, FeedError::Published(_)), "{error}");
    }
    let error = with_head("/leagueSchedule/gameDates", json!([])).unwrap_err();
    assert_eq!(error, FeedError::Empty);
    let other = with_head("/leagueSchedule/seasonYear", json!("2025-26")).unwrap_err();
    assert!(matches!(other, FeedError::OtherSeason { .. }), "{other}");
    assert!(parse(format!("\u{feff}{FEED}").as_bytes()).is_ok(), "a byte order mark does no harm");
}

/// Each of these in a game of the regular season spoils the feed, and the message names the
/// game; in the preseason the game alone is left out.
#[test]
fn a_faulty_game_of_the_regular_season_is_refused() {
    let faults: [fn(&mut Value); 6] = [
        |row| row["homeTeam"]["teamTricode"] = json!("SEA"),
        |row| row["homeTeam"]["teamId"] = json!(15016),
        |row| row["homeTeam"]["teamId"] = row["awayTeam"]["teamId"].clone(),
        |row| row["homeTeam"] = row["awayTeam"].clone(),
        |row| row["gameDateTimeUTC"] = json!("2029-01-14T19:00:00Z"),
        |row| row["gameDateTimeUTC"] = Value::Null,
    ];
    for fault in faults {
        let error = with("0022600075", fault).unwrap_err().to_string();
        assert!(error.contains("0022600075") && !error.contains('\n'), "{error}");
        assert_eq!(with("0012600001", fault).unwrap().games.len(), 23, "{error}");
    }
    let renamed = with("0022600075", |row| row["gameId"] = json!("0022500075")).unwrap_err();
    assert!(renamed.to_string().contains("0022500075"), "{renamed}");
    let foreign = with("0022600075", |row| row["gameId"] = json!("1022600075")).unwrap_err();
    assert_eq!(foreign, FeedError::GameId("1022600075".to_owned()));
}

#[test]
fn a_team_plays_once_a_day() {
    // SAS plays in Manchester; put its game in Paris to the same instant.
    let same = "2027-01-17T15:30:00Z";
    let error = with("0022600075", |row| row["gameDateTimeUTC"] = json!(same)).unwrap_err();
    assert!(matches!(error, FeedError::TwiceADay { .. }), "{error}");
    assert!(error.to_string().contains("2027-01-17"), "{error}");
    // What is called off takes nobody's time.
    let off = with("0022600075", |row| {
        row["gameDateTimeUTC"] = json!(same);
        row["gameStatusText"] = json!("PPD");
    });
    assert!(off.is_ok());
    let two_pairs = with("0022600075", |row| row["gameId"] = json!("0022600001")).unwrap_err();
    assert_eq!(two_pairs, FeedError::TwoPairs { id: "0022600001".to_owned() });
}
