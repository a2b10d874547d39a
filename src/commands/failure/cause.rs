//! What lies at the bottom of a failure, whatever it was met in.

use url::{Host, Url};

use super::ways_out;
use crate::commands::Failure;
use crate::database::DatabaseError;
use crate::http::{Distrust, HttpError};
use crate::import::ApplyError;
use crate::keys::KeyStoreError;
use crate::session::{StoreError, VaultError};
use crate::settings::InvalidSetting;
use crate::signin::TokenError;
use crate::signin::registration::RegistrationError;
use crate::todoist::TodoistError;

impl Failure {
    /// The command that takes what is wrong out of the settings, where there is one.
    pub(in crate::commands) fn repair(&self) -> Option<String> {
        match self {
            Self::ConfigFile { repair, .. } => repair.as_ref().map(|it| format!("nbatodo {it}")),
            Self::Setting(InvalidSetting::Chosen { key, at, .. }) => {
                ways_out::without_setting(*key, at)
            }
            _ => None,
        }
    }

    /// What a database said, in whatever it was asked for.
    pub(in crate::commands) fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error)
            | Self::Keys(KeyStoreError::Database(error))
            | Self::Vault(VaultError::Keys(KeyStoreError::Database(error)))
            | Self::Vault(VaultError::Store(StoreError::Database(error))) => Some(error),
            Self::Apply(error) => error.database(),
            _ => None,
        }
    }

    /// Whether the certificate of a server is what is not trusted.
    pub(in crate::commands) fn is_about_a_certificate(&self) -> bool {
        if let Some(DatabaseError::Certificate { distrust, .. }) = self.database() {
            return *distrust == Distrust::Issuer;
        }
        matches!(self.http(), Some(HttpError::Certificate { distrust: Distrust::Issuer, .. }))
    }

    /// Whether nobody listens where Todoist is to be, and that is on this machine: the address of
    /// a sandbox that has ended.
    pub(in crate::commands) fn is_about_a_sandbox_gone(&self) -> bool {
        let Some(HttpError::NotConnected { host, .. }) = self.http() else { return false };
        if matches!(self, Self::GivenHttp(_)) {
            return false;
        }
        is_on_this_machine(host)
    }

    /// Why a server gave no answer, in whatever it was asked for.
    fn http(&self) -> Option<&HttpError> {
        match self {
            Self::Http(error)
            | Self::GivenHttp(error)
            | Self::Registration(RegistrationError::Http(error))
            | Self::Token(TokenError::Http(error))
            | Self::RenewalUnanswered(TokenError::Http(error))
            | Self::Todoist(TodoistError::Http(error))
            | Self::Apply(ApplyError::Todoist(TodoistError::Http(error))) => Some(error),
            _ => None,
        }
    }
}

/// Whether `host`, perhaps with a port, is a name of this machine to itself.
pub(in crate::commands) fn is_on_this_machine(host: &str) -> bool {
    Url::parse(&format!("http://{host}")).is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}
