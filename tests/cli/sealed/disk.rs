//! A disk that is full, and one that is read-only.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use nbatodo::sandbox::visitor::Decision;

use crate::exact::two_batches;
use crate::own_network::{in_own_network, mount};
use crate::sessions::{faketime, keys};
use crate::standing::Staying;
use crate::world::{PAT, RED, Ran, World, finish};

/// What a file takes at least on the small disk, in bytes.
const PAGE: u64 = 4096;

/// What there is too little of.
#[derive(Clone, Copy, Debug)]
enum Shortage {
    /// So many pages are left.
    Pages(u64),
    /// So many files can still be made.
    Files(u64),
}

/// First there is not enough for anything, then for more and more.
fn shortages() -> impl Iterator<Item = Shortage> {
    (0..=6).map(Shortage::Pages).chain((0..=4).map(Shortage::Files))
}

impl World {
    /// Puts all that lies here on a disk of its own, which is small.
    fn on_small_disk(&self) {
        let (state, aside) = (self.state(), self.home().join("aside"));
        if !state.exists() {
            self.make_state();
        }
        super::copy(&state, &aside);
        let [types, tmpfs, with] = ["-t", "tmpfs", "-o"].map(OsStr::new);
        let size = OsStr::new("size=512k,nr_inodes=64,mode=700");
        mount(&[types, tmpfs, with, size, tmpfs, state.as_os_str()]);
        super::copy(&aside, &state);
    }

    fn filler(&self) -> PathBuf {
        self.state().join("filler")
    }

    /// Fills the disk but for what `shortage` leaves.
    fn fill(&self, shortage: Shortage) {
        fs::create_dir(self.filler()).unwrap();
        match shortage {
            Shortage::Pages(left) => {
                let mut file = fs::File::create(self.filler().join("pages")).unwrap();
                let page = vec![b'x'; PAGE as usize];
                let mut pages = 0;
                while file.write_all(&page).is_ok() {
                    pages += 1;
                }
                assert!(pages > left, "the disk is smaller than that");
                file.set_len((pages - left) * PAGE).unwrap();
            }
            Shortage::Files(left) => {
                let name = |number: u64| self.filler().join(number.to_string());
                let files = (0..).take_while(|&number| fs::File::create(name(number)).is_ok());
                let files = files.count() as u64;
                (files - left..files).for_each(|number| fs::remove_file(name(number)).unwrap());
            }
        }
    }

    /// Makes room again.
    fn make_room(&self) {
        fs::remove_dir_all(self.filler()).unwrap();
    }

    /// A login as `PAT` that may fail at any step.
    fn try_login(&self) -> Ran {
        let command = self.command(["login", "--no-browser"]);
        match World::until_it_waits(self.spawn(command)) {
            Ok(login) => {
                self.decide(&login.url, PAT, Decision::Allow);
                login.finish()
            }
            Err(ran) => ran,
        }
    }

    /// Makes all that lies here read-only.
    fn make_read_only(&self) {
        let state = self.state();
        let [bind, with, remount] = ["--bind", "-o", "remount,bind,ro"].map(OsStr::new);
        mount(&[bind, state.as_os_str(), state.as_os_str()]);
        mount(&[with, remount, state.as_os_str()]);
    }
}

/// Checks that a run that failed says why, on its last line.
#[track_caller]
fn says_why(ran: &Ran, case: &str) {
    let last = ran.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("No space left on device"), "{case}: {ran:?}");
    assert!(matches!(ran.code, Some(1 | 5)), "{case}: {ran:?}");
}

#[test]
fn s10_a_login_on_a_full_disk_leaves_the_old_session_or_the_new_one_and_no_token_beside_it() {
    in_own_network(|| {
        let mut codes = Vec::new();
        for shortage in shortages() {
            let case = format!("{shortage:?}");
            let world = World::new();
            world.on_small_disk();
            world.sign_in("default", RED);
            world.fill(shortage);
            let login = world.try_login();
            codes.push(login.code);
            let who = if login.code == Some(0) { PAT } else { RED };
            if login.code != Some(0) {
                says_why(&login, &case);
            }
            let status = world.run(["status"]);
            assert!(status.stdout.contains(who), "{case}: {login:?} {status:?}");
            world.has_no_leftovers(&case);
            assert_eq!(world.sandbox.live_tokens(), 1, "{case}: {login:?}");
            world.make_room();
            assert_eq!(keys(&world), 2, "{case}: {login:?}");
            world.has_no_secret_in_clear(&case);
            world.run(["logout"]).exits_with(0);
            assert_eq!((world.sandbox.live_tokens(), keys(&world)), (0, 1), "{case}");
        }
        assert!(codes.contains(&Some(0)) && codes.iter().any(|code| *code != Some(0)), "{codes:?}");
    });
}

#[test]
fn s10_a_renewal_on_a_full_disk_loses_nothing_that_is_not_said() {
    in_own_network(|| {
        let mut failed = 0;
        for shortage in shortages() {
            let case = format!("{shortage:?}");
            let staying = Staying::nobody();
            staying.world.on_small_disk();
            staying.sign_in(&[], RED);
            staying.pass_the_hour();
            staying.world.fill(shortage);
            let renewal = staying.run(&["status"]);
            if renewal.code != Some(0) {
                failed += 1;
                says_why(&renewal, &case);
            }
            staying.world.has_no_leftovers(&case);
            staying.world.make_room();
            // What was sent before the disk was full may be used up: then that is said.
            let next = staying.run(&["status"]);
            match next.code {
                Some(0) => {}
                Some(4) => assert!(next.stderr.contains("login --stay-signed-in"), "{next:?}"),
                _ => panic!("{case}: {renewal:?} {next:?}"),
            }
            assert_eq!(staying.world.sandbox.replays(), 0, "{case}");
            staying.world.has_no_secret_in_clear(&case);
            staying.run(&["logout"]).exits_with(0);
            let sandbox = &staying.world.sandbox;
            assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (0, 0), "{case}");
            assert_eq!(staying.entries(), 0, "{case}");
        }
        assert!(failed > 0, "the disk was never full");
    });
}

#[test]
fn s10_a_logout_needs_no_room() {
    in_own_network(|| {
        for shortage in shortages() {
            let case = format!("{shortage:?}");
            let staying = Staying::nobody();
            staying.world.on_small_disk();
            staying.sign_in(&[], RED);
            staying.world.fill(shortage);
            let logout = staying.run(&["logout"]);
            assert_eq!(logout.code, Some(0), "{case}: {logout:?}");
            let sandbox = &staying.world.sandbox;
            assert_eq!((sandbox.live_tokens(), sandbox.live_refresh_tokens()), (0, 0), "{case}");
            assert_eq!(staying.entries(), 0, "{case}");
            staying.world.has_no_leftovers(&case);
        }
    });
}

#[test]
fn s10_an_import_on_a_full_disk_ends_exactly_when_there_is_room() {
    in_own_network(|| {
        let games = two_batches();
        let mut failed = 0;
        for left in (0..=6).chain([12, 20, 30]) {
            let case = format!("{left} pages left");
            let world = World::with_games(&games);
            world.on_small_disk();
            world.fill(Shortage::Pages(left));
            let full = world.import();
            if full.code != Some(0) {
                failed += 1;
                says_why(&full, &case);
            }
            world.has_no_leftovers(&case);
            world.make_room();
            let next = world.import();
            assert_eq!(next.code, Some(0), "{case}: {next:?}");
            world.is_exact(&games, &case);
        }
        assert!(failed > 0, "the disk was never full");
    });
}

#[test]
fn s10_in_a_read_only_folder_a_session_serves_and_nobody_is_asked_in_vain() {
    in_own_network(|| {
        let world = World::new();
        world.sign_in("default", RED);
        world.make_read_only();
        let asked = world.sandbox.requests().len();
        world.run(["status"]).exits_with(0);
        let login = world.run(["login", "--no-browser"]);
        assert!(matches!(login.code, Some(1 | 5)), "{login:?}");
        login.complains_of(&["Read-only file system", ".local/state/nbatodo"]);
        assert_eq!(world.sandbox.requests().len(), asked, "a consent was asked for in vain");
        let logout = world.run(["logout"]);
        assert!(logout.stdout.contains("token revoked at Todoist"), "{logout:?}");
        for part in ["the key is not destroyed", "the session file is not deleted"] {
            assert!(logout.stderr.contains(part), "{logout:?}");
        }
        assert!(matches!(logout.code, Some(1 | 5)), "{logout:?}");
        assert_eq!(world.sandbox.live_tokens(), 0);
        let Ok(mut expired) = faketime(&world, "+61m") else { return };
        expired.arg("status");
        finish(expired).exits_with(4).complains_of(&["expired"]);
    });
}
