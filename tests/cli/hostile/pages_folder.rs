//! `man --folder` writes into its folder, and nowhere else, whatever lies there.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::world::World;

const PAGE: &str = "nbatodo.1";

fn man(world: &World, folder: &Path) -> crate::world::Ran {
    world.run([OsStr::new("man"), OsStr::new("--folder"), folder.as_os_str()])
}

#[test]
fn a_page_takes_the_place_of_a_link_or_pipe_and_not_of_what_it_leads_to() {
    let world = World::new();
    let (folder, theirs) = (world.home().join("man"), world.home().join("precious"));
    fs::create_dir(&folder).unwrap();
    fs::write(&theirs, "precious").unwrap();
    symlink(&theirs, folder.join(PAGE)).unwrap();
    fs::hard_link(&theirs, folder.join("nbatodo-import.1")).unwrap();
    symlink(world.home().join("made"), folder.join("nbatodo-man.1")).unwrap();
    let pipe = folder.join("nbatodo-login.1");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    man(&world, &folder).exits_with(0);
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "precious");
    assert!(!world.home().join("made").exists());
    for page in fs::read_dir(&folder).unwrap() {
        let page = page.unwrap();
        let metadata = fs::symlink_metadata(page.path()).unwrap();
        assert!(metadata.is_file(), "{page:?}");
        assert_eq!(metadata.permissions().mode() & 0o444, 0o444, "{page:?}");
        assert!(fs::read_to_string(page.path()).unwrap().contains(".TH nbatodo"), "{page:?}");
    }
}

#[test]
fn a_folder_that_is_none_or_takes_no_page_is_named() {
    let world = World::new();
    let folder = world.home().join("man");
    fs::write(&folder, "mine").unwrap();
    man(&world, &folder).exits_with(1).complains_of(&["cannot be written", "man: "]);
    assert_eq!(fs::read_to_string(&folder).unwrap(), "mine");
    fs::remove_file(&folder).unwrap();
    fs::create_dir_all(folder.join(PAGE)).unwrap();
    man(&world, &folder).exits_with(1).complains_of(&["man/nbatodo.1: "]);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing half-written is left");
}

#[test]
fn a_path_that_is_no_text_is_a_path_all_the_same() {
    let world = World::new();
    let folder = world.home().join(OsStr::from_bytes(b"m\xffn"));
    man(&world, &folder).exits_with(0);
    assert!(folder.join(PAGE).is_file());
    let json = world.run([
        OsStr::new("man"),
        OsStr::new("--format=json"),
        OsStr::new("--folder"),
        folder.as_os_str(),
    ]);
    json.exits_with(0);
    assert!(json.json()["folder"].as_str().unwrap().ends_with("m\u{fffd}n"), "{json:?}");
}
