//! What makes packages and releases: scripts, workflows, and the bill of materials. Workflows do not
//! run here, so this looks at what of them can be looked at without their forge.

mod bill;
mod scripts;
mod twice;
mod workflows;

use std::path::PathBuf;

/// A path in the repository.
fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
