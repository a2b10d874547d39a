//! `nbatodo status`: who is signed in, and for how long.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::{Context, Failure, Report, access, standing_grant};
use crate::http::Http;
use crate::keys::KeyStoreError;
use crate::looks::{Look, Page, Role};
use crate::model::{Origin, counted};
use crate::session::Account;
use crate::settings::Credential;
use crate::todoist::Client;

/// From here down, what is left of a session is soon over.
const FEW_MINUTES: i64 = 5;

/// Who is signed in.
#[derive(Debug, Serialize)]
pub struct Status {
    profile: String,
    signed_in: bool,
    account: AccountShown,
    api: String,
    /// Where the token comes from.
    credential: &'static str,
    /// What it may do; `None` for a token from outside, of which nobody knows here.
    scopes: Option<Vec<String>>,
    /// In UTC; `None` for a token from outside, whose end nobody knows here.
    expires_at: Option<String>,
    minutes_left: Option<i64>,
    /// Whether later runs renew the session; `None` where there is none.
    stays_signed_in: Option<bool>,
    key_store: Option<String>,
    #[serde(skip)]
    until: Option<String>,
}

/// An account as reports show it.
#[derive(Debug, Serialize)]
pub struct AccountShown {
    pub(super) id: String,
    email: String,
    pub(super) name: String,
}

impl From<&Account> for AccountShown {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            email: account.email.clone(),
            name: account.full_name.clone(),
        }
    }
}

impl fmt::Display for AccountShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

/// Looks at the session, without the network while it lives: one that has ended is renewed if the
/// profile stays signed in. Asks Todoist about a token from outside.
///
/// # Errors
/// [`Failure`] if nothing usable is there.
pub async fn run(context: &Context) -> Result<Status, Failure> {
    let _busy = context.busy("Looking at the session");
    match &context.settings.credential {
        Credential::Session => of_session(context).await,
        Credential::Token(_) => of_token(context, "NBATODO_TOKEN").await,
        Credential::TokenFile(_) => of_token(context, "NBATODO_TOKEN_FILE").await,
    }
}

async fn of_session(context: &Context) -> Result<Status, Failure> {
    if context.keeps_nothing() {
        return Err(Failure::NothingKept);
    }
    let session = access::live_session(context).await?;
    let now = context.clock.now();
    let stays = match standing_grant::read(context).await {
        Err(KeyStoreError::EntryDamaged { .. }) => false,
        read => read?.is_some_and(|grant| standing_grant::is_of_use(context, &grant)),
    };
    Ok(Status {
        profile: session.profile.to_string(),
        signed_in: true,
        account: AccountShown::from(&session.account),
        api: session.api.to_string(),
        credential: "session",
        scopes: Some(session.scopes.clone()),
        expires_at: Some(session.expires_at.to_string()),
        minutes_left: Some(session.minutes_left(now)),
        stays_signed_in: Some(stays),
        key_store: Some(context.keys.describe()),
        until: Some(context.clock_time(session.expires_at)),
    })
}

async fn of_token(context: &Context, credential: &'static str) -> Result<Status, Failure> {
    let access = access::open(context).await?;
    let http = Http::new()?;
    let user = Client::new(&http, &access.api, &access.token).user().await;
    let user = user.map_err(|error| access.explain(error))?;
    context.times.learn(user.times());
    Ok(Status {
        profile: context.settings.profile.to_string(),
        signed_in: true,
        account: AccountShown { id: user.id, email: user.email, name: user.full_name },
        api: Origin::to_string(&access.api),
        credential,
        scopes: None,
        expires_at: None,
        minutes_left: None,
        stays_signed_in: None,
        key_store: None,
        until: None,
    })
}

impl Report for Status {
    fn page(&self, _: Look) -> Page {
        Page::written(|page| self.write(page))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl Status {
    fn write(&self, f: &mut Page) -> fmt::Result {
        f.paint(Role::Heading, self.account.to_string());
        match (self.minutes_left, &self.until) {
            (Some(minutes), Some(until)) => {
                write!(f, ", profile \"{}\", ", self.profile)?;
                let role = if minutes > FEW_MINUTES { Role::Good } else { Role::Warning };
                f.paint(role, format!("{} left", counted(minutes, "minute")));
                write!(f, " (until {until})")?;
                if self.stays_signed_in == Some(true) {
                    write!(f, ", stays signed in")?;
                }
                if let Some(store) = &self.key_store {
                    write!(f, "; its key lies in {store}")?;
                }
            }
            _ => write!(f, ", by {}: no session is read or written", self.credential)?,
        }
        writeln!(f)
    }
}
