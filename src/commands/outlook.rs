//! What there is to say of a team that has no coming games.

use jiff::Timestamp;

use crate::model::{Season, Tricode};
use crate::schedule::calendar;
use crate::schedule::{GameDays, Selection};

/// Why `team` has no coming games: half a sentence. An empty schedule is an answer.
pub(super) fn no_games(team: Tricode, selection: &Selection, now: Timestamp) -> String {
    let season = selection.season;
    let today = calendar::day_at(now);
    match selection.days {
        None => not_out(season),
        Some(GameDays { last, .. }) if last < today && Season::of_day(today) > season => {
            format!("the season {season} is over; {}", not_out(season.next()))
        }
        Some(GameDays { last, .. }) if last < today => {
            format!("the season {season} ended on {last}; {}", not_out(season.next()))
        }
        Some(_) => match selection.last.filter(|last| *last < today) {
            Some(last) if selection.postponed.is_empty() => {
                let team = team.team().nickname;
                format!("the last of the games that you asked for was on {last} for the {team}")
            }
            _ => format!("no coming game of the season {season} is what you asked for"),
        },
    }
}

/// What to expect of a season that has no games yet: the league publishes in August.
fn not_out(season: Season) -> String {
    format!("the schedule for {season} is usually out in mid August {}", season.start_year())
}
