//! XChaCha20-Poly1305: what seals everything that this program writes down in secret.
//!
//! Its nonce of 24 bytes may be drawn at random for each message without counting them
//! (draft-irtf-cfrg-xchacha, section 3.1).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

/// The length of a key, in bytes.
pub const KEY_LENGTH: usize = 32;
/// The length of a nonce, in bytes.
pub const NONCE_LENGTH: usize = 24;

/// Encrypts `plaintext` and binds it to `associated_data`. `None` beyond 256 GiB, the
/// algorithm's own limit.
pub fn encrypt(
    key: &[u8; KEY_LENGTH],
    nonce: &[u8; NONCE_LENGTH],
    associated_data: &[u8],
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    let payload = Payload { msg: plaintext, aad: associated_data };
    XChaCha20Poly1305::new(key.into()).encrypt(nonce.into(), payload).ok()
}

/// The plaintext, wiped on drop. `None` if key, nonce, ciphertext or `associated_data` is not
/// the one of [`encrypt`]; which of them, nobody can tell.
pub fn decrypt(
    key: &[u8; KEY_LENGTH],
    nonce: &[u8; NONCE_LENGTH],
    associated_data: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let payload = Payload { msg: ciphertext, aad: associated_data };
    let opened = XChaCha20Poly1305::new(key.into()).decrypt(nonce.into(), payload);
    opened.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1: the first block of ciphertext.
    #[test]
    fn it_is_the_published_algorithm() {
        let key: [u8; 32] = std::array::from_fn(|n| 0x80 + n as u8);
        let nonce: [u8; 24] = std::array::from_fn(|n| 0x40 + n as u8);
        let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let plaintext = b"Ladies and Gentlemen of the class of '99: If I could offer you only \
                          one tip for the future, sunscreen would be it.";
        let sealed = encrypt(&key, &nonce, &aad, plaintext).unwrap();
        assert_eq!(sealed[..8], [0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b]);
        let tag = [0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79];
        assert_eq!(sealed[plaintext.len()..][..8], tag);
        assert_eq!(decrypt(&key, &nonce, &aad, &sealed).unwrap().as_slice(), plaintext);
    }
}
