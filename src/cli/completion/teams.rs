//! The teams, as somebody begins to type them.

use std::ffi::OsStr;

use clap_complete::engine::CompletionCandidate;

use super::said;
use crate::model::Tricode;

/// The word for every team.
const EVERYBODY: &str = "all";

/// The teams that what is typed can become, behind those that are there with commas between.
pub(super) fn complete(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else { return Vec::new() };
    let (there, begun) = match typed.rfind(',') {
        Some(comma) => typed.split_at(comma + 1),
        None => ("", typed),
    };
    let named: Vec<Tricode> =
        there.split(',').filter_map(|name| Tricode::from_name(name).ok()).collect();
    let others = Tricode::all().filter(|code| !named.contains(code));
    let mut found: Vec<CompletionCandidate> =
        others.filter_map(|code| candidate(code, there, begun)).collect();
    if there.is_empty()
        && let Some(all) = spelled(EVERYBODY, begun)
    {
        found.push(CompletionCandidate::new(all).help(said("every team")));
    }
    found
}

/// A team by its letters, or else by its nickname or city: nobody needs it twice.
fn candidate(code: Tricode, there: &str, begun: &str) -> Option<CompletionCandidate> {
    let team = code.team();
    let names = [code.as_str(), team.nickname, team.city];
    // Two teams have a city in common, and a name is to mean one.
    let mut names = names.into_iter().filter(|name| Tricode::from_name(name).is_ok());
    let name = names.find_map(|name| spelled(name, begun))?;
    Some(CompletionCandidate::new(format!("{there}{name}")).help(said(&team.full_name())))
}

/// `name` if it starts with what is typed, which stays as it is: shells drop what differs from
/// it, be it in a capital letter.
fn spelled(name: &str, begun: &str) -> Option<String> {
    let head = name.get(..begun.len())?;
    let rest = &name[begun.len()..];
    let small = !begun.is_empty() && !begun.contains(|c: char| c.is_ascii_uppercase());
    let rest = if small { rest.to_ascii_lowercase() } else { rest.to_owned() };
    head.eq_ignore_ascii_case(begun).then(|| format!("{begun}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(typed: &str) -> Vec<String> {
        let found = complete(OsStr::new(typed));
        found.iter().map(|it| it.get_value().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn nothing_typed_is_all_thirty_by_their_letters() {
        let all = values("");
        assert_eq!((all.len(), all[0].as_str(), all[30].as_str()), (31, "ATL", "all"));
    }

    #[test]
    fn what_is_typed_stays_as_it_is() {
        assert_eq!(values("BO"), ["BOS"]);
        assert_eq!(values("bo"), ["bos"]);
        assert_eq!(values("Cel"), ["Celtics"]);
        assert_eq!(values("cel"), ["celtics"]);
        assert_eq!(values("Trail"), ["Trail Blazers"]);
        assert!(values("zz").is_empty());
        assert!(values("\u{1f3c0}").is_empty());
    }

    #[test]
    fn a_team_that_is_there_is_not_proposed_again() {
        assert_eq!(values("Celtics,BO"), Vec::<String>::new());
        assert_eq!(values("LAL,BO"), ["LAL,BOS"]);
        assert_eq!(values("bos,").len(), 29);
    }

    #[test]
    fn every_proposal_means_one_team() {
        for letter in 'a'..='z' {
            for value in values(&letter.to_string()) {
                assert!(value == EVERYBODY || Tricode::from_name(&value).is_ok(), "{value}");
            }
        }
    }
}
