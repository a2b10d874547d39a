//! A key store of which every call has an end.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{EntryName, KeyStore, KeyStoreError};

/// Gives up each call after a while, for work that also waits for something slower than a key
/// store, such as a database: a keyring that hangs is not to take as long as that.
///
/// What was given up goes on until the process ends, and its result is dropped.
#[derive(Clone)]
pub struct Bounded {
    keys: Arc<dyn KeyStore>,
    limit: Duration,
}

impl Bounded {
    /// `keys`, each call of which ends within `limit`.
    pub fn new(keys: Arc<dyn KeyStore>, limit: Duration) -> Self {
        Self { keys, limit }
    }

    fn within<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KeyStore) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let (sender, answer) = mpsc::sync_channel(1);
        let keys = self.keys.clone();
        thread::Builder::new()
            .name("key store".to_owned())
            // Nobody listens any more if the call was given up.
            .spawn(move || drop(sender.send(work(&*keys))))
            .map_err(|error| KeyStoreError::Failed { why: error.to_string() })?;
        let silent = || KeyStoreError::NoAnswer { limit: self.limit };
        answer.recv_timeout(self.limit).map_err(|_| silent())?
    }
}

impl KeyStore for Bounded {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let name = name.clone();
        self.within(move |keys| keys.get(&name))
    }

    fn holds(&self, name: &EntryName) -> Option<bool> {
        let name = name.clone();
        self.within(move |keys| Ok(keys.holds(&name))).ok().flatten()
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        let (name, secret) = (name.clone(), Zeroizing::new(secret.to_vec()));
        self.within(move |keys| keys.set(&name, &secret))
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        let name = name.clone();
        self.within(move |keys| keys.delete(&name))
    }

    fn check(&self) -> Result<(), KeyStoreError> {
        self.within(|keys| keys.check())
    }

    fn describe(&self) -> String {
        self.keys.describe()
    }

    fn forgets_at_restart(&self) -> bool {
        self.keys.forgets_at_restart()
    }

    fn caveat(&self) -> Option<String> {
        self.keys.caveat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::MemoryKeys;
    use std::sync::Mutex;

    /// Answers nothing for as long as somebody holds the lock.
    struct Stuck(Mutex<()>);

    impl KeyStore for Stuck {
        fn get(&self, _: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
            drop(self.0.lock());
            Ok(None)
        }

        fn set(&self, _: &EntryName, _: &[u8]) -> Result<(), KeyStoreError> {
            drop(self.0.lock());
            Ok(())
        }

        fn delete(&self, _: &EntryName) -> Result<bool, KeyStoreError> {
            drop(self.0.lock());
            Ok(true)
        }

        fn describe(&self) -> String {
            "a stuck store".to_owned()
        }
    }

    #[test]
    fn what_answers_comes_through() {
        let store = Bounded::new(Arc::new(MemoryKeys::new()), Duration::from_secs(60));
        store.check().unwrap();
        let name = EntryName::probe();
        store.set(&name, b"secret").unwrap();
        assert_eq!(store.get(&name).unwrap().unwrap().as_slice(), b"secret");
        assert!(store.delete(&name).unwrap());
    }

    #[test]
    fn what_hangs_is_given_up_call_by_call() {
        let stuck = Arc::new(Stuck(Mutex::new(())));
        let held = stuck.0.lock().unwrap();
        let store = Bounded::new(stuck.clone(), Duration::from_millis(1));
        let name = EntryName::probe();
        let no_answer = |error: Option<KeyStoreError>| {
            assert!(matches!(error, Some(KeyStoreError::NoAnswer { .. })), "{error:?}");
        };
        no_answer(store.get(&name).err());
        no_answer(store.set(&name, b"secret").err());
        no_answer(store.delete(&name).err());
        no_answer(store.check().err());
        drop(held);
    }
}
