//! Servers that are killed and started again: nothing is lost but what was just asked, and that is
//! said.

use std::time::Duration;

use nbatodo::sandbox::{Effect, Fault};

use super::hosts::Hosts;
use super::records::{IMPORT, ended};
use super::servers::{Kind, Server};
use crate::feed::{celtics_games, text};
use crate::standing::TOKEN;
use crate::world::RED;

/// Long enough for a server to be killed meanwhile.
const A_WHILE: Effect = Effect::Slow(Duration::from_secs(2));

fn restarts(kind: Kind) {
    let Some(server) = Server::start(kind, &[]) else { return };
    let hosts = Hosts::new(server.database());
    hosts.world.serve_feed(text(&celtics_games(2)));
    hosts.sign_in(&["--stay-signed-in"], RED);

    // Between two commands.
    server.kill();
    hosts.run(&["status"]).exits_with(3).complains_of(&["cannot be reached", "Try again later"]);
    server.start_again();
    hosts.run(&["status"]).exits_with(0);

    // During an import, which has read its session by then.
    hosts.world.sandbox.inject(Fault::next("/api/v1/sync", A_WHILE));
    let import = hosts.world.spawn(hosts.command(&IMPORT));
    hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
    server.kill();
    // What it is about to send could not be announced, so it is not sent.
    let ran = ended(import);
    ran.exits_with(3).complains_of(&["the import record", "cannot be reached", "Try again later"]);
    assert_eq!(hosts.world.tasks(RED).len(), 0);
    server.start_again();
    hosts.free_the_turn();
    hosts.run(&IMPORT).exits_with(0);
    assert_eq!(hosts.world.tasks(RED).len(), 2);

    // During a renewal: the successor is kept as soon as the server is there again.
    hosts.pass_the_hour();
    hosts.world.sandbox.inject(Fault::next(TOKEN, A_WHILE));
    let renewal = hosts.world.spawn(hosts.command(&["status"]));
    hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
    server.kill();
    server.start_again();
    let output = renewal.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("stays signed in"), "{output:?}");
    assert_eq!(hosts.world.sandbox.live_refresh_tokens(), 1);

    // During a renewal, for good: what nobody could keep is revoked, and nothing is replayed.
    hosts.pass_the_hour();
    hosts.world.sandbox.inject(Fault::next(TOKEN, A_WHILE));
    let renewal = hosts.world.spawn(hosts.command(&["status"]));
    hosts.world.runtime.block_on(hosts.world.sandbox.until_faults_happened());
    server.kill();
    let output = renewal.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(said.contains("cannot be reached"), "{said}");
    server.start_again();
    let ran = hosts.run(&["status"]);
    assert!(matches!(ran.code, Some(0 | 4)), "{ran:?}");
    assert_eq!(hosts.world.sandbox.replays(), 0);
}

#[test]
fn a_redis_that_is_killed_costs_only_what_was_just_asked() {
    restarts(Kind::Redis);
}

#[test]
fn a_postgres_that_is_killed_costs_only_what_was_just_asked() {
    restarts(Kind::Postgres);
}
