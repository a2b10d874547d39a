//! What people call a team, and which one they mean.

use crate::model::Tricode;

/// How many near misses an answer lists: enough to find oneself in, short enough for a line.
const SUGGESTIONS: usize = 3;
/// How much less like a name than the nearest one another may be that is listed, too.
const AS_NEAR: f64 = 0.12;

/// Why a name means no single team.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownTeam {
    /// Nobody is called that.
    #[error("no team is called {name:?}; nearest: {}", list(nearest))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The teams whose names are nearest, best first.
        nearest: Vec<Tricode>,
    },
    /// Nothing was asked for, as by a variable that is empty.
    #[error("the name of a team is empty")]
    Empty,
    /// A comma, and nothing on one side of it.
    #[error("in {list:?} a comma has no team beside it")]
    LooseComma {
        /// What was asked for.
        list: String,
    },
    /// More than one team is called that.
    #[error("{name:?} could be {}", list(candidates))]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// All who are called that.
        candidates: Vec<Tricode>,
    },
}

impl Tricode {
    /// The team that people mean by `name`: its tricode, nickname, city, both together, or a
    /// common alias; case, spaces and punctuation do not count.
    ///
    /// # Errors
    /// [`UnknownTeam`], with the nearest matches or all candidates.
    pub fn from_name(name: &str) -> Result<Self, UnknownTeam> {
        let wanted = fold(name);
        let candidates: Vec<Self> =
            Self::all().filter(|&code| names(code).contains(&wanted)).collect();
        match candidates[..] {
            [only] => Ok(only),
            [] => Err(UnknownTeam::Unknown { name: name.to_owned(), nearest: nearest(&wanted) }),
            _ => Err(UnknownTeam::Ambiguous { name: name.to_owned(), candidates }),
        }
    }
}

fn names(code: Tricode) -> Vec<String> {
    let team = code.team();
    let official = [code.as_str(), team.nickname, team.city, &team.full_name()].map(fold);
    official.into_iter().chain(team.aliases.iter().map(|alias| fold(alias))).collect()
}

/// What is left of a name when case, spaces and punctuation are taken away.
fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn nearest(wanted: &str) -> Vec<Tricode> {
    let likeness = |code: Tricode| {
        names(code).iter().map(|name| strsim::jaro_winkler(name, wanted)).fold(0.0, f64::max)
    };
    let mut ranked: Vec<(f64, Tricode)> =
        Tricode::all().map(|code| (likeness(code), code)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = ranked.first().map_or(0.0, |(likeness, _)| *likeness);
    ranked.retain(|(likeness, _)| best - likeness <= AS_NEAR);
    ranked.into_iter().take(SUGGESTIONS).map(|(_, code)| code).collect()
}

fn list(codes: &[Tricode]) -> String {
    let named: Vec<String> =
        codes.iter().map(|&code| format!("{} ({code})", code.team().full_name())).collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> &'static str {
        Tricode::from_name(name).unwrap().as_str()
    }

    #[test]
    fn a_team_answers_to_all_its_names_in_any_case() {
        for name in [
            "PHI",
            "phi",
            "76ers",
            "Sixers",
            "sIXERS",
            "Philadelphia",
            "philadelphia 76ers",
            "philly",
        ] {
            assert_eq!(found(name), "PHI", "{name}");
        }
        for name in ["trail blazers", "Trailblazers", "Trail-Blazers", " blazers "] {
            assert_eq!(found(name), "POR", "{name}");
        }
        assert_eq!(found("golden state"), "GSW");
        assert_eq!(found("LA Lakers"), "LAL");
        assert_eq!(found("los angeles clippers"), "LAC");
    }

    #[test]
    fn los_angeles_has_two() {
        for name in ["LA", "los angeles"] {
            let Err(UnknownTeam::Ambiguous { candidates, .. }) = Tricode::from_name(name) else {
                panic!("{name} means one team");
            };
            assert_eq!(candidates.iter().map(|c| c.as_str()).collect::<Vec<_>>(), ["LAC", "LAL"]);
        }
    }

    #[test]
    fn an_unknown_name_brings_the_nearest() {
        let Err(UnknownTeam::Unknown { nearest, .. }) = Tricode::from_name("Celtcs") else {
            panic!("a typo was taken for a name");
        };
        assert_eq!(nearest[0].as_str(), "BOS");
        for (name, expected) in [
            ("celtcs", &["BOS"][..]),
            ("laker", &["LAL"]),
            ("76er", &["PHI"]),
            ("boton", &["BOS"]),
            ("nyc", &["NYK"]),
            ("clipers", &["LAC", "CLE"]),
            ("nets york", &["BKN", "NYK"]),
        ] {
            let Err(UnknownTeam::Unknown { nearest, .. }) = Tricode::from_name(name) else {
                panic!("{name} is a team");
            };
            let mut nearest: Vec<&str> = nearest.iter().map(|code| code.as_str()).collect();
            nearest.sort_unstable();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(nearest, expected, "{name}");
        }
        assert!(Tricode::from_name("").is_err());
        assert!(Tricode::from_name("🏀").is_err());
    }

    #[test]
    fn no_two_teams_share_a_name_but_in_los_angeles() {
        for code in Tricode::all() {
            for name in names(code) {
                let shared = matches!(name.as_str(), "la" | "losangeles");
                assert_eq!(Tricode::from_name(&name).is_ok(), !shared, "{name}");
            }
        }
    }
}
