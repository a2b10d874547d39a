//! Many at once on one profile.

use std::fs::File;
use std::process::Child;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::signin::REDIRECT_PORTS;

use crate::feed::{celtics_games, text};
use crate::own_network::in_own_network;
use crate::sessions::keys;
use crate::world::{PAT, RED, World};

/// How many of each command there are in all.
const OF_EACH: usize = 50;
/// How many processes at a time.
const AT_ONCE: usize = 50;

#[test]
fn s11_fifty_of_each_command_at_once_leave_one_session_or_none_and_no_token_beside_it() {
    in_own_network(|| {
        let world = World::new();
        let games = celtics_games(3);
        world.serve_feed(text(&games));
        world.sign_in("default", RED);
        // As many logins at a time as there are ports, each time in a crowd of the others.
        for round in 0..OF_EACH / REDIRECT_PORTS.len() {
            one_round(&world, round);
            let status = world.run(["status"]);
            let held = usize::from(status.code == Some(0));
            assert!(matches!(status.code, Some(0 | 4)), "round {round}: {status:?}");
            assert_eq!(world.sandbox.live_tokens(), held, "round {round}: {status:?}");
            assert_eq!(keys(&world), 1 + held, "round {round}: {status:?}");
            world.has_no_leftovers("a crowd");
        }
        let lock = File::open(world.session_file("default").with_extension("lock")).unwrap();
        lock.try_lock().expect("nobody is left who could hold it");
        drop(lock);
        world.sign_in("default", RED);
        world.run(["import", "--team", "BOS"]).exits_with(0);
        assert_eq!(world.tasks(RED).len(), games.len());
        world.run(["logout"]).exits_with(0);
        assert_eq!((world.sandbox.live_tokens(), keys(&world)), (0, 1));
        world.has_no_secret_in_clear("a crowd");
    });
}

fn one_round(world: &World, round: usize) {
    let ports = REDIRECT_PORTS.len();
    let logins = (0..ports).map(|_| world.command(["login", "--no-browser"]));
    let logins: Vec<Child> = logins.map(|login| world.spawn(login)).collect();
    let waiting = |child| World::until_it_waits(child).unwrap_or_else(|ran| panic!("{ran:?}"));
    let logins: Vec<_> = logins.into_iter().map(waiting).collect();
    let commands: [&[&str]; 3] = [&["status"], &["import", "--team", "BOS"], &["logout"]];
    let runs = (0..(AT_ONCE - ports).div_ceil(commands.len())).flat_map(|_| commands);
    let runs: Vec<_> =
        runs.map(|command| (command[0], world.spawn(world.command(command)))).collect();
    for (number, login) in logins.into_iter().enumerate() {
        let email = if number % 2 == 0 { RED } else { PAT };
        let page = world.decide(&login.url, email, Decision::Allow);
        assert!(page.contains("<h1>Signed in</h1>"), "round {round}: {page}");
        login.finish().exits_with(0);
    }
    for (command, run) in runs {
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let fine = match output.status.code() {
            Some(0) => true,
            // Whoever comes between two sign-ins, or uses what is revoked meanwhile.
            Some(4) => command != "logout" && said.contains("nbatodo login"),
            _ => false,
        };
        assert!(fine, "round {round}, {command}: {output:?}");
    }
}
