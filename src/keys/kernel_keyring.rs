//! The kernel's keyrings, for machines on which no keyring service runs.

use linux_keyutils::{Key, KeyError, KeyRing, KeyRingIdentifier};
use zeroize::Zeroizing;

use super::{EntryName, KeyStore, KeyStoreError};

/// What the kernel sets before every entry, so that `keyctl show` says whose they are.
const PREFIX: &str = "nbatodo:";
/// The longest secret that a key of the type "user" holds, in bytes (keyrings(7)).
const LONGEST: u32 = 32_767;
/// How often a name is looked for when it is deleted: each anchor can hold a key of that name.
const ANCHORS: usize = 2;

/// The user's own keyring in the Linux kernel, which a restart empties (user-keyring(7)).
///
/// Keys are anchored in the user keyring and, where the kernel has one, in the persistent keyring
/// (persistent-keyring(7)): older kernels drop the former when no process of the user is left,
/// and the latter lapses when it is not used for days. A key is readable to whoever possesses it,
/// and a process under a session keyring of its own, as under sshd or systemd, does not possess
/// the user's; each call therefore links both into the keyring of its thread, which ends with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelKeyring;

impl KernelKeyring {
    /// The keyring of whoever runs this; nothing is asked yet.
    pub fn new() -> Self {
        Self
    }
}

impl KeyStore for KernelKeyring {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let Some(key) = found(possessed()?, name)? else { return Ok(None) };
        let mut secret = Zeroizing::new(vec![0; LONGEST as usize]);
        match key.read(&mut secret) {
            Ok(length) => secret.truncate(length),
            // It was there a moment ago.
            Err(error) if means_gone(error) => return Ok(None),
            Err(error) => return Err(translate(error)),
        }
        Ok(Some(secret))
    }

    /// The kernel asks nobody.
    fn holds(&self, name: &EntryName) -> Option<bool> {
        match possessed().and_then(|ring| found(ring, name)) {
            Ok(key) => Some(key.is_some()),
            Err(KeyStoreError::NoKernelKeyring { .. }) => Some(false),
            Err(_) => None,
        }
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        if secret.len() > LONGEST as usize {
            let part = "secret".to_owned();
            return Err(KeyStoreError::TooLong { entry: name.clone(), part, limit: LONGEST });
        }
        possessed()?;
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, true).map_err(translate)?;
        let key = user.add_key(&described(name), secret).map_err(translate)?;
        let settled = match name.lifetime() {
            Some(lifetime) => {
                let seconds = usize::try_from(lifetime.as_secs()).unwrap_or(usize::MAX);
                key.set_timeout(seconds)
            }
            None => Ok(()),
        };
        if let Err(error) = settled.and_then(|()| anchor(key)) {
            // Nothing is kept that would outlive its time.
            let dropped = key.invalidate();
            tracing::debug!(?dropped, "an entry that was not settled");
            return Err(translate(error));
        }
        Ok(())
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        let ring = possessed()?;
        let mut any = false;
        for _ in 0..ANCHORS {
            let Some(key) = found(ring, name)? else { break };
            match key.invalidate() {
                Ok(()) => any = true,
                Err(error) if means_gone(error) => {}
                Err(error) => return Err(translate(error)),
            }
        }
        Ok(any)
    }

    fn describe(&self) -> String {
        "the kernel keyring".to_owned()
    }

    fn forgets_at_restart(&self) -> bool {
        true
    }
}

/// The keyring of this thread, with the user's linked into it, so that what lies there is
/// possessed.
fn possessed() -> Result<KeyRing, KeyStoreError> {
    let thread = KeyRing::from_special_id(KeyRingIdentifier::Thread, true).map_err(translate)?;
    thread.link_keyring_id(KeyRingIdentifier::User).map_err(translate)?;
    if let Err(error) = KeyRing::get_persistent(KeyRingIdentifier::Thread) {
        tracing::debug!(%error, "this kernel has no persistent keyrings");
    }
    Ok(thread)
}

/// Links `key` into the persistent keyring too, where there is one.
fn anchor(key: Key) -> Result<(), KeyError> {
    match KeyRing::get_persistent(KeyRingIdentifier::Thread) {
        Ok(persistent) => persistent.link_key(key),
        Err(_) => Ok(()),
    }
}

fn found(ring: KeyRing, name: &EntryName) -> Result<Option<Key>, KeyStoreError> {
    match ring.search(&described(name)) {
        Ok(key) => Ok(Some(key)),
        Err(error) if means_gone(error) => Ok(None),
        Err(error) => Err(translate(error)),
    }
}

fn described(name: &EntryName) -> String {
    format!("{PREFIX}{name}")
}

/// The kernel says in several ways that there is no such key any more.
fn means_gone(error: KeyError) -> bool {
    matches!(error, KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked)
}

/// `ENOSYS` of Linux, which the binding has no name for.
const NO_SUCH_CALL: i32 = 38;

fn translate(error: KeyError) -> KeyStoreError {
    let why = match error {
        KeyError::QuotaExceeded => return KeyStoreError::KernelFull,
        // What filters of containers answer, and kernels that were built without keyrings.
        KeyError::PermissionDenied => "this system forbids it, as containers do",
        KeyError::AccessDenied => "this user may not use it",
        KeyError::Unknown(NO_SUCH_CALL) | KeyError::OperationNotSupported => {
            "this kernel was built without keyrings, or a container hides them"
        }
        other => return KeyStoreError::Failed { why: format!("the kernel keyring: {other}") },
    };
    KeyStoreError::NoKernelKeyring { why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_refuses_is_said_in_words_with_a_way_out() {
        for (error, word) in [
            (KeyError::PermissionDenied, "containers"),
            (KeyError::Unknown(NO_SUCH_CALL), "without keyrings"),
            (KeyError::AccessDenied, "may not"),
            (KeyError::QuotaExceeded, "full"),
        ] {
            let told = translate(error);
            assert!(told.to_string().contains(word), "{told}");
            assert!(told.remedy().contains("nbatodo doctor --make-key FILE"), "{}", told.remedy());
        }
        assert!(translate(KeyError::OutOfMemory).to_string().contains("OutOfMemory"));
    }
}
