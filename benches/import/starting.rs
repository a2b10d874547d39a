//! The smallest commands, and the binary.

use std::fs;
use std::time::Duration;

use crate::imports::time;
use crate::report::{Report, mebibytes, median, milliseconds, table, times};
use crate::world::{RED, World};

const ROUNDS: usize = times(21);

const MEANING: &str = "\
--version         nothing but starting and ending
status            opens the sealed session of somebody who is signed in
status, by token  asks Todoist whose token that is
doctor --offline  looks at all that is on the machine
binary            its size without symbols
Medians of 21 runs.";

pub(crate) fn measure(report: &mut Report) {
    let world = World::new();
    world.sign_in("default", RED);
    let token = world.sandbox.personal_token(RED).unwrap();
    let median_of = |arguments: &str, token: Option<&str>| {
        let run = |_| {
            let mut command = world.command(arguments.split(' ').collect::<Vec<_>>());
            command.envs(token.map(|token| ("NBATODO_TOKEN", token)));
            time(command)
        };
        median((0..ROUNDS).map(run).collect())
    };
    let version = median_of("--version", None);
    let status = median_of("status", None);
    let by_token = median_of("status", Some(&token));
    let doctor = median_of("doctor --offline", None);
    let size = fs::metadata(env!("CARGO_BIN_EXE_nbatodo")).unwrap().len();
    let rows = [
        ("--version", milliseconds(&version)),
        ("status", milliseconds(&status)),
        ("status, by token", milliseconds(&by_token)),
        ("doctor --offline", milliseconds(&doctor)),
        ("binary", mebibytes(&size)),
    ];
    let rows = rows.map(|(name, figure)| vec![name.to_owned(), figure]);
    table("Starting", MEANING, &["", "figure"], &rows);

    report.budget("--version", version, Duration::from_millis(10), milliseconds);
    report.budget("status", status, Duration::from_millis(30), milliseconds);
    report.budget("status, by token", by_token, Duration::from_millis(30), milliseconds);
    report.budget("doctor --offline", doctor, Duration::from_millis(100), milliseconds);
    report.budget("binary", size, 12 << 20, mebibytes);
}
