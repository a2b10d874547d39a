//! What a shell is told when somebody presses Tab.
//!
//! The scripts in `completions/` call this binary with [`VARIABLE`] set, and the library
//! `clap_complete` answers from the definition of the command line. Only values that are this
//! product's are added here. It reads what lies here and asks nobody: no network, no keyring, no
//! message, nothing left behind.

mod destinations;
mod profiles;
mod scripts;
mod teams;

use std::ffi::OsString;
use std::panic;

use clap::{Arg, Command, ValueHint};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use clap_complete::env::Shells;

use crate::cli::help;
use crate::commands::Exit;
use crate::settings::Key;

pub(super) use scripts::script;

/// Says which shell asks. It is ours alone, unlike the library's `COMPLETE`, so that another
/// program's completion does not turn a run of nbatodo into one.
pub const VARIABLE: &str = "NBATODO_COMPLETE";

/// Answers a shell that asks what could come next. `None` if none did; else this process has no
/// other work, and ends with that.
///
/// To be called before anything else. A shell that is not known gets no answer, and code 2: a
/// run that has done nothing must not look like one that has.
pub fn answered(arguments: impl IntoIterator<Item = OsString>) -> Option<Exit> {
    if std::env::var_os(VARIABLE).is_none_or(|shell| shell.is_empty() || shell == "0") {
        return None;
    }
    // Whatever happens here, nothing may be written into the line that somebody is typing.
    panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // In a folder that is gone, only files cannot be completed.
    let here = std::env::current_dir().ok();
    let key = key_that_is_set(&arguments);
    let answer = panic::catch_unwind(|| {
        let asked = CompleteEnv::with_factory(|| definition(key)).var(VARIABLE).bin("nbatodo");
        let asked = asked.shells(Shells(&scripts::SHELLS));
        asked.try_complete(arguments, here.as_deref()).is_ok()
    });
    Some(if answer.unwrap_or(false) { Exit::Done } else { Exit::Usage })
}

/// The definition of the command line with what its values can be.
/// Behind `config set KEY`, a value is one of that setting.
fn definition(key: Option<Key>) -> Command {
    help::each(help::command(), "", &|command, _| {
        command.mut_args(|arg| match (arg.get_id().as_str(), key) {
            ("value", Some(key)) => with_values_of(arg, key.name()),
            ("value", None) => arg,
            _ => {
                let name = arg.get_id().to_string();
                with_values_of(arg, &name)
            }
        })
    })
}

/// The setting behind `config set` in a line that somebody types.
fn key_that_is_set(line: &[OsString]) -> Option<Key> {
    let mut words = line.iter().filter_map(|word| word.to_str());
    words.find(|word| *word == "config")?;
    words.find(|word| *word == "set")?;
    words.find_map(|word| Key::from_name(word).ok())
}

/// `arg` with what the option or setting `name` can be.
fn with_values_of(arg: Arg, name: &str) -> Arg {
    match name {
        "team" | "opponent" => arg.add(ArgValueCompleter::new(teams::complete)),
        "profile" => arg.add(ArgValueCandidates::new(profiles::candidates)),
        "destination" => arg.add(ArgValueCandidates::new(destinations::candidates)),
        "one_project" => arg.add(ArgValueCandidates::new(destinations::collections)),
        "key" => arg.add(ArgValueCandidates::new(settings)),
        "key_store" => arg.add(ArgValueCandidates::new(key_stores)),
        "session_store" => arg.add(ArgValueCandidates::new(session_stores)),
        "timezone" => arg.add(ArgValueCandidates::new(zones)),
        "priority" => arg.add(ArgValueCandidates::new(|| plain(["p1", "p2", "p3", "p4"]))),
        "deadline" => arg.add(ArgValueCandidates::new(|| plain(["1m", "10m", "1h", "none"]))),
        "format" if arg.get_long().is_none() => {
            arg.add(ArgValueCandidates::new(|| plain(["human", "json"])))
        }
        "color" if arg.get_long().is_none() => {
            arg.add(ArgValueCandidates::new(|| plain(["auto", "always", "never"])))
        }
        "section_by" if arg.get_long().is_none() => {
            arg.add(ArgValueCandidates::new(|| plain(["month", "none"])))
        }
        "notify_task" | "yearly_reminder" | "strict_feed" | "plain" if arg.get_long().is_none() => {
            arg.add(ArgValueCandidates::new(|| plain(["true", "false"])))
        }
        "key_file" => arg.value_hint(ValueHint::FilePath),
        "schedule" => arg.value_hint(ValueHint::FilePath),
        "folder" => arg.value_hint(ValueHint::DirPath),
        _ => arg,
    }
}

fn plain<const N: usize>(values: [&'static str; N]) -> Vec<CompletionCandidate> {
    values.map(CompletionCandidate::new).into()
}

fn explained(values: &[(&'static str, &'static str)]) -> Vec<CompletionCandidate> {
    values.iter().map(|(value, help)| CompletionCandidate::new(*value).help(said(help))).collect()
}

/// A candidate's explanation.
fn said(text: &str) -> Option<clap::builder::StyledStr> {
    Some(text.to_owned().into())
}

fn settings() -> Vec<CompletionCandidate> {
    Key::all().map(|key| CompletionCandidate::new(key.name()).help(said(key.help()))).collect()
}

fn key_stores() -> Vec<CompletionCandidate> {
    explained(&[
        ("auto", "the first of the others that is there"),
        ("keyring", "the keyring of the desktop"),
        ("keyutils", "the Linux kernel's keyring"),
        ("file", "sealed under a key file"),
    ])
}

fn session_stores() -> Vec<CompletionCandidate> {
    explained(&[
        ("file", "on this machine"),
        ("memory", "nowhere: a run signs in and out for itself"),
        ("rediss://", "a Redis"),
        ("postgres://", "a PostgreSQL"),
    ])
}

fn zones() -> Vec<CompletionCandidate> {
    let names = jiff::tz::db().available();
    names.map(|name| CompletionCandidate::new(name.to_string())).collect()
}
