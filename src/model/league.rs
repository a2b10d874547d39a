//! How the league groups its teams.

use std::fmt;
use std::str::FromStr;

/// Half of the league.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Conference {
    East,
    West,
}

/// A sixth of the league.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Division {
    Atlantic,
    Central,
    Northwest,
    Pacific,
    Southeast,
    Southwest,
}

/// Not one of the two conferences.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no conference {0:?}: it is east or west")]
pub struct UnknownConference(String);

/// Not one of the six divisions.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no division {name:?}: it is one of {}", Division::ALL.map(Division::name).join(", "))]
pub struct UnknownDivision {
    name: String,
}

impl Conference {
    /// Both.
    pub const ALL: [Self; 2] = [Self::East, Self::West];

    /// What it is called on the command line: `east`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::East => "east",
            Self::West => "west",
        }
    }
}

impl Division {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::Atlantic,
        Self::Central,
        Self::Northwest,
        Self::Pacific,
        Self::Southeast,
        Self::Southwest,
    ];

    /// What it is called on the command line: `atlantic`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Atlantic => "atlantic",
            Self::Central => "central",
            Self::Northwest => "northwest",
            Self::Pacific => "pacific",
            Self::Southeast => "southeast",
            Self::Southwest => "southwest",
        }
    }
}

impl FromStr for Conference {
    type Err = UnknownConference;

    /// `east` or `eastern`, in any case; the west likewise.
    fn from_str(text: &str) -> Result<Self, UnknownConference> {
        match text.trim().to_ascii_lowercase().as_str() {
            "east" | "eastern" => Ok(Self::East),
            "west" | "western" => Ok(Self::West),
            _ => Err(UnknownConference(text.to_owned())),
        }
    }
}

impl FromStr for Division {
    type Err = UnknownDivision;

    /// The division's name, in any case.
    fn from_str(text: &str) -> Result<Self, UnknownDivision> {
        let named = |division: &Self| division.name().eq_ignore_ascii_case(text.trim());
        let found = Self::ALL.into_iter().find(named);
        found.ok_or_else(|| UnknownDivision { name: text.to_owned() })
    }
}

impl fmt::Display for Conference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_reads_as_it_prints_and_in_any_case() {
        for conference in Conference::ALL {
            assert_eq!(conference.to_string().parse(), Ok(conference));
            assert_eq!(format!("{conference}ERN").parse(), Ok(conference));
        }
        for division in Division::ALL {
            assert_eq!(division.to_string().parse(), Ok(division));
            assert_eq!(division.name().to_uppercase().parse(), Ok(division));
        }
    }

    #[test]
    fn an_unknown_group_brings_the_choices() {
        let error = "north".parse::<Conference>().unwrap_err().to_string();
        assert_eq!(error, "there is no conference \"north\": it is east or west");
        let error = "east".parse::<Division>().unwrap_err().to_string();
        for division in Division::ALL {
            assert!(error.contains(division.name()), "{error}");
        }
    }
}
