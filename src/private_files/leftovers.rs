//! What writers that were killed have half written.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::{FOLDER_LOCK, TEMPORARY, try_lock_private};

/// Removes what writers of `folder` that were killed have left there; nothing, while one is at
/// work. Best effort: another run can do it as well.
pub fn sweep(folder: &Path) {
    if leftovers(folder).next().is_some()
        && let Ok(Some(_turn)) = try_lock_private(&folder.join(FOLDER_LOCK))
    {
        remove_leftovers(folder);
    }
}

/// Best effort: what cannot be removed harms nobody, it holds sealed bytes only.
pub(super) fn remove_leftovers(folder: &Path) {
    for path in leftovers(folder) {
        let removed = fs::remove_file(path);
        tracing::debug!(?removed, "a half-written file was left behind");
    }
}

/// How the name of a half-written file begins and ends that becomes `path` in a folder of a
/// person's choosing, where a file of another name that looks like one of ours may be theirs.
pub(super) fn name_of_half(path: &Path) -> (OsString, &'static str) {
    /// With what stands around it, it is shorter than any system's longest name of 255 bytes.
    const LONGEST: usize = 200;
    let mut start = OsString::from(TEMPORARY);
    start.push(path.file_name().filter(|name| name.len() <= LONGEST).unwrap_or(OsStr::new("long")));
    start.push(".");
    (start, ".half")
}

/// Removes what killed writers of the file at `path` have left of it.
pub(super) fn remove_of(path: &Path) {
    /// What is drawn by lot between the start and the end of a name.
    const DRAWN: usize = 6;
    let (start, end) = name_of_half(path);
    let is_half = |other: &PathBuf| {
        let name = other.file_name().unwrap_or_default().as_encoded_bytes();
        let drawn = name.strip_prefix(start.as_encoded_bytes());
        let drawn = drawn.and_then(|rest| rest.strip_suffix(end.as_bytes()));
        drawn.is_some_and(|it| it.len() == DRAWN && it.iter().all(u8::is_ascii_alphanumeric))
    };
    for path in leftovers(path.parent().unwrap_or(Path::new("."))).filter(is_half) {
        let removed = fs::remove_file(path);
        tracing::debug!(?removed, "a half-written file was left behind");
    }
}

fn leftovers(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_temporary =
        |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(TEMPORARY);
    entries.filter(is_temporary).map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private_files::{lock_private, mark_private, read_private, write_private};

    #[test]
    fn a_sweep_takes_leftovers_away_but_not_from_a_writer_at_work() {
        let world = tempfile::tempdir().unwrap();
        let folder = world.path().join("private");
        sweep(&folder);
        assert!(!folder.exists(), "a sweep makes nothing");
        mark_private(&folder.join("mark")).unwrap();
        sweep(&folder);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "a clean folder gets no lock");
        write_private(&folder.join("file"), b"kept").unwrap();
        let left = folder.join(".nbatodo-abc123");
        fs::write(&left, b"ke").unwrap();
        let writer = lock_private(&folder.join(".lock")).unwrap();
        sweep(&folder);
        assert!(left.exists());
        drop(writer);
        sweep(&folder);
        assert!(!left.exists());
        assert_eq!(read_private(&folder.join("file"), 9).unwrap().unwrap(), b"kept");
    }
}
