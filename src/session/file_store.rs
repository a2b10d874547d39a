//! Sealed sessions as files.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::sealed_session::LONGEST_FILE;
use super::{ProfileLock, SealedSession, SessionStore, StoreError};
use crate::keys::KeyId;
use crate::model::Profile;
use crate::paths::Paths;
use crate::private_files::{self, FileError};

/// Far more ids than crashes could ever leave; what is beyond is not read.
const LONGEST_KEY_LIST: u64 = 64 * 1024;

/// `sessions/PROFILE.session`, and beside it `PROFILE.lock`, in the state directory: files of
/// mode 0600 in a folder of mode 0700.
#[derive(Clone, Debug)]
pub struct FileStore {
    paths: Paths,
}

impl FileStore {
    /// The store in `paths`.
    pub fn new(paths: Paths) -> Self {
        Self { paths }
    }
}

impl SessionStore for FileStore {
    fn load(&self, profile: &Profile) -> Result<Option<Vec<u8>>, StoreError> {
        if !private_files::has_private_folder(&self.paths.sessions())? {
            return Ok(None);
        }
        Ok(private_files::read_private(&self.paths.session_file(profile), LONGEST_FILE)?)
    }

    fn save(&self, sealed: &SealedSession) -> Result<(), StoreError> {
        let path = self.paths.session_file(sealed.profile());
        Ok(private_files::write_private(&path, &sealed.to_bytes())?)
    }

    fn delete(&self, profile: &Profile) -> Result<bool, StoreError> {
        Ok(private_files::remove_in_turn(&self.paths.session_file(profile))?)
    }

    fn lock(&self, profile: &Profile) -> Result<Box<dyn ProfileLock + '_>, StoreError> {
        let path = self.paths.sessions().join(format!("{profile}.lock"));
        let file = private_files::lock_private(&path)?;
        Ok(Box::new(FileLock { file, path }))
    }

    fn describe(&self) -> String {
        format!("files in {}", self.paths.sessions().display())
    }
}

/// The lock file; its content is the list of key ids, one a line.
struct FileLock {
    file: File,
    path: PathBuf,
}

impl FileLock {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        (&mut self.file).take(LONGEST_KEY_LIST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Over the old list and then cut: a longer list that begins with the old one, as it does
    /// when a key is added, loses nothing if the process is killed in between.
    fn write(&mut self, list: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(list.as_bytes())?;
        self.file.set_len(list.len() as u64)?;
        self.file.sync_all()
    }

    fn failure(&self, cause: io::Error) -> StoreError {
        FileError::Io { path: self.path.clone(), cause }.into()
    }
}

impl ProfileLock for FileLock {
    fn key_ids(&mut self) -> Result<Vec<KeyId>, StoreError> {
        let bytes = self.read().map_err(|cause| self.failure(cause))?;
        // A half-written line names no key: its key is made after the line is synced.
        Ok(String::from_utf8_lossy(&bytes).lines().flat_map(str::parse).collect())
    }

    fn set_key_ids(&mut self, ids: &[KeyId]) -> Result<(), StoreError> {
        let list: String = ids.iter().map(|id| format!("{id}\n")).collect();
        self.write(&list).map_err(|cause| self.failure(cause))
    }
}
