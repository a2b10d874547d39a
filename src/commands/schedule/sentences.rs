//! Games as a line each, in the order in which they are said: for screen readers and logs.

use std::fmt::{self, Write};

use super::{GameShown, Listing, TeamShown, table};
use crate::looks::{Page, Role};
use crate::model::counted;

pub(super) fn write(f: &mut Page, listing: &Listing, team: &TeamShown) -> fmt::Result {
    let games = &team.games;
    let count = counted(games.len(), "game");
    let what = team.day.map_or(listing.season.clone(), |it| it.strftime("%B %Y").to_string());
    f.paint(Role::Team(team.color), &team.name);
    writeln!(f, " {what}, {count}, times of {}", listing.timezone)?;
    games.iter().try_for_each(|game| writeln!(f, "{}", line(listing, game)))
}

/// `Next: Fri 27 Nov, 19:30, vs Knicks, TD Garden, Boston, on ESPN, Cup`.
fn line(listing: &Listing, game: &GameShown) -> String {
    let mark = match (game.next, game.day == listing.today) {
        (true, true) => "Today and next: ",
        (true, false) => "Next: ",
        (false, true) => "Today: ",
        (false, false) => "",
    };
    let style = listing.style;
    let clock = match game.clock {
        Some(time) => style.time(time),
        None => "time to be determined".to_owned(),
    };
    let tv = game.national_tv.join(" and ");
    let tv = if tv.is_empty() { tv } else { format!("on {tv}") };
    let parts = [
        style.full_day(game.day),
        clock,
        game.against(|it| it.team().nickname),
        game.place(),
        tv,
        table::special(game).replace(" · ", ", "),
    ];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{mark}{}", said.join(", "))
}
