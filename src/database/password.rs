//! The password of a database, wherever it lies.

use zeroize::Zeroizing;

use super::DatabaseError;
use crate::settings::{DatabaseAddress, Password};

/// More than any password has, in bytes.
const LONGEST: u64 = 4096;

/// The password for `address`, with the newline at the end of its file left out.
///
/// # Errors
/// [`DatabaseError::Access`] where its file cannot be used.
pub(super) fn of(address: &DatabaseAddress) -> Result<Option<Zeroizing<String>>, DatabaseError> {
    let file = match &address.password {
        None => return Ok(None),
        Some(Password::Given(password)) => return Ok(Some(password.clone())),
        Some(Password::File(file)) => file,
    };
    let refused = |why: String| DatabaseError::Access {
        place: address.to_string(),
        why: format!("NBATODO_SESSION_STORE_PASSWORD_FILE: {why}"),
    };
    let bytes = file
        .read(LONGEST)
        .map_err(|error| refused(error.to_string()))?
        .map(Zeroizing::new)
        .ok_or_else(|| refused(format!("there is no file {}", file.path().display())))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refused("it is not UTF-8".to_owned()))?;
    Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
}
