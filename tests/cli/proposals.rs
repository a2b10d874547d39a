//! What is said is true where it is said, and what is proposed can be typed there.

use std::fs;

use crate::feed::{celtics_games, text};
use crate::world::{RED, Ran, World, finish};

/// The first line of the guide that tells of a sign-in, with these variables set.
fn signed_in(world: &World, variables: &[(&str, &str)]) -> String {
    let mut command = world.command::<&str>([]);
    command.envs(variables.iter().copied());
    let ran = finish(command);
    let mut lines = ran.exits_with(0).stdout.lines();
    lines.find_map(|line| line.strip_prefix("Signed in  ")).unwrap_or_default().to_owned()
}

#[test]
fn the_guide_calls_nobody_signed_in_whom_a_run_would_refuse() {
    let world = World::new();
    world.sign_in("default", RED);
    assert!(signed_in(&world, &[]).contains(RED));
    let other = world.home().join("other-key");
    let other = other.to_str().unwrap();
    world.run(["doctor", "--make-key", other]).exits_with(0);
    let nowhere = world.home().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    for (variable, value, said) in [
        ("NBATODO_KEY_FILE", other, "no: "),
        ("NBATODO_KEY_FILE", nowhere, "not known: "),
        ("NBATODO_API_URL", "http://127.0.0.1:9", "no: the session of \"default\" belongs to "),
        ("NBATODO_TOKEN_FILE", nowhere, "not known: "),
        ("NBATODO_TOKEN", "two words", "not known: "),
    ] {
        let told = signed_in(&world, &[(variable, value)]);
        assert!(told.starts_with(said) && !told.contains(RED), "{variable}: {told}");
        let mut status = world.command(["status"]);
        status.env(variable, value);
        let ran = finish(status);
        assert_ne!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.code == Some(4), said.starts_with("no: "), "{ran:?}");
    }
}

#[test]
fn a_command_that_is_proposed_goes_by_the_file_that_was_named() {
    let world = World::new();
    world.configure("team = \"LAL\"\n");
    let named = world.home().join("my settings.toml");
    let run = |words: &[&str]| world.run([&["--config", named.to_str().unwrap()], words].concat());
    let proposed = |ran: &Ran| {
        let (_, command) = ran.stderr.trim_end().rsplit_once(": nbatodo ").unwrap();
        let program = world.command::<&str>([]).get_program().to_owned();
        finish(world.shell(&format!("'{}' {command}", program.display()))).exits_with(0);
    };
    for wrong in ["team = \"BOSS\"\n", "taem = \"BOS\"\n"] {
        fs::write(&named, wrong).unwrap();
        let ran = run(&["schedule", "--offline"]);
        proposed(ran.exits_with(2));
        assert_eq!(fs::read_to_string(&named).unwrap(), "", "{ran:?}");
    }
    assert_eq!(world.configured(), "team = \"LAL\"\n");
    let guide = run(&[]).exits_with(0).stdout.clone();
    let next = format!("nbatodo --config '{}' login", named.display());
    assert!(guide.contains(&next), "{guide}");
    assert_eq!(run(&["--format", "json"]).json()["next"], next);
}

#[test]
fn a_command_for_the_default_profile_says_so_where_another_is_named() {
    let world = World::new();
    let guide = |profile: &str| {
        let mut command = world.command(["--profile", profile]);
        command.env("NBATODO_PROFILE", "ann");
        finish(command).exits_with(0).stdout.clone()
    };
    assert!(guide("default").contains("Next       nbatodo --profile default login\n"));
    assert!(guide("ann").contains("Next       nbatodo login --profile ann\n"));
    let mut status = world.command(["status", "--profile", "default"]);
    status.env("NBATODO_PROFILE", "ann");
    finish(status).exits_with(4).complains_of(&["Sign in with: nbatodo --profile default login"]);
}

#[test]
fn a_place_that_is_no_schedule_is_left_where_it_is() {
    let world = World::new();
    let schedule = ["schedule", "--team", "BOS", "--schedule"];
    for place in [world.home().to_str().unwrap(), "/dev/null"] {
        let ran = world.run([&schedule[..], &[place]].concat());
        ran.exits_with(2).complains_of(&[place, "Name a file, or \"-\" for standard input."]);
        assert!(!ran.stderr.contains("mv "), "{ran:?}");
    }
    let ran = world.run([&schedule[..], &["http://127.0.0.1:9/x"]].concat());
    ran.exits_with(3).complains_of(&["the schedule is not to be had: 127.0.0.1:9 cannot be"]);
    assert!(!ran.stderr.contains("NBATODO_API_URL"), "{ran:?}");
}

#[test]
fn whoever_signs_out_another_than_they_meant_hears_of_it() {
    let world = World::new();
    world.sign_in("ann", RED);
    let ran = world.run(["logout"]);
    assert_eq!(ran.exits_with(0).stdout, "Nobody is signed in as \"default\".\n");
    let said = "Profiles with a session: ann. To sign out: nbatodo logout --profile ann\n";
    assert_eq!(ran.stderr, said);
    let ran = world.run(["status", "--profile", "Ann"]);
    let meant = "Did you mean: nbatodo status --profile ann";
    ran.exits_with(2).complains_of(&["\"Ann\" cannot be told from \"ann\"", meant]);
    let guide = world.run(["--profile", "Ann"]);
    assert!(guide.exits_with(0).stdout.contains("Next       nbatodo --profile ann\n"), "{guide:?}");
}

#[test]
fn days_without_a_game_are_no_end_of_a_season() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(5)));
    for days in [["--from", "2099-08-01"], ["--to", "2001-10-01"]] {
        let ran = world.run([&["schedule", "--team", "BOS"][..], &days].concat());
        let said = &ran.exits_with(0).stdout;
        assert!(said.contains("is one that you asked for"), "{said}");
        assert!(!said.contains("the last game"), "{said}");
    }
}
