//! What lies where a session file should, and whose it is.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::sessions::keys;
use crate::world::{RED, Ran, World, finish};

/// What can lie where a session file should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Empty,
    Zeros,
    Folder,
    Fifo,
    Socket,
    Link,
    DanglingLink,
}

const THINGS: [Thing; 7] = [
    Thing::Empty,
    Thing::Zeros,
    Thing::Folder,
    Thing::Fifo,
    Thing::Socket,
    Thing::Link,
    Thing::DanglingLink,
];

impl Thing {
    /// Puts it in place of `file`, which is to be found `aside` then.
    fn put(self, file: &Path, aside: &Path) {
        fs::rename(file, aside).unwrap();
        match self {
            Self::Empty => fs::write(file, "").unwrap(),
            Self::Zeros => fs::write(file, vec![0; 5_000_000]).unwrap(),
            Self::Folder => fs::create_dir(file).unwrap(),
            Self::Fifo => mknodat(CWD, file, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap(),
            // The name stays when nobody listens any more.
            Self::Socket => drop(UnixListener::bind(file).unwrap()),
            Self::Link => symlink(aside, file).unwrap(),
            Self::DanglingLink => symlink("/nowhere/at/all", file).unwrap(),
        }
        if matches!(self, Self::Empty | Self::Zeros) {
            fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    fn is_there(self, file: &Path) -> bool {
        let kind = fs::symlink_metadata(file).unwrap().file_type();
        match self {
            Self::Empty | Self::Zeros => kind.is_file(),
            Self::Folder => kind.is_dir(),
            Self::Link | Self::DanglingLink => kind.is_symlink(),
            Self::Fifo => kind.is_fifo(),
            Self::Socket => kind.is_socket(),
        }
    }
}

/// A world in which each thing lies in place of the session file, once; and where that is now.
fn each_thing(check: impl Fn(Thing, &World, &Path)) {
    for thing in THINGS {
        let world = World::new();
        world.sign_in("default", RED);
        let (file, aside) = (world.session_file("default"), world.home().join("aside"));
        let good = fs::read(&file).unwrap();
        thing.put(&file, &aside);
        check(thing, &world, &file);
        assert_eq!(fs::read(&aside).unwrap(), good, "{thing:?}: a link was followed");
    }
}

/// The command at the end of what was said.
#[track_caller]
fn repair(ran: &Ran, verb: &str) -> String {
    let at = ran.stderr.find(&format!("{verb} ")).unwrap_or_else(|| panic!("{verb}: {ran:?}"));
    ran.stderr[at..].trim_end().to_owned()
}

#[track_caller]
fn carry_out(command: &str) {
    assert!(Command::new("sh").args(["-c", command]).status().unwrap().success(), "{command}");
}

#[test]
fn s6_what_is_no_session_file_is_refused_at_once_and_not_followed() {
    each_thing(|thing, world, file| {
        let requests = world.sandbox.requests().len();
        for command in
            [&["status"][..], &["import", "--team", "BOS"], &["remove", "--team", "BOS", "--yes"]]
        {
            let said = match thing {
                Thing::Empty => "damaged. Sign in with: nbatodo login",
                Thing::Zeros => "default.session is too large. Sign in with: nbatodo login",
                Thing::Folder => "is a folder, not a file. Move it away with: mv ",
                _ => "is not a regular file. Move it away with: mv ",
            };
            world.run(command).exits_with(4).complains_of(&[said]);
        }
        assert!(thing.is_there(file), "{thing:?} was not left in place");
        assert_eq!(world.sandbox.requests().len(), requests, "{thing:?}");
    });
}

#[test]
fn s6_a_login_takes_the_place_of_whatever_lies_there_but_a_folder() {
    each_thing(|thing, world, _| {
        if thing == Thing::Folder {
            let asked = world.sandbox.requests().len();
            let ran = world.run(["login", "--no-browser"]);
            ran.exits_with(4).complains_of(&["is a folder, not a file"]);
            assert_eq!(world.sandbox.requests().len(), asked, "a consent was asked for in vain");
            carry_out(&repair(&ran, "mv"));
        }
        world.sign_in("default", RED);
        world.run(["status"]).exits_with(0);
        assert_eq!(keys(world), 2, "{thing:?}: the client's, and the one of the new session");
    });
}

#[test]
fn s6_a_logout_removes_whatever_lies_there_but_a_folder() {
    each_thing(|thing, world, file| {
        let ran = world.run(["logout"]);
        ran.exits_with(1);
        assert!(ran.stderr.contains("the token was not revoked"), "{thing:?}: {ran:?}");
        assert!(ran.stdout.contains("key destroyed"), "{thing:?}: {ran:?}");
        assert_eq!(keys(world), 1, "{thing:?}");
        assert_eq!(fs::symlink_metadata(file).is_err(), thing != Thing::Folder, "{thing:?}");
    });
}

/// A world whose files lie where a careless command would break.
struct Awkward {
    world: World,
    sessions: PathBuf,
}

impl Awkward {
    fn new() -> Self {
        let world = World::new();
        let sessions = world.home().join("it's $(here)/nbatodo/sessions");
        let awkward = Self { world, sessions };
        awkward.world.sign_in_by(awkward.command(&["login", "--no-browser"]), RED);
        awkward
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command.env("XDG_STATE_HOME", self.world.home().join("it's $(here)"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }
}

#[test]
fn s7_what_others_could_read_is_refused_until_the_command_that_is_named_has_run() {
    for (name, bad, good) in [
        ("default.session", 0o644, 0o600),
        ("default.session", 0o620, 0o600),
        ("default.session", 0o601, 0o600),
        (".", 0o755, 0o700),
        (".", 0o1777, 0o700),
    ] {
        let awkward = Awkward::new();
        let (world, path) = (&awkward.world, awkward.sessions.join(name));
        world.chmod(&path, bad);
        let requests = world.sandbox.requests().len();
        let mut command = String::new();
        for arguments in
            [&["status"][..], &["import", "--team", "BOS"], &["login", "--no-browser"], &["logout"]]
        {
            let ran = awkward.run(arguments);
            let chmod = format!("can be read by others: chmod {good:o} '");
            ran.exits_with(4).complains_of(&[&chmod]);
            assert_eq!(world.sandbox.requests().len(), requests, "{arguments:?}");
            assert_eq!(world.sandbox.live_tokens(), 1, "{arguments:?}");
            assert!(awkward.sessions.join("default.session").exists(), "{arguments:?}");
            command = repair(&ran, "chmod");
        }
        carry_out(&command);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, good);
        awkward.run(&["status"]).exits_with(0);
        let ran = awkward.run(&["logout"]);
        assert!(ran.exits_with(0).stdout.contains("token revoked"), "{ran:?}");
    }
}

#[test]
fn s7_what_belongs_to_somebody_else_is_refused_with_the_command_that_takes_it_over() {
    if !rustix::process::geteuid().is_root() {
        // Only root can give a file away; a folder of somebody else there is on each machine.
        let world = World::new();
        world.make_state();
        symlink("/usr", world.state().join("sessions")).unwrap();
        let ran = world.run(["status"]);
        ran.exits_with(4).complains_of(&["belongs to another user", "sudo chown "]);
        return;
    }
    for name in ["default.session", "."] {
        let awkward = Awkward::new();
        let path = awkward.sessions.join(name);
        chown(&path, Some(65_534), None).unwrap();
        let requests = awkward.world.sandbox.requests().len();
        let opened = awkward.run(&["status"]);
        // Without root's rights over other users it does not even open.
        let status = awkward.command(&["status"]);
        let mut closed = Command::new("unshare");
        closed.args(["--user", "--map-root-user"]).arg(status.get_program()).arg("status");
        closed.env_clear();
        closed.envs(status.get_envs().filter_map(|(name, value)| Some((name, value?))));
        for ran in [&opened, &finish(closed)] {
            ran.exits_with(4).complains_of(&["belongs to another user", "sudo chown 0 '"]);
        }
        assert_eq!(awkward.world.sandbox.requests().len(), requests);
        carry_out(&repair(&opened, "chown"));
        awkward.run(&["status"]).exits_with(0);
    }
}

#[test]
fn s7_locks_are_private_files_too() {
    for thing in [Thing::Fifo, Thing::Folder, Thing::Link] {
        let world = World::new();
        world.sign_in("default", RED);
        let lock = world.session_file("default").with_extension("lock");
        thing.put(&lock, &world.home().join("aside"));
        world.run(["status"]).exits_with(0);
        let ran = world.run(["login", "--no-browser"]);
        ran.exits_with(4).complains_of(&["default.lock", "Move it away with: mv "]);
        // Whoever wants to be out gets out.
        let ran = world.run(["logout"]);
        assert!(ran.stdout.contains("token revoked"), "{thing:?}: {ran:?}");
        assert!(ran.stdout.contains("key destroyed, session file deleted"), "{thing:?}: {ran:?}");
        assert_eq!(world.sandbox.live_tokens(), 0);
    }
}

#[test]
fn s7_a_second_name_of_the_file_dies_with_the_first() {
    let world = World::new();
    world.sign_in("default", RED);
    let (file, second) = (world.session_file("default"), world.home().join("second name"));
    fs::hard_link(&file, &second).unwrap();
    world.run(["status"]).exits_with(0);
    let sealed = fs::read(&second).unwrap();
    world.sign_in("default", RED);
    assert_eq!(fs::read(&second).unwrap(), sealed, "a file is replaced, not written to");
    world.run(["logout"]).exits_with(0);
    fs::rename(&second, &file).unwrap();
    world.run(["status"]).exits_with(4).complains_of(&["key", "gone"]);
}

#[test]
fn s7_a_folder_elsewhere_serves_if_it_is_private() {
    let world = World::new();
    let elsewhere = world.home().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    world.make_state();
    symlink(&elsewhere, world.state().join("sessions")).unwrap();
    world.chmod(&elsewhere, 0o755);
    world.run(["login", "--no-browser"]).exits_with(4).complains_of(&["chmod 700 "]);
    world.chmod(&elsewhere, 0o700);
    world.sign_in("default", RED);
    assert!(elsewhere.join("default.session").exists());
    world.run(["status"]).exits_with(0);
}
