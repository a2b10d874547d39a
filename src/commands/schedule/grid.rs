//! A month as a calendar, in weeks as the person has them: from Sunday on where nobody says
//! otherwise, as the league counts them where it plays.

use std::fmt::{self, Write};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{GameShown, Listing, TeamShown, is_same_month};
use crate::looks::{Look, Page, Role};
use crate::model::counted;

/// The columns of a day: `vs NYK` and a space, and more where the terminal has them.
const NARROWEST: usize = 8;
const WIDEST: usize = 12;
const DAYS: i64 = 7;

pub(super) fn write(f: &mut Page, listing: &Listing, team: &TeamShown, look: Look) -> fmt::Result {
    let month = team.day.unwrap_or(listing.today);
    let width = (look.width.unwrap_or(usize::MAX) / 7).clamp(NARROWEST, WIDEST);
    let style = listing.style;
    let count = team.games.len();
    let name = month.strftime("%B %Y");
    f.paint(Role::Team(team.color), &team.name);
    writeln!(f, " · {name} · {} · {}", counted(count, "game"), listing.timezone)?;
    row(f, Some(Role::Dim), width, names(style.week_start).map(str::to_owned))?;
    let first = month.first_of_month();
    let start = first.saturating_sub(i64::from(first.weekday().since(style.week_start)).days());
    // A series ends where the calendar does, which no sum that saturates would.
    for week in start.series(DAYS.days()).take_while(|week| *week <= month.last_of_month()) {
        let days: [Date; 7] = std::array::from_fn(|at| {
            week.saturating_add(i64::try_from(at).unwrap_or_default().days())
        });
        let cells = |cell: &dyn Fn(Date) -> String| {
            days.map(|day| if is_same_month(day, month) { cell(day) } else { String::new() })
        };
        row(f, Some(Role::Heading), width, cells(&|day| number(day, listing, team)))?;
        // Two evenings in America can be one day elsewhere; an empty week has its place, too.
        let shown = days.into_iter().filter(|day| is_same_month(*day, month));
        let most = shown.map(|day| games_of(team, day).count()).max().unwrap_or(0);
        for nth in 0..most.max(1) {
            let game = |day| games_of(team, day).nth(nth);
            let against = |game: &GameShown| game.against(|it| it.as_str());
            row(f, None, width, cells(&|day| game(day).map(against).unwrap_or_default()))?;
            let clock = |game: &GameShown| game.clock(|time| style.short_time(time));
            row(f, None, width, cells(&|day| game(day).map(clock).unwrap_or_default()))?;
        }
    }
    legend(f, listing, team, month)
}

/// What the marks mean that are there.
fn legend(f: &mut Page, listing: &Listing, team: &TeamShown, month: Date) -> fmt::Result {
    let has_next = team.games.iter().any(|game| game.next && is_same_month(game.day, month));
    let marks = [(is_same_month(listing.today, month), "[ ] today"), (has_next, "› the next game")];
    let marks: Vec<&str> = marks.iter().filter(|it| it.0).map(|it| it.1).collect();
    if marks.is_empty() { Ok(()) } else { writeln!(f, "{}", marks.join(", ")) }
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

/// The days of a week that begins on `first`.
fn names(first: Weekday) -> [&'static str; 7] {
    const FROM_SUNDAY: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let mut names = FROM_SUNDAY;
    names.rotate_left(usize::from(first.to_sunday_zero_offset().unsigned_abs()));
    names
}

fn row(f: &mut Page, role: Option<Role>, width: usize, cells: [String; 7]) -> fmt::Result {
    let line: String = cells.iter().map(|cell| format!("{cell:<width$}")).collect();
    match role {
        Some(role) => f.paint(role, line.trim_end()),
        None => f.write_str(line.trim_end())?,
    }
    writeln!(f)
}
