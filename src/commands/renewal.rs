//! A new session from the standing grant, without a browser.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::commands::consent::whole_seconds;
use crate::commands::release::Unkept;
use crate::commands::{Context, Exit, Failure, client, command_for, release, standing_grant};
use crate::database::DatabaseError;
use crate::http::Http;
use crate::keys::within_limit;
use crate::model::{AccessToken, RefreshToken};
use crate::session::{
    HELD_FOR, Opened, Session, StandingGrant, StandingToken, StoreError, Turn, expiry, token_end,
};
use crate::signin::renewal::{Move, Verdict, judge, next_move};
use crate::signin::{OAuthClient, TokenError, TokenResponse, token};
use crate::todoist::{Client, TodoistError};

/// The pause before each try while answers get lost.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3)];

/// The pauses before each further try to keep a successor.
const KEEPING_PAUSES: [Duration; 6] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
];

/// The session that the standing grant brings, or that another process has just made of it.
/// `None` if there is no grant.
///
/// # Errors
/// [`Failure`]. A grant that can bring nothing any more is gone afterwards.
pub(super) async fn renewed(context: &Context) -> Result<Option<Session>, Failure> {
    if standing_grant::read(context).await?.is_none() {
        return Ok(None);
    }
    let turn = standing_grant::turn(context).await?;
    let now = context.clock.now();
    let opened = context.with_vault(move |vault, profile| vault.open(profile, now)).await?;
    if let Opened::Live(session) = opened? {
        return Ok(Some(session));
    }
    // Read again: whoever had the turn before may have changed it.
    let Some(grant) = standing_grant::read(context).await? else { return Ok(None) };
    let (http, client) = (context.supplies.http()?, client_of(context, &grant).await?);
    let mut renewal = Renewal { context, http, client, grant, turn: Some(turn) };

    // What Todoist gives from here on, nobody else has: Ctrl-C waits until it is kept.
    let guard = context.interrupts.guard();
    let response = match &renewal.grant.token {
        StandingToken::Refresh { .. } => renewal.rotate().await?,
        StandingToken::LongLived(token) => renewal.check(token).await?,
    };
    let session = renewal.seal(response, now).await?;
    if renewal.grant.first_sent().is_some() {
        // No successor came. Until here, it was what a run after a crash would have needed.
        standing_grant::remove(context).await?;
        context.listener.demand(&last_hour(context, &session));
    }
    drop(guard);
    if context.interrupts.is_noted() { Err(Failure::Interrupted) } else { Ok(Some(session)) }
}

/// A renewal under way, by the one process whose turn it is.
struct Renewal<'a> {
    context: &'a Context,
    http: Arc<Http>,
    client: OAuthClient,
    grant: StandingGrant,
    /// Away only while a thread asks for it.
    turn: Option<Box<dyn Turn>>,
}

impl Renewal<'_> {
    /// Sends the refresh token, once more where an answer got lost and that is safe, and keeps
    /// its successor. If none came, the grant still says that it was sent.
    async fn rotate(&mut self) -> Result<TokenResponse, Failure> {
        let profile = || self.context.settings.profile.clone();
        let mut lost = Failure::GrantLost(profile());
        for pause in PAUSES {
            tokio::time::sleep(pause).await;
            let now = self.hold_turn().await?;
            let (made, limit) = next_move(self.grant.first_sent(), now);
            match made {
                Move::Send => self.take_down_sending(now).await?,
                Move::SendAgain => {}
                Move::GiveUp => break,
            }
            match judge(made, self.ask(limit).await) {
                Verdict::Renewed { response, successor } => {
                    return self.succeed(successor, response).await;
                }
                Verdict::LastHour(response) => return Ok(response),
                Verdict::Unanswered(error) => lost = Failure::RenewalUnanswered(error),
                Verdict::Untouched(error) => {
                    self.take_down(None).await?;
                    return Err(error.into());
                }
                Verdict::ClientRefused => return Err(self.refused_client(made).await?),
                Verdict::Ended(error) => {
                    tracing::info!(%error, "the standing grant was refused");
                    lost = Failure::GrantEnded(self.context.settings.profile.clone());
                    break;
                }
            }
        }
        if lost.ends_sign_in() {
            standing_grant::remove(self.context).await?;
        }
        Err(lost)
    }

    /// Durable before the token is sent, so that a run after a crash knows. The turn is proved
    /// once more, for longer than the request may take: a write to a slow store takes a while.
    async fn take_down_sending(&mut self, now: Timestamp) -> Result<(), Failure> {
        self.take_down(Some(whole_seconds(now))).await?;
        self.hold_turn().await.map(drop)
    }

    /// Proves that nobody else has the turn, nor gets it for longer than a request takes. Returns
    /// the time by the clock of all who may have the turn: machines that share a grant do not
    /// have to agree on the time.
    ///
    /// # Errors
    /// [`Failure::RenewalUnderWay`] where the turn may be another's by now. That one finds when
    /// the token was first sent, and does not send it at the wrong time either.
    async fn hold_turn(&mut self) -> Result<Timestamp, Failure> {
        let Some(mut turn) = self.turn.take() else { return Err(Failure::RenewalUnderWay) };
        let held = within_limit(HELD_FOR, move || Ok::<_, Failure>((turn.hold(), turn))).await;
        let (now, turn) = held.map_err(|_| Failure::RenewalUnderWay)?;
        self.turn = Some(turn);
        match now {
            Ok(now) => Ok(now.unwrap_or_else(|| self.context.clock.now())),
            Err(StoreError::Database(DatabaseError::LockLost { .. })) => {
                Err(Failure::RenewalUnderWay)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps when the refresh token was first sent, or that it was not.
    async fn take_down(&mut self, first_sent: Option<Timestamp>) -> Result<(), Failure> {
        self.grant.set_first_sent(first_sent);
        standing_grant::keep(self.context, &self.grant).await
    }

    async fn ask(&self, limit: Duration) -> Result<TokenResponse, TokenError> {
        match &self.grant.token {
            StandingToken::Refresh { token, .. } => {
                token::refresh(&self.http, &self.grant.api, &self.client, token, limit).await
            }
            StandingToken::LongLived(_) => Err(TokenError::Refused("no refresh token".to_owned())),
        }
    }

    /// The successor is durable before the access token is used.
    async fn succeed(
        &mut self,
        successor: RefreshToken,
        response: TokenResponse,
    ) -> Result<TokenResponse, Failure> {
        self.grant.token = StandingToken::Refresh { token: successor, first_sent: None };
        let kept = self.keep_successor().await;
        if kept.is_err() {
            let (access, refresh) = (&response.access_token, self.grant.refresh_token());
            self.abandon(Unkept { access, refresh }).await;
        }
        kept.map(|()| response)
    }

    /// Nobody else has the successor, and a database that was just killed is soon there again.
    async fn keep_successor(&self) -> Result<(), Failure> {
        let mut kept = standing_grant::keep(self.context, &self.grant).await;
        for pause in KEEPING_PAUSES {
            match &kept {
                Err(failure) if failure.exit() == Exit::Temporary => {}
                _ => break,
            }
            tokio::time::sleep(pause).await;
            kept = standing_grant::keep(self.context, &self.grant).await;
        }
        kept
    }

    /// Todoist does not know the client, or not with this secret; it has looked at no token.
    async fn refused_client(&mut self, made: Move) -> Result<Failure, Failure> {
        if client::is_own(self.context, &self.client).await? {
            // Perhaps a wrong secret, which the person can put right.
            self.take_down(self.grant.first_sent().filter(|_| made != Move::Send)).await?;
            return Ok(Failure::OwnClientRefused { id: self.client.id.clone() });
        }
        standing_grant::remove(self.context).await?;
        client::forget(self.context, &self.client).await
    }

    /// Asks Todoist whether it still takes a token that has no end: nobody else would tell.
    async fn check(&self, token: &AccessToken) -> Result<TokenResponse, Failure> {
        match Client::new(&self.http, &self.grant.api, token).user().await {
            Ok(_) => Ok(TokenResponse {
                access_token: AccessToken::new(token.expose().to_owned()),
                refresh_token: None,
                expires_in: None,
                scopes: None,
            }),
            Err(TodoistError::Unauthorized) => {
                standing_grant::remove(self.context).await?;
                Err(Failure::GrantEnded(self.context.settings.profile.clone()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The session of the next hour, in place of the one before.
    async fn seal(&self, response: TokenResponse, now: Timestamp) -> Result<Session, Failure> {
        let (grant, issued_at) = (&self.grant, whole_seconds(now));
        let session = Session {
            profile: self.context.settings.profile.clone(),
            account: grant.account.clone(),
            access_token: AccessToken::new(response.access_token.expose().to_owned()),
            scopes: response.scopes.unwrap_or_else(|| grant.scopes.clone()),
            client_id: grant.client_id.clone(),
            api: grant.api.clone(),
            issued_at,
            expires_at: expiry(issued_at, response.expires_in, grant.ttl),
            token_expires_at: token_end(issued_at, response.expires_in),
        };
        let (session, before) = match standing_grant::seal(self.context, session).await {
            Ok(sealed) => sealed,
            Err(failure) => {
                if grant.refresh_token().is_some() {
                    self.abandon(Unkept { access: &response.access_token, refresh: None }).await;
                }
                return Err(failure);
            }
        };
        // With a shorter life than its token's, a session leaves a token that is still good.
        if let Some(before) = before.filter(|before| before.outlived_by_token(now))
            && before.access_token.expose() != session.access_token.expose()
        {
            release::revoke_afterwards(self.context, before).await;
        }
        tracing::info!(until = %session.expires_at, "renewed the session");
        Ok(session)
    }

    async fn abandon(&self, unkept: Unkept<'_>) {
        unkept.abandon(&self.http, &self.grant.api, &self.client).await;
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
    let client = client::issued_to(context, &grant.api, &grant.client_id).await?;
    client.ok_or_else(|| Failure::GrantOfOtherClient(context.settings.profile.clone()))
}

fn last_hour(context: &Context, session: &Session) -> String {
    format!(
        "This is the last hour of \"{}\", until {}: the answer to an earlier renewal was lost, and \
         with it what comes next. To stay signed in: {}",
        session.profile,
        context.clock_time(session.expires_at),
        command_for(&session.profile, "login --stay-signed-in"),
    )
}
