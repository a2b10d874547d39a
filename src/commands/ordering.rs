//! From what the person asks to what each destination should hold.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::commands::import::Request;
use crate::commands::imported::Teams;
use crate::commands::seasons::Seasons;
use crate::import::orders::{TeamGames, one_project, own_project};
use crate::import::{Order, Task};
use crate::model::Tricode;
use crate::schedule::source::{Loaded, Provenance};
use crate::schedule::{Schedule, Selection, bundled, select};

/// What each destination should hold.
pub(super) fn orders(
    request: &Request,
    teams: &Teams,
    there: &Seasons,
    zone: &TimeZone,
) -> Vec<Order> {
    let own = teams
        .each
        .iter()
        .map(|(team, games)| own_project(&games_of(*team, games), &request.tasks, zone));
    let mut orders: Vec<Order> = match &request.one_project {
        Some(name) => one_project(name, own.collect()).into_iter().collect(),
        None => own.map(|order| there.place(order)).collect(),
    };
    for order in &mut orders {
        order.color = request.color.unwrap_or(order.color);
    }
    orders
}

fn games_of(team: Tricode, selection: &Selection) -> TeamGames<'_> {
    TeamGames {
        team,
        games: &selection.games,
        postponed: &selection.postponed,
        cancelled: &selection.cancelled,
    }
}

/// The same tasks as the bundled season has them: what an import may have written before the
/// schedule moved.
pub(super) fn former(
    request: &Request,
    loaded: &Loaded,
    there: &Seasons,
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<(String, Vec<Task>)> {
    let bundled: Option<Schedule> = match loaded.provenance {
        Provenance::Live | Provenance::Copy { .. } | Provenance::Given { .. } => {
            bundled::newest().ok()
        }
        Provenance::Bundled { .. } => None,
    };
    let Some(bundled) = bundled else { return Vec::new() };
    let own = request.teams.iter().map(|team| {
        let selection = select(&bundled, *team, &request.filter, now);
        own_project(&games_of(*team, &selection), &request.tasks, zone)
    });
    let orders: Vec<Order> = match &request.one_project {
        Some(name) => one_project(name, own.collect()).into_iter().collect(),
        None => own.map(|order| there.place(order)).collect(),
    };
    orders.into_iter().map(|order| (order.key, order.tasks)).collect()
}
