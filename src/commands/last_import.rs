//! What the files of earlier imports tell without asking anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::commands::Context;
use crate::import::field::Trace;
use crate::import::seen::Fate;
use crate::import::{LedgerFiles, Record};
use crate::model::{Profile, Season, Tricode};
use crate::private_files::read_private;
use crate::settings::Credential;

/// How many characters the name of an account has in that of its files.
const ACCOUNT_LENGTH: usize = 16;

/// The imports of a profile that still have tasks, of the account that had the newest.
pub(super) struct LastImport {
    /// When the games of each team were imported last.
    imported: BTreeMap<Tricode, Timestamp>,
    /// The latest season of these.
    pub(super) season: Option<Season>,
}

impl LastImport {
    /// The one of the profile, in `account` where that is known; `None` where there is none, or it
    /// is remembered elsewhere, or a token from outside can be anybody's.
    pub(super) fn of(context: &Context, account: Option<&str>) -> Option<Self> {
        let is_known = matches!(context.settings.credential, Credential::Session);
        if context.shared_records.is_some() || context.keeps_nothing() || !is_known {
            return None;
        }
        let account = account.map(|account| Trace::of(account).to_string());
        let folder = fs::read_dir(context.paths.imports()).ok()?;
        let paths = folder.filter_map(|entry| Some(entry.ok()?.path()));
        let mine = paths.filter(|path| {
            let found = account_of(&context.settings.profile, path);
            found.is_some() && (account.is_none() || found == account.as_deref())
        });
        mine.filter_map(|path| Self::read(&path))
            .max_by_key(|it| it.imported.values().max().copied())
    }

    fn read(path: &Path) -> Option<Self> {
        let bytes = read_private(path, LedgerFiles::LONGEST).ok()??;
        let record = Record::of_anybody(&bytes)?;
        if path.with_extension("journal").exists() {
            // The last one was broken off.
            return None;
        }
        let there = record.destinations.values().filter(|it| it.fate == Fate::Active);
        let tasks = there.clone().flat_map(|it| it.tasks.values());
        let teams: BTreeSet<Tricode> = tasks.flat_map(|it| it.teams.iter().copied()).collect();
        let season = there.filter_map(|it| it.season()).max();
        let all = record.imported.into_iter();
        let imported: BTreeMap<_, _> = all.filter(|(team, _)| teams.contains(team)).collect();
        (!imported.is_empty()).then_some(Self { imported, season })
    }

    /// A team whose games were imported.
    pub(super) fn team(&self) -> Option<Tricode> {
        self.imported.keys().next().copied()
    }

    /// Since when the games of all `teams` are there; `None` where those of one are not.
    pub(super) fn of_all(&self, teams: &[Tricode]) -> Option<Timestamp> {
        let each = teams.iter().map(|team| self.imported.get(team).copied());
        each.collect::<Option<Vec<_>>>()?.into_iter().min()
    }
}

/// Whose a record of `profile` is: `PROFILE.ACCOUNT.record`. A name of a profile can have full
/// stops itself.
fn account_of<'a>(profile: &Profile, path: &'a Path) -> Option<&'a str> {
    let name = path.file_name()?.to_str()?.strip_suffix(".record")?;
    let account = name.strip_prefix(&format!("{profile}."))?;
    let is_one = account.len() == ACCOUNT_LENGTH && !account.contains('.');
    is_one.then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_of_the_profile_that_it_names() {
        let is_mine = |name: &str| account_of(&"anna".parse().unwrap(), Path::new(name)).is_some();
        assert!(is_mine("/x/anna.0123456789abcdef.record"));
        for name in [
            "anna.b.0123456789abcdef.record",
            "joanna.0123456789abcdef.record",
            "anna.0123456789abcdef.journal",
            "anna.record",
        ] {
            assert!(!is_mine(name), "{name}");
        }
    }
}
