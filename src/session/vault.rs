//! The story of a session over its two stores: sealed bytes in one, their key in the other.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{
    KeyId, ProfileLock, SealError, SealedSession, Session, SessionKey, SessionStore, StoreError,
    VaultError, seal,
};
use crate::keys::{EntryName, KeyStore, KeyStoreError, random, within_limit};
use crate::model::Profile;
use crate::private_files::FileError;

/// Opens, replaces and destroys sessions.
///
/// Every call may block as long as the key store does: run it under
/// [`crate::keys::within_limit`]. Clones share the stores.
#[derive(Clone)]
pub struct Vault {
    store: Arc<dyn SessionStore>,
    keys: Arc<dyn KeyStore>,
}

/// What lies in the vault for a profile.
#[derive(Debug)]
pub enum Opened {
    /// Nobody is signed in.
    Nobody,
    /// A session that may be used.
    Live(Session),
    /// A session that has ended, or that the clock says has not begun: only to be revoked.
    Expired(Session),
    /// A session that has ended, and whose key the key store has dropped since, as the kernel's
    /// does: only to be deleted.
    Lapsed,
}

/// What became of a session that was to be destroyed. Either half is enough to end it on this
/// machine, so each is tried though the other failed.
#[derive(Debug)]
#[must_use]
pub struct Destroyed {
    /// Whether there was a key.
    pub key: Result<bool, KeyStoreError>,
    /// Whether there was a sealed session.
    pub file: Result<bool, StoreError>,
}

/// A session that was taken out of the vault, and what became of its halves there.
#[derive(Debug)]
#[must_use]
pub struct Taken {
    /// The session, where it still opened.
    pub opened: Result<Opened, VaultError>,
    /// Whether it is gone.
    pub destroyed: Destroyed,
}

impl Opened {
    fn at(session: Option<Session>, now: Timestamp) -> Self {
        match session {
            None => Self::Nobody,
            Some(session) if session.is_live(now) => Self::Live(session),
            Some(session) => Self::Expired(session),
        }
    }
}

impl Vault {
    /// A vault over `store` and `keys`.
    pub fn new(store: Arc<dyn SessionStore>, keys: Arc<dyn KeyStore>) -> Self {
        Self { store, keys }
    }

    /// Opens the session of `profile`, as the clock stands at `now`.
    ///
    /// # Errors
    /// [`VaultError`]. [`VaultError::KeyGone`] only after the key store has proved that it works.
    pub fn open(&self, profile: &Profile, now: Timestamp) -> Result<Opened, VaultError> {
        let opened = match self.peek(profile) {
            // Perhaps the session was replaced between reading the file and asking for its key.
            Err(VaultError::KeyGone) => {
                let _lock = self.store.lock(profile);
                self.peek(profile)
            }
            opened => opened,
        };
        match opened {
            Ok(session) => Ok(Opened::at(session, now)),
            Err(VaultError::KeyGone) => {
                // A keyring that is not there also says that it holds no key.
                self.keys.check()?;
                match self.has_ended(profile, now) {
                    true => Ok(Opened::Lapsed),
                    false => Err(VaultError::KeyGone),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// As [`Vault::open`], changing nothing and taking no lock: for a look from outside.
    ///
    /// # Errors
    /// [`VaultError`]. [`VaultError::KeyGone`] here may also mean that the key store gave none.
    pub fn look(&self, profile: &Profile, now: Timestamp) -> Result<Opened, VaultError> {
        let looked = match self.peek(profile) {
            // Perhaps the session was replaced in between, as there.
            Err(VaultError::KeyGone) => self.peek(profile),
            looked => looked,
        };
        match looked {
            Err(VaultError::KeyGone) if self.has_ended(profile, now) => Ok(Opened::Lapsed),
            looked => looked.map(|session| Opened::at(session, now)),
        }
    }

    /// What lies sealed for `profile`, if that is a session of theirs; nothing is unlocked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sealed(&self, profile: &Profile) -> Result<Option<SealedSession>, StoreError> {
        let bytes = self.store.load(profile)?;
        let sealed = bytes.and_then(|bytes| SealedSession::parse(&bytes).ok());
        Ok(sealed.filter(|it| it.profile() == profile))
    }

    /// Where sealed sessions lie, in a person's words.
    pub fn describe_store(&self) -> String {
        self.store.describe()
    }

    /// Proves that the store of sealed sessions can be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn check_store(&self, profile: &Profile) -> Result<(), StoreError> {
        self.store.load(profile).map(drop)
    }

    /// Seals `session` under a new key, in place of the one that its profile had. Returns that
    /// one if it still opened, so that it can be revoked.
    ///
    /// The new key is stored first, then the session, then the old key is destroyed. A failure
    /// before that leaves the old state and no new key; an old key that cannot be destroyed is
    /// destroyed the next time.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn replace(&self, session: &Session) -> Result<Option<Session>, VaultError> {
        let profile = &session.profile;
        let (key_id, key) = (KeyId::random()?, SessionKey::random()?);
        let sealed = seal(session, &key, &key_id, random::bytes()?)?;

        let mut lock = self.store.lock(profile)?;
        let before = match self.peek(profile) {
            Ok(before) => before,
            // The new key could not be kept either, and the old session not be revoked.
            Err(VaultError::Keys(error)) if !error.concerns_one_entry() => return Err(error.into()),
            Err(error) => {
                tracing::debug!(%error, "the session that is replaced does not open");
                None
            }
        };
        let old = self.with_named_key_id(profile, lock.key_ids()?);
        let mut all = old.clone();
        all.push(key_id);
        lock.set_key_ids(&all)?;
        if let Err(error) = self.put(&sealed, &key) {
            self.destroy_keys(profile, &[key_id], &old, &mut *lock).unwrap_or_else(|error| {
                tracing::warn!(%error, "the key of the session that failed is left for later");
                false
            });
            return Err(error);
        }
        if let Err(error) = self.destroy_keys(profile, &old, &[key_id], &mut *lock) {
            tracing::warn!(%error, "an old session key is left for later");
        }
        Ok(before)
    }

    /// Destroys the keys of `profile` and its sealed session. Without its key, every copy of the
    /// session is dead.
    pub fn destroy(&self, profile: &Profile) -> Destroyed {
        match self.store.lock(profile) {
            Ok(mut lock) => self.destroy_locked(profile, Some(&mut *lock)),
            Err(error) => {
                // Such as a folder that cannot be written to; the key can go all the same.
                tracing::debug!(%error, "destroying without a lock");
                self.destroy_locked(profile, None)
            }
        }
    }

    /// Takes the session of `profile` out of the vault: opens it and destroys it, both under one
    /// lock, so that what is destroyed is what was opened.
    pub fn take(&self, profile: &Profile, now: Timestamp) -> Taken {
        match self.store.lock(profile) {
            Ok(mut lock) => {
                let opened = match self.peek(profile) {
                    Err(VaultError::KeyGone) if self.has_ended(profile, now) => Ok(Opened::Lapsed),
                    peeked => peeked.map(|session| Opened::at(session, now)),
                };
                Taken { opened, destroyed: self.destroy_locked(profile, Some(&mut *lock)) }
            }
            Err(error) => {
                // Such as a disk that is read-only by now: the token can be revoked all the same.
                tracing::debug!(%error, "taking without a lock");
                let opened = self.peek(profile).map(|session| Opened::at(session, now));
                Taken { opened, destroyed: self.destroy_locked(profile, None) }
            }
        }
    }

    /// As [`Vault::take`], within `limit`: a key store that does not answer does not keep the
    /// sealed session from being deleted. Its key stays on the list, to be destroyed next time.
    pub async fn take_within(&self, limit: Duration, profile: &Profile, now: Timestamp) -> Taken {
        let (vault, doomed) = (self.clone(), profile.clone());
        let work = move || Ok::<_, KeyStoreError>(vault.take(&doomed, now));
        match within_limit(limit, work).await {
            Ok(taken) => taken,
            // Without the lock, which the work that was given up still holds.
            Err(error) => Taken {
                opened: Err(KeyStoreError::NoAnswer { limit }.into()),
                destroyed: Destroyed { key: Err(error), file: self.store.delete(profile) },
            },
        }
    }

    /// Proves that the session of `profile` can be replaced, as far as its store goes.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn prepare(&self, profile: &Profile) -> Result<(), VaultError> {
        self.store.lock(profile)?;
        self.check_mode(profile)?;
        match self.store.load(profile) {
            // What else may lie there, a new session replaces.
            Err(StoreError::File(error @ FileError::Folder(_))) => {
                Err(StoreError::File(error).into())
            }
            _ => Ok(()),
        }
    }

    /// Proves that the session of `profile` is not one that would open but for the mode of its
    /// file or folder. To take that one out, or to replace it, would lose a token that can still
    /// be revoked.
    ///
    /// # Errors
    /// [`VaultError::Store`] with [`FileError::TooOpen`].
    pub fn check_mode(&self, profile: &Profile) -> Result<(), VaultError> {
        match self.store.load(profile) {
            Err(StoreError::File(error @ FileError::TooOpen { .. })) => {
                Err(StoreError::File(error).into())
            }
            _ => Ok(()),
        }
    }

    /// As [`Vault::destroy`], unless another process has signed in since: then the session of
    /// `profile` is live, stays, and nothing is returned.
    ///
    /// # Errors
    /// [`VaultError`] if the session cannot be looked at.
    pub fn destroy_expired(
        &self,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Option<Destroyed>, VaultError> {
        let mut lock = self.store.lock(profile)?;
        match self.peek(profile) {
            Ok(Some(session)) if session.is_live(now) => Ok(None),
            Ok(_) | Err(VaultError::KeyGone) => {
                Ok(Some(self.destroy_locked(profile, Some(&mut *lock))))
            }
            Err(error) => Err(error),
        }
    }

    /// The session that lies there, live or not. [`VaultError::KeyGone`] here only means that
    /// the key store gave none.
    fn peek(&self, profile: &Profile) -> Result<Option<Session>, VaultError> {
        let Some(bytes) = self.store.load(profile)? else { return Ok(None) };
        let sealed = SealedSession::parse(&bytes)?;
        if sealed.profile() != profile {
            return Err(SealError::Damaged.into());
        }
        let name = EntryName::session(profile, sealed.key_id());
        let kept = self.keys.get(&name)?.ok_or(VaultError::KeyGone)?;
        let key = SessionKey::from_bytes(&kept).ok_or(SealError::Damaged)?;
        Ok(Some(sealed.open(&key, profile)?))
    }

    /// Whether the session file, which does not open, says that its time is over. Anybody could
    /// write that; it only decides whether a session without a key is kept to be looked at.
    fn has_ended(&self, profile: &Profile, now: Timestamp) -> bool {
        self.sealed(profile).ok().flatten().is_some_and(|it| it.expires_at() <= now)
    }

    /// Key first: a session without its key would be lost, a key without its session is nothing.
    fn put(&self, sealed: &SealedSession, key: &SessionKey) -> Result<(), VaultError> {
        let profile = sealed.profile();
        self.keys.set(&EntryName::session(profile, sealed.key_id()), key.expose())?;
        let saved = self.store.save(sealed);
        // A store can fail after its last step; what then lies there is what counts.
        let in_place = || self.store.load(profile).is_ok_and(|it| it == Some(sealed.to_bytes()));
        match saved {
            Err(error) if !in_place() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The keys on the list, in its order, and the one that the session file names.
    fn with_named_key_id(&self, profile: &Profile, mut listed: Vec<KeyId>) -> Vec<KeyId> {
        if let Ok(Some(named)) = self.sealed(profile)
            && !listed.contains(named.key_id())
        {
            listed.push(*named.key_id());
        }
        listed
    }

    /// Destroys the keys `doomed` and keeps on the list those that could not be, and `kept`.
    /// Says whether there were any.
    fn destroy_keys(
        &self,
        profile: &Profile,
        doomed: &[KeyId],
        kept: &[KeyId],
        lock: &mut dyn ProfileLock,
    ) -> Result<bool, VaultError> {
        let (left, result) = self.delete_keys(profile, doomed);
        lock.set_key_ids(&[kept, &left].concat())?;
        Ok(result?)
    }

    /// Tries to delete every one of `ids`. Returns those that are left, and whether any was
    /// there or the last failure.
    fn delete_keys(
        &self,
        profile: &Profile,
        ids: &[KeyId],
    ) -> (Vec<KeyId>, Result<bool, KeyStoreError>) {
        let mut left = Vec::new();
        let mut result = Ok(false);
        for id in ids {
            match self.keys.delete(&EntryName::session(profile, id)) {
                Ok(found) => result = result.map(|any| any || found),
                Err(error) => {
                    left.push(*id);
                    result = Err(error);
                }
            }
        }
        (left, result)
    }

    fn destroy_locked(&self, profile: &Profile, lock: Option<&mut dyn ProfileLock>) -> Destroyed {
        let mut lock = lock;
        let listed = lock.as_mut().and_then(|lock| lock.key_ids().ok()).unwrap_or_default();
        let ids = self.with_named_key_id(profile, listed);
        // On the list before anything is destroyed: the file that names a key may go first.
        remember(&mut lock, &ids);
        let (mut left, mut key) = self.delete_keys(profile, &ids);
        if matches!(key, Ok(false)) && !ids.is_empty() {
            // A keyring that is not there also says that it held no key.
            if let Err(error) = self.keys.check() {
                left = ids;
                key = Err(error);
            }
        }
        let file = self.store.delete(profile);
        remember(&mut lock, &left);
        Destroyed { key, file }
    }
}

/// Best effort, for where there is nobody left to tell.
fn remember(lock: &mut Option<&mut dyn ProfileLock>, ids: &[KeyId]) {
    if let Some(Err(error)) = lock.as_mut().map(|lock| lock.set_key_ids(ids)) {
        tracing::debug!(%error, "the list of keys was not written");
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys.describe()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
