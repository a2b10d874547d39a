//! One thing that was looked at, and how it stands.

use std::fmt;

use serde::Serialize;

/// What a check belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Each is described by its title.
pub enum Area {
    Configuration,
    Folders,
    KeyStore,
    Session,
    SignIn,
    Network,
    Schedule,
    Leftovers,
}

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and there is something to know or to do.
    Warning,
    /// Something will fail.
    Problem,
    /// It was not looked at.
    Skipped,
}

/// One line of the examination.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What it belongs to.
    pub area: Area,
    /// What was looked at: always called the same, so that a script can look for it.
    pub check: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub detail: String,
    /// What to type or to do about it, where there is something.
    pub remedy: Option<String>,
}

impl Area {
    /// How people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::Folders => "Folders and files",
            Self::KeyStore => "Key store",
            Self::Session => "Session",
            Self::SignIn => "Signing in",
            Self::Network => "Network",
            Self::Schedule => "Schedule",
            Self::Leftovers => "Leftovers",
        }
    }

    pub(super) fn ok(self, check: &'static str, detail: impl Into<String>) -> Check {
        self.check(check, State::Ok, detail.into())
    }

    pub(super) fn warning(self, check: &'static str, detail: impl Into<String>) -> Check {
        self.check(check, State::Warning, detail.into())
    }

    pub(super) fn problem(self, check: &'static str, detail: impl Into<String>) -> Check {
        self.check(check, State::Problem, detail.into())
    }

    pub(super) fn skipped(self, check: &'static str, detail: impl Into<String>) -> Check {
        self.check(check, State::Skipped, detail.into())
    }

    fn check(self, check: &'static str, state: State, detail: String) -> Check {
        Check { area: self, check, state, detail, remedy: None }
    }
}

impl Check {
    /// The same with what to do about it.
    pub(super) fn remedied_by(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// The same with what to do about it, if there is anything.
    pub(super) fn perhaps_remedied_by(self, remedy: Option<String>) -> Self {
        Self { remedy, ..self }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
            Self::Skipped => "skipped",
        })
    }
}
