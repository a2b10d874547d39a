//! From a schedule to what a destination should hold.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::import::plan::Order;
use crate::import::record::{Fate, Record, TaskRecord};
use crate::import::task::Task;
use crate::import::wording;
use crate::model::{Game, GameId, Tipoff, Tricode};

/// One team's part of a schedule.
pub struct TeamGames<'a> {
    /// The team.
    pub team: Tricode,
    /// Its games that should have a task.
    pub games: &'a [Game],
    /// Its games that are called off for now.
    pub postponed: &'a [Game],
    /// Its games that are called off for good.
    pub cancelled: &'a [Game],
}

/// The order for a project of the team's own.
pub fn own_project(games: &TeamGames<'_>) -> Order {
    let team = games.team;
    let mut tasks: Vec<Task> = games.games.iter().filter_map(|game| task(team, game)).collect();
    tasks.sort_by(|a, b| (a.due.sort_key(), &a.game).cmp(&(b.due.sort_key(), &b.game)));
    Order {
        key: team.to_string(),
        name: wording::project_name(team),
        color: team.team().color,
        tasks,
        postponed: off(team, games.postponed, wording::postponed),
        cancelled: off(team, games.cancelled, wording::cancelled),
        rivals: games.games.iter().filter_map(|game| rival(team, game)).collect(),
    }
}

/// What a game's task should look like; `None` while its teams are undecided.
fn task(team: Tricode, game: &Game) -> Option<Task> {
    Some(Task {
        game: game.id.clone(),
        content: wording::title(team, game.matchup?),
        description: wording::description(game),
        due: game.tipoff,
        minutes: None,
        labels: None,
        priority: None,
        section: None,
    })
}

/// The title that the opponent's import gives a game.
fn rival(team: Tricode, game: &Game) -> Option<(GameId, String)> {
    let matchup = game.matchup?;
    let opponent = if matchup.home == team { matchup.away } else { matchup.home };
    Some((game.id.clone(), wording::title(opponent, matchup)))
}

/// Tasks of games that are off: they lose their time, and say so.
fn off(team: Tricode, games: &[Game], say: fn(&str) -> String) -> Vec<Task> {
    let off = |game: &Game| {
        let task = task(team, game)?;
        let zone = game.matchup.and_then(|matchup| TimeZone::get(matchup.home.team().zone).ok());
        let due = Tipoff::Undecided(day_of(game.tipoff, zone));
        Some(Task { content: say(&task.content), due, ..task })
    };
    games.iter().filter_map(off).collect()
}

/// The day of a tip-off, as the arena counts days.
fn day_of(tipoff: Tipoff, zone: Option<TimeZone>) -> jiff::civil::Date {
    match tipoff {
        Tipoff::Undecided(day) => day,
        Tipoff::At(instant) => instant.to_zoned_datetime(zone.unwrap_or(TimeZone::UTC)).date(),
    }
}

impl Order {
    /// Adds the games that the record has tasks for and that a complete schedule no longer
    /// knows at all: they count as cancelled. Games that are over stay as they are.
    pub fn note_vanished(
        &mut self,
        record: &Record,
        is_known: impl Fn(&GameId) -> bool,
        now: Timestamp,
    ) {
        let Some(there) = record.destinations.get(&self.key) else { return };
        let vanished = there.tasks.iter().filter(|(game, task)| {
            let ahead = Tipoff::from(task.due).is_coming(now, &TimeZone::UTC);
            task.fate == Fate::Active && ahead && !is_known(game)
        });
        let vanished: BTreeMap<&GameId, &TaskRecord> = vanished.collect();
        self.cancelled.extend(vanished.into_iter().map(|(game, task)| Task {
            game: game.clone(),
            content: wording::cancelled(&task.title),
            description: game.page(),
            due: task.due.into(),
            minutes: None,
            labels: None,
            priority: None,
            section: None,
        }));
    }
}
