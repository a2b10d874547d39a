//! Where a database is, and as whom to speak to it.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

use crate::private_files::SecretFile;

/// The address of a database. Shown without its user, and never with its password, which is
/// wiped on drop.
#[derive(PartialEq, Eq)]
pub struct DatabaseAddress {
    /// Which database it is.
    pub kind: DatabaseKind,
    /// A host's name or IP address, the latter without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Who signs in; the database's own default where nobody is named.
    pub user: Option<String>,
    /// What proves it.
    pub password: Option<Password>,
    /// The number or name of the database there.
    pub database: String,
    /// Whether the way there is encrypted.
    pub encryption: Encryption,
    /// libpq's `options`: what the server is told at the start, such as `-c search_path=NAME`.
    pub options: Option<String>,
}

/// The databases that sessions can lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// Redis or Valkey.
    Redis,
    /// PostgreSQL.
    Postgres,
}

/// How the way to a database is protected. Nothing is encrypted to a server that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Not; only on this machine.
    None,
    /// TLS if the server offers it, and then with a certificate that proves its name; only on
    /// this machine, since anybody in between could say that it offers none.
    WhereOffered,
    /// TLS, with a certificate of somebody whom the platform trusts for the host's name.
    Verified,
}

/// A password, or the private file that holds it.
#[derive(PartialEq, Eq)]
pub enum Password {
    /// The password.
    Given(Zeroizing<String>),
    /// A file of mode 0600 or a credential of systemd's, read when it is needed.
    File(SecretFile),
}

impl DatabaseAddress {
    /// Reads an address; `None` where its scheme is no database's.
    ///
    /// # Errors
    /// What is wrong with it, without repeating any part that could be secret.
    pub fn parse(text: &str) -> Option<Result<Self, String>> {
        let (kind, tls) = match text.split_once("://")?.0 {
            "redis" => (DatabaseKind::Redis, false),
            "rediss" => (DatabaseKind::Redis, true),
            "postgres" | "postgresql" => (DatabaseKind::Postgres, false),
            _ => return None,
        };
        Some(match Url::parse(text) {
            Ok(url) => Self::read(kind, tls, &url),
            Err(error) => Err(format!("it is no address: {error}")),
        })
    }

    fn read(kind: DatabaseKind, tls: bool, url: &Url) -> Result<Self, String> {
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = decoded(host.ok_or("it names no host")?)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if url.fragment().is_some() {
            return Err("an address of a database has no part behind a \"#\"".to_owned());
        }
        let local = is_loopback(&host);
        let (encryption, options) = match kind {
            DatabaseKind::Redis => (redis_encryption(url, tls)?, None),
            DatabaseKind::Postgres => postgres_parameters(url, local)?,
        };
        if encryption != Encryption::Verified && !local {
            return Err(unprotected(kind));
        }
        let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
        let password = url.password().filter(|password| !password.is_empty());
        let password = password.map(decoded).transpose()?;
        Ok(Self {
            kind,
            port: url.port().unwrap_or(kind.port()),
            database: database(kind, url, user.as_deref())?,
            host,
            user,
            password: password.map(|text| Password::Given(Zeroizing::new(text))),
            encryption,
            options,
        })
    }
}

impl DatabaseKind {
    fn port(self) -> u16 {
        match self {
            Self::Redis => 6379,
            Self::Postgres => 5432,
        }
    }
}

/// Whether an address in a settings file makes that file one that holds a secret.
pub fn holds_password(text: &str) -> bool {
    // Also one that is no address, but may have been meant as one.
    Url::parse(text).map_or(text.contains('@'), |url| url.password().is_some())
}

fn redis_encryption(url: &Url, tls: bool) -> Result<Encryption, String> {
    if url.query().is_some() {
        return Err("an address of Redis has no parameters".to_owned());
    }
    Ok(if tls { Encryption::Verified } else { Encryption::None })
}

/// libpq's words, and never less than they promise: what is encrypted is also verified, as
/// encryption alone does not keep out who sits in between.
fn postgres_parameters(url: &Url, local: bool) -> Result<(Encryption, Option<String>), String> {
    let mut encryption = if local { Encryption::None } else { Encryption::Verified };
    let mut options = None;
    for (name, value) in url.query_pairs() {
        match (&*name, &*value) {
            ("sslmode", "disable") => encryption = Encryption::None,
            ("sslmode", "allow" | "prefer") if local => encryption = Encryption::WhereOffered,
            ("sslmode", "allow" | "prefer" | "require" | "verify-ca" | "verify-full") => {
                encryption = Encryption::Verified;
            }
            ("sslmode", _) => {
                return Err("its sslmode is disable, prefer, require or verify-full".to_owned());
            }
            ("options", value) => options = Some(value.to_owned()),
            _ => return Err("of its parameters, sslmode and options are understood".to_owned()),
        }
    }
    Ok((encryption, options))
}

fn database(kind: DatabaseKind, url: &Url, user: Option<&str>) -> Result<String, String> {
    let named = decoded(url.path().trim_start_matches('/'))?;
    match kind {
        DatabaseKind::Redis if named.is_empty() => Ok("0".to_owned()),
        DatabaseKind::Redis if named.parse::<u16>().is_ok() => Ok(named),
        DatabaseKind::Redis => Err("a database of Redis is a number, such as /0".to_owned()),
        DatabaseKind::Postgres if named.contains('/') => {
            Err("the name of its database has no slash".to_owned())
        }
        DatabaseKind::Postgres => {
            let user = user.ok_or("it names no user: postgres://USER@HOST/DATABASE")?;
            Ok(if named.is_empty() { user.to_owned() } else { named })
        }
    }
}

fn unprotected(kind: DatabaseKind) -> String {
    let remedy = match kind {
        DatabaseKind::Redis => "use rediss://",
        DatabaseKind::Postgres => "leave sslmode=disable out",
    };
    format!("what goes to another machine has to be encrypted: {remedy}, or a tunnel to localhost")
}

fn decoded(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| "a part of it is not UTF-8".to_owned())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Display for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match (self.kind, self.encryption) {
            (DatabaseKind::Redis, Encryption::Verified) => "rediss",
            (DatabaseKind::Redis, _) => "redis",
            (DatabaseKind::Postgres, _) => "postgres",
        };
        let Self { host, port, database, .. } = self;
        let (open, close) = if host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{host}{close}:{port}/{database}")
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> DatabaseAddress {
        DatabaseAddress::parse(text).unwrap().unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    fn refused(text: &str) -> String {
        DatabaseAddress::parse(text).unwrap().err().unwrap_or_else(|| panic!("{text} is taken"))
    }

    #[test]
    fn an_address_is_shown_without_user_and_password() {
        for (text, shown) in [
            ("redis://localhost", "redis://localhost:6379/0"),
            ("redis://:s3cret@127.0.0.1:7000/4", "redis://127.0.0.1:7000/4"),
            ("rediss://ann:s3cret@cache.example.com/1", "rediss://cache.example.com:6379/1"),
            ("postgres://ann:s3cret@[::1]/nba", "postgres://[::1]:5432/nba"),
            ("postgresql://ann:s3cret@db.example.com", "postgres://db.example.com:5432/ann"),
        ] {
            let address = read(text);
            assert_eq!(address.to_string(), shown);
            assert!(!format!("{address:?}").contains("s3cret"), "{address:?}");
        }
        let address = read("postgres://an%40n:p%2Fw@localhost/n%20b");
        assert_eq!((address.user.as_deref(), &*address.database), (Some("an@n"), "n b"));
        let password = Some(Password::Given(Zeroizing::new("p/w".to_owned())));
        assert!(address.password == password);
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_and_verified() {
        for (text, expected) in [
            ("redis://127.0.0.1", Encryption::None),
            ("rediss://cache.example.com", Encryption::Verified),
            ("postgres://a@localhost", Encryption::None),
            ("postgres://a@localhost?sslmode=prefer", Encryption::WhereOffered),
            ("postgres://a@localhost?sslmode=require", Encryption::Verified),
            ("postgres://a@db.example.com", Encryption::Verified),
            ("postgres://a@db.example.com?sslmode=prefer", Encryption::Verified),
            ("postgres://a@db.example.com?sslmode=verify-full", Encryption::Verified),
        ] {
            assert_eq!(read(text).encryption, expected, "{text}");
        }
        assert!(refused("redis://cache.example.com").contains("rediss://"));
        assert!(refused("redis://10.0.0.1").contains("rediss://"));
        assert!(refused("postgres://a@db.example.com?sslmode=disable").contains("sslmode"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_secrets() {
        for text in [
            "redis://",
            "redis://u:s3cret@localhost/s3cret",
            "redis://u:s3cret@localhost?s3cret=1",
            "rediss://u:s3cret@localhost#insecure",
            "redis://u:s3cret@localhost:99999",
            "postgres://localhost/s3cret",
            "postgres://u:s3cret@localhost/a/s3cret",
            "postgres://u:s3cret@localhost?sslmode=s3cret",
            "postgres://u:s3cret@localhost?s3cret=1",
            "postgres://u:%ff@localhost",
        ] {
            assert!(!refused(text).contains("s3cret"), "{text}");
        }
        for text in ["file", "memory", "mysql://localhost", "redis:localhost", ""] {
            assert!(DatabaseAddress::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_password_in_an_address_makes_a_settings_file_a_secret() {
        assert!(holds_password("postgres://a:b@localhost"));
        assert!(holds_password("postgres//a:b@localhost"));
        assert!(!holds_password("postgres://a@localhost"));
        assert!(!holds_password("file"));
    }
}
