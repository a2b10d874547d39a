//! `nbatodo config`: what is set and where, and changes to the settings file.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use crate::commands::config_error::ConfigError;
use crate::commands::{Failure, Report, command_for};
use crate::looks::{Look, Page};
use crate::model::{Profile, secret};
use crate::private_files::{
    behind_links, is_open_to_others, lock_private, read_regular, replace_regular, shell_word,
};
use crate::settings::{
    ConfigFile, FileFault, InvalidSetting, Key, Kind, LONGEST_FILE, Settings, Source, Value, edit,
};

/// A settings file, and what is held while it is changed.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file; a link is followed.
    pub path: PathBuf,
    /// Held while the file is read, changed and written: two changes at once are both made.
    pub lock: PathBuf,
}

/// What is set, and where.
#[derive(Debug, Serialize)]
pub struct Shown {
    profile: String,
    file: String,
    settings: Vec<SettingShown>,
    /// Whether a single one was asked for, whose value is all that is printed.
    #[serde(skip)]
    alone: bool,
}

#[derive(Debug, Serialize)]
struct SettingShown {
    key: &'static str,
    value: Json,
    origin: Json,
    /// Why it cannot be used, if it cannot.
    fault: Option<String>,
    #[serde(skip)]
    texts: Vec<String>,
    #[serde(skip)]
    place: String,
}

/// Shows what is set; with `all`, also what is not.
pub fn show(settings: &Settings, file: &Path, all: bool) -> Shown {
    let is_shown =
        |key: &Key| all || settings.choices.get(*key).is_some() || fault(*key, settings).is_some();
    let shown = Key::all().filter(is_shown).map(|key| SettingShown::now(key, settings));
    Shown {
        profile: settings.profile.to_string(),
        file: file.display().to_string(),
        settings: shown.collect(),
        alone: false,
    }
}

/// Shows the value of `key` alone, or what holds where it is not set.
///
/// # Errors
/// [`Failure::Setting`] where it cannot be used.
pub fn show_one(settings: &Settings, file: &Path, key: Key) -> Result<Shown, Failure> {
    let is_of = |it: &&InvalidSetting| matches!(it, InvalidSetting::Chosen { key: other, .. } if *other == key);
    if let Some(mistake) = settings.passed_over.iter().find(is_of) {
        return Err(mistake.clone().into());
    }
    let shown = vec![SettingShown::now(key, settings)];
    Ok(Shown { settings: shown, alone: true, ..show(settings, file, false) })
}

/// The strongest choice for `key`, where it is, and why it cannot be used, if it cannot.
fn fault(key: Key, settings: &Settings) -> Option<(&str, &Source, &str)> {
    settings.passed_over.iter().find_map(|mistake| match mistake {
        InvalidSetting::Chosen { key: other, at, value, why } if *other == key => {
            Some((value.as_str(), at, why.as_str()))
        }
        _ => None,
    })
}

impl SettingShown {
    /// The strongest choice, also where it cannot be used, or else the default.
    fn now(key: Key, settings: &Settings) -> Self {
        if let Some((value, source, why)) = fault(key, settings) {
            let shown = Self::of(key, &Value::typed(key.kind(), value), source);
            let place = format!("{}, not taken", shown.place);
            return Self { place, fault: Some(secret::veiled(why)), ..shown };
        }
        match settings.choices.get(key) {
            Some(choice) => Self::of(key, &choice.value, &choice.source),
            None => {
                let default = key.default_value().map(Value::text).unwrap_or_default();
                Self::of(key, &default, &Source::Default)
            }
        }
    }

    fn of(key: Key, value: &Value, source: &Source) -> Self {
        let texts = value.shown(key);
        let one = || texts.first().cloned();
        let json = match (key.kind(), source, one().as_deref()) {
            (Kind::List, Source::Default, None) => Json::Null,
            (Kind::List, ..) => json!(texts),
            (Kind::Switch, _, Some("true")) => json!(true),
            (Kind::Switch, _, Some("false")) => json!(false),
            (_, _, text) => json!(text),
        };
        let place = match source {
            Source::Default => "default".to_owned(),
            Source::File(spot) => format!("line {}", spot.line),
            Source::Table(spot, profile) => format!("line {}, of {profile}", spot.line),
            Source::Variable => key.variable().to_owned(),
            Source::Flag => key.flag().unwrap_or(key.name()).to_owned(),
        };
        Self {
            key: key.name(),
            value: json,
            origin: origin(key, source),
            fault: None,
            texts,
            place,
        }
    }

    fn text(&self) -> String {
        if self.texts.is_empty() { "-".to_owned() } else { self.texts.join(", ") }
    }
}

/// Who says it, with all fields: what does not apply is null.
fn origin(key: Key, source: &Source) -> Json {
    let (from, name, line, profile) = match source {
        Source::Default => ("default", None, None, None),
        Source::Flag => ("flag", key.flag(), None, None),
        Source::Variable => ("environment", Some(key.variable()), None, None),
        Source::File(spot) => ("file", None, Some(spot.line), None),
        Source::Table(spot, profile) => ("file", None, Some(spot.line), Some(profile.as_str())),
    };
    json!({ "from": from, "name": name, "line": line, "profile": profile })
}

impl Report for Shown {
    fn is_for_programs(&self) -> bool {
        self.alone
    }

    fn page(&self, look: Look) -> Page {
        if look.plain && !self.alone && !self.settings.is_empty() {
            let said: String = self.settings.iter().map(SettingShown::sentence).collect();
            return Page::from(format!("{}\n{said}", self.heading()));
        }
        Page::from(self.to_string())
    }
}

impl Shown {
    fn heading(&self) -> String {
        format!("Profile \"{}\", settings file {}", self.profile, self.file)
    }
}

impl SettingShown {
    /// In words alone, nothing is told by where it stands: `team: BOS, by line 1`.
    fn sentence(&self) -> String {
        let Self { key, value, place, .. } = self;
        let one = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = match value {
            Json::Null => "not set".to_owned(),
            Json::Array(all) => all.iter().map(one).collect::<Vec<_>>().join(", "),
            value => one(value),
        };
        format!("{key}: {value}, by {place}\n")
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alone {
            let mut texts = self.settings.iter().flat_map(|it| &it.texts);
            return texts.try_for_each(|text| writeln!(f, "{text}"));
        }
        writeln!(f, "{}", self.heading())?;
        if self.settings.is_empty() {
            return writeln!(f, "Nothing is set: the defaults hold (--all shows them).");
        }
        let width =
            |of: fn(&SettingShown) -> usize| self.settings.iter().map(of).max().unwrap_or_default();
        let keys = width(|it| it.key.len());
        let texts = width(|it| it.text().chars().count()).min(WIDEST);
        for setting @ SettingShown { key, place, .. } in &self.settings {
            let text = setting.text();
            writeln!(f, "{key:keys$}  {text:texts$}  {place}")?;
        }
        Ok(())
    }
}

/// The widest column of values; a longer value moves only what is behind it in its line.
const WIDEST: usize = 32;

/// Where the settings file is.
#[derive(Debug, Serialize)]
pub struct FilePath {
    path: String,
    exists: bool,
}

/// Tells where the settings file is, or would be.
pub fn path(place: &Place) -> FilePath {
    FilePath { path: place.path.display().to_string(), exists: place.path.exists() }
}

impl Report for FilePath {
    fn is_for_programs(&self) -> bool {
        true
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.path)
    }
}

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

/// The command that sets a team once and for all.
pub(super) fn set_team(profile: &Profile, team: &str) -> String {
    command_for(profile, &format!("config set team {team}"))
}
