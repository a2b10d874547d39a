//! The token endpoint: a code for tokens (RFC 6749 section 4.1.3) with the code verifier
//! (RFC 7636 section 4.5), and a refresh token for new ones (RFC 6749 section 6).

use std::time::Duration;

use jiff::SignedDuration;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, TokenResponse as _, TokenUrl,
};
use serde::Deserialize;

use crate::http::{Answer, Http, HttpError, NO_SENSE};
use crate::model::{AccessToken, ClientSecret, Origin, RefreshToken, plain_text};
use crate::signin::{AuthorizationCode, CodeVerifier, OAuthClient, RedirectUri};

/// The successful answer of the token endpoint (RFC 6749 section 5.1).
#[derive(Debug)]
pub struct TokenResponse {
    /// What opens the account.
    pub access_token: AccessToken,
    /// What brings the next access token, if there is such a thing.
    pub refresh_token: Option<RefreshToken>,
    /// For how long, if it said.
    pub expires_in: Option<SignedDuration>,
    /// What the token may do, if it said; otherwise what was asked for.
    pub scopes: Option<Vec<String>>,
}

/// Why Todoist gave no token (RFC 6749 section 5.2, or no answer at all).
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No answer.
    #[error("getting the token: {0}")]
    Http(#[from] HttpError),
    /// A passing fault; the request may have been carried out.
    #[error("Todoist's token endpoint is unavailable ({0})")]
    Unavailable(String),
    /// It did not look at the request (RFC 6585 section 4, RFC 9110 section 15.6.4).
    #[error("Todoist's token endpoint has no time at the moment (HTTP {0})")]
    Busy(u16),
    /// It does not know our client, or not with this secret.
    #[error("Todoist does not know this installation of nbatodo any more")]
    UnknownClient,
    /// It refused the code or the refresh token, for instance because it was stolen or revoked.
    #[error("Todoist refused the sign-in code ({0})")]
    Refused(String),
}

impl TokenError {
    /// Whether what was sent is surely as good as before.
    pub fn is_untouched(&self) -> bool {
        match self {
            Self::Http(error) => error.nothing_was_sent(),
            Self::Busy(_) | Self::UnknownClient => true,
            Self::Unavailable(_) | Self::Refused(_) => false,
        }
    }
}

/// The error response of the OAuth endpoints (RFC 6749 section 5.2).
#[derive(Deserialize)]
struct ErrorResponse {
    error: String,
}

/// Whether an answer of an OAuth endpoint says that it does not know the client, whatever its
/// status (RFC 6749 section 5.2 leaves the choice).
pub(super) fn client_is_unknown(answer: &Answer) -> bool {
    let response = serde_json::from_slice::<ErrorResponse>(&answer.body);
    response.is_ok_and(|it| UNKNOWN_CLIENT.contains(&it.error.as_str()))
}

/// The two ways in which Todoist says that it does not know the client.
const UNKNOWN_CLIENT: [&str; 2] = ["invalid_client", "incorrect_application_credentials"];

/// The access token request (RFC 6749 section 4.1.3): exchanges `code`, once, which consumes it
/// and its verifier. What travels is copied by the HTTP client; our own copies are wiped.
///
/// # Errors
/// [`TokenError`].
pub async fn exchange(
    http: &Http,
    api: &Origin,
    client: &OAuthClient,
    redirect_uri: RedirectUri,
    code: AuthorizationCode,
    verifier: CodeVerifier,
) -> Result<TokenResponse, TokenError> {
    let redirect_url = RedirectUrl::new(redirect_uri.to_string())
        .map_err(|error| TokenError::Refused(error.to_string()))?;
    let response = endpoint(api, client)
        .exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()))
        .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect_url))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
        .request_async(&|request| send(http, request, None))
        .await
        .map_err(refused)?;
    Ok(understood(&response))
}

/// Sends the refresh token, once, and waits for an answer as long as `limit`. Whether it may be
/// sent at all, [`crate::signin::renewal`] says.
///
/// # Errors
/// [`TokenError`].
pub async fn refresh(
    http: &Http,
    api: &Origin,
    client: &OAuthClient,
    token: &RefreshToken,
    limit: Duration,
) -> Result<TokenResponse, TokenError> {
    let response = endpoint(api, client)
        .exchange_refresh_token(&oauth2::RefreshToken::new(token.expose().to_owned()))
        .request_async(&|request| send(http, request, Some(limit)))
        .await
        .map_err(refused)?;
    Ok(understood(&response))
}

/// The token endpoint of `api`, to which `client` proves itself among the parameters.
fn endpoint(api: &Origin, client: &OAuthClient) -> Endpoint {
    let endpoint = BasicClient::new(ClientId::new(client.id.clone()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(api.at("/oauth/access_token")));
    match &client.secret {
        Some(secret) => endpoint
            .set_client_secret(oauth2::ClientSecret::new(ClientSecret::expose(secret).to_owned())),
        None => endpoint,
    }
}

type Endpoint =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn understood(response: &BasicTokenResponse) -> TokenResponse {
    let lifetime = response.expires_in().map(|lifetime| lifetime.as_secs());
    TokenResponse {
        access_token: AccessToken::new(response.access_token().secret().clone()),
        refresh_token: response
            .refresh_token()
            .map(|token| RefreshToken::new(token.secret().clone())),
        expires_in: lifetime
            .map(|seconds| SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))),
        // Todoist separates scopes by commas, the RFC by spaces.
        scopes: response.scopes().map(|scopes| {
            scopes.iter().flat_map(|scope| scope.split(',')).map(str::to_owned).collect()
        }),
    }
}

fn refused(error: RequestTokenError<TokenError, BasicErrorResponse>) -> TokenError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => {
            let code = response.error().to_string();
            if UNKNOWN_CLIENT.contains(&code.as_str()) {
                TokenError::UnknownClient
            } else {
                TokenError::Refused(plain_text::remark(&code))
            }
        }
        // The raw answer, which these two hold, is dropped here: a token may stand in it.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            TokenError::Unavailable(NO_SENSE.to_owned())
        }
    }
}

/// Lets `oauth2` speak through our own client, with its limits.
async fn send(
    http: &Http,
    request: HttpRequest,
    limit: Option<Duration>,
) -> Result<HttpResponse, TokenError> {
    let mut request = reqwest::Request::try_from(request)
        .map_err(|error| HttpError::Setup(error.without_url().to_string()))?;
    if limit.is_some() {
        *request.timeout_mut() = limit;
    }
    let answer = http.execute(request).await?;
    if let status @ (429 | 503) = answer.status.as_u16() {
        return Err(TokenError::Busy(status));
    }
    if let Some(why) = answer.not_from_an_api() {
        return Err(TokenError::Unavailable(why));
    }
    let mut response = HttpResponse::new(answer.body.to_vec());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}
