//! What can be typed about the games that are wanted: by every command that takes some of them.

use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use crate::commands::Failure;
use crate::model::{Conference, Division, Stage, Tricode, selection};
use crate::schedule::{Filter, Side};
use crate::settings::InvalidSetting;

const TEAMS: &str = "Which teams";
const GAMES: &str = "Which games";

/// The games of some teams.
#[derive(Debug, clap::Args)]
pub struct Wanted {
    /// A team, several with commas between, or "all": tricode, nickname, city or what people
    /// call it; repeatable
    #[arg(long, value_name = "TEAM", help_heading = TEAMS)]
    pub team: Vec<String>,
    /// The teams of a conference, besides those that --team names
    #[arg(long, help_heading = TEAMS, ignore_case = true, value_parser = conferences())]
    pub conference: Option<Conference>,
    /// The teams of a division, besides those that --team names
    #[arg(long, help_heading = TEAMS, ignore_case = true, value_parser = divisions())]
    pub division: Option<Division>,

    /// Home games only
    #[arg(long, help_heading = GAMES, conflicts_with = "away")]
    pub home: bool,
    /// Away games only
    #[arg(long, help_heading = GAMES)]
    pub away: bool,
    /// No game before this day, such as 2026-11-28, as the arena counts days
    #[arg(long, value_name = "DATE", help_heading = GAMES, value_parser = date)]
    pub from: Option<Date>,
    /// No game after this day
    #[arg(long, value_name = "DATE", help_heading = GAMES, value_parser = date)]
    pub to: Option<Date>,
    /// Only games against this team; repeatable
    #[arg(long, value_name = "TEAM", help_heading = GAMES)]
    pub opponent: Vec<String>,
    /// Only games of this stage; repeatable [default: regular]
    #[arg(long, help_heading = GAMES, value_enum, ignore_case = true, value_delimiter = ',')]
    pub stage: Vec<StageName>,
    /// Only the next so many games of each team
    #[arg(long, value_name = "COUNT", help_heading = GAMES, value_parser = count)]
    pub next: Option<usize>,
    /// Games that are over, too
    #[arg(long, help_heading = GAMES)]
    pub include_past: bool,
}

/// A stage of the season, or all in which the league's teams play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // A comment here would be printed with every help.
pub enum StageName {
    Preseason,
    Regular,
    CupFinal,
    PlayIn,
    Playoffs,
    All,
}

impl Wanted {
    /// The teams; `usual` are those of the settings, for a command line that names none.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: no team, or a name that is no team's.
    pub fn teams(&self, usual: &[String]) -> Result<Vec<Tricode>, Failure> {
        let names = if self.names_no_team() { usual } else { &self.team };
        let teams = selection::teams(names, self.conference, self.division)?;
        if teams.is_empty() { Err(Failure::NoTeam) } else { Ok(teams) }
    }

    fn names_no_team(&self) -> bool {
        self.team.is_empty() && self.conference.is_none() && self.division.is_none()
    }

    /// The games that are wanted.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: an opponent that is no team, or a last day before the
    /// first one.
    pub fn filter(&self) -> Result<Filter, Failure> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            let why = format!("it lies before --from, {from}");
            return Err(InvalidSetting::Value { name: "--to", value: to.to_string(), why }.into());
        }
        Ok(Filter {
            side: match (self.home, self.away) {
                (true, _) => Some(Side::Home),
                (_, true) => Some(Side::Away),
                _ => None,
            },
            from: self.from,
            to: self.to,
            opponents: selection::teams(&self.opponent, None, None)?,
            stages: self.stage.iter().flat_map(|name| name.stages()).copied().collect(),
            next: self.next,
            include_past: self.include_past,
        })
    }
}

impl StageName {
    /// The All-Star weekend is not among them: no team of the league plays there.
    fn stages(self) -> &'static [Stage] {
        match self {
            Self::Preseason => &[Stage::Preseason],
            Self::Regular => &[Stage::Regular],
            Self::CupFinal => &[Stage::CupFinal],
            Self::PlayIn => &[Stage::PlayIn],
            Self::Playoffs => &[Stage::Playoffs],
            Self::All => {
                &[Stage::Preseason, Stage::Regular, Stage::CupFinal, Stage::PlayIn, Stage::Playoffs]
            }
        }
    }
}

fn conferences() -> impl TypedValueParser<Value = Conference> {
    choice([
        PossibleValue::new("east").alias("eastern"),
        PossibleValue::new("west").alias("western"),
    ])
}

fn divisions() -> impl TypedValueParser<Value = Division> {
    choice(Division::ALL.map(|division| PossibleValue::new(division.name())))
}

/// One of `values`: help and completions list them.
pub(super) fn choice<T>(
    values: impl IntoIterator<Item = PossibleValue>,
) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    let values: Vec<PossibleValue> = values.into_iter().collect();
    PossibleValuesParser::new(values).try_map(|text| text.parse())
}

/// A day as `2026-11-28`. The library's own reading would take a time behind it, and drop it.
fn date(text: &str) -> Result<Date, String> {
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    date.ok_or_else(|| "it takes a day of the calendar, such as 2026-11-28".to_owned())
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..) => Ok(count),
        _ => Err("it takes a number from 1 on".to_owned()),
    }
}
