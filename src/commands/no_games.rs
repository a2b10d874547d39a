//! What there is to say of a team that has no coming games, or of a league that rests.

use jiff::Timestamp;

use crate::model::{Season, Tricode};
use crate::schedule::calendar::{self, Pause};
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
    let year = season.start_year();
    format!(
        "the schedule for {season} is usually out in mid August {year}; import --yearly-reminder \
         can wake you"
    )
}

/// That nobody in the league plays for some days: a sentence.
pub(super) fn pause(pause: Pause) -> String {
    let what = if pause.is_all_star() { "The All-Star break" } else { "A pause of the league" };
    format!("{what}: the next games are on {}.", pause.until.strftime("%A, %-d %B"))
}
