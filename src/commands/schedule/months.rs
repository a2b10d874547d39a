//! The months in which a team plays.

use jiff::civil::Date;

use super::GameShown;

/// That there is no game in the month of `day`, and in which months there are: what can follow the
/// team's name, up to the last full stop. Of those that were `asked` for, if not for all.
pub(super) fn no_game_in(day: Date, games: &[GameShown], asked: bool) -> String {
    let month = |day: Date| day.strftime("%B %Y").to_string();
    let spans: Vec<String> = spans(games)
        .into_iter()
        .map(|(first, last)| match is_next(first, last) {
            None => month(first),
            Some(true) => format!("{} and {}", month(first), month(last)),
            Some(false) => format!("{} to {}", month(first), month(last)),
        })
        .collect();
    let (month, months) = (month(day), spans.join(", "));
    match asked {
        true => format!("no game that you asked for is in {month}; they are in {months}"),
        false => format!("no game in {month}; there are games in {months}"),
    }
}

/// The first and the last of months in a row.
fn spans(games: &[GameShown]) -> Vec<(Date, Date)> {
    let mut months: Vec<Date> = games.iter().map(|game| game.day.first_of_month()).collect();
    months.sort_unstable();
    months.dedup();
    let mut spans: Vec<(Date, Date)> = Vec::new();
    for month in months {
        match spans.last_mut() {
            Some((_, last)) if is_next(*last, month) == Some(true) => *last = month,
            _ => spans.push((month, month)),
        }
    }
    spans
}

/// Whether `second` is the month behind `first`; `None` where it is the same.
fn is_next(first: Date, second: Date) -> Option<bool> {
    let number = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
    match number(second) - number(first) {
        0 => None,
        months => Some(months == 1),
    }
}
