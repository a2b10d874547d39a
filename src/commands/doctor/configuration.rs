//! What the person chose, and whether it can be used.

use crate::commands::Failure;
use crate::commands::doctor::{Area, Check, Scene, SettingsFile};
use crate::private_files::read_private;

const AREA: Area = Area::Configuration;
/// More than any token has.
const LONGEST_TOKEN: u64 = 64 * 1024;

pub(super) fn checks(scene: &Scene) -> Vec<Check> {
    let mut checks = vec![settings_file(&scene.settings_file)];
    let wrong = |mistake: &crate::settings::InvalidSetting| {
        AREA.problem("setting", mistake.to_string())
            .remedied_by("Correct it or take it out; without it, the rest was looked at.")
    };
    checks.extend(scene.passed_over.iter().map(wrong));
    if scene.unclaimed_secret {
        let found = "NBATODO_CLIENT_SECRET is set, and no client is named that it is of";
        let remedy = "Set NBATODO_CLIENT_ID, too, or: unset NBATODO_CLIENT_SECRET";
        checks.push(AREA.warning("client", found).remedied_by(remedy));
    }
    checks.extend(tokens(scene));
    checks
}

/// A line for a machine without a place for a person's files.
pub(super) fn nowhere(failure: &Failure) -> Check {
    let remedy = match failure {
        Failure::Home(_) => Some("export HOME=... (the directory that your files are in)".into()),
        failure => failure.advice("doctor", &Default::default()),
    };
    let found = format!("{failure}; sessions, keys and imports were not looked at");
    AREA.problem("home directory", found).perhaps_remedied_by(remedy)
}

fn settings_file(file: &SettingsFile) -> Check {
    const CHECK: &str = "settings file";
    let path = file.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    match &file.read {
        Ok(true) => AREA.ok(CHECK, path),
        Ok(false) => AREA.ok(CHECK, format!("none at {path}: the defaults hold")),
        Err(failure) => {
            let remedy = match failure.repair() {
                Some(repair) => format!("Take that out with: {repair}"),
                None => "Repair or move it; the rest was looked at without it.".to_owned(),
            };
            AREA.problem(CHECK, failure.to_string()).remedied_by(remedy)
        }
    }
}

/// Tokens from outside, with which no session is used.
fn tokens(scene: &Scene) -> Vec<Check> {
    const CHECK: &str = "token";
    let set = |name: &str| (scene.variable)(name).filter(|value| !value.is_empty());
    let mut checks = Vec::new();
    if set("NBATODO_TOKEN").is_some() {
        let found = "NBATODO_TOKEN is set: no session is read or written, and your other \
                     programs can see the token";
        let remedy = "unset NBATODO_TOKEN (NBATODO_TOKEN_FILE names a file instead)";
        checks.push(AREA.warning(CHECK, found).remedied_by(remedy));
    }
    if let Some(path) = set("NBATODO_TOKEN_FILE") {
        checks.push(match read_private(path.as_ref(), LONGEST_TOKEN) {
            Ok(Some(mut token)) => {
                let is_empty = token.iter().all(u8::is_ascii_whitespace);
                zeroize::Zeroize::zeroize(&mut token);
                let found = format!("NBATODO_TOKEN_FILE names {path}");
                if is_empty {
                    AREA.problem(CHECK, format!("{found}, which is empty"))
                        .remedied_by("Put a token in it, or: unset NBATODO_TOKEN_FILE")
                } else {
                    AREA.ok(CHECK, format!("{found}: no session is read or written"))
                }
            }
            Ok(None) => AREA
                .problem(CHECK, format!("NBATODO_TOKEN_FILE names {path}, which does not exist"))
                .remedied_by("Make it, or: unset NBATODO_TOKEN_FILE"),
            Err(error) => AREA
                .problem(CHECK, format!("NBATODO_TOKEN_FILE: {error}"))
                .remedied_by("Repair what is named here, or: unset NBATODO_TOKEN_FILE"),
        });
    }
    checks
}
