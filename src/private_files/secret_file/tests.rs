//! Credentials as systemd makes them, and as it does not.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::{XattrFlags, setxattr};

use super::*;

/// A folder of credentials with one file in it.
struct World {
    root: tempfile::TempDir,
    file: PathBuf,
}

impl World {
    fn with_mode(mode: u32) -> Self {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("nbatodo-key");
        fs::write(&file, "secret").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        Self { root, file }
    }

    fn read(&self) -> Result<Option<Vec<u8>>, FileError> {
        SecretFile::new(self.file.clone(), Some(self.root.path())).read(9)
    }

    /// Opens the file to `user` by an access list; `false` where the file system has none.
    fn open_to(&self, user: u32) -> bool {
        let mut list = vec![2, 0, 0, 0];
        let nobody = u32::MAX;
        for (tag, permissions, who) in
            [(1u16, 4u16, nobody), (2, 4, user), (4, 0, nobody), (16, 4, nobody), (32, 0, nobody)]
        {
            list.extend(tag.to_le_bytes());
            list.extend(permissions.to_le_bytes());
            list.extend(who.to_le_bytes());
        }
        setxattr(&self.file, "system.posix_acl_access", &list, XattrFlags::empty()).is_ok()
    }
}

#[test]
fn what_only_this_user_can_read_is_a_credential() {
    for mode in [0o400, 0o600] {
        assert_eq!(World::with_mode(mode).read().unwrap().unwrap(), b"secret");
    }
    let missing = SecretFile::new("/nowhere/key".into(), Some(Path::new("/nowhere")));
    assert!(missing.read(9).unwrap().is_none());
}

#[test]
fn the_group_s_rights_are_no_access_list() {
    for mode in [0o440, 0o444, 0o404, 0o420] {
        let refused = World::with_mode(mode).read();
        assert!(matches!(refused, Err(FileError::TooOpen { .. })), "{mode:o}: {refused:?}");
    }
}

#[test]
fn an_access_list_may_open_it_to_this_user_and_to_no_other() {
    let me = rustix::process::geteuid().as_raw();
    let world = World::with_mode(0o400);
    if !world.open_to(me) {
        // A file system without access lists has nothing to refuse.
        return;
    }
    let mode = fs::metadata(&world.file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o440, "the mask shows in the mode");
    assert_eq!(world.read().unwrap().unwrap(), b"secret");
    // The same file named as one of the person's own is too open.
    let own = SecretFile::from(&world.file).read(9);
    assert!(matches!(own, Err(FileError::TooOpen { .. })), "{own:?}");
    assert!(world.open_to(me + 1));
    assert!(matches!(world.read(), Err(FileError::TooOpen { .. })));
}

#[test]
fn neither_a_link_nor_a_folder_is_a_credential() {
    let world = World::with_mode(0o400);
    let link = world.root.path().join("link");
    symlink(&world.file, &link).unwrap();
    let folder = world.root.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for path in [link, folder] {
        let refused = SecretFile::new(path, Some(world.root.path())).read(9);
        assert!(matches!(refused, Err(FileError::NotRegular(_))), "{refused:?}");
    }
    // Below the folder is not in it.
    let deeper = SecretFile::new(world.root.path().join("a/b"), Some(world.root.path()));
    assert!(!deeper.is_credential);
}
