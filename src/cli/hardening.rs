//! Keeps the process's memory, where a token lies in clear, out of files and debuggers.

/// Switches core dumps off, and on Linux makes the process untraceable for others of the same
/// user. Both can only fail where the system does not know them. To be called before anything
/// is read that may be secret.
#[cfg(unix)]
pub fn apply() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::debug!(%error, "core dumps stay as they are");
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::debug!(%error, "the process stays traceable");
        }
    }
}

/// Elsewhere the system writes no core files unasked.
#[cfg(not(unix))]
pub fn apply() {}
