//! Systems with next to nothing on them, as small containers are.

use std::ffi::OsStr;
use std::fs;

use crate::own_network::{in_own_network, mount};
use crate::world::{World, finish};

#[test]
fn a_system_that_cannot_resolve_localhost_shows_the_demo() {
    in_own_network(|| {
        let world = World::new();
        let nothing = world.home().join("hosts");
        fs::write(&nothing, "").unwrap();
        mount(&[OsStr::new("--bind"), nothing.as_os_str(), OsStr::new("/etc/hosts")]);
        world.run(["demo"]).exits_with(0);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_system_without_certificates_says_which_package_has_them() {
    let world = World::new();
    let nothing = world.home().join("roots.pem");
    fs::write(&nothing, "").unwrap();
    let mut command = world.command(["schedule", "--team", "BOS", "--strict-feed"]);
    command.env("NBATODO_SCHEDULE_URL", "https://localhost:9/schedule.json");
    command.env("SSL_CERT_FILE", &nothing).env("SSL_CERT_DIR", world.home());
    let ran = finish(command);
    assert_ne!(ran.code, Some(0), "{ran:?}");
    ran.complains_of(&["no CA certificates", "ca-certificates", "SSL_CERT_FILE"]);
}
