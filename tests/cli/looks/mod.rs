//! How everything looks: in 60, 80 and 120 columns, with colours and without, and in words alone.

mod codes;
mod colors;
mod examination;
mod failures;
mod guide;
mod others;
mod plain;
mod progress;
mod screens;
mod settings;
mod times;

use std::fs;
use std::process::Command;

use nbatodo::sandbox::visitor::Decision;

use crate::sessions::faketime;
use crate::terminal::Terminal;
use crate::world::{RED, Ran, World, finish};

/// The widths that every screen is looked at in.
const WIDTHS: [u16; 3] = [60, 80, 120];

/// A Tuesday on which the Celtics play in the evening, on every machine.
const TUESDAY: &str = "@2026-11-24 17:00:00";

/// A world on that Tuesday, with somebody signed in; `None` without `faketime`.
struct Scene(World);

impl Scene {
    fn signed_out() -> Option<Self> {
        let world = World::new();
        faketime(&world, TUESDAY).ok()?;
        Some(Self(world))
    }

    fn signed_in() -> Option<Self> {
        let scene = Self::signed_out()?;
        let command = scene.command(80, &["login", "--no-browser", "--allow-delete"]);
        scene.0.sign_in_by(command, RED);
        Some(scene)
    }

    fn command(&self, columns: u16, arguments: &[&str]) -> Command {
        let mut command = faketime(&self.0, TUESDAY).unwrap();
        command.args(arguments).env("COLUMNS", columns.to_string()).env("TZ", "UTC");
        // What is drawn depends on how long things take, so nothing is.
        command.env("TERM", "dumb");
        command
    }

    /// What `arguments` print.
    fn run(&self, columns: u16, arguments: &[&str]) -> Ran {
        finish(self.command(columns, arguments))
    }

    /// What of it is the same in every run.
    fn printed(&self, columns: u16, arguments: &[&str]) -> String {
        let ran = self.run(columns, arguments);
        self.settled(&ran.exits_with(0).stdout)
    }

    /// Everything that is drawn on a terminal of so many columns, and how it ends.
    fn drawn(&self, columns: u16, arguments: &[&str]) -> (Option<i32>, String) {
        let terminal = Terminal::start_with(&self.command(columns, arguments), columns);
        let (code, drawn) = terminal.finish();
        (code, self.settled(&drawn))
    }

    /// The screen of a login that ends well.
    fn login(&self, columns: u16, more: &[&str]) -> String {
        let command = self.command(columns, &[&["login", "--no-browser"], more].concat());
        let mut terminal = Terminal::start_with(&command, columns);
        let url = terminal.address();
        self.0.decide(&url, RED, Decision::Allow);
        let (code, drawn) = terminal.finish();
        assert_eq!(code, Some(0), "{drawn}");
        let port = crate::world::redirect_port(&url).to_string();
        let drawn =
            self.settled(&drawn.replace(url.as_str(), "[address]")).replace(&port, "[port]");
        // In words, what takes its time says so, and that depends on the machine.
        let waits = ["Looking at the key store", "Signing in at Todoist"];
        let rows = drawn.lines().filter(|row| !waits.iter().any(|wait| row.starts_with(wait)));
        rows.map(|row| row.to_owned() + "\n").collect()
    }

    fn settled(&self, text: &str) -> String {
        let origin = self.0.command::<&str>([]);
        let origin = origin.get_envs().find(|(name, _)| *name == "NBATODO_API_URL").unwrap();
        let origin = origin.1.unwrap().to_str().unwrap().to_owned();
        let mut text = text.replace('\r', "").replace(&origin, "https://todoist");
        text = text.replace(self.0.home().to_str().unwrap(), "~");
        let binary = fs::canonicalize(env!("CARGO_BIN_EXE_nbatodo")).unwrap();
        text = text.replace(binary.to_str().unwrap(), "/usr/bin/nbatodo");
        for word in ["/app/project/", "/app/section/"] {
            let parts: Vec<&str> = text.split(word).collect();
            let ids = parts[1..].iter().map(|part| {
                let end = part.find(|c: char| !c.is_alphanumeric()).unwrap_or(part.len());
                format!("{word}[id]{}", &part[end..])
            });
            text = [parts[0].to_owned()].into_iter().chain(ids).collect();
        }
        text
    }
}
