//! Games as lines that fit the terminal.

use std::fmt::{self, Write};

use super::{GameShown, Listing, TeamShown};
use crate::looks::{Look, Page, Role};
use crate::model::counted;

/// What stands between two columns.
const GAP: usize = 2;
/// The marks of a game of today, of the next one, and of one that is both.
const TODAY: &str = "•";
const NEXT: &str = "›";
const NEXT_TODAY: &str = "»";
/// The least of what is special about a game that still tells something: `Cup · G…`.
const LEAST_SPECIAL: usize = 8;
/// The least of a list of channels: `Prime Video`.
const LEAST_TV: usize = 11;

/// A column of cells, cut to its width; of no width where it is left out.
struct Column {
    cells: Vec<String>,
    width: usize,
}

/// What a table says, less and less of it: the whole, the city alone, no place, no more than
/// channels, and only when and against whom.
#[derive(Clone, Copy)]
enum Detail {
    Everything,
    City,
    NoPlace,
    Channels,
    Bare,
}

pub(super) fn write(f: &mut Page, listing: &Listing, team: &TeamShown, look: Look) -> fmt::Result {
    let most = look.width.unwrap_or(usize::MAX);
    let games = &team.games;
    let (name, count, season) = (&team.name, counted(games.len(), "game"), &listing.season);
    let heading = format!("{name} {season} · {count} · {}", listing.timezone);
    let heading = cut(&heading, most);
    let (team_name, rest) = heading.split_at_checked(name.len()).unwrap_or((&heading, ""));
    f.paint(Role::Team(team.color), team_name);
    writeln!(f, "{rest}")?;
    let columns = fitting(listing, games, most);
    for (row, game) in games.iter().enumerate() {
        let mut line = String::new();
        for column in columns.iter().filter(|column| column.width > 0) {
            let cell = cut(&column.cells[row], column.width);
            let padding = column.width - length(&cell) + GAP;
            line.push_str(&cell);
            line.push_str(&" ".repeat(padding));
        }
        let line = line.trim_end();
        match game.status {
            _ if game.next => f.paint(Role::Heading, line),
            "final" => f.paint(Role::Dim, line),
            _ => f.write_str(line)?,
        }
        writeln!(f)?;
    }
    Ok(())
}

/// The most detailed columns that fit. The last resort may not: a terminal that narrow wraps.
fn fitting(listing: &Listing, games: &[GameShown], most: usize) -> Vec<Column> {
    let all = [Detail::Everything, Detail::City, Detail::NoPlace, Detail::Channels];
    let tried = all.into_iter().map(|detail| columns(listing, games, detail));
    let fitted = tried.filter_map(|columns| narrowed(columns, most)).next();
    fitted.unwrap_or_else(|| columns(listing, games, Detail::Bare))
}

fn columns(listing: &Listing, games: &[GameShown], detail: Detail) -> Vec<Column> {
    let column = |is_shown: bool, cell: &dyn Fn(&GameShown) -> String| {
        let cells: Vec<String> = games.iter().map(cell).collect();
        let widest = cells.iter().map(|cell| length(cell)).max().unwrap_or(0);
        Column { cells, width: if is_shown { widest } else { 0 } }
    };
    let date = |game: &GameShown| {
        let mark = match (game.next, game.day == listing.today) {
            (true, true) => NEXT_TODAY,
            (true, false) => NEXT,
            (false, true) => TODAY,
            (false, false) => " ",
        };
        format!("{mark} {}", listing.style.day(game.day))
    };
    // Hours that count to twelve have one digit or two.
    let times = games.iter().filter_map(|game| game.clock).map(|it| listing.style.time(it));
    let widest = times.map(|time| length(&time)).max().unwrap_or(0);
    let clock =
        |game: &GameShown| game.clock(|time| format!("{:>widest$}", listing.style.time(time)));
    let place = |game: &GameShown| match detail {
        Detail::Everything => game.place(),
        _ => game.city.clone().or(game.arena.clone()).unwrap_or_default(),
    };
    let is_shown = |least| detail as usize <= least as usize;
    vec![
        column(true, &date),
        column(true, &clock),
        column(true, &|game| game.against(|it| it.team().nickname)),
        column(is_shown(Detail::City), &place),
        column(is_shown(Detail::Channels), &|game| game.national_tv.join(", ")),
        column(is_shown(Detail::NoPlace), &special),
    ]
}

/// What is special about a game, and that it was played. Which league's cup it is needs no
/// saying here.
pub(super) fn special(game: &GameShown) -> String {
    let played = (game.status == "final").then_some("played");
    let label = game.label.as_deref().map(|label| {
        let label = label.trim_start_matches("Emirates ");
        label.strip_prefix("NBA ").unwrap_or(label)
    });
    played.into_iter().chain(label).collect::<Vec<_>>().join(" · ")
}

/// The columns with as little of the last two as makes them fit, if anything does.
fn narrowed(mut columns: Vec<Column>, most: usize) -> Option<Vec<Column>> {
    let shown = columns.iter().filter(|column| column.width > 0);
    let total = shown.map(|column| column.width + GAP).sum::<usize>().saturating_sub(GAP);
    let mut excess = total.saturating_sub(most);
    for (column, least) in columns.iter_mut().rev().zip([LEAST_SPECIAL, LEAST_TV]) {
        let cut = excess.min(column.width.saturating_sub(least));
        column.width -= cut;
        excess -= cut;
    }
    (excess == 0).then_some(columns)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text in at most so many characters, with a mark where something is left out.
fn cut(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
