//! From a command line to the command that it names.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::cli::appearance::Appearance;
use crate::cli::args::{self, Args, Command};
use crate::cli::completion;
use crate::cli::configuration::Chosen;
use crate::cli::configuring;
use crate::cli::defaults::Defaults;
use crate::cli::examination;
use crate::cli::household;
use crate::cli::man;
use crate::cli::output::{self, Output};
use crate::cli::progress::Stage;
use crate::cli::terminal::{self, Terminal};
use crate::cli::wiring;
use crate::clock::SystemClock;
use crate::commands::games::{Place, Source};
use crate::commands::{
    Afterwards, Context, Exit, Export, Failure, Interrupts, Progress, Report, Times, demo, doctor,
    guide, import, login, logout, make_key, passing, remove, sandbox, schedule, status, teams,
    welcome,
};
use crate::model::{TimeStyle, Tricode};
use crate::paths::Paths;
use crate::private_files;
use crate::sandbox::Plan;
use crate::settings::{Environment, InvalidSetting, Settings};
use crate::signin::Permission;

/// Runs the command and prints what it came to.
///
/// # Errors
/// [`Failure`], not printed yet.
pub(super) async fn run(
    args: Args,
    settings: Result<Settings, Failure>,
    environment: Environment,
    output: &Output,
    interrupts: Arc<Interrupts>,
    afterwards: Arc<Afterwards>,
) -> Result<Exit, Failure> {
    refuse_other_formats(&args)?;
    let appearance = output.appearance();
    match &args.command {
        Command::Demo(demo) => {
            let terminal = Terminal::new(args.global.quiet, &appearance, output.stage());
            return run_demo(demo, &terminal, output).await;
        }
        Command::Sandbox(sandbox) => {
            let terminal = Terminal::new(args.global.quiet, &appearance, output.stage());
            return run_sandbox(sandbox, &terminal, output, &interrupts).await;
        }
        Command::Completions(completions) => return print_completions(completions, output),
        Command::Man(wanted) => return print_pages(wanted, args.global.quiet, output),
        Command::Teams => return output.report(&teams::run()),
        Command::Doctor(wanted) => {
            if let Some(path) = &wanted.make_key {
                return output.report(&make_key::run(path)?);
            }
            let terminal = Terminal::new(args.global.quiet, &appearance, output.stage());
            let scene = examination::scene(&args, terminal, interrupts)?;
            return output.report(&doctor::run(&scene, wanted.request()).await);
        }
        Command::Config(wanted) => {
            return configuring::run(&args, wanted, settings, &environment, output).await;
        }
        Command::Guide => {
            let guide = match settings.and_then(|it| Ok((it, Paths::of_platform()?))) {
                Err(failure) => guide::without_settings(&failure),
                Ok((settings, paths)) => {
                    let terminal = Terminal::new(true, &appearance, Stage::dark());
                    let times = usual_times(&environment);
                    let context = wiring::context(settings, paths, terminal, interrupts, times);
                    guide::run(&context, &this_program()).await
                }
            };
            return output.report(&guide);
        }
        Command::Login(_)
        | Command::Import(_)
        | Command::Remove(_)
        | Command::Schedule(_)
        | Command::Logout
        | Command::Status => {}
    }
    let paths = Paths::of_platform()?;
    let terminal =
        Terminal::new(args.global.quiet, &appearance, output.stage()).telling(output.event_lines());
    let times = usual_times(&environment);
    let settings = settings?;
    let welcome = welcomed(&args, &settings, (&environment, &appearance), &paths)?;
    let for_all = matches!(&args.command, Command::Import(import) if import.many.all_profiles);
    if !for_all {
        output.about(&settings.profile);
    }
    paths.private_folders().iter().for_each(|folder| private_files::sweep(folder));
    let mut context =
        Context { afterwards, ..wiring::context(settings, paths, terminal, interrupts, times) };
    context.detailed |= args.global.verbose > 0;
    if let Command::Import(import) = &args.command
        && import.many.all_profiles
    {
        let chosen = Chosen::read(&args, environment, &context.paths)?;
        return household::run(context, (&args, import), &chosen, output).await;
    }
    match args.command {
        Command::Login(login) => {
            let signed_in = login::run(&context, &login.into()).await?;
            let Some(request) = welcome else { return output.report(&signed_in) };
            let exit = output.report(&signed_in.to_be_continued())?;
            welcome::run(&context, &request).await;
            Ok(exit)
        }
        Command::Import(args) => {
            let request = args.request(&context.settings)?;
            let asked = args.sign_in.asked(request.games.from == Source::Given(Place::Input));
            let deletes = request.prune && !request.dry_run;
            let way_in = passing::way_in(&context, asked, permission(deletes))?;
            let work = import::run(&context, &request);
            let imported = passing::run(&context, way_in.as_ref(), work).await?;
            context.listener.end();
            output.report(&imported)
        }
        Command::Remove(args) => {
            let request = args.request(&context.settings)?;
            remove::refuse_unasked(&context, &request)?;
            let asked = args.sign_in.asked(false);
            let way_in = passing::way_in(&context, asked, permission(!request.dry_run))?;
            let work = remove::run(&context, &request);
            let removed = passing::run(&context, way_in.as_ref(), work).await?;
            context.listener.end();
            output.report(&removed)
        }
        Command::Schedule(args) => {
            let request = args.request(&context.settings)?;
            output.report(&schedule::run(&context, &request).await?)
        }
        Command::Logout => output.report(&logout::run(&context).await?),
        Command::Status => output.report(&status::run(&context).await?),
        Command::Config(_)
        | Command::Guide
        | Command::Doctor(_)
        | Command::Teams
        | Command::Demo(_)
        | Command::Sandbox(_)
        | Command::Completions(_)
        | Command::Man(_) => Ok(Exit::Done),
    }
}

/// Where this program lies, or its name.
fn this_program() -> PathBuf {
    env::current_exe().unwrap_or_else(|_| PathBuf::from("nbatodo"))
}

/// Times as this machine shows them, until more is known.
fn usual_times(environment: &Environment) -> Times {
    Times::usual(TimeStyle::of_locale(environment.surroundings.locale.as_deref()))
}

/// What a login shows beside its result: something only to a person at a terminal who reads.
fn welcomed(
    args: &Args,
    settings: &Settings,
    (environment, appearance): (&Environment, &Appearance),
    paths: &Paths,
) -> Result<Option<welcome::Request>, Failure> {
    let reads = terminal::is_attended()
        && io::stdout().is_terminal()
        && args.global.format == args::Format::Human
        && !args.global.quiet;
    if !reads {
        return Ok(None);
    }
    Ok(Some(welcome::Request {
        place: configuring::place(args, environment, paths)?,
        can_choose: appearance.draws,
        look: appearance.look,
        timezone: Defaults::of(settings)?.timezone,
    }))
}

fn permission(deletes: bool) -> Permission {
    if deletes { Permission::WriteAndDelete } else { Permission::Write }
}

/// Before anything is done: a login whose result cannot be printed would be a strange one.
fn refuse_other_formats(args: &Args) -> Result<(), Failure> {
    match (&args.command, args.global.format) {
        (_, args::Format::Human | args::Format::Json)
        | (Command::Import(_) | Command::Remove(_), args::Format::Jsonl)
        | (Command::Schedule(_), args::Format::Csv | args::Format::Ics) => Ok(()),
        (_, args::Format::Jsonl) => Err(Failure::Format {
            format: "event stream",
            only: "\"nbatodo import\" and \"nbatodo remove\" have one",
        }),
        (_, args::Format::Csv) => Err(output::no_export(Export::Table)),
        (_, args::Format::Ics) => Err(output::no_export(Export::Calendar)),
    }
}

async fn run_demo(
    demo: &args::Demo,
    terminal: &Terminal,
    output: &Output,
) -> Result<Exit, Failure> {
    let team = Tricode::from_name(&demo.team)?;
    terminal.begin("Signing in, importing twice and signing out, in a sandbox");
    let story = demo::run(team, Arc::new(SystemClock)).await;
    terminal.end();
    output.report(&story?)
}

async fn run_sandbox(
    args: &args::Sandbox,
    terminal: &Terminal,
    output: &Output,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    let plan = match args.plan {
        args::Plan::Free => Plan::Free,
        args::Plan::Pro => Plan::Pro,
    };
    // Ctrl-C is how a sandbox ends, so it is no failure.
    let _guard = interrupts.guard();
    let running = sandbox::start(args.port, plan, Arc::new(SystemClock)).await?;
    output.report(&sandbox::Running::at(&running.origin()))?;
    terminal.note(&format!("A stand-in for Todoist runs at {}.", running.origin()));
    terminal.note("Paste the two lines above into another terminal, and use nbatodo there.");
    terminal.note("Ctrl-C here ends it, and it forgets everything.");
    running.run_until(interrupts.noted()).await;
    Ok(Exit::Interrupted)
}

fn print_completions(wanted: &args::Completions, output: &Output) -> Result<Exit, Failure> {
    let shell = wanted.shell.to_string();
    match completion::script(wanted.shell) {
        Some(script) => output.report(&Script { shell, script }),
        None => {
            let why = "there are no completions for it".to_owned();
            Err(InvalidSetting::Value { name: "SHELL", value: shell, why }.into())
        }
    }
}

fn print_pages(wanted: &args::Man, quiet: bool, output: &Output) -> Result<Exit, Failure> {
    if let Some(folder) = &wanted.folder {
        return output.report(&man::write_all(folder)?);
    }
    let exit = output.report(&man::page(&wanted.command)?)?;
    if !quiet && terminal::shows_output() {
        let line = ["nbatodo man"].into_iter().chain(wanted.command.iter().map(String::as_str));
        let line = line.collect::<Vec<_>>().join(" ");
        terminal::say(&format!("That is for man to format: {line} | man -l -"));
    }
    Ok(exit)
}

/// The completions of a shell.
#[derive(Serialize)]
struct Script {
    shell: String,
    script: &'static str,
}

impl Report for Script {}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.script)
    }
}

impl From<args::Login> for login::Request {
    fn from(args: args::Login) -> Self {
        // The client's id has become a setting.
        let args::Login {
            no_browser,
            timeout,
            ttl,
            stay_signed_in,
            allow_delete,
            port,
            client_id: _,
        } = args;
        let permission = permission(allow_delete);
        Self { no_browser, timeout, ttl, stay_signed_in, permission, port }
    }
}
