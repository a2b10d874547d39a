//! What there is to say of a team that has no coming games, or of a league that rests.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::{Season, Tricode, counted};
use crate::schedule::calendar::{self, Pause};
use crate::schedule::{GameDays, Selection};

/// Why `team` has no coming games: what can follow its name, up to the last full stop. An empty
/// schedule is an answer.
pub(super) fn no_games(team: Tricode, selection: &Selection, now: Timestamp) -> String {
    let season = selection.season;
    let today = calendar::day_at(now);
    match selection.days {
        None => format!("{season} has no games yet. {}", comes_out(season)),
        Some(GameDays { last, .. }) if last < today && Season::of_day(today) > season => {
            format!("the {season} season is over. {}", comes_out(season.next()))
        }
        Some(GameDays { last, .. }) if last < today => {
            let last = in_words(last);
            format!("the last game of {season} was on {last}. {}", comes_out(season.next()))
        }
        Some(_) if !selection.has_stage => {
            let later = match selection.is_added_later {
                true => "; play-in games and playoffs are added when their teams are known",
                false => "",
            };
            format!("the schedule of {season} has no games of that stage{later}")
        }
        Some(_) => match selection.last.filter(|last| *last < today) {
            Some(last) if selection.postponed.is_empty() => {
                let team = team.team().nickname;
                let last = in_words(last);
                format!("the last game of the {team} that you asked for was on {last}")
            }
            _ => {
                let none = format!("no coming game of {season} is one that you asked for");
                match selection.undecided {
                    0 => none,
                    count => {
                        format!("{none}; the teams of {} are not known yet", counted(count, "game"))
                    }
                }
            }
        },
    }
}

/// What to expect of a season that has no games yet: the league publishes in August. A sentence
/// without its end.
fn comes_out(season: Season) -> String {
    let year = season.start_year();
    format!(
        "The schedule of {season} usually comes out in mid August {year}; with import \
         --yearly-reminder, Todoist reminds you of it"
    )
}

/// `11 April 2027`
fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// That nobody in the league plays for some days: a sentence.
pub(super) fn pause(pause: Pause) -> String {
    let what = if pause.is_all_star() { "for the All-Star break" } else { "for some days" };
    let until = pause.until.strftime("%A, %-d %B");
    format!("The league rests {what}: the next games are on {until}.")
}
