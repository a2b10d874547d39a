//! `nbatodo teams`: the thirty, and what they answer to.

use std::fmt;

use serde::Serialize;

use crate::commands::Report;
use crate::model::{Rgb, Tricode};

/// All teams, by their tricodes.
#[derive(Debug, Serialize)]
pub struct Teams {
    teams: Vec<TeamShown>,
}

#[derive(Debug, Serialize)]
struct TeamShown {
    tricode: &'static str,
    city: &'static str,
    nickname: &'static str,
    conference: &'static str,
    division: &'static str,
    /// `#007a33`
    color: String,
    timezone: &'static str,
    aliases: &'static [&'static str],
    #[serde(skip)]
    rgb: Rgb,
}

/// Lists them.
pub fn run() -> Teams {
    let shown = |code: Tricode| {
        let team = code.team();
        let Rgb(red, green, blue) = team.color;
        TeamShown {
            tricode: code.as_str(),
            city: team.city,
            nickname: team.nickname,
            conference: team.conference.name(),
            division: team.division.name(),
            color: format!("#{red:02x}{green:02x}{blue:02x}"),
            timezone: team.zone,
            aliases: team.aliases,
            rgb: team.color,
        }
    };
    Teams { teams: Tricode::all().map(shown).collect() }
}

impl Teams {
    /// A line a team; `swatch` is what shows its colour.
    fn lines(&self, swatch: impl Fn(Rgb) -> String) -> String {
        let line = |team: &TeamShown| {
            let TeamShown { tricode, city, nickname, conference, division, .. } = team;
            let swatch = swatch(team.rgb);
            format!("{swatch}{tricode}  {city:<13}  {nickname:<13}  {conference}  {division}\n")
        };
        self.teams.iter().map(line).collect()
    }
}

impl Report for Teams {
    fn colored(&self) -> Option<String> {
        let swatch =
            |Rgb(red, green, blue)| format!("\u{1b}[48;2;{red};{green};{blue}m  \u{1b}[0m ");
        Some(self.lines(swatch))
    }
}

impl fmt::Display for Teams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines(|_| String::new()))
    }
}
