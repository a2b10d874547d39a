//! What can be typed after `nbatodo import`.

use std::time::Duration;

use clap::builder::{PossibleValue, TypedValueParser};

use crate::cli::schedule_args::ScheduleArgs;
use crate::cli::wanted_args::{Wanted, choice};
use crate::commands::Failure;
use crate::commands::import::Request;
use crate::import::{TaskOptions, TitleTemplate, options};
use crate::todoist::Color;

const PLACE: &str = "Where the tasks go";
const TASKS: &str = "What each task holds";
const RUN: &str = "How it runs";

/// `nbatodo import`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A narrower filter on a later run removes nothing that an earlier run made. \
Changing what a task holds updates the tasks that you left alone.")]
pub struct Import {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub wanted: Wanted,

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

impl Import {
    /// The import that is asked for. `usual` is the team of the settings, for a command line
    /// that names none.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: no team, a name that is no team's, or days in the wrong
    /// order.
    pub fn request(&self, usual: Option<&str>) -> Result<Request, Failure> {
        let teams = self.wanted.teams(usual)?;
        Ok(Request {
            teams,
            games: self.schedule.games(),
            filter: self.wanted.filter()?,
            one_project: self.one_project.clone(),
            color: self.project_color.map(Color::rgb),
            tasks: self.task_options(),
            restore: self.restore,
            dry_run: self.dry_run,
            detailed_exit: self.detailed_exitcode,
            max_wait: self.max_wait,
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

fn colors() -> impl TypedValueParser<Value = Color> {
    choice(Color::all().map(|color| PossibleValue::new(color.name())))
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
