//! The profiles that there are on this machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap_complete::engine::CompletionCandidate;

use super::said;
use crate::model::Profile;
use crate::paths::Paths;
use crate::private_files::read_regular;
use crate::settings::{ConfigFile, LONGEST_FILE};

/// The files of a profile, by their ends: the session, and what shows that it stays signed in.
const ENDS: [&str; 2] = [".session", ".grant-lock"];

/// Those that somebody signed in as, and those that the settings file speaks of. Names that are
/// no profile's are left out: what lies in a file is not to reach a shell unseen.
pub(super) fn candidates() -> Vec<CompletionCandidate> {
    let Ok(paths) = Paths::of_platform() else { return Vec::new() };
    let config = std::env::var_os("NBATODO_CONFIG").filter(|path| !path.is_empty());
    let config = config.map_or_else(|| paths.config_file(), PathBuf::from);
    let mut signed_in = signed_in(&paths.sessions());
    signed_in.extend(listed(&paths.roster()));
    let mut all: BTreeSet<Profile> = configured(&config).into_iter().collect();
    all.extend(signed_in.iter().cloned());
    let tell = |profile: &Profile| {
        let about =
            if signed_in.contains(profile) { "signed in before" } else { "in the settings" };
        CompletionCandidate::new(profile.to_string()).help(said(about))
    };
    all.iter().map(tell).collect()
}

fn signed_in(sessions: &Path) -> BTreeSet<Profile> {
    let files = fs::read_dir(sessions).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let profile = |name: String| {
        let name = ENDS.iter().find_map(|end| name.strip_suffix(end))?;
        name.parse().ok()
    };
    names.filter_map(profile).collect()
}

/// Those who have signed in and not out, even if their session is gone.
fn listed(roster: &Path) -> BTreeSet<Profile> {
    let files = fs::read_dir(roster).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    names.filter_map(|name| name.parse().ok()).collect()
}

/// The profile that a settings file chooses, and those that it has tables for.
fn configured(file: &Path) -> Vec<Profile> {
    let bytes = read_regular(file, LONGEST_FILE).ok().flatten().unwrap_or_default();
    let text = String::from_utf8(bytes).unwrap_or_default();
    let Ok(settings) = ConfigFile::parse(&text) else { return Vec::new() };
    settings.profile().into_iter().chain(settings.profiles().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_none_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        fs::write(&file, "[profiles.work]\nteam = \"BOS\"\n").unwrap();
        assert_eq!(configured(&file), ["work".parse().unwrap()]);
        fs::write(&file, "[profiles.work]\nteam = \"BOS\"\n[profiles.\"$(reboot)\"]\n").unwrap();
        assert!(configured(&file).is_empty(), "no command would read such a file");
        fs::write(&file, "profile = \"home\"").unwrap();
        assert_eq!(configured(&file), ["home".parse().unwrap()]);
        fs::write(&file, "profile = ").unwrap();
        assert!(configured(&file).is_empty());
        for name in ["a.session", "b.grant-lock", "b.lock", "c d.session", "..session"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found: Vec<String> = signed_in(folder.path()).iter().map(Profile::to_string).collect();
        assert_eq!(found, ["a", "b"]);
        fs::write(folder.path().join("zoe"), "").unwrap();
        assert!(listed(folder.path()).contains(&"zoe".parse().unwrap()));
    }
}
