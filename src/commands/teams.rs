//! `nbatodo teams`: the thirty, and what they answer to.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::Report;
use crate::looks::{Look, Page, Role};
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

impl Report for Teams {
    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.teams.iter().try_for_each(|team| team.write(page, look)))
    }
}

impl fmt::Display for Teams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl TeamShown {
    fn write(&self, page: &mut Page, look: Look) -> fmt::Result {
        let Self { tricode, city, nickname, conference, division, rgb, .. } = self;
        page.paint(Role::Team(*rgb), *tricode);
        if look.plain {
            return writeln!(page, ", {city} {nickname}, {conference}, {division}");
        }
        writeln!(page, "  {city:<13}  {nickname:<13}  {conference}  {division}")
    }
}
