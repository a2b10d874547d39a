//! The key that seals one session.

use std::fmt;

use zeroize::Zeroizing;

use crate::keys::cipher::KEY_LENGTH;
use crate::keys::{KeyStoreError, random};

/// 32 bytes, wiped on drop, never printed; boxed, so that moving it leaves no copy behind.
pub struct SessionKey(Box<Zeroizing<[u8; KEY_LENGTH]>>);

impl SessionKey {
    /// A new key.
    ///
    /// # Errors
    /// [`KeyStoreError::NoRandomness`].
    pub fn random() -> Result<Self, KeyStoreError> {
        let mut key = Box::new(Zeroizing::new([0; KEY_LENGTH]));
        random::fill(key.as_mut_slice())?;
        Ok(Self(key))
    }

    /// The key that a key store kept; `None` if it has another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != KEY_LENGTH {
            return None;
        }
        let mut key = Box::new(Zeroizing::new([0; KEY_LENGTH]));
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// The key itself, for the cipher and the key store.
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_have_one_length_and_do_not_print() {
        let key = SessionKey::random().unwrap();
        assert_ne!(key.expose(), SessionKey::random().unwrap().expose());
        assert_ne!(key.expose(), &[0; KEY_LENGTH]);
        assert_eq!(SessionKey::from_bytes(key.expose()).unwrap().expose(), key.expose());
        assert!(SessionKey::from_bytes(&[1; 31]).is_none());
        assert!(SessionKey::from_bytes(&[1; 33]).is_none());
        assert_eq!(format!("{key:?}"), "SessionKey(***)");
    }
}
