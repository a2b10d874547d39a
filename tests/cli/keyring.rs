//! A real Secret Service: Debian's gnome-keyring on a private bus.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::sessions::faketime;
use crate::standing::TOKEN;
use crate::terminal::Terminal;
use crate::world::{RED, World, finish, has};

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
    fn bare() -> Self {
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

    fn address(&self) -> String {
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
        while !self.ask_bus("NameHasOwner").contains("true") {}
    }

    /// What the bus itself says of the keyring.
    fn ask_bus(&self, question: &str) -> String {
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
    fn watch_prompter(&self) -> PathBuf {
        let trace = self.runtime().join("asked");
        let prompter = "org.gnome.keyring.SystemPrompter";
        let touch = format!("/usr/bin/touch {}", trace.display());
        let service = format!("[D-BUS Service]\nName={prompter}\nExec={touch}\n");
        fs::write(self.runtime().join(format!("{prompter}.service")), service).unwrap();
        trace
    }

    /// Stops the keyring where it stands, or lets it go on.
    pub(crate) fn signal_keyring(&self, signal: Signal) {
        let answer = self.ask_bus("GetConnectionUnixProcessID");
        let keyring = answer.split_whitespace().last().and_then(|pid| pid.parse().ok());
        kill_process(Pid::from_raw(keyring.unwrap()).unwrap(), signal).unwrap();
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

pub(crate) fn tools() -> bool {
    ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"].into_iter().all(has)
}

/// The binary without a key file, and with the bus where `runtime` says.
pub(crate) fn command(world: &World, arguments: &[&str], runtime: &Path) -> Command {
    let mut command = world.command(arguments);
    command.env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", runtime);
    command
}

#[test]
fn the_session_key_lies_in_the_keyring_and_leaves_it_at_logout() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    // No bus address in the environment, as under cron: it is found in the runtime directory.
    let runtime = bus.folder.path();
    let login = world.start_login(command(&world, &["login", "--no-browser"], runtime));
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);

    let entries = bus.entries();
    assert!(entries.iter().any(|entry| entry.starts_with("session/default/")), "{entries:?}");
    assert!(
        entries.iter().any(|entry| entry.starts_with("client/http://127.0.0.1")),
        "{entries:?}"
    );
    assert!(!world.home().join(".local/state/nbatodo/keys").exists());
    finish(command(&world, &["status"], runtime)).exits_with(0);
    finish(command(&world, &["import", "--team", "BOS"], runtime)).exits_with(0);
    finish(command(&world, &["logout"], runtime)).exits_with(0);
    let left = bus.entries();
    assert!(left.iter().all(|entry| entry.starts_with("client/")), "{left:?}");
}

#[test]
fn what_keeps_a_profile_signed_in_lies_in_the_keyring_and_leaves_it_at_logout() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    let runtime = bus.folder.path();
    let login = command(&world, &["login", "--no-browser", "--stay-signed-in"], runtime);
    let said = world.sign_in_by(login, RED).stderr;
    assert!(said.contains("sealed by the desktop keyring (Secret Service)"), "{said}");
    assert!(bus.entries().contains(&"grant/default".to_owned()), "{:?}", bus.entries());
    let Ok(mut later) = faketime(&world, "+61m") else { return };
    later.arg("status").env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", runtime);
    let ran = finish(later);
    assert!(ran.exits_with(0).stdout.contains("stays signed in"), "{ran:?}");
    finish(command(&world, &["logout"], runtime)).exits_with(0);
    let left = bus.entries();
    assert!(left.iter().all(|entry| entry.starts_with("client/")), "{left:?}");
    assert_eq!(world.sandbox.live_refresh_tokens(), 0);
}

#[test]
fn a_keyring_that_hangs_during_a_renewal_ends_in_another_sign_in_and_never_in_a_replay() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    let runtime = bus.folder.path();
    let login = ["login", "--no-browser", "--stay-signed-in"];
    world.sign_in_by(command(&world, &login, runtime), RED);
    let status = || {
        let mut later = faketime(&world, "+61m").ok()?;
        later.arg("status").env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", runtime);
        Some(later)
    };
    let Some(renewing) = status() else { return };
    world.sandbox.inject(Fault::next(TOKEN, Effect::Slow(Duration::from_millis(500))));
    let renewing = world.spawn(renewing);
    world.runtime.block_on(world.sandbox.until_asked(TOKEN, 2));
    bus.signal_keyring(Signal::STOP);
    let ended = renewing.wait_with_output().unwrap();
    bus.signal_keyring(Signal::CONT);
    assert_eq!(ended.status.code(), Some(5), "{ended:?}");
    assert_eq!(world.sandbox.live_refresh_tokens(), 0, "nobody has it");
    finish(status().unwrap()).exits_with(4);
    assert_eq!((world.sandbox.live_tokens(), world.sandbox.replays()), (0, 0));
    world.sign_in_by(command(&world, &login, runtime), RED);
    finish(status().unwrap()).exits_with(0);
}

#[test]
fn no_keyring_is_said_before_the_browser_opens() {
    if !tools() {
        return;
    }
    let world = World::new();
    let nowhere = TempDir::new().unwrap();
    let login = ["login", "--key-store", "keyring"];
    let ran = finish(command(&world, &login, nowhere.path()));
    let remedy = "nbatodo doctor --make-key FILE";
    ran.exits_with(5).complains_of(&["no keyring can be reached: there is no session", remedy]);
    let bus = Bus::bare();
    let ran = finish(command(&world, &login, bus.runtime()));
    ran.exits_with(5).complains_of(&["no keyring service runs on the session bus", remedy]);
    assert!(world.sandbox.requests().is_empty());
}

#[test]
fn a_locked_keyring_is_said_and_nobody_is_asked_where_nobody_is() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::bare();
    let asked = bus.watch_prompter();
    bus.start_keyring();
    world.sign_in_by(command(&world, &["login", "--no-browser"], bus.runtime()), RED);
    bus.lock_keyring();
    for words in [vec!["status"], vec!["login"], vec!["import", "--team", "BOS"]] {
        let ran = finish(command(&world, &words, bus.runtime()));
        ran.exits_with(5).complains_of(&["locked", "nobody is here to be asked", "Unlock your"]);
    }
    let left = finish(command(&world, &["logout"], bus.runtime()));
    assert!(left.exits_with(5).stderr.contains("the key is not destroyed"), "{left:?}");
    assert!(!asked.exists(), "somebody was asked");
    // Another program does ask, so there would be a trace.
    let mut other = Command::new("secret-tool");
    other.args(["lookup", "service", "nbatodo"]).stdin(Stdio::null());
    other.env("DBUS_SESSION_BUS_ADDRESS", bus.address()).output().unwrap();
    assert!(asked.exists());
}

#[test]
fn a_keyring_that_hangs_is_there_and_nothing_stands_in_for_it() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    bus.signal_keyring(Signal::STOP);
    let ran = finish(command(&world, &["login"], bus.runtime()));
    bus.signal_keyring(Signal::CONT);
    ran.exits_with(5).complains_of(&["did not answer within 10 s", "restart the keyring service"]);
    assert!(world.sandbox.requests().is_empty());
}

#[test]
fn somebody_at_a_terminal_is_asked_to_unlock_it() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::bare();
    let asked = bus.watch_prompter();
    bus.start_keyring();
    world.sign_in_by(command(&world, &["login", "--no-browser"], bus.runtime()), RED);
    bus.lock_keyring();
    let (code, drawn) = Terminal::start(&command(&world, &["status"], bus.runtime())).finish();
    assert!(asked.exists(), "nobody was asked: {drawn}");
    // This one asks nobody anything, and ends.
    assert_eq!(code, Some(5), "{drawn}");
    assert!(drawn.contains("locked") && drawn.contains("Unlock your login keyring"), "{drawn}");
}

/// It takes that minute; others run beside it.
#[test]
fn somebody_at_a_terminal_has_a_minute_to_answer_the_keyring() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    bus.signal_keyring(Signal::STOP);
    let (code, drawn) = Terminal::start(&command(&world, &["login"], bus.runtime())).finish();
    bus.signal_keyring(Signal::CONT);
    assert_eq!(code, Some(5), "{drawn}");
    assert!(drawn.contains("did not answer within 60 s"), "{drawn}");
    assert!(world.sandbox.requests().is_empty());
}

/// Another key store than the one that a sign-in lies in neither knows nor ends it, but says so.
#[test]
fn what_stays_signed_in_by_another_key_store_is_said() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    let in_keyring = |arguments: &[&str]| command(&world, arguments, bus.runtime());
    let stay = ["login", "--no-browser", "--stay-signed-in"];
    world.sign_in_by(in_keyring(&stay), RED);

    let ran = world.sign_in_by(world.command(stay), RED);
    assert!(ran.stderr.contains("nbatodo logout --key-store keyring"), "{ran:?}");
    let ran = world.run(["logout"]);
    assert!(ran.exits_with(0).stdout.contains("staying signed in ended"), "{ran:?}");
    ran.complains_of(&["the desktop keyring", "nbatodo logout --key-store keyring"]);
    let ran = finish(in_keyring(&["logout", "--key-store", "keyring"]));
    assert!(ran.exits_with(0).stdout.contains("staying signed in ended"), "{ran:?}");
    assert_eq!(world.sandbox.live_refresh_tokens(), 0);
    assert_eq!(world.run(["logout"]).exits_with(0).stderr, "");

    // And the other way round.
    world.sign_in_by(world.command(stay), RED);
    let ran = finish(in_keyring(&["logout"]));
    assert!(ran.stderr.contains("NBATODO_KEY_FILE: nbatodo logout"), "{ran:?}");
    world.run(["logout", "--session-store", "file"]).exits_with(0);
    assert_eq!(finish(in_keyring(&["logout"])).exits_with(0).stderr, "");
    assert_eq!(world.sandbox.live_refresh_tokens(), 0);
}
