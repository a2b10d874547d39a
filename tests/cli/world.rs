//! A world for one test: a home of its own, a sandbox for Todoist, a feed for the league.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nbatodo::clock::SystemClock;
use nbatodo::http::Http;
use nbatodo::model::{Origin, Profile};
use nbatodo::sandbox::visitor::{self, Decision};
use nbatodo::sandbox::{Item, Options, Project, Sandbox};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::Url;

/// The account that the sandbox's consent page proposes.
pub(crate) const RED: &str = "red@example.com";
/// Another account there.
pub(crate) const PAT: &str = "pat@example.com";

/// One sign-in at a time, so that tests do not run out of redirect ports on large machines.
static SIGN_INS: Mutex<()> = Mutex::new(());

pub(crate) struct World {
    home: TempDir,
    pub(crate) runtime: Runtime,
    pub(crate) sandbox: Sandbox,
    origin: Origin,
    feed: Mutex<String>,
}

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A login that waits for its redirect.
pub(crate) struct WaitingLogin {
    pub(crate) child: Child,
    pub(crate) url: Url,
    /// What was said before the address.
    said: String,
    rest: BufReader<std::process::ChildStderr>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// A world whose sandbox is set up by `change`.
    pub(crate) fn with(change: impl FnOnce(&mut Options)) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut options = Options::new(Arc::new(SystemClock));
        change(&mut options);
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let home = TempDir::new().unwrap();
        let (origin, feed) = (sandbox.origin(), Mutex::new(nothing_listens()));
        let world = Self { home, runtime, sandbox, origin, feed };
        fs::write(world.key_file(), STANDARD.encode([7; 32])).unwrap();
        world.chmod(&world.key_file(), 0o600);
        world
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.home().join("master.key")
    }

    pub(crate) fn session_file(&self, profile: &str) -> PathBuf {
        let state = self.home().join(".local/state/nbatodo");
        state.join("sessions").join(format!("{}.session", profile.parse::<Profile>().unwrap()))
    }

    pub(crate) fn chmod(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Lets the feed be at `url` from now on.
    pub(crate) fn feed_at(&self, url: String) {
        *self.feed.lock().unwrap() = url;
    }

    /// Where the feed is.
    pub(crate) fn feed_address(&self) -> String {
        self.feed.lock().unwrap().clone()
    }

    /// The binary with nothing in its environment but what belongs to this world.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nbatodo"));
        command
            .args(arguments.as_ref())
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("NBATODO_KEY_FILE", self.key_file())
            .env("NBATODO_API_URL", self.origin.to_string())
            .env("NBATODO_AUTH_URL", self.origin.to_string())
            .env("NBATODO_SCHEDULE_URL", self.feed.lock().unwrap().as_str())
            .stdin(Stdio::null());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Ran {
        finish(self.command(arguments))
    }

    /// Starts a login and comes back when it has said where to go.
    #[allow(clippy::zombie_processes)] // Whoever started it waits for it.
    pub(crate) fn start_login(&self, command: Command) -> WaitingLogin {
        let mut command = command;
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "no address: {said}");
            if let Ok(url) = line.trim().parse() {
                return WaitingLogin { child, url, said, rest: stderr };
            }
            said.push_str(&line);
        }
    }

    /// Presses a button on the consent page at `url`; returns the last page that is shown.
    pub(crate) fn decide(&self, url: &Url, email: &str, decision: Decision) -> String {
        let http = Http::new().unwrap();
        self.runtime.block_on(visitor::visit(&http, url, Some(email), decision)).unwrap()
    }

    /// Signs `email` in under `profile`.
    pub(crate) fn sign_in(&self, profile: &str, email: &str) -> Ran {
        let _turn = SIGN_INS.lock().unwrap_or_else(PoisonError::into_inner);
        let command = self.command(["login", "--no-browser", "--profile", profile]);
        let login = self.start_login(command);
        self.decide(&login.url, email, Decision::Allow);
        let ran = login.finish();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran
    }

    /// Takes Todoist away: from now on nobody listens at its address.
    pub(crate) fn stop_sandbox(&mut self) {
        let another = Options::new(Arc::new(SystemClock));
        let another = self.runtime.block_on(Sandbox::start(another)).unwrap();
        let stopped = std::mem::replace(&mut self.sandbox, another);
        self.runtime.block_on(stopped.run_until(std::future::ready(())));
    }

    /// The active projects of an account, the Inbox left out.
    pub(crate) fn projects(&self, email: &str) -> Vec<Project> {
        let all = self.sandbox.snapshot(email).unwrap().projects;
        all.into_iter().filter(|project| !project.inbox_project && !project.is_deleted).collect()
    }

    /// The active tasks of an account.
    pub(crate) fn tasks(&self, email: &str) -> Vec<Item> {
        let all = self.sandbox.snapshot(email).unwrap().items;
        all.into_iter().filter(|item| !item.checked && !item.is_deleted).collect()
    }

    /// How many requests to the sync endpoint there were, and on how many connections.
    pub(crate) fn syncs(&self) -> Vec<usize> {
        let requests = self.sandbox.requests();
        let syncs = requests.iter().filter(|request| request.path == "/api/v1/sync");
        syncs.map(|request| request.connection).collect()
    }
}

impl WaitingLogin {
    /// Waits for its end.
    pub(crate) fn finish(mut self) -> Ran {
        let mut stderr = self.said;
        self.rest.read_to_string(&mut stderr).unwrap();
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        let code = self.child.wait().unwrap().code();
        Ran { code, stdout, stderr }
    }
}

impl Ran {
    /// Checks the code, and says everything if it is another.
    #[track_caller]
    pub(crate) fn exits_with(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Checks that standard error is one line that holds each of `parts`.
    #[track_caller]
    pub(crate) fn complains_of(&self, parts: &[&str]) -> &Self {
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is not in {self:?}");
        }
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An address of this machine at which nobody answers.
pub(crate) fn nothing_listens() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("http://127.0.0.1:{port}")
}

/// Whether a real component is on this machine. On a person's machine its absence is said and
/// the test skipped; in CI it is a failure.
#[track_caller]
pub(crate) fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        assert!(env::var_os("CI").is_none(), "{program} is not installed");
        // Not `eprintln!`, which the test runner would keep to itself.
        let line = format!("skipped, {program} is not installed: {}\n", test_name());
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    found
}

fn test_name() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}
