//! Each screen in each width.

use insta::assert_snapshot;

use super::{Scene, WIDTHS};

const SCHEDULE: [&str; 6] =
    ["schedule", "--offline", "--team", "SAS", "--timezone", "America/New_York"];

#[test]
fn the_month_and_the_teams() {
    let Some(scene) = Scene::signed_out() else { return };
    for width in WIDTHS {
        let month = scene.printed(width, &[&SCHEDULE[..], &["--month"]].concat());
        assert!(month.lines().all(|line| line.chars().count() <= width.into()), "{month}");
        assert_snapshot!(format!("month_{width}"), month);
        let teams = scene.printed(width, &["teams"]);
        assert!(teams.lines().all(|line| line.chars().count() <= width.into()), "{teams}");
    }
    assert_snapshot!("teams", scene.printed(80, &["teams"]));
}

#[test]
fn from_the_login_to_the_logout() {
    let Some(scene) = Scene::signed_out() else { return };
    let import = ["import", "--team", "BOS", "--offline", "--next", "4"];
    for width in WIDTHS {
        let mut screens = vec![("login", scene.login(width, &["--allow-delete"]))];
        for (name, arguments) in [
            ("status", &["status"][..]),
            ("import --dry-run", &[&import[..], &["--dry-run"]].concat()),
            ("import", &import),
            ("import again, of fewer games", &[&import[..], &["--prune", "--home"]].concat()),
            ("remove --dry-run", &["remove", "--team", "BOS", "--offline", "--dry-run"]),
            ("remove", &["remove", "--team", "BOS", "--offline", "--yes"]),
            ("teams", &["teams"]),
            ("schedule", &["schedule", "--team", "BOS", "--offline", "--next", "4"]),
            ("schedule --month", &["schedule", "--team", "BOS", "--offline", "--month"]),
            ("logout", &["logout"]),
            ("logout again", &["logout"]),
        ] {
            let (code, drawn) = scene.drawn(width, arguments);
            assert_eq!(code, Some(0), "{drawn}");
            screens.push((name, drawn));
        }
        let all: String =
            screens.iter().map(|(name, text)| format!("# {name}\n{text}\n")).collect();
        assert_snapshot!(format!("story_{width}"), all);
    }
}

#[test]
fn the_doctor() {
    let Some(scene) = Scene::signed_in() else { return };
    for width in WIDTHS {
        let ran = scene.run(width, &["doctor", "--offline"]);
        let lines: Vec<&str> = ran.stdout.lines().skip(1).collect();
        // A path has no place to be broken at.
        let fits = |line: &&&str| line.chars().count() <= width.into();
        assert!(lines.iter().all(|line| fits(&line)), "{ran:?}");
        // What it finds is this machine's; how it is laid out is not.
        let marks = ["ok", "warning", "problem", "skipped"];
        let is_check = |line: &&&str| {
            let word = line.trim_start().split(' ').next().unwrap_or_default();
            line.starts_with("  ") && marks.contains(&word)
        };
        assert!(lines.iter().filter(is_check).count() > 10, "{ran:?}");
        let titles = lines.iter().filter(|line| !line.is_empty() && !line.starts_with(' '));
        assert!(titles.count() >= 8, "{ran:?}");
    }
}
