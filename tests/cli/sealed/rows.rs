//! The rows that a page suffices for.

use std::fs;

use super::copy;
use crate::feed::{celtics_games, text};
use crate::sessions::faketime;
use crate::world::{PAT, RED, Ran, World, finish};

#[test]
fn s2_a_file_under_another_profiles_name_is_damaged_and_harms_nobody() {
    let world = World::new();
    world.sign_in("home", RED);
    fs::copy(world.session_file("home"), world.session_file("work")).unwrap();
    let requests = world.sandbox.requests().len();
    for command in
        [&["status"][..], &["import", "--team", "BOS"], &["remove", "--team", "BOS", "--yes"]]
    {
        let ran = world.run([command, &["--profile", "work"]].concat());
        ran.exits_with(4).complains_of(&["damaged", "nbatodo login --profile work"]);
    }
    let ran = world.run(["logout", "--profile", "work"]);
    ran.exits_with(1).complains_of(&["not revoked", "damaged"]);
    assert_eq!(world.sandbox.requests().len(), requests);
    world.run(["status", "--profile", "home"]).exits_with(0);
}

#[test]
fn s3_an_older_file_put_back_opens_no_more() {
    let world = World::new();
    world.sign_in("default", RED);
    let file = world.session_file("default");
    let older = fs::read(&file).unwrap();
    world.sign_in("default", PAT);
    fs::write(&file, &older).unwrap();
    let gone = ["the key of the session file is gone", "nbatodo login"];
    world.run(["status"]).exits_with(4).complains_of(&gone);

    world.sign_in("default", RED);
    let newer = fs::read(&file).unwrap();
    world.run(["logout"]).exits_with(0);
    let requests = world.sandbox.requests().len();
    for copy in [older, newer] {
        fs::write(&file, copy).unwrap();
        world.chmod(&file, 0o600);
        world.run(["status"]).exits_with(4).complains_of(&gone);
        world.run(["import", "--team", "BOS"]).exits_with(4).complains_of(&gone);
    }
    assert_eq!(world.sandbox.requests().len(), requests);
}

#[test]
fn s4_an_edited_expiry_is_damage_and_a_wrong_clock_is_no_way_in() {
    let world = World::new();
    world.sign_in("default", RED);
    let file = world.session_file("default");
    let good = fs::read_to_string(&file).unwrap();
    let year = good.split("expires: ").nth(1).unwrap()[..4].to_owned();
    for other in ["expires: 2099", "expires: 1999"] {
        let edited = good.replace(&format!("expires: {year}"), other);
        assert_ne!(edited, good);
        fs::write(&file, edited).unwrap();
        world.run(["status"]).exits_with(4).complains_of(&["damaged", "nbatodo login"]);
    }
    fs::write(&file, &good).unwrap();
    let before = world.home().join("before");
    copy(&world.state(), &before);
    for shift in ["-2m", "-10y", "+61m", "+10y"] {
        let Ok(mut status) = faketime(&world, shift) else { return };
        status.arg("status");
        finish(status).exits_with(4).complains_of(&["expired", "nbatodo login"]);
        assert!(!file.exists(), "{shift}");
        // With the right clock it does not come back either, though its file does.
        fs::write(&file, &good).unwrap();
        world.chmod(&file, 0o600);
        world.run(["status"]).exits_with(4).complains_of(&["key", "gone"]);
        fs::remove_dir_all(world.state()).unwrap();
        copy(&before, &world.state());
    }
    world.run(["status"]).exits_with(0);
}

#[test]
fn s5_the_last_second_is_good_and_the_next_is_not() {
    let world = World::new();
    world.sign_in("default", RED);
    let good = fs::read_to_string(world.session_file("default")).unwrap();
    let end = good.split("expires: ").nth(1).unwrap().lines().next().unwrap();
    let end: jiff::Timestamp = end.parse().unwrap();
    let before = world.home().join("before");
    copy(&world.state(), &before);
    for (second, code) in [(-1, 0), (0, 4), (1, 4)] {
        let at = end + jiff::SignedDuration::from_secs(second);
        // A clock that stands still, so that the second is the same one however slow we are.
        let at = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let Ok(mut status) = faketime(&world, &at) else { return };
        status.arg("status");
        let ran = finish(status);
        ran.exits_with(code);
        assert_eq!(ran.stdout.contains("1 minute left"), code == 0, "{ran:?}");
        fs::remove_dir_all(world.state()).unwrap();
        copy(&before, &world.state());
    }
}

#[test]
fn s8_a_newer_format_is_said_to_be_newer_and_a_login_replaces_it() {
    let world = World::new();
    world.sign_in("default", RED);
    let file = world.session_file("default");
    let newer = "nbatodo-session 2\nwhatever will be there\n";
    fs::write(&file, newer).unwrap();
    for command in [&["status"][..], &["import", "--team", "BOS"]] {
        let said = ["made by a newer nbatodo (format 2)", "Update nbatodo", "nbatodo login"];
        world.run(command).exits_with(4).complains_of(&said);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), newer);
    world.sign_in("default", RED);
    world.run(["status"]).exits_with(0);
}

#[test]
fn s9_a_missing_key_calls_for_a_sign_in_and_a_missing_key_store_for_its_repair() {
    let world = World::new();
    world.sign_in("default", RED);
    let mut elsewhere = world.command(["status"]);
    elsewhere.env("NBATODO_KEY_FILE", "/nowhere/master key");
    let ran = finish(elsewhere);
    ran.exits_with(5).complains_of(&["/nowhere/master key"]);
    world.chmod(&world.key_file(), 0o604);
    world.run(["status"]).exits_with(5).complains_of(&["chmod 600 "]);
    world.chmod(&world.key_file(), 0o600);
    world.chmod(&world.state().join("keys"), 0o755);
    world.run(["status"]).exits_with(5).complains_of(&["chmod 700 "]);
    world.chmod(&world.state().join("keys"), 0o700);
    assert!(world.session_file("default").exists(), "nothing is thrown away for that");
    world.run(["status"]).exits_with(0);
    for key in world.keys() {
        fs::remove_file(key).unwrap();
    }
    let gone = ["the key of the session file is gone", "nbatodo login"];
    world.run(["status"]).exits_with(4).complains_of(&gone);
}

#[test]
fn s12_no_token_is_in_a_file_or_an_output_of_a_session() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(2)));
    let mut said = String::new();
    let mut hear = |ran: Ran| said.push_str(&(ran.stdout + &ran.stderr));
    for verbosity in ["-q", "-v", "-vvv"] {
        hear(world.sign_in_by(world.command([verbosity, "login", "--no-browser"]), RED));
        for format in ["human", "json"] {
            hear(world.run([verbosity, "--format", format, "status"]));
        }
        world.has_no_secret_in_clear(verbosity);
        hear(world.run([verbosity, "import", "--team", "BOS"]));
        world.has_no_secret_in_clear(verbosity);
        hear(world.run([verbosity, "logout"]));
        world.has_no_secret_in_clear(verbosity);
    }
    assert!(said.contains(RED));
    for secret in world.sandbox.issued_secrets() {
        assert!(!said.contains(&secret), "said");
    }
}
