//! The command line: parse, choose the command, print the outcome, pick the exit code.

mod appearance;
pub mod args;
mod called;
mod chooser;
pub mod completion;
pub mod config_args;
mod configuration;
mod configuring;
pub mod defaults;
mod dispatch;
pub mod doctor_args;
mod event_lines;
mod examination;
mod formats;
pub mod hardening;
pub mod help;
mod household;
pub mod import_args;
mod interrupt;
mod keyboard;
pub mod listing_args;
mod logging;
pub mod man;
pub mod many_args;
mod output;
mod painting;
mod progress;
pub mod remove_args;
pub mod schedule_args;
pub mod sign_in_args;
mod terminal;
mod unneeded;
mod usage_error;
pub mod wanted_args;
mod wiring;
mod zone;

use std::env;
use std::ffi::OsString;
use std::panic;
use std::sync::Arc;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{FromArgMatches, ValueEnum};

use crate::commands::{Afterwards, Exit, Failure, Interrupts};
use crate::schedule::bundled;
use crate::settings::{Environment, Key, Source};

use appearance::{Appearance, Wish};
use args::{Args, Format, Typed};
use called::Called;
use output::Output;
use progress::Stage;
use usage_error::UsageError;

/// How long work in the background may take to end when the command has ended: a session that
/// is just being stored is stored whole.
const WIND_DOWN: Duration = Duration::from_secs(2);

/// Runs one command line, and says how the process should end.
///
/// `environment` holds the settings among the process's variables.
pub fn run(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let mut args = match parse(arguments.clone()) {
        Ok(args) => args,
        Err(error) => {
            let wish =
                Wish { color: color_of(&arguments), plain: is_plain(&arguments, &environment) };
            let appearance = Appearance::of(wish, &environment.surroundings);
            return explain(&error, &arguments, &appearance);
        }
    };
    let environment = configuration::with_credential(environment);
    let settings = configuration::of_this_run(&args, &environment);
    configuration::look(&mut args, settings.as_ref().ok(), environment.surroundings.no_color);
    let appearance = Appearance::of(Wish::of(&args.global), &environment.surroundings);
    let stage = Stage::of(args.global.quiet, &appearance);
    logging::start(args.global.verbose, stage.clone());
    tell_panics_past(stage.clone());
    // The command line's own word for it is not there any more when the next one is typed.
    let chosen = settings.as_ref().ok().and_then(|it| it.choices.get(Key::Profile));
    let is_in_file = chosen.is_some_and(|it| matches!(it.source, Source::File(_)));
    let names_profile = is_in_file || environment.has(Key::Profile);
    let called = Called::with(args.global.config.as_deref(), names_profile);
    let output = Output::new(&args, called, appearance, stage);
    if let Ok(settings) = &settings
        && unneeded::tells(&args.command)
    {
        settings.passed_over.iter().for_each(|mistake| output.pass_over(mistake));
    }
    let limit = args.time_limit();
    let ended = runtime().map(|runtime| {
        let interrupts = Arc::new(Interrupts::default());
        let afterwards = Arc::new(Afterwards::default());
        let work = dispatch::run(
            args,
            settings,
            environment,
            &output,
            interrupts.clone(),
            afterwards.clone(),
        );
        let ended = runtime.block_on(interrupt::or_interrupted(work, &interrupts, limit));
        let exit = ended.unwrap_or_else(|failure| output.failure(&failure));
        runtime.block_on(afterwards.carry_out());
        runtime.shutdown_timeout(WIND_DOWN);
        exit
    });
    ended.unwrap_or_else(|failure| output.failure(&failure))
}

/// A variable of the process's environment.
pub fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Parses the command line.
fn parse(arguments: Vec<OsString>) -> Result<Args, clap::Error> {
    let command = || painting::painted(help::command());
    let matches = match command().try_get_matches_from(&arguments) {
        // Nothing but options: a guide instead of a complaint, if that is all that is missing.
        Err(error) if names_no_command(&error) => {
            let with_guide = arguments.into_iter().chain([OsString::from("guide")]);
            command().try_get_matches_from(with_guide).map_err(|_| error)?
        }
        Err(error) if asks_for_help_of_help(&error) => {
            let rest = arguments.into_iter().filter(|it| it != "--help" && it != "-h");
            command().try_get_matches_from(rest)?
        }
        parsed => parsed?,
    };
    let mut args = Args::from_arg_matches(&matches)?;
    args.global.typed = Typed::of(&matches);
    Ok(args)
}

/// `help --help` asks for no more than `help` does; to the parser, its option is a command.
fn asks_for_help_of_help(error: &clap::Error) -> bool {
    let unknown = error.get(ContextKind::InvalidSubcommand);
    matches!(unknown, Some(ContextValue::String(name)) if name == "--help" || name == "-h")
}

fn names_no_command(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// What a command line that could not be read says about colours: that holds for the complaint
/// about the rest of it, too.
fn color_of(arguments: &[OsString]) -> Option<bool> {
    let wishes = [("always", true), ("never", false)];
    let said = wishes.into_iter().find(|(when, _)| says(arguments, "--color", when));
    said.map(|(_, wish)| wish)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::System { what: "the runtime cannot start", cause })
}

/// Says where the program broke, and nothing of what it held: a panic's message can carry data.
pub fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    terminal::say(&format!(
        "nbatodo: broken at {place}. This is a defect: please report that place."
    ));
}

/// Takes away what is drawn before a panic is told.
fn tell_panics_past(stage: Stage) {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        stage.give_way();
        tell(panic);
    }));
}

/// Help and version go to stdout with code 0, wrong usage to stderr with code 2, and as a document
/// to a script that asked for one.
fn explain(error: &clap::Error, arguments: &[OsString], appearance: &Appearance) -> Exit {
    let said = |palette| painting::shown(&error.render(), palette);
    if !error.use_stderr() {
        let says_more = arguments.iter().any(|it| it == "--verbose" || it == "-v" || it == "-vV");
        let more = (says_more && error.kind() == ErrorKind::DisplayVersion).then(age_of_schedule);
        let text = said(appearance.stdout) + &more.unwrap_or_default();
        return match output::print(&text) {
            Ok(()) => Exit::Done,
            Err(failure) => {
                terminal::explain(&failure.to_string(), None, appearance);
                failure.exit()
            }
        };
    }
    let wrong = UsageError::of(error, arguments);
    match names_no_command(error) {
        // It is a command's help.
        true => terminal::write(&said(appearance.stderr)),
        false => wrong.tell(appearance),
    }
    let wanted = [Format::Json, Format::Jsonl].into_iter().find(|format| {
        let name = format.to_possible_value().map(|it| it.get_name().to_owned());
        name.is_some_and(|name| says(arguments, "--format", &name))
    });
    if let Some(format) = wanted {
        let command = wrong.command();
        let help = format!("See: {} --help", command_line(command));
        output::misused(format, command, &wrong.message, &help);
    }
    Exit::Usage
}

fn command_line(command: &str) -> String {
    if command == "nbatodo" { command.to_owned() } else { format!("nbatodo {command}") }
}

/// What a command line that could not be read, or else the environment, says about words alone.
fn is_plain(arguments: &[OsString], environment: &Environment) -> bool {
    let typed = |option: &str| arguments.iter().any(|it| it == option);
    let taken_back = typed("--plain=false");
    typed("--plain") || typed("--plain=true") || (environment.is_on(Key::Plain) && !taken_back)
}

/// Whether `option` is given with `value`, in either way of writing it.
fn says(arguments: &[OsString], option: &str, value: &str) -> bool {
    let at_once = OsString::from(format!("{option}={value}"));
    arguments.contains(&at_once) || arguments.windows(2).any(|it| it[0] == option && it[1] == value)
}

/// With `--version --verbose`: how old the schedule is that needs no network.
fn age_of_schedule() -> String {
    match bundled::newest() {
        Ok(schedule) => {
            let day = schedule.published.strftime("%Y-%m-%d");
            format!("bundled schedule: {}, published {day}\n", schedule.season)
        }
        Err(damaged) => format!("{damaged}\n"),
    }
}
