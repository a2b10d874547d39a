//! Rows of the league's feed in their real shape, every field of it, false `Z`s included.

use jiff::tz::TimeZone;
use nbatodo::model::{Game, Tipoff};
use nbatodo::schedule::feed::{FeedError, parse};
use nbatodo::schedule::{Schedule, arena};
use serde_json::{Value, json};

use crate::{FEED, instant, team};

/// A row of the feed.
#[derive(Clone)]
pub(crate) struct Row(Value);

impl Row {
    /// `game` is `BOS@NYK`, and tips off at `utc`.
    pub(crate) fn new(id: &str, game: &str, utc: &str) -> Self {
        let cut: Value = serde_json::from_str(FEED).unwrap();
        let mut row = cut["leagueSchedule"]["gameDates"][1]["games"][0].clone();
        let (away, home) = game.split_once('@').unwrap();
        let eastern = instant(utc).to_zoned_datetime(TimeZone::get("America/New_York").unwrap());
        let wall = |format: &str| json!(eastern.strftime(format).to_string());
        row["gameId"] = json!(id);
        row["gameCode"] = json!(format!("{}/{away}{home}", eastern.strftime("%Y%m%d")));
        row["gameStatus"] = json!(1);
        row["gameStatusText"] = wall("%-I:%M %P ET");
        row["gameDateEst"] = wall("%Y-%m-%dT00:00:00Z");
        row["gameTimeEst"] = wall("1900-01-01T%H:%M:00Z");
        row["gameDateTimeEst"] = wall("%Y-%m-%dT%H:%M:00Z");
        row["gameDateTimeUTC"] = json!(utc);
        row["gameTimeUTC"] = json!(format!("1900-01-01T{}", &utc[11..]));
        for field in ["gameLabel", "gameSubLabel", "seriesText", "arenaName", "arenaCity"] {
            row[field] = json!("");
        }
        Self(row).side("homeTeam", home).side("awayTeam", away)
    }

    /// A row whose time is to be determined on the Eastern `day`.
    pub(crate) fn open(id: &str, game: &str, day: &str) -> Self {
        let zone = TimeZone::get("America/New_York").unwrap();
        let midnight = day.parse::<jiff::civil::Date>().unwrap().to_zoned_datetime(zone).unwrap();
        Self::new(id, game, &midnight.timestamp().to_string())
            .with("gameStatusText", "TBD")
            .with("gameTimeEst", "0001-01-01T00:00:00Z")
            .with("homeTeamTime", "0001-01-01T00:00:00Z")
            .with("awayTeamTime", "0001-01-01T00:00:00Z")
    }

    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        assert!(self.0.get(field).is_some(), "the feed has no field {field}");
        self.0[field] = value.into();
        self
    }

    pub(crate) fn at(self, arena: &str, city: &str) -> Self {
        self.with("arenaName", arena).with("arenaCity", city)
    }

    pub(crate) fn scored(mut self, home: u32, away: u32) -> Self {
        self.0["homeTeam"]["score"] = json!(home);
        self.0["awayTeam"]["score"] = json!(away);
        self
    }

    /// Neither team is known: as `nothing` has it, null or a text.
    pub(crate) fn without_teams(mut self, nothing: &Value) -> Self {
        for side in ["homeTeam", "awayTeam"] {
            self.0[side]["teamId"] = json!(0);
            for field in ["teamName", "teamCity", "teamTricode", "teamSlug"] {
                self.0[side][field] = nothing.clone();
            }
        }
        self.with("gameCode", "")
    }

    fn side(mut self, field: &str, code: &str) -> Self {
        let known = team(code).team();
        self.0[field] = json!({
            "teamId": known.nba_id, "teamName": known.nickname, "teamCity": known.city,
            "teamTricode": code, "teamSlug": known.nickname.to_lowercase(),
            "wins": 0, "losses": 0, "score": 0, "seed": null,
        });
        self
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.0
    }
}

/// A feed of `season` with these rows, as its bytes.
pub(crate) fn text(season: &str, rows: &[Row]) -> String {
    let mut feed: Value = serde_json::from_str(FEED).unwrap();
    feed["leagueSchedule"]["seasonYear"] = json!(season);
    let rows: Vec<Value> = rows.iter().map(|row| row.value().clone()).collect();
    feed["leagueSchedule"]["gameDates"] =
        json!([{"gameDate": "10/20/2026 00:00:00", "games": rows}]);
    feed.to_string()
}

pub(crate) fn try_read(season: &str, rows: &[Row]) -> Result<Schedule, FeedError> {
    parse(text(season, rows).as_bytes())
}

#[track_caller]
pub(crate) fn read(season: &str, rows: &[Row]) -> Schedule {
    try_read(season, rows).unwrap()
}

pub(crate) fn only(row: Row) -> Game {
    read("2026-27", &[row]).games.remove(0)
}

pub(crate) fn at(utc: &str) -> Tipoff {
    Tipoff::At(instant(utc))
}

pub(crate) fn game(schedule: &Schedule, id: &str) -> Game {
    schedule.games.iter().find(|game| game.id.to_string() == id).unwrap().clone()
}

/// What the clocks at the arena show.
pub(crate) fn there(game: &Game) -> String {
    let Tipoff::At(start) = game.tipoff else { panic!("{game:?}") };
    start.to_zoned_datetime(arena::zone(game)).strftime("%a %d %b %H:%M").to_string()
}
