//! One team's part of a schedule, as it stands at one instant.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{Game, Season, Stage, Status, Tricode};
use crate::schedule::{Schedule, eastern};

/// What a schedule holds for one team at one instant. Of the regular season only, the cup's
/// games up to the semifinals included: they count for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The season.
    pub season: Season,
    /// The team's games that lie ahead, in order. A game whose time is to be determined lies
    /// ahead through its whole day in the host's zone.
    pub games: Vec<Game>,
    /// The team's games that are called off for now, whatever slot they were taken from.
    pub postponed: Vec<Game>,
    /// The team's games that are called off for good.
    pub cancelled: Vec<Game>,
    /// How many of the team's games are played or begun: final, or past their tip-off.
    pub played: usize,
    /// How many games still ahead have no teams yet; the team may turn out to play in some.
    pub undecided: usize,
    /// From when to when the whole league plays, `None` where the schedule has no games of
    /// the regular season yet. If there are no coming games, this tells a season that is over
    /// from one that is not out.
    pub days: Option<GameDays>,
}

/// The first and the last day of a season on which a game of the regular season stands,
/// Eastern. A later day may still be added; see [`Schedule::published`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GameDays {
    /// Opening night.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

/// What `schedule` holds for `team` at `now`.
pub fn coming(schedule: &Schedule, team: Tricode, now: Timestamp) -> Coming {
    let mut coming = Coming {
        season: schedule.season,
        games: Vec::new(),
        postponed: Vec::new(),
        cancelled: Vec::new(),
        played: 0,
        undecided: 0,
        days: game_days(schedule),
    };
    for game in schedule.games.iter().filter(|game| game.id.stage() == Stage::Regular) {
        let Some(matchup) = game.matchup else {
            let open = game.status == Status::Scheduled;
            coming.undecided += usize::from(open && lies_ahead(game, now));
            continue;
        };
        if !matchup.involves(team) {
            continue;
        }
        match game.status {
            Status::Postponed => coming.postponed.push(game.clone()),
            Status::Cancelled => coming.cancelled.push(game.clone()),
            Status::Scheduled if lies_ahead(game, now) => coming.games.push(game.clone()),
            Status::Scheduled | Status::Final => coming.played += 1,
        }
    }
    coming
}

fn lies_ahead(game: &Game, now: Timestamp) -> bool {
    // No source names the arena's zone. The host's own differs from it only on neutral ground,
    // where it is off by hours in when an undecided day ends.
    let zone = game
        .matchup
        .and_then(|matchup| TimeZone::get(matchup.home.team().zone).ok())
        .unwrap_or_else(eastern::zone);
    game.tipoff.is_coming(now, &zone)
}

fn game_days(schedule: &Schedule) -> Option<GameDays> {
    let zone = eastern::zone();
    let days = schedule
        .games
        .iter()
        .filter(|game| game.id.stage() == Stage::Regular)
        .filter(|game| matches!(game.status, Status::Scheduled | Status::Final))
        .map(|game| eastern::day_of(game.tipoff, &zone));
    days.fold(None, |known: Option<GameDays>, day| {
        let (first, last) = known.map_or((day, day), |days| (days.first, days.last));
        Some(GameDays { first: first.min(day), last: last.max(day) })
    })
}
