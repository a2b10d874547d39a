//! Where a setting comes from, and which place wins.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::config_file::Entry;
use super::{ConfigFile, Environment, Flags, InvalidSetting, Key, Value};
use crate::model::Profile;

/// Where a setting comes from, weakest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Nobody chose it.
    Default,
    /// The settings file, for every profile.
    File(Spot),
    /// The settings file, in the table of the profile.
    Table(Spot, Profile),
    /// The environment.
    Variable,
    /// The command line.
    Flag,
}

/// A place in a settings file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file, where that is known.
    pub path: Option<Arc<Path>>,
    /// The line, from 1 on.
    pub line: usize,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        write!(f, "line {}", self.line)
    }
}

impl Source {
    /// What the person wrote there to set `key`.
    pub fn names(&self, key: Key) -> String {
        match self {
            Self::Default => "the default".to_owned(),
            Self::File(spot) => format!("{spot}: {key}"),
            Self::Table(spot, profile) => format!("{spot}: {key} of the profile \"{profile}\""),
            Self::Variable => key.variable().to_owned(),
            Self::Flag => key.flag().unwrap_or(key.name()).to_owned(),
        }
    }

    /// How strong it is: of two, the greater one wins.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File(_) => 1,
            Self::Table(..) => 2,
            Self::Variable => 3,
            Self::Flag => 4,
        }
    }
}

/// The strongest choice for a setting.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What was chosen.
    pub value: Value,
    /// Where.
    pub source: Source,
}

/// The strongest choice for each setting that anybody has chosen.
#[derive(Clone, Debug, Default)]
pub struct Choices(BTreeMap<Key, Choice>);

impl Choices {
    /// Of the command line, the environment, and what the file says for `profile`, but for what is
    /// passed over.
    pub(super) fn of(
        (flags, env, config): (&Flags, &Environment, &ConfigFile),
        profile: &Profile,
        passed_over: &[InvalidSetting],
    ) -> Self {
        let spot = |entry: &Entry| Spot { path: config.path().cloned(), line: entry.line };
        let mut choices = BTreeMap::new();
        let mut choose = |key: Key, value: &Value, source: Source| {
            let is_this = |it: &InvalidSetting| it.is_of(key, &source);
            if !passed_over.iter().any(is_this) {
                choices.insert(key, Choice { value: value.clone(), source });
            }
        };
        // Each overrules what was there before.
        for (key, entry) in config.common() {
            choose(*key, &entry.value, Source::File(spot(entry)));
        }
        for (key, entry) in config.of(profile).into_iter().flatten() {
            choose(*key, &entry.value, Source::Table(spot(entry), profile.clone()));
        }
        env.chosen.iter().for_each(|(key, value)| choose(*key, value, Source::Variable));
        flags.chosen.iter().for_each(|(key, value)| choose(*key, value, Source::Flag));
        Self(choices)
    }

    /// What was chosen for `key`.
    pub fn get(&self, key: Key) -> Option<&Choice> {
        self.0.get(&key)
    }

    /// The rank of where `key` was chosen; of what nobody chose, 0.
    pub fn rank(&self, key: Key) -> u8 {
        self.get(key).map_or(0, |choice| choice.source.rank())
    }

    /// What was chosen for `key`, as `parse` reads it.
    ///
    /// # Errors
    /// [`InvalidSetting::Chosen`], naming where it was chosen.
    pub fn parsed<T, E: ToString>(
        &self,
        key: Key,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, InvalidSetting> {
        let Some(choice) = self.get(key) else { return Ok(None) };
        parse(choice.value.one()).map(Some).map_err(|why| self.refused(key, &why.to_string()))
    }

    /// What was chosen for a `key` that is a list, each as `parse` reads it.
    ///
    /// # Errors
    /// [`InvalidSetting::Chosen`], naming where it was chosen.
    pub fn parsed_list<T, E: ToString>(
        &self,
        key: Key,
        parse: impl FnMut(&str) -> Result<T, E>,
    ) -> Result<Vec<T>, InvalidSetting> {
        let Some(choice) = self.get(key) else { return Ok(Vec::new()) };
        let texts = choice.value.texts().map(parse);
        texts.collect::<Result<_, E>>().map_err(|why| self.refused(key, &why.to_string()))
    }

    /// Whether a `key` that is a switch is on.
    ///
    /// # Errors
    /// [`InvalidSetting::Chosen`], naming where it was chosen.
    pub fn is_on(&self, key: Key) -> Result<bool, InvalidSetting> {
        Ok(self.parsed(key, switch)?.unwrap_or_default())
    }

    /// The complaint about what was chosen for `key`.
    pub fn refused(&self, key: Key, why: &str) -> InvalidSetting {
        let at = self.get(key).map_or(Source::Default, |choice| choice.source.clone());
        let value = self.get(key).map_or_else(String::new, |it| it.value.shown(key).join(", "));
        InvalidSetting::Chosen { key, at, value, why: why.to_owned() }
    }

    /// Forgets what nobody may be shown, once it has gone where it is needed.
    pub(super) fn without_secrets(mut self) -> Self {
        for (key, choice) in &mut self.0 {
            if choice.value.is_secret(*key) {
                choice.value = Value::list(choice.value.shown(*key));
            }
        }
        self
    }
}

/// What somebody says who says whether something is on.
pub(super) fn switch(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("it is true or false"),
    }
}
