//! `nbatodo login`: from the browser's consent to a sealed session.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::commands::status::AccountShown;
use crate::commands::{Context, Failure, Report, command_for, release};
use crate::http::Http;
use crate::keys::{EntryName, KeyStore, KeyStoreError};
use crate::model::{AccessToken, Origin, Profile};
use crate::private_files;
use crate::session::{Account, Session, expiry};
use crate::settings::Credential;
use crate::signin::{
    AuthorizationCode, AuthorizationError, AuthorizationRequest, CodeVerifier, Ending, Listener,
    OAuthClient, Pending, REDIRECT_PORTS, RedirectUri, SCOPE, State, TokenError, registration,
    revocation, token,
};
use crate::todoist::Client;

/// How long a failed sign-in may take to revoke the token that it got.
const ABANDON_LIMIT: Duration = Duration::from_secs(5);

/// What the person asks of a sign-in.
#[derive(Debug)]
pub struct Request {
    /// Print the address instead of opening a browser.
    pub no_browser: bool,
    /// How long to wait for the person.
    pub timeout: Duration,
    /// A shorter life for the session than the hour.
    pub ttl: Option<SignedDuration>,
    /// The one port that the person's own client is registered for.
    pub port: Option<u16>,
}

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
    key_store: String,
    /// Who was signed in before under this profile, and where.
    replaced: Option<String>,
    #[serde(skip)]
    until: String,
    #[serde(skip)]
    next: String,
}

/// Signs in, and replaces what the profile had only when all has succeeded.
///
/// # Errors
/// [`Failure`]; nothing is stored then.
pub async fn run(context: &Context, request: &Request) -> Result<SignedIn, Failure> {
    if !matches!(context.settings.credential, Credential::Session) {
        return Err(Failure::TokenFromOutside);
    }
    if request.port.is_some() && context.settings.own_client.is_none() {
        return Err(Failure::PortWithoutClient);
    }
    check_stores(context).await?;
    let http = Http::new()?;
    let client = client(context, &http).await?;

    let ports = request.port.map_or(REDIRECT_PORTS.to_vec(), |port| vec![port]);
    let listener = Listener::bind(&ports)?;
    let redirect_uri = listener.redirect_uri();
    let authorization = authorization_request(context, &client, redirect_uri)?;
    let (url, verifier) = (authorization.url, authorization.verifier);
    let issuers = vec![context.settings.auth.to_string(), context.settings.api.to_string()];
    let mut waiting =
        listener.serve(Pending { state: authorization.state, port: redirect_uri.port, issuers });

    send_to_browser(context, request, &url);
    let response = tokio::time::timeout(request.timeout, waiting.authorization_response()).await;
    let nobody = Failure::NobodyCame { seconds: request.timeout.as_secs() };
    let Ok(Some(response)) = response else { return Err(nobody) };

    // From here on there is a token, or soon will be: Ctrl-C must not leave it to itself.
    let _guard = context.interrupts.guard();
    tracing::info!("the browser has come back");
    let signed_in = match response {
        Ok(code) => {
            let grant = Grant { client: &client, redirect_uri, code, verifier };
            finish(context, &http, request, grant).await
        }
        Err(error) => Err(error.into()),
    };
    let ending = match &signed_in {
        Ok((session, _)) => Ending::SignedIn { name: session.account.full_name.clone() },
        Err(Failure::Authorization(AuthorizationError::Denied)) => Ending::Denied,
        Err(_) => Ending::Failed,
    };
    let name = u128::from_le_bytes(random()?);
    tokio::select! {
        () = waiting.show(&ending, name) => {}
        () = context.interrupts.noted() => {}
    }

    let (session, replaced) = signed_in?;
    if let Some(old) = &replaced {
        revoke_replaced(context, &http, old).await;
    }
    Ok(SignedIn::of(context, &session, replaced))
}

/// A person should not go through the consent page for a session that cannot be kept.
async fn check_stores(context: &Context) -> Result<(), Failure> {
    let lock = context.paths.registration_lock();
    // One at a time: all use the same entry for the proof.
    let check = move |keys: &dyn KeyStore| {
        let _turn = private_files::lock_private(&lock).map_err(KeyStoreError::Folder)?;
        keys.check()
    };
    context.with_keys(check).await?;
    context.with_vault(|vault, profile| vault.prepare(profile)).await??;
    Ok(())
}

/// The client to sign in with: the person's own, the registered one if Todoist still knows it,
/// or a new registration.
async fn client(context: &Context, http: &Http) -> Result<OAuthClient, Failure> {
    if let Some(own) = release::own_client(context) {
        return Ok(own);
    }
    let api = &context.settings.api;
    let known = match release::stored_client(context, api).await {
        // Sealed under another master key: as good as none.
        Err(KeyStoreError::EntryDamaged { .. }) => None,
        stored => stored?,
    };
    // Asked before the browser opens: there, an unknown client ends in a page of Todoist's from
    // which nobody comes back.
    match known {
        Some(known) if revocation::is_known(http, api, &known).await? => Ok(known),
        forgotten => register(context, http, forgotten.map(|client| client.id)).await,
    }
}

/// Registers a client, unless another login has done so meanwhile: whoever stored first is the
/// client of both, since only a client that is kept can revoke later. No lock is held during
/// the request. `forgotten` is the id of the client that is to be replaced.
async fn register(
    context: &Context,
    http: &Http,
    forgotten: Option<String>,
) -> Result<OAuthClient, Failure> {
    let api = &context.settings.api;
    let registered = registration::register(http, api).await?;
    tracing::info!(client = registered.id, "registered with Todoist");
    let bytes = registered.to_stored().map_err(|error| Failure::System {
        what: "the registered client cannot be written",
        cause: error.into(),
    })?;
    let lock = context.paths.registration_lock();
    let entry = EntryName::client(api);
    let store = move |keys: &dyn KeyStore| {
        let _turn = private_files::lock_private(&lock).map_err(KeyStoreError::Folder)?;
        let first = match keys.get(&entry) {
            Err(KeyStoreError::EntryDamaged { .. }) => None,
            kept => kept?.as_deref().and_then(|bytes| OAuthClient::from_stored(bytes)),
        };
        match first.filter(|first| Some(&first.id) != forgotten.as_ref()) {
            Some(first) => Ok(first),
            None => keys.set(&entry, &bytes).map(|()| registered),
        }
    };
    Ok(context.with_keys(store).await?)
}

fn authorization_request(
    context: &Context,
    client: &OAuthClient,
    redirect_uri: RedirectUri,
) -> Result<AuthorizationRequest, Failure> {
    let state = State::from_entropy(&random()?);
    let verifier = CodeVerifier::from_entropy(&random()?);
    let auth = &context.settings.auth;
    Ok(AuthorizationRequest::new(auth, &client.id, redirect_uri, state, verifier))
}

/// Bits from the operating system's generator.
fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bits = [0; N];
    getrandom::fill(&mut bits).map_err(Failure::Entropy)?;
    Ok(bits)
}

fn send_to_browser(context: &Context, request: &Request, url: &url::Url) {
    let listener = &context.listener;
    listener.note(
        "nbatodo asks for access to your Todoist projects and tasks: to read them, so that it \
         finds what it made before, to write the games, and to delete those that are called off.",
    );
    let opened = !request.no_browser
        && context
            .browser
            .open(url)
            .inspect_err(|error| listener.note(&format!("No browser could be started: {error}.")))
            .is_ok();
    if opened {
        listener.note("Your browser opens. If it does not, go to this address on this machine:");
        listener.note(url.as_str());
    } else {
        listener.demand("Go to this address in a browser on this machine:");
        listener.demand(url.as_str());
    }
    listener.note("Waiting for your consent there; Ctrl-C ends the wait.");
}

/// What a consent gave, with what belongs to it.
struct Grant<'a> {
    client: &'a OAuthClient,
    redirect_uri: RedirectUri,
    code: AuthorizationCode,
    verifier: CodeVerifier,
}

/// Code to token, token to account, all of it sealed. Returns the session that was there.
async fn finish(
    context: &Context,
    http: &Http,
    request: &Request,
    grant: Grant<'_>,
) -> Result<(Session, Option<Session>), Failure> {
    let api = &context.settings.api;
    let Grant { client, redirect_uri, code, verifier } = grant;
    let issued_at = whole_seconds(context.clock.now());
    let token = match token::exchange(http, api, client, redirect_uri, code, verifier).await {
        Err(TokenError::UnknownClient) => {
            forget_client(context).await?;
            return Err(TokenError::UnknownClient.into());
        }
        answered => answered?,
    };
    tracing::info!(expires_in = ?token.expires_in, "got a token for the code");
    let expires_at = expiry(issued_at, token.expires_in, request.ttl);
    let scopes = token.scopes.unwrap_or_else(asked_for);
    let account = match account(context, http, &token.access_token).await {
        Ok(account) => account,
        Err(error) => {
            abandon(http, api, client, &token.access_token).await;
            return Err(error);
        }
    };
    let session = Session {
        profile: context.settings.profile.clone(),
        account,
        access_token: token.access_token,
        scopes,
        client_id: client.id.clone(),
        api: api.clone(),
        issued_at,
        expires_at,
    };
    let (session, stored) = context
        .with_vault(move |vault, _| {
            let stored = vault.replace(&session);
            (session, stored)
        })
        .await?;
    match stored {
        Ok(replaced) => Ok((session, replaced)),
        Err(error) => {
            abandon(http, api, client, &session.access_token).await;
            Err(error.into())
        }
    }
}

/// Who has signed in; the last step that an interrupt can still undo.
async fn account(context: &Context, http: &Http, token: &AccessToken) -> Result<Account, Failure> {
    let client = Client::new(http, &context.settings.api, token);
    let user = tokio::select! {
        user = client.user() => user?,
        () = context.interrupts.noted() => return Err(Failure::Interrupted),
    };
    Ok(Account { id: user.id, email: user.email, full_name: user.full_name })
}

/// The scopes that a token has whose answer names none (RFC 6749 section 5.1).
fn asked_for() -> Vec<String> {
    SCOPE.split(',').map(str::to_owned).collect()
}

/// A session counts in seconds, as OAuth does.
fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// A token that no session will hold must not stay alive. If this fails too, it dies by itself
/// within the hour; the failure that led here is what the person has to hear.
async fn abandon(http: &Http, api: &Origin, client: &OAuthClient, token: &AccessToken) {
    let revoked = revocation::revoke(http, api, client, token);
    match tokio::time::timeout(ABANDON_LIMIT, revoked).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the token of a failed sign-in was not revoked"),
        Err(_) => tracing::warn!("the token of a failed sign-in was not revoked in time"),
    }
}

/// The next login registers anew.
async fn forget_client(context: &Context) -> Result<(), Failure> {
    let entry = EntryName::client(&context.settings.api);
    context.with_keys(move |keys| keys.delete(&entry)).await?;
    Ok(())
}

async fn revoke_replaced(context: &Context, http: &Http, old: &Session) {
    if let Err(error) = release::revoke(context, http, old).await {
        let line = format!("The token of the session before could not be revoked ({error}).");
        context.listener.note(&line);
    }
}

impl SignedIn {
    fn of(context: &Context, session: &Session, replaced: Option<Session>) -> Self {
        let left = session.time_left(context.clock.now());
        Self {
            profile: session.profile.to_string(),
            account: AccountShown::from(&session.account),
            api: session.api.to_string(),
            scopes: session.scopes.clone(),
            expires_at: session.expires_at.to_string(),
            minutes_left: (left.as_secs() + 59) / 60,
            key_store: context.keys.describe(),
            replaced: replaced.map(|old| format!("{} at {}", old.account.email, old.api)),
            until: context.clock_time(session.expires_at),
            next: next_step(&session.profile),
        }
    }
}

fn next_step(profile: &Profile) -> String {
    command_for(profile, "import --team BOS")
}

impl SignedIn {
    /// Who, where and until when, in one line.
    pub fn summary(&self) -> String {
        let Self { account, profile, until, minutes_left, .. } = self;
        format!(
            "Signed in as {account}, profile \"{profile}\", until {until} ({minutes_left} minutes)."
        )
    }
}

impl Report for SignedIn {}

impl fmt::Display for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.summary())?;
        if let Some(before) = &self.replaced {
            writeln!(f, "The session of {before} before it is signed out.")?;
        }
        writeln!(f, "Next: {}", self.next)
    }
}
