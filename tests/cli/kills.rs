//! An import that is killed at every step: one more run, and there are exactly the planned
//! tasks.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use nbatodo::sandbox::{Effect, Fault};

use crate::exact::{moved, two_batches};
use crate::feed::{FeedGame, text};
use crate::world::{RED, World};

const SYNC: &str = "/api/v1/sync";

/// When a run is killed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// Its `n`th request to the sync endpoint has come in.
    Asked(usize),
    /// Its record and its journal have changed so many times: each is replaced whole.
    Written(usize),
    /// It waits for the answer to its `n`th write, which Todoist has not executed.
    BeforeWrite(usize),
    /// It waits for the answer to its `n`th write, which Todoist has executed.
    AfterWrite(usize),
    /// It waits for the answer to its `n`th read.
    Reading(usize),
}

/// Every step of a run of two batches: the record with what was read, then for each batch the
/// journal and the record, at last the end of the journal.
pub(crate) fn every_moment() -> Vec<Moment> {
    let requests = (1..=3).map(Moment::Asked);
    let files = (1..=6).map(Moment::Written);
    let writes = (1..=2).flat_map(|n| [Moment::BeforeWrite(n), Moment::AfterWrite(n)]);
    requests.chain(files).chain(writes).chain([Moment::Reading(1)]).collect()
}

impl World {
    /// Starts an import and kills it at `moment`, or comes back when it has ended before.
    fn kill_an_import_at(&self, moment: Moment) {
        self.kill_at(moment, self.command(["import", "--team", "BOS"]));
    }

    /// Starts `command` and kills it at `moment`, or comes back when it has ended before.
    pub(crate) fn kill_at(&self, moment: Moment, mut command: Command) {
        let asked = self.syncs().len();
        let fault = match moment {
            Moment::BeforeWrite(nth) => Some(Fault::nth_write(nth, Effect::Hang)),
            Moment::AfterWrite(nth) => Some(Fault::nth_write(nth, Effect::HangAfter)),
            Moment::Reading(nth) => Some(Fault::nth_read(nth, Effect::Hang)),
            Moment::Asked(_) | Moment::Written(_) => None,
        };
        let hangs = fault.is_some();
        fault.into_iter().for_each(|fault| self.sandbox.inject(fault));
        let mut edges = Edges::of(self.home());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        match moment {
            Moment::Written(times) => edges.wait_for(times, &mut child),
            Moment::Asked(nth) => {
                self.runtime.block_on(self.sandbox.until_asked(SYNC, asked + nth));
            }
            _ => self.runtime.block_on(self.sandbox.until_faults_happened()),
        }
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        assert!(!hangs || ended.code().is_none(), "{moment:?}: it has ended before: {ended:?}");
    }
}

/// A file as it was: its number, when it changed, its length.
type File = (u64, i64, u64);

/// The changes of what an import remembers.
struct Edges {
    folder: PathBuf,
    before: BTreeMap<PathBuf, File>,
}

impl Edges {
    fn of(home: &Path) -> Self {
        let folder = home.join(".local/state/nbatodo/imports");
        let mut edges = Self { folder, before: BTreeMap::new() };
        edges.before = edges.now();
        edges
    }

    /// Records and journals; what is only being written has other names.
    fn now(&self) -> BTreeMap<PathBuf, File> {
        let files = fs::read_dir(&self.folder).map(|files| files.flatten().collect());
        let files: Vec<fs::DirEntry> = files.unwrap_or_default();
        let kept = |path: &PathBuf| {
            path.extension().is_some_and(|kind| kind == "record" || kind == "journal")
        };
        let paths = files.iter().map(fs::DirEntry::path).filter(kept);
        paths
            .filter_map(|path| {
                let data = fs::metadata(&path).ok()?;
                Some((path, (data.ino(), data.mtime_nsec(), data.len())))
            })
            .collect()
    }

    /// Looks without a pause until there were so many changes, or `child` has ended.
    fn wait_for(&mut self, times: usize, child: &mut Child) {
        let mut seen = 0;
        while seen < times && child.try_wait().unwrap().is_none() {
            let now = self.now();
            let changed = now.iter().filter(|(path, file)| self.before.get(*path) != Some(file));
            let gone = self.before.keys().filter(|path| !now.contains_key(*path));
            seen += changed.count() + gone.count();
            self.before = now;
            thread::yield_now();
        }
    }
}

/// What has become of the world when the next run starts.
#[derive(Clone, Copy, Debug)]
enum Since {
    Nothing,
    /// Todoist does not know the UUIDs any more.
    UuidsForgotten,
    /// The record was deleted by hand.
    RecordDeleted,
    /// Both, and the journal is gone, too.
    AllLost,
    /// The schedule has moved every game.
    ScheduleMoved,
}

impl Since {
    /// Lets it happen, and says what the schedule is from then on.
    fn happens(self, world: &World, games: Vec<FeedGame>) -> Vec<FeedGame> {
        match self {
            Self::Nothing => {}
            Self::UuidsForgotten => world.sandbox.forget_uuids(),
            Self::RecordDeleted => drop(fs::remove_file(world.record_file())),
            Self::AllLost => {
                world.sandbox.forget_uuids();
                drop(fs::remove_file(world.record_file()));
                drop(fs::remove_file(world.journal_file()));
            }
            Self::ScheduleMoved => {
                let games = moved(&games);
                world.serve_feed(text(&games));
                return games;
            }
        }
        games
    }
}

/// Kills first imports at every moment.
fn first_imports(since: Since) {
    for moment in every_moment() {
        let case = format!("first import, {moment:?}, {since:?}");
        let games = two_batches();
        let world = World::with_games(&games);
        world.kill_an_import_at(moment);
        let games = since.happens(&world, games);
        ends_exactly(&world, &games, &case);
    }
}

/// Kills updates at every moment.
fn updates(since: Since) {
    for moment in every_moment() {
        let case = format!("update, {moment:?}, {since:?}");
        let games = two_batches();
        let world = World::with_games(&games);
        world.import().exits_with(0);
        let games = moved(&games);
        world.serve_feed(text(&games));
        world.kill_an_import_at(moment);
        let games = since.happens(&world, games);
        ends_exactly(&world, &games, &case);
    }
}

/// Kills imports of games that were added to the schedule.
fn additions(since: Since) {
    for moment in every_moment().into_iter().filter(|moment| moment.is_in_the_first_batch()) {
        let case = format!("additions, {moment:?}, {since:?}");
        let games = two_batches();
        let world = World::with_games(&games[..60]);
        world.import().exits_with(0);
        world.serve_feed(text(&games));
        world.kill_an_import_at(moment);
        let games = since.happens(&world, games);
        ends_exactly(&world, &games, &case);
    }
}

impl Moment {
    /// Whether a run of one batch comes to it.
    fn is_in_the_first_batch(self) -> bool {
        match self {
            Self::Asked(nth) => nth <= 2,
            Self::Written(times) => times <= 4,
            Self::BeforeWrite(nth) | Self::AfterWrite(nth) | Self::Reading(nth) => nth == 1,
        }
    }
}

#[track_caller]
fn ends_exactly(world: &World, games: &[FeedGame], case: &str) {
    let ran = world.import();
    assert_eq!(ran.code, Some(0), "{case}: {ran:?}");
    world.is_exact(games, case);
}

#[test]
fn a_first_import_killed_at_any_step() {
    first_imports(Since::Nothing);
}

#[test]
fn a_first_import_killed_and_its_uuids_forgotten() {
    first_imports(Since::UuidsForgotten);
}

#[test]
fn a_first_import_killed_and_its_record_deleted() {
    first_imports(Since::RecordDeleted);
}

#[test]
fn a_first_import_killed_and_everything_lost() {
    first_imports(Since::AllLost);
}

#[test]
fn a_first_import_killed_and_the_schedule_moved() {
    first_imports(Since::ScheduleMoved);
}

#[test]
fn an_update_killed_at_any_step() {
    updates(Since::Nothing);
}

#[test]
fn an_update_killed_and_its_uuids_forgotten() {
    updates(Since::UuidsForgotten);
}

#[test]
fn an_update_killed_and_the_schedule_moved_again() {
    updates(Since::ScheduleMoved);
}

#[test]
fn additions_killed_at_any_step() {
    additions(Since::Nothing);
}

#[test]
fn additions_killed_and_their_uuids_forgotten() {
    additions(Since::UuidsForgotten);
}

#[test]
fn additions_killed_and_the_record_deleted() {
    additions(Since::RecordDeleted);
}

#[test]
fn additions_killed_and_the_schedule_moved() {
    additions(Since::ScheduleMoved);
}

/// A number that differs from run to run.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[test]
fn runs_killed_at_random_moments_end_exactly() {
    let games = two_batches();
    // How long a whole run takes on this machine today; the moments are spread over it.
    let world = World::with_games(&games);
    let begun = Instant::now();
    world.import().exits_with(0);
    let whole = u64::try_from(begun.elapsed().as_micros()).unwrap();
    for _ in 0..25 {
        let moments = [random() % whole, random() % whole].map(Duration::from_micros);
        let world = World::with_games(&games);
        for moment in moments {
            let mut command = world.command(["import", "--team", "BOS"]);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Nothing is waited for: whatever moment this turns out to be is a good one.
            thread::sleep(moment);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        ends_exactly(&world, &games, &format!("killed after {moments:?}"));
    }
}

#[test]
fn a_run_killed_again_and_again_ends_exactly() {
    let games = two_batches();
    let world = World::with_games(&games);
    for (round, moment) in every_moment().into_iter().enumerate() {
        if !matches!(moment, Moment::Asked(_) | Moment::Written(_)) {
            continue;
        }
        world.kill_an_import_at(Moment::Written(1 + round % 4));
        world.sandbox.forget_uuids();
    }
    ends_exactly(&world, &games, "again and again");
}

#[test]
fn what_a_killed_import_of_one_team_made_outlives_the_import_of_another() {
    let games = two_batches();
    for since in [Since::Nothing, Since::UuidsForgotten, Since::ScheduleMoved] {
        let case = format!("{since:?}");
        let world = World::with_games(&games[..60]);
        let other = |world: &World| world.run(["import", "--team", "MIA"]).exits_with(0).code;
        other(&world);
        world.import().exits_with(0);
        world.serve_feed(text(&games));
        world.kill_an_import_at(Moment::AfterWrite(1));
        other(&world);
        let games = since.happens(&world, games.clone());
        world.import().exits_with(0);
        world.holds_exactly_in("Celtics schedule", &games, &case);
        world.has_nothing_to_do(&games, &case);
    }
}

#[test]
fn what_another_machine_made_outlives_the_import_of_another_team() {
    let games = two_batches();
    let world = World::with_games(&games[..60]);
    // Another profile of the same account remembers as little as another machine.
    world.sign_in("elsewhere", RED);
    for arguments in [["--team", "MIA"], ["--team", "BOS"]] {
        world.run(["import", arguments[0], arguments[1]]).exits_with(0);
    }
    world.serve_feed(text(&games));
    world.run(["import", "--team", "BOS", "--profile", "elsewhere"]).exits_with(0);
    world.run(["import", "--team", "MIA"]).exits_with(0);
    world.import().exits_with(0);
    world.holds_exactly_in("Celtics schedule", &games, "another machine");
    world.has_nothing_to_do(&games, "another machine");
    // Read to different points: both at once are read anew, and once only.
    for requests in [2, 1] {
        let before = world.sandbox.requests().len();
        let ran = world.run(["import", "--team", "BOS", "--team", "MIA"]);
        ran.exits_with(0);
        assert_eq!(world.sandbox.requests().len() - before, requests, "{ran:?}");
    }
    world.holds_exactly_in("Celtics schedule", &games, "both teams");
}
