//! One HTTP client for everything: bounded in time and size, following no redirects.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, Method, Request, RequestBuilder, StatusCode, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::sync::Semaphore;
use url::Url;
use zeroize::Zeroizing;

use crate::model::system_error::in_words;

/// The longest time to reach a server.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// The longest time to the end of an answer, connecting included.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// The longest answer: three times the league's feed with everything in it.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;
/// Who we are, to the servers that we ask.
const USER_AGENT: &str = concat!("nbatodo/", env!("CARGO_PKG_VERSION"));

/// The client. One of them is one pool of connections; it is cheap to pass by reference.
#[derive(Debug)]
pub struct Http {
    /// For `http` addresses, which are loopback ones: past any proxy, and without roots.
    loopback: Client,
    /// For the rest of the world; reading the platform's roots waits until it is needed.
    outside: OnceLock<Client>,
    /// Bounds how many requests are under way at once, if anything does.
    at_once: Option<Semaphore>,
}

/// A whole answer.
pub struct Answer {
    /// The status of the answer.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body. Token answers pass through here, so it is wiped on drop.
    pub body: Zeroizing<Vec<u8>>,
}

/// Why there is no answer. No variant shows an address with its query, where codes travel.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection came about, so nothing was sent.
    #[error("{host} cannot be reached{}: {cause}", if *.proxied { " through the proxy" } else { "" })]
    NotConnected {
        /// Host and port.
        host: String,
        /// Whether a proxy stands before it.
        proxied: bool,
        /// The innermost cause.
        cause: String,
    },
    /// The connection broke; what was sent may have arrived.
    #[error("{host} cannot be reached: {cause}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// The innermost cause.
        cause: String,
    },
    /// The server did not prove that it is the one that we want to talk to.
    #[error("the certificate of {host} {distrust}")]
    Certificate {
        /// Host and port.
        host: String,
        /// Why its proof does not count.
        distrust: Distrust,
    },
    /// The server took too long.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// Host and port.
        host: String,
    },
    /// The answer is longer than any that we expect.
    #[error("the answer of {host} is too long")]
    TooLong {
        /// Host and port.
        host: String,
    },
    /// The client itself could not be set up.
    #[error("no HTTPS client can be set up: {0}")]
    Setup(String),
}

impl HttpError {
    /// Whether the request surely never left this machine.
    pub fn nothing_was_sent(&self) -> bool {
        matches!(self, Self::NotConnected { .. } | Self::Certificate { .. } | Self::Setup(_))
    }
}

/// Why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// Nobody whom this system trusts has issued it.
    #[error("is not trusted: is there a company proxy?")]
    Issuer,
    /// It has ended, or not begun.
    #[error("is not valid at this time: is this machine's clock right?")]
    Time,
    /// It belongs to somebody else.
    #[error("is for another name: is there a sign-in page of the network in between?")]
    Name,
}

/// What an answer is that has the right status and makes no sense all the same.
pub const NO_SENSE: &str = "its answer makes no sense";

impl Answer {
    /// Why this does not come from the API that was asked, but from something in front of it, or
    /// from an API that is out of order; `None` where it is the API's own word.
    pub fn not_from_an_api(&self) -> Option<String> {
        let status = self.status;
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            Some(format!("HTTP {}", status.as_u16()))
        } else if status.is_redirection() {
            Some(format!("HTTP {}, a redirect, which is not followed", status.as_u16()))
        } else if status.is_success() && !self.may_be_json() {
            let hint = "is there a sign-in page of the network in between?";
            Some(format!("it answered with a page and not with data; {hint}"))
        } else {
            None
        }
    }

    /// Whether the media type, where one is named and there is anything to name, is JSON's
    /// (RFC 8259 section 11, RFC 6839 section 3.1).
    fn may_be_json(&self) -> bool {
        if self.body.is_empty() {
            return true;
        }
        let Some(named) = self.headers.get(CONTENT_TYPE) else { return true };
        let named = named.to_str().unwrap_or_default().to_ascii_lowercase();
        let essence = named.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    }

    /// How long a pause the server asks for, in seconds (RFC 9110 section 10.2.3).
    pub fn retry_after(&self) -> Option<u64> {
        self.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
    }
}

impl Http {
    /// A client with rustls, TLS 1.2 or newer, the platform's roots, and the proxies that the
    /// platform names. It never follows a redirect: a token must not travel to an address
    /// that an answer chose.
    ///
    /// # Errors
    /// [`HttpError::Setup`].
    pub fn new() -> Result<Self, HttpError> {
        let no_roots = tls()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        // A bare container has no /etc/hosts to find it in, and it never means another machine
        // (RFC 6761 section 6.3). The port is the address's.
        let here = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), (Ipv6Addr::LOCALHOST, 0).into()];
        let builder = Client::builder().no_proxy().resolve_to_addrs("localhost", &here);
        let loopback = bounded(builder, no_roots)?;
        Ok(Self { loopback, outside: OnceLock::new(), at_once: None })
    }

    /// The same, with no more than `count` requests under way at once: others wait.
    pub fn with_requests_at_once(self, count: usize) -> Self {
        Self { at_once: Some(Semaphore::new(count)), ..self }
    }

    /// The start of a request, to be finished and given to [`Http::send`].
    ///
    /// # Errors
    /// [`HttpError::Setup`] where TLS cannot be set up, as on a machine without any CA
    /// certificate.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, HttpError> {
        Ok(self.client_for(&url)?.request(method, url))
    }

    fn client_for(&self, url: &Url) -> Result<&Client, HttpError> {
        if url.scheme() == "http" {
            return Ok(&self.loopback);
        }
        if let Some(client) = self.outside.get() {
            return Ok(client);
        }
        let client = bounded(Client::builder(), verified_tls()?)?;
        Ok(self.outside.get_or_init(|| client))
    }

    /// Sends `request` and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`HttpError`] where there is no answer, not where there is one that we do not like.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, HttpError> {
        self.execute(request.build().map_err(|error| HttpError::Setup(innermost(&error)))?).await
    }

    /// The same for a request that another crate has built.
    ///
    /// # Errors
    /// As [`Http::send`].
    pub async fn execute(&self, request: Request) -> Result<Answer, HttpError> {
        let host = host_of(request.url());
        let _turn = match &self.at_once {
            // Nobody closes it.
            Some(at_once) => at_once.acquire().await.ok(),
            None => None,
        };
        tracing::debug!(method = %request.method(), %host, path = request.url().path(), "request");
        let mut response = self
            .client_for(request.url())?
            .execute(request)
            .await
            .map_err(|error| failed(&host, &error))?;
        let mut body = Zeroizing::new(Vec::with_capacity(
            response.content_length().unwrap_or(0).min(LONGEST_ANSWER as u64) as usize,
        ));
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&host, &error))? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(HttpError::TooLong { host });
            }
            body.extend_from_slice(&chunk);
        }
        let status = response.status();
        tracing::debug!(%host, status = status.as_u16(), bytes = body.len(), "answer");
        Ok(Answer { status, headers: std::mem::take(response.headers_mut()), body })
    }
}

/// TLS to a server that proves its name by a certificate of somebody whom the platform trusts;
/// on Linux, `SSL_CERT_FILE` names other certificates to trust.
///
/// # Errors
/// [`HttpError::Setup`], as on a machine without any CA certificate.
pub fn verified_tls() -> Result<ClientConfig, HttpError> {
    Ok(tls()?.with_platform_verifier().map_err(without_roots)?.with_no_client_auth())
}

fn tls() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, HttpError> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(setup)
}

fn setup(error: rustls::Error) -> HttpError {
    HttpError::Setup(error.to_string())
}

/// The verifier's own words for a system without roots say neither what is missing nor what helps.
fn without_roots(error: rustls::Error) -> HttpError {
    match error {
        rustls::Error::General(why) if why.starts_with("No CA certificates") => {
            HttpError::Setup(NO_ROOTS.to_owned())
        }
        error => setup(error),
    }
}

/// What to do where no certificate can be checked.
const NO_ROOTS: &str = "this system has no CA certificates; install its package ca-certificates, \
                        or name a file of them in SSL_CERT_FILE";

fn bounded(builder: ClientBuilder, tls: ClientConfig) -> Result<Client, HttpError> {
    builder
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_LIMIT)
        .timeout(ANSWER_LIMIT)
        .user_agent(USER_AGENT)
        .build()
        .map_err(|error| HttpError::Setup(innermost(&error)))
}

fn failed(host: &str, error: &reqwest::Error) -> HttpError {
    let host = host.to_owned();
    if let Some(distrust) = links(error).find_map(distrust) {
        return HttpError::Certificate { host, distrust };
    }
    let cause = innermost(error);
    if error.is_connect() {
        // The type behind it is private to the crate that says so.
        let proxied = links(error).any(|link| link.to_string().starts_with(TUNNEL));
        let cause = cause.strip_prefix(TUNNEL).unwrap_or(&cause).to_owned();
        HttpError::NotConnected { host, proxied, cause }
    } else if error.is_timeout() {
        HttpError::TimedOut { host }
    } else {
        HttpError::Unreachable { host, cause }
    }
}

/// How a connection through a proxy begins to say what is wrong with it.
const TUNNEL: &str = "tunnel error: ";

/// What `error` came from, outermost first.
fn links(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |link| Error::source(*link))
}

/// Why a certificate was refused, if this link of an error's chain says that one was.
pub fn distrust(link: &(dyn Error + 'static)) -> Option<Distrust> {
    use rustls::CertificateError as E;

    let tls = unwrapped(link).downcast_ref::<rustls::Error>();
    let rustls::Error::InvalidCertificate(why) = tls? else { return None };
    Some(match why {
        E::Expired | E::ExpiredContext { .. } => Distrust::Time,
        E::NotValidYet | E::NotValidYetContext { .. } => Distrust::Time,
        E::NotValidForName | E::NotValidForNameContext { .. } => Distrust::Name,
        _ => Distrust::Issuer,
    })
}

/// What an I/O error wraps, which it leaves out of the chain; several may lie in each other.
fn unwrapped<'a>(link: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    match link.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => unwrapped(inner),
        None => link,
    }
}

/// The last link of an error's chain says what happened ("connection refused"); the links
/// above it repeat the address, query included.
fn innermost(error: &reqwest::Error) -> String {
    links(error).last().map_or_else(|| "the connection failed".to_owned(), |it| in_words(&it))
}

fn host_of(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}
