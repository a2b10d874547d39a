//! A renewal, a logout or a login that is killed on its way: the next run is right, and no consumed
//! token is ever sent again.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;

use nbatodo::sandbox::visitor::{Decision, visit};
use nbatodo::sandbox::{Effect, Fault};

use crate::standing::{Staying, TOKEN};
use crate::world::{PAT, RED};

/// When a run is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// Files of the key store and the session store have changed so often.
    Written(usize),
    /// It waits for an answer of Todoist, which has done nothing.
    BeforeRenewal,
    /// It waits for an answer of Todoist, which has consumed the token.
    AfterRenewal,
}

/// Every step: the time taken down, the successor kept, the list of keys, the session's key, the
/// session, the old key, the list again; and the two waits.
fn every_moment() -> impl Iterator<Item = Moment> {
    (1..=8).map(Moment::Written).chain([Moment::BeforeRenewal, Moment::AfterRenewal])
}

/// What the files of both stores look like from outside.
type Look = BTreeMap<PathBuf, (u64, i64, u64)>;

impl Staying {
    fn look(&self) -> Look {
        let state = self.world.home().join(".local/state/nbatodo");
        let files = ["keys", "sessions"].map(|folder| fs::read_dir(state.join(folder)).unwrap());
        let files = files.into_iter().flatten().flatten().map(|file| file.path());
        let known = |path: &PathBuf| {
            path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'))
        };
        let seen = files.filter(known).filter_map(|path| {
            let data = fs::metadata(&path).ok()?;
            Some((path, (data.ino(), data.mtime_nsec(), data.len())))
        });
        seen.collect()
    }

    /// Runs `command`, which is about to renew or to end what stands, and kills it at `moment`.
    fn kill_at(&self, moment: Moment, command: &str) {
        let fault = match moment {
            Moment::BeforeRenewal => Some(Effect::Hang),
            Moment::AfterRenewal => Some(Effect::HangAfter),
            Moment::Written(_) => None,
        };
        let hangs = fault.is_some();
        fault.into_iter().for_each(|effect| self.world.sandbox.inject(Fault::next(TOKEN, effect)));
        let before = self.look();
        let mut run = self.world.command([command]);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        match moment {
            Moment::Written(times) => self.wait_for(times, before, &mut run),
            _ => self.world.runtime.block_on(self.world.sandbox.until_faults_happened()),
        }
        run.kill().unwrap();
        let ended = run.wait().unwrap();
        assert!(!hangs || ended.code().is_none(), "{moment:?}: it has ended before: {ended:?}");
    }

    /// Looks without a pause until there were so many changes, or the run has ended.
    fn wait_for(&self, times: usize, mut before: Look, run: &mut Child) {
        let mut seen = 0;
        while seen < times && run.try_wait().unwrap().is_none() {
            let now = self.look();
            let new = now.iter().filter(|(path, look)| before.get(*path) != Some(look)).count();
            seen += new + before.keys().filter(|path| !now.contains_key(*path)).count();
            before = now;
            thread::yield_now();
        }
    }
}

#[test]
fn a_run_within_the_minute_after_a_crash_is_signed_in() {
    for moment in every_moment() {
        let staying = Staying::new();
        staying.pass_the_hour();
        staying.kill_at(moment, "status");
        let ran = staying.run(&["status"]);
        assert_eq!(ran.code, Some(0), "{moment:?}: {ran:?}");
        // One or the other, and said.
        assert_ne!(ran.stderr.contains("last hour"), staying.stays(), "{moment:?}: {ran:?}");
        match moment {
            Moment::BeforeRenewal => assert!(staying.stays(), "{moment:?}: {ran:?}"),
            Moment::AfterRenewal => assert!(!staying.stays(), "{moment:?}: {ran:?}"),
            Moment::Written(_) => {}
        }
        assert_eq!(staying.world.sandbox.replays(), 0, "{moment:?}");
        staying.run(&["logout"]).exits_with(0);
        assert_eq!(staying.entries(), 0, "{moment:?}");
    }
}

#[test]
fn a_run_later_after_a_crash_goes_on_or_says_sign_in_again_and_never_replays() {
    for moment in every_moment() {
        let staying = Staying::new();
        staying.pass_the_hour();
        staying.kill_at(moment, "status");
        staying.pass_the_grace();
        let may_be_consumed = staying.grant().is_some_and(|grant| grant.first_sent().is_some());
        let before = staying.token_requests();
        let ran = staying.run(&["status"]);
        if may_be_consumed {
            ran.exits_with(4).complains_of(&["was lost", "nbatodo login --stay-signed-in"]);
            assert_eq!(staying.token_requests(), before, "{moment:?}: {ran:?}");
            assert_eq!(staying.entries(), 0, "{moment:?}");
        } else {
            assert_eq!(ran.code, Some(0), "{moment:?}: {ran:?}");
            assert!(staying.stays(), "{moment:?}: {ran:?}");
        }
        assert!(may_be_consumed || matches!(moment, Moment::Written(_)), "{moment:?}");
        assert_eq!(staying.world.sandbox.replays(), 0, "{moment:?}");
    }
}

#[test]
fn the_successor_is_durable_before_anything_is_done_with_the_session() {
    let staying = Staying::new();
    staying.pass_the_hour();
    let before = staying.refresh_token();
    // Somebody holds the lock of the session, so that a new one cannot be sealed.
    let lock = fs::File::open(staying.world.session_file("default").with_extension("lock"));
    let lock = lock.unwrap();
    lock.lock().unwrap();
    let mut run = staying.status().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while staying.refresh_token() == before && run.try_wait().unwrap().is_none() {
        thread::yield_now();
    }
    run.kill().unwrap();
    assert_eq!(run.wait().unwrap().code(), None, "it came to its end without the session");
    drop(lock);
    assert!(staying.grant().unwrap().first_sent().is_none());
    assert!(staying.stays());
    assert_eq!(staying.world.sandbox.replays(), 0);
}

#[test]
fn a_logout_that_was_killed_is_finished_by_the_next() {
    for written in 1..=6 {
        let staying = Staying::new();
        staying.kill_at(Moment::Written(written), "logout");
        let ran = staying.run(&["logout"]);
        // Killed between the key and the file, it leaves a session that opens no more.
        assert!(matches!(ran.code, Some(0 | 1)), "{written}: {ran:?}");
        assert_eq!(staying.entries(), 0, "{written}");
        staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
    }
}

#[test]
fn a_login_that_was_killed_before_its_session_was_sealed_leaves_what_was_consented_to() {
    let staying = Staying::new();
    let before = staying.refresh_token();
    let lock = fs::File::open(staying.world.session_file("default").with_extension("lock"));
    let lock = lock.unwrap();
    let login = ["login", "--no-browser", "--stay-signed-in"];
    let mut login = staying.world.start_login(staying.world.command(login));
    lock.lock().unwrap();
    let url = login.url.clone();
    thread::scope(|scope| {
        let http = nbatodo::http::Http::new().unwrap();
        let world = &staying.world;
        // The page never comes: the login is killed before it could be shown.
        scope.spawn(move || world.runtime.block_on(visit(&http, &url, Some(PAT), Decision::Allow)));
        while staying.refresh_token() == before {
            thread::yield_now();
        }
        login.child.kill().unwrap();
    });
    drop(lock);
    login.finish();
    assert!(staying.run(&["status"]).exits_with(0).stdout.contains(RED));
    staying.pass_the_hour();
    assert!(staying.run(&["status"]).exits_with(0).stdout.contains(PAT));
    assert_eq!(staying.world.sandbox.replays(), 0);
}
