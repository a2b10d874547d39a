//! What the settings say of imports and listings, where the command line is silent.

use clap::ValueEnum;
use jiff::tz::TimeZone;

use crate::cli::import_args::{SectionBy, destination, project_name};
use crate::cli::zone::zone;
use crate::commands::target::Target;
use crate::import::{TitleTemplate, options};
use crate::settings::{Choices, InvalidSetting, Key, Settings};

/// The defaults of one person. None of them deletes anything.
#[derive(Debug, Default)]
pub struct Defaults {
    /// Where tasks go, and the rank of who chose it.
    pub target: Option<(Target, u8)>,
    /// The pattern of the titles.
    pub title: Option<TitleTemplate>,
    /// The labels.
    pub labels: Vec<String>,
    /// Todoist's number of the priority.
    pub priority: Option<u8>,
    /// How many minutes a game takes.
    pub duration: Option<u32>,
    /// How many minutes before the tip-off a reminder comes.
    pub reminder: Option<u32>,
    /// By what tasks are put into sections, and the rank of who chose it.
    pub section_by: Option<(SectionBy, u8)>,
    /// Whether a task that moves gets a comment.
    pub notify_task: bool,
    /// Whether a task comes back every year.
    pub yearly_reminder: bool,
    /// The zone in which schedules are shown.
    pub timezone: Option<TimeZone>,
    /// Whether no copy stands in for the league's schedule.
    pub strict_feed: bool,
}

impl Defaults {
    /// Those in `settings`, read as the options of the same names are.
    ///
    /// # Errors
    /// [`InvalidSetting`], naming where it was chosen.
    pub fn of(settings: &Settings) -> Result<Self, InvalidSetting> {
        let choices = &settings.choices;
        let section_by = choices.parsed(Key::SectionBy, section_by)?;
        Ok(Self {
            target: target(choices)?,
            title: choices.parsed(Key::Title, str::parse::<TitleTemplate>)?,
            labels: choices.parsed_list(Key::Label, options::label)?,
            priority: choices.parsed(Key::Priority, options::priority)?,
            duration: choices.parsed(Key::Duration, options::game_minutes)?,
            reminder: choices.parsed(Key::Reminder, options::reminder_minutes)?,
            section_by: section_by.map(|by| (by, choices.rank(Key::SectionBy))),
            notify_task: choices.is_on(Key::NotifyTask)?,
            yearly_reminder: choices.is_on(Key::YearlyReminder)?,
            timezone: choices.parsed(Key::Timezone, zone)?,
            strict_feed: choices.is_on(Key::StrictFeed)?,
        })
    }
}

/// Two settings choose it, of which the one from the stronger source counts.
fn target(choices: &Choices) -> Result<Option<(Target, u8)>, InvalidSetting> {
    let one = choices.parsed(Key::OneProject, project_name)?.map(Target::OneProject);
    let place = choices.parsed(Key::Destination, destination)?;
    let (of_one, of_place) = (choices.rank(Key::OneProject), choices.rank(Key::Destination));
    match (one, place) {
        (Some(_), Some(_)) if of_one == of_place => {
            Err(choices.refused(Key::OneProject, "destination is set beside it: keep one"))
        }
        (Some(one), _) if of_one > of_place => Ok(Some((one, of_one))),
        (_, place) => Ok(place.map(|place| (place, of_place))),
    }
}

fn section_by(text: &str) -> Result<SectionBy, &'static str> {
    SectionBy::from_str(text, true).map_err(|_| "it is month or none")
}
