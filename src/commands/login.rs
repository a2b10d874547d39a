//! `nbatodo login`: from the browser's consent to a sealed session.

use std::time::Duration;

use jiff::SignedDuration;

use crate::commands::consent::{Consent, Wishes, redeem};
use crate::commands::login_report::SignedIn;
use crate::commands::standing_grant::{self, Replaced};
use crate::commands::status::AccountShown;
use crate::commands::times::{self, Told};
use crate::commands::waiting::Way;
use crate::commands::{Context, Failure, client, command_for, release, waiting};
use crate::http::Http;
use crate::keys::{KeyStore, KeyStoreError, within_limit};
use crate::model::Profile;
use crate::session::{Matter, Opened, Vault, VaultError};
use crate::settings::{Credential, InvalidSetting, KeyStoreSetting};
use crate::signin::{
    AuthorizationError, AuthorizationRequest, CodeVerifier, Ending, Listener, OAuthClient, Pending,
    Permission, REDIRECT_PORTS, RedirectUri, State, TokenError,
};

/// How long a session store may take to say what it is.
const DURABILITY_LIMIT: Duration = Duration::from_secs(20);

/// What the person asks of a sign-in.
#[derive(Debug)]
pub struct Request {
    /// Print the address instead of opening a browser.
    pub no_browser: bool,
    /// How long to wait for the person.
    pub timeout: Duration,
    /// A shorter life for the session than the hour.
    pub ttl: Option<SignedDuration>,
    /// Keep what lets later runs renew the session.
    pub stay_signed_in: bool,
    /// What to ask them to permit.
    pub permission: Permission,
    /// The one port that the person's own client is registered for.
    pub port: Option<u16>,
}

/// Signs in, and replaces what the profile had only when all has succeeded.
///
/// # Errors
/// [`Failure`]; nothing is stored then.
pub async fn run(context: &Context, request: &Request) -> Result<SignedIn, Failure> {
    // Not where a token from outside is the greater obstacle.
    if context.keeps_nothing() && matches!(context.settings.credential, Credential::Session) {
        return Err(Failure::SignInForgotten);
    }
    sign_in(context, request).await
}

/// As [`run`], also for a run that keeps nothing and goes on signed in.
///
/// # Errors
/// [`Failure`]; nothing is stored then.
pub(super) async fn sign_in(context: &Context, request: &Request) -> Result<SignedIn, Failure> {
    if !matches!(context.settings.credential, Credential::Session) {
        return Err(Failure::TokenFromOutside);
    }
    if request.port.is_some() && context.settings.own_client.is_none() {
        return Err(Failure::PortWithoutClient);
    }
    if context.settings.unclaimed_secret {
        return Err(InvalidSetting::SecretWithoutClient.into());
    }
    let profile = &context.settings.profile;
    if let Some(other) = context.roster.spelt_otherwise(profile).map_err(VaultError::from)? {
        return Err(Failure::SpeltOtherwise { profile: profile.clone(), other });
    }
    let busy = context.busy("Looking at the key store");
    check_stores(context).await?;
    refuse_what_would_not_stay(context, request.stay_signed_in)?;
    if request.stay_signed_in {
        check_durability(context).await?;
    }
    explain_what_is_kept(context, request.stay_signed_in).await;
    standing_grant::tell_of_others(context).await;
    let http = Http::new()?;
    let client = client::for_sign_in(context, &http).await?;
    tell_who_is_there(context).await;
    drop(busy);
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
    let authorization = authorization_request(context, client, request.permission, redirect_uri)?;
    let (url, verifier) = (authorization.url, authorization.verifier);
    let issuers = vec![context.settings.auth.to_string(), context.settings.api.to_string()];
    let mut waiting =
        listener.serve(Pending { state: authorization.state, port: redirect_uri.port, issuers });

    // Drawn before anything is stored: nothing may fail after that.
    let name = u128::from_le_bytes(random()?);
    say_what_is_asked(context, request.permission);
    let way = Way { url: &url, redirect_uri };
    let arrived = waiting::for_consent(context, request, way, &mut waiting).await?;

    // From here on there is a token, or soon will be: Ctrl-C must not leave it to itself.
    let _guard = context.interrupts.guard();
    tracing::info!(by_browser = arrived.by_browser, "the answer has come");
    let _busy = context.busy("Signing in at Todoist");
    let signed_in = match arrived.response {
        Ok(code) => {
            let consent = Consent { client, redirect_uri, code, verifier };
            let Request { ttl, stay_signed_in, permission, .. } = *request;
            redeem(context, http, Wishes { ttl, stay_signed_in, permission }, consent).await
        }
        Err(error) => Err(error.into()),
    };
    let ending = shown_in_browser(&signed_in);
    // A browser can also come after a paste, with the same redirect.
    tokio::select! {
        () = waiting.show(&ending, name) => {}
        () = context.interrupts.noted() => {}
    }

    let signed_in = signed_in?;
    context.interrupts.sign_in_is_kept();
    let account = &signed_in.session.account;
    let (times, zone) = (account.times, account.timezone.as_deref());
    times::remember(context, Told { account: &account.id, times, zone });
    client::keep_secret(context, client).await;
    enter(context).await;
    revoke_replaced(context, http, &signed_in).await;
    Ok(SignedIn::of(context, signed_in, request.stay_signed_in))
}

/// Whoever has signed in is to hear of it when the sign-in has ended; a list that cannot be written
/// to is no reason not to sign in.
async fn enter(context: &Context) {
    let roster = context.roster.clone();
    let enter = move |_: &Vault, profile: &Profile| roster.enter(profile);
    let error = match context.with_vault(enter).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    context.listener.note(&format!(
        "\"import --all-profiles\" knows of this profile only as long as it is signed in ({error})."
    ));
}

fn shown_in_browser(signed_in: &Result<Replaced, Failure>) -> Ending {
    match signed_in {
        Ok(Replaced { session, .. }) => {
            Ending::SignedIn { name: session.account.full_name.clone() }
        }
        Err(Failure::Authorization(AuthorizationError::Denied)) => Ending::Denied,
        Err(_) => Ending::Failed,
    }
}

/// A second sign-in is often a mistake, so it says whose session it is about to end.
async fn tell_who_is_there(context: &Context) {
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await;
    if let Ok(Ok(Opened::Live(session))) = opened {
        times::learn_of(context, &session);
        context.interrupts.spare_somebody();
        context.listener.note(&format!(
            "Signed in now: {}, until {}. That ends when the new sign-in has succeeded, not before.",
            AccountShown::from(&session.account),
            context.clock_time(session.expires_at),
        ));
    }
}

/// A person should not go through the consent page for a session that cannot be kept.
async fn check_stores(context: &Context) -> Result<(), Failure> {
    let turns = context.turns.clone();
    // One at a time: all use the same entry for the proof.
    let check = move |keys: &dyn KeyStore| {
        let _turn = turns.take(&Matter::Client)?;
        keys.check()
    };
    context.with_keys(check).await?;
    context.with_vault(|vault, profile| vault.prepare(profile)).await??;
    Ok(())
}

/// What stays must outlive a restart, unless the person has chosen a store that does not.
fn refuse_what_would_not_stay(context: &Context, stay_signed_in: bool) -> Result<(), Failure> {
    if let Some(caveat) = context.keys.caveat().filter(|_| !stay_signed_in) {
        context.listener.note(&caveat);
    }
    if !(stay_signed_in && context.keys.forgets_at_restart()) {
        return Ok(());
    }
    if context.settings.key_store != KeyStoreSetting::Keyutils {
        return Err(KeyStoreError::NothingLasts.into());
    }
    context.listener.note("A restart empties the kernel keyring, and this sign-in ends with it.");
    Ok(())
}

/// A store that goes back in time with a crash would give a refresh token out again that was used,
/// which Todoist takes for a replay.
async fn check_durability(context: &Context) -> Result<(), Failure> {
    let turns = context.turns.clone();
    let asked = within_limit(DURABILITY_LIMIT, move || Ok::<_, Failure>(turns.survives_a_crash()?));
    match asked.await? {
        Some(false) => Err(Failure::ForgetfulStore),
        Some(true) | None => Ok(()),
    }
}

/// Before the browser opens: what will be there when this has succeeded, and what will not be.
async fn explain_what_is_kept(context: &Context, stay_signed_in: bool) {
    let (listener, profile) = (&context.listener, &context.settings.profile);
    if stay_signed_in {
        listener.note(&format!(
            "To stay signed in, nbatodo keeps Todoist's refresh token, sealed by {}, and nowhere \
             in clear.",
            context.keys.describe()
        ));
        listener.note(&format!(
            "Whoever can open that can use your Todoist, until \"{}\" revokes it.",
            command_for(profile, "logout")
        ));
    } else if standing_grant::read(context).await.is_ok_and(|grant| grant.is_some()) {
        context.interrupts.spare_somebody();
        listener.note(&format!(
            "\"{profile}\" stays signed in now. This sign-in replaces that, and ends within the \
             hour; to go on staying: {}",
            command_for(profile, "login --stay-signed-in")
        ));
    }
}

fn authorization_request(
    context: &Context,
    client: &OAuthClient,
    permission: Permission,
    redirect_uri: RedirectUri,
) -> Result<AuthorizationRequest, Failure> {
    let state = State::from_entropy(&random()?);
    let verifier = CodeVerifier::from_entropy(&random()?);
    let auth = &context.settings.auth;
    Ok(AuthorizationRequest::new(auth, &client.id, permission, redirect_uri, state, verifier))
}

/// Bits from the operating system's generator.
fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bits = [0; N];
    getrandom::fill(&mut bits).map_err(Failure::Entropy)?;
    Ok(bits)
}

fn say_what_is_asked(context: &Context, permission: Permission) {
    context.listener.note(
        "nbatodo asks for access to your Todoist projects and tasks: to read them, so that it \
         finds what it made before, and to write the games.",
    );
    if permission == Permission::WriteAndDelete {
        context.listener.note(
            "It also asks for leave to delete tasks and projects, which \"remove\" and \
             \"import --prune\" need; a sign-in without --allow-delete cannot.",
        );
    }
}

/// Ends at Todoist what was there before, unless Todoist has given the same token again.
async fn revoke_replaced(context: &Context, http: &Http, signed_in: &Replaced) {
    let Replaced { session, session_before, grant_before } = signed_in;
    let now = session.access_token.expose();
    let mut failed = None;
    if let Some(before) = session_before.as_ref().filter(|it| it.access_token.expose() != now) {
        failed = release::revoke(context, http, before).await.err();
    }
    if let Some(before) = grant_before.as_ref().filter(|it| !it.is_access_token(now)) {
        failed = release::revoke_grant(context, http, before).await.err().or(failed);
    }
    if let Some(error) = failed {
        let line = format!("What was signed in before could not be revoked ({error}).");
        context.listener.note(&line);
    }
}
