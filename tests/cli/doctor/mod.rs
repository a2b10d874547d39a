//! `nbatodo doctor`: every problem that it knows, made for real.

mod folders;
mod healthy;
mod network;
mod session;
mod stores;
mod surroundings;

pub(crate) use folders::make_fifo;

use std::process::Command;

use serde_json::Value;

use crate::feed::{celtics_games, text};
use crate::world::{Ran, World, finish};

/// An examination, as a script reads it.
pub(crate) struct Examined {
    pub(crate) ran: Ran,
    checks: Vec<Value>,
}

impl Examined {
    /// What `command`, a `doctor --format json`, says.
    pub(crate) fn by(command: Command) -> Self {
        let ran = finish(command);
        let checks = ran.json()["checks"].as_array().unwrap_or_else(|| panic!("{ran:?}")).clone();
        Self { ran, checks }
    }

    /// Checks that of the lines called `check` one has that state, and that what it says holds
    /// each of `parts`.
    #[track_caller]
    pub(crate) fn finds(&self, check: &str, state: &str, parts: &[&str]) -> &Self {
        let holds = |line: &Value| {
            let said = format!("{} {}", line["detail"], line["remedy"]).replace("\\\"", "\"");
            let named = line["check"] == check && line["state"] == state;
            named && parts.iter().all(|part| said.contains(part))
        };
        let lines: Vec<_> = self.checks.iter().filter(|line| line["check"] == check).collect();
        assert!(lines.iter().any(|line| holds(line)), "{check}: {state} {parts:?}: {lines:#?}");
        self
    }

    /// Checks that nothing else is a problem, and that the exit code says so.
    #[track_caller]
    pub(crate) fn has_problems_only_in(&self, checks: &[&str]) -> &Self {
        let problems: Vec<_> = self.of_state("problem");
        let others: Vec<_> =
            problems.iter().filter(|it| !checks.contains(&it["check"].as_str().unwrap())).collect();
        assert!(others.is_empty(), "{others:#?}");
        assert_eq!(self.ran.code, Some(i32::from(!problems.is_empty())), "{:?}", self.ran);
        self
    }

    pub(crate) fn of_state(&self, state: &str) -> Vec<&Value> {
        self.checks.iter().filter(|check| check["state"] == state).collect()
    }
}

impl World {
    /// A world whose feed answers.
    pub(crate) fn with_feed() -> Self {
        let world = Self::new();
        world.serve_feed(text(&celtics_games(3)));
        world
    }

    pub(crate) fn doctor(&self) -> Command {
        self.command(["doctor", "--format", "json"])
    }

    pub(crate) fn examine(&self) -> Examined {
        Examined::by(self.doctor())
    }

    pub(crate) fn examine_offline(&self) -> Examined {
        let mut command = self.doctor();
        command.arg("--offline");
        Examined::by(command)
    }
}
