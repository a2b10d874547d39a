//! What is wrong with a settings file, and where.

use toml_edit::{TableLike, TomlError};

use super::{Key, UnknownKey};
use crate::model::profile::InvalidProfile;
use crate::model::{Profile, plain_text};
use crate::private_files::word;

/// What is wrong with a settings file: shown with its line, and without any value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct FileFault {
    /// From 1 on.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What behind `nbatodo` repairs it, where a command can.
    pub repair: Option<String>,
}

impl FileFault {
    fn new(line: usize, what: String) -> Self {
        Self { line, what, repair: None }
    }

    fn repaired_by(mut self, command: &str, name: &str, profile: Option<&Profile>) -> Self {
        let profile = profile.map_or_else(String::new, |it| format!(" --profile {it}"));
        // What no terminal may be given, nobody can paste.
        let can_be_typed = plain_text::one_line(name) == name;
        self.repair = can_be_typed.then(|| match name.starts_with('-') {
            true => format!("config {command}{profile} -- {}", word(name)),
            false => format!("config {command} {}{profile}", word(name)),
        });
        self
    }

    /// Not TOML. The parser says what it expects, and quotes nothing.
    pub(super) fn syntax(lines: &Lines, error: &TomlError) -> Self {
        let line = error.span().map_or(1, |span| lines.at(span.start));
        let what = error.message().lines().next().unwrap_or_default();
        Self::new(line, format!("this is no TOML: {what}; repair it by hand"))
    }

    pub(super) fn unknown(line: usize, profile: Option<&Profile>, why: UnknownKey) -> Self {
        Self::new(line, why.to_string()).repaired_by("unset", &why.name, profile)
    }

    pub(super) fn kind(line: usize, profile: Option<&Profile>, key: Key, kind: &str) -> Self {
        let what = format!("a value of the wrong kind: {key} is {kind}");
        Self::new(line, what).repaired_by("unset", key.name(), profile)
    }

    pub(super) fn not_of_a_profile(line: usize, profile: Option<&Profile>, key: Key) -> Self {
        let what = format!("{key} cannot stand in the table of a profile");
        Self::new(line, what).repaired_by("unset", key.name(), profile)
    }

    pub(super) fn two_names(line: usize, key: Key) -> Self {
        let what = format!("{} are two names of one setting: keep one", key.names().join(" and "));
        Self::new(line, what).repaired_by("unset", key.name(), None)
    }

    pub(super) fn no_table(line: usize, name: &str) -> Self {
        let what = format!("{name} is no table: a profile's settings stand below [profiles.NAME]");
        Self::new(line, what)
    }

    pub(super) fn no_profile(line: usize, why: &InvalidProfile) -> Self {
        Self::new(line, why.to_string())
    }

    pub(super) fn twice(line: usize, name: &str) -> Self {
        Self::new(line, format!("the profile {name:?} has two tables: keep one"))
    }
}

/// Where the lines of a text begin, so that thousands of places in it are found quickly.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(ends.map(|(place, _)| place).collect())
    }

    /// The line, from 1 on, of the byte at `place`.
    pub(super) fn at(&self, place: usize) -> usize {
        self.0.partition_point(|end| *end < place) + 1
    }

    /// The line of a key of `table`.
    pub(super) fn of_key(&self, table: &dyn TableLike, name: &str) -> usize {
        let key = table.get_key_value(name);
        key.and_then(|(key, _)| key.span()).map_or(1, |span| self.at(span.start))
    }
}
