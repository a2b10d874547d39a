//! `nbatodo sandbox`: a stand-in for Todoist to try things in.

use std::sync::Arc;

use crate::clock::Clock;
use crate::commands::Failure;
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

/// What to paste into another terminal so that `nbatodo` there uses the sandbox.
pub fn lines_to_paste(origin: &Origin) -> String {
    let set = if cfg!(windows) { "$env:" } else { "export " };
    let quote = if cfg!(windows) { "\"" } else { "" };
    ["NBATODO_API_URL", "NBATODO_AUTH_URL"]
        .map(|name| format!("{set}{name}={quote}{origin}{quote}\n"))
        .concat()
}
