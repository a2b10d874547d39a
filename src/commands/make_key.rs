//! `nbatodo doctor --make-key FILE`: a key file for machines without a keyring.

use std::fmt;
use std::path::{self, Path};

use serde::Serialize;

use crate::commands::{Failure, Report};
use crate::keys::new_key_file;
use crate::private_files::shell_word;

/// A key file that was made.
#[derive(Debug, Serialize)]
pub struct MadeKey {
    /// Where it lies, from the root.
    key_file: String,
    /// The same as one word of a shell.
    #[serde(skip)]
    word: String,
}

/// Makes a new key file at `path`.
///
/// # Errors
/// [`Failure`]; whatever is there already stays as it is.
pub fn run(path: &Path) -> Result<MadeKey, Failure> {
    let path = path::absolute(path)
        .map_err(|cause| Failure::System { what: "the key file has no place", cause })?;
    new_key_file::make(&path)?;
    Ok(MadeKey { key_file: path.display().to_string(), word: shell_word(&path) })
}

impl Report for MadeKey {}

impl fmt::Display for MadeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key_file, word } = self;
        writeln!(f, "A new key lies in {key_file}, for you alone to read.")?;
        writeln!(f, "Next: export NBATODO_KEY_FILE={word}")?;
        writeln!(f, "In a systemd unit instead: LoadCredential=nbatodo-key:{key_file}")
    }
}
