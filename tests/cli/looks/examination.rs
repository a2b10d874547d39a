//! `nbatodo doctor`, with nothing wrong and with much.

use std::process::Command;

use insta::assert_snapshot;

use super::{Scene, WIDTHS};
use crate::own_network::in_own_network;
use crate::terminal::Terminal;
use crate::world::{RED, World};

impl Scene {
    /// What an examination in such an environment draws, and how it ends.
    fn examined(&self, columns: u16, more: &[&str], change: impl FnOnce(&mut Command)) -> String {
        let mut command = self.command(columns, &[&["doctor"], more].concat());
        change(&mut command);
        let (code, drawn) = Terminal::start_with(&command, columns).finish();
        format!("{}exit code {}\n", this_machine_left_out(&self.settled(&drawn)), code.unwrap())
    }
}

/// Without what is another on each machine and in each run: version, platform, ports, and whether
/// other tests hold some of these.
fn this_machine_left_out(drawn: &str) -> String {
    let mut text = String::new();
    let mut ports = false;
    for line in drawn.lines() {
        let is_below = line.starts_with("    ");
        if ports && is_below {
            continue;
        }
        ports = line.contains("redirect ports");
        let line = match line {
            line if line.starts_with("nbatodo ") => "nbatodo [version] on [platform]".to_owned(),
            line if ports => format!("{}redirect ports [left out]", &line[..11]),
            line => without_ports(line),
        };
        text.push_str(&(line + "\n"));
    }
    text
}

/// `127.0.0.1:40123` as `127.0.0.1:[port]`.
pub(super) fn without_ports(line: &str) -> String {
    let mut parts = line.split("127.0.0.1:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("127.0.0.1:[port]");
        text.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    text
}

/// `until 18:00` as `until [time]`, of a clock that cannot be set.
fn without_the_time(text: &str) -> String {
    let mut parts = text.split(" until ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + " until [time]" + &part["18:00".len()..])
}

/// With the true clock, which is compared with that of the stand-in for Todoist.
#[test]
fn a_machine_with_nothing_wrong() {
    for width in WIDTHS {
        let world = World::with_feed();
        world.sign_in("default", RED);
        let mut command = world.command(["doctor"]);
        command.env("TERM", "dumb").env("COLUMNS", width.to_string()).env("TZ", "UTC");
        let (code, drawn) = Terminal::start_with(&command, width).finish();
        assert_eq!(code, Some(0), "{drawn}");
        let drawn = drawn.replace('\r', "").replace(world.home().to_str().unwrap(), "~");
        let drawn = without_the_time(&this_machine_left_out(&drawn));
        assert_snapshot!(format!("examination_good_{width}"), drawn);
    }
}

#[test]
fn a_machine_with_much_wrong() {
    for width in WIDTHS {
        let Some(scene) = Scene::signed_in() else { return };
        let mut all = vec![("offline", scene.examined(width, &["--offline"], |_| {}))];
        let no_keys = |command: &mut Command| {
            command.env_remove("NBATODO_KEY_FILE").env("NBATODO_KEY_STORE", "keyring");
            command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        };
        all.push(("no key store", scene.examined(width, &["--offline"], no_keys)));
        scene.0.chmod(&scene.0.key_file(), 0o644);
        scene.0.chmod(&scene.0.home().join(".local/state/nbatodo/sessions"), 0o755);
        scene.0.configure("team = \"BOS\"\ntitel = \"x\"\n");
        all.push(("much", scene.examined(width, &["--offline"], |_| {})));
        let all: String = all.iter().map(|(name, text)| format!("# {name}\n{text}\n")).collect();
        assert_snapshot!(format!("examination_{width}"), all);
    }
}

/// Three servers and one reason, which is said once.
#[test]
fn a_machine_without_a_network() {
    in_own_network(|| {
        for width in WIDTHS {
            let Some(scene) = Scene::signed_out() else { return };
            let no_names = |command: &mut Command| {
                command.env("NBATODO_API_URL", "https://api.nowhere.invalid");
                command.env("NBATODO_AUTH_URL", "https://app.nowhere.invalid");
                command.env("NBATODO_SCHEDULE_URL", "https://cdn.nowhere.invalid/feed.json");
            };
            let drawn = scene.examined(width, &[], no_names);
            let (_, network) = drawn.split_once("Network\n").unwrap();
            let (network, _) = network.split_once("\n\n").unwrap();
            assert_snapshot!(format!("examination_no_network_{width}"), network);
        }
    });
}
