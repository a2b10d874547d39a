//! A pseudo-terminal with somebody at it.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use url::Url;

/// A program that runs at a terminal of its own.
pub(crate) struct Terminal {
    pub(crate) child: Child,
    keyboard: File,
    /// What is drawn, piece by piece; hung up at the end.
    screen: Receiver<Vec<u8>>,
    /// Everything that was ever drawn.
    drawn: Vec<u8>,
}

/// A screen that stands still for so long shows nothing more: a test fails then, and does not wait
/// for ever.
const STANDSTILL: Duration = Duration::from_secs(120);

impl Terminal {
    /// Starts `command` with the terminal for all of its streams, in control of it.
    pub(crate) fn start(command: &Command) -> Self {
        Self::start_with(command, 120)
    }

    /// The same in a terminal of so many columns.
    pub(crate) fn start_with(command: &Command, columns: u16) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let side = || Stdio::from(File::options().read(true).write(true).open(&path).unwrap());

        // A session of its own, so that what is typed there reaches only this program.
        let mut session = Command::new("setsid");
        session.arg("-c").arg(command.get_program()).args(command.get_args()).env_clear();
        session.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        session.stdin(side()).stdout(side()).stderr(side());
        let child = session.spawn().unwrap();
        let keyboard = File::from(master);
        let screen = watched(keyboard.try_clone().unwrap());
        Self { child, keyboard, screen, drawn: Vec::new() }
    }

    /// Leaves the list of teams that follows a login without a choice.
    pub(crate) fn skip_the_teams(&mut self) {
        self.until_drawn("Your team");
        self.press("\u{1b}");
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Everything that was drawn so far.
    pub(crate) fn drawn(&self) -> String {
        String::from_utf8_lossy(&self.drawn).into_owned()
    }

    /// Looks at the screen until what was drawn pleases.
    pub(crate) fn until(&mut self, pleases: impl Fn(&str) -> bool) {
        while !pleases(&self.drawn()) {
            assert!(self.look(), "it ended with: {}", self.drawn());
        }
    }

    /// Looks until `text` is there.
    pub(crate) fn until_drawn(&mut self, text: &str) {
        self.until(|drawn| drawn.contains(text));
    }

    /// The first address on a line of its own.
    pub(crate) fn address(&mut self) -> Url {
        let find = |drawn: &str| {
            let whole = drawn.rsplit_once('\n').map_or("", |(lines, _)| lines);
            whole.lines().find_map(|line| line.trim().parse::<Url>().ok())
        };
        self.until(|drawn| find(drawn).is_some());
        find(&self.drawn()).unwrap()
    }

    /// Whether the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(&self.keyboard).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Waits for the end; returns the exit code and everything that was drawn.
    pub(crate) fn finish(mut self) -> (Option<i32>, String) {
        while self.look() {}
        (self.child.wait().unwrap().code(), self.drawn())
    }

    /// Waits for more to be drawn; says whether there can be more.
    fn look(&mut self) -> bool {
        match self.screen.recv_timeout(STANDSTILL) {
            Ok(more) => self.drawn.extend(more),
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => panic!("it stands still: {}", self.drawn()),
        }
        true
    }
}

impl Drop for Terminal {
    /// A test that fails leaves no program behind.
    fn drop(&mut self) {
        drop(self.child.kill().and_then(|()| self.child.wait()));
    }
}

/// Reads what is drawn until the last program of the terminal has gone.
fn watched(mut screen: File) -> Receiver<Vec<u8>> {
    let (sender, drawn) = mpsc::channel();
    thread::spawn(move || {
        let mut more = [0; 4096];
        loop {
            match screen.read(&mut more) {
                Ok(length) if length > 0 => {
                    if sender.send(more[..length].to_vec()).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Zero, or the error by which a terminal ends whose last program has gone.
                _ => return,
            }
        }
    });
    drawn
}
