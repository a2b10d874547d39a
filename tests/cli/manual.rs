//! The manual pages, as they are committed and as `man` shows them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::help::commands;
use crate::world::{World, has};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_committed_pages_are_up_to_date() {
    let world = World::new();
    let folder = world.home().join("some/man1");
    let ran = world.run(["man", "--folder", folder.to_str().unwrap()]);
    assert!(ran.exits_with(0).stdout.contains("pages written to"), "{ran:?}");
    const REPAIR: &str = "stale: cargo run -- man --folder man";
    assert_eq!(names(&folder), names(&committed()), "{REPAIR}");
    for name in names(&folder) {
        let (now, then) = (folder.join(&name), committed().join(&name));
        let same = fs::read_to_string(now).unwrap() == fs::read_to_string(then).unwrap();
        assert!(same, "{name} is {REPAIR}");
    }
}

#[test]
fn every_command_has_a_page_of_its_own() {
    let world = World::new();
    for command in commands() {
        let ran = world.run([&["man".to_owned()], &command[..]].concat());
        let name = format!("nbatodo {}.1", command.join(" ")).replace(" .", ".").replace(' ', "-");
        let page = fs::read_to_string(committed().join(&name)).unwrap_or_default();
        assert!(ran.exits_with(0).stdout == page && !page.is_empty(), "{name}");
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "SEE ALSO"] {
            assert!(
                page.contains(&format!(".SH \"{section}\""))
                    || page.contains(&format!(".SH {section}")),
                "{name} has no {section}"
            );
        }
        assert!(page.contains("EXIT STATUS"), "{name}");
        let document =
            world.run([&["man", "--format", "json"].map(str::to_owned), &command[..]].concat());
        assert_eq!(document.json()["name"], name);
    }
    let ran = world.run(["man", "import", "login"]);
    ran.exits_with(2).complains_of(&["no such command; nearest: \"import\""]);
    for (typed, meant) in [
        ("config-set", "Did you mean: nbatodo man config set."),
        ("nbatodo-import", "Did you mean: nbatodo man import."),
        ("nbatodo-config-set.1", "Did you mean: nbatodo man config set."),
        ("nbatodo", "Did you mean: nbatodo man. See"),
        ("nbatodo.1", "Did you mean: nbatodo man. See"),
        ("imprt", "A similar value exists: 'import'"),
        ("nosuch", "possible values: completions, config,"),
    ] {
        world.run(["man", typed]).exits_with(2).complains_of(&[meant]);
    }
    let nowhere = world.run(["man", "--folder", "/dev/null/man"]);
    nowhere.exits_with(1).complains_of(&["manual pages"]);
}

#[test]
fn the_formatters_have_nothing_to_say_against_the_pages() {
    if !has("man") || !has("mandoc") {
        return;
    }
    for name in names(&committed()) {
        let page = committed().join(&name);
        let mut man = Command::new("man");
        man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"]).arg(&page);
        assert_eq!(man_output(&mut man).1, "", "man {name}");
        let lint =
            Command::new("mandoc").args(["-Tlint", "-Wwarning"]).arg(&page).output().unwrap();
        let said = String::from_utf8(lint.stdout).unwrap();
        // They have no date, so that each build of a version makes the same pages.
        let said: Vec<&str> = said.lines().filter(|line| !line.contains("missing date")).collect();
        assert_eq!(said, Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn man_shows_a_page_that_it_reads_from_a_pipe() {
    if !has("man") {
        return;
    }
    let world = World::new();
    let binary = env!("CARGO_BIN_EXE_nbatodo");
    let mut shell = world.shell(&format!("{binary} man import | MANWIDTH=80 man -l -"));
    let (shown, said) = man_output(&mut shell);
    assert_eq!(said, "");
    for part in ["nbatodo-import - ", "EXAMPLES", "nbatodo import --team BOS", "EXIT STATUS"] {
        assert!(shown.contains(part), "{part:?} is not in {shown}");
    }
}

fn man_output(command: &mut Command) -> (String, String) {
    let output = command.output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    (shown, String::from_utf8_lossy(&output.stderr).into_owned())
}
