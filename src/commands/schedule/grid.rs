//! A month as a calendar: weeks from Sunday on, as the league counts them where it plays.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{GameShown, Listing, TeamShown};

/// The columns of a day: `vs NYK` and a space, and more where the terminal has them.
const NARROWEST: usize = 8;
const WIDEST: usize = 12;
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    listing: &Listing,
    team: &TeamShown,
    day: Option<Date>,
) -> fmt::Result {
    let next = team.games.iter().find(|game| game.next).or(team.games.last());
    let month = day.or(next.map(|game| game.day)).unwrap_or(listing.today);
    let width = (listing.width.unwrap_or(usize::MAX) / DAYS.len()).clamp(NARROWEST, WIDEST);
    let count = team.games.iter().filter(|it| is_in(it.day, month)).count();
    let s = if count == 1 { "" } else { "s" };
    let name = month.strftime("%B %Y");
    writeln!(f, "{} · {name} · {count} game{s} · {}", team.name, listing.timezone)?;
    row(f, width, DAYS.map(str::to_owned))?;
    let first = month.first_of_month();
    let sunday = first.saturating_sub(i64::from(first.weekday().since(Weekday::Sunday)).days());
    // A series ends where the calendar does, which no sum that saturates would.
    for week in sunday.series(7.days()).take_while(|week| *week <= month.last_of_month()) {
        let days: [Date; 7] = std::array::from_fn(|at| {
            week.saturating_add(i64::try_from(at).unwrap_or_default().days())
        });
        let cells = |cell: &dyn Fn(Date) -> String| {
            days.map(|day| if is_in(day, month) { cell(day) } else { String::new() })
        };
        row(f, width, cells(&|day| number(day, listing, team)))?;
        // Two evenings in America can be one day elsewhere; an empty week has its place, too.
        let shown = days.into_iter().filter(|day| is_in(*day, month));
        let most = shown.map(|day| games_of(team, day).count()).max().unwrap_or(0);
        for nth in 0..most.max(1) {
            let game = |day| games_of(team, day).nth(nth);
            let against = |game: &GameShown| game.against(|it| it.as_str());
            row(f, width, cells(&|day| game(day).map(against).unwrap_or_default()))?;
            let clock = |game: &GameShown| game.clock().to_owned();
            row(f, width, cells(&|day| game(day).map(clock).unwrap_or_default()))?;
        }
    }
    writeln!(f, "[ ] today, › the next game")
}

fn is_in(day: Date, month: Date) -> bool {
    (day.year(), day.month()) == (month.year(), month.month())
}

/// The number of a day, marked.
fn number(day: Date, listing: &Listing, team: &TeamShown) -> String {
    let next = if team.games.iter().any(|game| game.next && game.day == day) { "›" } else { "" };
    let number = day.day();
    if day == listing.today { format!("[{number}]{next}") } else { format!("{number}{next}") }
}

fn games_of(team: &TeamShown, day: Date) -> impl Iterator<Item = &GameShown> {
    team.games.iter().filter(move |game| game.day == day)
}

fn row(f: &mut fmt::Formatter<'_>, width: usize, cells: [String; 7]) -> fmt::Result {
    let line: String = cells.iter().map(|cell| format!("{cell:<width$}")).collect();
    writeln!(f, "{}", line.trim_end())
}
