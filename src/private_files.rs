//! Files that only their owner may read, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Why a private file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A directory, a FIFO, a device or a symbolic link stands in its place.
    #[error("{} is not a regular file", .0.display())]
    NotRegular(PathBuf),
    /// Others could read it, or could have replaced it.
    #[error("{} can be read by others: chmod {mode} {}", .path.display(), .path.display())]
    TooOpen {
        /// The file or directory.
        path: PathBuf,
        /// The mode that it should have.
        mode: &'static str,
    },
    /// It belongs to somebody else.
    #[error("{} belongs to another user", .0.display())]
    Foreign(PathBuf),
    /// It is longer than what could stand in it.
    #[error("{} is too large", .0.display())]
    TooLarge(PathBuf),
    /// The system refused.
    #[error("{}: {cause}", .path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl FileError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { path, cause }
    }
}

/// Makes `folder` and what is missing above it, readable by its owner only.
///
/// # Errors
/// [`FileError`], also if an existing folder is open to others.
pub fn ensure_private_folder(folder: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(FileError::io(folder))?;
    check_folder(folder)
}

/// Replaces `path` by `bytes`: into a temporary file of mode 0600 in the same folder, synced,
/// renamed, and the folder synced. A crash leaves the old file or the new one.
///
/// # Errors
/// [`FileError`]; the old file then still stands.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    ensure_private_folder(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".nbatodo-")
        .tempfile_in(folder)
        .map_err(FileError::io(folder))?;
    file.write_all(bytes).map_err(FileError::io(path))?;
    file.as_file().sync_all().map_err(FileError::io(path))?;
    file.persist(path).map_err(|error| FileError::io(path)(error.error))?;
    sync_folder(folder)
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
        Err(error) if is_link(path) => {
            tracing::debug!(%error, "a symbolic link was not followed");
            return Err(FileError::NotRegular(path.to_owned()));
        }
        Err(error) => return Err(FileError::io(path)(error)),
    };
    check_file(path, &file)?;
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).map_err(FileError::io(path))?;
    if bytes.len() as u64 > longest {
        return Err(FileError::TooLarge(path.to_owned()));
    }
    Ok(Some(bytes))
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

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

#[cfg(unix)]
fn open_without_following(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;

    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
    fs::OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_following(path: &Path) -> io::Result<File> {
    if is_link(path) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    File::open(path)
}

fn check_file(path: &Path, file: &File) -> Result<(), FileError> {
    let metadata = file.metadata().map_err(FileError::io(path))?;
    if !metadata.is_file() {
        return Err(FileError::NotRegular(path.to_owned()));
    }
    check_owner_and_mode(path, &metadata, "600")
}

fn check_folder(folder: &Path) -> Result<(), FileError> {
    let metadata = fs::metadata(folder).map_err(FileError::io(folder))?;
    check_owner_and_mode(folder, &metadata, "700")
}

#[cfg(unix)]
fn check_owner_and_mode(
    path: &Path,
    metadata: &fs::Metadata,
    mode: &'static str,
) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt;

    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileError::Foreign(path.to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(FileError::TooOpen { path: path.to_owned(), mode });
    }
    Ok(())
}

/// Elsewhere a person's own folders are closed to others by inheritance.
#[cfg(not(unix))]
fn check_owner_and_mode(_: &Path, _: &fs::Metadata, _: &'static str) -> Result<(), FileError> {
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(FileError::io(folder))
}

/// Elsewhere a folder cannot be opened as a file.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), FileError> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn what_is_written_is_private_and_comes_back() {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("deep/er/file");
        write_private(&path, b"one").unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!(read_private(&path, 3).unwrap().unwrap(), b"two");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&world.path().join("deep")), 0o700);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no leftovers");
        assert!(remove(&path).unwrap());
        assert!(!remove(&path).unwrap());
        assert!(read_private(&path, 3).unwrap().is_none());
    }

    #[test]
    fn what_is_not_a_private_file_is_refused() {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("private/file");
        write_private(&path, b"four").unwrap();
        assert!(matches!(read_private(&path, 3), Err(FileError::TooLarge(_))));

        let link = world.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(matches!(read_private(&link, 9), Err(FileError::NotRegular(_))));
        assert!(matches!(read_private(world.path(), 9), Err(FileError::NotRegular(_))));
        let fifo = world.path().join("fifo");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &fifo,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        assert!(matches!(read_private(&fifo, 9), Err(FileError::NotRegular(_))));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = read_private(&path, 9).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }
}
