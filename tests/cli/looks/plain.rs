//! `--plain`: everything in words.

use insta::assert_snapshot;

use super::Scene;
use super::examination::without_ports;
use crate::terminal::Terminal;

/// What a screen reader would spell out, or a log garble.
const SYMBOLS: [char; 11] = ['›', '•', '»', '·', '→', '…', '✓', '─', '│', '\u{1b}', '~'];

#[test]
fn every_screen_in_words() {
    let Some(scene) = Scene::signed_out() else { return };
    let import = ["import", "--team", "BOS", "--offline", "--next", "4", "--plain"];
    let schedule = ["schedule", "--offline", "--team", "SAS", "--next", "4", "--plain"];
    let mut screens = vec![("login", scene.login(80, &["--allow-delete", "--plain"]))];
    for (name, arguments) in [
        ("guide", &["--plain"][..]),
        ("status", &["status", "--plain"]),
        ("config show", &["config", "show", "--plain"]),
        ("schedule", &schedule),
        ("schedule --month", &[&schedule[..], &["--month"]].concat()),
        ("teams", &["teams", "--plain"]),
        ("import --dry-run", &[&import[..], &["--dry-run"]].concat()),
        ("import", &import),
        ("remove --dry-run", &["remove", "--team", "BOS", "--offline", "--plain", "--dry-run"]),
        ("remove", &["remove", "--team", "BOS", "--offline", "--plain", "--yes"]),
        ("logout", &["logout", "--plain"]),
    ] {
        screens.push((name, scene.printed(60, arguments)));
    }
    for (_, screen) in &mut screens {
        *screen = without_ports(screen);
    }
    for (name, screen) in &screens {
        let words = screen.replace("~/", "");
        // Nothing is told by the column that it stands in.
        assert!(!words.contains(SYMBOLS) && !words.contains("  "), "{name}: {screen}");
    }
    let all: String = screens.iter().map(|(name, text)| format!("# {name}\n{text}\n")).collect();
    assert_snapshot!("plain", all);
}

#[test]
fn a_doctor_and_a_demo_in_words() {
    let Some(scene) = Scene::signed_in() else { return };
    for arguments in [&["doctor", "--offline", "--plain"][..], &["demo", "--plain"]] {
        let ran = scene.run(60, arguments);
        let said = ran.stdout.replace("~/", "");
        assert!(!said.contains(SYMBOLS) && !said.contains("  "), "{ran:?}");
    }
}

#[test]
fn a_plain_terminal_gets_no_colours_and_nothing_that_moves() {
    let Some(scene) = Scene::signed_in() else { return };
    for arguments in [
        &["status", "--plain"][..],
        &["import", "--team", "BOS", "--offline", "--plain"],
        &["import", "--team", "celtcs", "--plain"],
        &["import", "--nope", "--plain"],
    ] {
        let mut command = scene.command(80, arguments);
        command.env("TERM", "xterm-256color");
        let (_, drawn) = Terminal::start_with(&command, 80).finish();
        assert!(!drawn.contains('\u{1b}') && !drawn.is_empty(), "{drawn}");
    }
}
