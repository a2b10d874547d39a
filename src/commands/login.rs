//! `nbatodo login`: from the browser's consent to a sealed session.

use std::time::Duration;

use jiff::SignedDuration;

use crate::commands::grant::{Grant, redeem};
use crate::commands::signed_in::SignedIn;
use crate::commands::status::AccountShown;
use crate::commands::waiting::Way;
use crate::commands::{Context, Failure, client, release, waiting};
use crate::http::Http;
use crate::keys::{KeyStore, KeyStoreError};
use crate::private_files;
use crate::session::{Opened, Session};
use crate::settings::{Credential, InvalidSetting};
use crate::signin::{
    AuthorizationError, AuthorizationRequest, CodeVerifier, Ending, Listener, OAuthClient, Pending,
    REDIRECT_PORTS, RedirectUri, State, TokenError,
};

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
    if context.settings.unclaimed_secret {
        return Err(InvalidSetting::SecretWithoutClient.into());
    }
    check_stores(context).await?;
    let http = Http::new()?;
    let client = client::for_sign_in(context, &http).await?;
    tell_who_is_there(context).await;
    match attempt(context, request, &http, &client).await {
        // Forgotten since it was asked about: once more with a new one, and only once.
        Err(Failure::Token(TokenError::UnknownClient)) if !context.interrupts.is_noted() => {
            context.listener.demand(
                "Todoist has forgotten this installation, so it is registered anew. Please give \
                 your consent once more.",
            );
            let client = client::for_sign_in(context, &http).await?;
            attempt(context, request, &http, &client).await
        }
        ended => ended,
    }
}

/// One way through the browser, as `client`.
async fn attempt(
    context: &Context,
    request: &Request,
    http: &Http,
    client: &OAuthClient,
) -> Result<SignedIn, Failure> {
    let ports = request.port.map_or(REDIRECT_PORTS.to_vec(), |port| vec![port]);
    let listener = Listener::bind(&ports)?;
    let redirect_uri = listener.redirect_uri();
    let authorization = authorization_request(context, client, redirect_uri)?;
    let (url, verifier) = (authorization.url, authorization.verifier);
    let issuers = vec![context.settings.auth.to_string(), context.settings.api.to_string()];
    let mut waiting =
        listener.serve(Pending { state: authorization.state, port: redirect_uri.port, issuers });

    // Drawn before anything is stored: nothing may fail after that.
    let name = u128::from_le_bytes(random()?);
    say_what_is_asked(context);
    let way = Way { url: &url, redirect_uri };
    let arrived = waiting::for_consent(context, request, way, &mut waiting).await?;

    // From here on there is a token, or soon will be: Ctrl-C must not leave it to itself.
    let _guard = context.interrupts.guard();
    tracing::info!(by_browser = arrived.by_browser, "the answer has come");
    let signed_in = match arrived.response {
        Ok(code) => {
            let grant = Grant { client, redirect_uri, code, verifier };
            redeem(context, http, request.ttl, grant).await
        }
        Err(error) => Err(error.into()),
    };
    let ending = match &signed_in {
        Ok((session, _)) => Ending::SignedIn { name: session.account.full_name.clone() },
        Err(Failure::Authorization(AuthorizationError::Denied)) => Ending::Denied,
        Err(_) => Ending::Failed,
    };
    if arrived.by_browser {
        tokio::select! {
            () = waiting.show(&ending, name) => {}
            () = context.interrupts.noted() => {}
        }
    }

    let (session, replaced) = signed_in?;
    client::keep_secret(context, client).await;
    if let Some(old) = &replaced {
        revoke_replaced(context, http, old).await;
    }
    Ok(SignedIn::of(context, &session, replaced))
}

/// A second sign-in is often a mistake, so it says whose session it is about to end.
async fn tell_who_is_there(context: &Context) {
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await;
    if let Ok(Ok(Opened::Live(session))) = opened {
        context.listener.note(&format!(
            "Signed in now: {}, until {}. That ends when the new sign-in has succeeded, not before.",
            AccountShown::from(&session.account),
            context.clock_time(session.expires_at),
        ));
    }
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

fn say_what_is_asked(context: &Context) {
    context.listener.note(
        "nbatodo asks for access to your Todoist projects and tasks: to read them, so that it \
         finds what it made before, and to write the games.",
    );
}

async fn revoke_replaced(context: &Context, http: &Http, old: &Session) {
    if let Err(error) = release::revoke(context, http, old).await {
        let line = format!("The token of the session before could not be revoked ({error}).");
        context.listener.note(&line);
    }
}
