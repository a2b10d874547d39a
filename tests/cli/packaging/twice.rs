//! The comparison of two builds, from its beginning to its end. What a compiler would make in minutes
//! is put into place by a stand-in; all around it is as it is.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::at;
use crate::world::{Ran, World, finish, has, skip};

/// A cargo that builds in no time. A binary that holds the folder it was built in is another one in
/// another folder.
const CARGO: &str = r#"#!/bin/sh -e
case $1 in
  fetch) ;;
  build)
    mkdir -p target/release
    cp /bin/true target/release/nbatodo
    [ -z "$NAMES_ITS_FOLDER" ] || pwd >> target/release/nbatodo
    ;;
  *) exec "$REAL_CARGO" "$@" ;;
esac
"#;

/// Types what `docs/packages.md` has, in the repository; `None` where this source has none.
fn twice(world: &World, names_its_folder: &str) -> Option<Ran> {
    let programs = ["git", "dpkg-deb", "dpkg-shlibdeps", "dpkg-parsechangelog", "python3"];
    if !programs.into_iter().all(has) {
        return None;
    }
    if !at(".git").exists() {
        skip("this source has no repository");
        return None;
    }
    let (home, folder) = (world.home().join("cargo-home"), world.home().join("programs"));
    let real = env::var_os("CARGO_HOME").map(Into::into);
    let real = real.unwrap_or_else(|| Path::new(&env::var_os("HOME").unwrap()).join(".cargo"));
    fs::create_dir_all(&home).unwrap();
    fs::create_dir_all(&folder).unwrap();
    for name in ["registry", "config.toml"].into_iter().filter(|name| real.join(name).exists()) {
        symlink(real.join(name), home.join(name)).unwrap();
    }
    let cargo = folder.join("cargo");
    fs::write(&cargo, CARGO).unwrap();
    world.chmod(&cargo, 0o755);
    let path = env::var_os("PATH").unwrap();
    let path = env::join_paths(std::iter::once(folder).chain(env::split_paths(&path))).unwrap();
    let mut command = Command::new(at("packaging/twice"));
    command.env("PATH", path).env("REAL_CARGO", env!("CARGO")).env("CARGO_HOME", home);
    command.env("CARGO_NET_OFFLINE", "true").env("TMPDIR", world.home());
    command.env("NAMES_ITS_FOLDER", names_its_folder).env_remove("CARGO_TARGET_DIR");
    Some(finish(command))
}

/// Where the two builds were, if they stayed.
fn left(world: &World) -> Vec<String> {
    let names = fs::read_dir(world.home()).unwrap().map(|it| it.unwrap().file_name());
    names.filter_map(|it| it.into_string().ok()).filter(|it| it.starts_with("tmp.")).collect()
}

#[test]
fn the_same_bytes_are_said_to_be_the_same_and_nothing_is_left() {
    let world = World::new();
    let Some(ran) = twice(&world, "") else { return };
    assert!(ran.exits_with(0).stdout.ends_with("The same bytes, twice.\n"), "{ran:?}");
    for file in ["./release/nbatodo\n", "./package/nbatodo_"] {
        assert_eq!(ran.stdout.matches(file).count(), 2, "{ran:?}");
    }
    assert_eq!(left(&world), [""; 0]);
}

#[test]
fn a_binary_that_names_its_folder_is_found_out_and_both_stay() {
    let world = World::new();
    let Some(ran) = twice(&world, "yes") else { return };
    assert!(ran.exits_with(1).stderr.contains("not the same bytes; both are below "), "{ran:?}");
    let [kept] = &left(&world)[..] else { panic!("{ran:?}") };
    let built = |folder: &str| world.home().join(kept).join(folder).join("target/release/nbatodo");
    assert!(built("first").exists() && built("second/of-a-longer-name").exists());
}
