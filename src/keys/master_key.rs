//! The master key of a key file.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::cipher::KEY_LENGTH;
use crate::private_files::{FileError, SecretFile, shell_word as quoted};

/// More than base64 of a key takes, and little enough to read at once.
const LONGEST_FILE: u64 = 4096;

/// What tells a trace from all else that could be made of a key.
const TRACE: &str = "nbatodo trace\n";

/// 32 bytes, wiped on drop; boxed, so that moving it leaves no copy behind.
pub struct MasterKey(Box<Zeroizing<[u8; KEY_LENGTH]>>);

/// Why a key file gives no master key. Prints as one line.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// Nothing is there.
    #[error("the key file {} does not exist", .0.display())]
    Missing(PathBuf),
    /// It is not a private file of ours, or cannot be read.
    #[error("the key file: {cause}")]
    File {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        cause: FileError,
    },
    /// Something is there where a new one was to be made.
    #[error("{} is there already, and nothing is written over it", .0.display())]
    Taken(PathBuf),
    /// Something else than base64 (RFC 4648 section 4), one line.
    #[error("the key file {} is not one line of base64", .0.display())]
    NotBase64(PathBuf),
    /// Base64 of too few or too many bytes.
    #[error("the key file {} holds {length} bytes instead of {KEY_LENGTH}", .path.display())]
    WrongLength {
        /// The key file.
        path: PathBuf,
        /// How many bytes it holds.
        length: usize,
    },
}

impl MasterKeyError {
    /// Whether the message ends with the command that repairs it.
    pub fn names_its_repair(&self) -> bool {
        let Self::File { cause, .. } = self else { return false };
        matches!(cause, FileError::TooOpen { .. } | FileError::Foreign(_))
    }

    /// The command that repairs it.
    pub fn remedy(&self) -> String {
        match self {
            Self::Missing(path) => {
                format!("make it with: nbatodo doctor --make-key {}", quoted(path))
            }
            // Whatever it is, somebody may need it: nothing here suggests to write over it.
            Self::NotBase64(_) | Self::WrongLength { .. } => {
                "name another file in NBATODO_KEY_FILE, made with: nbatodo doctor --make-key FILE"
                    .to_owned()
            }
            Self::Taken(_) => "name another file, or use that one".to_owned(),
            Self::File { path, cause: FileError::TooOpen { mode, .. } } => {
                format!("close it to others with: chmod {mode} {}", quoted(path))
            }
            Self::File { path, cause: FileError::Foreign(_) } => {
                format!("take it over with: chown \"$(id -un)\" {}", quoted(path))
            }
            Self::File { cause: FileError::Io { .. }, .. } => {
                "name a file in NBATODO_KEY_FILE that can be read".to_owned()
            }
            Self::File { .. } => {
                "name a plain file in NBATODO_KEY_FILE, made with: nbatodo doctor \
                                  --make-key FILE"
                    .to_owned()
            }
        }
    }
}

impl MasterKey {
    /// Reads the key file `file`: 32 bytes in standard base64, with at most one newline
    /// behind.
    ///
    /// # Errors
    /// [`MasterKeyError`].
    pub fn read(file: &SecretFile) -> Result<Self, MasterKeyError> {
        let path = file.path();
        let text = file
            .read(LONGEST_FILE)
            .map_err(|cause| MasterKeyError::File { path: path.to_owned(), cause })?
            .map(Zeroizing::new)
            .ok_or_else(|| MasterKeyError::Missing(path.to_owned()))?;
        let line = text.strip_suffix(b"\n").unwrap_or(&text);
        let bytes = STANDARD.decode(line).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| MasterKeyError::NotBase64(path.to_owned()))?;
        let mut key = Box::new(Zeroizing::new([0; KEY_LENGTH]));
        if bytes.len() != KEY_LENGTH {
            let length = bytes.len();
            return Err(MasterKeyError::WrongLength { path: path.to_owned(), length });
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// What stands for `text` where others can read it: the same for the same key, and telling
    /// nothing to whoever has not got it.
    pub fn trace(&self, text: &str) -> String {
        let digest = Sha256::new().chain_update(TRACE).chain_update(self.expose());
        // Half of a digest: more of the text cannot be appended to what is not known whole.
        let digest = digest.chain_update(text).finalize();
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key itself, for the one place that seals with it.
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::private_files::write_private;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    fn read(content: &str) -> Result<MasterKey, MasterKeyError> {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("private/master");
        write_private(&path, content.as_bytes()).unwrap();
        MasterKey::read(&SecretFile::from(&path))
    }

    #[test]
    fn thirty_two_bytes_in_base64_are_a_master_key() {
        let text = STANDARD.encode([7; 32]);
        assert_eq!(read(&text).unwrap_or_else(|e| panic!("{e}")).expose(), &[7; 32]);
        assert!(read(&format!("{text}\n")).is_ok());
    }

    #[test]
    fn a_trace_stays_and_is_another_for_another_text_or_key() {
        let key = |byte| read(&STANDARD.encode([byte; 32])).unwrap_or_else(|e| panic!("{e}"));
        let trace = key(7).trace("1855589");
        assert_eq!((trace.len(), &trace), (32, &key(7).trace("1855589")));
        assert_ne!(trace, key(7).trace("1855590"));
        assert_ne!(trace, key(8).trace("1855589"));
    }

    #[test]
    fn anything_else_is_said_with_its_repair() {
        let good = STANDARD.encode([7; 32]);
        for text in ["", "\n"] {
            assert!(matches!(read(text), Err(MasterKeyError::WrongLength { length: 0, .. })));
        }
        let short = read(&STANDARD.encode([7; 31])).err().unwrap();
        assert!(short.to_string().ends_with("holds 31 bytes instead of 32"), "{short}");
        assert!(short.remedy().contains("name another file"), "{}", short.remedy());
        for text in [format!("{good}\n\n"), format!(" {good}"), good.replace('=', ""), "é".into()]
        {
            assert!(matches!(read(&text), Err(MasterKeyError::NotBase64(_))), "{text:?}");
        }
        assert!(matches!(
            read(&"A".repeat(5000)),
            Err(MasterKeyError::File { cause: FileError::TooLarge(_), .. })
        ));
    }

    #[test]
    fn a_missing_or_open_file_is_said_with_its_repair() {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("my key's");
        let read = || MasterKey::read(&SecretFile::from(&path)).err().unwrap();
        let missing = read();
        assert!(matches!(missing, MasterKeyError::Missing(_)));
        assert!(missing.remedy().contains("my key'\\''s'"), "{}", missing.remedy());

        fs::write(&path, STANDARD.encode([7; 32])).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let open = read();
        assert!(open.remedy().contains("chmod 600 '"), "{}", open.remedy());
    }
}
