//! The projects of a team, season by season: a new season has a project of its own, and the old
//! one is left as it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::Order;
use crate::import::record::{Fate, Record, SeenProject};
use crate::import::view::View;
use crate::model::{GameId, Season, Tricode};

/// What an account has of the season that is imported, and of others.
pub(super) struct Seasons {
    season: Season,
    /// The destinations that the record knows.
    known: BTreeMap<String, Known>,
    /// The names of the projects that hold games, and none of this season.
    of_others: BTreeSet<String>,
    /// Whether Todoist has told all that there is, and not only what changed.
    is_complete: bool,
}

/// A destination.
struct Known {
    is_of_another_season: bool,
    is_there: bool,
}

/// Whether `key` is that of a project of `team`'s own: `BOS`, or `BOS 2027-28` beside it.
pub(super) fn is_of(team: Tricode, key: &str) -> bool {
    key.split(' ').next() == Some(team.as_str())
}

/// The key of the latest season of `team` that the record knows.
pub(super) fn latest_key(team: Tricode, record: Option<&Record>) -> String {
    let keys = record.into_iter().flat_map(|record| record.destinations.keys());
    keys.filter(|key| is_of(team, key)).max().cloned().unwrap_or_else(|| team.to_string())
}

impl Seasons {
    /// What the record knows, and what Todoist has just told.
    pub(super) fn of(season: Season, record: &Record, view: &View) -> Self {
        let is_other = |game: &GameId| game.season() != season;
        let known = record.destinations.iter().map(|(key, it)| {
            let is_of_another_season = !it.tasks.is_empty() && it.tasks.keys().all(is_other);
            let is_there = it.fate == Fate::Active;
            (key.clone(), Known { is_of_another_season, is_there })
        });
        let holds_others = |project: &&SeenProject| {
            let tasks = view.tasks.iter().filter(|task| task.project == project.id);
            let mut games = tasks.filter_map(|task| task.game.as_ref()).peekable();
            games.peek().is_some() && games.all(is_other)
        };
        let there = view.projects.iter().filter(|project| project.fate == Fate::Active);
        Self {
            season,
            known: known.collect(),
            of_others: there.filter(holds_others).map(|project| project.name.clone()).collect(),
            is_complete: view.complete,
        }
    }

    /// The order for a team's own project, where its season belongs: with the project that
    /// already holds it, or in a new one if the usual one holds another season. The season is in
    /// the new one's name as long as the old one is there.
    pub(super) fn place(&self, order: Order) -> Order {
        let key = format!("{} {}", order.key, self.season);
        let name = format!("{} {}", order.name, self.season);
        if self.known.contains_key(&key) {
            return Order { key, name, ..order };
        }
        match self.known.get(&order.key) {
            Some(usual) if !usual.is_of_another_season => order,
            Some(usual) if usual.is_there => Order { key, name, ..order },
            Some(_) => Order { key, ..order },
            // Another machine made it, or its record is lost.
            None if self.of_others.contains(&order.name) => Order { key, name, ..order },
            None => order,
        }
    }

    /// Whether one of `orders` is for a project that the record does not know, while Todoist has
    /// told only what changed: a project that another machine made may be missing there.
    pub(super) fn begins_one_unseen(&self, orders: &[Order]) -> bool {
        !self.is_complete && !orders.iter().all(|order| self.known.contains_key(&order.key))
    }
}
