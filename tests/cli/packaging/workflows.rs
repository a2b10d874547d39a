//! The workflows for a public forge.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::at;
use crate::world::has;

/// The workflows, by name.
fn workflows() -> Vec<(String, String)> {
    let folder = at(".github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            (
                file.file_name().unwrap().to_str().unwrap().to_owned(),
                fs::read_to_string(file).unwrap(),
            )
        })
        .collect()
}

/// What a line gives for `key`, and how far in the key stands.
fn value<'a>(line: &'a str, key: &str) -> Option<(&'a str, usize)> {
    let inner = line.trim_start();
    let inner = inner.strip_prefix("- ").unwrap_or(inner);
    let given = inner.strip_prefix(key)?.strip_prefix(": ")?;
    Some((given, line.len() - inner.len()))
}

/// The scripts of a workflow's steps: `run: …`, or `run: |` and what is further in.
fn steps(workflow: &str) -> Vec<String> {
    let lines: Vec<&str> = workflow.lines().collect();
    let mut steps = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((given, indent)) = value(line, "run") else {
            continue;
        };
        if given != "|" {
            assert!(!given.starts_with(['"', '\'', '>']), "not looked at: {line}");
            steps.push(given.to_owned());
            continue;
        }
        let is_inside =
            |line: &&&str| line.is_empty() || line.len() - line.trim_start().len() > indent;
        let block: Vec<&str> = lines[index + 1..].iter().take_while(is_inside).copied().collect();
        steps.push(block.join("\n"));
    }
    steps
}

/// Scripts of the repository that a shell script names.
fn named(script: &str) -> Vec<&str> {
    let apart = |c: char| c.is_whitespace() || "\"'`$();|&".contains(c);
    let ours = |word: &&str| word.starts_with("packaging/") || word.starts_with(".ci/");
    script.split(apart).filter(ours).collect()
}

#[test]
fn every_step_of_a_workflow_is_a_script_that_bash_and_shellcheck_take() {
    let shellcheck = has("shellcheck");
    for (name, workflow) in workflows() {
        let steps = steps(&workflow);
        assert_eq!(steps.len(), workflow.matches("run: ").count(), "{name}: {steps:#?}");
        for step in steps {
            // What a forge puts in before a shell reads it could be anybody's words.
            assert!(!step.contains("${{"), "{name}: {step}");
            let bash = ["bash", "-n", "-c"].as_slice();
            let check = ["sh", "-c", "printf '%s\n' \"$0\" | shellcheck --shell=bash -"].as_slice();
            for reader in [Some(bash), shellcheck.then_some(check)].into_iter().flatten() {
                let read = Command::new(reader[0]).args(&reader[1..]).arg(&step).output().unwrap();
                let said = [read.stdout, read.stderr].concat();
                let said = String::from_utf8_lossy(&said);
                assert!(read.status.success(), "{name}: {step}\n{said}");
            }
        }
    }
}

#[test]
fn every_script_that_a_workflow_or_ci_names_is_there_and_can_be_run() {
    let ci = fs::read_to_string(at(".ci/run")).unwrap();
    let scripts = workflows().into_iter().flat_map(|(_, workflow)| steps(&workflow));
    let all: Vec<String> = scripts.chain([ci]).collect();
    let named: Vec<&str> = all.iter().flat_map(|script| named(script)).collect();
    for one in ["packaging/reproducible", "packaging/archive", "packaging/deb", ".ci/run"] {
        assert!(named.contains(&one), "{named:?}");
    }
    for script in named {
        let metadata = fs::metadata(at(script)).unwrap_or_else(|error| panic!("{script}: {error}"));
        assert!(metadata.permissions().mode() & 0o111 == 0o111, "{script} cannot be run");
    }
}

#[test]
fn every_action_is_named_by_its_commit_and_says_which_version_that_is() {
    for (name, workflow) in workflows() {
        let uses: Vec<&str> =
            workflow.lines().filter_map(|line| Some(value(line, "uses")?.0)).collect();
        assert_eq!(uses.len(), workflow.matches("uses: ").count(), "{name}");
        for action in uses {
            let (action, comment) = action.split_once(" # ").unwrap_or_else(|| panic!("{action}"));
            if let Some(own) = action.strip_prefix("./") {
                assert!(at(own).is_file(), "{own}");
                continue;
            }
            let (_, commit) = action.split_once('@').unwrap();
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(is_commit && comment.starts_with('v'), "{name}: {action} # {comment}");
        }
    }
}

#[test]
fn a_workflow_may_read_and_a_job_that_may_write_says_so_itself() {
    for (name, workflow) in workflows() {
        let (head, jobs) = workflow.split_once("\njobs:\n").unwrap();
        assert!(head.contains("\npermissions:\n  contents: read\n"), "{name}");
        assert!(!head.contains(": write"), "{name}");
        // Of the jobs, only those that sign or publish.
        let writes = jobs.lines().filter(|line| line.contains(": write")).count();
        assert_eq!(writes, if name == "release.yml" { 5 } else { 0 }, "{name}");
        assert!(!workflow.contains("pull_request_target"), "{name}");
    }
}
