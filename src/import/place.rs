//! Where the tasks of an order go.

use std::fmt;
use std::str::FromStr;

use crate::model::{Season, Tricode};

/// What stands between a team and "Inbox" in the key of a section there.
const IN_THE_INBOX: &str = " in the Inbox";
const ONE_PROJECT: &str = "one project: ";
const PROJECT: &str = "project ";

/// Where the tasks of an order go. Its text is the destination's key in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A project that is made for this team, and known again whatever it is called by then.
    OwnProject {
        /// Whose games it holds.
        team: Tricode,
        /// The season, where it lies beside the project of another one.
        season: Option<Season>,
    },
    /// A section of the Inbox that is made for this team.
    Inbox {
        /// Whose games it holds.
        team: Tricode,
        /// The season, where it lies beside the section of another one.
        season: Option<Season>,
    },
    /// A project of this name that is made for several teams.
    OneProject(String),
    /// A project of the person's, by Todoist's id.
    Project(String),
}

/// No key of a destination.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no destination")]
pub struct UnknownPlace(String);

impl Place {
    /// A project of the team's own, of whichever season comes first.
    pub fn own_project(team: Tricode) -> Self {
        Self::OwnProject { team, season: None }
    }

    /// A section of the Inbox of the team's own, of whichever season comes first.
    pub fn inbox(team: Tricode) -> Self {
        Self::Inbox { team, season: None }
    }

    /// The place for `season` beside this one; what is not made for one team is for all seasons.
    pub fn beside(self, season: Season) -> Self {
        let season = Some(season);
        match self {
            Self::OwnProject { team, .. } => Self::OwnProject { team, season },
            Self::Inbox { team, .. } => Self::Inbox { team, season },
            Self::OneProject(_) | Self::Project(_) => self,
        }
    }

    /// The team that it is made for, if it is made for one: in each of its seasons.
    pub fn team(&self) -> Option<Tricode> {
        match self {
            Self::OwnProject { team, .. } | Self::Inbox { team, .. } => Some(*team),
            Self::OneProject(_) | Self::Project(_) => None,
        }
    }

    /// Whether both are the same but for the season.
    pub fn is_kin_of(&self, other: &Self) -> bool {
        let is_inbox = |place: &Self| matches!(place, Self::Inbox { .. });
        match (self.team(), other.team()) {
            (Some(team), Some(others)) => team == others && is_inbox(self) == is_inbox(other),
            _ => self == other,
        }
    }

    /// Whether several imports may put their tasks there, so that one may meet what another
    /// has made for a game of two teams.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::OneProject(_) | Self::Project(_))
    }

    /// Whether it is a section of the Inbox.
    pub fn is_of_inbox(&self) -> bool {
        matches!(self, Self::Inbox { .. })
    }

    /// Whether it is one of the places of which a team's games are in one at a time: what is
    /// imported once must not be doubled by a wish for another place.
    pub fn is_exclusive(&self) -> bool {
        !matches!(self, Self::OneProject(_))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnProject { team, season: None } => write!(f, "{team}"),
            Self::OwnProject { team, season: Some(season) } => write!(f, "{team} {season}"),
            Self::Inbox { team, season: None } => write!(f, "{team}{IN_THE_INBOX}"),
            Self::Inbox { team, season: Some(season) } => {
                write!(f, "{team} {season}{IN_THE_INBOX}")
            }
            Self::OneProject(name) => write!(f, "{ONE_PROJECT}{name}"),
            Self::Project(id) => write!(f, "{PROJECT}{id}"),
        }
    }
}

impl FromStr for Place {
    type Err = UnknownPlace;

    fn from_str(key: &str) -> Result<Self, UnknownPlace> {
        if let Some(name) = key.strip_prefix(ONE_PROJECT) {
            return Ok(Self::OneProject(name.to_owned()));
        }
        if let Some(id) = key.strip_prefix(PROJECT) {
            return Ok(Self::Project(id.to_owned()));
        }
        let (of, place): (_, fn(Tricode) -> Self) = match key.strip_suffix(IN_THE_INBOX) {
            Some(of) => (of, Self::inbox),
            None => (key, Self::own_project),
        };
        let (team, season) = match of.split_once(' ') {
            Some((team, season)) => (team, Some(season.parse::<Season>())),
            None => (of, None),
        };
        let first = Tricode::of(team).map(place);
        match (first, season.transpose()) {
            (Some(first), Ok(None)) => Ok(first),
            (Some(first), Ok(Some(season))) => Ok(first.beside(season)),
            _ => Err(UnknownPlace(key.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_is_written() {
        let celtics = Tricode::of("BOS").unwrap();
        let season = "2027-28".parse().unwrap();
        for place in [
            Place::own_project(celtics),
            Place::own_project(celtics).beside(season),
            Place::inbox(celtics),
            Place::inbox(celtics).beside(season),
            Place::OneProject("My games in the Inbox".to_owned()),
            Place::Project("6X7rM8997g3RQmvh".to_owned()),
        ] {
            assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        }
        for none in ["", "BOS ", "BOS 2027-29", "BOS 2027-28 ", "2027-28"] {
            assert!(none.parse::<Place>().is_err(), "{none}");
        }
    }

    #[test]
    fn all_seasons_of_a_team_are_kin() {
        let [celtics, lakers] = ["BOS", "LAL"].map(|code| Tricode::of(code).unwrap());
        let next = |place: Place| place.beside("2027-28".parse().unwrap());
        let own = Place::own_project(celtics);
        assert!(own.is_kin_of(&next(own.clone())));
        assert!(!own.is_kin_of(&Place::own_project(lakers)));
        assert!(!own.is_kin_of(&next(Place::inbox(celtics))));
        let one = Place::OneProject("Mine".to_owned());
        assert!(one.is_kin_of(&next(one.clone())));
        assert!(!one.is_kin_of(&Place::Project("Mine".to_owned())));
    }
}
