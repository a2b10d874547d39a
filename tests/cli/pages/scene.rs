//! What is there before the first line of a page, and what of it cannot be run.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::cron;
use crate::feed::{celtics_games, text};
use crate::world::{PAT, RED, World};

pub(crate) const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

pub(crate) const PACKAGES: &str = "docs/packages.md";

/// Games of the Celtics in the feed of each scene.
pub(crate) const GAMES: usize = 3;

/// Profiles that are signed in to stay before a page begins. Other pages begin with `default`
/// signed in, the README with nobody.
const SIGNED_IN: [(&str, &[&str]); 1] = [("docs/many.md", &["default", "ann", "ben"])];

/// Lines of `sh` blocks that are not run, by how they begin, each with its reason.
pub(crate) const NOT_RUN: [(&str, &str, &str); 5] = [
    ("README.md", "cargo test", "that is this very run"),
    (PACKAGES, "rustup target add", ".ci/run does it"),
    (PACKAGES, "packaging/", ".ci/run does it, which takes minutes"),
    (PACKAGES, "sudo ", "packaging/try and packaging/booted do it, in a Debian of its own"),
    (PACKAGES, "systemctl --user", "packaging/booted does it, in a Debian of its own"),
];

/// Lines of `sh` blocks that a test of their own runs as they stand, by how they begin.
pub(crate) const RUN_BY: [(&str, &str, &str); 2] = [
    (
        "docs/sign-in.md",
        "ssh -L ",
        "by_ssh::tunnel::the_line_of_the_page_brings_the_browser_of_the_laptop_back",
    ),
    (
        "docs/sign-in.md",
        "nbatodo login --client-id ID",
        "registration::the_line_of_the_page_signs_in_with_a_client_registered_as_the_page_says",
    ),
];

/// Blocks of `text`, by their first lines, that hold no command.
pub(crate) const NO_COMMANDS: [(&str, &str); 2] = [
    ("docs/sessions.md", "nbatodo-session 1"),
    ("docs/code.md", " you            a terminal, cron, a script"),
];

/// Programs of others that pages use, which a person's machine may lack.
pub(crate) const PROGRAMS: [&str; 1] = ["jq"];

/// In place of what needs root, and a systemd that is running.
const STAND_INS: [(&str, &str); 4] = [
    ("sudo", include_str!("stand_ins/sudo")),
    ("systemctl", include_str!("stand_ins/systemctl")),
    ("systemd-run", include_str!("stand_ins/systemd-run")),
    ("journalctl", include_str!("stand_ins/journalctl")),
];

/// The world that a page begins in.
pub(crate) fn scene(page: &str) -> World {
    if page == "README.md" {
        let world = World::new();
        world.serve_feed(text(&celtics_games(GAMES)));
        return world;
    }
    let world = cron::world();
    let of_page = SIGNED_IN.iter().find(|(name, _)| *name == page);
    let profiles = of_page.map_or(&["default"][..], |(_, profiles)| profiles);
    for (serial, profile) in profiles.iter().enumerate() {
        let login = ["login", "--no-browser", "--stay-signed-in", "--profile", profile];
        let email = if serial % 2 == 0 { RED } else { PAT };
        world.sign_in_by(world.command(login), email);
    }
    // What the pages copy from the repository, and are typed beside.
    for folder in ["contrib", "completions", "schemas", "man"] {
        let there = Path::new(REPOSITORY).join(folder);
        if there.is_dir() {
            symlink(there, world.home().join(folder)).unwrap();
        }
    }
    let stand_ins = world.home().join("stand-ins");
    fs::create_dir(&stand_ins).unwrap();
    for (name, script) in STAND_INS {
        fs::write(stand_ins.join(name), script).unwrap();
        world.chmod(&stand_ins.join(name), 0o755);
    }
    world
}

/// A line as it is typed here: the binary is built already, and from these sources only.
pub(crate) fn here(line: &str) -> String {
    let install =
        format!("cargo install --debug --offline --locked --path {REPOSITORY} --root $HOME/.cargo");
    let line = line.replace("cargo run --release --", "nbatodo");
    line.replace("cargo install --path .", &install)
}
