//! Which profiles there are: all that have signed in, until they sign out.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::StoreError;
use crate::database::WorkList;
use crate::database::work_list::SIGNED_IN;
use crate::model::Profile;
use crate::paths::Paths;
use crate::private_files::{self, FileError};

/// The profiles that have signed in and not out, even if their sign-in has ended since: whoever
/// counts on an import is to hear that there is none.
#[derive(Clone)]
pub enum Roster {
    /// A file a profile, in the state directory.
    Here(Paths),
    /// In the database that hosts share with the keys of its sign-ins: any of them can import for
    /// any profile, so the list is one of work as well.
    Shared(Arc<dyn WorkList>),
    /// Of a run that keeps nothing.
    Nowhere,
}

impl Roster {
    /// The profiles, in the order of the alphabet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn profiles(&self) -> Result<Vec<Profile>, StoreError> {
        match self {
            Self::Here(paths) => Ok(here(paths)?),
            Self::Shared(list) => {
                list.take_in(SIGNED_IN)?;
                // A name that is none was put there by somebody else.
                let entries = list.entries()?.into_iter();
                Ok(entries.filter_map(|entry| entry.name.parse().ok()).collect())
            }
            Self::Nowhere => Ok(Vec::new()),
        }
    }

    /// The same of a list in files, of which nothing is written down.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn of_this_machine(&self) -> Result<BTreeSet<Profile>, StoreError> {
        let Self::Here(paths) = self else { return Ok(BTreeSet::new()) };
        let mut names = names_in(&paths.roster(), None)?;
        names.append(&mut names_in(&paths.sessions(), Some("session"))?);
        Ok(names)
    }

    /// The one among them that differs from `profile` by capital letters alone, where `profile`
    /// is none of them: on many a disk, these two would be one file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn spelt_otherwise(&self, profile: &Profile) -> Result<Option<Profile>, StoreError> {
        let names = self.of_this_machine()?;
        let is_other = |name: &Profile| name.as_str().eq_ignore_ascii_case(profile.as_str());
        Ok(if names.contains(profile) { None } else { names.into_iter().find(is_other) })
    }

    /// Puts `profile`, whose session is kept by now, on the list: it is to outlive that session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter(&self, profile: &Profile) -> Result<(), StoreError> {
        match self {
            Self::Here(paths) => {
                private_files::mark_private(&paths.roster().join(profile.as_str()))?;
            }
            Self::Shared(list) => {
                // Whoever wants a list makes its table; for one person, there needs to be none.
                let is_there = list.enter(profile.as_str())?;
                tracing::debug!(is_there, "a list of all profiles");
            }
            Self::Nowhere => {}
        }
        Ok(())
    }

    /// Takes `profile` off the list.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn strike_out(&self, profile: &Profile) -> Result<bool, StoreError> {
        match self {
            Self::Here(paths) => Ok(private_files::remove(&paths.roster().join(profile.as_str()))?),
            Self::Shared(list) => Ok(list.strike_out(profile.as_str())?),
            Self::Nowhere => Ok(false),
        }
    }
}

/// Those that are listed, and those that have signed in since the list was last read.
fn here(paths: &Paths) -> Result<Vec<Profile>, FileError> {
    let roster = paths.roster();
    let listed = names_in(&roster, None)?;
    let signed_in = names_in(&paths.sessions(), Some("session"))?;
    for profile in signed_in.difference(&listed) {
        private_files::mark_private(&roster.join(profile.as_str()))?;
    }
    Ok(listed.union(&signed_in).cloned().collect())
}

/// The profiles that files in `folder` are called after, which end in `extension` if there is one.
fn names_in(folder: &Path, extension: Option<&str>) -> Result<BTreeSet<Profile>, FileError> {
    if !private_files::has_private_folder(folder)? {
        return Ok(BTreeSet::new());
    }
    let io = |cause| FileError::Io { path: folder.to_owned(), cause };
    let mut profiles = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        let name = match extension {
            None => Some(name.as_os_str()),
            Some(extension) => Path::new(&name)
                .file_stem()
                .filter(|_| Path::new(&name).extension() == Some(OsStr::new(extension))),
        };
        profiles.extend(name.and_then(OsStr::to_str).and_then(|name| name.parse().ok()));
    }
    Ok(profiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signed_in_stays_listed_until_they_are_struck_out() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let roster = Roster::Here(paths.clone());
        assert!(roster.profiles().unwrap().is_empty());
        let profile = |name: &str| name.parse::<Profile>().unwrap();
        for name in ["ben", "ann", "a.session"] {
            private_files::write_private(&paths.session_file(&profile(name)), b"sealed").unwrap();
        }
        private_files::write_private(&paths.sessions().join("ann.lock"), b"").unwrap();
        let all = [profile("a.session"), profile("ann"), profile("ben")];
        assert_eq!(roster.profiles().unwrap(), all);
        private_files::remove(&paths.session_file(&profile("ann"))).unwrap();
        assert_eq!(roster.profiles().unwrap(), all);
        assert!(roster.strike_out(&profile("ann")).unwrap());
        assert!(!roster.strike_out(&profile("ann")).unwrap());
        assert_eq!(roster.profiles().unwrap(), [profile("a.session"), profile("ben")]);
    }
}
