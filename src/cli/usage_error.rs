//! What is wrong with a command line that could not be read, in the shape of every other
//! complaint: what, why, and what to type; in a log, one line.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::appearance::Appearance;
use crate::cli::help;
use crate::cli::painting;
use crate::cli::terminal;
use crate::model::{Tricode, UnknownTeam, plain_text};
use crate::private_files::word;

/// The commands that take a team, by the option that names it.
const OF_TEAMS: [&str; 4] = ["import", "schedule", "remove", "demo"];

/// What other programs call what we do.
const ELSEWHERE: [(&[&str], &str); 6] = [
    (&["auth", "signin", "sign-in"], "nbatodo login"),
    (&["signout", "sign-out"], "nbatodo logout"),
    (&["list", "ls", "games", "show"], "nbatodo schedule"),
    (&["sync", "update", "add"], "nbatodo import"),
    (&["delete", "rm", "undo"], "nbatodo remove"),
    (&["whoami"], "nbatodo status"),
];

/// What the parser of the command line says, taken apart.
pub(super) struct UsageError {
    /// The whole of it in one line.
    pub(super) message: String,
    /// Where `message` stops telling what, and begins to tell why.
    seam: Option<usize>,
    /// What may have been meant, a sentence each.
    hints: Vec<String>,
    /// The command, as it is typed behind `nbatodo`; empty where none was named.
    command: Vec<String>,
}

impl UsageError {
    /// Of what the parser says of `arguments`.
    pub(super) fn of(error: &clap::Error, arguments: &[OsString]) -> Self {
        let text = painting::words(&error.render());
        let message = text.split("\n\n").next().unwrap_or_default();
        let lines: Vec<&str> =
            message.trim_start_matches("error: ").lines().map(str::trim).collect();
        let tips = text.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
        let command = command(arguments);
        let ours = hint(error, &command, arguments);
        let hints = ours.map_or_else(|| tips.map(sentence).collect(), |hint| vec![hint]);
        let message = lines.join(" ");
        Self { seam: seam(error, &message, lines[0].len()), message, hints, command }
    }

    /// The command that was named first, or else the program.
    pub(super) fn command(&self) -> &str {
        self.command.first().map_or("nbatodo", String::as_str)
    }

    /// Says it.
    pub(super) fn tell(&self, appearance: &Appearance) {
        let command: String = self.command.iter().map(|name| format!(" {name}")).collect();
        let see = format!("See: nbatodo{command} --help");
        let advice: Vec<&str> =
            self.hints.iter().map(String::as_str).chain([see.as_str()]).collect();
        let message = plain_text::one_line(&self.message);
        terminal::explain_at(&message, self.seam, &advice, appearance);
    }
}

/// The command that `arguments` name, word by word.
fn command(arguments: &[OsString]) -> Vec<String> {
    let root = help::command();
    let (mut names, mut at) = (Vec::new(), &root);
    let mut arguments = arguments.iter().skip(1);
    while let Some(argument) = arguments.next() {
        if takes_the_next(at, argument) {
            arguments.next();
        } else if let Some(below) = at.find_subcommand(argument) {
            names.push(below.get_name().to_owned());
            at = below;
        }
    }
    names
}

/// Whether the word behind `argument` is its value: `--profile ann`, but not `--profile=ann`.
fn takes_the_next(command: &clap::Command, argument: &OsStr) -> bool {
    let Some(argument) = argument.to_str() else { return false };
    command.get_arguments().any(|it| {
        let long = it.get_long().is_some_and(|name| argument.strip_prefix("--") == Some(name));
        let mut short = [0; 4];
        let letter = it.get_short().map(|letter| &*letter.encode_utf8(&mut short));
        let is_it = long || letter.is_some_and(|name| argument.strip_prefix('-') == Some(name));
        is_it && it.get_action().takes_values()
    })
}

/// Where the reason begins: behind the option whose value is wrong, or in the parser's second
/// line.
fn seam(error: &clap::Error, message: &str, first_line: usize) -> Option<usize> {
    let reason = named(error, ContextKind::InvalidArg).map(|name| format!(" for '{name}': "));
    let found = reason.and_then(|it| message.find(&it).map(|at| at + it.len()));
    found.or(Some(first_line + 1)).filter(|at| *at < message.len())
}

/// The text that the parser keeps as `kind`.
fn named(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// What is meant, where we know better than by likeness.
fn hint(error: &clap::Error, command: &[String], arguments: &[OsString]) -> Option<String> {
    let command = command.join(" ");
    match error.kind() {
        // What shows a setting elsewhere.
        ErrorKind::InvalidSubcommand if command == "config" => {
            let typed = named(error, ContextKind::InvalidSubcommand)?;
            let behind = arguments.iter().skip_while(|it| *it != typed).skip(1);
            let key = behind.map(|it| it.to_string_lossy()).find(|it| !it.starts_with('-'));
            let key = key.map_or_else(String::new, |key| format!(" {}", word(&key)));
            ["get", "list", "ls", "print"]
                .contains(&typed)
                .then(|| format!("Did you mean: nbatodo config show{key}"))
        }
        ErrorKind::InvalidSubcommand => {
            let typed = named(error, ContextKind::InvalidSubcommand)?;
            let usual = ELSEWHERE.iter().find(|(words, _)| words.contains(&typed));
            let is_team = || Tricode::from_name(typed).ok();
            let meant = usual.map(|(_, command)| (*command).to_owned());
            meant
                .or_else(|| is_team().map(|team| format!("nbatodo schedule --team {team}")))
                .map(|line| format!("Did you mean: {line}"))
        }
        // A page by the name of its file.
        ErrorKind::InvalidValue if command == "man" => {
            let typed = named(error, ContextKind::InvalidValue)?;
            let name = typed.strip_suffix(".1").unwrap_or(typed);
            if name == "nbatodo" {
                return Some("Did you mean: nbatodo man".to_owned());
            }
            let name = name.strip_prefix("nbatodo-").unwrap_or(name).replace('-', " ");
            help::text_of(&name).map(|it| format!("Did you mean: nbatodo man {}", it.command))
        }
        ErrorKind::UnknownArgument if named(error, ContextKind::InvalidArg) == Some("--json") => {
            Some("Did you mean: --format json".to_owned())
        }
        ErrorKind::UnknownArgument if OF_TEAMS.contains(&command.as_str()) => {
            let typed = named(error, ContextKind::InvalidArg).filter(|it| !it.starts_with('-'))?;
            let is_team = typed.split(',').all(|name| match Tricode::from_name(name) {
                Ok(_) | Err(UnknownTeam::Ambiguous { .. }) => true,
                Err(_) => name.eq_ignore_ascii_case("all"),
            });
            Some(match is_team {
                true => format!("Did you mean: nbatodo {command} --team {}", word(typed)),
                false => format!("A team is named like this: nbatodo {command} --team BOS"),
            })
        }
        _ => None,
    }
}

/// A tip as a sentence.
fn sentence(tip: &str) -> String {
    let mut letters = tip.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}
