//! The directories that hold what is ours: closed to others, owned by us, with room.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::commands::doctor::shown::{word, words};
use crate::commands::doctor::{Area, Check};
use crate::model::system_error::in_words;
use crate::paths::Paths;
use crate::private_files::{FileError, check_private, has_private_folder};

const AREA: Area = Area::Folders;
/// So many files are named; of more, only their number is said.
const NAMED: usize = 3;
/// What a session, its record and its lock take, many times over.
const ROOM: usize = 256 * 1024;

pub(super) fn checks(paths: &Paths) -> Vec<Check> {
    let mut checks = vec![
        parent("configuration", paths.config()),
        parent("state", paths.state()),
        private("sessions", &paths.sessions()),
        private("imports", &paths.imports()),
        private("keys", &paths.keys()),
        private("cache", &paths.schedules()),
    ];
    checks.push(room(paths.state()));
    checks
}

/// A folder that may be seen by others, but not changed: what lies in it could be replaced.
fn parent(check: &'static str, folder: &Path) -> Check {
    let Some(found) = look(check, folder) else {
        return AREA.ok(check, format!("{}, not made yet", folder.display()));
    };
    if let Err(problem) = found {
        return problem;
    }
    match has_private_folder(folder) {
        Err(FileError::TooOpen { .. }) if may_change(folder) => AREA
            .problem(check, format!("others can change what lies in {}", folder.display()))
            .remedied_by(format!("chmod go-w {}", word(folder))),
        Err(FileError::TooOpen { .. }) | Ok(_) => AREA.ok(check, folder.display().to_string()),
        Err(error) => refused(check, folder, &error),
    }
}

/// A folder that is closed to others, as is every file in it.
fn private(check: &'static str, folder: &Path) -> Check {
    let Some(found) = look(check, folder) else {
        return AREA.ok(check, format!("{}, not made yet", folder.display()));
    };
    if let Err(problem) = found {
        return problem;
    }
    if let Err(error) = has_private_folder(folder) {
        return refused(check, folder, &error);
    }
    let bad = refused_files(folder);
    match bad.as_slice() {
        [] => AREA.ok(check, folder.display().to_string()),
        [(path, error)] => refused(check, path, error),
        [(_, first), ..] => {
            let files: Vec<PathBuf> = bad.iter().map(|(path, _)| path.clone()).collect();
            let found = format!("{first}; {} files like it in all", bad.len());
            let named = words(&files[..files.len().min(NAMED)]);
            AREA.problem(check, found).remedied_by(format!("Repair them, beginning with: {named}"))
        }
    }
}

/// Whether a folder is there, and is one, by way of our own links only. `None` where nothing is.
fn look(check: &'static str, folder: &Path) -> Option<Result<(), Check>> {
    let at_name = match fs::symlink_metadata(folder) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            let found = format!("{}: {}", folder.display(), in_words(&error));
            return Some(Err(AREA.problem(check, found)));
        }
    };
    let place = folder.display();
    let away = format!("mv {0} {0}.old", word(folder));
    Some(if at_name.is_symlink() && !is_ours(&at_name) {
        let found = format!("{place} is a symbolic link that another user made");
        Err(AREA.problem(check, found).remedied_by(format!("rm {}", word(folder))))
    } else if !folder.exists() {
        let found = format!("{place} is a symbolic link to nothing");
        Err(AREA.problem(check, found).remedied_by(format!("rm {}", word(folder))))
    } else if !folder.is_dir() {
        Err(AREA.problem(check, format!("{place} is not a folder")).remedied_by(away))
    } else {
        Ok(())
    })
}

/// The files in `folder` that no run would read. Folders in it are none of ours.
fn refused_files(folder: &Path) -> Vec<(PathBuf, FileError)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let check = |path: PathBuf| match check_private(&path) {
        // It is gone again: another run at work.
        Err(FileError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => None,
        checked => checked.err().map(|error| (path, error)),
    };
    paths.into_iter().filter_map(check).collect()
}

fn refused(check: &'static str, path: &Path, error: &FileError) -> Check {
    let (place, typed) = (path.display(), word(path));
    match error {
        FileError::TooOpen { mode, .. } => AREA
            .problem(check, format!("{place} is open to others, so it is not used"))
            .remedied_by(format!("chmod {mode} {typed}")),
        FileError::Foreign(_) => AREA
            .problem(check, format!("{place} belongs to another user, so it is not used"))
            .remedied_by(format!("sudo chown \"$(id -un)\" {typed}")),
        FileError::NotRegular(_) => AREA
            .problem(check, format!("{place} is not a regular file, so it is not used"))
            .remedied_by(format!("rm {typed}")),
        FileError::Folder(_) => AREA
            .problem(check, format!("{place} is a folder, so it is not used"))
            .remedied_by(format!("mv {typed} {typed}.old")),
        FileError::TooLarge(_) | FileError::Changed(_) | FileError::Io { .. } => {
            AREA.problem(check, error.to_string())
        }
    }
}

/// Whether something can be written where state lies: into a file without a name, of which
/// nothing is left whatever happens.
fn room(state: &Path) -> Check {
    const CHECK: &str = "room";
    let there = state.ancestors().find(|it| it.symlink_metadata().is_ok()).unwrap_or(state);
    if !there.is_dir() {
        return AREA
            .problem(CHECK, format!("{} is not a folder", there.display()))
            .remedied_by(format!("mv {0} {0}.old", word(there)));
    }
    if there != state
        && let Err(error) = is_writable(there)
    {
        let found = format!("nothing can be made in {}: {}", there.display(), in_words(&error));
        let closed = error.kind() == io::ErrorKind::PermissionDenied;
        return AREA.problem(CHECK, found).remedied_by(if closed {
            format!("chmod u+w {}", word(there))
        } else {
            "Name a folder that can be written to in XDG_STATE_HOME.".to_owned()
        });
    }
    if there != state {
        return AREA.ok(CHECK, format!("{} can be written to", there.display()));
    }
    let tried = tempfile::tempfile_in(state)
        .and_then(|mut file| file.write_all(&[0; ROOM]).and_then(|()| file.sync_data()));
    match tried {
        Ok(()) => AREA.ok(CHECK, format!("{} can be written to", state.display())),
        Err(error) => AREA
            .problem(
                CHECK,
                format!("nothing can be written to {}: {}", state.display(), in_words(&error)),
            )
            .remedied_by("Make room there, or let yourself write there."),
    }
}

#[cfg(unix)]
fn is_ours(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    metadata.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_ours(_: &fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn may_change(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & 0o022 != 0)
}

#[cfg(not(unix))]
fn may_change(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};

    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn is_writable(_: &Path) -> io::Result<()> {
    Ok(())
}
