//! What help and manual pages say about each command beside its options.
//!
//! A command has its text in a file of its name here, and a line in [`TEXTS`]. From there it
//! goes into `--help` ([`command`]) and into the manual pages ([`crate::cli::man`]). What codes
//! mean stands in [`Exit::meaning`], what variables are for in [`variables`].

mod completions;
mod config;
mod demo;
mod doctor;
pub mod files;
mod import;
mod layout;
mod login;
mod logout;
mod man;
mod nbatodo;
mod remove;
mod sandbox;
mod schedule;
mod status;
mod teams;
pub mod variables;

use std::collections::BTreeSet;

use clap::{Command, CommandFactory};

use crate::cli::args::Args;
use crate::cli::painting;
use crate::commands::Exit;

/// What there is to say about a command.
#[derive(Debug)]
pub struct Text {
    /// The command as it is typed behind `nbatodo`, such as `import`; empty for all of them.
    pub command: &'static str,
    /// What it does, in two sentences.
    pub summary: &'static str,
    /// What else one should know, a paragraph each.
    pub notes: &'static [&'static str],
    /// Command lines that work.
    pub examples: &'static [Example],
    /// How it can end.
    pub exits: &'static [Exit],
    /// The names of the variables that matter to it, all of them in [`variables::NAMES`].
    pub environment: &'static [&'static str],
    /// The names of the files that matter to it, all of them in [`files::TABLE`].
    pub files: &'static [&'static str],
    /// The commands that one reads about next, as they are typed behind `nbatodo`.
    pub see_also: &'static [&'static str],
}

/// How a command can end that is about a session and writes no tasks.
const EXITS_OF_A_SESSION: &[Exit] = &[
    Exit::Done,
    Exit::Failed,
    Exit::Usage,
    Exit::Temporary,
    Exit::SignIn,
    Exit::KeyStore,
    Exit::Interrupted,
];

/// A command line, and what it does.
#[derive(Debug)]
pub struct Example {
    /// As it is typed in a shell.
    pub line: &'static str,
    /// What it does. One that does not end with 0 says so: "(exit code 10)".
    pub does: &'static str,
}

/// The text of every command.
pub const TEXTS: &[&Text] = &[
    &nbatodo::TEXT,
    &login::TEXT,
    &import::TEXT,
    &remove::TEXT,
    &logout::TEXT,
    &status::TEXT,
    &schedule::TEXT,
    &teams::TEXT,
    &config::TEXT,
    &config::SHOW,
    &config::PATH,
    &config::SET,
    &config::UNSET,
    &doctor::TEXT,
    &demo::TEXT,
    &sandbox::TEXT,
    &completions::TEXT,
    &man::TEXT,
];

/// The text of the command that is typed `command` behind `nbatodo`.
pub fn text_of(command: &str) -> Option<&'static Text> {
    TEXTS.iter().copied().find(|text| text.command == command)
}

/// The words of which the commands' names are made.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let words = TEXTS.iter().flat_map(|text| text.command.split(' '));
    let words: BTreeSet<&str> = words.filter(|word| !word.is_empty()).collect();
    words.into_iter()
}

/// The command line's definition with all that help prints.
pub fn command() -> Command {
    let room = layout::room();
    let root = Args::command().term_width(room);
    let root = each(root, "", &variables::beside_options);
    let everywhere = layout::names_of_common_options(&root);
    let styles = painting::styles();
    let mut root = each(root, "", &|command, path| match text_of(path) {
        Some(text) => layout::with_text(command, text, &everywhere, (&styles, room)),
        None => command,
    });
    // Copies the options of every command into each command, where help is to leave them out.
    root.build();
    each(root, "", &|command, path| {
        if path.is_empty() { command } else { without_common_options(command) }
    })
}

/// Changes every command, its own commands first. `path` is what is typed behind `nbatodo`.
pub(super) fn each(
    command: Command,
    path: &str,
    change: &dyn Fn(Command, &str) -> Command,
) -> Command {
    let below: Vec<String> = own_commands(&command).map(|it| it.get_name().to_owned()).collect();
    let command = below.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}");
        command.mut_subcommand(&name, |it| each(it, path.trim_start(), change))
    });
    change(command, path)
}

/// The commands of a command, but for `help`, which is the library's.
pub fn own_commands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|it| it.get_name() != "help" && !it.is_hide_set())
}

/// They are still taken, and completed; the help of `nbatodo` has them.
fn without_common_options(command: Command) -> Command {
    command.mut_args(|it| {
        let is_common = it.is_global_set() || it.get_id() == "version";
        if is_common { it.hide_short_help(true).hide_long_help(true) } else { it }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &Command, path: &str) {
        let name = format!("nbatodo {path}");
        let text = text_of(path).unwrap_or_else(|| {
            panic!("\"{name}\" has no text: give it a file in src/cli/help/, and a line in TEXTS")
        });
        let words: Vec<&str> = text.summary.split_whitespace().collect();
        let sentences = words.iter().filter(|word| word.ends_with('.')).count();
        assert_eq!(sentences, 2, "{name}: its summary is to be two sentences");
        assert!(text.summary.ends_with('.'), "{name}: {}", text.summary);
        assert!(!text.examples.is_empty(), "{name} has no example");
        assert!(text.exits.contains(&Exit::Usage), "{name} can be misused");
        assert!(text.exits.is_sorted_by_key(|exit| exit.code()), "{name}: codes in order");
        for variable in text.environment {
            assert!(variables::about(variable).is_some(), "{name}: what is {variable}?");
        }
        for file in text.files {
            assert!(files::about(file).is_some(), "{name}: what is {file}?");
        }
        for other in text.see_also {
            assert!(text_of(other).is_some(), "{name}: there is no {other:?}");
        }
        for option in command.get_arguments() {
            assert!(option.get_help().is_some(), "{name}: {} has no help", option.get_id());
        }
        for below in own_commands(command) {
            check(below, format!("{path} {}", below.get_name()).trim_start());
        }
    }

    #[test]
    fn every_command_is_explained() {
        check(&command(), "");
    }

    #[test]
    fn every_text_is_of_a_command() {
        let root = command();
        for text in TEXTS {
            let mut command = &root;
            for name in text.command.split_whitespace() {
                let below = command.find_subcommand(name);
                command = below.unwrap_or_else(|| panic!("there is no {:?}", text.command));
            }
        }
    }

    #[test]
    fn every_code_is_somewhere_in_the_texts() {
        for exit in Exit::ALL {
            assert!(text_of("").unwrap().exits.contains(&exit), "{exit:?}");
        }
    }
}
