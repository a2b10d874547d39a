//! In which forms each command prints its result.

use clap::ValueEnum;

use crate::cli::args::{Command, Format};
use crate::commands::Failure;

/// The forms that `command` has.
fn of(command: &Command) -> &'static [Format] {
    match command {
        Command::Import(_) | Command::Remove(_) => &[Format::Human, Format::Json, Format::Jsonl],
        Command::Schedule(_) => &[Format::Human, Format::Json, Format::Csv, Format::Ics],
        _ => &[Format::Human, Format::Json],
    }
}

/// Refuses a form that `command` does not have, before anything is done: a login whose result
/// cannot be printed would be a strange one.
///
/// # Errors
/// [`Failure::Format`].
pub(super) fn refuse_others(command: &Command, format: Format) -> Result<(), Failure> {
    let has = of(command);
    if has.contains(&format) { Ok(()) } else { Err(refusal(format, has)) }
}

/// The complaint about a `format` where there are others.
pub(super) fn refusal(format: Format, has: &[Format]) -> Failure {
    let names: Vec<String> = has.iter().copied().map(name).collect();
    let has = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    let elsewhere = match format {
        Format::Jsonl => "jsonl is for \"import\" and \"remove\"",
        _ => "csv and ics are for \"schedule\"",
    };
    Failure::Format { format: name(format), has, elsewhere }
}

fn name(format: Format) -> String {
    format.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default()
}
