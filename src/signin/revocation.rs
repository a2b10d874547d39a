//! Token revocation (RFC 7009).

use reqwest::{Method, StatusCode};

use crate::http::{Http, HttpError};
use crate::model::{AccessToken, ClientSecret, Origin, RefreshToken};
use crate::signin::OAuthClient;
use crate::signin::token::client_is_unknown;

/// Why a token may still be good.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// No answer.
    #[error("{0}")]
    Http(#[from] HttpError),
    /// The client has no secret, and Todoist wants one here.
    #[error("Todoist revokes tokens only for clients with a secret")]
    PublicClient,
    /// Todoist does not know the client any more.
    #[error("Todoist does not accept this installation's credentials")]
    Client,
    /// A fault, or the word of something in front of Todoist: no proof of anything.
    #[error("Todoist could not be told ({0})")]
    Unavailable(String),
    /// Any other answer that is no success.
    #[error("Todoist answered with HTTP {0}")]
    Refused(u16),
}

/// What can be revoked (RFC 7009 section 2.1).
#[derive(Clone, Copy, Debug)]
pub enum Revocable<'a> {
    /// What a session opens tasks with.
    Access(&'a AccessToken),
    /// A refresh token, and with it what it would bring.
    Refresh(&'a RefreshToken),
}

impl Revocable<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Access(token) => token.expose(),
            Self::Refresh(token) => token.expose(),
        }
    }

    /// The value of `token_type_hint`.
    fn hint(&self) -> &'static str {
        match self {
            Self::Access(_) => "access_token",
            Self::Refresh(_) => "refresh_token",
        }
    }
}

/// Tells Todoist that `token` must open nothing any more. A token that it does not know is as
/// good as revoked (RFC 7009 section 2.2).
///
/// # Errors
/// [`RevocationError`].
pub async fn revoke(
    http: &Http,
    api: &Origin,
    client: &OAuthClient,
    token: Revocable<'_>,
) -> Result<(), RevocationError> {
    let secret = client.secret.as_ref().ok_or(RevocationError::PublicClient)?;
    let request = http
        .request(Method::POST, api.at("/api/v1/revoke"))?
        .basic_auth(&client.id, Some(ClientSecret::expose(secret)))
        .form(&[("token", token.text()), ("token_type_hint", token.hint())]);
    let answer = http.send(request).await?;
    if client_is_unknown(&answer) {
        return Err(RevocationError::Client);
    }
    if let Some(why) = answer.not_from_an_api() {
        return Err(RevocationError::Unavailable(why));
    }
    match answer.status {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED => Err(RevocationError::Client),
        status => Err(RevocationError::Refused(status.as_u16())),
    }
}

/// Whether Todoist still knows `client`: asks for the revocation of a token that never was,
/// which changes nothing, and looks at how the client's credentials are taken.
///
/// # Errors
/// [`HttpError`] if there is no answer.
pub async fn is_known(http: &Http, api: &Origin, client: &OAuthClient) -> Result<bool, HttpError> {
    let nothing = AccessToken::new("never-issued".to_owned());
    match revoke(http, api, client, Revocable::Access(&nothing)).await {
        Err(RevocationError::Client) => Ok(false),
        Err(RevocationError::Http(error)) => Err(error),
        // Any other answer is one to a client that is known.
        Ok(())
        | Err(
            RevocationError::PublicClient
            | RevocationError::Unavailable(_)
            | RevocationError::Refused(_),
        ) => Ok(true),
    }
}
