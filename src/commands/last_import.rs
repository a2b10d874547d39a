//! What the files of earlier imports tell without asking anybody.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::commands::Context;
use crate::import::seen::Fate;
use crate::import::{LedgerFiles, Record};
use crate::model::{Profile, Season, Tricode};
use crate::private_files::read_private;

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
    /// The one of the profile; `None` where there is none, or it is remembered elsewhere.
    pub(super) fn of(context: &Context) -> Option<Self> {
        if context.shared_records.is_some() || context.keeps_nothing() {
            return None;
        }
        let folder = fs::read_dir(context.paths.imports()).ok()?;
        let paths = folder.filter_map(|entry| Some(entry.ok()?.path()));
        let mine = paths.filter(|path| is_record_of(&context.settings.profile, path));
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

/// `PROFILE.ACCOUNT.record`; a name of a profile can have full stops itself.
fn is_record_of(profile: &Profile, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let account = name
        .strip_suffix(".record")
        .and_then(|name| name.strip_prefix(&format!("{profile}.")))
        .unwrap_or_default();
    account.len() == ACCOUNT_LENGTH && account.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_of_the_profile_that_it_names() {
        let is_mine = |name: &str| is_record_of(&"anna".parse().unwrap(), Path::new(name));
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
