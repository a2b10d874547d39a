//! From a command line to the command that it names.

use std::fmt;
use std::sync::Arc;

use clap::CommandFactory;
use serde::Serialize;

use crate::cli::args::{self, Args, Command};
use crate::cli::configuration;
use crate::cli::examination;
use crate::cli::output::Output;
use crate::cli::terminal::{self, Terminal};
use crate::cli::wiring;
use crate::clock::SystemClock;
use crate::commands::games::{Place, Source};
use crate::commands::{
    Afterwards, Context, Exit, Failure, Interrupts, Progress, Report, Times, demo, doctor, import,
    login, logout, make_key, passing, remove, sandbox, schedule, status, teams,
};
use crate::model::{TimeStyle, Tricode};
use crate::paths::Paths;
use crate::private_files;
use crate::sandbox::Plan;
use crate::settings::Environment;
use crate::signin::Permission;

/// Runs the command and prints what it came to.
///
/// # Errors
/// [`Failure`], not printed yet.
pub(super) async fn run(
    args: Args,
    environment: Environment,
    output: &Output,
    interrupts: Arc<Interrupts>,
    afterwards: Arc<Afterwards>,
) -> Result<Exit, Failure> {
    refuse_other_formats(&args)?;
    let appearance = output.appearance();
    match &args.command {
        Command::Demo(demo) => {
            let terminal = Terminal::new(args.global.quiet, &appearance);
            return run_demo(demo, &terminal, output).await;
        }
        Command::Sandbox(sandbox) => {
            return run_sandbox(sandbox, args.global.quiet, output, &interrupts).await;
        }
        Command::Completions(completions) => return print_completions(completions, output),
        Command::Teams => return output.report(&teams::run()),
        Command::Doctor(wanted) => {
            if let Some(path) = &wanted.make_key {
                return output.report(&make_key::run(path)?);
            }
            let terminal = Terminal::new(args.global.quiet, &appearance);
            let scene = examination::scene(&args, terminal, interrupts)?;
            return output.report(&doctor::run(&scene, wanted.request()).await);
        }
        Command::Login(_)
        | Command::Import(_)
        | Command::Remove(_)
        | Command::Schedule(_)
        | Command::Logout
        | Command::Status => {}
    }
    let paths = Paths::of_platform()?;
    let terminal = Terminal::new(args.global.quiet, &appearance);
    let times = Times::usual(TimeStyle::of_locale(environment.surroundings.locale.as_deref()));
    let settings = configuration::settings(&args, environment, &paths)?;
    output.about(&settings.profile);
    paths.private_folders().iter().for_each(|folder| private_files::sweep(folder));
    let mut context =
        Context { afterwards, ..wiring::context(settings, paths, terminal, interrupts, times) };
    context.detailed |= args.global.verbose > 0;
    match args.command {
        Command::Login(login) => output.report(&login::run(&context, &login.into()).await?),
        Command::Import(args) => {
            let request = args.request(context.settings.team.as_deref())?;
            let asked = args.sign_in.asked(request.games.from == Source::Given(Place::Input));
            let deletes = request.prune && !request.dry_run;
            let way_in = passing::way_in(&context, asked, permission(deletes))?;
            let work = import::run(&context, &request);
            let imported = passing::run(&context, way_in.as_ref(), work).await?;
            context.listener.end();
            output.report(&imported)
        }
        Command::Remove(args) => {
            let request = args.request(context.settings.team.as_deref())?;
            remove::refuse_unasked(&context, &request)?;
            let asked = args.sign_in.asked(false);
            let way_in = passing::way_in(&context, asked, permission(!request.dry_run))?;
            let work = remove::run(&context, &request);
            let removed = passing::run(&context, way_in.as_ref(), work).await?;
            context.listener.end();
            output.report(&removed)
        }
        Command::Schedule(args) => {
            let request = args.request(context.settings.team.as_deref())?;
            output.report(&schedule::run(&context, &request).await?)
        }
        Command::Logout => output.report(&logout::run(&context).await?),
        Command::Status => output.report(&status::run(&context).await?),
        Command::Doctor(_)
        | Command::Teams
        | Command::Demo(_)
        | Command::Sandbox(_)
        | Command::Completions(_) => Ok(Exit::Done),
    }
}

fn permission(deletes: bool) -> Permission {
    if deletes { Permission::WriteAndDelete } else { Permission::Write }
}

/// Before anything is done: a login whose result cannot be printed would be a strange one.
fn refuse_other_formats(args: &Args) -> Result<(), Failure> {
    match (&args.command, args.global.format) {
        (Command::Schedule(_), _) | (_, args::Format::Human | args::Format::Json) => Ok(()),
        (_, args::Format::Csv) => Err(Failure::Format { format: "CSV" }),
        (_, args::Format::Ics) => Err(Failure::Format { format: "calendar" }),
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
    quiet: bool,
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
    if !quiet {
        terminal::say(&format!(
            "A stand-in for Todoist runs at {}. Paste the two lines above into another terminal \
             and use nbatodo there; Ctrl-C here ends it, and it forgets everything.",
            running.origin()
        ));
    }
    running.run_until(interrupts.noted()).await;
    Ok(Exit::Interrupted)
}

fn print_completions(wanted: &args::Completions, output: &Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(wanted.shell, &mut Args::command(), "nbatodo", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    output.report(&Script { shell: wanted.shell.to_string(), script })
}

/// The completions of a shell.
#[derive(Serialize)]
struct Script {
    shell: String,
    script: String,
}

impl Report for Script {}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.script)
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
