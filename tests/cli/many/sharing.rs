//! Hosts that share a database and a key file share the work: the same cron line on each.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use jiff::SignedDuration;
use nbatodo::database;
use nbatodo::keys::{DatabaseShelf, KeyFile};
use nbatodo::sandbox::{Effect, Fault, KnownClient};
use nbatodo::session::{DatabaseStore, Vault};
use nbatodo::settings::DatabaseAddress;
use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use super::crowd::{self, fan};
use super::{GAMES, SYNC};
use crate::databases::servers::{Database, Kind, shared};
use crate::feed::{celtics_games, text};
use crate::sessions::faketime;
use crate::world::{Ran, World, finish};

/// A club whose hosts each have a home of their own.
struct Club {
    world: World,
    database: Database<'static>,
    homes: [TempDir; 3],
    client: KnownClient,
    count: usize,
}

impl Club {
    fn of(kind: Kind, count: usize) -> Option<Self> {
        let database = shared(kind)?;
        let world = World::with(|options| options.crowd = count);
        world.serve_feed(text(&celtics_games(GAMES)));
        let client = world.sandbox.own_client("http://localhost");
        let homes = [(); 3].map(|()| TempDir::new().unwrap());
        let club = Self { world, database, homes, client, count };
        let address = DatabaseAddress::parse(&club.database.url()).unwrap().unwrap();
        let there = database::at(Arc::new(address));
        let shelf = Arc::new(DatabaseShelf::new(there.clone()));
        let keys = KeyFile::over(&club.world.key_file(), shelf);
        let vault = Vault::new(Arc::new(DatabaseStore::new(there)), Arc::new(keys));
        for number in 1..=count {
            let (profile, email) = (format!("p{number:03}"), fan(number));
            let who = (profile.as_str(), email.as_str());
            crowd::sign_in(&club.world.sandbox, &club.client, &vault, who, SignedDuration::ZERO);
        }
        Some(club)
    }

    /// The cron line on one of the hosts.
    fn command(&self, host: usize, more: &[&str]) -> Command {
        let import = ["import", "--all-profiles", "--team", "BOS", "--spread", "0"];
        let mut command = self.world.command([&import[..], more].concat());
        command.env("HOME", self.homes[host].path());
        command.env("NBATODO_SESSION_STORE", self.database.url());
        command
    }

    fn start(&self, host: usize, more: &[&str]) -> Child {
        Self::started(self.command(host, more))
    }

    /// The same on a host whose clock is wrong by `shift`; `None` where there is no faketime.
    fn start_at(&self, shift: &str, host: usize, more: &[&str]) -> Option<Child> {
        let command = self.command(host, more);
        let mut wrong = faketime(&self.world, shift).ok()?;
        // faketime stays beside what it starts: the two are killed together.
        wrong.args(command.get_args()).process_group(0);
        wrong.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Some(Self::started(wrong))
    }

    fn started(mut command: Command) -> Child {
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn run(&self, host: usize, more: &[&str]) -> Ran {
        finish(self.command(host, more))
    }

    #[track_caller]
    fn holds_once(&self) {
        (1..=self.count).for_each(|it| crowd::holds_once(&self.world.sandbox, &fan(it), GAMES));
    }
}

/// A run for two that another host has done before; `None` without that database.
pub(crate) fn done_elsewhere(kind: Kind) -> Option<Ran> {
    let club = Club::of(kind, 2)?;
    club.run(0, &[]).exits_with(0);
    Some(club.run(1, &["--format", "json"]))
}

/// How many profiles a run did itself, and how many others did.
fn counts(child: Child) -> (u64, u64) {
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = |name: &str| document["counts"][name].as_u64().unwrap();
    assert_eq!((count("failed"), count("not_begun")), (0, 0), "{document}");
    (count("done"), count("elsewhere"))
}

/// Three hosts, one of them killed with imports under way: one of which Todoist has done, and
/// one of which it has not.
fn one_is_killed(kind: Kind) {
    let Some(club) = Club::of(kind, 40) else { return };
    club.world.sandbox.inject(Fault::nth_write(5, Effect::HangAfter));
    club.world.sandbox.inject(Fault::nth_write(6, Effect::Hang));
    let mut killed = club.start(0, &["--format", "json", "--jobs", "2"]);
    club.world.runtime.block_on(club.world.sandbox.until_faults_happened());
    let others = [1, 2].map(|host| club.start(host, &["--format", "json"]));
    // Both have begun when more has been asked than the one that hangs had.
    let before = club.world.asked(SYNC);
    club.world.runtime.block_on(club.world.sandbox.until_asked(SYNC, before + 10));
    killed.kill().unwrap();
    assert_eq!(killed.wait().unwrap().code(), None, "it had ended before");
    let others = others.map(counts);
    // What the one that was killed had done stays done: each was done by one of the three.
    let done: u64 = others.iter().map(|(done, _)| done).sum();
    assert_eq!(done, 40 - 4, "{others:?}");
    for (done, elsewhere) in others {
        assert_eq!(done + elsewhere, 40, "{others:?}");
    }
    club.holds_once();
}

#[test]
fn the_work_of_a_killed_host_is_finished_by_others_over_postgres() {
    one_is_killed(Kind::Postgres);
}

#[test]
fn the_work_of_a_killed_host_is_finished_by_others_over_redis() {
    one_is_killed(Kind::Redis);
}

/// Three hosts whose clocks are wrong by more than a lease and the time for which work is shared,
/// one of them killed: what counts is the database's clock.
fn clocks_are_wrong(kind: Kind) {
    let Some(club) = Club::of(kind, 20) else { return };
    club.world.sandbox.inject(Fault::nth_write(5, Effect::HangAfter));
    club.world.sandbox.inject(Fault::nth_write(6, Effect::Hang));
    let more = ["--format", "json", "--jobs", "2"];
    let Some(mut killed) = club.start_at("+50m", 0, &more) else { return };
    club.world.runtime.block_on(club.world.sandbox.until_faults_happened());
    let others = [("+25m", 1), ("+40m", 2)].map(|(shift, host)| club.start_at(shift, host, &more));
    let before = club.world.asked(SYNC);
    club.world.runtime.block_on(club.world.sandbox.until_asked(SYNC, before + 10));
    kill_process_group(Pid::from_child(&killed), Signal::KILL).unwrap();
    assert_eq!(killed.wait().unwrap().code(), None, "it had ended before");
    let others = others.map(|child| counts(child.unwrap()));
    let done: u64 = others.iter().map(|(done, _)| done).sum();
    assert_eq!(done, 20 - 4, "{others:?}");
    club.holds_once();
    // What they did counts for a host whose clock is right, and what it does for them.
    assert_eq!(counts(club.start(0, &more)), (0, 20));
    assert_eq!(counts(club.start_at("+50m", 1, &more).unwrap()), (0, 20));
    club.holds_once();
}

#[test]
fn hosts_whose_clocks_are_wrong_share_the_work_over_postgres() {
    clocks_are_wrong(Kind::Postgres);
}

#[test]
fn hosts_whose_clocks_are_wrong_share_the_work_over_redis() {
    clocks_are_wrong(Kind::Redis);
}

/// The same cron line on two hosts, and then a person who does not know of it.
fn one_after_the_other(kind: Kind) {
    let Some(club) = Club::of(kind, 6) else { return };
    assert_eq!(club.run(0, &[]).exits_with(0).stdout, "6 profiles: 6 done.\n");
    let asked = club.world.asked(SYNC);
    let ran = club.run(1, &[]);
    let said = ran.exits_with(0).stdout.as_str();
    assert!(said.starts_with("6 profiles: 0 done, 6 done elsewhere.\n"), "{said}");
    assert!(said.contains("less than a minute ago") && said.contains("--share-window 0"), "{said}");
    assert_eq!(club.world.asked(SYNC), asked);
    assert_eq!(club.run(1, &["--share-window", "0"]).exits_with(0).stdout, "6 profiles: 6 done.\n");
    assert_eq!(club.world.asked(SYNC), asked + 6);
    club.run(2, &["--dry-run"]).exits_with(0);
    club.holds_once();

    let mut out = club.world.command(["logout", "--profile", "p001"]);
    out.env("NBATODO_SESSION_STORE", club.database.url());
    super::as_client(&mut out, &club.client);
    finish(out).exits_with(0);
    let again = club.run(2, &["--share-window", "0"]);
    assert_eq!(again.exits_with(0).stdout, "5 profiles: 5 done.\n");
}

#[test]
fn what_one_host_has_done_another_leaves_alone_over_postgres() {
    one_after_the_other(Kind::Postgres);
}

#[test]
fn what_one_host_has_done_another_leaves_alone_over_redis() {
    one_after_the_other(Kind::Redis);
}

/// What a host gives up after Ctrl-C, another one takes at once.
fn given_back(kind: Kind) {
    let Some(club) = Club::of(kind, 8) else { return };
    club.world.sandbox.inject(Fault::nth_write(3, Effect::Hang));
    let first = club.start(0, &["--jobs", "1"]);
    club.world.runtime.block_on(club.world.sandbox.until_faults_happened());
    super::breaking_off::interrupt(&first);
    assert_eq!(first.wait_with_output().unwrap().status.code(), Some(130));
    let ran = club.run(1, &[]);
    assert_eq!(ran.exits_with(0).stdout, "8 profiles: 6 done, 2 done elsewhere.\n");
    club.holds_once();
}

#[test]
fn what_is_broken_off_is_given_back_over_postgres() {
    given_back(Kind::Postgres);
}

#[test]
fn what_is_broken_off_is_given_back_over_redis() {
    given_back(Kind::Redis);
}

/// Who can write to the database, or a clock of it that was wrong, keeps nobody from the games.
fn what_cannot_be_is_passed_over(kind: Kind) {
    let Some(club) = Club::of(kind, 4) else { return };
    // The table is made, and nobody is done.
    club.run(0, &["--dry-run"]).exits_with(0);
    club.run(0, &[]).exits_with(0);
    match kind {
        Kind::Postgres => {
            club.database.sql(
                "UPDATE nbatodo_profiles SET outcome = 0, holder = 'who', done_at = CASE name \
                 WHEN 'p001' THEN now() + interval '10 years' WHEN 'p002' THEN 'infinity' \
                 WHEN 'p003' THEN '-infinity' END, leased_until = CASE name \
                 WHEN 'p004' THEN now() + interval '10 years' END",
            );
            club.database.sql(
                "INSERT INTO nbatodo_profiles (name) SELECT '!' || number \
                 FROM generate_series(1, 500) AS number",
            );
        }
        Kind::Redis => {
            let names = "nbatodo:{profiles}";
            for (name, score) in [("p001", "99999999999999"), ("p002", "+inf"), ("p003", "-inf")] {
                club.database.redis(&["ZADD", names, score, name]);
            }
            club.database.redis(&["ZADD", names, "0", "p004"]);
            let leases = "nbatodo:{profiles}:leases";
            club.database.redis(&["HSET", leases, "p004", "99999999999999|who", "p003", "rubbish"]);
            for number in 0..500 {
                club.database.redis(&["ZADD", names, "0", &format!("!{number}")]);
            }
        }
    }
    let ran = club.run(1, &["--format", "json", "--deadline", "60s"]);
    let document: serde_json::Value = serde_json::from_str(&ran.exits_with(0).stdout).unwrap();
    assert_eq!(document["counts"]["done"], 4, "{document}");
    club.holds_once();
}

#[test]
fn rows_in_postgres_that_cannot_be_are_passed_over() {
    what_cannot_be_is_passed_over(Kind::Postgres);
}

#[test]
fn entries_in_redis_that_cannot_be_are_passed_over() {
    what_cannot_be_is_passed_over(Kind::Redis);
}
