//! What a sign-in needs of this machine: a browser, and a port for the redirect.

use std::path::Path;

use crate::commands::doctor::{Area, Check, Scene};
use crate::settings::Screen;
use crate::signin::{Listener, REDIRECT_PORTS, SystemBrowser};

const AREA: Area = Area::SignIn;
const NO_BROWSER: &str = "Sign in with: nbatodo login --no-browser";

pub(super) fn checks(scene: &Scene) -> Vec<Check> {
    vec![browser(scene), ports()]
}

fn browser(scene: &Scene) -> Check {
    const CHECK: &str = "browser";
    let by_name = scene.browser.is_some();
    if !by_name && scene.screen == Screen::Elsewhere {
        let found = "you came by SSH: a browser would open on this machine's screen";
        return AREA.ok(CHECK, found).remedied_by(NO_BROWSER);
    }
    if !by_name && scene.screen == Screen::Nowhere {
        let found = "this machine has no screen, as far as it says";
        return AREA.ok(CHECK, found).remedied_by(NO_BROWSER);
    }
    let programs = SystemBrowser { preferred: scene.browser.clone() }.programs();
    let path = (scene.variable)("PATH").unwrap_or_default();
    match programs.iter().find(|program| is_there(Path::new(program), &path)) {
        // What stands behind a name can be anything: only the name is shown.
        Some(program) if by_name => AREA.ok(CHECK, format!("{program}, from BROWSER")),
        Some(program) => AREA.ok(CHECK, format!("{program}, which this system opens pages with")),
        None if by_name => AREA
            .warning(CHECK, "nothing that BROWSER names is installed")
            .remedied_by(format!("unset BROWSER, or: {NO_BROWSER}")),
        None => {
            AREA.warning(CHECK, "nothing that opens pages is installed").remedied_by(NO_BROWSER)
        }
    }
}

/// Whether a command of this name would start; on Windows the system knows more places than
/// `PATH`, so that nothing is said there.
fn is_there(program: &Path, path: &str) -> bool {
    if cfg!(windows) {
        return true;
    }
    if program.components().count() > 1 {
        return program.is_file();
    }
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}

/// Each port is bound as a sign-in would, and free again at once.
fn ports() -> Check {
    const CHECK: &str = "redirect ports";
    let (free, taken): (Vec<u16>, Vec<u16>) =
        REDIRECT_PORTS.into_iter().partition(|port| Listener::bind(&[*port]).is_ok());
    let [first, .., last] = REDIRECT_PORTS;
    let list = |ports: &[u16]| ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (free.len(), taken.len()) {
        (_, 0) => AREA.ok(CHECK, format!("{first} to {last} are free")),
        (0, _) => AREA
            .problem(CHECK, format!("all of {first} to {last} are taken: no sign-in can wait"))
            .remedied_by("End the programs that hold them, or a login that still waits."),
        (free, _) => AREA.ok(CHECK, format!("{free} are free; taken: {}", list(&taken))),
    }
}
