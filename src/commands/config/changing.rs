//! Changes to the settings file: all of what was asked for, and nothing else.

use std::fmt;

use serde::Serialize;
use zeroize::Zeroizing;

use super::Place;
use crate::commands::config_error::ConfigError;
use crate::commands::{Failure, Report};
use crate::model::Profile;
use crate::private_files::{
    behind_links, is_open_to_others, lock_private, read_regular, replace_regular, shell_word,
};
use crate::settings::{ConfigFile, FileFault, Key, LONGEST_FILE, Value, edit};

/// A change to the settings file.
#[derive(Debug, Serialize)]
pub struct Changed {
    key: String,
    /// As it may be shown; `None` where it is taken out.
    value: Option<Vec<String>>,
    /// The profile, for a change of its table.
    profile: Option<String>,
    file: String,
    /// Whether the file is another one now.
    changed: bool,
    /// The variable that is stronger than the file, where it is set.
    hidden_by: Option<&'static str>,
}

/// Sets `key` to `value`, which was checked, for every profile or in the table of `profile`.
/// `hidden_by` is the variable of that setting, if it is set.
///
/// # Errors
/// [`Failure`]; the file is as it was then.
pub fn set(
    place: &Place,
    profile: Option<&Profile>,
    (key, value): (Key, &Value),
    hidden_by: Option<&'static str>,
) -> Result<Changed, Failure> {
    let changed = change(place, |text| {
        refuse_beside_rival(text, profile, key)?;
        let after = edit::set(text, profile, key, value)?;
        checked((text, after), profile, key.name(), Some((key, value))).map(Some)
    })?;
    Ok(Changed {
        key: key.name().to_owned(),
        value: Some(value.shown(key)),
        profile: profile.map(Profile::to_string),
        file: place.path.display().to_string(),
        changed,
        hidden_by,
    })
}

/// Takes the setting that is called `name` out, also one that does not exist and whose name
/// keeps the file from being read.
///
/// # Errors
/// [`Failure`]; the file is as it was then.
pub fn unset(
    place: &Place,
    profile: Option<&Profile>,
    name: &str,
    hidden_by: Option<&'static str>,
) -> Result<Changed, Failure> {
    let changed = change(place, |text| {
        let after = edit::unset(text, profile, name)?;
        after.map(|after| checked((text, after), profile, name, None)).transpose()
    })?;
    if !changed {
        Key::from_name(name).map_err(ConfigError::from)?;
    }
    Ok(Changed {
        key: name.to_owned(),
        value: None,
        profile: profile.map(Profile::to_string),
        file: place.path.display().to_string(),
        changed,
        hidden_by,
    })
}

impl Report for Changed {}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, file, .. } = self;
        let whose = self.profile.as_ref().map_or_else(String::new, |it| format!(" for \"{it}\""));
        match &self.value {
            Some(values) if values.is_empty() => writeln!(f, "{key} is empty{whose}, in {file}")?,
            Some(values) => writeln!(f, "{key} is {}{whose}, in {file}", values.join(", "))?,
            None if self.changed => writeln!(f, "{key} is no longer set{whose}, in {file}")?,
            None => writeln!(f, "{key} was not set{whose}, in {file}")?,
        }
        match self.hidden_by {
            Some(variable) => writeln!(f, "While {variable} is set, that counts instead."),
            None => Ok(()),
        }
    }
}

/// Why the text of a settings file stays as it is.
#[derive(Debug, thiserror::Error)]
enum NoChange {
    #[error(transparent)]
    Fault(#[from] FileFault),
    #[error(transparent)]
    Refused(#[from] ConfigError),
    #[error("{0} has no place of its own in it, so nothing is changed")]
    ByHand(String),
}

/// With both in one place, no command would read the file. One that cannot be read anyway is not
/// looked into: what was wrong with it is said by what reads it.
fn refuse_beside_rival(text: &str, profile: Option<&Profile>, key: Key) -> Result<(), ConfigError> {
    let there = ConfigFile::parse(text).unwrap_or_default();
    match key.rival().filter(|rival| there.has(*rival, profile)) {
        Some(rival) => Err(ConfigError::Rival { key, rival, profile: profile.cloned() }),
        None => Ok(()),
    }
}

/// `after`, where it is as asked and differs from `before` in nothing else.
fn checked(
    (before, after): (&str, String),
    profile: Option<&Profile>,
    name: &str,
    value: Option<(Key, &Value)>,
) -> Result<String, NoChange> {
    match edit::changes_only((before, &after), profile, name, value) {
        true => Ok(after),
        false => Err(NoChange::ByHand(name.to_owned())),
    }
}

/// Changes the text of the file, one run at a time; says whether it is another one now. What has
/// nothing to change says `None`.
fn change(
    place: &Place,
    edit: impl FnOnce(&str) -> Result<Option<String>, NoChange>,
) -> Result<bool, Failure> {
    let faulty =
        |why: String, repair| Failure::ConfigFile { path: place.path.clone(), why, repair };
    let unreadable = |error: crate::private_files::FileError| faulty(error.to_string(), None);
    let _turn = lock_private(&place.lock)?;
    let path = behind_links(&place.path).map_err(unreadable)?;
    let before = read_regular(&path, LONGEST_FILE).map_err(unreadable)?;
    let before = before.map(Zeroizing::new);
    let held = before.as_ref().map(|bytes| bytes.as_slice());
    let text = std::str::from_utf8(held.unwrap_or_default())
        .map_err(|_| faulty("not UTF-8".to_owned(), None))?;
    let edited = edit(text).map_err(|why| match why {
        NoChange::Fault(fault) => faulty(fault.to_string(), fault.repair),
        NoChange::Refused(refused) => refused.into(),
        NoChange::ByHand(_) => {
            faulty(format!("{why}; edit it by hand: {}", shell_word(&path)), None)
        }
    })?;
    let Some(after) = edited.map(Zeroizing::new) else { return Ok(false) };
    if after.len() as u64 > LONGEST_FILE {
        return Err(faulty("it would become too large".to_owned(), None));
    }
    let changed = after.as_str() != text;
    let secret = ConfigFile::parse(&after).is_ok_and(|file| file.holds_secret());
    let must_close = secret && is_open_to_others(&path);
    if !changed && !must_close {
        return Ok(false);
    }
    if secret && path != place.path {
        let why = "it is a link, and a secret stands only in a file that is none";
        return Err(faulty(why.to_owned(), None));
    }
    replace_regular(&path, held, after.as_bytes(), secret)?;
    Ok(changed)
}
