//! The real kernel keyring, which stands in where no desktop keyring answers.

use std::fs;
use std::os::unix::fs::chown;
use std::process::Command;

use crate::keyring::{self, Bus};
use crate::sessions::faketime;
use crate::world::{RED, Ran, World, finish, has, skip};

/// Takes the key of that name out of the kernel; says whether that could be tried.
fn purge(name: &str) -> bool {
    let script = "keyctl link @u @s; keyctl invalidate $(keyctl search @s user \"$1\")";
    let mut keyctl = Command::new("keyctl");
    keyctl.args(["session", "-", "sh", "-c", script, "sh", name]);
    keyctl.output().is_ok_and(|output| output.status.success())
}

/// Lets `command` have the environment of `model` and nothing else.
fn in_environment_of(mut command: Command, model: &Command) -> Command {
    command.env_clear();
    command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// A world without a bus, and a profile whose entries no other test and no person has.
pub(crate) struct Kernel {
    world: World,
    profile: String,
}

impl Kernel {
    pub(crate) fn new() -> Option<Self> {
        if !has("keyctl") {
            return None;
        }
        let probe = Command::new("keyctl").args(["describe", "@u"]).output().unwrap();
        if !probe.status.success() {
            skip("this kernel has no keyrings");
            return None;
        }
        let world = World::new();
        let trace = world.home().file_name().unwrap().to_string_lossy().replace('.', "");
        Some(Self { profile: format!("test-{trace}"), world })
    }

    /// The binary without a key file and without a bus, as under cron.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command.env_remove("NBATODO_KEY_FILE").env("NBATODO_PROFILE", &self.profile);
        let nowhere = self.world.home().join("no-bus");
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", nowhere.display()));
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    /// The same, an hour later.
    fn run_later(&self, arguments: &[&str]) -> Option<Ran> {
        let mut later = faketime(&self.world, "+61m").ok()?;
        later.args(arguments);
        let mut later = in_environment_of(later, &self.command(&[]));
        Some(finish({
            later.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            later
        }))
    }

    /// The same where `bus` is found.
    fn command_at(&self, bus: &Bus, arguments: &[&str]) -> Command {
        let mut command = keyring::command(&self.world, arguments, bus.runtime());
        command.env("NBATODO_PROFILE", &self.profile);
        command
    }

    fn run_at(&self, bus: &Bus, arguments: &[&str]) -> Ran {
        finish(self.command_at(bus, arguments))
    }

    pub(crate) fn sign_in(&self, more: &[&str]) -> Ran {
        let words = [&["login", "--no-browser"], more].concat();
        self.world.sign_in_by(self.command(&words), RED)
    }

    /// What the kernel has of this world: (how long it is kept, description).
    pub(crate) fn entries(&self) -> Vec<(String, String)> {
        let client = format!("nbatodo:client/{}", self.world.sandbox.origin());
        let profile = format!("/{}", self.profile);
        let keys = fs::read_to_string("/proc/keys").unwrap();
        let entry = |line: &str| {
            // Serial, flags, uses, time left, permissions, user, group, type, description.
            let words: Vec<&str> = line.split_whitespace().collect();
            let name = words.get(8)?.rsplit_once(':')?.0;
            let ours = name.starts_with("nbatodo:") && name.contains(&profile) || name == client;
            // Revoked and invalidated ones are only waiting to be swept up.
            let gone = words[1].contains(['R', 'D', 'i']);
            (ours && !gone).then(|| (words[3].to_owned(), name.to_owned()))
        };
        keys.lines().filter_map(entry).collect()
    }

    fn of_kind(&self, kind: &str) -> Vec<(String, String)> {
        let start = format!("nbatodo:{kind}/");
        self.entries().into_iter().filter(|(_, name)| name.starts_with(&start)).collect()
    }
}

impl Drop for Kernel {
    /// Nothing of a test is left in the keyring of whoever runs it.
    fn drop(&mut self) {
        for (_, name) in self.entries() {
            purge(&name);
        }
    }
}

#[test]
fn it_stands_in_where_no_keyring_answers_and_says_so_at_login_only() {
    let Some(kernel) = Kernel::new() else { return };
    let said = kernel.sign_in(&[]).stderr;
    assert_eq!(said.matches("No desktop keyring answers here").count(), 1, "{said}");
    let session = kernel.of_kind("session");
    assert_eq!((session.len(), kernel.of_kind("client").len()), (1, 1), "{:?}", kernel.entries());
    assert_ne!(session[0].0, "perm", "a session's key ends by itself");
    assert_eq!(kernel.of_kind("client")[0].0, "perm");

    let status = kernel.run(&["status"]);
    assert_eq!(status.exits_with(0).stderr, "");
    let store = "the kernel keyring (no desktop keyring answered)";
    assert!(status.stdout.contains(&format!("; its key lies in {store}\n")), "{status:?}");
    let json = kernel.run(&["status", "--format", "json"]).json();
    assert_eq!(json["key_store"], store);
    let quiet = kernel.run(&["import", "--team", "BOS", "--quiet", "--offline"]);
    quiet.exits_with(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));

    kernel.run(&["logout"]).exits_with(0);
    assert!(kernel.of_kind("session").is_empty(), "{:?}", kernel.entries());
    assert_eq!(kernel.world.sandbox.live_tokens(), 0);
}

#[test]
fn a_process_with_a_session_keyring_of_its_own_finds_the_key() {
    let Some(kernel) = Kernel::new() else { return };
    // As under sshd or systemd: a session keyring that the user's is not linked into.
    let apart = |arguments: &[&str]| {
        let model = kernel.command(arguments);
        let mut command = Command::new("keyctl");
        command.args(["session", "-"]).arg(model.get_program()).args(model.get_args());
        in_environment_of(command, &model)
    };
    kernel.world.sign_in_by(apart(&["login", "--no-browser"]), RED);
    for run in [kernel.command(&["status"]), apart(&["status"]), apart(&["logout"])] {
        finish(run).exits_with(0);
    }
    assert!(kernel.of_kind("session").is_empty());
}

#[test]
fn a_keyring_that_comes_later_takes_over_and_leaves_nothing_in_the_kernel() {
    let Some(kernel) = Kernel::new().filter(|_| keyring::tools()) else { return };
    kernel.sign_in(&[]);
    let bus = Bus::start();
    bus.start_keyring();
    let status = kernel.run_at(&bus, &["status"]);
    assert!(status.exits_with(0).stdout.contains("the kernel keyring"), "{status:?}");
    // The new key goes into the keyring, and the old one out of the kernel.
    kernel.world.sign_in_by(kernel.command_at(&bus, &["login", "--no-browser"]), RED);
    assert!(kernel.of_kind("session").is_empty(), "{:?}", kernel.entries());
    let status = kernel.run_at(&bus, &["status"]);
    assert!(status.exits_with(0).stdout.contains("the desktop keyring"), "{status:?}");
    kernel.run_at(&bus, &["logout"]).exits_with(0);
    assert!(bus.entries().iter().all(|entry| !entry.starts_with("session/")));
    assert_eq!(kernel.world.sandbox.live_tokens(), 0);
}

#[test]
fn a_key_in_a_keyring_that_is_away_is_out_of_reach_and_not_gone() {
    let Some(kernel) = Kernel::new().filter(|_| keyring::tools()) else { return };
    let bus = Bus::start();
    bus.start_keyring();
    kernel.world.sign_in_by(kernel.command_at(&bus, &["login", "--no-browser"]), RED);
    assert!(kernel.entries().is_empty(), "{:?}", kernel.entries());
    kernel.run(&["status"]).exits_with(5).complains_of(&["no keyring can be reached"]);
    kernel.run(&["import", "--team", "BOS"]).exits_with(5);
    kernel.run_at(&bus, &["status"]).exits_with(0);
    let ran = kernel.run(&["logout"]);
    assert!(ran.exits_with(5).stderr.contains("the key is not destroyed"), "{ran:?}");
    kernel.run_at(&bus, &["logout"]);
    assert!(bus.entries().iter().all(|entry| !entry.starts_with("session/")));
}

#[test]
fn nobody_stays_signed_in_by_it_unless_they_ask_for_that() {
    let Some(kernel) = Kernel::new() else { return };
    let refused = kernel.run(&["login", "--stay-signed-in"]);
    let ways = ["a restart empties", "nbatodo doctor --make-key", "--key-store keyutils"];
    refused.exits_with(5).complains_of(&ways);
    assert!(kernel.world.sandbox.requests().is_empty(), "nothing has been begun");

    let said = kernel.sign_in(&["--stay-signed-in", "--key-store", "keyutils"]).stderr;
    assert!(said.contains("A restart empties the kernel keyring"), "{said}");
    assert_eq!(kernel.of_kind("grant").len(), 1);
    // With no more said than the name, the setting decides where to look.
    let guide = kernel.run_later(&["--key-store", "keyutils"]);
    let Some(guide) = guide else { return };
    assert!(guide.exits_with(0).stdout.contains("stays, for the next run"), "{guide:?}");
    let Some(ran) = kernel.run_later(&["status"]) else { return };
    assert!(ran.exits_with(0).stdout.contains("stays signed in"), "{ran:?}");
    kernel.run(&["logout"]).exits_with(0);
    assert!(kernel.of_kind("grant").is_empty() && kernel.of_kind("session").is_empty());
    assert_eq!(kernel.world.sandbox.live_refresh_tokens(), 0);
}

#[test]
fn a_session_whose_key_the_kernel_has_dropped_has_expired_and_is_swept_up() {
    let Some(kernel) = Kernel::new() else { return };
    kernel.sign_in(&[]);
    let (_, name) = kernel.of_kind("session").remove(0);
    assert!(purge(&name), "{name}");
    kernel.run(&["status"]).exits_with(4).complains_of(&["is gone"]);
    let guide = kernel.run(&[]);
    assert!(guide.exits_with(0).stdout.contains("Signed in  no: the key of"), "{guide:?}");
    let file = kernel.world.session_file(&kernel.profile);
    assert!(file.exists(), "before its hour is over, somebody may want to look at it");
    let Some(ran) = kernel.run_later(&["status"]) else { return };
    ran.exits_with(4).complains_of(&["has expired", "nbatodo login"]);
    assert!(!file.exists());
}

/// A terminal in which another key store is named is no reason to sign in again.
#[test]
fn a_key_that_lies_in_another_store_of_this_machine_is_said_to_be_there() {
    let Some(kernel) = Kernel::new() else { return };
    kernel.sign_in(&[]);
    let mut by_file = kernel.command(&["status"]);
    by_file.env("NBATODO_KEY_FILE", kernel.world.key_file());
    let said = ["lies in the kernel keyring", "Say --key-store keyutils, or"];
    finish(by_file).exits_with(4).complains_of(&said);
    let mut sign_in = kernel.command(&["login", "--no-browser"]);
    sign_in.env("NBATODO_KEY_FILE", kernel.world.key_file());
    kernel.world.sign_in_by(sign_in, RED);
    let said = ["lies in a key file", "Name that file in NBATODO_KEY_FILE, or"];
    kernel.run(&["status"]).exits_with(4).complains_of(&said);
}

#[test]
fn each_choice_is_that_store_and_no_other() {
    let Some(kernel) = Kernel::new() else { return };
    kernel.run(&["login", "--key-store", "keyring"]).exits_with(5);
    let none = kernel.run(&["login", "--key-store", "file"]);
    none.exits_with(2).complains_of(&["none is named", "nbatodo doctor --make-key FILE"]);
    assert!(kernel.world.sandbox.requests().is_empty());
    // A key file that is named does not count where the kernel is asked for.
    let mut login = kernel.command(&["login", "--no-browser", "--key-store", "keyutils"]);
    login.env("NBATODO_KEY_FILE", kernel.world.key_file());
    let said = kernel.world.sign_in_by(login, RED).stderr;
    assert!(!said.contains("No desktop keyring"), "it was asked for: {said}");
    assert_eq!(kernel.of_kind("session").len(), 1);
    kernel.run(&["logout", "--key-store", "keyutils"]).exits_with(0);
}

#[test]
fn a_full_kernel_keyring_is_said_before_the_browser_opens() {
    const SOMEBODY: u32 = 54_321;
    let Some(kernel) = Kernel::new().filter(|_| has("setpriv")) else { return };
    if !rustix::process::geteuid().is_root() {
        return skip("only root can run a program as somebody else");
    }
    let home = kernel.world.home();
    fs::copy(env!("CARGO_BIN_EXE_nbatodo"), home.join("nbatodo")).unwrap();
    chown(home, Some(SOMEBODY), None).unwrap();
    let as_somebody = |script: &str| {
        let mut command = Command::new("setpriv");
        let id = SOMEBODY.to_string();
        command.args(["--reuid", &id, "--clear-groups", "sh", "-c", script]);
        finish(in_environment_of(command, &kernel.command(&[])))
    };
    // As many keys of a person as the kernel lets them have.
    let fill = "i=0; while keyctl add user filler$i x @u; do i=$((i + 1)); done >/dev/null 2>&1";
    let ran = as_somebody(&format!("{fill}; \"$HOME/nbatodo\" login"));
    as_somebody("keyctl clear @u");
    ran.exits_with(5).complains_of(&["the kernel keyring is full", "kernel.keys.maxkeys"]);
    assert!(kernel.world.sandbox.requests().is_empty());
}
