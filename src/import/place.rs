//! Where the tasks of an order go.

use std::fmt;
use std::str::FromStr;

use crate::model::Tricode;

/// What stands between a team and "Inbox" in the key of a section there.
const IN_THE_INBOX: &str = " in the Inbox";
const ONE_PROJECT: &str = "one project: ";
const PROJECT: &str = "project ";

/// Where the tasks of an order go. Its text is the destination's key in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A project that is made for this team, and known again whatever it is called by then.
    OwnProject(Tricode),
    /// A section of the Inbox that is made for this team.
    Inbox(Tricode),
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
    /// Whether several imports may put their tasks there, so that one may meet what another
    /// has made for a game of two teams.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::OneProject(_) | Self::Project(_))
    }

    /// Whether it is a section of the Inbox.
    pub fn is_of_inbox(&self) -> bool {
        matches!(self, Self::Inbox(_))
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
            Self::OwnProject(team) => write!(f, "{team}"),
            Self::Inbox(team) => write!(f, "{team}{IN_THE_INBOX}"),
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
        let (team, place): (_, fn(Tricode) -> Self) = match key.strip_suffix(IN_THE_INBOX) {
            Some(team) => (team, Self::Inbox),
            None => (key, Self::OwnProject),
        };
        Tricode::of(team).map(place).ok_or_else(|| UnknownPlace(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_is_written() {
        let celtics = Tricode::of("BOS").unwrap();
        for place in [
            Place::OwnProject(celtics),
            Place::Inbox(celtics),
            Place::OneProject("My games in the Inbox".to_owned()),
            Place::Project("6X7rM8997g3RQmvh".to_owned()),
        ] {
            assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        }
        assert!("".parse::<Place>().is_err());
    }
}
