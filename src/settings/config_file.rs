//! What stands in `config.toml`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use toml_edit::{Document, Item, Table};

use super::file_fault::{FileFault, Lines};
use super::{Key, Value};
use crate::model::Profile;

/// The tables whose names are profiles. The second is the first as many write it; it cannot stand
/// beside the setting of that name.
pub(super) const PROFILES: &str = "profiles";
pub(super) const PROFILE: &str = "profile";

/// The settings of a file: those for every profile, and those of single ones. An unknown key is
/// an error: a typo must not pass for a setting.
#[derive(Clone, Default)]
pub struct ConfigFile {
    path: Option<Arc<Path>>,
    common: Entries,
    profiles: BTreeMap<Profile, Entries>,
}

/// The settings of one table.
pub(super) type Entries = BTreeMap<Key, Entry>;

/// A setting of a file.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) value: Value,
    /// Its line, from 1 on.
    pub(super) line: usize,
}

impl ConfigFile {
    /// Reads TOML.
    ///
    /// # Errors
    /// What is wrong, in one line, without quoting a value: a secret may stand in it.
    pub fn parse(text: &str) -> Result<Self, FileFault> {
        let lines = Lines::of(text);
        let document = Document::parse(text).map_err(|error| FileFault::syntax(&lines, &error))?;
        let mut file = Self::default();
        for (line, name, item) in lined(&lines, 1, document.into_table()) {
            match item {
                item if is_table(&item) && [PROFILES, PROFILE].contains(&name.as_str()) => {
                    file.add_profiles(&lines, line, &name, item)?;
                }
                _ if name == PROFILES => return Err(FileFault::no_table(line, &name)),
                item => add(&mut file.common, line, None, &name, item)?,
            }
        }
        Ok(file)
    }

    fn add_profiles(
        &mut self,
        lines: &Lines,
        line: usize,
        container: &str,
        tables: Item,
    ) -> Result<(), FileFault> {
        for (line, name, item) in lined(lines, line, table(tables)) {
            let profile: Profile = name.parse().map_err(|why| FileFault::no_profile(line, &why))?;
            if !is_table(&item) {
                return Err(FileFault::no_table(line, &format!("{container}.{name}")));
            }
            if self.profiles.contains_key(&profile) {
                return Err(FileFault::twice(line, &name));
            }
            let mut entries = Entries::new();
            for (line, key, item) in lined(lines, line, table(item)) {
                add(&mut entries, line, Some(&profile), &key, item)?;
            }
            self.profiles.insert(profile, entries);
        }
        Ok(())
    }

    /// The same, read from the file at `path`, which messages name.
    pub fn at(mut self, path: &Path) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same, with `~/` at the start of paths read as `home`.
    pub fn with_home(mut self, home: &Path) -> Self {
        let tables = std::iter::once(&mut self.common).chain(self.profiles.values_mut());
        for entry in tables.filter_map(|entries| entries.get_mut(&Key::KeyFile)) {
            entry.value.expand_home(home);
        }
        self
    }

    /// The profile that it chooses for runs that name none, if it is one.
    pub fn profile(&self) -> Option<Profile> {
        self.common.get(&Key::Profile).and_then(|entry| entry.value.one().parse().ok())
    }

    /// The profiles that have a table of their own with something in it, by name.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().filter(|(_, entries)| !entries.is_empty()).map(|(profile, _)| profile)
    }

    /// What stands in the table of `profile`, in the order in which settings are shown.
    pub fn keys_of(&self, profile: &Profile) -> Vec<Key> {
        self.of(profile).into_iter().flat_map(Entries::keys).copied().collect()
    }

    /// Whether a secret stands in it, so that the file has to be closed to others.
    pub fn holds_secret(&self) -> bool {
        let mut tables = std::iter::once(&self.common).chain(self.profiles.values());
        tables.any(|entries| entries.iter().any(|(key, entry)| entry.value.is_secret(*key)))
    }

    /// Where it was read, if that is known.
    pub(super) fn path(&self) -> Option<&Arc<Path>> {
        self.path.as_ref()
    }

    /// What holds for every profile.
    pub(super) fn common(&self) -> &Entries {
        &self.common
    }

    /// The table of `profile`, if it has one.
    pub(super) fn of(&self, profile: &Profile) -> Option<&Entries> {
        self.profiles.get(profile)
    }

    /// Whether `key` stands in the table of `profile`, or among what holds for every profile.
    pub fn has(&self, key: Key, profile: Option<&Profile>) -> bool {
        let entries = match profile {
            Some(profile) => self.profiles.get(profile),
            None => Some(&self.common),
        };
        entries.is_some_and(|entries| entries.contains_key(&key))
    }

    /// Takes a setting out: of a profile's table, or of those for every profile. Says whether it
    /// was there.
    pub fn remove(&mut self, key: Key, profile: Option<&Profile>) -> bool {
        let entries = match profile {
            Some(profile) => self.profiles.get_mut(profile),
            None => Some(&mut self.common),
        };
        entries.is_some_and(|entries| entries.remove(&key).is_some())
    }

    /// Takes a setting out of all tables; says whether it was in one.
    pub fn remove_everywhere(&mut self, key: Key) -> bool {
        let tables = std::iter::once(&mut self.common).chain(self.profiles.values_mut());
        let removed: Vec<_> = tables.filter_map(|entries| entries.remove(&key)).collect();
        !removed.is_empty()
    }
}

/// Adds what stands behind `name` in a table, that of `profile` if it is one's.
fn add(
    entries: &mut Entries,
    line: usize,
    profile: Option<&Profile>,
    name: &str,
    item: Item,
) -> Result<(), FileFault> {
    let key = Key::from_name(name).map_err(|why| FileFault::unknown(line, profile, why))?;
    if profile.is_some() && !key.is_of_a_profile() {
        return Err(FileFault::not_of_a_profile(line, profile, key));
    }
    let value = Value::of_item(key.kind(), item)
        .map_err(|kind| FileFault::kind(line, profile, key, kind))?;
    match entries.insert(key, Entry { value, line }) {
        None => Ok(()),
        Some(_) => Err(FileFault::two_names(line, key)),
    }
}

fn is_table(item: &Item) -> bool {
    item.is_table_like()
}

fn table(item: Item) -> Table {
    item.into_table().unwrap_or_default()
}

/// What stands in `table`, each with its line; `at_least` where that is not known.
fn lined(lines: &Lines, at_least: usize, table: Table) -> Vec<(usize, String, Item)> {
    let places: Vec<usize> =
        table.iter().map(|(name, _)| lines.of_key(&table, name).max(at_least)).collect();
    let entries = table.into_iter().zip(places);
    entries.map(|((name, item), line)| (line, name.to_string(), item)).collect()
}
