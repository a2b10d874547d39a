//! The scripts that nobody compiles.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::at;
use crate::pages::{blocks, text_of};
use crate::world::{World, finish, has};

/// Where scripts lie.
const FOLDERS: [&str; 6] =
    [".ci", "benches", "contrib", "docs", "packaging", "tests/cli/pages/stand_ins"];

/// The scripts for bash and sh, by their first lines.
fn shell_scripts() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| at(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let content = fs::read(&entry).unwrap();
            let first = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let first = String::from_utf8_lossy(first);
            if first.starts_with("#!") && (first.ends_with("bash") || first.contains("/bin/sh")) {
                found.push(entry);
            }
        }
    }
    found
}

#[test]
fn shellcheck_finds_nothing_in_the_scripts() {
    let scripts = shell_scripts();
    assert!(scripts.len() > 15, "{scripts:?}");
    if !has("shellcheck") {
        return;
    }
    // A shell reads the completions into itself, so they have no first line to tell by.
    let completions = [at("completions/nbatodo.bash")];
    for (dialect, files) in [("--external-sources", &scripts[..]), ("--shell=bash", &completions)] {
        let checked = Command::new("shellcheck").arg(dialect).args(files).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}

#[test]
fn what_the_page_about_packages_types_is_run_where_it_can_be() {
    let page = "docs/packages.md";
    let text = |script| fs::read_to_string(at(script)).unwrap();
    let (ci, trying) = (text(".ci/run"), text("packaging/try") + &text("packaging/booted"));
    // Whole: what goes on with another option is another command.
    let ci: Vec<&str> = ci.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let is_whole = |rest: &str| !rest.starts_with(" -");
    let is_in_ci = |command: &str| ci.iter().any(|line| line.split(command).skip(1).any(is_whole));
    let mut seen = 0;
    for block in blocks(page, &text_of(page)).iter().filter(|block| block.language == "sh") {
        for command in block.commands() {
            let command = command.split(" #").next().unwrap().trim();
            // These take them from the page, by their beginnings.
            let is_tried = trying
                .split('"')
                .skip(1)
                .step_by(2)
                .any(|beginning| beginning.contains(' ') && command.starts_with(beginning));
            assert!(is_tried || is_in_ci(command), "{}: nothing runs \"{command}\"", block.place());
            seen += 1;
        }
    }
    assert!(seen >= 9, "{seen}");
}

#[test]
fn a_package_to_be_published_needs_somebody_who_answers_for_it() {
    if !has("dpkg-parsechangelog") {
        return;
    }
    let world = World::new();
    let asked = |variables: &[(&str, &str)]| {
        let mut command = Command::new(at("packaging/deb"));
        command.arg("--maintainer").env_clear().env("HOME", world.home());
        command.env("PATH", "/usr/bin:/bin").envs(variables.iter().copied());
        finish(command)
    };
    let (name, address) = (("DEBFULLNAME", "Ann"), ("DEBEMAIL", "ann@example.org"));
    // A repository that has not set them hands over empty ones.
    for nobody in [&[][..], &[("DEBFULLNAME", ""), ("DEBEMAIL", "")]] {
        asked(nobody).exits_with(1).complains_of(&["placeholder", "DEBFULLNAME", "DEBEMAIL"]);
    }
    asked(&[name]).exits_with(1).complains_of(&["DEBEMAIL"]);
    assert_eq!(asked(&[name, address]).exits_with(0).stdout, "Ann <ann@example.org>\n");
}

#[test]
fn whoever_has_one_file_of_a_release_can_check_its_sum() {
    let workflow = fs::read_to_string(at(".github/workflows/release.yml")).unwrap();
    let made = workflow.split("run: ").find(|step| step.starts_with("sha256sum ")).unwrap();
    let page = text_of("docs/packages.md");
    let checked = page.split('`').find(|span| span.starts_with("sha256sum --check")).unwrap();
    let world = World::new();
    let folder = world.home().join("release");
    fs::create_dir(&folder).unwrap();
    let typed = |line: &str| {
        let mut shell = world.shell(line);
        shell.current_dir(&folder);
        finish(shell)
    };
    for name in ["nbatodo.deb", "nbatodo.tar.gz"] {
        fs::write(folder.join(name), name).unwrap();
    }
    typed(made.lines().next().unwrap()).exits_with(0);
    fs::remove_file(folder.join("nbatodo.tar.gz")).unwrap();
    assert_eq!(typed(checked).exits_with(0).stdout, "nbatodo.deb: OK\n");
    fs::write(folder.join("nbatodo.deb"), "another").unwrap();
    typed(checked).exits_with(1);
}
