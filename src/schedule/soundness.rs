//! What has to hold of the games of any source.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::model::{Game, GameId, Stage, Status, Tricode};
use crate::schedule::arena;

/// Two games of one team on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clash {
    pub(super) first: GameId,
    pub(super) second: GameId,
    pub(super) team: Tricode,
    pub(super) day: Date,
}

/// Checks that nobody plays twice on a day of the arena, the preseason left out, where a team
/// may split its squad. Of two games the one that is not of the regular season is dropped;
/// where both are, the source is wrong.
pub(super) fn one_game_a_day(games: &mut Vec<Game>) -> Result<(), Clash> {
    let mut busy: HashMap<(Tricode, Date), GameId> = HashMap::new();
    let is_on = |game: &Game| matches!(game.status, Status::Scheduled | Status::Final);
    for game in games.iter().filter(|game| is_on(game) && game.id.stage() == Stage::Regular) {
        let Some(matchup) = game.matchup else { continue };
        let day = arena::day(game);
        for team in [matchup.home, matchup.away] {
            if let Some(first) = busy.insert((team, day), game.id) {
                return Err(Clash { first, second: game.id, team, day });
            }
        }
    }
    games.retain(|game| {
        let counted = matches!(game.id.stage(), Stage::CupFinal | Stage::PlayIn | Stage::Playoffs);
        let Some(matchup) = game.matchup.filter(|_| counted && is_on(game)) else { return true };
        let day = arena::day(game);
        let is_free = [matchup.home, matchup.away].map(|team| busy.insert((team, day), game.id));
        let is_free = is_free.iter().all(Option::is_none);
        if !is_free {
            tracing::debug!(game = %game.id, "left out: one of its teams plays elsewhere that day");
        }
        is_free
    });
    Ok(())
}
