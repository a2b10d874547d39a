//! The token request (RFC 6749 section 4.1.3) with the code verifier (RFC 7636 section 4.5).

use jiff::SignedDuration;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, TokenResponse as _, TokenUrl,
};
use serde::Deserialize;

use crate::http::{Answer, Http, HttpError, NO_SENSE};
use crate::model::{AccessToken, ClientSecret, Origin};
use crate::signin::{AuthorizationCode, CodeVerifier, OAuthClient, RedirectUri};

/// The access token response (RFC 6749 section 5.1): what Todoist gave for the code.
#[derive(Debug)]
pub struct TokenResponse {
    /// What opens the account.
    pub access_token: AccessToken,
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
    /// A passing fault.
    #[error("Todoist's token endpoint is unavailable ({0})")]
    Unavailable(String),
    /// It does not know our client, or not with this secret.
    #[error("Todoist does not know this installation of nbatodo any more")]
    UnknownClient,
    /// It refused the code, for instance because it was stolen or is too old.
    #[error("Todoist refused the sign-in code ({0})")]
    Refused(String),
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
    let mut oauth = BasicClient::new(ClientId::new(client.id.clone()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(api.at("/oauth/access_token")));
    if let Some(secret) = &client.secret {
        oauth = oauth
            .set_client_secret(oauth2::ClientSecret::new(ClientSecret::expose(secret).to_owned()));
    }
    let redirect_url = RedirectUrl::new(redirect_uri.to_string())
        .map_err(|error| TokenError::Refused(error.to_string()))?;
    let response = oauth
        .exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()))
        .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect_url))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
        .request_async(&|request| send(http, request))
        .await
        .map_err(refused)?;
    Ok(understood(&response))
}

fn understood(response: &BasicTokenResponse) -> TokenResponse {
    let lifetime = response.expires_in().map(|lifetime| lifetime.as_secs());
    TokenResponse {
        access_token: AccessToken::new(response.access_token().secret().clone()),
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
                TokenError::Refused(code)
            }
        }
        // The raw answer, which these two hold, is dropped here: a token may stand in it.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            TokenError::Unavailable(NO_SENSE.to_owned())
        }
    }
}

/// Lets `oauth2` speak through our own client, with its limits.
async fn send(http: &Http, request: HttpRequest) -> Result<HttpResponse, TokenError> {
    let request = reqwest::Request::try_from(request)
        .map_err(|error| HttpError::Setup(error.without_url().to_string()))?;
    let answer = http.execute(request).await?;
    if let Some(why) = answer.not_from_an_api() {
        return Err(TokenError::Unavailable(why));
    }
    let mut response = HttpResponse::new(answer.body.to_vec());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}
