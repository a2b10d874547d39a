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
    /// Every way to end, by its number.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Temporary,
        Self::SignIn,
        Self::KeyStore,
        Self::Partial,
        Self::WouldChange,
        Self::Interrupted,
    ];

    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// What it means, as help and manual pages put it.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed, and the same again will not help: the message says why",
            Self::Usage => "wrong usage or settings",
            Self::Temporary => "no network, Todoist or schedule just now: try again later",
            Self::SignIn => "nobody is signed in, or not any more: nbatodo login",
            Self::KeyStore => "the key store cannot be reached",
            Self::Partial => "done in part: some changes were refused, and each is listed",
            Self::WouldChange => "something would change (--dry-run --detailed-exitcode)",
            Self::Interrupted => "interrupted, as by Ctrl-C",
        }
    }
}
