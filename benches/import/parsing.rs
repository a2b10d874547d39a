//! The league's feed at its full size: what reading it costs, and what it costs where nothing has
//! changed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use nbatodo::schedule::feed;
use serde_json::{Value, json};

use crate::imports::{memory, time};
use crate::league::Feeds;
use crate::report::{Report, mebibytes, median, milliseconds, table, timed, times};
use crate::world::{RED, World};

/// The size of the feed with broadcasters and leaders of a whole season.
const SIZE: usize = 6 * 1024 * 1024;
const ROUNDS: usize = times(15);
/// Runs of this very program that read a file and end: so the memory is that of one reading.
pub(crate) const READ: [&str; 3] = ["--read-nothing", "--read-schedule", "--read-value"];

const MEANING: &str = "\
our parser, serde_json::Value   of the text in memory; the memory is that of a process that has
                                read the file, less that of one that did not parse it
schedule, ...                   the real binary from start to end, against a feed on loopback
import, 82 games                likewise, against a sandbox; the largest resident set
Medians of 15 runs.";

/// Reads the file as one of [`READ`] says, if this run was started for that.
pub(crate) fn read_as_told() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    let Some(at) = arguments.iter().position(|it| READ.contains(&it.as_str())) else {
        return false;
    };
    let bytes = fs::read(&arguments[at + 1]).unwrap();
    match arguments[at].as_str() {
        "--read-schedule" => drop(std::hint::black_box(feed::parse(&bytes).unwrap())),
        "--read-value" => {
            drop(std::hint::black_box(serde_json::from_slice::<Value>(&bytes).unwrap()));
        }
        _ => {}
    }
    true
}

pub(crate) fn measure(report: &mut Report) {
    let text = full_size();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("feed.json");
    fs::write(&file, &text).unwrap();
    let bytes = text.as_bytes();
    let ours = median_of(|| timed(|| feed::parse(bytes).unwrap()).0);
    let value = median_of(|| timed(|| serde_json::from_slice::<Value>(bytes).unwrap()).0);
    let held = READ.map(|how| held(how, &file, folder.path()));
    let above = |at: usize| held[at].zip(held[0]).map(|(all, base)| all.saturating_sub(base));

    let world = World::new();
    let served = world.serve_feed(text.clone());
    let listing = || world.command(["schedule", "--team", "BOS", "--refresh"]);
    let fresh = median_of(|| {
        drop(fs::remove_dir_all(world.home().join(".cache")));
        time(listing())
    });
    let unchanged = median_of(|| time(listing()));
    let listed = measured(|| memory(&listing(), world.home()));
    drop(served);

    let world = World::new();
    drop(world.serve_feed(text.clone()));
    let token = world.sandbox.personal_token(RED).unwrap();
    let mut import = world.command(["import", "--team", "BOS"]);
    import.env("NBATODO_TOKEN", token);
    let imported = measured(|| memory(&import, world.home()));

    let row = |name: &str, time: Option<Duration>, memory: Option<u64>| {
        let time = time.as_ref().map_or_else(|| "n/a".to_owned(), milliseconds);
        vec![name.to_owned(), time, memory.as_ref().map_or_else(|| "n/a".to_owned(), mebibytes)]
    };
    let rows = [
        row("our parser", Some(ours), above(1)),
        row("serde_json::Value", Some(value), above(2)),
        row("schedule, no copy", Some(fresh), None),
        row("schedule, nothing changed", Some(unchanged), listed),
        row("import, 82 games", None, imported),
    ];
    let size = u64::try_from(bytes.len()).unwrap();
    table(&format!("A feed of {}", mebibytes(&size)), MEANING, &["", "time", "memory"], &rows);
    match imported {
        Some(memory) => report.budget("peak memory, 6 MiB feed", memory, 24 << 20, mebibytes),
        None => report.not_measured("peak memory, 6 MiB feed"),
    }
}

/// The feed of a whole season, with as many leaders as make it so long.
fn full_size() -> String {
    let mut feed: Value = serde_json::from_str(&Feeds::new().before).unwrap();
    let leader = json!({
        "personId": 1_628_369, "firstName": "First", "lastName": "Last", "teamId": 1_610_612_738,
        "teamCity": "Boston", "teamName": "Celtics", "teamTricode": "BOS", "points": 27.5,
    });
    let missing = SIZE.saturating_sub(feed.to_string().len());
    let days = feed["leagueSchedule"]["gameDates"].as_array_mut().unwrap();
    let games: Vec<&mut Value> =
        days.iter_mut().flat_map(|day| day["games"].as_array_mut().unwrap()).collect();
    let each = missing / games.len() / leader.to_string().len() + 1;
    for game in games {
        game["pointsLeaders"] = Value::Array(vec![leader.clone(); each]);
    }
    feed.to_string()
}

fn median_of(run: impl Fn() -> Duration) -> Duration {
    median((0..ROUNDS).map(|_| run()).collect())
}

/// The largest resident set of this program while it reads `file` so.
fn held(how: &str, file: &Path, folder: &Path) -> Option<u64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(how).arg(file);
    measured(|| memory(&command, folder))
}

/// A figure of memory, where this machine can tell it.
fn measured(memory: impl FnOnce() -> u64) -> Option<u64> {
    crate::imports::tells_memory().then(memory)
}
