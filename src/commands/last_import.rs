//! What the files of earlier imports tell without asking anybody.

use std::collections::BTreeSet;
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

/// The newest import of a profile that still has tasks.
pub(super) struct LastImport {
    /// When its record was written, by the clock of this machine.
    pub(super) at: Timestamp,
    /// Whose games it remembers.
    pub(super) teams: BTreeSet<Tricode>,
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
        mine.filter_map(|path| Self::read(&path)).max_by_key(|it| it.at)
    }

    fn read(path: &Path) -> Option<Self> {
        let bytes = read_private(path, LedgerFiles::LONGEST).ok()??;
        let record = Record::of_anybody(&bytes)?;
        let at = fs::metadata(path).and_then(|it| it.modified()).ok()?;
        let there = record.destinations.values().filter(|it| it.fate == Fate::Active);
        let tasks = there.clone().flat_map(|it| it.tasks.values());
        let teams: BTreeSet<Tricode> = tasks.flat_map(|it| it.teams.iter().copied()).collect();
        let season = there.filter_map(|it| it.season()).max();
        (!teams.is_empty()).then_some(Self { at: at.try_into().ok()?, teams, season })
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
