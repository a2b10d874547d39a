//! Which teams a person asks for.

use crate::model::{Conference, Division, Tricode, UnknownTeam};

/// The word for every team of the league.
const EVERYBODY: &str = "all";

/// The teams that `names` mean, then those of the conference, then those of the division.
///
/// A name is one that [`Tricode::from_name`] understands, several of them with commas between,
/// or `all`. Each team comes once, where it was first named; within `all`, a conference or a
/// division the order is that of the tricodes. Nothing asked for is nobody.
///
/// # Errors
/// [`UnknownTeam`] for the first name that means no single team.
///
/// ```
/// use nbatodo::model::{Division, selection};
///
/// let names = ["Sixers,bos".to_owned()];
/// let teams = selection::teams(&names, None, Some(Division::Atlantic)).unwrap();
/// let codes: Vec<&str> = teams.iter().map(|team| team.as_str()).collect();
/// assert_eq!(codes, ["PHI", "BOS", "BKN", "NYK", "TOR"]);
/// ```
pub fn teams(
    names: &[String],
    conference: Option<Conference>,
    division: Option<Division>,
) -> Result<Vec<Tricode>, UnknownTeam> {
    let mut asked = Vec::new();
    let each = names.iter().flat_map(|list| list.split(',').map(move |name| (list, name.trim())));
    for (list, name) in each {
        if name.is_empty() {
            return Err(nobody(list));
        } else if name.eq_ignore_ascii_case(EVERYBODY) {
            asked.extend(Tricode::all());
        } else {
            asked.push(Tricode::from_name(name)?);
        }
    }
    asked.extend(Tricode::all().filter(|code| Some(code.team().conference) == conference));
    asked.extend(Tricode::all().filter(|code| Some(code.team().division) == division));
    let mut teams = Vec::new();
    for team in asked {
        if !teams.contains(&team) {
            teams.push(team);
        }
    }
    Ok(teams)
}

/// What is wrong with `list`, in which a name is empty.
fn nobody(list: &str) -> UnknownTeam {
    match list.contains(',') {
        true => UnknownTeam::LooseComma { list: list.to_owned() },
        false => UnknownTeam::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(names: &[&str]) -> Result<Vec<&'static str>, UnknownTeam> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Ok(teams(&names, None, None)?.into_iter().map(Tricode::as_str).collect())
    }

    #[test]
    fn names_keep_their_order_and_come_once() {
        let named = codes(&["LAL", "celtics, Sixers", "bos", "Lakers"]);
        assert_eq!(named, Ok(vec!["LAL", "BOS", "PHI"]));
        assert_eq!(codes(&[]), Ok(vec![]));
    }

    #[test]
    fn all_are_thirty_whoever_was_named_before() {
        let everybody = codes(&["UTA,ALL"]).unwrap();
        assert_eq!((everybody.len(), everybody[0], everybody[1]), (30, "UTA", "ATL"));
    }

    #[test]
    fn conference_and_division_add_their_teams() {
        let count = |conference, division| teams(&[], conference, division).unwrap().len();
        assert_eq!(count(Some(Conference::East), None), 15);
        assert_eq!(count(None, Some(Division::Pacific)), 5);
        assert_eq!(count(Some(Conference::East), Some(Division::Pacific)), 20);
        assert_eq!(count(Some(Conference::West), Some(Division::Pacific)), 15);
        let west = teams(&["GSW".to_owned()], Some(Conference::West), None).unwrap();
        assert_eq!((west.len(), west[0].as_str()), (15, "GSW"));
    }

    #[test]
    fn one_wrong_name_fails_all() {
        for names in ["BOS,Celtcs", "LA", "", "BOS,", ",", "allstars"] {
            assert!(codes(&[names]).is_err(), "{names:?}");
        }
    }
}
