//! A machine that one comes to by SSH: Debian's sshd in a network of its own, and a cable from
//! there to the test's, which is the laptop.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, copy};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tempfile::TempDir;

use crate::own_network::{ip, mount};
use crate::terminal::Terminal;
use crate::world::World;

/// Where it is (RFC 5737).
pub(super) const ADDRESS: &str = "192.0.2.2";
/// What its shell asks with.
pub(super) const PROMPT: &str = "host$ ";

/// Its accounts and folders are its own, and nothing that sshd writes stays. Its root has no
/// password, and is not locked either.
const MACHINE: &str = r#"
mount -t tmpfs none /run
mkdir -m 755 /run/sshd
mount -t tmpfs none /var/log
echo 'root:*:::::::' > /run/shadow
mount --bind /run/shadow /etc/shadow
mount --bind "$ACCOUNTS" /etc/passwd
ip link set lo up
ip link add host type veth peer name laptop netns "$LAPTOP"
ip addr add "$ADDRESS/24" dev host
ip link set host up
exec "$(command -v sshd)" -D -e -f "$SETTINGS"
"#;

/// What makes a shell there a person's: the binary, the key, a team, and a screen beside the
/// machine, on which pages would be opened.
const PROFILE: &str = r#"
PATH="$HOME/.cargo/bin:$PATH" PS1='host$ ' DISPLAY=:99
export PATH DISPLAY NBATODO_TEAM=BOS NBATODO_KEY_FILE="$HOME/master.key"
"#;

/// Notes what it is to open.
const OPENS: &str = "#!/bin/sh\necho \"$1\" >> \"$HOME/opened\"\n";

/// The machine. It ends with the test.
pub(super) struct Host {
    sshd: Child,
    /// Kept, so that it can go on to say what it does.
    _said: BufReader<ChildStderr>,
    laptop: TempDir,
}

impl Host {
    /// Starts it with the home of `world`, which is where its person lives, and lets the laptop
    /// know it as `HOST`.
    pub(super) fn start(world: &World) -> Self {
        let laptop = TempDir::new().unwrap();
        let keys = laptop.path().join(".ssh");
        fs::create_dir(&keys).unwrap();
        for (folder, name) in [(world.home(), "host_key"), (&keys, "id_ed25519")] {
            let mut made = Command::new("ssh-keygen");
            made.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(folder.join(name));
            assert!(made.status().unwrap().success());
        }
        let host_key = fs::read_to_string(world.home().join("host_key.pub")).unwrap();
        fs::write(keys.join("known_hosts"), format!("{ADDRESS} {host_key}")).unwrap();
        // Who is not let in is not asked for a password, which nobody here would type.
        let settings = format!("BatchMode yes\nHost HOST\nHostName {ADDRESS}\n");
        fs::write(keys.join("config"), settings).unwrap();
        // SSH looks for its files where the list of accounts says that one lives.
        mount(&["--bind".as_ref(), accounts(laptop.path()).as_ref(), "/etc/passwd".as_ref()]);

        furnish(world);
        let (sshd, said) = sshd(world, &keys.join("id_ed25519.pub"));
        ip("addr add 192.0.2.1/24 dev laptop");
        ip("link set laptop up");
        let host = Self { sshd, _said: said, laptop };
        host.reaches_todoist(world);
        host
    }

    /// Todoist, at the laptop's own loopback here, is reached from everywhere: from the machine's,
    /// too.
    fn reaches_todoist(&self, world: &World) {
        let port = world.sandbox.origin().to_string().parse::<url::Url>().unwrap().port().unwrap();
        let network = File::open(format!("/proc/{}/ns/net", self.sshd.id())).unwrap();
        let bound = thread::spawn(move || {
            move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap()
        });
        // What was bound there stays there, whoever takes the connections.
        let there = bound.join().unwrap();
        thread::spawn(move || {
            for from in there.incoming().map_while(Result::ok) {
                let to = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
                carry(from.try_clone().unwrap(), to.try_clone().unwrap());
                carry(to, from);
            }
        });
    }

    /// A terminal of the laptop's, in which `line` is typed.
    pub(super) fn at_the_laptop(&self, line: &str) -> Terminal {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).env("HOME", self.laptop.path()).env("TERM", "xterm-256color");
        shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut terminal = Terminal::start(&shell);
        terminal.until_drawn(PROMPT);
        terminal
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.sshd.kill().and_then(|()| self.sshd.wait()));
    }
}

/// A list of accounts by which root lives in `home`; returns its path.
fn accounts(home: &Path) -> PathBuf {
    let list = home.join("accounts");
    let home = home.display();
    let sshd = "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin";
    fs::write(&list, format!("root:x:0:0::{home}:/bin/sh\n{sshd}\n")).unwrap();
    list
}

fn furnish(world: &World) {
    fs::write(world.home().join(".profile"), PROFILE).unwrap();
    let opens = world.home().join(".cargo/bin/xdg-open");
    fs::write(&opens, OPENS).unwrap();
    world.chmod(&opens, 0o755);
}

/// Starts an sshd that lets in whoever has the `key`; comes back when it listens.
fn sshd(world: &World, key: &Path) -> (Child, BufReader<ChildStderr>) {
    let settings = world.home().join("sshd_config");
    let host_key = world.home().join("host_key");
    let text = format!(
        "ListenAddress {ADDRESS}\nHostKey {}\nAuthorizedKeysFile {}\nPermitRootLogin \
         prohibit-password\nUsePAM no\nStrictModes no\nPidFile none\n",
        host_key.display(),
        key.display()
    );
    fs::write(&settings, text).unwrap();
    let mut machine = Command::new("unshare");
    machine.args(["--net", "--mount", "sh", "-e", "-c", MACHINE]);
    machine.env("ACCOUNTS", accounts(world.home())).env("SETTINGS", settings);
    machine.env("ADDRESS", ADDRESS).env("LAPTOP", std::process::id().to_string());
    let mut sshd = machine.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(sshd.stderr.take().unwrap());
    let mut all = String::new();
    while !all.contains("Server listening on") {
        assert_ne!(said.read_line(&mut all).unwrap(), 0, "it does not start: {all}");
    }
    (sshd, said)
}

/// Carries what comes `from` there, until there is no more.
fn carry(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        drop(copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Write));
    });
}
