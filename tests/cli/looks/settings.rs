//! `nbatodo config`, each of its commands, and what it refuses.

use insta::assert_snapshot;

use super::examination::without_ports;
use super::{Scene, WIDTHS};

#[test]
fn what_is_set_and_how_it_is_changed() {
    for width in WIDTHS {
        let Some(scene) = Scene::signed_out() else { return };
        let mut all = String::new();
        for arguments in [
            &["config", "show"][..],
            &["config", "path"],
            &["config", "set", "team", "BOS,LAL"],
            &["config", "set", "destination", "inbox", "--profile", "anna"],
            &["config", "show", "--profile", "anna"],
            &["config", "unset", "team"],
            &["config", "unset", "team"],
            &["config", "set", "team", "celtcs"],
            &["config", "set", "titel", "x"],
            &["config", "set", "client_secret", "hunter2"],
        ] {
            let (code, drawn) = scene.drawn(width, arguments);
            let drawn = drawn.lines().map(|line| aligned(&without_ports(line))).collect::<String>();
            all.push_str(&format!("# {}: {}\n{drawn}\n", arguments.join(" "), code.unwrap()));
        }
        assert_snapshot!(format!("settings_{width}"), all);
    }
}

/// How far columns are apart depends on the length of this machine's paths.
fn aligned(line: &str) -> String {
    let mut columns = line.split("  ").map(str::trim).filter(|it| !it.is_empty());
    let indent = line.len() - line.trim_start().len();
    let first = columns.next().unwrap_or_default();
    let rest: String = columns.map(|it| format!("  {it}")).collect();
    format!("{:indent$}{first}{rest}\n", "")
}
