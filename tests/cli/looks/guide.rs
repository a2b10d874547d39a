//! `nbatodo` alone, wherever a person stands.

use std::fs::{self, File};
use std::process::Command;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;

use super::{Scene, WIDTHS};
use crate::terminal::Terminal;
use crate::world::{RED, finish};

/// 17:00 in UTC on the Tuesday of the scene.
const NOW: u64 = 1_795_539_600;
const HOUR: u64 = 3600;

impl Scene {
    /// Lets the last import have been so many seconds ago: files bear the true time.
    fn imported_before(&self, seconds: u64) {
        let folder = self.0.home().join(".local/state/nbatodo/imports");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_record =
            |path: &std::path::PathBuf| path.extension().is_some_and(|it| it == "record");
        let records: Vec<_> = files.filter(is_record).collect();
        assert!(!records.is_empty());
        for record in records {
            let then = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW - seconds);
            File::options().append(true).open(record).unwrap().set_modified(then).unwrap();
        }
    }

    /// What the guide draws in such an environment.
    fn guided(&self, columns: u16, change: impl FnOnce(&mut Command)) -> String {
        let mut command = self.command(columns, &[]);
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
        let mut all = vec![("nobody is signed in", scene.guide(width))];
        scene.0.sign_in_by(scene.command(80, &["login", "--no-browser"]), RED);
        all.push(("no team", scene.guide(width)));
        scene.run(80, &["import", "--offline", "--team", "LAL", "--next", "1"]).exits_with(0);
        all.push(("no team, and an import of the Lakers", scene.guide(width)));
        scene.0.configure("team = [\"BOS\"]\n");
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
        scene.0.configure("team = [\"BOS\", \"LAL\", \"NYK\"]\n");
        all.push(("more teams than were imported", scene.guide(width)));
        scene.run(80, &["logout"]).exits_with(0);
        all.push(("signed out", scene.guide(width)));
        scene.0.configure("team = \"BOS\"\ntitel = \"x\"\n");
        all.push(("a faulty file", scene.guide(width)));
        let all: String = all.iter().map(|(name, text)| format!("# {name}\n{text}\n")).collect();
        assert_snapshot!(format!("guide_{width}"), all);
    }
}

/// What it says to a screen reader, and to a script.
#[test]
fn the_guide_in_words_and_as_a_document() {
    let Some(scene) = Scene::signed_in() else { return };
    scene.0.configure("team = [\"BOS\"]\n");
    assert_eq!(scene.run(80, &["--format", "json"]).json()["imported_at"], serde_json::Value::Null);
    scene.run(80, &["import", "--offline"]).exits_with(0);
    scene.imported_before(HOUR);
    let document = scene.run(80, &["--format", "json"]).json();
    assert_eq!(document["imported_at"], "2026-11-24T16:00:00Z");
    assert_eq!(document["next"], "nbatodo schedule");
    assert_snapshot!("guide_plain", scene.printed(60, &["--plain"]));
    // Another profile knows nothing of it.
    let other = scene.run(80, &["--format", "json", "--profile", "anna"]).json();
    assert_eq!(other["imported_at"], serde_json::Value::Null);
}

/// What was taken back was never imported.
#[test]
fn a_removed_import_is_proposed_again() {
    let Some(scene) = Scene::signed_in() else { return };
    scene.0.configure("team = [\"BOS\"]\n");
    scene.run(80, &["import", "--offline", "--next", "3"]).exits_with(0);
    scene.imported_before(HOUR);
    assert!(scene.guide(80).contains("Next       nbatodo schedule\n"), "{}", scene.guide(80));
    scene.run(80, &["remove", "--offline", "--yes"]).exits_with(0);
    let said = scene.guide(80);
    assert!(said.contains("Next       nbatodo import\n") && !said.contains("Imported"), "{said}");
}

/// The line for cron is one that a shell runs.
#[test]
fn the_line_for_cron_runs() {
    let Some(scene) = Scene::signed_out() else { return };
    scene.0.configure("team = [\"BOS\"]\n");
    let staying = scene.command(80, &["login", "--no-browser", "--stay-signed-in"]);
    scene.0.sign_in_by(staying, RED);
    scene.run(80, &["import", "--offline", "--next", "3"]).exits_with(0);
    let said = scene.run(80, &[]).stdout;
    let line = said.lines().find_map(|line| line.strip_prefix("30 9 * * * ")).unwrap();
    assert!(line.ends_with("/nbatodo import --quiet"), "{line}");
    let ran = finish(scene.0.shell(&format!("{line} --help")));
    assert!(ran.exits_with(0).stdout.contains("Usage: nbatodo import"), "{ran:?}");
}
