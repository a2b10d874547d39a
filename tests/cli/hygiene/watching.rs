//! What the system shows of a process to others while it runs.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::evidence::Evidence;
use crate::world::Ran;

/// What a test hands over in the environment stands in the environment of that process, where
/// only its own user and root see it. It may stand nowhere else.
const HANDED_OVER: [&str; 3] =
    ["NBATODO_TOKEN=", "NBATODO_CLIENT_SECRET=", "NBATODO_SESSION_STORE="];

/// Looks once at the process and at what it has started.
pub(super) fn look(process: u32, evidence: &mut Evidence) {
    for (process, is_ours) in family(process, true) {
        let of = |what: &str| fs::read(format!("/proc/{process}/{what}")).unwrap_or_default();
        evidence.add("a command line", &of("cmdline"));
        let environment = of("environ");
        let variables = environment.split(|byte| *byte == 0);
        let is_handed_over =
            |it: &&[u8]| is_ours && HANDED_OVER.iter().any(|name| it.starts_with(name.as_bytes()));
        let seen: Vec<&[u8]> = variables.filter(|it| !is_handed_over(it)).collect();
        let whose = if is_ours { "our environment" } else { "the environment of a child" };
        evidence.add(whose, &seen.join(&b"\n"[..]));
    }
}

/// The process and all below it; whether each is one of ours.
fn family(process: u32, is_ours: bool) -> Vec<(u32, bool)> {
    let mut all = vec![(process, is_ours)];
    for thread in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|it| it.parse().ok());
        all.extend(children.flat_map(|child| family(child, false)));
    }
    all
}

/// Runs `command` to its end and looks at it all the while.
pub(super) fn run(mut command: Command, evidence: &mut Evidence) -> Ran {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (process, is_over) = (child.id(), AtomicBool::new(false));
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                look(process, evidence);
                std::thread::yield_now();
            }
        });
        let output = child.wait_with_output().unwrap();
        is_over.store(true, Ordering::Relaxed);
        output
    });
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
