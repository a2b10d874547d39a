//! A failure of each exit code, as a person at a terminal reads it.

use std::fs;
use std::process::Command;

use insta::assert_snapshot;
use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Fault, Overrides};
use serde_json::json;

use super::{Scene, WIDTHS};
use crate::sessions::faketime;
use crate::terminal::Terminal;
use crate::world::{RED, World};

const IMPORT: [&str; 6] = ["import", "--team", "BOS", "--offline", "--next", "3"];

impl Scene {
    /// How a run in such an environment ends, and what it draws.
    fn failing(
        &self,
        columns: u16,
        arguments: &[&str],
        change: impl FnOnce(&mut Command),
    ) -> (i32, String) {
        let mut command = self.command(columns, arguments);
        change(&mut command);
        let (code, drawn) = Terminal::start_with(&command, columns).finish();
        (code.unwrap(), self.settled(&drawn))
    }
}

#[test]
fn one_of_each_exit_code() {
    for width in WIDTHS {
        let Some(scene) = Scene::signed_in() else { return };
        let as_it_is = |_: &mut Command| {};
        let nothing = scene.failing(width, &["logout", "--profile", "x"], as_it_is);
        let mut all = vec![("nothing to do", nothing), ("no room", no_room(width))];
        all.push((
            "an option that there is none",
            scene.failing(width, &["import", "--nope"], as_it_is),
        ));
        all.push(("no command that there is", scene.failing(width, &["imprt"], as_it_is)));
        all.push(("no team", scene.failing(width, &["import"], as_it_is)));
        let nobody = |command: &mut Command| {
            command.env("NBATODO_TOKEN", "0123456789abcdef");
            command.env("NBATODO_API_URL", "http://127.0.0.1:1");
        };
        all.push(("nobody answers", scene.failing(width, &["status"], nobody)));
        let wrong = |command: &mut Command| {
            command.env("NBATODO_TOKEN", "0123456789abcdef");
        };
        all.push(("a token that is none", scene.failing(width, &["status"], wrong)));
        all.push(("denied", denied(&scene, width)));
        let no_key = |command: &mut Command| {
            command.env("NBATODO_KEY_FILE", "/nowhere/key");
        };
        all.push(("no key file", scene.failing(width, &["login"], no_key)));
        let refusal =
            json!({"error": "Nope", "error_tag": "NOPE", "error_code": 1, "http_code": 400});
        scene.0.sandbox.inject(Fault::refuse_command(2, refusal));
        all.push(("a game that is refused", scene.failing(width, &IMPORT, as_it_is)));
        let would = [&IMPORT[..], &["--dry-run", "--detailed-exitcode"]].concat();
        all.push(("something would change", scene.failing(width, &would, as_it_is)));
        all.push(("Ctrl-C", interrupted(&scene, width)));
        let codes: Vec<i32> = all.iter().map(|(_, (code, _))| *code).collect();
        for code in [0, 1, 2, 3, 4, 5, 6, 10, 130] {
            assert!(codes.contains(&code), "{code} is not in {codes:?}");
        }
        let all: String =
            all.iter().map(|(name, (code, text))| format!("# {name}: {code}\n{text}\n")).collect();
        assert_snapshot!(format!("codes_{width}"), all);
    }
}

/// An account that may have no further project.
fn no_room(columns: u16) -> (i32, String) {
    let world = World::with(|options| {
        options.overrides = Overrides { max_projects: Some(0), ..Overrides::default() };
    });
    faketime(&world, super::TUESDAY).unwrap();
    let scene = Scene(world);
    scene.0.sign_in_by(scene.command(80, &["login", "--no-browser"]), RED);
    scene.failing(columns, &IMPORT, |_| {})
}

fn denied(scene: &Scene, columns: u16) -> (i32, String) {
    answered(scene, columns, |_, url| {
        scene.0.decide(url, RED, Decision::Deny);
    })
}

fn interrupted(scene: &Scene, columns: u16) -> (i32, String) {
    answered(scene, columns, |terminal, _| terminal.press("\u{3}"))
}

/// The end of a login that waits for an answer, and gets this one.
fn answered(
    scene: &Scene,
    columns: u16,
    answer: impl FnOnce(&mut Terminal, &url::Url),
) -> (i32, String) {
    // Without the wrapper that sets the clock, which Ctrl-C would end as well.
    let mut command = scene.0.command(["login", "--no-browser", "--profile", "x"]);
    command.env("TERM", "dumb").env("COLUMNS", columns.to_string());
    let mut terminal = Terminal::start_with(&command, columns);
    let url = terminal.address();
    terminal.until_drawn("Ctrl-C ends the wait");
    answer(&mut terminal, &url);
    let (code, drawn) = terminal.finish();
    let (_, end) = drawn.rsplit_once("ends the wait.").unwrap();
    assert!(fs::metadata(scene.0.session_file("x")).is_err());
    (code.unwrap(), scene.settled(end.trim_start()))
}
