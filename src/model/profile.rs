//! The name under which one Todoist account is signed in.

use std::fmt;
use std::str::FromStr;

use super::secret::shows_token;

/// The longest profile name, in bytes: leaves room for a suffix in a file name.
const LONGEST: usize = 64;

/// A profile's name: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
///
/// The rule keeps every name usable as a file name and as a key store account as it is,
/// so nothing has to be escaped and no name can climb out of its folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Profile(String);

/// Why a name is none of a [`Profile`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProfile {
    /// It breaks the rule.
    #[error(
        "{0:?} is not a profile name: use 1 to 64 letters, digits, dots, underscores or hyphens, \
         starting with a letter or digit"
    )]
    Rule(String),
    /// Names stand in files and messages, where a token must not.
    #[error("what looks like a token is not a profile name")]
    Token,
}

impl Profile {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Profile {
    /// The profile of those who have only one: `default`.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl FromStr for Profile {
    type Err = InvalidProfile;

    fn from_str(name: &str) -> Result<Self, InvalidProfile> {
        let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if shows_token(name) {
            Err(InvalidProfile::Token)
        } else if starts_well && name.len() <= LONGEST && name.chars().all(allowed) {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidProfile::Rule(name.to_owned()))
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_within_the_rule_are_profiles() {
        for name in ["default", "a", "0", "work.2026_x-y", &"x".repeat(64)] {
            assert_eq!(name.parse::<Profile>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn names_outside_the_rule_are_refused() {
        for name in ["", ".hidden", "-x", "_x", "a/b", "..", "a b", "é", "a\n", &"x".repeat(65)] {
            assert!(name.parse::<Profile>().is_err(), "{name:?}");
        }
        let pasted = "0123456789abcdef0123456789abcdef01234567";
        assert!(!pasted.parse::<Profile>().unwrap_err().to_string().contains(pasted));
    }
}
