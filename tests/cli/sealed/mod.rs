//! Attacks and faults on a sealed session, against the real binary: S1 to S12.

mod changed;
mod crowd;
mod disk;
mod durable;
mod expiry;
mod hour;
mod kills;
mod places;
mod rows;
pub(crate) mod steps;

use std::fs;
use std::path::{Path, PathBuf};

use crate::sessions::each_file;
use crate::world::World;

impl World {
    /// The folder of all that lies here between two runs.
    pub(crate) fn state(&self) -> PathBuf {
        self.home().join(".local/state/nbatodo")
    }

    /// Makes that folder before anybody has signed in.
    fn make_state(&self) {
        fs::create_dir_all(self.state()).unwrap();
        self.chmod(&self.state(), 0o700);
    }

    /// Checks that no half-written file is left.
    #[track_caller]
    fn has_no_leftovers(&self, case: &str) {
        each_file(&self.state(), &mut |path| {
            let name = path.file_name().unwrap().to_string_lossy();
            assert!(!name.starts_with(".nbatodo-"), "{case}: {}", path.display());
        });
    }

    /// Checks that nothing that the sandbox has issued stands in clear in any file.
    #[track_caller]
    fn has_no_secret_in_clear(&self, case: &str) {
        let secrets = self.sandbox.issued_secrets();
        assert!(secrets.len() >= 3, "a code, a token and a client secret");
        each_file(self.home(), &mut |path| {
            if !path.is_file() {
                return;
            }
            let bytes = fs::read(path).unwrap();
            for secret in &secrets {
                assert!(!holds(&bytes, secret), "{case}: a secret is in {}", path.display());
            }
        });
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// Copies all files of `from` to `to`, modes and all.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}
