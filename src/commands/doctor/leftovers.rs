//! What runs that were broken off have left.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::commands::command_for;
use crate::commands::doctor::shown::words;
use crate::commands::doctor::{Area, Check};
use crate::model::{Profile, counted};
use crate::paths::Paths;
use crate::private_files::is_temporary;

const AREA: Area = Area::Leftovers;
/// So many files are named in a remedy.
const NAMED: usize = 3;

pub(super) fn checks(paths: &Paths) -> Vec<Check> {
    let folders = [paths.state(), &paths.sessions(), &paths.imports(), &paths.keys()]
        .map(Path::to_owned)
        .into_iter()
        .chain([paths.schedules()]);
    let files: Vec<PathBuf> = folders.flat_map(|folder| files_in(&folder)).collect();
    vec![journals(&files), temporary(&files), locks(&files)]
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| !path.is_dir());
    files.sort();
    files
}

fn journals(files: &[PathBuf]) -> Check {
    const CHECK: &str = "journals";
    let journals = files.iter().filter(|path| path.extension().is_some_and(|it| it == "journal"));
    let profiles: BTreeSet<Profile> = journals.filter_map(|path| profile_of(path)).collect();
    let Some(first) = profiles.first() else {
        return AREA.ok(CHECK, "none: no import was broken off");
    };
    let names: Vec<String> = profiles.iter().map(|profile| format!("\"{profile}\"")).collect();
    let found = format!(
        "an import of {} was broken off, or is under way: the next one finishes it",
        names.join(", ")
    );
    let import = command_for(first, "import");
    AREA.warning(CHECK, found).remedied_by(format!("Run the same import again: {import}"))
}

/// `PROFILE.ACCOUNT.journal`; a profile may have dots in its name, an account has none.
fn profile_of(path: &Path) -> Option<Profile> {
    let stem = path.file_stem()?.to_str()?;
    stem.rsplit_once('.')?.0.parse().ok()
}

fn temporary(files: &[PathBuf]) -> Check {
    const CHECK: &str = "half-written";
    let left: Vec<PathBuf> = files.iter().filter(|path| is_temporary(path)).cloned().collect();
    if left.is_empty() {
        return AREA.ok(CHECK, "none: no run was killed while it wrote");
    }
    let found = format!(
        "{} of a run that was killed, or is writing; the next run that writes there removes what \
         is left",
        counted(left.len(), "file")
    );
    let named = words(&left[..left.len().min(NAMED)]);
    AREA.warning(CHECK, found).remedied_by(format!("If no run is at work: rm {named}"))
}

/// A lock is the system's, not the file's: it ends with the process that holds it.
fn locks(files: &[PathBuf]) -> Check {
    const CHECK: &str = "locks";
    let is_lock = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".lock") || name.ends_with("-lock")
    };
    let held = held_inodes();
    let holders: BTreeSet<u32> = files
        .iter()
        .filter(is_lock)
        .filter_map(|path| {
            let inode = inode(path)?;
            held.iter().find(|(_, it)| *it == inode).map(|(process, _)| *process)
        })
        .collect();
    if holders.is_empty() {
        return AREA.ok(CHECK, "nobody holds one");
    }
    let holders: Vec<String> = holders.iter().map(ToString::to_string).collect();
    let found = format!("held by a run that is at work: process {}", holders.join(", "));
    AREA.ok(CHECK, found).remedied_by("If that run hangs, end it: its locks end with it.")
}

/// Who holds a lock on which inode, as Linux tells (`proc_locks(5)`); elsewhere nobody does.
fn held_inodes() -> Vec<(u32, u64)> {
    let text = fs::read_to_string("/proc/locks").unwrap_or_default();
    text.lines().filter_map(held).collect()
}

/// `1: FLOCK  ADVISORY  WRITE 4711 08:02:1234 0 EOF`: the process and the inode.
fn held(line: &str) -> Option<(u32, u64)> {
    let mut words = line.split_whitespace().skip(1).filter(|word| *word != "->");
    let process = words.nth(3)?.parse().ok()?;
    let inode = words.next()?.rsplit(':').next()?.parse().ok()?;
    Some((process, inode))
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;

    fs::symlink_metadata(path).ok().map(|metadata| metadata.ino())
}

#[cfg(not(unix))]
fn inode(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_tells_whose_import_it_is_of() {
        let of = |name: &str| profile_of(Path::new(name)).map(|profile| profile.to_string());
        assert_eq!(of("/x/a.b.0011aa.journal").as_deref(), Some("a.b"));
        assert_eq!(of("/x/default.0011aa.journal").as_deref(), Some("default"));
        assert_eq!(of("/x/journal"), None);
    }

    #[test]
    fn a_held_lock_tells_its_process_and_inode() {
        assert_eq!(held("1: FLOCK  ADVISORY  WRITE 4711 08:02:1234 0 EOF"), Some((4711, 1234)));
        assert_eq!(held("1: -> POSIX  ADVISORY  READ 7 00:1f:99 0 EOF"), Some((7, 99)));
        assert_eq!(held("nonsense"), None);
    }
}
