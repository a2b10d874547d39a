//! Addresses that secrets may travel to.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// An address over which nobody on the way can listen: `https`, or `http` to a loopback
/// address. It carries no user name and no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecureUrl(Url);

/// A [`SecureUrl`] without path, query or fragment: the party that a token is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(SecureUrl);

/// Why a text is no [`SecureUrl`] or no [`Origin`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Not a URL at all.
    #[error("it is not a URL")]
    NotAUrl,
    /// Another scheme, or `http` to another machine.
    #[error("it must be https, or http to a loopback address such as http://127.0.0.1:8080")]
    Insecure,
    /// `https://user:password@host`.
    #[error("it must not contain a user name or password")]
    Credentials,
    /// A path, query or fragment where only an origin is allowed.
    #[error("it must end after the host and port")]
    NotAnOrigin,
}

impl SecureUrl {
    /// The address as a URL.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl Origin {
    /// The address of `path` (which starts with a slash) at this origin.
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.0.url().clone();
        url.set_path(path);
        url
    }
}

impl From<Origin> for SecureUrl {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl FromStr for SecureUrl {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let url = Url::parse(text).map_err(|_| InvalidAddress::NotAUrl)?;
        match url.scheme() {
            "https" if url.has_host() => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(InvalidAddress::Insecure),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidAddress::Credentials);
        }
        Ok(Self(url))
    }
}

impl FromStr for Origin {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let address: SecureUrl = text.parse()?;
        let url = address.url();
        if url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
            Ok(Self(address))
        } else {
            Err(InvalidAddress::NotAnOrigin)
        }
    }
}

impl fmt::Display for Origin {
    /// `https://api.todoist.com`, without a trailing slash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.url().as_str().trim_end_matches('/'))
    }
}

impl fmt::Display for SecureUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_are_origins() {
        for text in [
            "https://api.todoist.com",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost:9",
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "http://example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "api.todoist.com",
            "",
            "https://me:secret@api.todoist.com",
            "https://api.todoist.com/v1",
            "https://api.todoist.com?x=1",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_is_put_behind_the_origin() {
        let origin: Origin = "https://api.todoist.com".parse().unwrap();
        assert_eq!(origin.at("/api/v1/sync").as_str(), "https://api.todoist.com/api/v1/sync");
    }
}
