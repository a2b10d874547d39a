//! The name of one session key.

use std::fmt;
use std::str::FromStr;

use super::{KeyStoreError, random};

/// The length of a [`KeyId`] as text, in characters.
const LENGTH: usize = 32;

/// Tells the keys of one profile apart: 128 random bits, written as 32 lowercase hexadecimal
/// digits. It is no secret and says nothing about its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(u128);

/// The text is no [`KeyId`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key id is {LENGTH} lowercase hexadecimal digits")]
pub struct InvalidKeyId;

impl KeyId {
    /// An id that no other key has.
    ///
    /// # Errors
    /// [`KeyStoreError::NoRandomness`].
    pub fn random() -> Result<Self, KeyStoreError> {
        random::bytes().map(u128::from_be_bytes).map(Self)
    }
}

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let id = u128::from_str_radix(text, 16).map(Self).map_err(|_| InvalidKeyId)?;
        // One id, one text: no sign, no capitals, no missing zeros.
        if id.to_string() == text { Ok(id) } else { Err(InvalidKeyId) }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0LENGTH$x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_has_one_text() {
        let id = KeyId::random().unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        let good = "00f1e2d3c4b5a69788796a5b4c3d2e1f";
        assert_eq!(good.parse::<KeyId>().unwrap().to_string(), good);
        for bad in ["", "0", &good.to_uppercase(), &good[1..], &format!("+{}", &good[1..]), "../x"]
        {
            assert_eq!(bad.parse::<KeyId>(), Err(InvalidKeyId), "{bad}");
        }
    }
}
