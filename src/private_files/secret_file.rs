//! A file with a secret that the person named.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::platform::{check_credential, open_without_following};
use super::{FileError, is_link, read_bounded, read_private};

/// A file with a secret: the person's own, or one that the service manager handed over
/// (systemd.exec(5), "CREDENTIALS").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile {
    path: PathBuf,
    is_credential: bool,
}

impl SecretFile {
    /// The file at `path`; a credential if it lies in `credentials`, the folder that the service
    /// manager named for this process.
    pub fn new(path: PathBuf, credentials: Option<&Path>) -> Self {
        let is_credential = credentials.is_some_and(|folder| path.parent() == Some(folder));
        Self { path, is_credential }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it if it is there: a regular file of at most `longest` bytes, which nobody else can
    /// read. A credential may belong to root, and be opened to this user by an access list.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn read(&self, longest: u64) -> Result<Option<Vec<u8>>, FileError> {
        if !self.is_credential {
            return read_private(&self.path, longest);
        }
        match open_without_following(&self.path) {
            Ok(file) => {
                self.check(&file)?;
                read_bounded(&self.path, file, longest).map(Some)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(_) if is_link(&self.path) => Err(FileError::NotRegular(self.path.clone())),
            Err(error) => Err(FileError::io(&self.path)(error)),
        }
    }

    fn check(&self, file: &File) -> Result<(), FileError> {
        let metadata = file.metadata().map_err(FileError::io(&self.path))?;
        if !metadata.is_file() {
            return Err(FileError::NotRegular(self.path.clone()));
        }
        check_credential(&self.path, file, &metadata)
    }
}

/// One of the person's own.
impl<P: AsRef<Path> + ?Sized> From<&P> for SecretFile {
    fn from(path: &P) -> Self {
        Self::new(path.as_ref().to_owned(), None)
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
