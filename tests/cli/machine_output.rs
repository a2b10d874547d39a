//! Nothing stands in the schemas that no run prints: each field of each is seen here, and where it
//! can be null, both ways.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use jiff::{SignedDuration, Timestamp};
use jsonschema::Validator;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};

use crate::databases::servers::Kind;
use crate::feed::{celtics_games, season_start, text};
use crate::many::Household;
use crate::many::sharing::done_elsewhere;
use crate::removing::{Imported, REMOVE};
use crate::schemas::{self, documents};
use crate::world::{PAT, RED, Ran, World, finish};

const REVOKE: &str = "/api/v1/revoke";

/// Which fields were seen: the schema, where in it, and whether there was a value.
type Seen = BTreeSet<(String, bool)>;

/// Follows documents through their schemas.
#[derive(Default)]
struct Walk {
    seen: Seen,
    validators: HashMap<String, Validator>,
}

impl Walk {
    fn follow(&mut self, ran: &Ran) {
        let all = documents(&ran.stdout);
        assert!(!all.is_empty(), "{ran:?}");
        for document in all {
            let name = schemas::name_of(&document).to_owned();
            self.visit(&name, "", &schemas::all()[&name], &document);
        }
    }

    fn visit(&mut self, name: &str, at: &str, schema: &Value, found: &Value) {
        if at.rsplit('/').nth(1) == Some("properties") {
            self.seen.insert((format!("{name}{at}"), !found.is_null()));
        }
        if let Some(other) = schema["$ref"].as_str() {
            let other = other.trim_end_matches(".json");
            self.visit(other, "", &schemas::all()[other], found);
        }
        for (field, it) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = found.get(field) {
                self.visit(name, &format!("{at}/properties/{field}"), it, value);
            }
        }
        if schema["items"].is_object() {
            for value in found.as_array().into_iter().flatten() {
                self.visit(name, &format!("{at}/items"), &schema["items"], value);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            for (number, branch) in schema[keyword].as_array().into_iter().flatten().enumerate() {
                let at = format!("{at}/{keyword}/{number}");
                let validator = self
                    .validators
                    .entry(format!("{name}{at}"))
                    .or_insert_with(|| schemas::validator(branch));
                if validator.is_valid(found) {
                    self.visit(name, &at, branch, found);
                }
            }
        }
    }
}

/// All fields that there are, and what each can be.
fn expected() -> Seen {
    let mut fields = Seen::new();
    for (name, schema) in schemas::all() {
        schemas::each(schema, "", &mut |at, it| {
            if at.rsplit('/').nth(1) != Some("properties") {
                return;
            }
            fields.insert((format!("{name}{at}"), true));
            let types = it["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
            let branches =
                it["anyOf"].as_array().is_some_and(|all| all.contains(&json!({"type": "null"})));
            if types || branches {
                fields.insert((format!("{name}{at}"), false));
            }
        });
    }
    fields
}

fn refusal() -> Value {
    json!({"error": "Nope", "error_tag": "NOPE", "error_code": 1, "http_code": 400})
}

/// Signing in and out, and what has no need of it.
fn around_a_sign_in(walk: &mut Walk) {
    let world = World::new();
    let login = ["login", "--no-browser", "--format", "json"];
    walk.follow(&world.sign_in_by(world.command(login), RED));
    walk.follow(&world.run(["status", "--format", "json"]));
    walk.follow(&world.sign_in_by(world.command(login), PAT));
    world.sandbox.inject(Fault::next(REVOKE, Effect::Garbage));
    for _ in 0..2 {
        walk.follow(&world.run(["logout", "--format", "json"]));
    }
    for arguments in [
        &["status", "--format", "json"][..],
        &["status", "--format", "jsonl"],
        &["man", "import", "login", "--format", "json"],
        &["teams", "--format", "json"],
        &["demo", "--format", "json"],
        &["completions", "fish", "--format", "json"],
        &["doctor", "--offline", "--format", "json"],
        &["doctor", "--make-key", "made.key", "--format", "json"],
    ] {
        let mut command = world.command(arguments);
        command.current_dir(world.home());
        walk.follow(&finish(command));
    }
    for arguments in [&["man", "import"][..], &["man", "--folder", "pages"]] {
        let mut command = world.command([arguments, &["--format", "json"]].concat());
        command.current_dir(world.home());
        walk.follow(finish(command).exits_with(0));
    }
    let mut command = world.command(["doctor", "--offline", "--format", "json"]);
    command.env("NBATODO_KEY_FILE", "/nowhere/key");
    walk.follow(finish(command).exits_with(1));
}

/// What is set, and where a person stands.
fn settings(walk: &mut Walk) {
    let world = World::new();
    walk.follow(&world.run(["--format", "json"]));
    world.sign_in("default", RED);
    for arguments in [
        &["config", "path"][..],
        &["config", "set", "team", "BOS"],
        &["config", "set", "team", "LAL", "--profile", "anna"],
        &["config", "show", "--all", "--profile", "anna"],
        &["config", "show"],
        &["import", "--offline", "--next", "1"],
        &[],
    ] {
        walk.follow(world.run([arguments, &["--format", "json"]].concat()).exits_with(0));
    }
    let mut command = world.command(["config", "unset", "team", "--format", "json"]);
    command.env("NBATODO_TEAM", "UTA");
    walk.follow(finish(command).exits_with(0));
    world.configure("priority = \"p9\"\n");
    walk.follow(world.run(["config", "show", "--format", "json"]).exits_with(0));
    world.configure("tema = \"BOS\"\n");
    walk.follow(world.run(["--format", "json"]).exits_with(0));
}

/// Imports for all profiles; says whether there was a database by which hosts share the work.
fn for_all_profiles(walk: &mut Walk) -> bool {
    let household = Household::of(2);
    household.sign_in(2, SignedDuration::from_hours(2));
    for format in ["json", "jsonl"] {
        walk.follow(household.import(&["--format", format]).exits_with(4));
    }
    household.world.sandbox.inject(Fault::next("/api/v1/sync", Effect::Hang));
    let late = household.import(&["--deadline", "2s", "--format", "json"]);
    assert!(late.json()["broken_off"].is_string(), "{late:?}");
    walk.follow(&late);
    let elsewhere = done_elsewhere(Kind::Redis);
    elsewhere.iter().for_each(|ran| walk.follow(ran.exits_with(0)));
    elsewhere.is_some()
}

fn a_sandbox(walk: &mut Walk) {
    let world = World::new();
    let mut command = world.command(["sandbox", "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut lines, mut stdout) = (BufReader::new(child.stdout.take().unwrap()), String::new());
    while !stdout.ends_with("\n}\n") {
        assert_ne!(lines.read_line(&mut stdout).unwrap(), 0, "{stdout}");
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let code = child.wait().unwrap().code();
    schemas::check(&stdout, code);
    walk.follow(&Ran { code, stdout, stderr: String::new() });
}

fn listings(walk: &mut Walk) {
    let world = World::new();
    let list = ["schedule", "--team", "BOS", "--refresh", "--format", "json"];
    walk.follow(&world.run(["schedule", "--team", "BOS", "--offline", "--format", "json"]));
    let month = ["schedule", "--team", "BOS", "--offline", "--month", "--format", "json"];
    walk.follow(&world.run(month));
    let mut games = celtics_games(3);
    games[0].status_text = "TBD";
    world.serve_feed(text(&games).replace("An Arena", "").replace("A City", ""));
    walk.follow(&world.run(list));
    walk.follow(&world.run(["schedule", "--team", "LAL", "--format", "json"]));
    let around = |days: i64| Timestamp::now().checked_add(SignedDuration::from_hours(24 * days));
    for (game, days) in games.iter_mut().zip([-9, 9, 11]) {
        game.tipoff = around(days).unwrap();
        game.status_text = "7:00 pm ET";
    }
    world.serve_feed(text(&games));
    walk.follow(&world.run(list));
}

fn imports(walk: &mut Walk) {
    let season = format!("{}-{:02}", season_start(), (season_start() + 1) % 100);
    let it = Imported::new(&celtics_games(3), &["--destination", "inbox"]);
    walk.follow(&it.import(&["--destination", "inbox", "--format", "json"]));
    walk.follow(&it.run(&["import", "--team", "LAL", "--format", "json"]));
    walk.follow(&it.run(&["status", "--format", "json"]));
    walk.follow(&it.run(&["import", "--nope", "--format", "jsonl"]));

    let it = Imported::new(&celtics_games(120), &["--next", "1", "--yearly-reminder"]);
    for task in it.world.tasks(RED) {
        it.world.sandbox.person(RED).retitle(&task.id, "Mine").unwrap();
    }
    walk.follow(&it.run(&["remove", "--team", "BOS", "--dry-run", "--format", "json"]));
    it.world.sandbox.inject(Fault::nth_write(2, Effect::Garbage));
    let broken = it.import(&["--format", "jsonl", "--max-wait", "0", "--season", &season]);
    walk.follow(broken.exits_with(3));
    it.import(&[]).exits_with(0);
    it.world.sandbox.inject(Fault::nth_write(2, Effect::Garbage));
    let remove = [&REMOVE[..], &["--format", "json", "--max-wait", "0"]].concat();
    walk.follow(it.run(&remove).exits_with(3));
}

fn what_todoist_refuses(walk: &mut Walk) {
    let it = Imported::new(&celtics_games(2), &[]);
    let effect = Effect::RefuseCommand { index: 0, error: refusal() };
    it.world.sandbox.inject(Fault::nth_write(2, effect.clone()));
    let remove = [&REMOVE[..], &["--format", "jsonl"]].concat();
    walk.follow(it.run(&remove).exits_with(6));

    let it = Imported::new(&celtics_games(2), &["--next", "1"]);
    let pause = Fault::answer("/api/v1/sync", 429, &[("Retry-After", "1")], "{}");
    it.world.sandbox.inject(pause);
    walk.follow(&it.import(&["--yearly-reminder", "--format", "jsonl"]));
    it.world.sandbox.inject(Fault::nth_write(1, effect));
    walk.follow(&it.import(&["--label", "nba", "--format", "json"]));
}

fn a_run_that_keeps_nothing(walk: &mut Walk) {
    let world = World::new();
    world.serve_feed(text(&celtics_games(1)));
    for command in [&["import", "--team", "BOS"][..], &["remove", "--team", "BOS", "--yes"]] {
        let more = ["--session-store", "memory", "--no-browser", "--format", "json"];
        let run = world.start_login(world.command([command, &more].concat()));
        world.decide(&run.url, RED, Decision::Allow);
        walk.follow(run.finish().exits_with(0));
    }
}

#[test]
fn every_field_of_every_schema_is_printed_by_some_run() {
    let mut walk = Walk::default();
    around_a_sign_in(&mut walk);
    a_sandbox(&mut walk);
    listings(&mut walk);
    imports(&mut walk);
    what_todoist_refuses(&mut walk);
    a_run_that_keeps_nothing(&mut walk);
    settings(&mut walk);
    let shares = for_all_profiles(&mut walk);
    let mut expected = expected();
    // Only hosts with a database leave anything to each other.
    expected
        .retain(|(at, _)| shares || !at.starts_with("imported-for-all/properties/elsewhere/items"));
    assert!(expected.len() > 200, "{}", expected.len());
    let missing: Vec<_> = expected.difference(&walk.seen).collect();
    assert!(missing.is_empty(), "never printed (false: as null): {missing:#?}");
}
