//! `--format jsonl`: what an import does, a line at a time and at once.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use nbatodo::sandbox::{Effect, Fault};

use crate::feed::{celtics_games, text};
use crate::removing::Imported;
use crate::schemas;
use crate::world::{RED, Ran, World, finish};

const SYNC: &str = "/api/v1/sync";
const IMPORT: [&str; 5] = ["import", "--team", "BOS", "--format", "jsonl"];

/// A run whose lines are read as they come.
struct Reading {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    read: String,
}

impl Reading {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines, read: String::new() }
    }

    fn next(&mut self) -> Value {
        let start = self.read.len();
        assert_ne!(self.lines.read_line(&mut self.read).unwrap(), 0, "no line after {}", self.read);
        serde_json::from_str(&self.read[start..]).unwrap()
    }

    fn finish(mut self) -> Ran {
        self.lines.read_to_string(&mut self.read).unwrap();
        let code = self.child.wait().unwrap().code();
        schemas::check(&self.read, code);
        Ran { code, stdout: self.read, stderr: String::new() }
    }
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["event"].as_str().unwrap()).collect()
}

#[test]
fn an_import_tells_each_step_and_ends_with_the_document() {
    let world = World::with_games(&celtics_games(3));
    let refusal = json!({"error": "Nope", "error_tag": "NOPE", "error_code": 1, "http_code": 400});
    world.sandbox.inject(Fault::refuse_command(1, refusal));
    let ran = world.run(IMPORT);
    let told = lines(ran.exits_with(6));
    assert_eq!(
        names(&told),
        [
            "started",
            "reading",
            "planned",
            "batch_sent",
            "batch_answered",
            "game",
            "game",
            "game",
            "finished"
        ]
    );
    assert!(told.iter().all(|line| line["profile"] == "default" && line["command"] == "import"));
    assert_eq!((&told[0]["teams"], &told[0]["season"]), (&json!(["BOS"]), &Value::Null));
    assert_eq!(told[2]["destinations"][0]["create"], 3);
    let states: Vec<&Value> = told[5..8].iter().map(|line| &line["state"]).collect();
    assert_eq!(states, ["created", "created", "failed"]);
    assert_eq!((&told[7]["reason"], &told[7]["destination"]), (&json!("Nope"), &json!("Celtics")));
    let document = &told[8]["document"];
    assert_eq!(document["destinations"][0]["created"], 2);
    assert_eq!(document["destinations"][0]["failed"][0]["game_id"], told[7]["game_id"]);
}

#[test]
fn the_first_games_arrive_while_the_import_still_runs() {
    let world = World::with_games(&celtics_games(120));
    world.sandbox.inject(Fault::nth_write(2, Effect::HangAfter));
    let mut reading = Reading::start(world.command(IMPORT));
    let mut games = 0;
    loop {
        let line = reading.next();
        games += usize::from(line["event"] == "game");
        if line["event"] == "batch_sent" && line["batch"] == 2 {
            break;
        }
    }
    // The first batch has the project and 99 games; of the second there will be no answer.
    assert_eq!((games, reading.child.try_wait().unwrap()), (99, None));
    world.runtime.block_on(world.sandbox.until_faults_happened());
    kill_process(Pid::from_child(&reading.child), Signal::INT).unwrap();
    let ran = reading.finish();
    let told = lines(ran.exits_with(130));
    assert_eq!(told.last().unwrap()["event"], "failed");
    world.import().exits_with(0);
    assert_eq!(world.tasks(RED).len(), 120);
}

#[test]
fn a_pause_is_told_once_and_a_deadline_ends_with_a_line() {
    let world = World::with_games(&celtics_games(2));
    world.sandbox.inject(Fault::answer(SYNC, 429, &[("Retry-After", "3")], "{}"));
    let ran = world.run(IMPORT);
    let told = lines(ran.exits_with(0));
    assert_eq!(names(&told).iter().filter(|name| **name == "pausing").count(), 1, "{told:?}");
    world.sandbox.inject(Fault::next(SYNC, Effect::Hang));
    let ran = world.run([&IMPORT[..], &["--deadline", "1s"]].concat());
    let told = lines(ran.exits_with(3));
    assert_eq!(names(&told), ["started", "reading", "failed"]);
}

#[test]
fn a_dry_run_plans_and_a_removal_deletes() {
    let it = Imported::new(&celtics_games(2), &[]);
    let dry = it.run(&["remove", "--team", "BOS", "--dry-run", "--format=jsonl"]);
    assert_eq!(names(&lines(dry.exits_with(0))), ["started", "reading", "planned", "finished"]);
    let ran = it.run(&["remove", "--team", "BOS", "--yes", "--format=jsonl"]);
    let told = lines(ran.exits_with(0));
    let deleted = told.iter().filter(|line| line["state"] == "deleted").count();
    assert_eq!((deleted, &told.last().unwrap()["document"]["command"]), (2, &json!("remove")));
    let again = it.import(&["--format=jsonl", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(lines(again.exits_with(10)).last().unwrap()["exit_code"], 10);
}

#[test]
fn whoever_cannot_have_events_is_told_in_a_line() {
    let world = World::new();
    for command in [&["status"][..], &["schedule", "--team", "BOS"], &["teams"], &["logout"]] {
        let ran = world.run([command, &["--format", "jsonl"]].concat());
        ran.exits_with(2).complains_of(&["there is no jsonl of this", "\"import\" and \"remove\""]);
        assert_eq!(names(&lines(&ran)), ["failed"]);
    }
    let told = lines(world.run(["import", "--nope", "--format=jsonl"]).exits_with(2)).remove(0);
    assert_eq!((&told["event"], &told["profile"]), (&json!("failed"), &Value::Null));
    let told = lines(world.run(IMPORT).exits_with(4));
    assert_eq!(names(&told), ["started", "failed"]);
}

#[test]
fn a_reader_that_leaves_does_not_end_the_import() {
    let world = World::with_games(&celtics_games(120));
    let mut reading = Reading::start(world.command(IMPORT));
    assert_eq!(reading.next()["event"], "started");
    let Reading { mut child, lines, .. } = reading;
    drop(lines);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(world.tasks(RED).len(), 120);
    let full = finish(world.shell(&format!(
        "exec '{}' import --team BOS --format jsonl > /dev/full",
        env!("CARGO_BIN_EXE_nbatodo")
    )));
    full.exits_with(1);
}

#[test]
fn text_from_outside_stays_within_its_line() {
    let world = World::with(|_| {});
    let hostile = "a\"b\\c\n\u{1b}[31m\u{85}\u{2028}\u{202e}🏀";
    world.serve_feed(text(&celtics_games(2)));
    world.sign_in("default", RED);
    let refusal = json!({"error": hostile, "error_tag": "X", "error_code": 1, "http_code": 400});
    world.sandbox.inject(Fault::refuse_command(1, refusal));
    let title = "{team} \u{2028}\u{202e}🏀 {opponent}";
    let ran = world.run([&IMPORT[..], &["--title", title]].concat());
    let breaks = |c: char| c != '\n' && (c.is_control() || "\u{2028}\u{202e}".contains(c));
    assert!(!ran.exits_with(6).stdout.contains(breaks), "{ran:?}");
    let told = lines(&ran);
    let games: Vec<&Value> = told.iter().filter(|line| line["event"] == "game").collect();
    assert!(games.iter().all(|game| game["title"].as_str().unwrap().contains('🏀')), "{games:?}");
}
