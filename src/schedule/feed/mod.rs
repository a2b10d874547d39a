//! The league's own schedule, `scheduleLeagueV2.json`: tolerant of what it has been seen to
//! do, strict about what a task will be made of.

mod error;
mod game;
mod wire;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::error::shown;
use self::game::RowReader;
use crate::model::{Game, GameId, Matchup, Season, Stage, Status, Tricode};
use crate::schedule::{Schedule, eastern, soundness};

pub use error::FeedError;

/// The league's number for the NBA.
const NBA: &str = "00";
/// So many years after its season nobody asks for a schedule any more.
const LATEST: i16 = 100;

/// Reads a whole feed, UTF-8 JSON.
///
/// A game that stands there twice under its id is one game: played beats scheduled, scheduled
/// beats called off (the replay of a postponed game keeps its id), and the later slot beats
/// the earlier. Games outside the regular season that cannot be read are left out. More than
/// thirty teams there cannot be, since every other team is an unknown one.
///
/// # Errors
/// [`FeedError`]: the feed must not be used at all.
pub fn parse(bytes: &[u8]) -> Result<Schedule, FeedError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let feed: wire::Feed<'_> = serde_json::from_slice(bytes)?;
    let league = feed.league_schedule.league_id.as_str();
    if league != NBA {
        return Err(FeedError::League(shown(league)));
    }
    let year = feed.league_schedule.season_year.as_str();
    let season: Season = year.parse().map_err(|_| FeedError::SeasonYear(shown(year)))?;
    let made = feed.meta.time.as_str();
    let published = published(made, season).ok_or_else(|| FeedError::Published(shown(made)))?;
    let reader = RowReader { season, eastern: eastern::zone() };
    let mut games = HashMap::new();
    for row in feed.league_schedule.game_dates.iter().flat_map(|date| &date.games) {
        if let Some(game) = reader.game(row)? {
            keep(&mut games, game)?;
        }
    }
    if games.is_empty() {
        return Err(FeedError::Empty);
    }
    let mut schedule = Schedule::in_order(season, published, games.into_values().collect());
    soundness::one_game_a_day(&mut schedule.games)?;
    Ok(schedule)
}

/// When the feed was made: not before the year in which a season's schedule can be known. A past
/// season can be asked for at any later time.
fn published(text: &str, season: Season) -> Option<Timestamp> {
    let published: Timestamp = text.parse().ok()?;
    let year = published.to_zoned_datetime(TimeZone::UTC).year();
    (0..=LATEST).contains(&(year - (season.start_year() - 1))).then_some(published)
}

/// Adds `game`, or decides which of two rows of it to believe.
fn keep(games: &mut HashMap<GameId, Game>, game: Game) -> Result<(), FeedError> {
    match games.entry(game.id) {
        Entry::Vacant(place) => {
            place.insert(game);
        }
        Entry::Occupied(mut place) => {
            let pairs = place.get().matchup.map(pair).zip(game.matchup.map(pair));
            let contradicted = pairs.is_some_and(|(one, other)| one != other);
            if contradicted && game.id.stage() == Stage::Regular {
                return Err(FeedError::TwoPairs { id: game.id.to_string() });
            }
            if weight(&game) > weight(place.get()) {
                place.insert(game);
            }
        }
    }
    Ok(())
}

/// The teams in one order, since a game that moves may also change its host.
fn pair(matchup: Matchup) -> (Tricode, Tricode) {
    (matchup.home.min(matchup.away), matchup.home.max(matchup.away))
}

/// The heavier of two rows is the one to believe.
fn weight(game: &Game) -> (u8, bool, Timestamp) {
    let status = match game.status {
        Status::Final => 3,
        Status::Scheduled => 2,
        Status::Postponed => 1,
        Status::Cancelled => 0,
    };
    (status, game.matchup.is_some(), game.tipoff.sort_key())
}
