//! What a task says, and how a later run recognises it by that.

use jiff::tz::TimeZone;

use crate::import::subject::Subject;
use crate::import::task::{Occasion, Task};
use crate::model::{Game, GameId, Matchup, Season, Status, TimeStyle, Tipoff, Tricode};

/// Where a link to a game's page begins, with or without `www.` before it.
const GAME_PAGE: &str = "nba.com/game/";
/// The page of the league's schedule, with a mark that no person's own link has.
const SCHEDULE_PAGE: &str = "nba.com/schedule#next-season";
/// What the title ends with that reminds of the next season.
const NEXT_SEASON: &str = ": import the next season";
/// How many digits the id at the end of such a link has.
const ID_LENGTH: usize = 10;
/// The most characters that Todoist takes as the title of a task.
pub const LONGEST_TITLE: usize = 500;
/// What a title ends with while its game is off.
const POSTPONED: &str = "(postponed)";
const CANCELLED: &str = "(cancelled)";

/// The project that a team's games go to: `Celtics schedule`.
pub fn project_name(team: Tricode) -> String {
    format!("{} schedule", team.team().nickname)
}

/// The name of a place for `season` beside the one that has the `usual` name.
pub fn name_of_season(usual: &str, season: Season) -> String {
    format!("{usual} {season}")
}

/// A game's title from `team`'s side: `Celtics vs Knicks` at home, `Celtics at Knicks` away.
pub fn title(team: Tricode, matchup: Matchup) -> String {
    let (between, opponent) = seen_from(team, matchup);
    format!("{} {between} {}", team.team().nickname, opponent.team().nickname)
}

/// What stands between the names of `team` and its opponent, and who that is.
pub(super) fn seen_from(team: Tricode, matchup: Matchup) -> (&'static str, Tricode) {
    if matchup.home == team { ("vs", matchup.away) } else { ("at", matchup.home) }
}

/// The title while the game is called off for now: `Celtics vs Knicks (postponed)`. A title
/// that says so already stays; one that says "cancelled" changes its mind.
pub fn postponed(title: &str) -> String {
    marked(title, POSTPONED)
}

/// The title of a game that is called off for good: `Celtics vs Knicks (cancelled)`, likewise.
pub fn cancelled(title: &str) -> String {
    marked(title, CANCELLED)
}

/// The title without the marks of [`postponed`] and [`cancelled`]: the same text comes back if
/// it has none.
pub fn unmarked(title: &str) -> &str {
    let mut bare = title.trim_end();
    while let Some(shorter) = bare.strip_suffix(POSTPONED).or(bare.strip_suffix(CANCELLED)) {
        bare = shorter.trim_end();
    }
    bare
}

/// The mark is what the person has to see, so it is the title that yields where both are too
/// long.
fn marked(title: &str, mark: &str) -> String {
    let room = LONGEST_TITLE - mark.len() - 1;
    // What is left after a cut can end with a mark that was in the middle before.
    let bare = unmarked(cut(unmarked(title), room));
    if bare.is_empty() { mark.to_owned() } else { format!("{bare} {mark}") }
}

/// The first `most` characters of `text`, without white space at the end.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    text[..end].trim_end()
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

/// The title of the task that reminds of the next season, for a team or a project.
pub fn next_season(whose: &str) -> String {
    let room = LONGEST_TITLE - NEXT_SEASON.len();
    format!("{}{NEXT_SEASON}", cut(whose, room))
}

/// What stands below that title; the link is what a later run recognises it by.
pub fn next_season_description() -> String {
    format!("A new schedule is usually out in mid August.\nhttps://www.{SCHEDULE_PAGE}")
}

/// What a comment says to a task that was due at another time before.
pub fn moved(was: Occasion, task: &Task, zone: &TimeZone) -> String {
    let in_words = |due: Occasion| due.in_words(zone, TimeStyle::default());
    let (was, now) = (in_words(was), in_words(task.due));
    if task.content.ends_with(POSTPONED) {
        return format!("Postponed; it was to start {was}.");
    }
    if task.content.ends_with(CANCELLED) {
        return format!("Cancelled; it was to start {was}.");
    }
    let open = if matches!(task.due, Occasion::On(_)) { "; the time is still open" } else { "" };
    format!("Moved from {was} to {now}{open}.")
}

/// What a task is about by the links in its description.
pub fn subject_of(description: &str) -> Option<Subject> {
    let next_season = || description.contains(SCHEDULE_PAGE).then_some(Subject::NextSeason);
    linked_game(description).map(Subject::from).or_else(next_season)
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
    fn a_game_that_is_off_says_so_once() {
        let title = "Celtics vs Knicks";
        assert_eq!(postponed(title), "Celtics vs Knicks (postponed)");
        assert_eq!(postponed(&postponed(title)), postponed(title));
        assert_eq!(cancelled(&postponed(title)), "Celtics vs Knicks (cancelled)");
        assert_eq!(unmarked(&cancelled(title)), title);
        assert_eq!(unmarked(title), title);
        assert_eq!(postponed(""), "(postponed)");
    }

    #[test]
    fn a_comment_says_what_became_of_the_time() {
        let day = Occasion::On("2026-11-29".parse().unwrap());
        let at = |text: &str| Occasion::At(text.parse().unwrap());
        let said = |content: &str, due| {
            let task = Task {
                subject: Subject::NextSeason,
                teams: [team("BOS")].into(),
                content: content.to_owned(),
                description: String::new(),
                due,
                minutes: None,
                labels: None,
                priority: None,
                spot: None,
                reminder: None,
            };
            moved(at("2026-11-28T00:30:00Z"), &task, &TimeZone::UTC)
        };
        let title = "Celtics vs Knicks";
        assert_eq!(
            said(title, at("2026-11-28T18:00:00Z")),
            "Moved from Sat 28 Nov 00:30 to Sat 28 Nov 18:00."
        );
        assert_eq!(
            said(title, day),
            "Moved from Sat 28 Nov 00:30 to Sun 29 Nov; the time is still open."
        );
        let start = "it was to start Sat 28 Nov 00:30.";
        assert_eq!(said(&postponed(title), day), format!("Postponed; {start}"));
        assert_eq!(said(&cancelled(title), day), format!("Cancelled; {start}"));
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
            assert_eq!(linked_game(text).unwrap().to_string(), "0022600042", "{text}");
        }
        for text in ["", "nba.com/game/", "https://www.nba.com/game/42", "0022600042"] {
            assert_eq!(linked_game(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn marks_come_once_and_can_be_taken_off(
            title in "(\\(postponed\\)|\\(cancelled\\)| |é){0,60}.{0,500}",
        ) {
            for mark in [postponed, cancelled] {
                let marked = mark(&title);
                prop_assert_eq!(mark(&marked), marked.clone());
                prop_assert!(marked.chars().count() <= LONGEST_TITLE);
                prop_assert!(unmarked(&title).starts_with(unmarked(&marked)));
                prop_assert_ne!(unmarked(&marked), marked.as_str());
            }
        }

        #[test]
        fn any_text_has_a_link_or_has_none(text in ".*") {
            linked_game(&format!("nba.com/game/{text}"));
        }
    }
}
