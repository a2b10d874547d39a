//! The one place where outcomes are printed.

use std::cell::OnceCell;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::cli::appearance::Appearance;
use crate::cli::args::{Args, Format};
use crate::cli::called::Called;
use crate::cli::event_lines::{self, EventLines};
use crate::cli::formats;
use crate::cli::progress::Stage;
use crate::cli::terminal;
use crate::commands::{Exit, Export, Failure, Report};
use crate::model::{Profile, plain_text, secret};
use crate::settings::InvalidSetting;

/// The version of the shape of all JSON documents; raised when one of them changes in a way
/// that a reader could stumble over.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// How this run prints.
pub(super) struct Output {
    command: &'static str,
    format: Format,
    quiet: bool,
    appearance: Appearance,
    stage: Stage,
    called: Called,
    /// For advice; known once the settings are.
    profile: OnceCell<Profile>,
}

/// Every JSON document: who says it, and what.
#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    command: &'a str,
    #[serde(flatten)]
    content: T,
}

impl Output {
    /// `stage` is where it is shown what goes on, until there is something to print.
    pub(super) fn new(args: &Args, called: Called, appearance: Appearance, stage: Stage) -> Self {
        Self {
            command: args.command.name(),
            format: args.global.format,
            quiet: args.global.quiet,
            appearance,
            stage,
            called,
            profile: OnceCell::new(),
        }
    }

    /// How this program was called.
    pub(super) fn called(&self) -> &Called {
        &self.called
    }

    /// How this run looks.
    pub(super) fn appearance(&self) -> Appearance {
        self.appearance
    }

    /// Where it is shown what goes on.
    pub(super) fn stage(&self) -> Stage {
        self.stage.clone()
    }

    /// Lets advice name the profile that the run is about.
    pub(super) fn about(&self, profile: &Profile) {
        self.profile.get_or_init(|| profile.clone());
    }

    /// Where events go, if somebody asked for them.
    pub(super) fn event_lines(&self) -> Option<EventLines> {
        (self.format == Format::Jsonl).then(|| EventLines::of(self.command))
    }

    /// Prints what a command came to.
    ///
    /// # Errors
    /// [`Failure::Output`] if the result cannot be written.
    pub(super) fn report(&self, report: &impl Report) -> Result<Exit, Failure> {
        self.stage.clear();
        for line in report.shortfalls() {
            self.complain(&line);
        }
        match self.format {
            Format::Json => print_document(&document(self.command, report))?,
            Format::Jsonl => {
                let (profile, exit) = (self.profile.get(), report.exit().code());
                let lines = EventLines::of(self.command);
                lines.finished(profile, exit, &document(self.command, report))?;
            }
            Format::Csv => self.export(report, Export::Table)?,
            Format::Ics => self.export(report, Export::Calendar)?,
            Format::Human if self.quiet && !report.is_for_programs() => {}
            Format::Human => {
                let Appearance { look, stdout, page: room, .. } = self.appearance;
                let page = report.page(look).to_be_typed(|text| self.called.alike(text));
                let page = room.map_or_else(|| page.clone(), |room| page.fitted(room));
                print(&page.shown(stdout))?;
            }
        }
        Ok(report.exit())
    }

    fn export(&self, report: &impl Report, export: Export) -> Result<(), Failure> {
        let has = [Format::Human, Format::Json];
        print(&report.export(export).ok_or_else(|| formats::refusal(self.format, &has))?)
    }

    /// Prints a failure: what, why and what to type for the person, one line for a log, and a
    /// document for a script that asked.
    pub(super) fn failure(&self, failure: &Failure) -> Exit {
        self.stage.clear();
        let exit = failure.exit();
        let profile = self.profile.get().cloned().unwrap_or_default();
        let advice = failure.advice(self.command, &profile);
        let advice = advice.map(|advice| self.called.alike(&advice));
        let said = advice.as_deref().map(capitalized);
        terminal::explain(&failure.to_string(), said.as_deref(), &self.appearance);
        let told = Told { message: &failure.to_string(), advice: advice.as_deref(), exit };
        tell(self.format, self.command, self.profile.get(), &told);
        exit
    }

    /// Says that a setting is wrong, where that does not matter to this run.
    pub(super) fn pass_over(&self, mistake: &InvalidSetting) {
        let failure = Failure::from(mistake.clone());
        let advice = failure.advice(self.command, &Profile::default());
        let here = "This run does without it, and passes it over";
        let advice: Vec<&str> = [here].into_iter().chain(advice.as_deref()).collect();
        self.caution(&failure.to_string(), &advice);
    }

    /// Says what to look out for, in the shape of a failure, where nothing has failed.
    pub(super) fn caution(&self, message: &str, advice: &[&str]) {
        if self.quiet {
            return;
        }
        let seam = terminal::what_and_why(message).1.map(|why| message.len() - why.len());
        let advice: Vec<String> = advice.iter().map(|it| self.called.alike(it)).collect();
        let advice: Vec<&str> = advice.iter().map(String::as_str).collect();
        terminal::explain_at(message, seam, &advice, &self.appearance);
    }

    fn complain(&self, line: &str) {
        terminal::tell_shortfall(line, &self.appearance);
    }
}

/// Prints the document of a command line that could not be read.
pub(super) fn misused(format: Format, command: &str, message: &str, advice: &str) {
    let told = Told { message, advice: Some(advice), exit: Exit::Usage };
    tell(format, command, None, &told);
}

/// A failure as its document tells it.
struct Told<'a> {
    message: &'a str,
    advice: Option<&'a str>,
    exit: Exit,
}

/// Prints a failure for a script that asked. If standard output is gone, there is nobody left to
/// tell.
fn tell(format: Format, command: &str, profile: Option<&Profile>, told: &Told<'_>) {
    let Told { message, advice, exit } = told;
    let (message, advice) = (secret::veiled(message), advice.map(secret::veiled));
    let error = json!({ "message": message, "advice": advice, "exit_code": exit.code() });
    let printed = match format {
        Format::Json => print_document(&document(command, &json!({ "error": error }))),
        Format::Jsonl => event_lines::failed(command, profile, &error),
        Format::Human | Format::Csv | Format::Ics => Ok(()),
    };
    if let Err(unprintable) = printed {
        tracing::debug!(%unprintable, "standard output is gone");
    }
}

fn document<'a, T: Serialize>(command: &'a str, content: &'a T) -> Document<'a, &'a T> {
    Document { schema_version: SCHEMA_VERSION, command, content }
}

fn print_document(document: &impl Serialize) -> Result<(), Failure> {
    let mut text =
        serde_json::to_string_pretty(document).map_err(|error| Failure::Output(error.into()))?;
    text.push('\n');
    print(&plain_text::json(&text))
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

/// A reader that has seen enough (`nbatodo status | head -0`) is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}
