//! The manual pages, in roff: what clap knows of each command, and its text in
//! [`crate::cli::help`].

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use serde::Serialize;

use crate::cli::help::{self, TEXTS, Text, files, own_commands, text_of, variables};
use crate::commands::{Failure, Report};
use crate::model::nearest;
use crate::private_files::replace_public;
use crate::settings::InvalidSetting;

/// The section of the manual that commands of users have.
const SECTION: &str = "1";
/// What stands at the head of each page.
const MANUAL: &str = "User Commands";

/// How roff is told to print an apostrophe as one.
const APOSTROPHES: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// A page, under the name that `man` finds it by.
#[derive(Debug, Serialize)]
pub struct Page {
    /// Its file, such as `nbatodo-import.1`.
    pub name: String,
    /// Its text.
    pub roff: String,
}

/// The pages that were written.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    folder: String,
    pages: Vec<String>,
}

impl Report for Page {
    fn is_for_programs(&self) -> bool {
        true
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.roff)
    }
}

impl Report for Written {}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} pages written to {}.", self.pages.len(), self.folder)
    }
}

/// The page of the command that is typed `command` behind `nbatodo`.
///
/// # Errors
/// [`Failure`] with exit code 2 if there is no such command.
pub(super) fn page(command: &[String]) -> Result<Page, Failure> {
    let typed = command.join(" ");
    let name = file_name(&typed);
    let page = pages().map_err(unwritable)?.into_iter().find(|page| page.name == name);
    page.ok_or_else(|| {
        let nearest = nearest(&typed, TEXTS.iter().map(|text| text.command));
        let nearest = nearest.map(|name| format!("; nearest: \"{name}\""));
        let why = format!("there is no such command{}", nearest.unwrap_or_default());
        InvalidSetting::Value { name: "COMMAND", value: typed, why }.into()
    })
}

/// Writes all pages into `folder`, which is made if it is not there.
///
/// # Errors
/// [`Failure::System`] where the folder cannot be written to.
pub(super) fn write_all(folder: &Path) -> Result<Written, Failure> {
    fs::create_dir_all(folder).map_err(|cause| unwritable(at(folder, cause)))?;
    let mut names = Vec::new();
    for page in pages().map_err(unwritable)? {
        let path = folder.join(&page.name);
        replace_public(&path, page.roff.as_bytes())
            .map_err(|cause| unwritable(at(&path, cause)))?;
        names.push(page.name);
    }
    Ok(Written { folder: folder.display().to_string(), pages: names })
}

/// The same with the place where it happened.
fn at(path: &Path, cause: io::Error) -> io::Error {
    io::Error::new(cause.kind(), format!("{}: {cause}", path.display()))
}

fn unwritable(cause: io::Error) -> Failure {
    Failure::System { what: "the manual pages cannot be written", cause }
}

/// The pages of all commands. They have no date: two builds of one version have the same pages.
///
/// # Errors
/// None that is known of: they are put together in memory.
pub fn pages() -> io::Result<Vec<Page>> {
    let root = help::command();
    let mut pages = Vec::new();
    add(&root, "", &mut pages)?;
    Ok(pages)
}

fn add(command: &Command, path: &str, pages: &mut Vec<Page>) -> io::Result<()> {
    if let Some(text) = text_of(path) {
        let roff = render(command, text)?;
        pages.push(Page { name: file_name(path), roff });
    }
    for below in own_commands(command) {
        add(below, format!("{path} {}", below.get_name()).trim_start(), pages)?;
    }
    Ok(())
}

/// The page's name, of the command that is typed `path` behind `nbatodo`.
fn title(path: &str) -> String {
    format!("nbatodo {path}").trim_end().replace(' ', "-")
}

fn file_name(path: &str) -> String {
    format!("{}.{SECTION}", title(path))
}

fn render(command: &Command, text: &Text) -> io::Result<String> {
    let mut command = command.clone();
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let has_commands = own_commands(&command).next().is_some();
    let mut command = command.override_usage(usage).subcommand_help_heading("COMMANDS");
    if !text.command.is_empty() {
        command = command.mut_args(|it| {
            let common = it.is_global_set() || it.get_id() == "version";
            it.hide(common)
        });
    }
    command = command.mut_args(with_values_in_line);
    if has_commands {
        command = command.mut_subcommand("help", |it| it.hide(true));
    }
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    description(text).to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    rest(text).to_writer(&mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    // The library begins each part with this; a page needs it once.
    let page = page.replace(APOSTROPHES, "");
    let head = format!(
        ".TH {} {SECTION} \"\" \"nbatodo {}\" \"{MANUAL}\"\n",
        title(text.command),
        env!("CARGO_PKG_VERSION")
    );
    Ok(format!("{APOSTROPHES}{head}{page}"))
}

/// What can be given, behind what it is for: in lists of the library's, twenty colours take two
/// screens.
fn with_values_in_line(option: Arg) -> Arg {
    let values = option.get_possible_values();
    let names: Vec<&str> =
        values.iter().filter(|it| !it.is_hide_set()).map(PossibleValue::get_name).collect();
    let help = option.get_long_help().or(option.get_help()).map(ToString::to_string);
    match (help, option.get_action().takes_values() && !names.is_empty()) {
        (Some(help), true) => {
            let help = format!("{help} [possible values: {}]", names.join(", "));
            option.hide_possible_values(true).long_help(help)
        }
        _ => option,
    }
}

fn description(text: &Text) -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(text.summary)]);
    for note in text.notes {
        roff.control("PP", []);
        roff.text([roman(*note)]);
    }
    roff
}

/// What stands behind the options.
fn rest(text: &Text) -> Roff {
    let mut roff = Roff::default();
    if !text.command.is_empty() {
        roff.control("SH", ["OPTIONS OF EVERY COMMAND"]);
        roff.text([
            roman("Such as "),
            bold("--profile"),
            roman(" and "),
            bold("--format"),
            roman(": see "),
            bold("nbatodo"),
            roman("(1)."),
        ]);
    }
    roff.control("SH", ["EXAMPLES"]);
    for example in text.examples {
        roff.control("TP", []);
        roff.text([bold(example.line)]);
        roff.text([roman(format!("{}.", example.does))]);
    }
    let exits = text.exits.iter().map(|exit| (bold(exit.code().to_string()), exit.meaning()));
    table(&mut roff, "EXIT STATUS", exits);
    let variables = text.environment.iter();
    let variables = variables.filter_map(|name| Some((bold(*name), variables::about(name)?)));
    table(&mut roff, "ENVIRONMENT", variables);
    let files = text.files.iter();
    table(&mut roff, "FILES", files.filter_map(|name| Some((italic(*name), files::about(name)?))));
    see_also(&mut roff, text);
    roff
}

fn table(roff: &mut Roff, title: &str, rows: impl Iterator<Item = (Inline, &'static str)>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    roff.control("SH", [title]);
    for (name, meaning) in rows {
        roff.control("TP", []);
        roff.text([name]);
        roff.text([roman(meaning)]);
    }
}

fn see_also(roff: &mut Roff, text: &Text) {
    let of_all = (!text.command.is_empty()).then_some("");
    let pages: Vec<&str> = of_all.into_iter().chain(text.see_also.iter().copied()).collect();
    roff.control("SH", ["SEE ALSO"]);
    let mut line = Vec::new();
    for (at, path) in pages.iter().enumerate() {
        let behind = if at + 1 < pages.len() { "(1), " } else { "(1)" };
        line.extend([bold(title(path)), roman(behind)]);
    }
    roff.text(line);
}
