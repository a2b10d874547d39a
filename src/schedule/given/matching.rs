//! The league's ids for games that are listed without them.
//!
//! A pair can meet twice in the same arena within two days, so the nearest date proves nothing.
//! A listed game is the league's game of the same host, guest and day; and where a pair has as
//! many games left over here as there, they are the same ones in their order, some of them moved.
//! What is called off is the game of its day or nothing: its replay stands in the list too.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Given, GivenError, Listed};
use crate::model::{Game, Matchup, Status, Tipoff, Tricode};
use crate::schedule::{Schedule, eastern, soundness};

/// The minutes after the announced tip-off at which a game has been seen to begin, and some more.
const LATEST_START: i64 = 20;

/// Gives the listed games the ids of `league`'s, and takes from there what the list does not
/// tell. Place, label and channels are the league's own where it has them: another spelling is no
/// change.
pub(super) fn with_ids(
    listed: &[Listed],
    league: &Schedule,
    now: Timestamp,
) -> Result<Given, GivenError> {
    let zone = eastern::zone();
    let mut pairs: BTreeMap<(Tricode, Tricode), Pair<'_>> = BTreeMap::new();
    for game in &league.games {
        if let Some(Matchup { home, away }) = game.matchup {
            pairs.entry((home, away)).or_default().league.push(game);
        }
    }
    for game in listed {
        pairs.entry((game.home, game.away)).or_default().take(game, &zone);
    }
    let (mut games, mut left_out) = (Vec::new(), Vec::new());
    for pair in pairs.into_values() {
        pair.resolve(&zone, &mut games, &mut left_out);
    }
    if games.is_empty() {
        return Err(GivenError::NoneKnown(left_out.into_iter().next().unwrap_or_default()));
    }
    let mut schedule = Schedule::in_order(league.season, now, games);
    soundness::one_game_a_day(&mut schedule.games)?;
    Ok(Given { schedule, left_out, is_dated: false })
}

/// The games of one host and one guest.
#[derive(Default)]
struct Pair<'a> {
    league: Vec<&'a Game>,
    listed: Vec<(Date, &'a Listed)>,
}

impl<'a> Pair<'a> {
    /// A source may list a game under both of its teams.
    fn take(&mut self, game: &'a Listed, zone: &TimeZone) {
        let same = |(_, there): &(Date, &Listed)| {
            there.tipoff == game.tipoff && is_off(there) == is_off(game)
        };
        if !self.listed.iter().any(same) {
            self.listed.push((eastern::day_of(game.tipoff, zone), game));
        }
    }

    fn resolve(mut self, zone: &TimeZone, games: &mut Vec<Game>, left_out: &mut Vec<String>) {
        self.listed.sort_by_key(|(day, game)| (*day, game.tipoff.sort_key()));
        let (off, on): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.listed).into_iter().partition(|(_, game)| is_off(game));
        let moved = self.same_days(on, zone, games);
        if moved.len() == self.league.len() {
            let moved = self.league.drain(..).zip(&moved);
            games.extend(moved.map(|(league, (_, game))| joined(league, game)));
        } else {
            let told = |(day, it): &(Date, &Listed)| format!("{} at {} on {day}", it.away, it.home);
            left_out.extend(moved.iter().map(told));
        }
        self.same_days(off, zone, games);
    }

    /// Takes those that are the league's game of their day; the others come back.
    fn same_days(
        &mut self,
        listed: Vec<(Date, &'a Listed)>,
        zone: &TimeZone,
        games: &mut Vec<Game>,
    ) -> Vec<(Date, &'a Listed)> {
        let mut rest = Vec::new();
        for (day, game) in listed {
            let same_day = |it: &&Game| eastern::day_of(it.tipoff, zone) == day;
            match self.league.iter().position(same_day) {
                Some(at) => games.push(joined(self.league.remove(at), game)),
                None => rest.push((day, game)),
            }
        }
        rest
    }
}

fn is_off(game: &Listed) -> bool {
    matches!(game.status, Status::Postponed | Status::Cancelled)
}

/// Whether the list tells when a game that is played really began, some minutes after its tip-off
/// was announced: no change of the schedule.
fn is_real_start(league: &Game, listed: &Listed) -> bool {
    let (Tipoff::At(announced), Tipoff::At(begun)) = (league.tipoff, listed.tipoff) else {
        return false;
    };
    let late = begun.duration_since(announced).as_mins();
    listed.status == Status::Final && (0..=LATEST_START).contains(&late)
}

/// The league's game, when and whether the list says.
fn joined(league: &Game, listed: &Listed) -> Game {
    let tv = if league.national_tv.is_empty() { &listed.national_tv } else { &league.national_tv };
    Game {
        id: league.id,
        tipoff: if is_real_start(league, listed) { league.tipoff } else { listed.tipoff },
        matchup: league.matchup,
        venue: league.venue.clone().or_else(|| listed.venue.clone()),
        status: if league.status == Status::Final { Status::Final } else { listed.status },
        label: league.label.clone().or_else(|| listed.label.clone()),
        national_tv: tv.clone(),
    }
}
