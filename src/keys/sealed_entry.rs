//! One entry of a key folder, or what an import remembers, sealed under the master key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::cipher::{self, NONCE_LENGTH};
use super::master_key::MasterKey;
use super::{EntryName, KeyStoreError};

/// How the first line begins of what an import remembers; the version of the format follows.
const IMPORT: &str = "nbatodo-import ";
/// The newest of them that is known here.
const NEWEST_IMPORT: u32 = 2;

/// What is sealed, and how it is written: the first line says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A key or a grant, as it is.
    Key,
    /// What an import remembers, as it is: how it was written first.
    Import,
    /// What an import remembers, deflated.
    DeflatedImport,
}

impl Format {
    fn line(self) -> &'static str {
        match self {
            Self::Key => "nbatodo-key 1",
            Self::Import => "nbatodo-import 1",
            Self::DeflatedImport => "nbatodo-import 2",
        }
    }
}

/// The version that `bytes` claim to be written in, if it was invented after this program and is
/// one of what imports remember.
pub fn newer_import(bytes: &[u8]) -> Option<u32> {
    let line = bytes.strip_prefix(IMPORT.as_bytes())?.split(|byte| *byte == b'\n').next()?;
    let version = std::str::from_utf8(line).ok()?.parse().ok()?;
    (version > NEWEST_IMPORT).then_some(version)
}

/// The bytes of an entry's file: text whose first line says what it is.
///
/// Everything above the nonce, and so the format and the entry's name, is associated data: an
/// entry opens under no other.
///
/// # Errors
/// [`KeyStoreError::Failed`] beyond the algorithm's limit of 256 GiB.
pub fn seal(
    format: Format,
    name: &EntryName,
    secret: &[u8],
    master: &MasterKey,
    nonce: [u8; NONCE_LENGTH],
) -> Result<Vec<u8>, KeyStoreError> {
    let head = head(format, name);
    let sealed = cipher::encrypt(master.expose(), &nonce, head.as_bytes(), secret)
        .ok_or_else(|| KeyStoreError::Failed { why: format!("{name} cannot be sealed") })?;
    Ok(render(&head, &nonce, &sealed))
}

/// The secret in `bytes`, wiped on drop. `None` unless they are, byte for byte, what [`seal`]
/// gave for this format, name and master key.
pub fn open(
    format: Format,
    name: &EntryName,
    bytes: &[u8],
    master: &MasterKey,
) -> Option<Zeroizing<Vec<u8>>> {
    let head = head(format, name);
    let rest = std::str::from_utf8(bytes).ok()?.strip_prefix(&head)?;
    let (nonce, sealed) = rest.strip_prefix("nonce: ")?.split_once("\nsealed: ")?;
    let nonce: [u8; NONCE_LENGTH] = STANDARD.decode(nonce).ok()?.try_into().ok()?;
    let sealed = STANDARD.decode(sealed.strip_suffix('\n')?).ok()?;
    cipher::decrypt(master.expose(), &nonce, head.as_bytes(), &sealed)
}

fn head(format: Format, name: &EntryName) -> String {
    format!("{}\nname: {name}\n", format.line())
}

fn render(head: &str, nonce: &[u8], sealed: &[u8]) -> Vec<u8> {
    let (nonce, sealed) = (STANDARD.encode(nonce), STANDARD.encode(sealed));
    format!("{head}nonce: {nonce}\nsealed: {sealed}\n").into_bytes()
}
