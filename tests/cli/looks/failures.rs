//! A failure on a terminal: what, why, and what to type; in a log, one line.

use insta::assert_snapshot;

use super::{Scene, WIDTHS};
use crate::world::{RED, World};

#[test]
fn three_kinds_in_three_widths() {
    let Some(scene) = Scene::signed_out() else { return };
    scene.0.sign_in_by(scene.command(80, &["login", "--no-browser", "--profile", "work"]), RED);
    for width in WIDTHS {
        let mut all = String::new();
        for arguments in [
            &["status"][..],
            &["import", "--team", "celtcs"],
            &["import", "--team", "LA"],
            &["schedule", "--config", "nowhere.toml"],
            &["status", "--profile", "nobody"],
            &["login", "--session-store", "memory"],
        ] {
            let (code, drawn) = scene.drawn(width, arguments);
            all.push_str(&format!("# {}: {}\n{drawn}\n", arguments.join(" "), code.unwrap()));
        }
        assert_snapshot!(format!("failures_{width}"), all);
    }
}

#[test]
fn a_long_name_of_a_file_makes_no_line_too_long() {
    let Some(scene) = Scene::signed_out() else { return };
    for length in 40..=56 {
        let name = format!("{}.toml", "x".repeat(length - ".toml".len()));
        let (code, drawn) = scene.drawn(60, &["schedule", "--config", &name]);
        assert_eq!(code, Some(2), "{drawn}");
        assert!(drawn.contains(&name), "{drawn}");
        assert!(drawn.lines().all(|line| line.chars().count() <= 60), "{drawn}");
        assert!(drawn.lines().skip(1).all(|line| line.starts_with("  ")), "{drawn}");
    }
}

#[test]
fn a_log_gets_one_line() {
    let world = World::new();
    world.run(["import", "--team", "celtcs"]).exits_with(2).complains_of(&[
        "no team is called \"celtcs\"; nearest: Boston Celtics (BOS). Did you mean BOS? All thirty: \
         nbatodo teams",
    ]);
    world.sign_in("work", RED);
    world.run(["status", "--profile", "wrk"]).exits_with(4).complains_of(&[
        "nobody is signed in as \"wrk\"; profiles with a session: work. Name one of them with \
         --profile, or sign in with: nbatodo login --profile wrk",
    ]);
}
