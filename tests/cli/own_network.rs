//! A test in a network of its own: nobody else has its ports, and it may take addresses away. It
//! sees mounts of its own as well: small disks and read-only ones.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

use crate::world::{has, skip};

/// Set inside such a network.
const INSIDE: &str = "NBATODO_TEST_NETWORK";

/// How a network is made, and what shows that this machine gives one.
struct Kind {
    unshare: &'static [&'static str],
    probe: &'static str,
    what: &'static str,
}

/// Whoever is root there, and nobody else: anybody may make that.
const BY_ANYBODY: Kind = Kind {
    unshare: &["--user", "--map-root-user", "--net", "--mount"],
    probe: "ip link set lo up",
    what: "network namespace",
};
/// With all accounts of the machine, and cables to others.
const BY_ROOT: Kind = Kind {
    unshare: &["--net", "--mount"],
    probe: "ip link set lo up && ip link add one type veth peer name other",
    what: "network namespace with cables (veth)",
};

/// Runs `test`, the body of the test that calls this, in a network that has loopback and
/// nothing else. That needs no rights: the network belongs to a user namespace.
pub(crate) fn in_own_network<T: FnOnce()>(test: T) {
    inside(&BY_ANYBODY, test);
}

/// The same with daemons that change to other accounts, for which one has to be root, and with
/// cables to other networks.
pub(crate) fn in_own_network_with_accounts<T: FnOnce()>(test: T) {
    if !rustix::process::geteuid().is_root() {
        return skip("a daemon that changes to other accounts takes root");
    }
    inside(&BY_ROOT, test);
}

fn inside<T: FnOnce()>(kind: &Kind, test: T) {
    if env::var_os(INSIDE).is_some() {
        return test();
    }
    if !has("unshare") || !has("ip") {
        return;
    }
    let in_namespace = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(kind.unshare).args(["sh", "-c", script]);
        command
    };
    let allowed = in_namespace(kind.probe).output().unwrap();
    if !allowed.status.success() {
        return skip(&format!("this machine gives no {}", kind.what));
    }
    // "cli::room::the_test::{{closure}}"
    let name = std::any::type_name::<T>().trim_end_matches("::{{closure}}");
    let (_, name) = name.split_once("::").unwrap();
    let output = in_namespace("ip link set lo up && exec \"$0\" --exact \"$1\" --nocapture")
        .arg(env::current_exe().unwrap())
        .arg(name)
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{name}: {said}{complained}");
}

/// Runs `mount` with these arguments.
pub(crate) fn mount(arguments: &[&OsStr]) {
    let status = Command::new("mount").args(arguments).status().unwrap();
    assert!(status.success(), "mount {arguments:?}");
}

/// Runs `ip` with these arguments.
pub(crate) fn ip(arguments: &str) {
    let status = Command::new("ip").args(arguments.split(' ')).status().unwrap();
    assert!(status.success(), "ip {arguments}");
}
