//! Real database servers for the tests.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::world::{free_port, has, skip};

/// What every server asks for; nothing that is printed may hold it.
pub(crate) const PASSWORD: &str = "swordfish-7391";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Redis,
    Postgres,
}

/// A running server, killed with its drop, or with the process of the tests.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) port: u16,
    folder: PathBuf,
    options: Vec<String>,
    child: Mutex<Option<Child>>,
}

/// A database of its own in a server.
pub(crate) struct Database<'a> {
    pub(crate) server: &'a Server,
    pub(crate) name: String,
}

static COUNT: AtomicUsize = AtomicUsize::new(1);

/// A new database in the one server of each kind that tests share which do not hurt it; `None`
/// where it is not installed.
pub(crate) fn shared(kind: Kind) -> Option<Database<'static>> {
    static REDIS: OnceLock<Option<Server>> = OnceLock::new();
    static POSTGRES: OnceLock<Option<Server>> = OnceLock::new();
    let server = match kind {
        Kind::Redis => &REDIS,
        Kind::Postgres => &POSTGRES,
    };
    server.get_or_init(|| Server::start(kind, &[])).as_ref().map(Server::database)
}

impl Server {
    /// A server with `options` on its command line.
    pub(crate) fn start(kind: Kind, options: &[&str]) -> Option<Self> {
        Self::prepared(kind, |_| options.iter().map(ToString::to_string).collect())
    }

    /// A server whose options are made when its folder is.
    pub(crate) fn prepared(kind: Kind, options: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        if !has("setpriv") || (kind == Kind::Redis && !has("redis-server")) {
            return None;
        }
        clear_old();
        let (port, folder) = (free_port(), new_folder());
        let options = options(&folder);
        let server = Self { kind, port, folder, options, child: Mutex::default() };
        match kind {
            Kind::Redis => {
                let settings = format!(
                    "bind 127.0.0.1\ndir {}\nrequirepass {PASSWORD}\nmasterauth {PASSWORD}\n\
                     databases 200\nappendonly yes\nsave \"\"\n",
                    server.folder.display()
                );
                fs::write(server.folder.join("redis.conf"), settings).unwrap();
            }
            Kind::Postgres => server.initialize()?,
        }
        server.start_again();
        Some(server)
    }

    fn initialize(&self) -> Option<()> {
        let initdb = postgres_program("initdb")?;
        let password = self.folder.join("password");
        fs::write(&password, PASSWORD).unwrap();
        for path in [&self.folder, &password] {
            owned_by_server(path);
        }
        let mut command = unprivileged(&initdb);
        command.args(["-U", "nba", "--auth=scram-sha-256", "-E", "UTF8", "--no-locale", "-N"]);
        command.arg("-D").arg(self.data()).arg("--pwfile").arg(&password);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts it, and comes back when it answers.
    pub(crate) fn start_again(&self) {
        let start = Instant::now();
        self.launch();
        while !self.answers() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_secs(60), "{log}");
            // PostgreSQL does not start before the children of the one that was killed have ended.
            if self.child.lock().unwrap().as_mut().unwrap().try_wait().unwrap().is_some() {
                self.launch();
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn launch(&self) {
        let port = self.port.to_string();
        let mut command = match self.kind {
            Kind::Redis => {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "KILL", "redis-server"]);
                command.arg(self.folder.join("redis.conf"));
                match self.speaks_tls() {
                    true => command.args(["--port", "0", "--tls-port", &port]),
                    false => command.args(["--port", &port]),
                };
                command
            }
            Kind::Postgres => {
                let mut command = unprivileged(&postgres_program("postgres").unwrap());
                command.arg("-D").arg(self.data()).args(["-p", &port]);
                for setting in
                    ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=90"]
                {
                    command.args(["-c", setting]);
                }
                command
            }
        };
        let log = fs::File::options().create(true).append(true).open(self.folder.join("log"));
        let log = log.unwrap();
        command.args(&self.options).current_dir("/").stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        *self.child.lock().unwrap() = Some(spawn_for_good(command));
    }

    fn speaks_tls(&self) -> bool {
        self.options.iter().any(|option| option == "--tls-cert-file")
    }

    fn answers(&self) -> bool {
        let mut ask = match self.kind {
            Kind::Redis => self.redis_cli("0", &["PING"]),
            Kind::Postgres => self.psql("postgres", "SELECT 1"),
        };
        ask.output().unwrap().status.success()
    }

    /// Kills it without a word, as a crash would.
    pub(crate) fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn redis_cli(&self, database: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("redis-cli");
        if self.speaks_tls() {
            command.args(["--tls", "--insecure"]);
        }
        command.args(["-e", "-p", &self.port.to_string(), "-n", database]).args(arguments);
        command.env("REDISCLI_AUTH", PASSWORD);
        command
    }

    fn psql(&self, database: &str, query: &str) -> Command {
        // Not the one in PATH: Debian's looks for a server first, in Perl, longer than the query takes.
        let mut command = Command::new(postgres_program("psql").unwrap());
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "nba"]);
        command.args(["-d", database, "-v", "ON_ERROR_STOP=1", "-qAtc", query]);
        command.env("PGPASSWORD", PASSWORD).current_dir("/");
        command
    }

    /// A new, empty database in it.
    pub(crate) fn database(&self) -> Database<'_> {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = match self.kind {
            Kind::Redis => number.to_string(),
            Kind::Postgres => format!("nba{number}"),
        };
        if self.kind == Kind::Postgres {
            said(self.psql("postgres", &format!("CREATE DATABASE {name}")));
        }
        Database { server: self, name }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Database<'_> {
    /// Its address, with the password.
    pub(crate) fn url(&self) -> String {
        self.url_as("nba", PASSWORD)
    }

    pub(crate) fn url_as(&self, user: &str, password: &str) -> String {
        let (port, name) = (self.server.port, &self.name);
        match self.server.kind {
            Kind::Redis => format!("redis://:{password}@127.0.0.1:{port}/{name}"),
            Kind::Postgres => format!("postgres://{user}:{password}@127.0.0.1:{port}/{name}"),
        }
    }

    /// How it is shown.
    pub(crate) fn place(&self) -> String {
        let (port, name) = (self.server.port, &self.name);
        match self.server.kind {
            Kind::Redis => format!("redis://127.0.0.1:{port}/{name}"),
            Kind::Postgres => format!("postgres://127.0.0.1:{port}/{name}"),
        }
    }

    /// What `redis-cli` says to this.
    pub(crate) fn redis(&self, arguments: &[&str]) -> String {
        said(self.server.redis_cli(&self.name, arguments))
    }

    /// What `psql` says to this.
    pub(crate) fn sql(&self, query: &str) -> String {
        said(self.server.psql(&self.name, query))
    }

    /// The names of all that lies there, and all of its bytes, as text.
    pub(crate) fn everything(&self) -> Vec<(String, String)> {
        if self.server.kind == Kind::Redis {
            let keys = self.redis(&["KEYS", "*"]);
            // The list of all profiles and what belongs to it is no text.
            let keys = keys.lines().filter(|key| !key.is_empty() && !key.contains('{'));
            return keys.map(|key| (key.to_owned(), self.redis(&["GET", key]))).collect();
        }
        if self.sql("SELECT to_regclass('nbatodo_sealed')").trim().is_empty() {
            return Vec::new();
        }
        let query = "SELECT 'nbatodo:' || shelf || ':' || name || '|' || encode(sealed, 'hex') \
                     FROM nbatodo_sealed";
        let rows = self.sql(query);
        let rows = rows.lines().map(|row| row.split_once('|').unwrap());
        rows.map(|(name, hex)| (name.to_owned(), unhex(hex))).collect()
    }

    /// The text under `shelf` and `name`.
    pub(crate) fn get(&self, shelf: &str, name: &str) -> Option<String> {
        let key = format!("nbatodo:{shelf}:{name}");
        let found = self.everything().into_iter().find(|(there, _)| *there == key);
        // redis-cli adds a newline of its own.
        found.map(|(_, bytes)| bytes.trim_end_matches('\n').to_owned() + "\n")
    }

    /// Takes away what lies on `shelf`, as a database does whose sessions have ended.
    pub(crate) fn forget(&self, shelf: &str) {
        match self.server.kind {
            Kind::Redis => {
                let keys = self.redis(&["KEYS", &format!("nbatodo:{shelf}:*")]);
                let keys = keys.lines().filter(|key| !key.is_empty());
                keys.for_each(|key| drop(self.redis(&["DEL", key])));
            }
            Kind::Postgres => {
                self.sql(&format!("DELETE FROM nbatodo_sealed WHERE shelf = '{shelf}'"));
            }
        }
    }

    /// Puts `bytes` under `shelf` and `name`, over what is there.
    pub(crate) fn overwrite(&self, shelf: &str, name: &str, bytes: &str) {
        if self.server.kind == Kind::Redis {
            self.redis(&["SET", &format!("nbatodo:{shelf}:{name}"), bytes, "EX", "600"]);
            return;
        }
        let hex: String = bytes.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.sql(&format!(
            "INSERT INTO nbatodo_sealed VALUES ('{shelf}', '{name}', decode('{hex}', 'hex'), \
             now() + interval '10 minutes') ON CONFLICT (shelf, name) DO UPDATE \
             SET sealed = excluded.sealed"
        ));
    }
}

fn unhex(hex: &str) -> String {
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(digits).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn said(mut command: Command) -> String {
    let output = command.output().unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complained}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A server dies with the thread that started it, so this one never ends.
fn spawn_for_good(command: Command) -> Child {
    type Order = (Command, mpsc::Sender<Child>);
    static STARTER: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (orders, received) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in received {
                answer.send(command.spawn().unwrap()).unwrap();
            }
        });
        Mutex::new(orders)
    });
    let (answer, child) = mpsc::channel();
    starter.lock().unwrap().send((command, answer)).unwrap();
    child.recv().unwrap()
}

/// Where Debian puts what only servers need.
fn postgres_program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let program = versions.map(|version| version.path().join("bin").join(name));
    let program = program.filter(|path| path.is_file()).max();
    if program.is_none() {
        skip("postgresql is not installed");
    }
    program
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// PostgreSQL refuses to run as root.
fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "KILL"]).arg(program).current_dir("/");
    command
}

/// Gives `path` to the user that PostgreSQL runs as.
pub(crate) fn owned_by_server(path: &Path) {
    if is_root() {
        let mut id = Command::new("id");
        id.args(["-u", "postgres"]);
        chown(path, Some(said(id).trim().parse().unwrap()), None).unwrap();
    }
}

fn new_folder() -> PathBuf {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("nbatodo-database-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// What shared servers leave behind, which nobody can clear before the end of the tests.
fn clear_old() {
    for entry in fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix("nbatodo-database-") else { continue };
        let pid = rest.split('-').next().unwrap();
        if !Path::new("/proc").join(pid).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
