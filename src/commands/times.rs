//! How this run shows dates and times: as the person's Todoist does, where that is known, and
//! else as their machine's language does.

use std::sync::Mutex;

use jiff::Timestamp;

use crate::commands::Context;
use crate::model::{TimePreferences, TimeStyle};
use crate::private_files::{read_private, remove, write_private};
use crate::session::Session;
use crate::settings::Credential;

/// More than a file of preferences has.
const LONGEST: u64 = 1024;

/// The style, and what is learnt of it on the way.
#[derive(Debug, Default)]
pub struct Times {
    usual: TimeStyle,
    learnt: Mutex<TimePreferences>,
}

impl Times {
    /// The style of this machine, until something is learnt.
    pub fn usual(usual: TimeStyle) -> Self {
        Self { usual, learnt: Mutex::default() }
    }

    /// The style of this machine, or what Todoist has told of the person since.
    pub fn style(&self) -> TimeStyle {
        self.learnt.lock().map_or(self.usual, |learnt| learnt.over(self.usual))
    }

    /// Takes over what Todoist or a session knows, if it knows anything.
    pub(super) fn learn(&self, told: TimePreferences) {
        if !told.is_unknown()
            && let Ok(mut learnt) = self.learnt.lock()
        {
            *learnt = told;
        }
    }
}

impl Context {
    /// An instant as a clock on the wall shows it here, to the minute.
    pub(crate) fn clock_time(&self, instant: Timestamp) -> String {
        self.times.style().time(instant.to_zoned_datetime(self.zone.clone()).time())
    }
}

/// Takes over what Todoist has told, and keeps it for commands that need no sign-in.
pub(super) fn remember(context: &Context, told: TimePreferences) {
    context.times.learn(told);
    if !is_kept(context) || told.is_unknown() || recalled(context) == Some(told) {
        return;
    }
    let path = context.paths.times_file(&context.settings.profile);
    let kept = serde_json::to_vec(&told).map(|bytes| write_private(&path, &bytes));
    // Times are shown in another way then, and no more.
    if !matches!(kept, Ok(Ok(()))) {
        tracing::debug!(?kept, "how times are shown is not kept");
    }
}

/// Takes over what `session` knows, or an import after its sign-in has learnt.
pub(super) fn learn_of(context: &Context, session: &Session) {
    context.times.learn(session.account.times);
    recall(context);
}

/// Takes over what an earlier run kept.
pub(super) fn recall(context: &Context) {
    context.times.learn(recalled(context).unwrap_or_default());
}

/// Deletes what was kept.
pub(super) fn forget(context: &Context) {
    if is_kept(context)
        && let Err(error) = remove(&context.paths.times_file(&context.settings.profile))
    {
        tracing::debug!(%error, "how times are shown is still kept");
    }
}

fn recalled(context: &Context) -> Option<TimePreferences> {
    if !is_kept(context) {
        return None;
    }
    let path = context.paths.times_file(&context.settings.profile);
    serde_json::from_slice(&read_private(&path, LONGEST).ok()??).ok()
}

/// A token from outside can be anybody's.
fn is_kept(context: &Context) -> bool {
    !context.keeps_nothing() && matches!(context.settings.credential, Credential::Session)
}
