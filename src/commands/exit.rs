//! How a run ends, for scripts.

/// An exit code and what it tells a script to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All was done.
    Done = 0,
    /// It failed, and trying the same again will not help.
    Failed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Network, Todoist or feed unavailable: try again later.
    Temporary = 3,
    /// Not signed in, expired, or access denied: sign in.
    SignIn = 4,
    /// The key store cannot be reached.
    KeyStore = 5,
    /// Some games could not be written; each is listed.
    Partial = 6,
    /// `--dry-run --detailed-exitcode`: something would change.
    WouldChange = 10,
    /// Ctrl-C, or the system asked us to stop.
    Interrupted = 130,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}
