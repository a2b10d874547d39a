//! What cannot be a setting is refused before anything is written; what stands in a file and is
//! none is named with file, line and a way out, by every command.

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, finish};

#[test]
fn what_is_no_setting_is_not_written() {
    let world = World::new();
    world.configure("team = \"BOS\"\n");
    for (words, parts) in [
        (&["tema", "BOS"][..], &["no setting \"tema\"", "nearest: \"team\""][..]),
        (&["team", "Celtcs"], &["team cannot be \"Celtcs\"", "Boston Celtics (BOS)"]),
        (&["priority", "p9"], &["priority cannot be \"p9\"", "p1 (the highest)"]),
        (&["destination", "games"], &["\"inbox\", or \"project:\""]),
        (&["format", "csv"], &["it is human or json"]),
        (&["color", "sometimes"], &["auto, always or never"]),
        (&["deadline", "1d"], &["from 1s to 24h", "or none"]),
        (&["timezone", "Mars"], &["Europe/Berlin"]),
        (&["notify_task", "perhaps"], &["true or false"]),
        (&["api_url", "http://example.com"], &["api_url cannot be"]),
        (&["title", "{home}", "{away}"], &["one value", "In quotes"]),
        (&["team"], &["needs a value", "nbatodo config set team"]),
        (&["profile", "x", "--profile", "anna"], &["never a setting of one profile"]),
        (&["profile", "a b"], &["not a profile name"]),
    ] {
        let ran = world.run([&["config", "set"], words].concat());
        ran.exits_with(2).complains_of(parts);
        assert_eq!(world.configured(), "team = \"BOS\"\n", "{words:?}");
    }
    world.run(["config", "unset", "tema"]).exits_with(2).complains_of(&["nearest: \"team\""]);
}

/// A file that cannot be read says nothing about anything.
#[test]
fn every_command_names_file_line_and_way_out() {
    let world = World::new();
    let file = world.config_file().display().to_string();
    for (text, parts) in [
        ("\ntema = \"BOS\"", &["line 2", "\"tema\"", "config unset tema"][..]),
        ("team = ", &["line 1: this is no TOML", "; repair it by hand"]),
        ("[profiles.anna]\nx = 1", &["line 2", "config unset x --profile anna"]),
        ("yearly_reminder = 1", &["line 1", "true or false"]),
        ("profile = \"a b\"", &["line 1", "not a profile name", "config unset profile"]),
    ] {
        world.configure(text);
        for command in [
            &["status"][..],
            &["schedule", "--team", "BOS"],
            &["import", "--team", "BOS"],
            &["logout"],
            &["config", "show"],
        ] {
            // That shows a value which is not taken, and the rest beside it.
            if command[0] == "config" && text.starts_with("profile") {
                continue;
            }
            let ran = world.run(command);
            ran.exits_with(2).complains_of(&[&[file.as_str()], parts].concat());
        }
    }
}

/// What one import does without, an import for all does without, too.
#[test]
fn a_wrong_value_ends_an_import_for_all_no_more_than_one_for_one() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(1)));
    world.sign_in("default", RED);
    world.configure("team = \"BOS\"\ntimezone = \"Mars\"\n");
    world.run(["import", "--dry-run"]).exits_with(0);
    let ran = world.run(["import", "--all-profiles", "--dry-run"]);
    assert!(ran.exits_with(0).stdout.contains("1 done"), "{ran:?}");
}

/// A value that cannot be used ends what uses it; everything else names it and goes on, wherever
/// it was set.
#[test]
fn a_wrong_value_ends_only_what_uses_it() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(1)));
    let passed = "This run does without it, and passes it over";
    let (status, logout, show) = (&["status"][..], &["logout"][..], &["config", "show"][..]);
    let (schedule, import) =
        (&["schedule", "--team", "BOS"][..], &["import", "--team", "BOS", "--dry-run"][..]);
    for (key, value, users, others) in [
        ("priority", "p9", &[import][..], &[status, logout, show, schedule][..]),
        ("timezone", "Mars", &[schedule], &[status, logout, show, import]),
        ("team", "celtcs", &[schedule, import], &[status, logout, show]),
        ("format", "xml", &[schedule, import], &[status, logout, show]),
        ("deadline", "soon", &[schedule, import], &[status, logout, show]),
    ] {
        let variable = format!("NBATODO_{}", key.to_uppercase());
        let runs = |command: &[&str], in_file: bool| {
            let mut command = world.command(command);
            if in_file {
                world.configure(&format!("{key} = \"{value}\"\n"));
            } else {
                world.configure("");
                command.env(&variable, value);
            }
            finish(command)
        };
        for in_file in [true, false] {
            let way_out = match in_file {
                true => format!("nbatodo config unset {key}"),
                false => format!("unset {variable}"),
            };
            let named = format!("cannot be \"{value}\"");
            for command in users {
                runs(command, in_file).exits_with(2).complains_of(&[&named, &way_out]);
            }
            for command in others {
                let ran = runs(command, in_file);
                assert_ne!(ran.code, Some(2), "{command:?}: {ran:?}");
                let line = ran.stderr.lines().next().unwrap_or_default();
                for part in [named.as_str(), way_out.as_str(), passed] {
                    assert!(line.contains(part), "{command:?} {part}: {ran:?}");
                }
            }
            let shown = runs(show, in_file).stdout;
            let row = shown.lines().find(|line| line.starts_with(key)).unwrap();
            assert!(row.contains(value) && row.ends_with(", not taken"), "{row}");
            let one = runs(&["config", "show", key], in_file);
            assert_eq!(one.exits_with(2).stdout, "");
            one.complains_of(&[&named]);
            let quiet = runs(&["logout", "--quiet"], in_file);
            assert_eq!((quiet.exits_with(0).stdout.as_str(), quiet.stderr.as_str()), ("", ""));
        }
    }
    // To whom a token may go is never passed over.
    let mut command = world.command(["logout"]);
    command.env("NBATODO_API_URL", "http://example.com");
    finish(command).exits_with(2).complains_of(&["NBATODO_API_URL cannot be"]);
}

#[test]
fn what_is_wrong_can_be_taken_out_by_the_command_that_is_named() {
    let world = World::new();
    world.configure("# Mine.\ntema = \"BOS\"\npriority = \"p9\"\n[profiles.anna]\nx = 1\n");
    world.run(["config", "unset", "tema"]).exits_with(0);
    world.run(["config", "unset", "x", "--profile", "anna"]).exits_with(0);
    world.run(["config", "unset", "priority"]).exits_with(0);
    assert_eq!(world.configured(), "# Mine.\n[profiles.anna]\n");
    world.run(["config", "show"]).exits_with(0);
    // No command repairs what is no TOML, and none makes it worse.
    world.configure("team = ");
    world.run(["config", "set", "team", "BOS"]).exits_with(2).complains_of(&["line 1"]);
    assert_eq!(world.configured(), "team = ");
}

#[test]
fn a_variable_that_is_wrong_is_named() {
    let world = World::new();
    let mut command = world.command(["import", "--team", "BOS"]);
    command.env("NBATODO_PRIORITY", "p9");
    let ran = finish(command);
    ran.exits_with(2).complains_of(&["NBATODO_PRIORITY cannot be", "unset NBATODO_PRIORITY"]);
}

#[test]
fn of_two_settings_that_say_the_same_the_second_is_refused_with_the_way_out() {
    let world = World::new();
    for (first, second) in [
        (["one_project", "NBA"], ["destination", "inbox"]),
        (["destination", "inbox"], ["one_project", "NBA"]),
    ] {
        for of_profile in [&[][..], &["--profile", "anna"]] {
            world.configure("");
            let set = |words: &[&str]| world.run([&["config", "set"], words, of_profile].concat());
            set(&first).exits_with(0);
            let before = world.configured();
            let way_out = [&["nbatodo", "config", "unset", first[0]], of_profile].concat();
            set(&second).exits_with(2).complains_of(&["only one of them", &way_out.join(" ")]);
            assert_eq!(world.configured(), before);
            world.run(&way_out[1..]).exits_with(0);
            set(&second).exits_with(0);
        }
    }
}

#[test]
fn what_cannot_be_changed_without_changing_more_is_left_to_the_person() {
    let world = World::new();
    let file = world.config_file().display().to_string();
    for text in ["[[profiles]]\nteam = \"BOS\"\n", "profiles = 1\n"] {
        world.configure(text);
        let ran = world.run(["config", "set", "team", "LAL", "--profile", "anna"]);
        ran.exits_with(2).complains_of(&[&format!("edit it by hand: {file}")]);
        assert_eq!(world.configured(), text);
    }
}

#[test]
fn a_key_of_the_file_is_one_word_in_a_command_to_paste() {
    let world = World::new();
    for (key, command) in [
        ("\"x; touch /p $(id)\"", "nbatodo config unset 'x; touch /p $(id)'"),
        ("\"it's\"", "nbatodo config unset 'it'\\''s'"),
        ("-rf", "nbatodo config unset -- -rf"),
        ("profiles.anna.-rf", "nbatodo config unset --profile anna -- -rf"),
    ] {
        world.configure(&format!("{key} = 1\n"));
        let ran = world.run(["schedule"]);
        ran.exits_with(2).complains_of(&[command]);
        let line = format!("{} {}", env!("CARGO_BIN_EXE_nbatodo"), &command["nbatodo ".len()..]);
        let mut shell = world.command(["--version"]);
        shell = {
            let mut sh = std::process::Command::new("sh");
            sh.args(["-c", &line]).env_clear();
            sh.envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
            sh
        };
        finish(shell).exits_with(0);
        assert_eq!(world.configured(), "", "{key}");
    }
    world.configure("\"a\\u001B[31mb\" = 1\n");
    let ran = world.run(["schedule", "--format", "json"]);
    let told = ran.exits_with(2).json()["error"].to_string();
    assert!(!told.contains("\\u001b") && !told.contains("\\u009b"), "{told}");
}
