//! Random bytes of the operating system, fit for keys.

use super::KeyStoreError;

/// `N` random bytes, for nonces and names. For keys see [`fill`], which leaves no copy.
///
/// # Errors
/// [`KeyStoreError::NoRandomness`] if the system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], KeyStoreError> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Fills `bytes` where they lie.
///
/// # Errors
/// [`KeyStoreError::NoRandomness`] if the system has none to give.
pub fn fill(bytes: &mut [u8]) -> Result<(), KeyStoreError> {
    getrandom::fill(bytes).map_err(KeyStoreError::NoRandomness)
}
