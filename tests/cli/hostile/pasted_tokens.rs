//! A token that is pasted in the wrong place is quoted by no message and kept as nobody's name.

use crate::sessions::each_file;
use crate::world::{RED, World, finish};

/// As Todoist's are.
const TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";

#[test]
fn no_message_repeats_a_token_that_was_typed_in_the_wrong_place() {
    let world = World::new();
    let (behind, option) = (format!("project:{TOKEN}"), format!("--{TOKEN}"));
    let of_redis = format!("redis://localhost/{TOKEN}");
    for words in [
        &[TOKEN][..],
        &[&option],
        &["config", "set", TOKEN, "x"],
        &["config", "set", "team", TOKEN],
        &["config", "set", "profile", TOKEN],
        &["config", "set", "title", TOKEN],
        &["config", "unset", TOKEN],
        &["import", "--team", TOKEN],
        &["import", "--destination", &behind],
        &["import", "--destination", TOKEN],
        &["import", "--config", TOKEN],
        &["import", "--session-store", TOKEN],
        &["import", "--session-store", &of_redis],
        &["status", "--profile", TOKEN],
        &["status", "--format", TOKEN],
        &["man", TOKEN],
        &["completions", TOKEN],
        &["doctor", "--config", TOKEN],
    ] {
        for format in ["human", "json"] {
            let ran = world.run([words, &["--format", format]].concat());
            assert!(!format!("{ran:?}").contains(TOKEN), "{words:?}: {ran:?}");
            assert!(!format!("{ran:?}").contains("panic"), "{words:?}: {ran:?}");
        }
    }
    world.run([TOKEN]).exits_with(2);
    world.run(["status", "--profile", TOKEN]).exits_with(2);
    each_file(world.home(), &mut |path| {
        assert!(!path.to_string_lossy().contains(TOKEN), "{path:?} is called after it");
    });
}

#[test]
fn no_message_repeats_a_token_from_the_settings() {
    let world = World::new();
    for text in [
        format!("{TOKEN} = 1"),
        format!("\"{TOKEN}\" = 1"),
        format!("team = \"{TOKEN}\""),
        format!("timezone = \"{TOKEN}\""),
        format!("session_store = \"{TOKEN}\""),
        format!("client_secret = {TOKEN}"),
        format!("[{TOKEN}]\nx = 1"),
        format!("[profiles.{TOKEN}]\nteam = \"BOS\""),
        TOKEN.to_owned(),
    ] {
        world.configure(&text);
        for words in [&["import"][..], &["config", "show"], &["doctor"], &["-vv", "status"]] {
            for format in ["human", "json"] {
                let ran = world.run([words, &["--format", format]].concat());
                assert!(!format!("{ran:?}").contains(TOKEN), "{text} {words:?}: {ran:?}");
            }
        }
    }
    world.configure("");
    for name in ["TEAM", "PROFILE", "CONFIG", "KEY_FILE", "TOKEN_FILE", "COLOR", "API_URL"] {
        let mut command = world.command(["import", "--format", "json"]);
        command.env(format!("NBATODO_{name}"), TOKEN);
        let ran = finish(command);
        assert!(!format!("{ran:?}").contains(TOKEN), "{name}: {ran:?}");
    }
}

#[test]
fn a_name_in_the_settings_that_is_a_token_is_told_for_many_without_it() {
    let world = World::new();
    world.sign_in("ann", RED);
    world.configure(&format!("[profiles.ann]\nteam = \"{TOKEN}\"\n"));
    for format in ["human", "json", "jsonl"] {
        let ran = world.run(["-vv", "import", "--all-profiles", "--format", format]);
        ran.exits_with(2);
        assert!(!format!("{ran:?}").contains(TOKEN), "{ran:?}");
    }
}
