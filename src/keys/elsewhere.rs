//! Key stores of this machine that are not in use now, and what they hold all the same.

use std::fmt;
use std::sync::Arc;

use super::key_file::KeyFile;
use super::noted::{NoteFolder, Notes};
use super::{EntryName, KeyStore};
use crate::paths::Paths;
use crate::settings::{KeyStoreSetting, SessionStoreChoice};

/// A key store of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The platform's keyring.
    Keyring,
    /// The kernel's.
    Kernel,
    /// The folder of what is sealed under a key file.
    Folder,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyring => "the desktop keyring",
            Self::Kernel => "the kernel keyring",
            Self::Folder => "a key file",
        })
    }
}

/// The key stores that are not in use. Nobody is asked to unlock anything, and nothing is opened.
#[derive(Clone, Default)]
pub struct Elsewhere {
    notes: Option<NoteFolder>,
    kernel: Option<Arc<dyn KeyStore>>,
    folder: Option<Paths>,
}

impl Elsewhere {
    /// Those besides what `keys` and `sessions` choose.
    pub fn than(
        keys: &KeyStoreSetting,
        sessions: &SessionStoreChoice,
        paths: &Paths,
        kernel: Arc<dyn KeyStore>,
    ) -> Self {
        use KeyStoreSetting as Keys;
        let in_folder = matches!((keys, sessions), (Keys::File(_), SessionStoreChoice::File));
        let in_keyring = matches!(keys, Keys::Auto | Keys::Keyring);
        let in_kernel = matches!(keys, Keys::Auto | Keys::Keyutils);
        Self {
            notes: (!in_keyring).then(|| NoteFolder::new(paths.keyring_notes())),
            kernel: (!in_kernel).then_some(kernel),
            folder: (!in_folder).then(|| paths.clone()),
        }
    }

    /// Those that hold the entry `name`, as far as that can be told from outside.
    pub fn holding(&self, name: &EntryName) -> Vec<Place> {
        let noted = self.notes.as_ref().is_some_and(|notes| notes.has(name));
        let kernel = self.kernel.as_ref().is_some_and(|it| matches!(it.get(name), Ok(Some(_))));
        let folder = self.folder.as_ref().is_some_and(|it| KeyFile::is_in(&it.keys(), name));
        [(noted, Place::Keyring), (kernel, Place::Kernel), (folder, Place::Folder)]
            .into_iter()
            .filter_map(|(holds, place)| holds.then_some(place))
            .collect()
    }
}
