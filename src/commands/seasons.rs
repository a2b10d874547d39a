//! The places of a team, season by season: a new season has one of its own, and the old one is
//! left as it is.

use std::collections::BTreeSet;

use crate::import::record::DestinationRecord;
use crate::import::seen::{Fate, Seen};
use crate::import::subject::Subject;
use crate::import::view::View;
use crate::import::{Order, Place, Record, wording};
use crate::model::Season;

/// What an account has of the season that is imported, and of others.
pub(super) struct Seasons<'a> {
    season: Season,
    record: Option<&'a Record>,
    /// The names of the projects that hold games, and none of this season.
    projects_of_others: BTreeSet<&'a str>,
    /// Those of the Inbox's sections, likewise.
    sections_of_others: BTreeSet<&'a str>,
}

/// Where the season of an order belongs.
enum Where {
    /// In the usual place.
    Usual,
    /// Beside a place of another season; with the season in its name as long as that is there.
    Beside { is_named: bool },
}

/// The place of the latest season that the record knows among those that differ from `first` by
/// no more than that; `first` if it knows none.
pub(super) fn latest(first: Place, record: Option<&Record>) -> Place {
    let kin = record.into_iter().flat_map(|record| record.kin_of(&first));
    let latest = kin.max_by_key(|(_, there)| there.season()).map(|(place, _)| place);
    latest.unwrap_or(first)
}

impl<'a> Seasons<'a> {
    /// What the record knows, and what Todoist has just told.
    pub(super) fn of(season: Season, record: Option<&'a Record>, view: &'a View) -> Self {
        let is_of_others = |tasks: &mut dyn Iterator<Item = &Seen>| {
            let games = tasks.filter_map(|task| task.subject).filter_map(Subject::game);
            let mut seasons = games.map(|game| game.season() != season).peekable();
            seasons.peek().is_some() && seasons.all(|is_other| is_other)
        };
        let tasks = || view.tasks.iter().filter(|task| task.fate == Fate::Active);
        let projects = view.projects.iter().filter(|project| {
            let mut within = tasks().filter(|task| task.project == project.id);
            project.fate == Fate::Active && is_of_others(&mut within)
        });
        let sections = view.sections.iter().filter(|section| {
            let mut within = tasks().filter(|task| task.section.as_ref() == Some(&section.id));
            let is_there = section.fate == Fate::Active;
            is_there && Some(&section.project) == view.inbox.as_ref() && is_of_others(&mut within)
        });
        Self {
            season,
            record,
            projects_of_others: projects.map(|project| project.name.as_str()).collect(),
            sections_of_others: sections.map(|section| section.name.as_str()).collect(),
        }
    }

    /// The order for a place of a team's own, where its season belongs: where it is already, or
    /// in a new place if the usual one holds another season.
    pub(super) fn place(&self, order: Order) -> Order {
        match self.home(&order.place) {
            Where::Usual => order,
            Where::Beside { is_named } => order.beside(self.season, is_named),
        }
    }

    /// The same of a place alone.
    pub(super) fn of_place(&self, usual: Place) -> Place {
        match self.home(&usual) {
            Where::Usual => usual,
            Where::Beside { .. } => usual.beside(self.season),
        }
    }

    fn home(&self, usual: &Place) -> Where {
        let Some(team) = usual.team() else { return Where::Usual };
        let known = |place: &Place| self.record?.destinations.get(&place.to_string());
        if known(&usual.clone().beside(self.season)).is_some() {
            return Where::Beside { is_named: true };
        }
        match known(usual) {
            Some(there) if self.is_of_another(there) => {
                let mut others = self.record.into_iter().flat_map(|record| record.kin_of(usual));
                Where::Beside { is_named: others.any(|(_, it)| it.fate == Fate::Active) }
            }
            Some(_) => Where::Usual,
            // Another machine made it, or its record is lost.
            None => {
                let name = wording::project_name(team);
                let of_others = match usual {
                    Place::Inbox { .. } => &self.sections_of_others,
                    _ => &self.projects_of_others,
                };
                let is_taken = of_others.contains(name.as_str());
                if is_taken { Where::Beside { is_named: true } } else { Where::Usual }
            }
        }
    }

    fn is_of_another(&self, there: &DestinationRecord) -> bool {
        let mut games = there.tasks.keys().copied().filter_map(Subject::game).peekable();
        games.peek().is_some() && games.all(|game| game.season() != self.season)
    }
}
