//! Key stores: where session keys and client secrets lie, apart from what they open.
//!
//! Calls block, and on an OS keyring they can wait on a person; [`within`] bounds them.

pub mod bounded;
pub mod cipher;
pub mod elsewhere;
pub mod entry_name;
pub mod fallback;
#[cfg(target_os = "linux")]
pub mod kernel_keyring;
#[cfg(not(target_os = "linux"))]
#[path = "no_kernel_keyring.rs"]
pub mod kernel_keyring;
pub mod key_file;
pub mod key_id;
pub mod key_store;
pub mod key_store_error;
pub mod master_key;
pub mod memory_keys;
pub mod new_key_file;
pub mod noted;
pub mod os_keyring;
pub mod random;
pub mod sealed_entry;
#[cfg(target_os = "linux")]
mod session_bus;
pub mod shelf;
pub mod time_limit;

pub use bounded::Bounded;
pub use elsewhere::{Elsewhere, Place};
pub use entry_name::EntryName;
pub use fallback::Fallback;
pub use kernel_keyring::KernelKeyring;
pub use key_file::KeyFile;
pub use key_id::KeyId;
pub use key_store::KeyStore;
pub use key_store_error::KeyStoreError;
pub use master_key::MasterKeyError;
pub use memory_keys::MemoryKeys;
pub use noted::{NoteFolder, Noted, Notes};
pub use os_keyring::OsKeyring;
pub use shelf::DatabaseShelf;
pub use time_limit::{within, within_limit};
