//! The commands beside the figures in the pages measure what they say. They are built as the
//! tests are, without optimization, so that what they find is no figure to go by.

use std::env;
use std::fs;
use std::process::Command;

use crate::databases::servers::{Kind, shared};
use crate::pages::{REPOSITORY, text_of};
use crate::world::{Ran, World};

/// A cargo that builds benchmarks as the tests are built.
const CARGO: &str = "#!/bin/sh\n[ \"$1\" = bench ] || exit 9\nshift\n\
                     exec \"$REAL_CARGO\" bench --profile dev --offline \"$@\"\n";

/// How the variables begin that say how the tests were built. Built in any other way, the binary would
/// be replaced under tests that run.
const HOW_IT_IS_BUILT: [&str; 11] = [
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_HOME",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CC",
    "CFLAGS",
    "HOME",
    "RUST",
    "CI",
];

/// Types a line of the pages in the repository.
fn typed(line: &str) -> Ran {
    let world = World::new();
    let cargo = world.home().join("cargo");
    fs::write(&cargo, CARGO).unwrap();
    world.chmod(&cargo, 0o755);
    let path = env::var_os("PATH").unwrap();
    let all = std::iter::once(world.home().to_owned()).chain(env::split_paths(&path));
    let mut shell = Command::new("bash");
    shell.args(["-c", line]).current_dir(REPOSITORY).env_clear();
    shell.env("PATH", env::join_paths(all).unwrap()).env("REAL_CARGO", env!("CARGO"));
    let kept = |name: &str| HOW_IT_IS_BUILT.iter().any(|it| name.starts_with(it));
    shell.envs(env::vars_os().filter(|(name, _)| name.to_str().is_some_and(kept)));
    let output = shell.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Checks that a page has the command.
#[track_caller]
fn stands_in(page: &str, command: &str) {
    assert!(text_of(page).contains(&format!("`{command}`")), "{page} has no {command}");
}

#[test]
fn the_report_has_each_budget() {
    stands_in("README.md", "benches/report");
    stands_in("CONTRIBUTING.md", "benches/report");
    // The report runs this one.
    stands_in("docs/import.md", "cargo bench --bench import");
    let ran = typed("benches/report");
    let is_kept = !ran.stdout.contains("over budget");
    assert_eq!(ran.code, Some(if is_kept { 0 } else { 1 }), "{ran:?}");
    for what in ["requests of a first import", "--version", "status", "MiB"] {
        assert!(ran.stdout.contains(what), "{what}: {ran:?}");
    }
    let budgets = |verdict: &str| ran.stdout.matches(verdict).count();
    assert!(budgets("PASS") + budgets("over budget") >= 6, "{ran:?}");
}

#[test]
fn a_club_is_measured() {
    let command = "cargo bench --bench many -- 1000 postgres";
    stands_in("docs/many.md", command);
    for (kind, database) in [(Kind::Postgres, "postgres"), (Kind::Redis, "redis")] {
        if shared(kind).is_none() {
            continue;
        }
        let of_two = command.replace("1000", "2").replace("postgres", database);
        let ran = typed(&of_two);
        ran.exits_with(0);
        assert_eq!(ran.stdout.matches("each once").count(), 3, "{ran:?}");
    }
}
