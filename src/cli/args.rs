//! What can be typed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::SignedDuration;

use crate::cli::help;
use crate::model::Profile;
use crate::model::duration::{self, InvalidDuration};
use crate::settings::KeyStoreChoice;

pub use crate::cli::config_args::Config;
pub use crate::cli::doctor_args::Doctor;
pub use crate::cli::import_args::Import;
pub use crate::cli::listing_args::Schedule;
pub use crate::cli::remove_args::Remove;

/// Puts an NBA team's season into Todoist and keeps it true.
#[derive(Debug, Parser)]
#[command(name = "nbatodo", version, propagate_version = true)]
pub struct Args {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The profile: a name for one Todoist account [default: default]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<Profile>,
    /// How results are printed on standard output; jsonl, an event a line, is for "import" and
    /// "remove", csv and ics for "schedule"
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Print nothing but errors, and what is for other programs, such as JSON and CSV
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: a line for each task and, on standard error, what happens; repeat for more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Words instead of symbols, a line a game, no colours and nothing that moves: for screen
    /// readers and logs
    #[arg(long, global = true, value_name = "BOOL", default_value_t = false)]
    #[arg(hide_default_value = true, action = ArgAction::Set)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub plain: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub color: When,
    /// The settings file [default: config.toml in the platform's configuration directory]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the sealed session lies: file, memory, or the address of a database [default: file]
    ///
    /// With memory, a run signs in for itself and keeps nothing. A database is at redis://,
    /// rediss:// or postgres://; its password belongs into NBATODO_SESSION_STORE.
    #[arg(long, global = true, value_name = "STORE")]
    pub session_store: Option<String>,
    /// Where its key lies: auto, keyring, keyutils or file [default: auto]
    #[arg(long, global = true, value_name = "KIND")]
    pub key_store: Option<KeyStoreChoice>,
    /// How long the run may take, such as 90s, 15m or 1h30m, or none; a number alone is minutes
    ///
    /// The time that it waits for you does not count.
    #[arg(long, global = true, value_name = "TIME", default_value = "10m", value_parser = deadline)]
    pub deadline: Deadline,
    /// What of it was typed, and is no default.
    #[arg(skip)]
    pub typed: Typed,
}

/// Which options that settings can stand in for were typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // Each is named after its option.
pub struct Typed {
    pub format: bool,
    pub color: bool,
    pub plain: bool,
    pub deadline: bool,
}

impl Typed {
    /// What was typed in the command line that `matches` are of.
    pub fn of(matches: &ArgMatches) -> Self {
        let typed = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        Self {
            format: typed("format"),
            color: typed("color"),
            plain: typed("plain"),
            deadline: typed("deadline"),
        }
    }
}

/// How long a run may take; `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(pub Option<Duration>);

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(limit) => f.write_str(&duration::typed(limit)),
            None => f.write_str("none"),
        }
    }
}

impl Args {
    /// The time limit of this run. A sandbox runs until it is ended, and a demo is its own.
    pub fn time_limit(&self) -> Option<Duration> {
        match self.command {
            Command::Sandbox(_) | Command::Demo(_) => None,
            _ => self.global.deadline.0,
        }
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // A comment here would be printed with every help.
pub enum Format {
    Human,
    Json,
    Jsonl,
    Csv,
    Ics,
}

/// When to use colours: `Auto` means on a terminal, unless `NO_COLOR` is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // A comment here would be printed with every help.
pub enum When {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in to Todoist in the browser, for one hour
    Login(Login),
    /// Put a team's coming games into Todoist
    Import(Box<Import>),
    /// Take an import back: delete what it made and you left alone
    Remove(Remove),
    /// Sign out: token revoked, key destroyed, file deleted
    Logout,
    /// Show who is signed in, and for how long
    Status,
    /// Show a team's coming games, without signing in
    Schedule(Box<Schedule>),
    /// Show the thirty teams
    Teams,
    /// Show and change what is set for good
    Config(Config),
    /// Show where you stand, and what to type next
    #[command(hide = true)]
    Guide,
    /// Find what is wrong on this machine, and what to type about it
    Doctor(Doctor),
    /// Show everything once, without an account or a network
    Demo(Demo),
    /// Run a stand-in for Todoist on this machine, to try things in
    Sandbox(Sandbox),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page of nbatodo, or of a command
    Man(Man),
}

/// `nbatodo login`
#[derive(Debug, clap::Args)]
pub struct Login {
    /// Print the address instead of opening a browser
    #[arg(long)]
    pub no_browser: bool,
    /// How long to wait for your consent, such as 90s or 15m; a number alone is seconds
    #[arg(long, value_name = "TIME", default_value = "5m")]
    #[arg(value_parser = |text: &str| duration::TIMEOUT.parse(text))]
    pub timeout: Duration,
    /// How long the session lasts, such as 15m, at most 1h; a number alone is minutes [default:
    /// 1h]
    #[arg(long, value_name = "TIME", value_parser = life)]
    pub ttl: Option<SignedDuration>,
    /// Let later runs renew the session, as from cron, until you log out
    #[arg(long)]
    pub stay_signed_in: bool,
    /// Also ask for leave to delete tasks and projects, which remove and --prune need
    #[arg(long)]
    pub allow_delete: bool,
    /// A client of your own at Todoist, in place of the one that nbatodo registers; its secret
    /// is asked for, or comes from NBATODO_CLIENT_SECRET
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub client_id: Option<String>,
    /// The port that a client of your own is registered for
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
}

/// `nbatodo demo`
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The team whose games it imports
    #[arg(long, value_name = "TEAM", default_value = "BOS")]
    pub team: String,
}

/// `nbatodo sandbox`
#[derive(Debug, clap::Args)]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// The Todoist plan whose limits hold
    #[arg(long, value_enum, default_value_t = Plan::Free)]
    pub plan: Plan,
}

/// A Todoist plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Plan {
    Free,
    Pro,
}

/// `nbatodo completions`
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// `nbatodo man`
#[derive(Debug, clap::Args)]
pub struct Man {
    /// The command whose page it is [default: nbatodo itself]
    #[arg(value_name = "COMMAND", value_parser = PossibleValuesParser::new(help::words()))]
    pub command: Vec<String>,
    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub folder: Option<PathBuf>,
}

pub(super) fn deadline(text: &str) -> Result<Deadline, String> {
    // No length of time is too short to be one: 0 is refused however it is typed.
    if text == "none" {
        return Ok(Deadline(None));
    }
    let read = duration::RUN.parse(text).map(|limit| Deadline(Some(limit)));
    read.map_err(|why| why.to_string().replacen(';', ", or none;", 1))
}

fn life(text: &str) -> Result<SignedDuration, InvalidDuration> {
    // Timestamps count in the signed ones; an hour fits into both.
    duration::SESSION.parse(text).map(|time| time.try_into().unwrap_or(SignedDuration::MAX))
}

impl Command {
    /// Its name, as typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Login(_) => "login",
            Self::Import(_) => "import",
            Self::Remove(_) => "remove",
            Self::Logout => "logout",
            Self::Status => "status",
            Self::Schedule(_) => "schedule",
            Self::Teams => "teams",
            Self::Config(_) => "config",
            Self::Guide => "guide",
            Self::Doctor(_) => "doctor",
            Self::Demo(_) => "demo",
            Self::Sandbox(_) => "sandbox",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Args::command().debug_assert();
    }
}
