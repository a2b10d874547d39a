//! One hour, by whatever clock.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};

use crate::exact::two_batches;
use crate::feed::{celtics_games, text};
use crate::sessions::faketime;
use crate::standing::Ahead;
use crate::world::{RED, World, finish};

const IMPORT: [&str; 3] = ["import", "--team", "BOS"];
const LOGIN: [&str; 3] = ["login", "--no-browser", "--allow-delete"];
const STAY: [&str; 3] = ["login", "--no-browser", "--stay-signed-in"];

/// Issue and end, as the file has them.
fn life(world: &World) -> (Timestamp, Timestamp) {
    let file = fs::read_to_string(world.session_file("default")).unwrap();
    let field = |name: &str| -> Timestamp {
        let value = file.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        value.parse().unwrap()
    };
    (field("issued: "), field("expires: "))
}

#[test]
fn use_does_not_extend_a_session_and_nothing_lengthens_it() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    world.sign_in("default", RED);
    let before = fs::read(world.session_file("default")).unwrap();
    let (issued, ends) = life(&world);
    assert_eq!(ends.duration_since(issued), SignedDuration::from_hours(1));
    for (shift, left) in [("+10m", "50 minutes left"), ("+59m", "1 minute left")] {
        let Ok(mut import) = faketime(&world, shift) else { return };
        import.args(["import", "--team", "BOS"]);
        finish(import).exits_with(0);
        let Ok(mut status) = faketime(&world, shift) else { return };
        status.arg("status");
        let ran = finish(status);
        assert!(ran.exits_with(0).stdout.contains(left), "{ran:?}");
    }
    assert_eq!(fs::read(world.session_file("default")).unwrap(), before);
    world.run(["login", "--ttl", "61", "--no-browser"]).exits_with(2);
    world.run(["login", "--ttl", "0", "--no-browser"]).exits_with(2);
}

#[test]
fn a_shorter_life_is_kept_to() {
    let world = World::new();
    world.sign_in_by(world.command(["login", "--no-browser", "--ttl", "10"]), RED);
    let (issued, ends) = life(&world);
    assert_eq!(ends.duration_since(issued), SignedDuration::from_mins(10));
    for (shift, code) in [("+9m", 0), ("+11m", 4)] {
        let Ok(mut status) = faketime(&world, shift) else { return };
        status.arg("status");
        finish(status).exits_with(code);
    }
    assert_eq!(world.sandbox.live_tokens(), 0, "the token would have lived on");
}

#[test]
fn a_clock_that_is_a_little_behind_grants_no_more_than_the_hour() {
    let world = World::new();
    world.sign_in("default", RED);
    let Ok(mut status) = faketime(&world, "-30s") else { return };
    status.arg("status");
    let ran = finish(status);
    assert!(ran.exits_with(0).stdout.contains("60 minutes left"), "{ran:?}");
    // Put forward and back again, but not to before the issue: it ends when it would have.
    for (shift, code) in [("+40m", 0), ("+20m", 0), ("+61m", 4)] {
        let Ok(mut status) = faketime(&world, shift) else { return };
        status.arg("status");
        finish(status).exits_with(code);
    }
}

/// A machine that sleeps: the clock on its wall jumps while a run of the binary is under way.
struct Sleeper {
    world: World,
    clock: PathBuf,
    todoist: Arc<Ahead>,
    preload: String,
}

impl Sleeper {
    /// `None` where a person's machine has no `faketime`.
    fn new() -> Option<Self> {
        let todoist = Arc::new(Ahead::default());
        let world = World::with(|options| options.clock = todoist.clone());
        world.serve_feed(text(&celtics_games(2)));
        faketime(&world, "+0s").ok()?;
        let preload = ["-f", "+0s", "printenv", "LD_PRELOAD"];
        let preload = Command::new("faketime").args(preload).output().unwrap().stdout;
        let preload = String::from_utf8(preload).unwrap().trim().to_owned();
        let sleeper = Self { clock: world.home().join("clock"), world, todoist, preload };
        sleeper.sleep(SignedDuration::ZERO);
        Some(sleeper)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command
            .env("LD_PRELOAD", &self.preload)
            .env("FAKETIME_TIMESTAMP_FILE", &self.clock)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    }

    /// Lets time pass that no process notices but by the clock on the wall.
    fn sleep(&self, time: SignedDuration) {
        self.todoist.advance(time);
        self.put_clock_forward(time);
    }

    /// The same, while Todoist takes the token for good.
    fn put_clock_forward(&self, time: SignedDuration) {
        let next = self.clock.with_extension("next");
        fs::write(&next, format!("+{}s", time.as_secs())).unwrap();
        fs::rename(next, &self.clock).unwrap();
    }
}

#[test]
fn a_session_does_not_outlive_a_machine_that_sleeps_between_two_runs() {
    let Some(sleeper) = Sleeper::new() else { return };
    let world = &sleeper.world;
    world.sign_in_by(sleeper.command(&["login", "--no-browser"]), RED);
    finish(sleeper.command(&["status"])).exits_with(0);
    sleeper.sleep(SignedDuration::from_hours(9));
    finish(sleeper.command(&["status"])).exits_with(4).complains_of(&["expired"]);
    assert!(!world.session_file("default").exists());
}

#[test]
fn a_machine_that_sleeps_during_a_sign_in_gets_an_hour_from_its_end() {
    let Some(sleeper) = Sleeper::new() else { return };
    let world = &sleeper.world;
    let login = world.start_login(sleeper.command(&["login", "--no-browser"]));
    sleeper.sleep(SignedDuration::from_hours(2));
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
    let ran = finish(sleeper.command(&["status"]));
    assert!(ran.exits_with(0).stdout.contains("60 minutes left"), "{ran:?}");
    // By a clock that has not slept, the session lies in the future, and does not count.
    world.run(["status"]).exits_with(4).complains_of(&["expired"]);
}

#[test]
fn an_import_that_sleeps_over_the_end_writes_nothing_more() {
    let Some(sleeper) = Sleeper::new() else { return };
    let world = &sleeper.world;
    world.sign_in_by(sleeper.command(&["login", "--no-browser"]), RED);
    let slow = Effect::Slow(Duration::from_millis(500));
    world.sandbox.inject(Fault::nth_read(1, slow));
    let import = world.spawn(sleeper.command(&["import", "--team", "BOS"]));
    world.runtime.block_on(world.sandbox.until_asked("/api/v1/sync", 1));
    sleeper.sleep(SignedDuration::from_hours(2));
    let output = import.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("expired"), "{output:?}");
    assert_eq!(world.tasks(RED).len(), 0);
    assert!(!world.session_file("default").exists());
    finish(sleeper.command(&["status"])).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn a_run_sends_nothing_more_when_its_session_has_ended_though_the_token_is_good() {
    let remove = ["remove", "--team", "BOS", "--yes"];
    for (words, login) in [(&IMPORT[..], &LOGIN[..2]), (&remove, &LOGIN[..]), (&IMPORT, &STAY)] {
        let Some(sleeper) = Sleeper::new() else { return };
        let world = &sleeper.world;
        world.sign_in_by(sleeper.command(login), RED);
        if words == remove {
            finish(sleeper.command(&IMPORT)).exits_with(0);
        }
        let (before, asked) = (world.tasks(RED).len(), world.asked("/api/v1/sync"));
        let slow = Effect::Slow(Duration::from_millis(500));
        world.sandbox.inject(Fault::nth_read(1, slow));
        let run = world.spawn(sleeper.command(words));
        world.runtime.block_on(world.sandbox.until_asked("/api/v1/sync", asked + 1));
        sleeper.put_clock_forward(SignedDuration::from_hours(2));
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(world.asked("/api/v1/sync"), asked + 1, "{said}");
        assert_eq!(world.tasks(RED).len(), before, "{said}");
        if login == STAY {
            // The next session has begun, and does what is left.
            assert_eq!(output.status.code(), Some(3), "{said}");
            assert!(said.contains("Run the same command again"), "{said}");
            finish(sleeper.command(words)).exits_with(0);
            continue;
        }
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains("expired") && said.contains("nbatodo login"), "{said}");
        assert!(!world.session_file("default").exists());
        assert_eq!(world.sandbox.live_tokens(), 0, "{said}");
    }
}

#[test]
fn no_batch_goes_out_after_the_end_and_the_next_run_does_what_is_missing() {
    let Some(sleeper) = Sleeper::new() else { return };
    let (world, games) = (&sleeper.world, two_batches());
    world.serve_feed(text(&games));
    world.sign_in_by(sleeper.command(&STAY), RED);
    world.sandbox.inject(Fault::nth_write(1, Effect::Slow(Duration::from_millis(500))));
    let run = world.spawn(sleeper.command(&IMPORT));
    world.runtime.block_on(world.sandbox.until_asked("/api/v1/sync", 2));
    sleeper.put_clock_forward(SignedDuration::from_hours(2));
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("the session has ended; run the same command again"), "{said}");
    let done = world.tasks(RED).len();
    assert!(0 < done && done < games.len(), "{done} of {}", games.len());
    finish(sleeper.command(&IMPORT)).exits_with(0);
    world.is_exact(&games, "after the end");
}
