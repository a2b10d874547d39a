//! The real binary, signed in with a token, against a sandbox and a feed on loopback.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use nbatodo::sandbox::{Options, Plan};

use crate::league::{Feeds, GAMES, TEAMS};
use crate::report::{Report, grouped, mebibytes, median, milliseconds, table, timed, times};
use crate::world::{RED, World};

/// Rounds for one team, and for all of them.
const ROUNDS: [usize; 2] = [times(9), times(5)];
/// Rounds for each delay.
const DELAY_ROUNDS: usize = times(5);
/// GNU time, which knows the largest resident set of what it ran. Without it that column says
/// `n/a`.
const TIME: &str = "/usr/bin/time";

const MEANING: &str = "\
sync         requests to Todoist's sync endpoint
requests     all requests to Todoist
connections  TCP connections to Todoist; the feed is another server
sent         bytes of these requests, heads and bodies
memory       the largest resident set of the process (Linux with GNU time)
time         from the start of the process to its end, median of 9 runs (all teams: 5)
Both servers answer at once. Each run begins with an empty account.";

const DELAYED: &str = "\
A first import of 82 games when Todoist takes so much longer for each answer.
Median of 5 runs.";

const STEPS: [&str; 3] = ["first", "unchanged", "one game moved"];
/// The step before which the game moves.
const MOVED: usize = 2;

/// What one kind of run takes.
#[derive(Clone, Default)]
struct Measured {
    syncs: usize,
    requests: usize,
    connections: usize,
    bytes: usize,
    memory: Option<u64>,
    times: Vec<Duration>,
}

pub(crate) fn measure(report: &mut Report) {
    let feeds = Feeds::new();
    let team = imports(&feeds, "BOS", GAMES, ROUNDS[0]);
    let all = imports(&feeds, "all", GAMES * TEAMS, ROUNDS[1]);
    let rows = [("82 games", &team), ("30 teams", &all)].into_iter().flat_map(|(size, steps)| {
        STEPS.iter().zip(steps).map(move |(step, it)| row(&format!("{size}, {step}"), it))
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let heading =
        format!("Imports (feed of {})", mebibytes(&u64::try_from(feeds.before.len()).unwrap()));
    let columns = ["", "sync", "requests", "connections", "sent", "memory", "time"];
    table(&heading, MEANING, &columns, &rows);

    let count = |count: &usize| count.to_string();
    report.budget("requests of a first import", team[0].requests, 2, count);
    report.budget("connections of a first import", team[0].connections, 1, count);
    report.budget("requests of one with nothing new", team[1].requests, 1, count);
    let [first, unchanged] = [0, 1].map(|step| median(team[step].times.clone()));
    let most = Duration::from_millis(50);
    report.budget("import of 82 games, first", first, most, milliseconds);
    report.budget("import of 82 games, nothing new", unchanged, most, milliseconds);
    let name = "peak memory of a first import";
    match team[0].memory {
        Some(memory) => report.budget(name, memory, 24 << 20, mebibytes),
        None => report.not_measured(name),
    }
    delayed(&feeds, report);
}

fn row(name: &str, it: &Measured) -> Vec<String> {
    vec![
        name.to_owned(),
        it.syncs.to_string(),
        it.requests.to_string(),
        it.connections.to_string(),
        grouped(it.bytes),
        it.memory.as_ref().map_or_else(|| "n/a".to_owned(), mebibytes),
        milliseconds(&median(it.times.clone())),
    ]
}

/// Imports into an empty account, again, and again after one game has moved; then all of it
/// once more, untimed, for its memory.
fn imports(feeds: &Feeds, team: &str, tasks: usize, rounds: usize) -> [Measured; 3] {
    let mut steps: [Measured; 3] = Default::default();
    for _ in 0..rounds {
        through(feeds, team, tasks, &mut steps, |step, world, import| {
            let (requests, syncs) = (world.sandbox.requests().len(), world.syncs().len());
            let connections = world.sandbox.connections();
            let bytes = world.sandbox.bytes_received();
            step.times.push(time(import));
            step.requests = world.sandbox.requests().len() - requests;
            step.syncs = world.syncs().len() - syncs;
            step.connections = world.sandbox.connections() - connections;
            step.bytes = world.sandbox.bytes_received() - bytes;
        });
    }
    if tells_memory() {
        through(feeds, team, tasks, &mut steps, |step, world, import| {
            step.memory = Some(memory(&import, world.home()));
        });
    }
    steps
}

/// Goes through the three imports in a new world.
fn through(
    feeds: &Feeds,
    team: &str,
    tasks: usize,
    steps: &mut [Measured; 3],
    measure: impl Fn(&mut Measured, &World, Command),
) {
    let (world, token) = prepared(feeds, |_| {});
    for (number, step) in steps.iter_mut().enumerate() {
        if number == MOVED {
            world.serve_feed(feeds.after.clone());
        }
        measure(step, &world, import(&world, &token, team));
        assert_eq!(world.tasks(RED).len(), tasks);
    }
}

/// The time of a first import when every answer comes later.
fn delayed(feeds: &Feeds, report: &mut Report) {
    let mut rows = Vec::new();
    for delay in [0, 50, 100, 200].map(Duration::from_millis) {
        let runs = (0..DELAY_ROUNDS).map(|_| {
            let (world, token) = prepared(feeds, |options| options.delay = delay);
            time(import(&world, &token, "BOS"))
        });
        let taken = median(runs.collect());
        let most = 2 * delay + Duration::from_millis(50);
        let late = format!("{} ms", delay.as_millis());
        rows.push(vec![late.clone(), milliseconds(&taken), milliseconds(&most)]);
        report.budget(&format!("first import, {late} later"), taken, most, milliseconds);
    }
    table("Late answers", DELAYED, &["", "time", "budget"], &rows);
}

/// A world with the feed, and a token of its account.
fn prepared(feeds: &Feeds, change: impl FnOnce(&mut Options)) -> (World, String) {
    let world = World::with(|options| {
        options.plan = Plan::Pro;
        change(options);
    });
    world.serve_feed(feeds.before.clone());
    let token = world.sandbox.personal_token(RED).unwrap();
    (world, token)
}

fn import(world: &World, token: &str, team: &str) -> Command {
    let mut command = world.command(["import", "--team", team]);
    command.env("NBATODO_TOKEN", token);
    command
}

/// How long it takes to succeed.
pub(crate) fn time(mut command: Command) -> Duration {
    // Nothing to read: what it says would only have to be carried.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (taken, status) = timed(|| command.status().unwrap());
    assert!(status.success(), "{command:?}: {status}");
    taken
}

/// Whether this machine can say how much memory a process took.
pub(crate) fn tells_memory() -> bool {
    cfg!(target_os = "linux") && Path::new(TIME).is_file()
}

/// The largest resident set while it succeeds. Not for comparing times: another process is
/// started first.
pub(crate) fn memory(command: &Command, folder: &Path) -> u64 {
    let figure = folder.join("memory");
    let mut under = Command::new(TIME);
    under.args(["-f", "%M", "-o"]).arg(&figure).arg(command.get_program());
    under.args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        under.env(name, value.unwrap());
    }
    under.stdin(Stdio::null());
    time(under);
    let kibibytes: u64 = fs::read_to_string(figure).unwrap().trim().parse().unwrap();
    kibibytes * 1024
}
