//! How many accounts a second: `cargo bench --bench many [-- COUNT [postgres|redis [killed]]]`.
//!
//! A club of COUNT accounts (1,000 if none is named) in the sandbox, their sign-ins in a real
//! database, imported by one process, by three that share the work, and by three of which one is
//! killed in the middle, or by these alone. After each, every account is looked at: each game once, nothing else. A
//! benchmark reports; only what is not exact ends it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may stop at the first surprise, and prints"
)]

#[allow(dead_code, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/many/crowd.rs"]
mod crowd;
#[allow(dead_code, reason = "shared with the other benchmarks, which need more of it")]
#[path = "../import/report.rs"]
mod report;
#[allow(dead_code, unused_imports, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/schemas.rs"]
mod schemas;
#[allow(dead_code, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/databases/servers.rs"]
mod servers;
#[allow(dead_code, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/world.rs"]
mod world;

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use jiff::SignedDuration;
use nbatodo::database;
use nbatodo::keys::{DatabaseShelf, KeyFile};
use nbatodo::session::{DatabaseStore, Vault};
use nbatodo::settings::DatabaseAddress;
use tempfile::TempDir;

use crowd::fan;
use report::table;
use servers::{Database, Kind, Server};
use world::World;

const SYNC: &str = "/api/v1/sync";
const TEAM: &str = "BOS";
/// How many sign in at once, which is no part of what is measured.
const SIGNING_IN: usize = 8;

const MEANING: &str = "\
seconds     from the first start to the last end
accounts/s  accounts by seconds
requests    to Todoist, for each account
again       the same with nothing to change
Each account gets every coming game of the season that is built in. A host that was killed holds
its last accounts until their leases lapse, 20 s later.";

struct Club<'a> {
    world: World,
    database: Database<'a>,
    homes: Vec<TempDir>,
    count: usize,
}

impl<'a> Club<'a> {
    fn of(count: usize, server: &'a Server) -> Self {
        let world = World::with(|options| options.crowd = count);
        let homes = (0..3).map(|_| TempDir::new().unwrap()).collect();
        let club = Self { world, database: server.database(), homes, count };
        club.sign_in();
        club
    }

    fn sign_in(&self) {
        let address = DatabaseAddress::parse(&self.database.url()).unwrap().unwrap();
        let there = database::at(Arc::new(address));
        let shelf = Arc::new(DatabaseShelf::new(there.clone()));
        let keys = KeyFile::over(&self.world.key_file(), shelf);
        let vault = Vault::new(Arc::new(DatabaseStore::new(there)), Arc::new(keys));
        let client = self.world.sandbox.own_client("http://localhost");
        thread::scope(|scope| {
            for part in 0..SIGNING_IN {
                let (vault, client) = (&vault, &client);
                scope.spawn(move || {
                    for number in (1..=self.count).filter(|it| it % SIGNING_IN == part) {
                        let (profile, email) = (format!("fan{number:05}"), fan(number));
                        let who = (profile.as_str(), email.as_str());
                        let sandbox = &self.world.sandbox;
                        crowd::sign_in(sandbox, client, vault, who, SignedDuration::ZERO);
                    }
                });
            }
        });
    }

    fn start(&self, host: usize, jobs: usize) -> Child {
        let jobs = jobs.to_string();
        let mut command = self.world.command([
            "import",
            "--all-profiles",
            "--team",
            TEAM,
            "--offline",
            "--spread",
            "0",
            "--deadline",
            "none",
            "--jobs",
            &jobs,
        ]);
        command.env("HOME", self.homes[host].path());
        command.env("NBATODO_SESSION_STORE", self.database.url());
        command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap()
    }

    /// Runs `hosts` processes to their end, the first of which is killed in the middle if that is
    /// asked for; the seconds that it took.
    fn run(&self, hosts: usize, kill: bool) -> f64 {
        let start = Instant::now();
        let mut children: Vec<Child> = (0..hosts).map(|host| self.start(host, 4)).collect();
        if kill {
            let middle = self.world.asked(SYNC) + self.count;
            self.world.runtime.block_on(self.world.sandbox.until_asked(SYNC, middle));
            let mut killed = children.remove(0);
            killed.kill().unwrap();
            assert_eq!(killed.wait().unwrap().code(), None, "it had ended before");
        }
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        start.elapsed().as_secs_f64()
    }

    /// What an account takes in the database, in bytes: of the list, and sealed. With PostgreSQL
    /// that counts indexes and rows that are dead and not yet cleared.
    fn bytes_in_database(&self) -> [usize; 2] {
        let sizes = match self.database.server.kind {
            Kind::Postgres => ["nbatodo_profiles", "nbatodo_sealed"].map(|table| {
                self.database.sql(&format!("SELECT pg_total_relation_size('{table}')"))
            }),
            Kind::Redis => ["nbatodo:{profiles}", "nbatodo:*:*"].map(|keys| {
                let sum = "local sum = 0 for _, key in ipairs(redis.call('KEYS', ARGV[1])) do \
                           sum = sum + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) end \
                           return sum";
                self.database.redis(&["EVAL", sum, "0", keys])
            }),
        };
        sizes.map(|size| size.trim().parse::<usize>().unwrap() / self.count)
    }

    /// Lets everything count as done long ago.
    fn grow_old(&self) {
        match self.database.server.kind {
            Kind::Postgres => drop(
                self.database
                    .sql("UPDATE nbatodo_profiles SET done_at = done_at - interval '1 hour'"),
            ),
            Kind::Redis => drop(self.database.redis(&[
                "EVAL",
                "for _, it in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do \
                 redis.call('ZINCRBY', KEYS[1], -3600000, it) end",
                "1",
                "nbatodo:{profiles}",
            ])),
        }
    }

    /// How many games each account has.
    fn check(&self) -> usize {
        let games = self.world.tasks(&fan(1)).len();
        assert!(games > 0, "there is no coming game in the season that is built in");
        for number in 1..=self.count {
            let email = fan(number);
            crowd::holds_once(&self.world.sandbox, &email, games);
            let syncs = self.world.sandbox.syncs_of(&email).unwrap();
            assert_eq!(syncs.refused, 0, "{email} was asked too often");
        }
        games
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|it| !it.starts_with("--"));
    let count: usize = arguments.next().map_or(1000, |count| count.parse().unwrap());
    let kind = match arguments.next().as_deref() {
        Some("redis") => Kind::Redis,
        _ => Kind::Postgres,
    };
    let only_killed = arguments.next().is_some();
    let Some(server) = Server::start(kind, &[]) else { return };
    let (mut rows, mut sizes) = (Vec::new(), Vec::new());
    for (name, hosts, kill) in
        [("one process", 1, false), ("three", 3, false), ("three, one killed", 3, true)]
    {
        if only_killed && !kill {
            continue;
        }
        let club = Club::of(count, &server);
        let seconds = club.run(hosts, kill);
        let games = club.check();
        let first = club.bytes_in_database();
        let requests = club.world.asked(SYNC) as f64 / count as f64;
        let again = if kill {
            String::new()
        } else {
            club.grow_old();
            let again = club.run(hosts, false);
            club.check();
            format!("{:.1} accounts/s", count as f64 / again)
        };
        sizes.push((name, first, club.bytes_in_database()));
        rows.push(vec![
            name.to_owned(),
            format!("{seconds:.1}"),
            format!("{:.1}", count as f64 / seconds),
            format!("{requests:.2}"),
            again,
            format!("{count} × {games}, each once"),
        ]);
    }
    let title = format!("{count} accounts over {kind:?}");
    let heads = ["", "seconds", "accounts/s", "requests", "again", "games"];
    table(&title, MEANING, &heads, &rows);
    for (name, [list, sealed], [_, later]) in sizes {
        println!(
            "  {name}: {list} bytes an account of the list, {sealed} sealed; {later} in the end."
        );
    }
}
