//! Sessions: what one sign-in grants for at most an hour, sealed on disk, its key kept apart.

pub mod database_store;
pub mod file_store;
pub mod held_turn;
pub mod memory_store;
pub mod roster;
#[cfg(test)]
mod sample;
pub mod seal;
pub mod sealed_session;
#[allow(clippy::module_inception)] // One main type a file, and this is the room's.
pub mod session;
pub mod session_key;
pub mod standing_grant;
pub mod store;
pub mod turns;
pub mod vault;
pub mod vault_error;

pub use crate::keys::KeyId;
pub use database_store::DatabaseStore;
pub use file_store::FileStore;
pub use held_turn::HeldTurn;
pub use memory_store::MemoryStore;
pub use roster::Roster;
pub use seal::seal;
pub use sealed_session::{SealError, SealedSession};
pub use session::{Account, LONGEST_LIFE, Life, Session, expiry, token_end};
pub use session_key::SessionKey;
pub use standing_grant::{StandingGrant, StandingToken};
pub use store::{ProfileLock, SessionStore, StoreError};
pub use turns::{DatabaseTurns, FileTurns, HELD_FOR, Matter, MemoryTurns, Turn, Turns};
pub use vault::{Destroyed, Opened, Taken, Vault};
pub use vault_error::VaultError;
