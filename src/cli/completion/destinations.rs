//! The places in Todoist that imports have written to.

use std::collections::BTreeSet;
use std::fs;

use clap_complete::engine::CompletionCandidate;

use super::said;
use crate::import::{Place, Record};
use crate::model::plain_text;
use crate::paths::Paths;
use crate::private_files::read_private;

/// More than a record of a league has.
const LONGEST: u64 = 16 * 1024 * 1024;
/// A profile keeps a few records; who has a folder full of them waits for none.
const MOST: usize = 32;

/// The Inbox, and the person's own projects that imports filled.
pub(super) fn candidates() -> Vec<CompletionCandidate> {
    let inbox = CompletionCandidate::new("inbox").help(said("a section of your Inbox per team"));
    let own = CompletionCandidate::new("project:").help(said("a project of yours, by its name"));
    let filled: BTreeSet<String> = known()
        .into_iter()
        .filter(|(place, _)| matches!(place, Place::Project(_)))
        .map(|(_, name)| format!("project:{name}"))
        .collect();
    let filled =
        filled.into_iter().map(|it| CompletionCandidate::new(it).help(said("filled before")));
    [inbox, own].into_iter().chain(filled).collect()
}

/// The projects that were made for several teams.
pub(super) fn collections() -> Vec<CompletionCandidate> {
    let made = known().into_iter().filter_map(|(place, _)| match place {
        Place::OneProject(name) => Some(name),
        _ => None,
    });
    made.collect::<BTreeSet<String>>().into_iter().map(CompletionCandidate::new).collect()
}

/// The places in all records, with their names. Those are other people's text: one that is not
/// a line for a terminal is left out.
fn known() -> Vec<(Place, String)> {
    let Ok(paths) = Paths::of_platform() else { return Vec::new() };
    let files = fs::read_dir(paths.imports()).into_iter().flatten().flatten();
    let files = files.map(|file| file.path());
    let records = files.filter(|path| path.extension().is_some_and(|it| it == "record"));
    let records = records.take(MOST).filter_map(|path| {
        let bytes = read_private(&path, LONGEST).ok().flatten()?;
        Record::of_anybody(&bytes)
    });
    let places = records.flat_map(|record| record.destinations);
    let places = places.filter_map(|(key, there)| Some((key.parse().ok()?, there.name)));
    places.filter(|(_, name)| plain_text::one_line(name) == *name && !name.is_empty()).collect()
}
