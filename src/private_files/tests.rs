use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn names_beside(path: &Path) -> Vec<PathBuf> {
    let folder = fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    names.sort_unstable();
    names
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
    let lock = path.with_file_name(FOLDER_LOCK);
    assert_eq!(names_beside(&path), [lock, path.clone()], "no leftovers");
    assert!(remove(&path).unwrap());
    assert!(!remove(&path).unwrap());
    assert!(read_private(&path, 3).unwrap().is_none());
}

#[test]
fn a_turn_removes_what_a_killed_writer_left() {
    let world = tempfile::tempdir().unwrap();
    let folder = world.path().join("private");
    let path = folder.join("file");
    write_private(&path, b"old").unwrap();
    fs::write(folder.join(".nbatodo-abc123"), b"ol").unwrap();
    write_private(&path, b"new").unwrap();
    assert_eq!(read_private(&path, 3).unwrap().unwrap(), b"new");
    assert!(!folder.join(".nbatodo-abc123").exists());
    assert_eq!(mode(&folder.join(".lock")), 0o600);
}

#[test]
fn a_sweep_at_any_moment_takes_nothing_from_a_writer() {
    const TIMES: usize = 300;
    let world = tempfile::tempdir().unwrap();
    let folder = world.path().join("private");
    let at = |name: String| folder.join(name);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 0..TIMES {
                write_private(&at(format!("written-{number}")), b"whole").unwrap();
            }
        });
        let marking = scope.spawn(|| {
            for number in 0..TIMES {
                assert!(mark_private(&at(format!("marked-{number}"))).unwrap());
            }
        });
        while !writing.is_finished() || !marking.is_finished() {
            sweep(&folder);
        }
    });
    for number in 0..TIMES {
        let written = read_private(&at(format!("written-{number}")), 9).unwrap();
        assert_eq!(written.unwrap(), b"whole");
        assert_eq!(mode(&at(format!("marked-{number}"))), 0o600);
    }
}

#[test]
fn a_mark_is_made_where_nothing_is() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("deep/er/mark");
    assert!(mark_private(&path).unwrap());
    assert!(!mark_private(&path).unwrap());
    assert_eq!((mode(&path), names_beside(&path).len()), (0o600, 1));
    write_private(&path, b"kept").unwrap();
    assert!(!mark_private(&path).unwrap());
    assert_eq!(read_private(&path, 9).unwrap().unwrap(), b"kept");
    let link = path.with_file_name("link");
    symlink(world.path().join("nothing"), &link).unwrap();
    assert!(!mark_private(&link).unwrap());
    assert!(!world.path().join("nothing").exists());
}

#[test]
fn a_lock_is_held_until_it_is_dropped() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("private/lock");
    let held = lock_private(&path).unwrap();
    let rival = File::open(&path).unwrap();
    assert!(rival.try_lock().is_err());
    drop(held);
    rival.try_lock().unwrap();

    let link = world.path().join("private/link");
    symlink(&path, &link).unwrap();
    assert!(matches!(lock_private(&link), Err(FileError::NotRegular(_))));
    let folder = world.path().join("private/folder");
    fs::create_dir(&folder).unwrap();
    assert!(matches!(lock_private(&folder), Err(FileError::Folder(_))));
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
    assert!(matches!(read_private(world.path(), 9), Err(FileError::Folder(_))));
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
