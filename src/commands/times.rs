//! How this run shows dates and times: as the person's Todoist does, where that is known, and
//! else as their machine's language does.

use std::sync::Mutex;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::commands::Context;
use crate::import::field::Trace;
use crate::model::{TimePreferences, TimeStyle};
use crate::private_files::{read_private, remove, write_private};
use crate::session::Session;
use crate::settings::Credential;

/// More than a file of preferences has.
const LONGEST: u64 = 1024;

/// What is kept of what Todoist has told, for commands that need no sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// Whose account told it; one that signs in after it takes over nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<Trace>,
    #[serde(flatten)]
    times: TimePreferences,
    /// The account's zone, as an IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
}

impl Kept {
    fn is_of(&self, account: Trace) -> bool {
        self.account.is_none_or(|it| it == account)
    }
}

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

/// What Todoist has told of an account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    /// Todoist's id of it.
    pub(super) account: &'a str,
    pub(super) times: TimePreferences,
    /// Its zone, as an IANA name.
    pub(super) zone: Option<&'a str>,
}

/// Takes over what Todoist has told, and keeps it for commands that need no sign-in. What it has
/// not told this time stays as it was, if it was of the same account.
pub(super) fn remember(context: &Context, told: Told<'_>) {
    context.times.learn(told.times);
    if !is_kept(context) {
        return;
    }
    let (account, before) = (Trace::of(told.account), recalled(context));
    let earlier = before.clone().filter(|it| it.is_of(account)).unwrap_or_default();
    let kept = Kept {
        account: Some(account),
        times: if told.times.is_unknown() { earlier.times } else { told.times },
        timezone: told.zone.map(str::to_owned).or(earlier.timezone),
    };
    let is_nothing = kept.times.is_unknown() && kept.timezone.is_none();
    if before.as_ref() == Some(&kept) || (before.is_none() && is_nothing) {
        return;
    }
    let path = context.paths.times_file(&context.settings.profile);
    let kept = serde_json::to_vec(&kept).map(|bytes| write_private(&path, &bytes));
    // Times are shown in another way then, and no more.
    if !matches!(kept, Ok(Ok(()))) {
        tracing::debug!(?kept, "how times are shown is not kept");
    }
}

/// The zone of the account, where an earlier run has kept it.
pub(super) fn zone_of_account(context: &Context) -> Option<TimeZone> {
    TimeZone::get(&recalled(context)?.timezone?).ok()
}

/// Says in which zone times are, where that is not this machine's: that of the account, or for
/// one that names none, `instead`.
pub(super) fn zone_told(context: &Context, zone: Option<&str>, instead: &str) -> Option<String> {
    let (name, whose) = match zone {
        Some(zone) => (zone, "the time zone of your Todoist account"),
        None => (instead, "the league's time zone"),
    };
    let is_here = context.zone.iana_name() == Some(name);
    (!is_here).then(|| format!("Times are in {name}, {whose}."))
}

/// Takes over what `session` knows, or an import after its sign-in has learnt.
pub(super) fn learn_of(context: &Context, session: &Session) {
    context.times.learn(session.account.times);
    let account = Trace::of(&session.account.id);
    let kept = recalled(context).filter(|it| it.is_of(account)).unwrap_or_default();
    context.times.learn(kept.times);
}

/// Takes over what an earlier run kept.
pub(super) fn recall(context: &Context) {
    context.times.learn(recalled(context).unwrap_or_default().times);
}

/// Deletes what was kept.
pub(super) fn forget(context: &Context) {
    if is_kept(context)
        && let Err(error) = remove(&context.paths.times_file(&context.settings.profile))
    {
        tracing::debug!(%error, "how times are shown is still kept");
    }
}

fn recalled(context: &Context) -> Option<Kept> {
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
