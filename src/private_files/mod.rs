//! Files that only their owner may read, written whole or not at all.

#[cfg(target_os = "linux")]
mod access_list;
mod file_error;
mod leftovers;
mod platform;
mod secret_file;
mod shell_word;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use leftovers::remove_leftovers;
use platform::{
    check_owner_and_mode, keep_owner, make_new, open_or_make, open_without_blocking,
    open_without_following, sync_folder,
};

pub use file_error::FileError;
pub use leftovers::sweep;
pub use platform::is_open_to_others;
pub use secret_file::SecretFile;
pub use shell_word::{shell_word, word};

/// How the names of half-written files begin.
const TEMPORARY: &str = ".nbatodo-";
/// The most links that are followed one after the other, as on Linux.
const MOST_LINKS: usize = 40;
/// The lock of a folder whose writers take turns.
const FOLDER_LOCK: &str = ".lock";

/// Makes `folder` and what is missing above it, readable by its owner only.
///
/// # Errors
/// [`FileError`], also if an existing folder is open to others.
pub fn ensure_private_folder(folder: &Path) -> Result<(), FileError> {
    make_folder(folder)?;
    check_folder(folder)
}

fn make_folder(folder: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(FileError::io(folder))
}

/// Whether `folder` is there; if so, it must be ours and closed to others, who could otherwise
/// replace what lies in it.
///
/// # Errors
/// [`FileError`].
pub fn has_private_folder(folder: &Path) -> Result<bool, FileError> {
    match check_folder(folder) {
        Err(FileError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        checked => checked.map(|()| true),
    }
}

/// Whether a run would read the private file at `path`, of which nothing is read here.
///
/// # Errors
/// [`FileError`], also if nothing is there.
pub fn check_private(path: &Path) -> Result<(), FileError> {
    let metadata = fs::symlink_metadata(path).map_err(FileError::io(path))?;
    check_kind(path, &metadata)?;
    check_owner_and_mode(path, &metadata, "600")
}

/// Whether `path` is called like a half-written file of ours.
pub fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY))
}

/// Replaces `path` by `bytes`: into a temporary file of mode 0600 in the same folder, synced,
/// renamed, and the folder synced. A crash leaves the old file or the new one. One writer of the
/// folder at a time: so a temporary file that is found there was left by a writer that was killed,
/// and is removed.
///
/// # Errors
/// [`FileError`]; the old file then still stands.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let _turn = lock_private(&folder.join(FOLDER_LOCK))?;
    remove_leftovers(folder);
    let file = written_beside(path, bytes)?;
    file.persist(path).map_err(|error| FileError::io(path)(error.error))?;
    sync_folder(folder)
}

/// Makes an empty file at `path`, readable by its owner only, and the folders that are missing
/// above it. There is no moment at which it is half made, so that it takes no turn. Whatever is
/// there already, a dangling link too, stays: `false`.
///
/// # Errors
/// [`FileError`].
pub fn mark_private(path: &Path) -> Result<bool, FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    ensure_private_folder(folder)?;
    match make_new(path) {
        Ok(_) => sync_folder(folder).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::io(path)(error)),
    }
}

/// Writes `bytes` to a new file at `path`, readable by its owner only; folders that are missing
/// above it are made the same. Whatever is there already, a dangling link too, stays: `false`. Not
/// for a folder that is swept: it takes no turn, since the folder can be any.
///
/// # Errors
/// [`FileError`]; nothing is at `path` then.
pub fn create_private(path: &Path, bytes: &[u8]) -> Result<bool, FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    match written_beside(path, bytes)?.persist_noclobber(path) {
        Ok(_) => sync_folder(folder).map(|()| true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileError::io(path)(error.error)),
    }
}

/// Where the file at `path` really lies: what links lead to, whether it is there or not, so that
/// whoever keeps it elsewhere keeps it there.
///
/// # Errors
/// [`FileError`] where links lead in a circle.
pub fn behind_links(path: &Path) -> Result<PathBuf, FileError> {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&place) {
            // From where the link lies, if it says it from there.
            Ok(target) => place = place.parent().unwrap_or(Path::new(".")).join(target),
            Err(_) => return Ok(place),
        }
    }
    Err(FileError::NotRegular(path.to_owned()))
}

/// Replaces the regular file at `path`, which held `before`, by `bytes`, whole or not at all, and
/// leaves it as open to others as it was, or open to nobody if `closed`; it stays its owner's. A new
/// one is readable by its owner only, and so are the folders that are missing above it. One writer
/// of the file at a time: what a killed one has left of it is removed, and nothing else, as the
/// folder can be any. An editor does not wait for its turn: what it has written since then stays.
///
/// # Errors
/// [`FileError`]; the old file then still stands.
pub fn replace_regular(
    path: &Path,
    before: Option<&[u8]>,
    bytes: &[u8],
    closed: bool,
) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    leftovers::remove_of(path);
    let (start, end) = leftovers::name_of_half(path);
    let mut name = tempfile::Builder::new();
    let file = written(path, bytes, name.prefix(&start).suffix(end))?;
    if let Ok(metadata) = fs::metadata(path) {
        keep_owner(path, file.as_file(), &metadata, closed)?;
    }
    let longest = before.map_or(0, |before| before.len() as u64);
    let now = read_regular(path, longest).map_err(|error| match error {
        FileError::TooLarge(path) => FileError::Changed(path),
        error => error,
    })?;
    if now.map(Zeroizing::new).as_deref().map(Vec::as_slice) != before || is_link(path) {
        return Err(FileError::Changed(path.to_owned()));
    }
    file.persist(path).map_err(|error| FileError::io(path)(error.error))?;
    sync_folder(folder)
}

/// Replaces whatever is at `path`, but a folder, by a file that holds `bytes` and that everybody
/// may read whom the umask lets, whole or not at all. A link is not followed: what it leads to
/// stays as it is.
///
/// # Errors
/// The system's; what was there then still stands.
pub fn replace_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = tempfile::Builder::new();
    name.prefix(TEMPORARY);
    #[cfg(unix)]
    name.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = name.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// A temporary file of mode 0600 in the folder of `path`, which holds `bytes`, synced.
fn written_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile, FileError> {
    written(path, bytes, tempfile::Builder::new().prefix(TEMPORARY))
}

/// The same, with a name of the caller's choosing.
fn written(
    path: &Path,
    bytes: &[u8],
    name: &tempfile::Builder<'_, '_>,
) -> Result<NamedTempFile, FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = name.tempfile_in(folder).map_err(FileError::io(folder))?;
    file.write_all(bytes).map_err(FileError::io(path))?;
    file.as_file().sync_all().map_err(FileError::io(path))?;
    Ok(file)
}

/// Waits for the lock that is the file at `path`, made if it is missing, and holds it until the
/// returned file is dropped. The lock is advisory and ends with the process. The file may carry
/// content; it is open for reading and writing.
///
/// # Errors
/// [`FileError`].
pub fn lock_private(path: &Path) -> Result<File, FileError> {
    let file = open_lock(path)?;
    file.lock().map_err(FileError::io(path))?;
    Ok(file)
}

/// As [`lock_private`], without waiting: `None` if somebody else holds the lock.
///
/// # Errors
/// [`FileError`].
pub fn try_lock_private(path: &Path) -> Result<Option<File>, FileError> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(FileError::io(path)(error)),
    }
}

fn open_lock(path: &Path) -> Result<File, FileError> {
    ensure_private_folder(path.parent().unwrap_or(Path::new(".")))?;
    let file = match open_or_make(path) {
        Ok(file) => file,
        Err(_) if is_folder(path) => return Err(FileError::Folder(path.to_owned())),
        Err(_) if is_no_file(path) => return Err(FileError::NotRegular(path.to_owned())),
        Err(error) => return Err(FileError::io(path)(error)),
    };
    check_file(path, &file)?;
    Ok(file)
}

/// Reads `path` if it is there: a regular file of ours, closed to others, of at most
/// `longest` bytes. Links are not followed and a FIFO does not block.
///
/// # Errors
/// [`FileError`].
pub fn read_private(path: &Path, longest: u64) -> Result<Option<Vec<u8>>, FileError> {
    let file = match open_without_following(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        // A link is not followed, and a socket not opened.
        Err(error) if is_no_file(path) => {
            tracing::debug!(%error, "not a file");
            return Err(FileError::NotRegular(path.to_owned()));
        }
        Err(error) => return Err(FileError::io(path)(error)),
    };
    check_file(path, &file)?;
    read_bounded(path, file, longest).map(Some)
}

/// Deletes `path`; says whether it was there.
///
/// # Errors
/// [`FileError::Io`].
pub fn remove(path: &Path) -> Result<bool, FileError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::io(path)(error)),
    }
}

/// As [`remove`], and with it whatever a writer of the same folder that was killed has left.
///
/// # Errors
/// [`FileError::Io`].
pub fn remove_in_turn(path: &Path) -> Result<bool, FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if folder.is_dir() {
        match lock_private(&folder.join(FOLDER_LOCK)) {
            Ok(_turn) => remove_leftovers(folder),
            Err(error) => tracing::debug!(%error, "leftovers are not looked for"),
        }
    }
    remove(path)
}

/// Reads the regular file at `path`, if it is there, of at most `longest` bytes: for files that
/// hold no secret. Links are followed; a FIFO does not block.
///
/// # Errors
/// [`FileError`].
pub fn read_regular(path: &Path, longest: u64) -> Result<Option<Vec<u8>>, FileError> {
    let file = match open_without_blocking(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FileError::io(path)(error)),
    };
    let metadata = file.metadata().map_err(FileError::io(path))?;
    if !metadata.is_file() {
        return Err(FileError::NotRegular(path.to_owned()));
    }
    read_bounded(path, file, longest).map(Some)
}

fn read_bounded(path: &Path, file: File, longest: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).map_err(FileError::io(path))?;
    if bytes.len() as u64 > longest {
        return Err(FileError::TooLarge(path.to_owned()));
    }
    Ok(bytes)
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

fn is_no_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file())
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

fn check_file(path: &Path, file: &File) -> Result<(), FileError> {
    let metadata = file.metadata().map_err(FileError::io(path))?;
    check_kind(path, &metadata)?;
    check_owner_and_mode(path, &metadata, "600")
}

fn check_kind(path: &Path, metadata: &fs::Metadata) -> Result<(), FileError> {
    if metadata.is_dir() {
        return Err(FileError::Folder(path.to_owned()));
    }
    match metadata.is_file() {
        true => Ok(()),
        false => Err(FileError::NotRegular(path.to_owned())),
    }
}

fn check_folder(folder: &Path) -> Result<(), FileError> {
    let metadata = fs::metadata(folder).map_err(FileError::io(folder))?;
    check_owner_and_mode(folder, &metadata, "700")
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
