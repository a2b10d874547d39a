//! A new key file.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::cipher::KEY_LENGTH;
use super::master_key::MasterKeyError;
use super::{KeyStoreError, random};
use crate::private_files;

/// Writes a new master key to `path`, for its owner alone to read. Nothing is written over.
///
/// # Errors
/// [`MasterKeyError::Taken`] if something is there; [`MasterKeyError::File`];
/// [`KeyStoreError::NoRandomness`].
pub fn make(path: &Path) -> Result<(), KeyStoreError> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    random::fill(key.as_mut_slice())?;
    let text = Zeroizing::new(STANDARD.encode(key.as_slice()) + "\n");
    let made = private_files::create_private(path, text.as_bytes());
    match made.map_err(|cause| MasterKeyError::File { path: path.to_owned(), cause })? {
        true => Ok(()),
        false => Err(MasterKeyError::Taken(path.to_owned()).into()),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::keys::master_key::MasterKey;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn key(path: &Path) -> [u8; KEY_LENGTH] {
        *MasterKey::read(&path.into()).unwrap_or_else(|error| panic!("{error}")).expose()
    }

    #[test]
    fn a_new_key_is_one_private_and_no_other() {
        let world = tempfile::tempdir().unwrap();
        let (one, other) = (world.path().join("a/b/key"), world.path().join("a/b/other"));
        make(&one).unwrap();
        make(&other).unwrap();
        assert_eq!((mode(&one), mode(one.parent().unwrap())), (0o600, 0o700));
        assert_eq!(mode(&world.path().join("a")), 0o700);
        assert_ne!(key(&one), key(&other));
        assert_eq!(fs::read_dir(one.parent().unwrap()).unwrap().count(), 2, "no leftovers");
    }

    #[test]
    fn nothing_is_written_over_and_no_link_followed() {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("key");
        make(&path).unwrap();
        let before = key(&path);
        let dangling = world.path().join("dangling");
        symlink(world.path().join("elsewhere"), &dangling).unwrap();
        let folder = world.path().join("folder");
        fs::create_dir(&folder).unwrap();
        for taken in [&path, &dangling, &folder] {
            let refused = make(taken);
            let taken = matches!(refused, Err(KeyStoreError::Master(MasterKeyError::Taken(_))));
            assert!(taken, "{refused:?}");
        }
        assert_eq!(key(&path), before);
        assert!(!world.path().join("elsewhere").exists());
    }
}
