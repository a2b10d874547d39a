//! What the import of one of many profiles has to say: passed on under its name.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use crate::commands::{Awaited, Event, Progress};
use crate::model::Profile;

/// Passes lines on under the name of a profile, and says when Todoist makes its import wait.
pub(super) struct Relay {
    pub(super) profile: Profile,
    pub(super) to: Arc<dyn Progress>,
    pub(super) waits: UnboundedSender<()>,
    pub(super) has_waited: Arc<AtomicBool>,
}

impl Progress for Relay {
    fn note(&self, line: &str) {
        self.to.note(&format!("{}: {line}", self.profile));
    }

    fn note_for_all(&self, line: &str) {
        self.to.note(line);
    }

    fn demand(&self, line: &str) {
        self.to.demand(&format!("{}: {line}", self.profile));
    }

    fn note_link(&self, url: &Url) {
        self.note(url.as_str());
    }

    fn demand_link(&self, url: &Url) {
        self.demand(url.as_str());
    }

    fn awaiting(&self, _: Duration, _: Awaited) {}

    fn pausing(&self, left: Duration, why: &str) {
        tracing::info!(profile = %self.profile, ?left, why, "pausing");
        if !left.is_zero() && !self.has_waited.swap(true, Ordering::SeqCst) {
            // Nobody listens any more where the run has ended.
            let _ = self.waits.send(());
        }
    }

    fn begin(&self, what: &'static str) {
        tracing::debug!(profile = %self.profile, what, "begins");
    }

    fn tasks(&self, _: usize, _: usize) {}

    fn end(&self) {}

    fn event(&self, profile: &Profile, event: &Event) {
        self.to.event(profile, event);
    }
}
