//! What a task says, and how a later run recognises it by that.

use crate::model::{Game, GameId, Matchup, Status, Tipoff, Tricode};

/// Where a link to a game's page begins, with or without `www.` before it.
const GAME_PAGE: &str = "nba.com/game/";
/// How many digits the id at the end of such a link has.
const ID_LENGTH: usize = 10;

/// The project that a team's games go to: `Celtics schedule`.
pub fn project_name(team: Tricode) -> String {
    format!("{} schedule", team.team().nickname)
}

/// A game's title from `team`'s side: `Celtics vs Knicks` at home, `Celtics at Knicks` away.
pub fn title(team: Tricode, matchup: Matchup) -> String {
    let (between, opponent) =
        if matchup.home == team { ("vs", matchup.away) } else { ("at", matchup.home) };
    format!("{} {between} {}", team.team().nickname, opponent.team().nickname)
}

/// The title of a game that is called off for now.
pub fn postponed(title: &str) -> String {
    format!("{title} (postponed)")
}

/// The title of a game that is called off for good.
pub fn cancelled(title: &str) -> String {
    let bare = title.strip_suffix(" (postponed)").unwrap_or(title);
    format!("{bare} (cancelled)")
}

/// What stands below the title: place, television, what is special, and last the link to the
/// game's page, which carries its id.
pub fn description(game: &Game) -> String {
    let mut lines = Vec::new();
    if let Some(venue) = &game.venue {
        let place = [venue.arena.as_str(), venue.city.as_str()];
        let known: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
        lines.extend((!known.is_empty()).then(|| known.join(", ")));
    }
    if !game.national_tv.is_empty() {
        lines.push(format!("TV: {}", game.national_tv.join(", ")));
    }
    lines.extend(game.label.clone());
    if game.status == Status::Scheduled && matches!(game.tipoff, Tipoff::Undecided(_)) {
        lines.push("Tip-off to be determined".to_owned());
    }
    lines.push(game.id.page());
    lines.join("\n")
}

/// The game whose page a description links to. The last link counts: ours comes last. A
/// longer form that the league uses too, with the teams before the id, is understood.
pub fn linked_game(description: &str) -> Option<GameId> {
    let (_, link) = description.rsplit_once(GAME_PAGE)?;
    let page =
        link.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
    page.get(page.len().checked_sub(ID_LENGTH)?..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Venue;
    use proptest::prelude::*;

    fn team(code: &str) -> Tricode {
        Tricode::of(code).unwrap()
    }

    #[test]
    fn a_title_is_seen_from_the_teams_side() {
        let matchup = Matchup { home: team("BOS"), away: team("NYK") };
        assert_eq!(title(team("BOS"), matchup), "Celtics vs Knicks");
        assert_eq!(title(team("NYK"), matchup), "Knicks at Celtics");
    }

    #[test]
    fn a_description_names_place_television_and_label_and_ends_with_the_link() {
        let game = Game {
            id: "0022600042".parse().unwrap(),
            tipoff: Tipoff::At("2026-11-28T00:30:00Z".parse().unwrap()),
            matchup: Some(Matchup { home: team("BOS"), away: team("NYK") }),
            venue: Some(Venue { arena: "TD Garden".into(), city: "Boston".into() }),
            status: Status::Scheduled,
            label: Some("Emirates NBA Cup".into()),
            national_tv: vec!["NBC".into(), "Peacock".into()],
        };
        assert_eq!(
            description(&game),
            "TD Garden, Boston\nTV: NBC, Peacock\nEmirates NBA Cup\n\
             https://www.nba.com/game/0022600042"
        );
        let bare = Game { venue: None, label: None, national_tv: vec![], ..game };
        assert_eq!(description(&bare), "https://www.nba.com/game/0022600042");
    }

    #[test]
    fn a_link_is_found_however_people_keep_it() {
        for text in [
            "https://www.nba.com/game/0022600042",
            "my notes\nhttps://www.nba.com/game/0022600042\nmore notes",
            "https://nba.com/game/nyk-vs-bos-0022600042/box-score",
            "[game](https://www.nba.com/game/0022600042?x=1)",
            "https://www.nba.com/game/0022600001 then https://www.nba.com/game/0022600042",
        ] {
            assert_eq!(linked_game(text).unwrap().as_str(), "0022600042", "{text}");
        }
        for text in ["", "nba.com/game/", "https://www.nba.com/game/42", "0022600042"] {
            assert_eq!(linked_game(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_link_or_has_none(text in ".*") {
            linked_game(&format!("nba.com/game/{text}"));
        }
    }
}
