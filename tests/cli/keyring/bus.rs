//! A session bus of a test, and the keyring on it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A session bus in a folder of its own. It ends with the test, and the keyring with it.
pub(crate) struct Bus {
    folder: TempDir,
    daemon: Child,
}

impl Bus {
    pub(crate) fn start() -> Self {
        Self::start_in(TempDir::new().unwrap(), "--session")
    }

    /// A bus that knows only the services described in its folder.
    pub(super) fn bare() -> Self {
        let folder = TempDir::new().unwrap();
        let config = folder.path().join("bus.conf");
        let services = folder.path().display();
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={services}</listen>\
             <servicedir>{services}</servicedir><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
             <allow own=\"*\"/></policy></busconfig>"
        );
        fs::write(&config, text).unwrap();
        Self::start_in(folder, &format!("--config-file={}", config.display()))
    }

    fn start_in(folder: TempDir, kind: &str) -> Self {
        let address = format!("unix:path={}", folder.path().join("bus").display());
        let mut daemon = Command::new("dbus-daemon")
            .args([kind, "--nofork", "--print-address", "--address", &address])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert!(ready.starts_with("unix:"), "{ready}");
        Self { folder, daemon }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn address(&self) -> String {
        format!("unix:path={}", self.folder.path().join("bus").display())
    }

    /// Starts the keyring and unlocks it with a password. It can be called when this returns.
    pub(crate) fn start_keyring(&self) {
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        keyring.stdin.take().unwrap().write_all(b"password").unwrap();
        assert!(keyring.wait().unwrap().success());
        // To call it before it has its name would start another one, without a password.
        let mut questions = 0..20_000;
        while !self.ask_bus("NameHasOwner").contains("true") {
            assert!(questions.next().is_some(), "the keyring takes no name");
        }
    }

    /// What the bus itself says of the keyring.
    pub(super) fn ask_bus(&self, question: &str) -> String {
        let answer = Command::new("dbus-send")
            .args(["--session", "--dest=org.freedesktop.DBus", "--print-reply=literal", "/"])
            .arg(format!("org.freedesktop.DBus.{question}"))
            .arg("string:org.freedesktop.secrets")
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .output()
            .unwrap();
        String::from_utf8(answer.stdout).unwrap()
    }

    /// Where the bus is found without its address.
    pub(crate) fn runtime(&self) -> &Path {
        self.folder.path()
    }

    /// Has whoever asks for a password leave a trace, which is returned.
    pub(super) fn watch_prompter(&self) -> PathBuf {
        let trace = self.runtime().join("asked");
        let prompter = "org.gnome.keyring.SystemPrompter";
        let touch = format!("/usr/bin/touch {}", trace.display());
        let service = format!("[D-BUS Service]\nName={prompter}\nExec={touch}\n");
        fs::write(self.runtime().join(format!("{prompter}.service")), service).unwrap();
        trace
    }

    /// The process that is the keyring now.
    pub(crate) fn keyring(&self) -> Option<i32> {
        let answer = self.ask_bus("GetConnectionUnixProcessID");
        answer.split_whitespace().last()?.parse().ok()
    }

    /// Stops the keyring where it stands, or lets it go on.
    pub(crate) fn signal_keyring(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.keyring().unwrap()).unwrap(), signal).unwrap();
    }

    /// Locks the collection that [`Bus::start_keyring`] unlocked.
    pub(crate) fn lock_keyring(&self) {
        let locked = Command::new("dbus-send")
            .args(["--session", "--dest=org.freedesktop.secrets", "--print-reply"])
            .args(["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock"])
            .arg("array:objpath:/org/freedesktop/secrets/collection/login")
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .output()
            .unwrap();
        let answer = String::from_utf8_lossy(&locked.stdout).into_owned();
        assert!(locked.status.success() && answer.contains("collection/login"), "{answer}");
    }

    /// How many processes that ask for a password were started on this bus and still run.
    pub(crate) fn prompters(&self) -> usize {
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let bus = self.folder.path().display().to_string();
        let is_one = |process: &PathBuf| {
            let read = |name| fs::read(process.join(name)).unwrap_or_default();
            let text = |name| String::from_utf8_lossy(&read(name)).into_owned();
            text("comm").contains("prompter") && text("environ").contains(&bus)
        };
        processes.filter(is_one).count()
    }

    /// The accounts of our entries, as another program sees them.
    pub(crate) fn entries(&self) -> Vec<String> {
        let output = Command::new("secret-tool")
            .args(["search", "--all", "service", "nbatodo"])
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .output()
            .unwrap();
        // It prints the attributes on one stream or the other, depending on its version.
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let accounts = text.lines().filter_map(|line| line.strip_prefix("attribute.username = "));
        accounts.map(str::to_owned).collect()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself.
        drop(self.daemon.kill());
        drop(self.daemon.wait());
    }
}
