//! Why a private file was not read or written, and the command that repairs it.

use std::io;
use std::path::{Path, PathBuf};

use super::platform::{is_of_another_user, own_id};
use super::shell_word;
use crate::model::system_error::in_words;

/// Why a private file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A FIFO, a device, a socket or a symbolic link stands in its place.
    #[error("{} is not a regular file", .0.display())]
    NotRegular(PathBuf),
    /// A folder stands in its place, which no file replaces.
    #[error("{} is a folder, not a file", .0.display())]
    Folder(PathBuf),
    /// Others could read it, or could have replaced it.
    #[error("{} can be read by others: chmod {mode} {}", .path.display(), shell_word(.path))]
    TooOpen {
        /// The file or directory.
        path: PathBuf,
        /// The mode that it should have.
        mode: &'static str,
    },
    /// It belongs to somebody else.
    #[error(
        "{} belongs to another user: if it should be yours, sudo chown {} {}",
        .0.display(), own_id(), shell_word(.0)
    )]
    Foreign(PathBuf),
    /// It is longer than what could stand in it.
    #[error("{} is too large", .0.display())]
    TooLarge(PathBuf),
    /// Somebody else wrote it between our look at it and our change.
    #[error("{} was changed by another program just now, and stays as it is", .0.display())]
    Changed(PathBuf),
    /// The system refused.
    #[error("{}: {}", .path.display(), in_words(.cause))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl FileError {
    /// The command that clears the place for a file of ours, where the message names none.
    /// Whatever lies there, somebody may need it: it is moved, not deleted.
    pub fn repair(&self) -> Option<String> {
        match self {
            Self::NotRegular(path) | Self::Folder(path) => {
                let mut aside = path.as_os_str().to_owned();
                aside.push(".old");
                Some(format!("mv {} {}", shell_word(path), shell_word(Path::new(&aside))))
            }
            Self::TooOpen { .. }
            | Self::Foreign(_)
            | Self::TooLarge(_)
            | Self::Changed(_)
            | Self::Io { .. } => None,
        }
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| match cause.kind() {
            io::ErrorKind::IsADirectory => Self::Folder(path),
            // To anybody but root, what belongs to somebody else is mostly just closed.
            io::ErrorKind::PermissionDenied if is_of_another_user(&path) => Self::Foreign(path),
            _ => Self::Io { path, cause },
        }
    }
}
