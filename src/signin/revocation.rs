//! Token revocation (RFC 7009).

use reqwest::{Method, StatusCode};

use crate::http::{Http, HttpError};
use crate::model::{AccessToken, ClientSecret, Origin};
use crate::signin::OAuthClient;

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
    /// Any other answer that is no success.
    #[error("Todoist answered with HTTP {0}")]
    Refused(u16),
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
    token: &AccessToken,
) -> Result<(), RevocationError> {
    let secret = client.secret.as_ref().ok_or(RevocationError::PublicClient)?;
    let request = http
        .request(Method::POST, api.at("/api/v1/revoke"))?
        .basic_auth(&client.id, Some(ClientSecret::expose(secret)))
        .form(&[("token", token.expose()), ("token_type_hint", "access_token")]);
    match http.send(request).await?.status {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED => Err(RevocationError::Client),
        status => Err(RevocationError::Refused(status.as_u16())),
    }
}
