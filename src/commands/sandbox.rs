//! `nbatodo sandbox`: a stand-in for Todoist to try things in.

use std::fmt::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::clock::Clock;
use crate::commands::{Failure, Report};
use crate::looks::{Look, Page, Role};
use crate::model::Origin;
use crate::sandbox::{Options, Plan, Sandbox};

/// Starts the sandbox on `port` (0 for any that is free).
///
/// # Errors
/// [`Failure`] if the port cannot be had.
pub async fn start(port: u16, plan: Plan, clock: Arc<dyn Clock>) -> Result<Sandbox, Failure> {
    Sandbox::start(Options { port, plan, ..Options::new(clock) })
        .await
        .map_err(|cause| Failure::System { what: "the sandbox cannot listen on its port", cause })
}

/// Where the sandbox is: what to paste into another terminal so that `nbatodo` there uses it.
#[derive(Debug, Serialize)]
pub struct Running {
    api_url: String,
    auth_url: String,
}

impl Running {
    /// A sandbox at `origin`.
    pub fn at(origin: &Origin) -> Self {
        Self { api_url: origin.to_string(), auth_url: origin.to_string() }
    }
}

impl Report for Running {
    fn page(&self, _: Look) -> Page {
        Page::written(|page| {
            self.to_string().lines().try_for_each(|line| {
                page.paint(Role::Command, line);
                writeln!(page)
            })
        })
    }
}

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (set, quote) = if cfg!(windows) { ("$env:", "\"") } else { ("export ", "") };
        writeln!(f, "{set}NBATODO_API_URL={quote}{}{quote}", self.api_url)?;
        writeln!(f, "{set}NBATODO_AUTH_URL={quote}{}{quote}", self.auth_url)
    }
}
