//! What systems do differently about files.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::FileError;

/// Opening neither waits for a pipe's other end, nor leaves the file to child processes.
#[cfg(unix)]
fn without_blocking(more: rustix::fs::OFlags) -> fs::OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;

    let flags = (OFlags::NONBLOCK | OFlags::CLOEXEC | more).bits();
    let mut options = fs::OpenOptions::new();
    options.read(true).custom_flags(flags.cast_signed());
    options
}

#[cfg(unix)]
pub(super) fn open_without_following(path: &Path) -> io::Result<File> {
    without_blocking(rustix::fs::OFlags::NOFOLLOW).open(path)
}

#[cfg(unix)]
pub(super) fn open_without_blocking(path: &Path) -> io::Result<File> {
    without_blocking(rustix::fs::OFlags::empty()).open(path)
}

#[cfg(not(unix))]
pub(super) fn open_without_blocking(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
pub(super) fn open_or_make(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = without_blocking(rustix::fs::OFlags::NOFOLLOW);
    options.write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(not(unix))]
pub(super) fn open_or_make(path: &Path) -> io::Result<File> {
    if super::is_link(path) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Only if nothing is there, not even a link.
pub(super) fn make_new(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}

#[cfg(not(unix))]
pub(super) fn open_without_following(path: &Path) -> io::Result<File> {
    if super::is_link(path) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    File::open(path)
}

#[cfg(unix)]
pub(super) fn check_owner_and_mode(
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

/// What systemd makes is of root or of the service's user and can be read only; where the former,
/// an access list opens it to that user, and the mask of the list stands in the mode where the
/// group's rights otherwise do.
#[cfg(target_os = "linux")]
pub(super) fn check_credential(
    path: &Path,
    file: &File,
    metadata: &fs::Metadata,
) -> Result<(), FileError> {
    use super::access_list::opens_only_to;
    use rustix::io::Errno;
    use std::os::unix::fs::MetadataExt;

    const ROOT: u32 = 0;
    /// Longer than any list that systemd makes.
    const LONGEST_LIST: usize = 1024;

    let user = rustix::process::geteuid().as_raw();
    if ![user, ROOT].contains(&metadata.uid()) {
        return Err(FileError::Foreign(path.to_owned()));
    }
    let open = || FileError::TooOpen { path: path.to_owned(), mode: "400" };
    if metadata.mode() & 0o037 != 0 {
        return Err(open());
    }
    let mut list = [0; LONGEST_LIST];
    match rustix::fs::fgetxattr(file, "system.posix_acl_access", &mut list[..]) {
        Ok(length) if opens_only_to(user, &list[..length]) => Ok(()),
        Err(Errno::NODATA | Errno::OPNOTSUPP) if metadata.mode() & 0o077 == 0 => Ok(()),
        _ => Err(open()),
    }
}

/// Elsewhere there is no systemd.
#[cfg(not(target_os = "linux"))]
pub(super) fn check_credential(
    path: &Path,
    _: &File,
    metadata: &fs::Metadata,
) -> Result<(), FileError> {
    check_owner_and_mode(path, metadata, "600")
}

/// Gives the new `file` to the owner and the group of the one at `path` that it replaces, and
/// leaves it as open to others, unless it is to be `closed`.
#[cfg(unix)]
pub(super) fn keep_owner(
    path: &Path,
    file: &File,
    before: &fs::Metadata,
    closed: bool,
) -> Result<(), FileError> {
    use rustix::fs::{Gid, Uid, fchown};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let made = file.metadata().map_err(FileError::io(path))?;
    if made.uid() != before.uid() {
        let given = fchown(file, Some(Uid::from_raw(before.uid())), None);
        given.map_err(|_| FileError::Foreign(path.to_owned()))?;
    }
    let same_group =
        made.gid() == before.gid() || fchown(file, None, Some(Gid::from_raw(before.gid()))).is_ok();
    if closed {
        return Ok(());
    }
    // What the old group could do is nothing for another one.
    let mode = before.mode() & if same_group { 0o777 } else { 0o707 };
    file.set_permissions(fs::Permissions::from_mode(mode)).map_err(FileError::io(path))
}

#[cfg(not(unix))]
pub(super) fn keep_owner(
    path: &Path,
    file: &File,
    before: &fs::Metadata,
    closed: bool,
) -> Result<(), FileError> {
    match closed {
        true => Ok(()),
        false => file.set_permissions(before.permissions()).map_err(FileError::io(path)),
    }
}

/// Whether anybody but its owner has rights to the file at `path`.
#[cfg(unix)]
pub fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o077 != 0)
}

/// Elsewhere a person's own folders are closed to others by inheritance.
#[cfg(not(unix))]
pub fn is_open_to_others(_: &Path) -> bool {
    false
}

/// Whether `path` is there and belongs to somebody else.
#[cfg(unix)]
pub(super) fn is_of_another_user(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let us = own_id();
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.uid() != us)
}

#[cfg(not(unix))]
pub(super) fn is_of_another_user(_: &Path) -> bool {
    false
}

/// Who we are to `chown`.
#[cfg(unix)]
pub(super) fn own_id() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(super) fn own_id() -> u32 {
    0
}

/// Elsewhere a person's own folders are closed to others by inheritance.
#[cfg(not(unix))]
pub(super) fn check_owner_and_mode(
    _: &Path,
    _: &fs::Metadata,
    _: &'static str,
) -> Result<(), FileError> {
    Ok(())
}

#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(FileError::io(folder))
}

/// Elsewhere a folder cannot be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> Result<(), FileError> {
    Ok(())
}
