//! A new session from the standing grant, without a browser.

use std::time::Duration;

use jiff::Timestamp;

use crate::commands::grant::whole_seconds;
use crate::commands::release::Unkept;
use crate::commands::{Context, Failure, client, release, standing};
use crate::http::Http;
use crate::model::AccessToken;
use crate::session::{Opened, Session, StandingGrant, StandingToken, expiry, token_end};
use crate::signin::renewal::{Move, Verdict, judge, next_move};
use crate::signin::{OAuthClient, TokenError, TokenResponse, token};
use crate::todoist::{Client, TodoistError};

/// The pause before each try while answers get lost.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3)];

/// The session that the standing grant brings, or that another process has just made of it.
/// `None` if there is no grant.
///
/// # Errors
/// [`Failure`]. A grant that can bring nothing any more is gone afterwards.
pub(super) async fn renewed(context: &Context) -> Result<Option<Session>, Failure> {
    if standing::read(context).await?.is_none() {
        return Ok(None);
    }
    let _turn = standing::turn(context).await?;
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await?;
    if let Opened::Live(session) = opened? {
        return Ok(Some(session));
    }
    // Read again: whoever had the turn before may have changed it.
    let Some(mut grant) = standing::read(context).await? else { return Ok(None) };
    let (http, client) = (Http::new()?, client_of(context, &grant).await?);

    // What Todoist gives from here on, nobody else has: Ctrl-C waits until it is kept.
    let guard = context.interrupts.guard();
    let response = match &grant.token {
        StandingToken::Refresh { .. } => rotated(context, &http, &client, &mut grant).await?,
        StandingToken::LongLived(token) => still_good(context, &http, &grant, token).await?,
    };
    let session = sealed(context, &http, &client, &grant, response, now).await?;
    if grant.first_sent().is_some() {
        // No successor came. Until here, it was what a run after a crash would have needed.
        standing::remove(context).await?;
        context.listener.demand(&last_hour(context, &session));
    }
    drop(guard);
    if context.interrupts.is_noted() { Err(Failure::Interrupted) } else { Ok(Some(session)) }
}

/// Sends the refresh token, once more where an answer got lost and that is safe, and keeps its
/// successor. If none came, `grant` still says that it was sent.
async fn rotated(
    context: &Context,
    http: &Http,
    client: &OAuthClient,
    grant: &mut StandingGrant,
) -> Result<TokenResponse, Failure> {
    let mut lost = None;
    for pause in PAUSES {
        tokio::time::sleep(pause).await;
        let now = context.clock.now();
        let made = next_move(grant.first_sent(), now);
        if made == Move::Send {
            // Durable before it is sent, so that a run after a crash knows.
            grant.set_first_sent(Some(whole_seconds(now)));
            standing::keep(context, grant).await?;
        }
        let Some(token) = grant.refresh_token().filter(|_| made != Move::GiveUp) else { break };
        match judge(made, token::refresh(http, &grant.api, client, token).await) {
            Verdict::Renewed { response, successor } => {
                grant.token = StandingToken::Refresh { token: successor, first_sent: None };
                // Durable before the access token is used.
                let kept = standing::keep(context, grant).await;
                if kept.is_err() {
                    let access = &response.access_token;
                    Unkept { access, refresh: grant.refresh_token() }
                        .abandon(http, &grant.api, client)
                        .await;
                }
                return kept.map(|()| response);
            }
            Verdict::LastHour(response) => return Ok(response),
            Verdict::Unanswered(error) => lost = Some(error),
            Verdict::Untouched(error) => {
                grant.set_first_sent(None);
                standing::keep(context, grant).await?;
                return Err(error.into());
            }
            Verdict::ClientRefused if client::own(context).is_some() => {
                // Perhaps a wrong secret, which the person can put right.
                grant.set_first_sent(grant.first_sent().filter(|_| made != Move::Send));
                standing::keep(context, grant).await?;
                return Err(TokenError::UnknownClient.into());
            }
            Verdict::ClientRefused => {
                client::forget(context).await?;
                return Err(gone(context, TokenError::UnknownClient.into()).await);
            }
            Verdict::Ended(error) => {
                tracing::info!(%error, "the standing grant was refused");
                let profile = context.settings.profile.clone();
                return Err(gone(context, Failure::GrantEnded(profile)).await);
            }
        }
    }
    match lost {
        Some(error) => Err(Failure::RenewalUnanswered(error)),
        None => {
            let profile = context.settings.profile.clone();
            Err(gone(context, Failure::GrantLost(profile)).await)
        }
    }
}

/// Asks Todoist whether it still takes a token that has no end: nobody else would tell.
async fn still_good(
    context: &Context,
    http: &Http,
    grant: &StandingGrant,
    token: &AccessToken,
) -> Result<TokenResponse, Failure> {
    match Client::new(http, &grant.api, token).user().await {
        Ok(_) => Ok(TokenResponse {
            access_token: AccessToken::new(token.expose().to_owned()),
            refresh_token: None,
            expires_in: None,
            scopes: None,
        }),
        Err(TodoistError::Unauthorized) => {
            let profile = context.settings.profile.clone();
            Err(gone(context, Failure::GrantEnded(profile)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// The session of the next hour, in place of the one before.
async fn sealed(
    context: &Context,
    http: &Http,
    client: &OAuthClient,
    grant: &StandingGrant,
    response: TokenResponse,
    now: Timestamp,
) -> Result<Session, Failure> {
    let issued_at = whole_seconds(now);
    let session = Session {
        profile: context.settings.profile.clone(),
        account: grant.account.clone(),
        access_token: AccessToken::new(response.access_token.expose().to_owned()),
        scopes: response.scopes.unwrap_or_else(|| grant.scopes.clone()),
        client_id: grant.client_id.clone(),
        api: grant.api.clone(),
        issued_at,
        expires_at: expiry(issued_at, response.expires_in, grant.ttl),
        token_expires_at: token_end(issued_at, response.expires_in),
    };
    let stored = context
        .with_vault(move |vault, _| vault.replace(&session).map(|before| (session, before)))
        .await;
    match stored.map_err(Failure::from).and_then(|stored| stored.map_err(Failure::from)) {
        Ok((session, before)) => {
            // With a shorter life than its token's, a session leaves a token that is still good.
            if let Some(before) = before.filter(|before| before.outlived_by_token(now))
                && before.access_token.expose() != session.access_token.expose()
            {
                release::revoke_afterwards(context, before).await;
            }
            tracing::info!(until = %session.expires_at, "renewed the session");
            Ok(session)
        }
        Err(failure) => {
            if grant.refresh_token().is_some() {
                let access = &response.access_token;
                Unkept { access, refresh: None }.abandon(http, &grant.api, client).await;
            }
            Err(failure)
        }
    }
}

/// Only the client that it was granted to can use it.
async fn client_of(context: &Context, grant: &StandingGrant) -> Result<OAuthClient, Failure> {
    if grant.api != context.settings.api {
        return Err(Failure::OtherOrigin {
            profile: context.settings.profile.clone(),
            session: grant.api.to_string(),
            asked: context.settings.api.to_string(),
        });
    }
    let client = release::client_of(context, &grant.api, &grant.client_id).await?;
    client.ok_or_else(|| Failure::GrantOfOtherClient(context.settings.profile.clone()))
}

/// Destroys a grant that can bring nothing any more.
async fn gone(context: &Context, why: Failure) -> Failure {
    match standing::remove(context).await {
        Ok(_) => why,
        Err(error) => error.into(),
    }
}

fn last_hour(context: &Context, session: &Session) -> String {
    format!(
        "This is the last hour of \"{}\", until {}: the answer to an earlier renewal was lost, and \
         with it what comes next. To stay signed in: {}",
        session.profile,
        context.clock_time(session.expires_at),
        crate::commands::command_for(&session.profile, "login --stay-signed-in"),
    )
}
