//! Settings for a profile that nobody is signed in as: for a login to come, or by a typo.

use crate::world::{RED, World};

const UNSET: &str = "nbatodo config unset team --profile anm";

#[test]
fn a_profile_that_nobody_knows_is_set_and_said_with_the_way_back() {
    let world = World::new();
    world.sign_in("anna", RED);
    let ran = world.run(["config", "set", "team", "BOS", "--profile", "anm"]);
    ran.exits_with(0).complains_of(&["nobody is signed in as \"anm\"", "nearest: \"anna\"", UNSET]);
    assert!(ran.stdout.starts_with("team is BOS for \"anm\""), "{ran:?}");
    assert_eq!(world.configured(), "[profiles.anm]\nteam = \"BOS\"\n");

    // What it leads to later names the same way back, until it is gone.
    let import = ["import", "--all-profiles", "--dry-run", "--offline", "--team", "BOS"];
    let ran = world.run(import);
    assert!(ran.exits_with(4).stderr.contains(UNSET), "{ran:?}");
    world.run(&UNSET.split(' ').collect::<Vec<_>>()[1..]).exits_with(0);
    assert!(!world.run(import).exits_with(0).stderr.contains("anm"));
}

#[test]
fn the_way_back_leads_to_the_file_that_was_named() {
    let world = World::new();
    let file = |name: &str| world.home().join(name).to_str().unwrap().to_owned();
    let (there, new) = (file("old settings.toml"), file("new settings.toml"));
    std::fs::write(&there, "team = \"LAL\"\n").unwrap();
    for named in [there, new] {
        let set = ["config", "set", "team", "BOS", "--profile", "anm", "--config", &named];
        let back = format!("nbatodo --config '{named}' config unset team --profile anm");
        world.run(set).exits_with(0).complains_of(&[&back]);
    }
}

#[test]
fn a_profile_that_is_known_is_set_in_silence() {
    let world = World::new();
    world.configure("[profiles.ben]\nlabel = \"nba\"\n");
    world.sign_in("anna", RED);
    for profile in ["anna", "ben", "default"] {
        let ran = world.run(["config", "set", "team", "BOS", "--profile", profile]);
        assert_eq!(ran.exits_with(0).stderr, "", "{profile}");
    }
    let ran = world.run(["config", "set", "team", "BOS", "--profile", "carol", "--quiet"]);
    assert_eq!(ran.exits_with(0).stderr, "");
    let ran = world.run(["config", "set", "team", "BOS", "--profile", "zoe"]);
    ran.exits_with(0).complains_of(&["nobody is signed in as \"zoe\""]);
    assert!(!ran.stderr.contains("nearest"), "none is near: {ran:?}");
}
