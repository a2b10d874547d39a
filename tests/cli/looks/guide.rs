//! `nbatodo` alone, wherever a person stands.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::Value;

use super::{Scene, TUESDAY, WIDTHS};
use crate::terminal::Terminal;
use crate::world::{RED, finish};

/// 17:00 in UTC on the Tuesday of the scene.
const NOW: i64 = 1_795_539_600;
const HOUR: i64 = 3600;

impl Scene {
    /// Lets the last import of each team have been so many seconds ago.
    fn imported_before(&self, seconds: i64) {
        let folder = self.0.home().join(".local/state/nbatodo/imports");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_record = |path: &PathBuf| path.extension().is_some_and(|it| it == "record");
        let records: Vec<_> = files.filter(is_record).collect();
        assert!(!records.is_empty());
        for path in records {
            let mut record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let then = Timestamp::from_second(NOW - seconds).unwrap();
            for at in record["imported"].as_object_mut().unwrap().values_mut() {
                *at = Value::from(then.to_string());
            }
            fs::write(path, record.to_string()).unwrap();
        }
    }

    /// Writes settings, with what else is said by the environment of this world.
    fn settle(&self, text: &str) {
        let model = self.0.command::<&str>([]);
        let rest: String = model
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_str()?, value?.to_str()?)))
            .filter_map(|(name, value)| Some((name.strip_prefix("NBATODO_")?, value)))
            .map(|(name, value)| format!("{} = {value:?}\n", name.to_lowercase()))
            .collect();
        self.0.configure(&format!("{text}{rest}"));
    }

    /// `command`, which finds all of that in its settings file.
    fn without_variables(&self, mut command: Command) -> Command {
        let names: Vec<_> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|it| it.to_string_lossy().starts_with("NBATODO_")) {
            command.env_remove(name);
        }
        command
    }

    /// What the guide draws in such an environment.
    fn guided(&self, columns: u16, change: impl FnOnce(&mut Command)) -> String {
        let mut command = self.without_variables(self.command(columns, &[]));
        change(&mut command);
        let (code, drawn) = Terminal::start_with(&command, columns).finish();
        assert_eq!(code, Some(0), "{drawn}");
        self.settled(&drawn)
    }

    fn guide(&self, columns: u16) -> String {
        self.guided(columns, |_| {})
    }
}

#[test]
fn the_guide_in_each_state() {
    for width in WIDTHS {
        let Some(scene) = Scene::signed_out() else { return };
        scene.settle("");
        let mut all = vec![("nobody is signed in", scene.guide(width))];
        scene.0.sign_in_by(scene.command(80, &["login", "--no-browser"]), RED);
        all.push(("no team", scene.guide(width)));
        scene.run(80, &["import", "--offline", "--team", "LAL", "--next", "1"]).exits_with(0);
        all.push(("no team, and an import of the Lakers", scene.guide(width)));
        scene.settle("team = [\"BOS\"]\n");
        all.push(("a team that was not imported yet", scene.guide(width)));
        scene.run(80, &["import", "--offline"]).exits_with(0);
        scene.imported_before(2 * HOUR);
        all.push(("imported today", scene.guide(width)));
        scene.imported_before(50 * HOUR);
        all.push(("imported two days ago", scene.guide(width)));
        let staying = scene.command(80, &["login", "--no-browser", "--stay-signed-in"]);
        scene.0.sign_in_by(staying, RED);
        scene.imported_before(2 * HOUR);
        all.push(("stays signed in", scene.guide(width)));
        let by_token = |command: &mut Command| {
            command.env("NBATODO_TOKEN", "0123456789abcdef");
        };
        all.push(("a token from outside", scene.guided(width, by_token)));
        let in_memory = |command: &mut Command| {
            command.env("NBATODO_SESSION_STORE", "memory");
        };
        all.push(("in memory", scene.guided(width, in_memory)));
        let in_database = |command: &mut Command| {
            command.env("NBATODO_SESSION_STORE", "redis://localhost:1/0");
        };
        all.push(("in a database", scene.guided(width, in_database)));
        scene.settle("team = [\"BOS\", \"LAL\", \"NYK\"]\n");
        all.push(("more teams than were imported", scene.guide(width)));
        scene.run(80, &["logout"]).exits_with(0);
        all.push(("signed out", scene.guide(width)));
        scene.settle("team = \"BOS\"\ntitel = \"x\"\n");
        all.push(("a faulty file", scene.guide(width)));
        let all: String = all.iter().map(|(name, text)| format!("# {name}\n{text}\n")).collect();
        assert_snapshot!(format!("guide_{width}"), all);
    }
}

/// What it says to a screen reader, and to a script.
#[test]
fn the_guide_in_words_and_as_a_document() {
    let Some(scene) = Scene::signed_in() else { return };
    scene.settle("team = [\"BOS\"]\n");
    assert_eq!(scene.run(80, &["--format", "json"]).json()["imported_at"], Value::Null);
    scene.run(80, &["import", "--offline"]).exits_with(0);
    scene.imported_before(HOUR);
    let document = scene.run(80, &["--format", "json"]).json();
    assert_eq!(document["imported_at"], "2026-11-24T16:00:00Z");
    assert_eq!(document["next"], "nbatodo schedule");
    assert_snapshot!("guide_plain", scene.printed(60, &["--plain"]));
    // Another profile knows nothing of it.
    let other = scene.run(80, &["--format", "json", "--profile", "anna"]).json();
    assert_eq!(other["imported_at"], Value::Null);
}

/// What was taken back was never imported.
#[test]
fn a_removed_import_is_proposed_again() {
    let Some(scene) = Scene::signed_in() else { return };
    scene.settle("team = [\"BOS\"]\n");
    scene.run(80, &["import", "--offline", "--next", "3"]).exits_with(0);
    scene.imported_before(HOUR);
    assert!(scene.guide(80).contains("Next       nbatodo schedule\n"), "{}", scene.guide(80));
    scene.run(80, &["remove", "--offline", "--yes"]).exits_with(0);
    let said = scene.guide(80);
    assert!(said.contains("Next       nbatodo import\n") && !said.contains("Imported"), "{said}");
}

/// The line for cron imports where there is nothing else in the environment.
#[test]
fn the_line_for_cron_runs() {
    let Some(scene) = Scene::signed_out() else { return };
    scene.settle("team = [\"BOS\"]\nstrict_feed = false\n");
    let staying = scene.command(80, &["login", "--no-browser", "--stay-signed-in"]);
    scene.0.sign_in_by(staying, RED);
    scene.run(80, &["import", "--offline", "--next", "3"]).exits_with(0);
    let said = finish(scene.without_variables(scene.command(80, &[]))).stdout;
    let line = said.lines().find_map(|line| line.strip_prefix("30 9 * * * ")).unwrap();
    assert!(line.ends_with("/nbatodo import --quiet"), "{line}");
    let model = scene.without_variables(scene.command(80, &[]));
    let mut shell = Command::new("faketime");
    shell.args(["-f", TUESDAY, "sh", "-c", line]).env_clear();
    shell.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    finish(shell).exits_with(0);
    // With something that cron does not know, there is no such line.
    let said = scene.run(80, &[]).exits_with(0).stdout.clone();
    assert!(!said.contains("crontab"), "{said}");
    let mut moved = scene.without_variables(scene.command(80, &[]));
    let config = scene.0.home().join(".config");
    let said = finish({
        moved.env("XDG_CONFIG_HOME", config);
        moved
    });
    assert!(!said.exits_with(0).stdout.contains("crontab"), "{said:?}");
    let file = scene.0.config_file();
    let named = scene.command(80, &["--config", file.to_str().unwrap()]);
    let said = finish(scene.without_variables(named)).stdout;
    assert!(said.contains("Imported") && !said.contains("crontab"), "{said}");
}

/// Another team's import, or its removal, says nothing of one's own.
#[test]
fn an_import_is_of_the_teams_that_it_was_asked_for() {
    let Some(scene) = Scene::signed_in() else { return };
    scene.settle("team = [\"BOS\"]\n");
    scene.run(80, &["import", "--offline", "--next", "3"]).exits_with(0);
    scene.imported_before(50 * HOUR);
    scene.run(80, &["import", "--offline", "--team", "LAL", "--next", "3"]).exits_with(0);
    let document = scene.run(80, &["--format", "json"]).json();
    assert_eq!(document["imported_at"], "2026-11-22T15:00:00Z");
    assert_eq!(document["next"], "nbatodo import");
}
