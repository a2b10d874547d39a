//! From a schedule to what a destination should hold.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::import::TaskOptions;
use crate::import::plan::Order;
use crate::import::task::Task;
use crate::import::wording;
use crate::model::{Game, GameId, Tipoff, Tricode};
use crate::schedule::arena;

/// One team's part of a schedule.
#[derive(Clone, Copy, Debug)]
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

/// The order for a project of the team's own. Times in titles are in `zone`.
pub fn own_project(games: &TeamGames<'_>, options: &TaskOptions, zone: &TimeZone) -> Order {
    let team = games.team;
    let mut order = Order {
        key: team.to_string(),
        name: wording::project_name(team),
        color: team.team().color,
        is_named: false,
        tasks: games.games.iter().filter_map(|game| task(team, game, options, zone)).collect(),
        postponed: off(games.postponed, games, options, zone, wording::postponed),
        cancelled: off(games.cancelled, games, options, zone, wording::cancelled),
        rivals: games.games.iter().filter_map(|game| rival(game, games, options, zone)).collect(),
    };
    order.sort();
    order
}

/// The order for one project `name` of several teams: a game of two of them is one task, from
/// the side of the one that was named first. `None` without a team.
pub fn one_project(name: &str, own: Vec<Order>) -> Option<Order> {
    let mut orders = own.into_iter();
    let mut one = orders.next()?;
    let all = one.tasks.iter().chain(&one.postponed).chain(&one.cancelled);
    let mut held: BTreeSet<GameId> = all.map(|task| task.game.clone()).collect();
    for other in orders {
        let mut fresh = |task: &Task| held.insert(task.game.clone());
        one.tasks.extend(other.tasks.into_iter().filter(&mut fresh));
        one.postponed.extend(other.postponed.into_iter().filter(&mut fresh));
        one.cancelled.extend(other.cancelled.into_iter().filter(&mut fresh));
    }
    one.key = format!("one project: {name}");
    name.clone_into(&mut one.name);
    one.is_named = true;
    // With both teams in it, no title is a rival's.
    one.rivals.clear();
    one.sort();
    Some(one)
}

/// What a game's task should look like; `None` while its teams are undecided.
fn task(team: Tricode, game: &Game, options: &TaskOptions, zone: &TimeZone) -> Option<Task> {
    Some(Task {
        game: game.id.clone(),
        content: options.title.title(team, game, zone)?,
        description: wording::description(game),
        due: game.tipoff,
        // A day has no duration.
        minutes: options.minutes.filter(|_| matches!(game.tipoff, Tipoff::At(_))),
        labels: options.labels.clone(),
        priority: options.priority,
    })
}

/// Tasks of games that are off: they lose their time, and say so.
fn off(
    games: &[Game],
    of: &TeamGames<'_>,
    options: &TaskOptions,
    zone: &TimeZone,
    say: fn(&str) -> String,
) -> Vec<Task> {
    let off = |game: &Game| {
        let task = task(of.team, game, options, zone)?;
        let due = Tipoff::Undecided(arena::day(game));
        // A day has no duration.
        Some(Task { content: say(&task.content), due, minutes: None, ..task })
    };
    games.iter().filter_map(off).collect()
}

/// The title that the opponent's import gives a game.
fn rival(
    game: &Game,
    of: &TeamGames<'_>,
    options: &TaskOptions,
    zone: &TimeZone,
) -> Option<(GameId, String)> {
    let matchup = game.matchup?;
    let opponent = if matchup.home == of.team { matchup.away } else { matchup.home };
    Some((game.id.clone(), options.title.title(opponent, game, zone)?))
}

impl Order {
    fn sort(&mut self) {
        self.tasks.sort_by(|a, b| (a.due.sort_key(), &a.game).cmp(&(b.due.sort_key(), &b.game)));
    }
}
