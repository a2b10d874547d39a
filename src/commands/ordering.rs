//! From what the person asks to what each destination should hold.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::commands::import_report::Teams;
use crate::commands::seasons::Seasons;
use crate::commands::target::Target;
use crate::import::orders::{Style, TeamGames, inbox_section, own_project, together};
use crate::import::{Order, Place, Task, TaskOptions};
use crate::model::{Rgb, Tricode};
use crate::schedule::source::{Loaded, Provenance};
use crate::schedule::{Filter, Schedule, Selection, bundled};

/// What the destinations of an import have in common.
#[derive(Clone, Copy)]
pub(super) struct Ordering<'a> {
    /// Where the person wants it to go.
    pub(super) target: &'a Target,
    /// The one place for all teams, if it is one.
    pub(super) shared: Option<&'a Place>,
    /// What that is called.
    pub(super) name: &'a str,
    /// What each task holds.
    pub(super) options: &'a TaskOptions,
    /// The colour of a new project, instead of the team's.
    pub(super) color: Option<Rgb>,
    /// Which places are those of the season, and which of others.
    pub(super) seasons: &'a Seasons<'a>,
    /// The zone in which the person reads times.
    pub(super) zone: &'a TimeZone,
}

impl Ordering<'_> {
    /// What each destination should hold.
    pub(super) fn orders(&self, teams: &Teams) -> Vec<Order> {
        let style = Style { options: self.options, zone: self.zone };
        let order = match self.target {
            Target::Inbox => inbox_section,
            _ => own_project,
        };
        let own = teams.each.iter().map(|(team, it)| order(&games_of(*team, it), style));
        let mut orders: Vec<Order> = match self.shared {
            Some(place) => together(place.clone(), self.name, own.collect()).into_iter().collect(),
            None => own.map(|order| self.seasons.place(order)).collect(),
        };
        for order in &mut orders {
            order.color = self.color.unwrap_or(order.color);
        }
        orders
    }

    /// The same tasks as the bundled season has them: what an import may have written before
    /// the schedule moved.
    pub(super) fn former(
        &self,
        teams: &[Tricode],
        filter: &Filter,
        loaded: &Loaded,
        now: Timestamp,
    ) -> Vec<(String, Vec<Task>)> {
        let bundled: Option<Schedule> = match loaded.provenance {
            Provenance::Bundled { .. } => None,
            _ => bundled::newest().ok(),
        };
        let Some(bundled) = bundled else { return Vec::new() };
        let orders = self.orders(&Teams::of(teams, &bundled, filter, now));
        let tasks = |order: Order| {
            let all = order.tasks.into_iter().chain(order.excluded.into_values());
            (order.key, all.collect())
        };
        orders.into_iter().map(tasks).collect()
    }
}

fn games_of(team: Tricode, selection: &Selection) -> TeamGames<'_> {
    TeamGames {
        team,
        games: &selection.games,
        postponed: &selection.postponed,
        cancelled: &selection.cancelled,
        excluded: &selection.left_out,
    }
}
