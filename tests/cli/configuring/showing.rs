//! Each setting with where it comes from.

use serde_json::{Value, json};

use crate::world::{World, finish};

/// What `config show` says of `key`: its value, and where it comes from.
fn shown(world: &World, arguments: &[&str], vars: &[(&str, &str)], key: &str) -> (Value, Value) {
    let mut command = world.command([&["config", "show", "--format", "json"], arguments].concat());
    command.envs(vars.iter().copied());
    let document = finish(command).json();
    let settings = document["settings"].as_array().unwrap();
    let found = settings.iter().find(|it| it["key"] == key);
    let found = found.unwrap_or_else(|| panic!("no {key} in {document}"));
    (found["value"].clone(), found["origin"].clone())
}

#[test]
fn the_origin_of_each_value_is_shown() {
    let world = World::new();
    world.configure("team = \"BOS\"\n\n[profiles.anna]\nteam = [\"LAL\", \"NYK\"]\n");
    let origin = |from: &str, name: Option<&str>, line: Option<u32>, profile: Option<&str>| json!({ "from": from, "name": name, "line": line, "profile": profile });
    let table = origin("file", None, Some(4), Some("anna"));
    let top = origin("file", None, Some(1), None);
    let variable = origin("environment", Some("NBATODO_TEAM"), None, None);
    let anna = ["--profile", "anna"];
    assert_eq!(shown(&world, &[], &[], "team"), (json!(["BOS"]), top));
    assert_eq!(shown(&world, &anna, &[], "team"), (json!(["LAL", "NYK"]), table));
    let utah = shown(&world, &anna, &[("NBATODO_TEAM", "UTA")], "team");
    assert_eq!(utah, (json!(["UTA"]), variable));
    let flag = origin("flag", Some("--profile"), None, None);
    assert_eq!(shown(&world, &anna, &[], "profile"), (json!("anna"), flag));
    let default = origin("default", None, None, None);
    assert_eq!(shown(&world, &["--all"], &[], "deadline"), (json!("10m"), default.clone()));
    assert_eq!(shown(&world, &["--all"], &[], "priority"), (Value::Null, default));
}

#[test]
fn people_see_one_line_a_setting() {
    let world = World::new();
    world.configure("# mine\nteam = [\"BOS\", \"LAL\"]\nyearly_reminder = true\n");
    let mut command = world.command(["config", "show", "--color", "never"]);
    for name in ["KEY_FILE", "API_URL", "AUTH_URL", "SCHEDULE_URL"] {
        command.env_remove(format!("NBATODO_{name}"));
    }
    let ran = finish(command);
    ran.exits_with(0);
    let file = world.config_file().display().to_string();
    let lines = format!(
        "Profile \"default\", settings file {file}\n\
         team             BOS, LAL  line 2\n\
         yearly_reminder  true      line 3\n\
         color            never     --color\n"
    );
    assert_eq!(ran.stdout, lines);
    world.configure("");
    let all = world.run(["config", "show", "--all"]).stdout;
    for line in ["priority ", "team ", "session_store ", "default"] {
        assert!(all.contains(line), "{line:?} is not in {all}");
    }
}

#[test]
fn where_the_file_is_is_told_even_if_it_is_faulty() {
    let world = World::new();
    let path = |world: &World| world.run(["config", "path"]).exits_with(0).stdout.clone();
    let expected = format!("{}\n", world.config_file().display());
    assert_eq!(path(&world), expected);
    world.configure("tema = ");
    assert_eq!(path(&world), expected);
    let other = world.home().join("other.toml");
    let mut command = world.command(["config", "path", "--format", "json"]);
    command.env("NBATODO_CONFIG", &other);
    let document = finish(command).json();
    assert_eq!(document["path"], other.to_str().unwrap());
    assert_eq!(document["exists"], false);
}

#[test]
fn a_script_asks_for_one_value() {
    let world = World::new();
    world.configure("team = [\"BOS\", \"LAL\"]\n[profiles.anna]\nteam = \"UTA\"\n");
    let value = |arguments: &[&str]| {
        let ran = world.run([&["config", "show"], arguments].concat());
        assert_eq!(ran.exits_with(0).stderr, "");
        ran.stdout
    };
    assert_eq!(value(&["team"]), "BOS\nLAL\n");
    assert_eq!(value(&["teams", "--profile", "anna"]), "UTA\n");
    assert_eq!(value(&["deadline"]), "10m\n", "what holds where nothing is set");
    assert_eq!(value(&["priority"]), "", "nothing is set, and nothing holds");
    assert_eq!(value(&["client_secret"]), "");
    let (team, _) = shown(&world, &["team"], &[], "team");
    assert_eq!(team, json!(["BOS", "LAL"]));
    world.run(["config", "show", "tema"]).exits_with(2).complains_of(&["nearest: \"team\""]);
    world.run(["config", "show", "team", "--all"]).exits_with(2);
    let mut command = world.command(["config", "show", "client_secret"]);
    command.env("NBATODO_CLIENT_ID", "mine").env("NBATODO_CLIENT_SECRET", "hunter2");
    assert_eq!(finish(command).exits_with(0).stdout, "***\n");
}
