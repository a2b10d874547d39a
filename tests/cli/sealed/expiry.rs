//! The end of a session: what is left of it, and what is said.

use nbatodo::sandbox::{Effect, Fault};

use crate::sessions::{faketime, keys};
use crate::world::{RED, World, finish};

const REVOKE: &str = "/api/v1/revoke";

/// Runs each command that needs a session after its hour, in a world of its own.
fn each_command(prepare: impl Fn(&mut World), check: impl Fn(&World)) {
    for command in [
        &["status"][..],
        &["status", "--format", "json"],
        &["import", "--team", "BOS"],
        &["remove", "--team", "BOS", "--yes"],
    ] {
        let mut world = World::new();
        world.sign_in("default", RED);
        prepare(&mut world);
        let Ok(mut run) = faketime(&world, "+61m") else { return };
        run.args(command);
        let ran = finish(run);
        ran.exits_with(4).complains_of(&["expired, and is gone", "nbatodo login"]);
        assert!(!world.session_file("default").exists(), "{command:?}");
        assert_eq!(keys(&world), 1, "{command:?}: only the registered client");
        check(&world);
        world.run(["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
        world.has_no_leftovers("expired");
    }
}

#[test]
fn an_expired_session_is_revoked_and_gone_whatever_runs() {
    each_command(
        |_| {},
        |world| {
            assert_eq!(world.sandbox.live_tokens(), 0);
            assert_eq!(world.asked(REVOKE), 1);
        },
    );
}

#[test]
fn a_todoist_that_hangs_keeps_no_expired_session_alive_and_nobody_waiting() {
    each_command(
        |world| world.sandbox.inject(Fault::next(REVOKE, Effect::Hang)),
        |world| assert_eq!(world.asked(REVOKE), 1, "it was not tried"),
    );
}

#[test]
fn without_a_network_an_expired_session_goes_all_the_same() {
    each_command(World::stop_sandbox, |_| {});
}

#[test]
fn a_logout_of_an_expired_session_revokes_it_too() {
    let world = World::new();
    world.sign_in("default", RED);
    let Ok(mut logout) = faketime(&world, "+61m") else { return };
    logout.arg("logout");
    let ran = finish(logout);
    assert!(ran.exits_with(0).stdout.contains("key destroyed, session file deleted"), "{ran:?}");
    assert_eq!((world.sandbox.live_tokens(), keys(&world)), (0, 1));
    assert!(!world.session_file("default").exists());
}

#[test]
fn a_login_over_an_expired_session_revokes_it_too() {
    let world = World::new();
    world.sign_in("default", RED);
    let Ok(mut login) = faketime(&world, "+61m") else { return };
    login.args(["login", "--no-browser"]);
    world.sign_in_by(login, RED);
    assert_eq!((world.sandbox.live_tokens(), keys(&world)), (1, 2));
}
