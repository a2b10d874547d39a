//! What a sign-in came to, for people and for scripts.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::standing_grant::Replaced;
use crate::commands::status::AccountShown;
use crate::commands::{Context, Report, command_for};
use crate::looks::{Look, Page, Role};
use crate::model::counted;
use crate::session::Session;

/// Who is signed in now.
#[derive(Debug, Serialize)]
pub struct SignedIn {
    profile: String,
    account: AccountShown,
    api: String,
    scopes: Vec<String>,
    /// In UTC.
    expires_at: String,
    minutes_left: i64,
    /// Whether later runs renew the session.
    stays_signed_in: bool,
    key_store: String,
    /// Who was signed in before under this profile, and where.
    replaced: Option<Earlier>,
    #[serde(skip)]
    stayed_before: bool,
    #[serde(skip)]
    until: String,
    /// What to type; `None` where somebody else says that, when more is known.
    #[serde(skip)]
    next: Option<String>,
}

/// A session that a sign-in has replaced.
#[derive(Debug, Serialize)]
struct Earlier {
    account: AccountShown,
    api: String,
    #[serde(skip)]
    email: String,
}

impl From<Session> for Earlier {
    fn from(session: Session) -> Self {
        Self {
            account: AccountShown::from(&session.account),
            api: session.api.to_string(),
            email: session.account.email.clone(),
        }
    }
}

impl SignedIn {
    /// The session that is there now, and the one that it replaced.
    pub(super) fn of(context: &Context, signed_in: Replaced, stays_signed_in: bool) -> Self {
        let Replaced { session, session_before, grant_before } = signed_in;
        Self {
            profile: session.profile.to_string(),
            account: AccountShown::from(&session.account),
            api: session.api.to_string(),
            scopes: session.scopes.clone(),
            expires_at: session.expires_at.to_string(),
            minutes_left: session.minutes_left(context.clock.now()),
            stays_signed_in,
            key_store: context.keys.describe(),
            replaced: session_before.map(Earlier::from),
            stayed_before: grant_before.is_some(),
            until: context.clock_time(session.expires_at),
            next: Some(next_step(context)),
        }
    }
}

/// An import: of the teams that are set, or of one that stands for them.
pub(super) fn next_step(context: &Context) -> String {
    let import = if context.settings.teams.is_empty() { "import --team BOS" } else { "import" };
    command_for(&context.settings.profile, import)
}

impl SignedIn {
    /// The same, where something is said after it that ends with what to type.
    pub fn to_be_continued(self) -> Self {
        Self { next: None, ..self }
    }

    /// Who, where and until when, in one line.
    pub fn summary(&self) -> String {
        let Self { account, profile, until, minutes_left, .. } = self;
        let left = counted(*minutes_left, "minute");
        format!("Signed in as {account}, profile \"{profile}\", until {until} ({left}).")
    }
}

impl Report for SignedIn {
    fn page(&self, _: Look) -> Page {
        Page::written(|page| self.write(page))
    }
}

impl fmt::Display for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl SignedIn {
    fn write(&self, f: &mut Page) -> fmt::Result {
        let summary = self.summary();
        let end = summary.find(", profile ").unwrap_or(summary.len());
        let (done, rest) = summary.split_at(end);
        f.paint(Role::Good, done);
        writeln!(f, "{rest}")?;
        if let Some(Earlier { email, api, .. }) = &self.replaced {
            writeln!(f, "The earlier session of {email} at {api} is signed out.")?;
        }
        match (self.stays_signed_in, self.stayed_before) {
            (true, _) => {
                writeln!(
                    f,
                    "You stay signed in: later runs renew the session, until you sign out."
                )?;
            }
            (false, true) => {
                writeln!(f, "You no longer stay signed in: this session ends with its hour.")?
            }
            (false, false) => {}
        }
        let Some(next) = &self.next else { return Ok(()) };
        write!(f, "Next: ")?;
        f.paint(Role::Command, next);
        writeln!(f)
    }
}
