//! What can be typed after `nbatodo import`.

use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use crate::cli::schedule_args::ScheduleArgs;
use crate::commands::Failure;
use crate::commands::import::Request;
use crate::import::{TaskOptions, TitleTemplate, options};
use crate::model::{Conference, Division, Stage, selection};
use crate::schedule::{Filter, Side};
use crate::settings::InvalidSetting;
use crate::todoist::Color;

const TEAMS: &str = "Which teams";
const GAMES: &str = "Which games";
const PLACE: &str = "Where the tasks go";
const TASKS: &str = "What each task holds";
const RUN: &str = "How it runs";

/// `nbatodo import`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A narrower filter on a later run removes nothing that an earlier run made. \
Changing what a task holds updates the tasks that you left alone.")]
pub struct Import {
    /// A team, several with commas between, or "all": tricode, nickname, city or what people
    /// call it; repeatable [env: NBATODO_TEAM]
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

    /// One project of this name for all teams, where a game of two of them is one task, instead
    /// of a project each
    #[arg(long, value_name = "NAME", help_heading = PLACE, value_parser = project_name)]
    pub one_project: Option<String>,
    /// The colour of a project that is created [default: the nearest to the team's]
    // Not "--color": that one says, for every command, whether the terminal gets colours.
    #[arg(
        long,
        value_name = "COLOR",
        help_heading = PLACE,
        ignore_case = true,
        value_parser = colors()
    )]
    pub project_color: Option<Color>,

    /// The title, with fields in braces: {team}, {opponent}, {vs} ("vs" at home, "at" away),
    /// {city}, {team_code}, {opponent_code}, {home}, {away}, {arena}, {tv}, {label}, {date},
    /// {time}; a brace itself is written twice [default: "{team} {vs} {opponent}"]
    #[arg(long, value_name = "TEMPLATE", help_heading = TASKS)]
    pub title: Option<TitleTemplate>,
    /// A label of 1 to 60 characters; repeatable
    #[arg(long, value_name = "NAME", help_heading = TASKS, value_parser = options::label)]
    pub label: Vec<String>,
    /// The priority: p1 (the highest) to p4
    #[arg(long, value_name = "P1..P4", help_heading = TASKS, value_parser = options::priority)]
    pub priority: Option<u8>,
    /// How long a game takes, such as 2h30m or 150 (minutes), at most 24h
    #[arg(long, value_name = "TIME", help_heading = TASKS, value_parser = options::minutes)]
    pub duration: Option<u32>,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub schedule: ScheduleArgs,

    /// Create again what you deleted
    #[arg(long, help_heading = RUN)]
    pub restore: bool,
    /// Show what would change, and change nothing
    #[arg(long, help_heading = RUN)]
    pub dry_run: bool,
    /// With --dry-run: exit with 10 if something would change, with 0 if not
    #[arg(long, help_heading = RUN, requires = "dry_run")]
    pub detailed_exitcode: bool,
    /// How many seconds to wait in all where Todoist asks for patience
    #[arg(
        long,
        value_name = "SECONDS",
        help_heading = RUN,
        default_value = "120",
        value_parser = patience
    )]
    pub max_wait: Duration,
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

impl Import {
    /// The import that is asked for. `usual` is the team of the settings, for a command line
    /// that names none.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: no team, a name that is no team's, or days in the wrong
    /// order.
    pub fn request(&self, usual: Option<&str>) -> Result<Request, Failure> {
        let names = match usual {
            Some(usual) if self.names_no_team() => vec![usual.to_owned()],
            _ => self.team.clone(),
        };
        let teams = selection::teams(&names, self.conference, self.division)?;
        if teams.is_empty() {
            return Err(Failure::NoTeam);
        }
        Ok(Request {
            teams,
            games: self.schedule.games(),
            filter: self.filter()?,
            one_project: self.one_project.clone(),
            color: self.project_color.map(Color::rgb),
            tasks: self.task_options(),
            restore: self.restore,
            dry_run: self.dry_run,
            detailed_exit: self.detailed_exitcode,
            max_wait: self.max_wait,
        })
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

    /// What each task is to hold. All of it was checked when it was parsed.
    pub fn task_options(&self) -> TaskOptions {
        let mut labels: Vec<String> = Vec::new();
        for label in &self.label {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        TaskOptions {
            title: self.title.clone().unwrap_or_default(),
            labels: Some(labels).filter(|labels| !labels.is_empty()),
            priority: self.priority,
            minutes: self.duration,
        }
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

fn colors() -> impl TypedValueParser<Value = Color> {
    choice(Color::all().map(|color| PossibleValue::new(color.name())))
}

/// One of `values`: help and completions list them.
fn choice<T>(values: impl IntoIterator<Item = PossibleValue>) -> impl TypedValueParser<Value = T>
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

fn project_name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a project needs a name".to_owned()),
        name => Ok(name.to_owned()),
    }
}

fn patience(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 0..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("it takes 0 to 86400 seconds".to_owned()),
    }
}

#[cfg(test)]
mod tests;
