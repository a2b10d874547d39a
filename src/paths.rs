//! Where things lie.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::model::Profile;

/// The directories of one installation, as the platform wants them (on Linux the XDG base
/// directories).
#[derive(Clone, Debug)]
pub struct Paths {
    config: PathBuf,
    state: PathBuf,
    cache: PathBuf,
}

/// The machine does not say where a person's files belong.
#[derive(Debug, thiserror::Error)]
#[error("this machine names no home directory: set HOME")]
pub struct NoHome;

impl Paths {
    /// The platform's directories.
    ///
    /// # Errors
    /// [`NoHome`] where the machine names no home directory.
    pub fn of_platform() -> Result<Self, NoHome> {
        let dirs = ProjectDirs::from("", "", "nbatodo").ok_or(NoHome)?;
        // Only Linux tells state from data.
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Ok(Self {
            config: dirs.config_dir().to_owned(),
            state: state.to_owned(),
            cache: dirs.cache_dir().to_owned(),
        })
    }

    /// All directories below one folder, which is what a trial run wants.
    pub fn below(folder: &Path) -> Self {
        Self {
            config: folder.join("config"),
            state: folder.join("state"),
            cache: folder.join("cache"),
        }
    }

    /// The directories of an installation whose state directory is `state`.
    pub fn in_state(state: &Path) -> Self {
        Self { config: state.to_owned(), state: state.to_owned(), cache: state.join("cache") }
    }

    /// The folder of the settings file.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// The folder of everything that a run leaves for the next one.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The folder of what imports remember.
    pub fn imports(&self) -> PathBuf {
        self.state.join("imports")
    }

    /// The settings file that is read when none is named.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// Held while a settings file is changed, by one process at a time. Not beside that file,
    /// which may lie among what somebody shares or publishes.
    pub fn config_lock(&self) -> PathBuf {
        self.state.join("config.lock")
    }

    /// The folder of sealed sessions and their locks.
    pub fn sessions(&self) -> PathBuf {
        self.state.join("sessions")
    }

    /// The folder of the names of those who have signed in, a file each.
    pub fn roster(&self) -> PathBuf {
        self.state.join("profiles")
    }

    /// The sealed session of `profile`.
    pub fn session_file(&self, profile: &Profile) -> PathBuf {
        self.sessions().join(format!("{profile}.session"))
    }

    /// How the person of `profile` reads dates and times: no secret, and there for what needs no
    /// sign-in.
    pub fn times_file(&self, profile: &Profile) -> PathBuf {
        self.times().join(format!("{profile}.json"))
    }

    /// Held while the standing grant of `profile` is used, changed or ended, by one process at a
    /// time. Made before the first grant is kept: where it is missing, there is none.
    pub fn grant_lock(&self, profile: &Profile) -> PathBuf {
        self.sessions().join(format!("{profile}.grant-lock"))
    }

    /// Held by the import of `profile` that is under way.
    pub fn import_lock(&self, profile: &Profile) -> PathBuf {
        self.imports().join(format!("{profile}.lock"))
    }

    /// Held by the import into an account that is under way, whatever its profile; `trace` stands
    /// for the account.
    pub fn account_lock(&self, trace: &str) -> PathBuf {
        self.imports().join(format!("{trace}.account-lock"))
    }

    /// What the imports of `profile` remember of an account, which is named by a trace of it.
    pub fn import_record(&self, profile: &Profile, account: &str) -> PathBuf {
        self.imports().join(format!("{profile}.{account}.record"))
    }

    /// What an import of `profile` has under way in that account.
    pub fn import_journal(&self, profile: &Profile, account: &str) -> PathBuf {
        self.imports().join(format!("{profile}.{account}.journal"))
    }

    /// The folder of the schedules that were fetched: they can be deleted at any time.
    pub fn schedules(&self) -> PathBuf {
        self.cache.join("schedules")
    }

    /// Held while a newly registered client is stored, by one process at a time.
    pub fn registration_lock(&self) -> PathBuf {
        self.state.join("registration.lock")
    }

    /// Held while a client is being registered, by one login at a time.
    pub fn registering_lock(&self) -> PathBuf {
        self.state.join("registering.lock")
    }

    /// The folder of notes of what lies in the OS keyring.
    pub fn keyring_notes(&self) -> PathBuf {
        self.state.join("keyring")
    }

    /// The folders whose files are replaced whole: what a run that was killed has half written
    /// lies in one of them.
    pub fn private_folders(&self) -> [PathBuf; 5] {
        [self.sessions(), self.keys(), self.imports(), self.schedules(), self.times()]
    }

    fn times(&self) -> PathBuf {
        self.cache.join("times")
    }

    /// The folder of entries that are sealed under a master key.
    pub fn keys(&self) -> PathBuf {
        self.state.join("keys")
    }
}
