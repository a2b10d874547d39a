//! Killed behind every single system call that changes a file.

use std::process::Command;

use nbatodo::http::Http;
use nbatodo::sandbox::visitor::{Decision, visit};

use super::steps::Steps;
use crate::exact::two_batches;
use crate::own_network::in_own_network;
use crate::sessions::keys;
use crate::standing::Staying;
use crate::world::{PAT, RED, World, has};

/// Fewer would mean that the changes were not seen.
const FEWEST: usize = 5;
/// More would mean that a run does not come to its end.
const MOST: usize = 300;

/// Runs `round` with 1, 2, and so on, until the run comes to its end before it is killed.
fn at_each_step(mut round: impl FnMut(usize) -> Option<String>) {
    if !has("strace") {
        return;
    }
    let last = (1..MOST).find(|&nth| round(nth).is_none()).expect("no end");
    assert!(last > FEWEST, "only {} changes were seen", last - 1);
}

/// A strace that gives up takes the run with it, which then looks as if it had come to its end.
#[track_caller]
fn strace_is_content(stderr: &str) {
    assert!(!stderr.contains("strace: "), "{stderr}");
}

impl World {
    /// Runs `command` and kills it behind its `nth` change here.
    fn kill_behind(&self, command: &Command, nth: usize) -> Option<String> {
        let (mut traced, steps) = Steps::killing(command, &self.state(), nth);
        let output = traced.output().unwrap();
        let call = steps.killed_behind();
        strace_is_content(&String::from_utf8_lossy(&output.stderr));
        assert_eq!(call.is_some(), output.status.code().is_none(), "{nth}: {output:?} {call:?}");
        call
    }

    /// The same with the login that `command` is, as `PAT`.
    fn kill_login_behind(&self, command: &Command, nth: usize) -> Option<String> {
        let (traced, steps) = Steps::killing(command, &self.state(), nth);
        let ran = World::until_it_waits(self.spawn(traced)).map_or_else(
            std::convert::identity,
            |login| {
                // The last page does not come where it is killed before.
                let http = Http::new().unwrap();
                drop(self.runtime.block_on(visit(&http, &login.url, Some(PAT), Decision::Allow)));
                login.finish()
            },
        );
        strace_is_content(&ran.stderr);
        steps.killed_behind()
    }

    /// What has to hold after a kill once something has run again, whatever was killed.
    #[track_caller]
    fn is_clean(&self, case: &str) {
        self.has_no_leftovers(case);
        self.has_no_secret_in_clear(case);
    }
}

#[test]
fn s10_a_login_killed_behind_any_change_leaves_the_old_session_or_the_new_one() {
    in_own_network(|| {
        at_each_step(|nth| {
            let world = World::new();
            world.sign_in("default", RED);
            let call = world.kill_login_behind(&world.command(["login", "--no-browser"]), nth);
            let case = format!("{nth}: {call:?}");
            let status = world.run(["status"]);
            assert_eq!(status.code, Some(0), "{case}: {status:?}");
            let (old, new) = (status.stdout.contains(RED), status.stdout.contains(PAT));
            assert!(old != new, "{case}: {status:?}");
            assert!(call.is_some() || new, "{case}: {status:?}");
            world.is_clean(&case);
            // No lock is left, and the next sign-in and sign-out leave no key of any before.
            world.sign_in("default", PAT);
            world.run(["logout"]).exits_with(0);
            assert_eq!(keys(&world), 1, "{case}");
            call
        });
    });
}

#[test]
fn s10_a_first_login_killed_behind_any_change_leaves_nobody_or_the_new_session() {
    in_own_network(|| {
        at_each_step(|nth| {
            let world = World::new();
            world.make_state();
            let login = world.command(["login", "--no-browser", "--stay-signed-in"]);
            let call = world.kill_login_behind(&login, nth);
            let case = format!("{nth}: {call:?}");
            let status = world.run(["status"]);
            match status.code {
                Some(0) => assert!(status.stdout.contains(PAT), "{case}: {status:?}"),
                _ => assert_eq!(status.code, Some(4), "{case}: {status:?}"),
            }
            world.has_no_leftovers(&case);
            world.sign_in("default", RED);
            world.is_clean(&case);
            world.run(["logout"]).exits_with(0);
            assert_eq!(keys(&world), 1, "{case}");
            call
        });
    });
}

#[test]
fn s10_a_renewal_killed_behind_any_change_is_taken_up_by_the_next_run() {
    in_own_network(|| {
        at_each_step(|nth| {
            let staying = Staying::new();
            let world = &staying.world;
            staying.pass_the_hour();
            let call = world.kill_behind(&staying.status(), nth);
            let case = format!("{nth}: {call:?}");
            let next = staying.run(&["status"]);
            assert_eq!(next.code, Some(0), "{case}: {next:?}");
            assert_eq!(world.sandbox.replays(), 0, "{case}");
            world.is_clean(&case);
            let logout = staying.run(&["logout"]);
            assert_eq!(logout.code, Some(0), "{case}: {logout:?}");
            // A successor that was killed on its way to the key store is lost, and that was said.
            let lost = usize::from(next.stderr.contains("last hour"));
            assert_eq!(world.sandbox.live_refresh_tokens(), lost, "{case}");
            assert_eq!(staying.entries(), 0, "{case}");
            call
        });
    });
}

#[test]
fn s10_a_logout_killed_behind_any_change_is_finished_by_the_next() {
    in_own_network(|| {
        at_each_step(|nth| {
            let staying = Staying::new();
            let world = &staying.world;
            let call = world.kill_behind(&world.command(["logout"]), nth);
            let case = format!("{nth}: {call:?}");
            let status = staying.run(&["status"]);
            // Signed in still, or the half that is left opens nothing.
            assert!(matches!(status.code, Some(0 | 4)), "{case}: {status:?}");
            world.is_clean(&case);
            let next = staying.run(&["logout"]);
            // A key that is gone already leaves a token that nobody can revoke any more.
            assert!(matches!(next.code, Some(0 | 1)), "{case}: {next:?}");
            assert_eq!(staying.entries(), 0, "{case}");
            assert!(!world.session_file("default").exists(), "{case}");
            staying.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
            world.is_clean(&case);
            call
        });
    });
}

#[test]
fn s10_an_import_killed_behind_any_change_ends_exactly_with_the_next() {
    in_own_network(|| {
        let games = two_batches();
        at_each_step(|nth| {
            let world = World::with_games(&games);
            let call = world.kill_behind(&world.command(["import", "--team", "BOS"]), nth);
            let case = format!("{nth}: {call:?}");
            let status = world.run(["status"]);
            assert_eq!(status.code, Some(0), "{case}: {status:?}");
            world.is_clean(&case);
            let next = world.import();
            assert_eq!(next.code, Some(0), "{case}: {next:?}");
            world.is_exact(&games, &case);
            call
        });
    });
}
