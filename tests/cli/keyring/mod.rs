//! A real Secret Service: Debian's gnome-keyring on a private bus.

mod bus;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::sessions::faketime;
use crate::standing::TOKEN;
use crate::terminal::Terminal;
use crate::world::{RED, World, finish, has};

pub(crate) use bus::Bus;

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
    let runtime = bus.runtime();
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
    // Whoever types nothing but the name is told that without what is sealed.
    let guide = || finish(command(&world, &[], runtime)).exits_with(0).stdout.clone();
    let said = guide();
    assert!(said.contains("Signed in  yes, until ") && !said.contains(RED), "{said}");
    finish(command(&world, &["logout"], runtime)).exits_with(0);
    let left = bus.entries();
    assert!(left.iter().all(|entry| entry.starts_with("client/")), "{left:?}");
    let said = guide();
    assert!(
        said.contains("Signed in  no\n") && said.contains("Next       nbatodo login\n"),
        "{said}"
    );
}

/// What programs ask of the keyring while `work` is done, a line each.
fn asked_during(bus: &Bus, work: impl FnOnce()) -> Vec<String> {
    let mut monitor = Command::new("dbus-monitor");
    monitor.args(["--profile", "--address", &bus.address()]).stdout(Stdio::piped());
    let mut monitor = monitor.spawn().unwrap();
    let mut seen = BufReader::new(monitor.stdout.take().unwrap()).lines().map(Result::unwrap);
    // From then on it sees everything.
    seen.by_ref().find(|line| line.contains("NameLost")).unwrap();
    work();
    bus.ask_bus("NameHasOwner");
    let seen: Vec<String> = seen.take_while(|it| !it.contains("NameHasOwner")).collect();
    monitor.kill().unwrap();
    monitor.wait().unwrap();
    // The type of a message, when, its number, from whom, to whom.
    let to = |line: &String| line.split('\t').nth(4) == Some("org.freedesktop.secrets");
    seen.into_iter().filter(to).collect()
}

/// Asked for all properties at once, gnome-keyring aborts where another program deletes an entry at
/// that moment.
#[test]
fn the_keyring_is_asked_for_nothing_that_could_end_it_and_by_the_guide_for_nothing() {
    if !tools() || !has("dbus-monitor") {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    let runtime = bus.runtime();
    let asked = asked_during(&bus, || {
        let login = ["login", "--no-browser", "--stay-signed-in"];
        world.sign_in_by(command(&world, &login, runtime), RED);
        for words in [&["status"][..], &["import", "--team", "BOS"]] {
            finish(command(&world, words, runtime)).exits_with(0);
        }
    });
    let asks = |asked: &[String], what: &str| asked.iter().any(|line| line.ends_with(what));
    assert!(asks(&asked, "ReadAlias") && asks(&asked, "GetSecret"), "{asked:?}");
    assert!(asks(&asked, "CreateItem") && !asks(&asked, "GetAll"), "{asked:?}");
    let asked = asked_during(&bus, || drop(finish(command(&world, &[], runtime))));
    assert!(asked.is_empty(), "{asked:?}");
    let asked = asked_during(&bus, || drop(finish(command(&world, &["logout"], runtime))));
    assert!(asks(&asked, "Delete") && !asks(&asked, "GetAll"), "{asked:?}");
}

#[test]
fn what_keeps_a_profile_signed_in_lies_in_the_keyring_and_leaves_it_at_logout() {
    if !tools() {
        return;
    }
    let world = World::new();
    let bus = Bus::start();
    bus.start_keyring();
    let runtime = bus.runtime();
    let login = command(&world, &["login", "--no-browser", "--stay-signed-in"], runtime);
    let said = world.sign_in_by(login, RED).stderr;
    assert!(said.contains("sealed by the desktop keyring (Secret Service)"), "{said}");
    assert!(bus.entries().contains(&"grant/default".to_owned()), "{:?}", bus.entries());
    let later = |arguments: &[&str]| {
        let mut later = faketime(&world, "+61m").ok()?;
        later.args(arguments).env_remove("NBATODO_KEY_FILE").env("XDG_RUNTIME_DIR", runtime);
        Some(finish(later))
    };
    let Some(guide) = later(&[]) else { return };
    let said = "Signed in  stays, for the next run\n";
    assert!(guide.exits_with(0).stdout.contains(said), "{guide:?}");
    let ran = later(&["status"]).unwrap();
    assert!(ran.exits_with(0).stdout.contains("stays signed in"), "{ran:?}");
    let guide = later(&[]).unwrap();
    assert!(guide.exits_with(0).stdout.contains(", stays signed in\n"), "{guide:?}");
    finish(command(&world, &["logout"], runtime)).exits_with(0);
    let guide = later(&[]).unwrap();
    assert!(guide.exits_with(0).stdout.contains("Signed in  no\n"), "{guide:?}");
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
    let runtime = bus.runtime();
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

/// A keyring that is locked, and has the key of a session of Red's.
struct Locked {
    world: World,
    bus: Bus,
    /// There once somebody was asked to unlock it.
    asked: PathBuf,
}

impl Locked {
    fn with_a_session() -> Self {
        let world = World::new();
        let bus = Bus::bare();
        let asked = bus.watch_prompter();
        bus.start_keyring();
        world.sign_in_by(command(&world, &["login", "--no-browser"], bus.runtime()), RED);
        bus.lock_keyring();
        Self { world, bus, asked }
    }
}

#[test]
fn a_locked_keyring_is_said_and_nobody_is_asked_where_nobody_is() {
    if !tools() {
        return;
    }
    let Locked { world, bus, asked } = Locked::with_a_session();
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
    let Locked { world, bus, asked } = Locked::with_a_session();
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
