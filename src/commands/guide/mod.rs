//! `nbatodo` alone: where a person stands, and the one command to type next. It asks neither
//! Todoist nor the league, and nothing that has to be unlocked; a database only if the sessions lie
//! there, and shortly.

mod sign_in;

use std::fmt::{self, Write};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::commands::last_import::LastImport;
use crate::commands::status::AccountShown;
use crate::commands::{Context, Failure, Report, command_for, config, times};
use crate::looks::{Look, Page, Role};
use crate::model::{Profile, Season, Tricode, selection};
use crate::private_files::shell_word;
use crate::settings::{Credential, Key, Source};

/// What was imported longer ago is not up to date: the league moves games every day.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// The time of the day at which a line of cron imports, as crontab(5) writes it.
const EVERY_MORNING: &str = "30 9 * * *";

/// Where a person stands.
#[derive(Debug, Serialize)]
pub struct Guide {
    /// `None` where that cannot be told without asking somebody.
    signed_in: Option<bool>,
    profile: Option<String>,
    /// Who, where that can be told.
    account: Option<AccountShown>,
    /// In UTC.
    expires_at: Option<String>,
    stays_signed_in: Option<bool>,
    /// The nicknames of the teams that are set.
    team: Vec<&'static str>,
    /// When their games were imported last, in UTC; `None` where they were not, or only somebody
    /// else could tell.
    imported_at: Option<String>,
    /// Why the settings cannot be used, if they cannot.
    problem: Option<String>,
    /// What to type.
    next: String,
    /// Whether the team in it is only an example.
    #[serde(skip)]
    is_example: bool,
    /// The same as `signed_in`, for people.
    #[serde(skip)]
    sign_in: String,
    /// Who else has signed in on this machine, where this profile is not known to have.
    #[serde(skip)]
    others: Vec<Profile>,
    /// The same as `imported_at`.
    #[serde(skip)]
    imported: Option<String>,
    /// How the games stay true without the person.
    #[serde(skip)]
    daily: Option<Daily>,
}

/// What lets each day do what the person did.
#[derive(Debug)]
enum Daily {
    /// A command that comes before.
    First(String),
    /// A line of the crontab.
    Cron(String),
}

/// Looks where a look is free. `program` is this one, as cron would find it; `None` where cron would
/// not find the settings.
pub async fn run(context: &Context, program: Option<&Path>) -> Guide {
    times::recall(context);
    let sign_in = sign_in::look(context).await;
    let profile = &context.settings.profile;
    let teams = selection::teams(&context.settings.teams, None, None).unwrap_or_default();
    let account = sign_in.account.as_ref().map(|account| account.id.as_str());
    let import = LastImport::of(context, account);
    let imported_at = import.as_ref().and_then(|it| it.of_all(&teams));
    let done = import.as_ref().zip(imported_at);
    let usual_team = import.as_ref().and_then(LastImport::team);
    let set_team = config::set_team(profile, usual_team.map_or(config::EXAMPLE, Tricode::as_str));
    let others = if sign_in.signed_in == Some(true) { Vec::new() } else { others(context) };
    let next = match (sign_in.signed_in, teams.first()) {
        (Some(false), _) => match context.roster.spelt_otherwise(profile) {
            // A login of a name that differs in capital letters alone is refused.
            Ok(Some(other)) => format!("nbatodo --profile {other}"),
            _ => command_for(profile, "login"),
        },
        (None, _) => command_for(profile, "status"),
        // The team of earlier imports, where there were any.
        (_, None) => set_team.clone(),
        (Some(true), Some(_))
            if done.is_some_and(|(it, at)| is_up_to_date(context, it.season, at)) =>
        {
            command_for(profile, "schedule")
        }
        (Some(true), Some(_)) => command_for(profile, "import"),
    };
    let is_done = sign_in.signed_in == Some(true) && imported_at.is_some();
    Guide {
        signed_in: sign_in.signed_in,
        profile: Some(profile.to_string()),
        account: sign_in.account,
        expires_at: sign_in.expires_at,
        stays_signed_in: sign_in.stays,
        team: teams.iter().map(|team| team.team().nickname).collect(),
        imported_at: imported_at.map(|at| at.to_string()),
        problem: None,
        is_example: usual_team.is_none() && next == set_team,
        next,
        sign_in: sign_in.words,
        others,
        imported: imported_at.map(|at| day_of(context, at)),
        daily: is_done.then(|| daily(context, sign_in.stays, program)).flatten(),
    }
}

fn others(context: &Context) -> Vec<Profile> {
    // A list that cannot be read is no reason to show no guide.
    let all = context.roster.of_this_machine().unwrap_or_default();
    all.into_iter().filter(|it| *it != context.settings.profile).collect()
}

/// Whether a new import would find as good as nothing to do.
fn is_up_to_date(context: &Context, season: Option<Season>, imported: Timestamp) -> bool {
    let now = context.clock.now();
    let today = now.to_zoned_datetime(context.zone.clone()).date();
    let is_fresh = now.duration_since(imported) < FRESH;
    is_fresh && season.is_none_or(|season| season >= Season::of_day(today))
}

/// `today at 14:05`, or the day.
fn day_of(context: &Context, imported: Timestamp) -> String {
    let local = |instant: Timestamp| instant.to_zoned_datetime(context.zone.clone());
    let day = local(imported).date();
    if day == local(context.clock.now()).date() {
        return format!("today at {}", context.clock_time(imported));
    }
    context.times.style().full_day(day)
}

/// Only where nothing else has to be typed, or to be in the environment.
fn daily(context: &Context, stays: Option<bool>, program: Option<&Path>) -> Option<Daily> {
    let settings = &context.settings;
    let profile = &settings.profile;
    let is_passing = |key: Key| {
        let source = settings.choices.get(key).map(|choice| &choice.source);
        key != Key::Profile && matches!(source, Some(Source::Flag | Source::Variable))
    };
    let is_by_token = !matches!(settings.credential, Credential::Session);
    let program = program.filter(|_| !Key::all().any(is_passing));
    if cfg!(windows) || is_by_token {
        return None;
    }
    match stays {
        None if context.keeps_nothing() => None,
        Some(false) => Some(Daily::First(command_for(profile, "login --stay-signed-in"))),
        Some(true) | None => program.map(|it| Daily::Cron(cron_line(profile, it))),
    }
}

fn cron_line(profile: &Profile, program: &Path) -> String {
    let command = command_for(profile, "import --quiet");
    let rest = command.strip_prefix("nbatodo").unwrap_or(&command);
    // To cron, a per cent sign is the end of the command (crontab(5)).
    let line = format!("{}{rest}", shell_word(program)).replace('%', "\\%");
    format!("{EVERY_MORNING} {line}")
}

/// The guide where the settings cannot be used: to what repairs them.
pub fn without_settings(failure: &Failure) -> Guide {
    Guide {
        signed_in: None,
        profile: None,
        account: None,
        expires_at: None,
        stays_signed_in: None,
        team: Vec::new(),
        imported_at: None,
        problem: Some(failure.to_string()),
        is_example: false,
        next: failure.repair().unwrap_or_else(|| "nbatodo config path".to_owned()),
        sign_in: String::new(),
        others: Vec::new(),
        imported: None,
        daily: None,
    }
}

impl Report for Guide {
    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.write(page, look))
    }
}

impl fmt::Display for Guide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl Guide {
    /// The same, with its next command as `typed` has it.
    pub fn to_be_typed(self, typed: impl Fn(&str) -> String) -> Self {
        Self { next: typed(&self.next), ..self }
    }

    fn write(&self, page: &mut Page, look: Look) -> fmt::Result {
        writeln!(page, "nbatodo puts an NBA season into Todoist and keeps it true.\n")?;
        match &self.problem {
            Some(problem) => {
                writeln!(page, "The settings cannot be used as they are:\n{problem}\n")?
            }
            None => {
                row(page, look, "Signed in", &self.sign_in)?;
                if let Some((others, first)) = self.others() {
                    name(page, look, "Others")?;
                    write!(page, "{others}: ")?;
                    command(page, &format!("nbatodo --profile {first}"))?;
                }
                row(page, look, "Team", &self.teams())?;
            }
        }
        if let Some(imported) = &self.imported {
            row(page, look, "Imported", imported)?;
        }
        name(page, look, "Next")?;
        if self.is_example {
            page.write_str("for instance ")?;
        }
        command(page, &self.next)?;
        writeln!(page)?;
        match &self.daily {
            Some(Daily::First(first)) => {
                page.write_str("To keep it true day by day: ")?;
                command(page, first)?;
            }
            Some(Daily::Cron(line)) => {
                writeln!(page, "To keep it true day by day, a line for \"crontab -e\":")?;
                command(page, line)?;
            }
            None => {}
        }
        page.write_str("All commands: ")?;
        command(page, "nbatodo --help")?;
        page.write_str("Without an account: ")?;
        command(page, "nbatodo demo")
    }

    /// Their names, and the first of them.
    fn others(&self) -> Option<(String, &str)> {
        /// More would fill the screen.
        const SHOWN: usize = 3;
        let names: Vec<&str> = self.others.iter().map(Profile::as_str).collect();
        let (shown, rest) = names.split_at(names.len().min(SHOWN));
        let first = shown.first()?;
        let more =
            if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        Some((format!("{}{more}", shown.join(", ")), first))
    }

    fn teams(&self) -> String {
        match &self.team[..] {
            [] => "none yet (all thirty: nbatodo teams)".to_owned(),
            [one] => (*one).to_owned(),
            [one, rest @ ..] if rest.len() > 3 => format!("{one} and {} more", rest.len()),
            several => several.join(", "),
        }
    }
}

/// How wide the names are, and what stands between them and what they name.
const NAMES: usize = 11;

fn row(page: &mut Page, look: Look, name_of: &str, found: &str) -> fmt::Result {
    name(page, look, name_of)?;
    writeln!(page, "{found}")
}

fn name(page: &mut Page, look: Look, name: &str) -> fmt::Result {
    if look.plain {
        return write!(page, "{name}: ");
    }
    page.paint(Role::Heading, name);
    write!(page, "{:1$}", "", NAMES - name.len())
}

/// What is to be typed, to the end of its line.
fn command(page: &mut Page, text: &str) -> fmt::Result {
    page.paint(Role::Command, text);
    writeln!(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cron_is_one_that_cron_and_its_shell_understand() {
        for (program, profile, line) in [
            ("/usr/bin/nbatodo", "default", "30 9 * * * /usr/bin/nbatodo import --quiet"),
            (
                "/home/me/my programs/100%/nbatodo",
                "anna",
                "30 9 * * * '/home/me/my programs/100\\%/nbatodo' import --quiet --profile anna",
            ),
        ] {
            assert_eq!(cron_line(&profile.parse().unwrap(), Path::new(program)), line);
        }
    }
}
