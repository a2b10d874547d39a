//! What is set, where, and what is wrong with it.

use std::fmt::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::commands::{Failure, Report};
use crate::looks::{Look, Page};
use crate::model::secret;
use crate::settings::{InvalidSetting, Key, Kind, Settings, Source, Value};

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
        let is_narrow = look.width.is_some_and(|width| width < USUAL_WIDTH);
        Page::written(|page| self.write(page, if is_narrow { NARROWER } else { WIDEST }))
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
        self.write(f, WIDEST)
    }
}

impl Shown {
    /// With the column of values no wider than `widest`.
    fn write(&self, f: &mut impl Write, widest: usize) -> fmt::Result {
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
        let texts = width(|it| it.text().chars().count()).min(widest);
        for setting @ SettingShown { key, place, .. } in &self.settings {
            let text = setting.text();
            writeln!(f, "{key:keys$}  {text:texts$}  {place}")?;
        }
        Ok(())
    }
}

/// The widest column of values; a longer value moves only what is behind it in its line.
const WIDEST: usize = 32;
/// The same on a terminal that is narrower than most.
const NARROWER: usize = 28;
const USUAL_WIDTH: usize = 80;
