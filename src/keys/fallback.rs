//! Two key stores as one: the second stands in where the first is not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zeroize::Zeroizing;

use super::noted::Noted;
use super::{EntryName, KeyStore, KeyStoreError};

/// The first store, and in its place the second while nobody answers for the first.
///
/// What is put into the first is deleted in the second, so an entry in the second is never older
/// than one of its name in the first. Reading therefore begins with the second, which costs
/// nothing where that is the kernel, and asks nobody to unlock the first for a key that lies
/// elsewhere. Only [`KeyStoreError::Unreachable`] counts as absence: a store that is locked or
/// hangs is there.
///
/// While the first is away, an entry that was noted as lying there is out of reach; any other is
/// not there. What must outlive a restart goes into the second only if it lies there already.
pub struct Fallback {
    first: Noted,
    second: Arc<dyn KeyStore>,
    /// Whether the last entry that was found, put or proved was so in the second.
    stood_in: AtomicBool,
}

impl Fallback {
    /// `first`, or `second` in its place.
    pub fn new(first: Noted, second: Arc<dyn KeyStore>) -> Self {
        Self { first, second, stood_in: AtomicBool::new(false) }
    }

    fn used(&self, second: bool) {
        self.stood_in.store(second, Ordering::Relaxed);
    }

    fn stands_in(&self) -> bool {
        self.stood_in.load(Ordering::Relaxed)
    }

    /// Whether `error` of the first means that an entry called `name` cannot be there.
    fn is_elsewhere(&self, error: &KeyStoreError, name: &EntryName) -> bool {
        matches!(error, KeyStoreError::Unreachable { .. }) && !self.first.is_noted(name)
    }

    /// Whether `name` may be put into the second.
    fn may_stand_in_for(&self, name: &EntryName) -> bool {
        !name.outlives_restart() || matches!(self.second.get(name), Ok(Some(_)))
    }
}

impl KeyStore for Fallback {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let without_second = match self.second.get(name) {
            Ok(Some(secret)) => {
                self.used(true);
                return Ok(Some(secret));
            }
            Ok(None) => None,
            Err(error) => Some(error),
        };
        match (self.first.get(name), without_second) {
            (Err(KeyStoreError::Unreachable { why }), Some(second)) => Err(neither(why, &second)),
            (Err(error), None) if self.is_elsewhere(&error, name) => Ok(None),
            // It may lie in a second that is there and fails.
            (Ok(None), Some(error)) if !is_absent(&error) => Err(error),
            (answer, _) => {
                if matches!(answer, Ok(Some(_))) {
                    self.used(false);
                }
                answer
            }
        }
    }

    fn holds(&self, name: &EntryName) -> Option<bool> {
        if self.first.is_noted(name) { Some(true) } else { self.second.holds(name) }
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        let why = match self.first.set(name, secret) {
            Err(KeyStoreError::Unreachable { why }) => why,
            put => {
                put?;
                self.used(false);
                return Ok(());
            }
        };
        if !self.may_stand_in_for(name) {
            return Err(KeyStoreError::Unreachable { why });
        }
        self.second.set(name, secret).map_err(|second| neither(why, &second))?;
        self.used(true);
        Ok(())
    }

    /// In both. The older goes first, so that it never comes back in place of the later.
    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        let noted = self.first.is_noted(name);
        let in_first = noted && self.first.delete(name)?;
        let in_second = match self.second.delete(name) {
            Err(error) if is_absent(&error) => false,
            deleted => deleted?,
        };
        // Nobody is asked to unlock what does not hold it.
        if noted || in_second {
            return Ok(in_first || in_second);
        }
        match self.first.delete(name) {
            Err(error) if self.is_elsewhere(&error, name) => Ok(false),
            deleted => deleted,
        }
    }

    fn check(&self) -> Result<(), KeyStoreError> {
        match self.first.check() {
            Err(KeyStoreError::Unreachable { why }) => {
                self.second.check().map_err(|second| neither(why, &second))?;
                self.used(true);
            }
            checked => {
                checked?;
                self.used(false);
            }
        }
        Ok(())
    }

    fn describe(&self) -> String {
        if self.stands_in() {
            format!("{} (no desktop keyring answered)", self.second.describe())
        } else {
            self.first.describe()
        }
    }

    fn forgets_at_restart(&self) -> bool {
        self.stands_in() && self.second.forgets_at_restart()
    }

    fn caveat(&self) -> Option<String> {
        self.stands_in().then(|| {
            format!(
                "No desktop keyring answers here, so the key goes into {}, which a restart \
                 empties.",
                self.second.describe()
            )
        })
    }
}

/// Whether the store does not exist here, so that nothing lies there.
fn is_absent(error: &KeyStoreError) -> bool {
    matches!(error, KeyStoreError::NoKernelKeyring { .. })
}

/// Why neither store can be used.
fn neither(keyring: String, second: &KeyStoreError) -> KeyStoreError {
    match second {
        // It has a way out of its own.
        KeyStoreError::KernelFull => KeyStoreError::KernelFull,
        other => KeyStoreError::Neither { keyring, second: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
