//! How a command gets at a person's Todoist.

use std::io;

use zeroize::Zeroizing;

use crate::commands::{Context, Failure, release};
use crate::model::{AccessToken, Origin};
use crate::private_files::read_private;
use crate::session::{Account, Opened, Session};
use crate::settings::Credential;

/// More than any token has.
const LONGEST_TOKEN_FILE: u64 = 4096;

/// A token, and the only origin that it may be sent to.
pub struct Access {
    /// The token.
    pub token: AccessToken,
    /// Where it was issued.
    pub api: Origin,
    /// Whose it is, where that is known without asking.
    pub account: Option<Account>,
}

/// Opens the profile's session, or takes the token that was given from outside.
///
/// # Errors
/// [`Failure`]; an expired session is gone afterwards.
pub async fn open(context: &Context) -> Result<Access, Failure> {
    let token = match &context.settings.credential {
        Credential::Session => {
            let session = live_session(context).await?;
            check_origin(context, &session)?;
            return Ok(Access {
                token: session.access_token,
                api: session.api,
                account: Some(session.account),
            });
        }
        Credential::Token(token) => AccessToken::new(token.expose().to_owned()),
        Credential::TokenFile(path) => token_file(path)?,
    };
    Ok(Access { token, api: context.settings.api.clone(), account: None })
}

/// The profile's session, if it can be used.
///
/// # Errors
/// [`Failure`]; an expired session is gone afterwards.
pub async fn live_session(context: &Context) -> Result<Session, Failure> {
    let now = context.clock.now();
    let profile = || context.settings.profile.clone();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await?;
    match opened? {
        Opened::Nobody => Err(Failure::NotSignedIn(profile())),
        Opened::Live(session) => Ok(session),
        Opened::Expired(session) => {
            release::discard_expired(context, &session).await;
            Err(Failure::Expired(profile()))
        }
    }
}

/// A token is never sent to another origin than the one that issued it, whatever the settings
/// say by now.
fn check_origin(context: &Context, session: &Session) -> Result<(), Failure> {
    if session.api == context.settings.api {
        return Ok(());
    }
    Err(Failure::OtherOrigin {
        profile: session.profile.clone(),
        session: session.api.to_string(),
        asked: context.settings.api.to_string(),
    })
}

fn token_file(path: &std::path::Path) -> Result<AccessToken, Failure> {
    let refused = |why: String| Failure::TokenFile { path: path.to_owned(), why };
    let bytes = read_private(path, LONGEST_TOKEN_FILE)
        .map_err(|error| refused(error.to_string()))?
        .ok_or_else(|| refused(io::Error::from(io::ErrorKind::NotFound).to_string()))?;
    let bytes = Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    if text.is_empty() || text.contains(|c: char| !c.is_ascii_graphic()) {
        return Err(refused("it does not hold one token on one line".to_owned()));
    }
    Ok(AccessToken::new(text.to_owned()))
}
