//! What a session costs: `cargo bench --bench sessions`.
//!
//! Two tables, and the budgets that their figures are held against: sealing and opening in
//! memory, and the same with the files and the key store around them; and the smallest commands
//! of the real binary. A benchmark reports: it exits with 0 whatever it measured.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark may stop at the first surprise")]

#[allow(dead_code, reason = "shared with the other benchmarks, which need more of it")]
#[path = "../import/report.rs"]
mod report;
#[allow(dead_code, unused_imports, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/schemas.rs"]
mod schemas;
#[allow(dead_code, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/world.rs"]
mod world;

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use nbatodo::keys::KeyFile;
use nbatodo::model::{AccessToken, Profile};
use nbatodo::paths::Paths;
use nbatodo::session::{
    Account, FileStore, KeyId, LONGEST_LIFE, Opened, SealedSession, Session, SessionKey, Vault,
    seal,
};
use report::{Report, median, milliseconds, table, timed, times};
use world::{RED, World};

const ROUNDS: usize = times(2001);
const RUNS: usize = times(41);

const IN_PROCESS: &str = "\
seal              a session into the bytes of its file
open              those bytes into the session again
both              one after the other
from the disk     a vault opens it: file, key file, entry of the key store
to the disk       a vault replaces it: all that is synced, too
Medians of 2001 rounds, of 41 for what is on the disk.";

const COMMANDS: &str = "\
--version         nothing but starting and ending
status            opens the sealed session of somebody who is signed in
Medians of 41 runs of the real binary.";

fn session() -> Session {
    let issued_at = Timestamp::from_second(1_795_498_200).unwrap();
    Session {
        profile: Profile::default(),
        account: Account {
            id: "2671355".into(),
            email: "ann@example.com".into(),
            full_name: "Ann Example".into(),
            timezone: Some("America/New_York".into()),
            times: Default::default(),
        },
        access_token: AccessToken::new("0123456789abcdef0123456789abcdef01234567".to_owned()),
        scopes: vec!["data:read_write".into()],
        client_id: "tdd_0123456789abcdef0123456789abcdef".into(),
        api: "https://api.todoist.com".parse().unwrap(),
        issued_at,
        expires_at: issued_at + LONGEST_LIFE,
        token_expires_at: Some(issued_at + LONGEST_LIFE),
    }
}

/// As microseconds: `12.3 µs`.
fn microseconds(time: &Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

/// The median of `rounds` times that `work` takes.
fn median_of<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    median((0..rounds).map(|_| timed(&mut work).0).collect())
}

fn in_process(report: &mut Report) {
    let session = session();
    let (key, id) = (SessionKey::random().unwrap(), KeyId::random().unwrap());
    let sealing = || seal(&session, &key, &id, [9; 24]).unwrap().to_bytes();
    let bytes = sealing();
    let opening = || SealedSession::parse(&bytes).unwrap().open(&key, &Profile::default()).unwrap();
    let sealed = median_of(ROUNDS, sealing);
    let opened = median_of(ROUNDS, opening);
    let both = median_of(ROUNDS, || (sealing(), opening()));

    let world = World::new();
    let paths = Paths::below(world.home());
    let keys = Arc::new(KeyFile::new(&world.key_file(), &paths.keys()));
    let vault = Vault::new(Arc::new(FileStore::new(paths.clone())), keys);
    let replaced = median_of(RUNS, || vault.replace(&session).unwrap());
    let now = session.issued_at;
    let loaded = median_of(RUNS, || match vault.open(&Profile::default(), now).unwrap() {
        Opened::Live(session) => session,
        other => panic!("{other:?}"),
    });
    let length = fs::metadata(paths.session_file(&Profile::default())).unwrap().len();
    let rows = [
        ("seal", microseconds(&sealed)),
        ("open", microseconds(&opened)),
        ("both", microseconds(&both)),
        ("from the disk", microseconds(&loaded)),
        ("to the disk", microseconds(&replaced)),
        ("the file", format!("{length} bytes")),
    ];
    let rows = rows.map(|(name, figure)| vec![name.to_owned(), figure]);
    table("A session", IN_PROCESS, &["", "figure"], &rows);
    report.budget("open and seal", both, Duration::from_millis(1), microseconds);
}

fn commands(report: &mut Report) {
    let world = World::new();
    world.sign_in("default", RED);
    let time = |argument: &str| {
        let run = |mut command: Command| command.stdout(Stdio::null()).status().unwrap();
        let measured = (0..RUNS).map(|_| {
            let command = world.command([argument]);
            let (time, status) = timed(|| run(command));
            assert!(status.success(), "{argument}: {status}");
            time
        });
        median(measured.collect())
    };
    let (version, status) = (time("--version"), time("status"));
    let rows = [("--version", version), ("status", status)];
    let rows = rows.map(|(name, time)| vec![name.to_owned(), milliseconds(&time)]);
    table("Commands", COMMANDS, &["", "figure"], &rows);
    report.budget("--version", version, Duration::from_millis(10), milliseconds);
    report.budget("status", status, Duration::from_millis(30), milliseconds);
}

fn main() {
    // `cargo test --all-targets` starts benchmarks too, without optimization and this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut report = Report::default();
    in_process(&mut report);
    commands(&mut report);
    report.judge();
}
