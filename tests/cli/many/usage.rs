//! What does not go together.

use super::Household;
use crate::world::{World, finish};

#[test]
fn what_is_one_persons_does_not_go_with_all() {
    let household = Household::of(1);
    let import = ["import", "--all-profiles", "--team", "BOS"];
    for more in [
        &["--profile", "p1"][..],
        &["--session-store", "memory"],
        &["--schedule", "-"],
        &["--no-browser"],
        &["--spread", "20m", "--deadline", "10m"],
    ] {
        let ran = household.world.run([&import[..], more].concat());
        ran.exits_with(2).complains_of(&[more[0]]);
    }
    for name in ["NBATODO_TOKEN", "NBATODO_TOKEN_FILE"] {
        let mut command = household.world.command(import);
        command.env(name, household.world.key_file());
        finish(command).exits_with(2).complains_of(&["--all-profiles", name]);
    }
    for more in [["--jobs", "0"], ["--jobs", "65"], ["--spread", "soon"], ["--share-window", "2d"]]
    {
        household.world.run([&import[..], &more].concat()).exits_with(2);
    }
    household.world.run(["import", "--team", "BOS", "--jobs", "2"]).exits_with(2);
    assert!(household.world.syncs().is_empty());
}

#[test]
fn without_anybody_it_says_how_to_sign_in() {
    let world = World::new();
    let ran = world.run(["import", "--all-profiles", "--team", "BOS"]);
    ran.exits_with(4).complains_of(&["nobody has signed in here", "nbatodo login"]);
}

#[test]
fn who_has_no_team_is_told_which_one_is_missing() {
    let household = Household::of(2);
    let ran = finish(household.command(&[]));
    assert_eq!(ran.exits_with(2).stderr.lines().count(), 2, "{ran:?}");
    assert!(ran.stderr.lines().all(|line| line.contains("no team is named")), "{ran:?}");
    let typed = "nbatodo config set team BOS --profile p1";
    assert!(ran.stderr.lines().any(|line| line.ends_with(typed)), "{ran:?}");
}
