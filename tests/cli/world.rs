//! A world for one test: a home of its own, a sandbox for Todoist, a feed for the league.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
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

use crate::schemas;

/// The account that the sandbox's consent page proposes.
pub(crate) const RED: &str = "red@example.com";
/// Another account there.
pub(crate) const PAT: &str = "pat@example.com";

/// Fewer logins at once than there are ports, so that tests do not run out of them on large
/// machines.
static TURNS_LEFT: Mutex<usize> = Mutex::new(8);
static TURN_OVER: Condvar = Condvar::new();

/// A login's turn to have a port. It is over with its drop.
pub(crate) struct Turn;

impl Turn {
    /// All at once: tests that wait for one more while they have some could wait for ever.
    pub(crate) fn take(count: usize) -> Vec<Self> {
        let left = TURNS_LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = TURN_OVER
            .wait_while(left, |left| *left < count)
            .unwrap_or_else(PoisonError::into_inner);
        *left -= count;
        (0..count).map(|_| Self).collect()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *TURNS_LEFT.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        TURN_OVER.notify_all();
    }
}

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
    turn: Option<Turn>,
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

    /// A shell in this world.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let model = self.command::<&str>([]);
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).env_clear().stdin(Stdio::null());
        shell.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell
    }

    /// Runs the binary to its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl AsRef<[S]>) -> Ran {
        finish(self.command(arguments))
    }

    /// Starts a login and comes back when it has said where to go.
    pub(crate) fn start_login(&self, command: Command) -> WaitingLogin {
        self.start_logins([command]).remove(0)
    }

    /// Starts several logins at once, and comes back when all have said where to go.
    pub(crate) fn start_logins(&self, all: impl IntoIterator<Item = Command>) -> Vec<WaitingLogin> {
        let all: Vec<_> = all.into_iter().collect();
        let turns = Turn::take(all.len());
        let all: Vec<_> = all.into_iter().map(|command| self.spawn(command)).collect();
        let wait = |(child, turn)| {
            let login = Self::until_it_waits(child);
            let login = login.unwrap_or_else(|ran| panic!("no address: {ran:?}"));
            WaitingLogin { turn: Some(turn), ..login }
        };
        all.into_iter().zip(turns).map(wait).collect()
    }

    /// Starts the binary.
    pub(crate) fn spawn(&self, mut command: Command) -> Child {
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Comes back when a login has said where to go, or has ended without that.
    pub(crate) fn until_it_waits(mut child: Child) -> Result<WaitingLogin, Ran> {
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        loop {
            let mut line = String::new();
            let ended = stderr.read_line(&mut line).unwrap() == 0;
            // A complaint of ours would pass for an address of the scheme "nbatodo".
            let url = line.trim().parse().ok().filter(|url: &Url| url.has_host());
            if url.is_none() && !ended {
                said.push_str(&line);
                continue;
            }
            let login = |url| WaitingLogin { child, url, said, rest: stderr, turn: None };
            return match url {
                Some(url) => Ok(login(url)),
                None => Err(login(nothing_listens().parse().unwrap()).finish()),
            };
        }
    }

    /// Presses a button on the consent page at `url`; returns the last page that is shown.
    pub(crate) fn decide(&self, url: &Url, email: &str, decision: Decision) -> String {
        let http = Http::new().unwrap();
        self.runtime.block_on(visitor::visit(&http, url, Some(email), decision)).unwrap()
    }

    /// Gives `email`'s consent on the page at `url`. Returns where the browser is sent then, and
    /// does not go there.
    pub(crate) fn consent(&self, url: &Url, email: &str) -> Url {
        self.redirect(url, email, Decision::Allow)
    }

    /// Presses a button on the consent page at `url`. Returns where the browser is sent then,
    /// and does not go there.
    pub(crate) fn redirect(&self, url: &Url, email: &str, decision: Decision) -> Url {
        let http = Http::new().unwrap();
        self.runtime.block_on(visitor::redirect(&http, url, Some(email), decision)).unwrap()
    }

    /// Goes where `url` leads; returns the last page.
    pub(crate) fn follow(&self, url: &Url) -> String {
        self.runtime.block_on(visitor::follow(&Http::new().unwrap(), url.clone())).unwrap()
    }

    /// The files of the entries in the key store.
    pub(crate) fn keys(&self) -> BTreeSet<PathBuf> {
        let folder = fs::read_dir(self.home().join(".local/state/nbatodo/keys")).unwrap();
        let files = folder.map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some()).collect()
    }

    /// How many requests there were to `path`.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.sandbox.requests().iter().filter(|request| request.path == path).count()
    }

    /// Signs `email` in under `profile`.
    pub(crate) fn sign_in(&self, profile: &str, email: &str) -> Ran {
        self.sign_in_by(self.command(["login", "--no-browser", "--profile", profile]), email)
    }

    /// Signs `email` in with the login that `command` is.
    pub(crate) fn sign_in_by(&self, command: Command, email: &str) -> Ran {
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
    /// Waits until it says where to go once more.
    pub(crate) fn next_address(&mut self) -> Url {
        loop {
            let mut line = String::new();
            assert_ne!(self.rest.read_line(&mut line).unwrap(), 0, "no address: {}", self.said);
            if let Ok(url) = line.trim().parse() {
                return url;
            }
            self.said.push_str(&line);
        }
    }

    /// Waits until it says `part`.
    pub(crate) fn until_said(&mut self, part: &str) {
        while !self.said.contains(part) {
            assert_ne!(
                self.rest.read_line(&mut self.said).unwrap(),
                0,
                "no {part:?}: {}",
                self.said
            );
        }
    }

    /// What it has said so far, without the address.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }

    /// The port that it waits on.
    pub(crate) fn port(&self) -> u16 {
        redirect_port(&self.url)
    }

    /// Waits for its end.
    pub(crate) fn finish(mut self) -> Ran {
        let mut stderr = self.said;
        self.rest.read_to_string(&mut stderr).unwrap();
        let mut stdout = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        let code = self.child.wait().unwrap().code();
        drop(self.turn);
        schemas::check(&stdout, code);
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

/// The port that an authorization request asks the browser to be sent to.
pub(crate) fn redirect_port(url: &Url) -> u16 {
    let (_, uri) = url.query_pairs().find(|(key, _)| key == "redirect_uri").unwrap();
    uri.parse::<Url>().unwrap().port().unwrap()
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    let (code, stdout) = (output.status.code(), String::from_utf8(output.stdout).unwrap());
    schemas::check(&stdout, code);
    Ran { code, stdout, stderr: String::from_utf8(output.stderr).unwrap() }
}

/// An address of this machine at which nobody answers.
pub(crate) fn nothing_listens() -> String {
    format!("http://127.0.0.1:{}", free_port())
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether a real component is on this machine. On a person's machine its absence is said and
/// the test skipped; in CI it is a failure.
#[track_caller]
pub(crate) fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        skip(&format!("{program} is not installed"));
    }
    found
}

/// Says that the test cannot be run here; in CI that is a failure.
#[track_caller]
pub(crate) fn skip(why: &str) {
    assert!(env::var_os("CI").is_none(), "{why}");
    // Not `eprintln!`, which the test runner would keep to itself.
    let line = format!("skipped, {why}: {}\n", test_name());
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn test_name() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}
