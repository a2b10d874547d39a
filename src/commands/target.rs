//! Where the person wants an import to go.

use std::collections::BTreeSet;

use crate::commands::seasons::latest;
use crate::import::project_name::{NoSuchProject, ProjectName};
use crate::import::view::View;
use crate::import::{Place, Record};
use crate::model::Tricode;

/// Where the person wants an import to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// A project for each team.
    #[default]
    OwnProjects,
    /// One project of this name, made for all teams.
    OneProject(String),
    /// A section of the Inbox for each team.
    Inbox,
    /// A project of theirs.
    Project(ProjectName),
}

impl Target {
    /// A team's usual place, if teams have one each.
    pub fn of_team(&self, team: Tricode) -> Option<Place> {
        match self {
            Self::OwnProjects => Some(Place::own_project(team)),
            Self::Inbox => Some(Place::inbox(team)),
            Self::OneProject(_) | Self::Project(_) => None,
        }
    }

    /// The places, as far as an earlier import knew them, those of the latest season; none if
    /// this is a new one.
    pub fn known(&self, teams: &[Tricode], record: Option<&Record>) -> Vec<Place> {
        match self {
            Self::OwnProjects | Self::Inbox => {
                let own = teams.iter().filter_map(|team| self.of_team(*team));
                own.map(|first| latest(first, record)).collect()
            }
            Self::OneProject(name) => vec![Place::OneProject(name.clone())],
            Self::Project(name) => {
                let id = record.and_then(|record| name.known(record));
                id.map(Place::Project).into_iter().collect()
            }
        }
    }

    /// The one place for all teams, if it is one.
    ///
    /// # Errors
    /// [`NoSuchProject`].
    pub fn shared(
        &self,
        view: &View,
        record: Option<&Record>,
    ) -> Result<Option<Place>, NoSuchProject> {
        match self {
            Self::OwnProjects | Self::Inbox => Ok(None),
            Self::OneProject(name) => Ok(Some(Place::OneProject(name.clone()))),
            Self::Project(name) => Ok(Some(Place::Project(name.find(view, record)?))),
        }
    }

    /// What the one place for all teams is called, as far as a name is needed: one to be made as
    /// the person said, theirs as it is called now.
    pub fn name(&self, shared: Option<&Place>, view: &View, record: Option<&Record>) -> String {
        match (self, shared) {
            (Self::OneProject(name), _) => name.clone(),
            (Self::Project(_), Some(Place::Project(id))) => {
                let seen = view.projects.iter().find(|it| it.id == *id).map(|it| &it.name);
                let known = record.and_then(|it| it.destinations.get(&shared?.to_string()));
                seen.or(known.map(|it| &it.name)).cloned().unwrap_or_default()
            }
            _ => String::new(),
        }
    }

    /// Remembers what the person called their project, so that it is found by that when it is
    /// called otherwise.
    pub fn remember(&self, record: &mut Record, shared: Option<&Place>) {
        if let (Self::Project(name), Some(place)) = (self, shared)
            && let Some(there) = record.destinations.get_mut(&place.to_string())
        {
            there.asked_as = Some(name.to_string());
        }
    }
}

/// What places are filed under in a record, each once.
pub(super) fn keys(places: &[Place]) -> Vec<String> {
    let keys: BTreeSet<String> = places.iter().map(ToString::to_string).collect();
    keys.into_iter().collect()
}
