//! The units in `contrib/`, as far as they can be looked at where systemd does not run, and the
//! page about cron and systemd.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, has};

const PAGE: &str = include_str!("../../docs/cron.md");
const SERVICE: &str = include_str!("../../contrib/nbatodo.service");
const USER_SERVICE: &str = include_str!("../../contrib/user/nbatodo.service");
const TIMER: &str = include_str!("../../contrib/nbatodo.timer");

/// Exposure that is still little, in tenths, of the hundred that `systemd-analyze` counts.
const LITTLE: &str = "--threshold=13";

/// The units in a folder, with a program that is there in place of ours, which is not installed.
fn units(service: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let here = |line: &str| match line.strip_prefix("ExecStart=") {
        Some(_) => "ExecStart=/bin/true\n".to_owned(),
        None => format!("{line}\n"),
    };
    let service: String = service.lines().map(here).collect();
    fs::write(folder.path().join("nbatodo.service"), service).unwrap();
    fs::write(folder.path().join("nbatodo.timer"), TIMER).unwrap();
    folder
}

fn analyze(arguments: &[&str], files: &[&Path]) -> Output {
    Command::new("systemd-analyze").args(arguments).args(files).output().unwrap()
}

#[test]
fn the_units_hold_together() {
    if !has("systemd-analyze") {
        return;
    }
    for (service, user) in [(SERVICE, "--system"), (USER_SERVICE, "--user")] {
        let folder = units(service);
        let files = ["nbatodo.service", "nbatodo.timer"].map(|name| folder.path().join(name));
        let mut analyze = Command::new("systemd-analyze");
        // A runtime directory is all that a person's units ask of this machine.
        analyze.args([user, "verify"]).args(&files).env("XDG_RUNTIME_DIR", folder.path());
        let verified = analyze.output().unwrap();
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success() && said.is_empty(), "{user}: {said}");
    }
}

#[test]
fn the_service_of_a_server_is_exposed_to_little() {
    if !has("systemd-analyze") {
        return;
    }
    let folder = units(SERVICE);
    let service = folder.path().join("nbatodo.service");
    let judged = analyze(&["security", "--offline=true", "--no-pager", LITTLE], &[&service]);
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{}", said.lines().last().unwrap_or_default());
}

/// The values of a setting of the service, in its order.
fn settings<'a>(name: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let of_name = move |line: &'static str| line.strip_prefix(name)?.strip_prefix('=');
    SERVICE.lines().filter_map(of_name).flat_map(str::split_whitespace)
}

/// The system calls of a set of systemd's, and of the sets in it.
fn system_calls(set: &str) -> BTreeSet<String> {
    let listed = analyze(&["syscall-filter", "--no-pager", set], &[]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut calls = BTreeSet::new();
    for line in listed.lines().skip(1).map(str::trim) {
        match line {
            line if line.starts_with('@') => calls.extend(system_calls(line)),
            line if line.starts_with('#') => {}
            line => calls.extend((!line.is_empty()).then(|| line.to_owned())),
        }
    }
    calls
}

/// The system calls that the service may make.
fn allowed() -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    for line in SERVICE.lines().filter_map(|line| line.strip_prefix("SystemCallFilter=")) {
        let sets = line.trim_start_matches('~').split_whitespace().map(system_calls);
        for set in sets {
            match line.starts_with('~') {
                true => allowed.retain(|call| !set.contains(call)),
                false => allowed.extend(set),
            }
        }
    }
    assert!(allowed.len() > 100, "{}", allowed.len());
    allowed
}

/// What an import does, as the kernel sees it, with what the service tells it.
fn traced(world: &World) -> String {
    let token = world.home().join("token");
    fs::write(&token, world.sandbox.personal_token(RED).unwrap()).unwrap();
    // As systemd makes a credential's file.
    world.chmod(&token, 0o400);
    let model = world.command(["import", "--team", "BOS"]);
    let log = world.home().join("log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o"]).arg(&log).arg(model.get_program()).args(model.get_args());
    strace.env_clear().envs(model.get_envs().filter_map(|(key, value)| Some((key, value?))));
    strace.env("NBATODO_TOKEN_FILE", &token).env_remove("NBATODO_KEY_FILE");
    for (name, folder) in [("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")] {
        strace.env(name, world.home().join(folder));
    }
    assert!(strace.output().unwrap().status.success());
    fs::read_to_string(log).unwrap()
}

#[test]
fn an_import_does_nothing_that_the_service_may_not() {
    if !has("systemd-analyze") || !has("strace") {
        return;
    }
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let log = traced(&world);
    assert_eq!(world.tasks(RED).len(), 3);
    let allowed = allowed();
    let families: BTreeSet<&str> = settings("RestrictAddressFamilies").collect();
    let own = [world.home().join("state/nbatodo"), world.home().join("cache/nbatodo")];
    let mut sockets = 0;
    for line in log.lines() {
        let (_, call) = line.split_once(' ').unwrap();
        let Some((name, arguments)) = call.trim_start().split_once('(') else { continue };
        assert!(allowed.contains(name) || line.contains("resumed>"), "{line}");
        if name == "socket" {
            sockets += 1;
            assert!(families.contains(arguments.split(',').next().unwrap()), "{line}");
        }
        // systemd.exec(5), "MemoryDenyWriteExecute=".
        assert!(!(name.ends_with("mprotect") && arguments.contains("PROT_EXEC")), "{line}");
        assert!(!arguments.contains("PROT_WRITE|PROT_EXEC"), "{line}");
        let writes = ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|it| arguments.contains(it))
            || ["mkdir", "mkdirat", "rename", "renameat2", "unlink", "unlinkat"].contains(&name);
        if writes && let Some(path) = arguments.split('"').nth(1) {
            let path = Path::new(path);
            // systemd makes the two folders before it starts the program.
            let parent = own.iter().any(|own| own.starts_with(path));
            let is_own = own.iter().any(|own| path.starts_with(own)) || parent;
            assert!(is_own || path.starts_with("/dev") || path.is_relative(), "{line}");
        }
    }
    assert!(sockets > 0);
}

#[test]
fn the_page_about_cron_is_short_and_names_what_is_there() {
    assert!(PAGE.lines().count() <= 150);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = PAGE.split([' ', '`', '\n']).filter(|word| word.starts_with("contrib/"));
    let named: BTreeSet<&str> = named.collect();
    assert_eq!(named.len(), 3, "{named:?}");
    for file in named {
        assert!(folder.join(file).is_file(), "{file}");
    }
}
