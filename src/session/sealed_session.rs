//! The session as it lies on disk.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::LONGEST_LIFE;
use crate::keys::KeyId;
use crate::keys::cipher::NONCE_LENGTH;
use crate::model::{Origin, Profile};

/// The longest session file, in bytes.
pub const LONGEST_FILE: u64 = 64 * 1024;

/// The version of the format that is written and read here.
const VERSION: u32 = 1;
/// How the first line begins; the version follows.
const MAGIC: &str = "nbatodo-session ";
/// What a person who opens the file should know.
const NOTE: &str = "# Sealed by nbatodo. Its key lies in the key store; \"nbatodo logout\" \
                    destroys both.\n";

/// Why a session was not sealed, or a sealed one not opened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Cut, changed, foreign, of another profile, or sealed under another key: nobody can tell
    /// which.
    #[error("the session file is damaged")]
    Damaged,
    /// A format that was invented after this program.
    #[error("the session file was made by a newer nbatodo (format {version})")]
    NewerVersion {
        /// The version that the file claims.
        version: u32,
    },
    /// More than [`LONGEST_LIFE`], or an end before the beginning.
    #[error("a session lasts one hour at most")]
    Life,
    /// More than a session file may hold.
    #[error("the session is too large to be sealed")]
    TooLarge,
}

/// A session whose secrets are encrypted. What can be read of it is true only once it opened.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSession {
    pub(super) header: Header,
    pub(super) nonce: [u8; NONCE_LENGTH],
    pub(super) ciphertext: Vec<u8>,
}

/// What a sealed session shows; all of it is associated data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) profile: Profile,
    pub(super) key_id: KeyId,
    pub(super) api: Origin,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Header {
    /// The first part of the file, which is also the associated data.
    pub(super) fn text(&self) -> String {
        let Self { profile, key_id, api, issued_at, expires_at } = self;
        format!(
            "{MAGIC}{VERSION}\n{NOTE}profile: {profile}\nkey: {key_id}\napi: {api}\n\
             issued: {issued_at}\nexpires: {expires_at}\n"
        )
    }

    /// Whether the session begins before it ends, and ends within [`LONGEST_LIFE`].
    pub(super) fn has_valid_life(&self) -> bool {
        let life = self.expires_at.duration_since(self.issued_at);
        !life.is_negative() && life <= LONGEST_LIFE
    }
}

impl SealedSession {
    /// Reads the bytes of a session file. There is one way to write each session: bytes that
    /// [`SealedSession::to_bytes`] would not give are refused.
    ///
    /// # Errors
    /// [`SealError::NewerVersion`] if the first line says so; [`SealError::Damaged`] for
    /// everything else that is not a session file, also for a life beyond [`LONGEST_LIFE`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SealError> {
        let text = std::str::from_utf8(bytes).map_err(|_| SealError::Damaged)?;
        if let Some(version) = newer_version(text) {
            return Err(SealError::NewerVersion { version });
        }
        Self::read(text)
            .filter(|sealed| sealed.to_bytes() == bytes && sealed.header.has_valid_life())
            .ok_or(SealError::Damaged)
    }

    /// Loosely: what is missing or superfluous shows when it is written again.
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().skip(2);
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(": ");
        Some(Self {
            header: Header {
                profile: field("profile")?.parse().ok()?,
                key_id: field("key")?.parse().ok()?,
                api: field("api")?.parse().ok()?,
                issued_at: field("issued")?.parse().ok()?,
                expires_at: field("expires")?.parse().ok()?,
            },
            nonce: STANDARD.decode(field("nonce")?).ok()?.try_into().ok()?,
            ciphertext: STANDARD.decode(field("sealed")?).ok()?,
        })
    }

    /// The bytes of the session file: text, its version first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (nonce, sealed) = (STANDARD.encode(self.nonce), STANDARD.encode(&self.ciphertext));
        format!("{}nonce: {nonce}\nsealed: {sealed}\n", self.header.text()).into_bytes()
    }

    /// Which key opens it.
    pub fn key_id(&self) -> &KeyId {
        &self.header.key_id
    }

    /// The profile that it says it is of.
    pub fn profile(&self) -> &Profile {
        &self.header.profile
    }

    /// The API origin that it says its token is for.
    pub fn api(&self) -> &Origin {
        &self.header.api
    }

    /// When it says it was issued.
    pub fn issued_at(&self) -> Timestamp {
        self.header.issued_at
    }

    /// When it says it ends, for stores that forget by themselves.
    pub fn expires_at(&self) -> Timestamp {
        self.header.expires_at
    }
}

impl fmt::Debug for SealedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedSession").field("header", &self.header).finish_non_exhaustive()
    }
}

/// The version in the first line, if it is above ours.
fn newer_version(text: &str) -> Option<u32> {
    let digits = text.lines().next()?.strip_prefix(MAGIC)?;
    let version: u32 = digits.parse().ok()?;
    (version > VERSION && version.to_string() == digits).then_some(version)
}
