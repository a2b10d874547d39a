//! What can be typed after `nbatodo import`.

use std::time::Duration;

use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};

use crate::cli::defaults::Defaults;
use crate::cli::many_args::ManyArgs;
use crate::cli::schedule_args::ScheduleArgs;
use crate::cli::sign_in_args::SignInArgs;
use crate::cli::wanted_args::{Wanted, choice};
use crate::commands::Failure;
use crate::commands::import::Request;
use crate::commands::target::Target;
use crate::import::project_name::NoName;
use crate::import::{Grouping, TaskOptions, TitleTemplate, options};
use crate::model::duration;
use crate::settings::{InvalidSetting, Settings, Source};
use crate::todoist::Color;

const PLACE: &str = "Where the tasks go";
const TASKS: &str = "What each task holds";
const RUN: &str = "How it runs";

/// The longest name of a project, in characters (Todoist's usage limits).
const LONGEST_NAME: usize = 120;

/// `nbatodo import`
#[derive(Debug, clap::Args)]
pub struct Import {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub wanted: Wanted,

    /// One project of this name for all teams, where a game of two of them is one task, instead
    /// of a project each
    #[arg(long, value_name = "NAME", help_heading = PLACE, value_parser = project_name)]
    pub one_project: Option<String>,
    /// "inbox" for a section of your Inbox for each team, "project:" and the name, id or link of a
    /// project of yours, or "projects" for a project that is made for each team [default: projects]
    #[arg(
        long,
        value_name = "PLACE",
        help_heading = PLACE,
        conflicts_with = "one_project",
        value_parser = destination
    )]
    pub destination: Option<Target>,
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

    /// The title, with fields in braces, which --help lists
    /// [default: "{team} {vs} {opponent}"]
    #[arg(long, value_name = "TEMPLATE", help_heading = TASKS)]
    pub title: Option<TitleTemplate>,
    /// A label of 1 to 60 characters; repeatable
    #[arg(long, value_name = "NAME", help_heading = TASKS, value_parser = options::label)]
    pub label: Vec<String>,
    /// The priority as Todoist shows it: p1 (the highest) to p4; 1 alone is p1
    #[arg(long, value_name = "P1..P4", help_heading = TASKS, value_parser = options::priority)]
    pub priority: Option<u8>,
    /// How long a game takes, such as 2h30m, at most 24h; a number alone is minutes
    #[arg(long, value_name = "TIME", help_heading = TASKS, value_parser = options::game_minutes)]
    pub duration: Option<u32>,
    /// By what the tasks of a project are put into sections
    #[arg(long, value_name = "WHAT", help_heading = TASKS, value_enum, ignore_case = true)]
    pub section_by: Option<SectionBy>,
    /// How long before the tip-off Todoist reminds you, such as 60m or 2h, at most 24h, if your
    /// plan has reminders; a number alone is minutes
    #[arg(long, value_name = "TIME", help_heading = TASKS)]
    #[arg(value_parser = options::reminder_minutes)]
    pub reminder: Option<u32>,
    /// Write a comment to each task that moves, if your plan has comments
    #[arg(long, help_heading = TASKS, value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub notify_task: Option<bool>,
    /// A task that comes back every year, the day before a season usually opens
    #[arg(long, help_heading = TASKS, value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub yearly_reminder: Option<bool>,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub schedule: ScheduleArgs,

    /// Create again what you deleted
    #[arg(long, help_heading = RUN)]
    pub restore: bool,
    /// Delete coming games that an earlier run made and that the options above leave out, if
    /// you left them alone
    #[arg(long, help_heading = RUN)]
    pub prune: bool,
    /// Show what would change, and change nothing
    #[arg(long, help_heading = RUN)]
    pub dry_run: bool,
    /// With --dry-run: exit with 10 if something would change, with 0 if not
    #[arg(long, help_heading = RUN, requires = "dry_run")]
    pub detailed_exitcode: bool,
    /// How long to wait in all where Todoist asks for patience, such as 90s or 5m; a number
    /// alone is seconds
    #[arg(long, value_name = "TIME", help_heading = RUN, default_value = "2m")]
    #[arg(value_parser = |text: &str| duration::MAX_WAIT.parse(text))]
    pub max_wait: Duration,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub many: ManyArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub sign_in: SignInArgs,
}

/// By what tasks are put into sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // A comment here would be printed with every help.
pub enum SectionBy {
    Month,
    None,
}

impl Import {
    /// The import that is asked for; what the command line does not say, `settings` do.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: no team, a name that is no team's, a setting that is not
    /// taken, or days in the wrong order.
    pub fn request(&self, settings: &Settings) -> Result<Request, Failure> {
        let defaults = Defaults::of(settings)?;
        let teams = self.wanted.teams(&settings.teams)?;
        let (target, of_target) = self.target(&defaults);
        let section_by = self.section_by(&defaults, &target, of_target)?;
        Ok(Request {
            teams,
            games: self.schedule.games(defaults.strict_feed),
            filter: self.wanted.filter()?,
            target,
            color: self.project_color.map(Color::rgb),
            notify: self.notify_task.unwrap_or(defaults.notify_task),
            tasks: TaskOptions { sections: section_by, ..self.task_options(defaults) },
            restore: self.restore,
            prune: self.prune,
            dry_run: self.dry_run,
            detailed_exit: self.detailed_exitcode,
            max_wait: self.max_wait,
        })
    }

    /// Where it goes, and the rank of who says so.
    fn target(&self, defaults: &Defaults) -> (Target, u8) {
        let one = self.one_project.clone().map(Target::OneProject);
        let typed = one.or_else(|| self.destination.clone()).map(|it| (it, Source::Flag.rank()));
        typed.or_else(|| defaults.target.clone()).unwrap_or_default()
    }

    /// By what the tasks are put into sections. What was chosen for projects means nothing in an
    /// Inbox that was chosen with more weight; otherwise the two contradict each other.
    fn section_by(
        &self,
        defaults: &Defaults,
        target: &Target,
        of_target: u8,
    ) -> Result<Option<Grouping>, Failure> {
        let typed = self.section_by.map(|by| (by, Source::Flag.rank()));
        let Some((by, rank)) = typed.or(defaults.section_by) else { return Ok(None) };
        if *target == Target::Inbox {
            if rank < of_target {
                return Ok(None);
            }
            let why = "a team has one section of the Inbox, and sections have none".to_owned();
            let value =
                by.to_possible_value().map_or_else(String::new, |it| it.get_name().to_owned());
            return Err(InvalidSetting::Value { name: "--section-by", value, why }.into());
        }
        Ok(Some(match by {
            SectionBy::Month => Grouping::Month,
            SectionBy::None => Grouping::None,
        }))
    }

    /// What each task is to hold, but for its section. All of it was checked when it was parsed.
    fn task_options(&self, defaults: Defaults) -> TaskOptions {
        let named = if self.label.is_empty() { &defaults.labels } else { &self.label };
        let mut labels: Vec<String> = Vec::new();
        for label in named {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        TaskOptions {
            title: self.title.clone().or(defaults.title).unwrap_or_default(),
            labels: Some(labels).filter(|labels| !labels.is_empty()),
            priority: self.priority.or(defaults.priority),
            minutes: self.duration.or(defaults.duration),
            reminder: self.reminder.or(defaults.reminder),
            sections: None,
            yearly: self.yearly_reminder.unwrap_or(defaults.yearly_reminder),
        }
    }
}

fn colors() -> impl TypedValueParser<Value = Color> {
    choice(Color::all().map(|color| PossibleValue::new(color.name())))
}

pub(super) fn project_name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a project needs a name".to_owned()),
        name if name.chars().any(char::is_control) => {
            Err("the name of a project is one line of plain text".to_owned())
        }
        name if name.chars().count() > LONGEST_NAME => {
            Err(format!("Todoist allows the name of a project {LONGEST_NAME} characters"))
        }
        name => Ok(name.to_owned()),
    }
}

pub(super) fn destination(text: &str) -> Result<Target, String> {
    if text.eq_ignore_ascii_case("inbox") {
        return Ok(Target::Inbox);
    }
    if text.eq_ignore_ascii_case("projects") {
        return Ok(Target::OwnProjects);
    }
    let name = text
        .strip_prefix("project:")
        .ok_or("it takes \"projects\", \"inbox\", or \"project:\" and a name")?;
    name.parse().map(Target::Project).map_err(|error: NoName| error.to_string())
}

#[cfg(test)]
mod tests;
