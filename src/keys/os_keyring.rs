//! The platform's own keyring.

use keyring::{Entry, Error};
use zeroize::{Zeroize, Zeroizing};

#[cfg(target_os = "linux")]
use super::session_bus::SessionBus;
use super::{EntryName, KeyStore, KeyStoreError};

/// The service under which all entries lie.
const SERVICE: &str = "nbatodo";

/// Keychain on macOS, Credential Manager on Windows, elsewhere Secret Service on the session
/// bus.
#[derive(Debug)]
pub struct OsKeyring {
    may_ask: bool,
    bus: SessionBus,
}

impl OsKeyring {
    /// The platform's keyring; nothing is asked yet. Unless it `may_ask` a person, a Secret
    /// Service that would have to is an error, and no dialog is started.
    pub fn new(may_ask: bool) -> Self {
        Self { may_ask, bus: SessionBus::default() }
    }

    fn entry(&self, name: &EntryName) -> Result<Entry, KeyStoreError> {
        if !self.may_ask {
            self.bus.is_open()?;
        }
        if let Err(error) = Entry::store_status() {
            return Err(KeyStoreError::Unreachable { why: why_unreachable(error) });
        }
        Entry::new(SERVICE, name.as_str()).map_err(|error| translate(error, name))
    }
}

impl KeyStore for OsKeyring {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let entry = self.entry(name)?;
        let mut answer = entry.get_secret();
        if matches!(answer, Err(Error::PlatformFailure(_))) {
            // Secret Service finds an item and then reads it; in between another process may
            // have deleted it. Asked again, it says so.
            answer = entry.get_secret();
        }
        match answer {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(translate(error, name)),
        }
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        self.entry(name)?.set_secret(secret).map_err(|error| translate(error, name))
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(Error::Ambiguous(twins)) => {
                // Whichever was meant, all of them have to go.
                for twin in twins {
                    twin.delete_credential().map_err(|error| translate(error, name))?;
                }
                Ok(true)
            }
            Err(error) => Err(translate(error, name)),
        }
    }

    fn describe(&self) -> String {
        let keyring = match std::env::consts::OS {
            "macos" => "the login keychain",
            "windows" => "the Windows Credential Manager",
            _ => "the desktop keyring (Secret Service)",
        };
        keyring.to_owned()
    }
}

/// Other platforms' keyrings do not tell beforehand; the time limit bounds their questions.
#[cfg(not(target_os = "linux"))]
#[derive(Debug, Default)]
struct SessionBus;

#[cfg(not(target_os = "linux"))]
impl SessionBus {
    fn is_open(&self) -> Result<(), KeyStoreError> {
        Ok(())
    }
}

/// In words where they are known: the library's own are of a protocol.
fn why_unreachable(error: &Error) -> String {
    #[cfg(target_os = "linux")]
    {
        tracing::debug!(why = cause_of(error), "the keyring did not come up");
        super::session_bus::why_unreachable()
    }
    #[cfg(not(target_os = "linux"))]
    cause_of(error)
}

fn translate(error: Error, name: &EntryName) -> KeyStoreError {
    let entry = name.clone();
    match error {
        Error::NoStorageAccess(_) => KeyStoreError::Locked { why: cause_of(&error) },
        Error::NoDefaultStore => KeyStoreError::Unreachable { why: cause_of(&error) },
        Error::TooLong(part, limit) => KeyStoreError::TooLong { entry, part, limit },
        Error::Ambiguous(_) => KeyStoreError::Ambiguous { entry },
        // These carry what was read, which may be a secret.
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeyStoreError::EntryDamaged { entry }
        }
        error => KeyStoreError::Failed { why: cause_of(&error) },
    }
}

/// The innermost reason, on one line.
fn cause_of(error: &Error) -> String {
    let text = match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => cause.to_string(),
        other => other.to_string(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(error: Error) -> KeyStoreError {
        translate(error, &EntryName::probe())
    }

    #[test]
    fn the_keyring_s_errors_are_told_apart() {
        let locked = translated(Error::NoStorageAccess("prompt\n dismissed".into()));
        assert_eq!(locked.to_string(), "the keyring is locked or not set up: prompt dismissed");
        assert!(locked.remedy().contains("unlock"));
        let nobody = translated(Error::NoDefaultStore);
        assert!(matches!(nobody, KeyStoreError::Unreachable { .. }));
        let long = translated(Error::TooLong("secret".into(), 2560));
        assert!(matches!(long, KeyStoreError::TooLong { limit: 2560, .. }));
        let twins = translated(Error::Ambiguous(Vec::new()));
        assert!(matches!(twins, KeyStoreError::Ambiguous { .. }));
        let gone = translated(Error::PlatformFailure("the bus is gone".into()));
        assert_eq!(gone.to_string(), "the keyring failed: the bus is gone");
    }

    #[test]
    fn an_error_shows_nothing_of_what_was_read() {
        let damaged = translated(Error::BadEncoding(b"house-key".to_vec()));
        assert!(!format!("{damaged} {damaged:?}").contains("house"));
        assert!(!format!("{damaged:?}").contains("104"), "nor as numbers");
    }
}
