//! From a command line to the command that it names.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::cli::args::{self, Args, Command};
use crate::cli::completion;
use crate::cli::configuration::{Chosen, named};
use crate::cli::configuring;
use crate::cli::defaults::Defaults;
use crate::cli::examination;
use crate::cli::formats;
use crate::cli::household;
use crate::cli::man;
use crate::cli::output::Output;
use crate::cli::progress::Stage;
use crate::cli::terminal::{self, Terminal};
use crate::cli::wiring;
use crate::clock::SystemClock;
use crate::commands::changes::Detail;
use crate::commands::games::{Place, Source};
use crate::commands::{
    Afterwards, Context, Exit, Failure, Interrupts, Progress, Report, Times, demo, doctor, guide,
    import, login, logout, make_key, remove, sandbox, schedule, sign_in_for_one_run, status, teams,
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
    formats::refuse_others(&args.command, args.global.format)?;
    // Until more is known, times are shown as this machine shows them.
    let style = TimeStyle::of_locale(environment.surroundings.locale.as_deref());
    let run = Run { args: &args, output, interrupts, afterwards, style };
    match &args.command {
        Command::Login(login) => run.login(login, settings, &environment).await,
        Command::Import(import) if import.many.all_profiles => {
            run.import_for_all(import, settings, environment).await
        }
        Command::Import(import) => run.import(import, settings).await,
        Command::Remove(remove) => run.remove(remove, settings).await,
        Command::Logout => output.report(&logout::run(&run.context(settings)?).await?),
        Command::Status => output.report(&status::run(&run.context(settings)?).await?),
        Command::Schedule(wanted) => {
            let context = run.context(settings)?;
            let request = wanted.request(&context.settings)?;
            output.report(&schedule::run(&context, &request).await?)
        }
        Command::Teams => output.report(&teams::run()),
        Command::Config(wanted) => {
            configuring::run(&args, wanted, settings, &environment, output).await
        }
        Command::Guide => output.report(&run.guide(settings, &environment).await),
        Command::Doctor(wanted) => run.doctor(wanted).await,
        Command::Demo(demo) => run_demo(demo, &run.terminal(), output).await,
        Command::Sandbox(sandbox) => {
            run_sandbox(sandbox, &run.terminal(), output, &run.interrupts).await
        }
        Command::Completions(wanted) => print_completions(wanted, output),
        Command::Man(wanted) => print_pages(wanted, args.global.quiet, output),
    }
}

/// What a run of any command has.
struct Run<'a> {
    args: &'a Args,
    output: &'a Output,
    interrupts: Arc<Interrupts>,
    afterwards: Arc<Afterwards>,
    style: TimeStyle,
}

impl Run<'_> {
    fn terminal(&self) -> Terminal {
        let (output, quiet) = (self.output, self.args.global.quiet);
        Terminal::new(quiet, &output.appearance(), output.stage()).called(output.called())
    }

    /// What a command has of the outside that is about one profile.
    fn context(&self, settings: Result<Settings, Failure>) -> Result<Context, Failure> {
        let context = self.context_for_all(settings)?;
        self.output.about(&context.settings.profile);
        Ok(context)
    }

    /// The same for one that is about no profile more than about others.
    fn context_for_all(&self, settings: Result<Settings, Failure>) -> Result<Context, Failure> {
        let paths = Paths::of_platform()?;
        let settings = settings?;
        paths.private_folders().iter().for_each(|folder| private_files::sweep(folder));
        let terminal = self.terminal().telling(self.output.event_lines());
        let (interrupts, times) = (self.interrupts.clone(), Times::usual(self.style));
        let context = wiring::context(settings, paths, terminal, interrupts, times);
        Ok(Context {
            afterwards: self.afterwards.clone(),
            detail: if self.args.global.verbose > 0 { Detail::Each } else { context.detail },
            ..context
        })
    }

    async fn login(
        &self,
        wanted: &args::Login,
        settings: Result<Settings, Failure>,
        environment: &Environment,
    ) -> Result<Exit, Failure> {
        let context = self.context(settings)?;
        let welcome = self.welcome(&context, environment)?;
        let signed_in = login::run(&context, &wanted.into()).await?;
        let Some(request) = welcome else { return self.output.report(&signed_in) };
        let exit = self.output.report(&signed_in.to_be_continued())?;
        welcome::run(&context, &request).await;
        Ok(exit)
    }

    /// What a login shows beside its result: something only to a person at a terminal who reads.
    fn welcome(
        &self,
        context: &Context,
        environment: &Environment,
    ) -> Result<Option<welcome::Request>, Failure> {
        let global = &self.args.global;
        let reads = terminal::is_attended()
            && io::stdout().is_terminal()
            && global.format == args::Format::Human
            && !global.quiet;
        if !reads {
            return Ok(None);
        }
        let appearance = self.output.appearance();
        Ok(Some(welcome::Request {
            place: configuring::place(self.args, environment, &context.paths)?,
            can_choose: appearance.draws,
            look: appearance.look,
            timezone: Defaults::of(&context.settings)?.timezone,
        }))
    }

    async fn import(
        &self,
        wanted: &args::Import,
        settings: Result<Settings, Failure>,
    ) -> Result<Exit, Failure> {
        let context = self.context(settings)?;
        let request = wanted.request(&context.settings)?;
        let asked = wanted.sign_in.asked(request.games.from == Source::Given(Place::Input));
        let deletes = request.prune && !request.dry_run;
        let way_in = sign_in_for_one_run::way_in(&context, asked, permission(deletes))?;
        let work = import::run(&context, &request);
        let imported = sign_in_for_one_run::run(&context, way_in.as_ref(), work).await?;
        context.listener.end();
        self.output.report(&imported)
    }

    async fn import_for_all(
        &self,
        wanted: &args::Import,
        settings: Result<Settings, Failure>,
        environment: Environment,
    ) -> Result<Exit, Failure> {
        let context = self.context_for_all(settings)?;
        let chosen = Chosen::read(self.args, environment, &context.paths)?;
        household::run(context, (self.args, wanted), &chosen, self.output).await
    }

    async fn remove(
        &self,
        wanted: &args::Remove,
        settings: Result<Settings, Failure>,
    ) -> Result<Exit, Failure> {
        let context = self.context(settings)?;
        let request = wanted.request(&context.settings)?;
        remove::refuse_unasked(&context, &request)?;
        let asked = wanted.sign_in.asked(false);
        let way_in = sign_in_for_one_run::way_in(&context, asked, permission(!request.dry_run))?;
        let work = remove::run(&context, &request);
        let removed = sign_in_for_one_run::run(&context, way_in.as_ref(), work).await?;
        context.listener.end();
        self.output.report(&removed)
    }

    async fn guide(
        &self,
        settings: Result<Settings, Failure>,
        environment: &Environment,
    ) -> guide::Guide {
        let guide = match settings.and_then(|it| Ok((it, Paths::of_platform()?))) {
            Err(failure) => guide::without_settings(&failure),
            Ok((settings, paths)) => {
                let terminal = Terminal::new(true, &self.output.appearance(), Stage::dark());
                let (interrupts, times) = (self.interrupts.clone(), Times::usual(self.style));
                let context = wiring::context(settings, paths, terminal, interrupts, times);
                let is_found = named(self.args, environment).is_none() && !are_places_moved();
                let program = is_found.then(this_program);
                guide::run(&context, program.as_deref()).await
            }
        };
        guide.to_be_typed(|command| self.output.called().alike(command))
    }

    async fn doctor(&self, wanted: &args::Doctor) -> Result<Exit, Failure> {
        if let Some(path) = &wanted.make_key {
            return self.output.report(&make_key::run(path)?);
        }
        let scene = examination::scene(self.args, self.terminal(), self.interrupts.clone())?;
        self.output.report(&doctor::run(&scene, wanted.request()).await)
    }
}

fn permission(deletes: bool) -> Permission {
    if deletes { Permission::WriteAndDelete } else { Permission::Write }
}

/// Whether the settings and the sign-ins lie where only this environment says, which cron has not.
fn are_places_moved() -> bool {
    ["XDG_CONFIG_HOME", "XDG_STATE_HOME"].into_iter().any(|name| env::var_os(name).is_some())
}

/// Where this program lies, or its name.
fn this_program() -> PathBuf {
    env::current_exe().unwrap_or_else(|_| PathBuf::from("nbatodo"))
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

impl Report for Script {
    fn is_for_programs(&self) -> bool {
        true
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.script)
    }
}

impl From<&args::Login> for login::Request {
    fn from(args: &args::Login) -> Self {
        // The client's id has become a setting.
        let args::Login {
            no_browser,
            timeout,
            ttl,
            stay_signed_in,
            allow_delete,
            port,
            client_id: _,
        } = *args;
        let permission = permission(allow_delete);
        Self { no_browser, timeout, ttl, stay_signed_in, permission, port }
    }
}
