//! `nbatodo demo`: login, import, import again, logout, against the sandbox in this process.
//! The code is that of the real commands; only the browser is one without a screen, and the
//! key store a sealed folder that is deleted at the end.

use std::fmt::{self, Write};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::commands::changes::Detail;
use crate::commands::games::Games;
use crate::commands::import_report::Imported;
use crate::commands::input::NoInput;
use crate::commands::login_report::SignedIn;
use crate::commands::logout::LoggedOut;
use crate::commands::{
    Awaited, Context, Exit, Failure, Progress, Report, Times, import, login, logout,
};
use crate::http::Http;
use crate::keys::{Elsewhere, EntryName, KeyFile, KeyStore};
use crate::looks::{Look, Page, Role};
use crate::model::{Origin, Profile, SecureUrl, Tricode, counted};
use crate::paths::Paths;
use crate::private_files::{read_private, write_private};
use crate::sandbox::visitor::{self, Decision};
use crate::sandbox::{Options, Sandbox};
use crate::session::{FileStore, FileTurns, Roster, SealedSession, Vault, VaultError};
use crate::settings::{Choices, Credential, KeyStoreSetting, Screen, SessionStoreChoice, Settings};
use crate::signin::{Browser, Opening, Permission};

/// The columns of the names of the steps.
const MARGIN: usize = 10;
/// No person is waited for.
const CONSENT_LIMIT: Duration = Duration::from_secs(30);
/// More than a session file has.
const LONGEST_SESSION_FILE: u64 = 64 * 1024;

/// The whole story, as it went.
#[derive(Debug, Serialize)]
pub struct Story {
    sandbox: String,
    login: SignedIn,
    import: Turn,
    again: Turn,
    logout: LoggedOut,
    left: Left,
    #[serde(skip)]
    session_file: String,
}

/// One import, and what it cost.
#[derive(Debug, Serialize)]
struct Turn {
    #[serde(flatten)]
    imported: Imported,
    /// Requests to Todoist.
    requests: usize,
}

/// What is left of the session at the end: looked up, not assumed.
#[derive(Debug, Serialize)]
struct Left {
    token: bool,
    key: bool,
    file: bool,
}

/// Lives the whole story for `team`.
///
/// # Errors
/// [`Failure`], also if the story does not end as it must.
pub async fn run(team: Tricode, clock: Arc<dyn Clock>) -> Result<Story, Failure> {
    let folder = tempfile::tempdir()
        .map_err(|cause| Failure::System { what: "no temporary folder can be made", cause })?;
    let sandbox = Sandbox::start(Options::new(clock.clone()))
        .await
        .map_err(|cause| Failure::System { what: "the sandbox cannot start", cause })?;
    let context = context(folder.path(), &sandbox.origin(), clock)?;
    let file = context.paths.session_file(&context.settings.profile);

    let consent = login::Request {
        no_browser: false,
        timeout: CONSENT_LIMIT,
        ttl: None,
        stay_signed_in: false,
        permission: Permission::Write,
        port: None,
    };
    let login = login::run(&context, &consent).await?;
    let key = key_of(&context, &file)?;
    let import = turn(&context, &sandbox, team).await?;
    let again = turn(&context, &sandbox, team).await?;
    let logout = logout::run(&context).await?;
    let left = Left {
        token: sandbox.live_tokens() > 0,
        key: context.keys.get(&key)?.is_some(),
        file: file.exists(),
    };
    if left.token || left.key || left.file {
        return Err(Failure::Demo("something of the session is left".to_owned()));
    }
    let session_file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sandbox = sandbox.origin().to_string();
    Ok(Story { sandbox, login, import, again, logout, left, session_file })
}

async fn turn(context: &Context, sandbox: &Sandbox, team: Tricode) -> Result<Turn, Failure> {
    let before = sandbox.requests().len();
    let request = import::Request::new(vec![team], Games::bundled());
    let imported = import::run(context, &request).await?;
    if imported.exit() != Exit::Done {
        return Err(Failure::Demo(imported.shortfalls().join("; ")));
    }
    Ok(Turn { imported, requests: sandbox.requests().len() - before })
}

impl Report for Story {
    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.write(page, look))
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl Story {
    fn write(&self, f: &mut Page, look: Look) -> fmt::Result {
        let step = |f: &mut Page, name: &str| {
            f.paint(Role::Heading, name);
            let rest = if look.plain { ": ".to_owned() } else { " ".repeat(MARGIN - name.len()) };
            f.write_str(&rest)
        };
        let margin = if look.plain { "" } else { "          " };
        writeln!(f, "nbatodo demo: the whole way once, with a stand-in for Todoist.\n")?;
        step(f, "Sandbox")?;
        writeln!(f, "{} answers as Todoist does.", self.sandbox)?;
        step(f, "Login")?;
        writeln!(f, "{}", self.login.summary())?;
        let file = &self.session_file;
        writeln!(f, "{margin}The token is sealed in {file}, its key lies apart.")?;
        for (name, turn) in [("Import", &self.import), ("Again", &self.again)] {
            step(f, name)?;
            f.append(turn.imported.page(look));
            let requests = counted(turn.requests, "request");
            writeln!(f, "{margin}{requests} to Todoist.")?;
        }
        step(f, "Logout")?;
        write!(f, "{}", self.logout)?;
        step(f, "Checked")?;
        writeln!(
            f,
            "token {}, key {}, session file {}.\n",
            if self.left.token { "still accepted" } else { "dead" },
            if self.left.key { "still there" } else { "gone" },
            if self.left.file { "still there" } else { "gone" },
        )?;
        f.write_str("Your turn: ")?;
        f.paint(Role::Command, "nbatodo login");
        writeln!(f)
    }
}

/// The entry of the key that the session file names, which has to be there.
fn key_of(context: &Context, file: &Path) -> Result<EntryName, Failure> {
    let lost = || Failure::Demo("the session has no key".to_owned());
    let bytes = read_private(file, LONGEST_SESSION_FILE)?.ok_or_else(lost)?;
    let sealed = SealedSession::parse(&bytes).map_err(VaultError::from)?;
    let entry = EntryName::session(sealed.profile(), sealed.key_id());
    context.keys.get(&entry)?.map(|_| entry).ok_or_else(lost)
}

/// A context in which everything lies below `folder` and Todoist is at `origin`.
fn context(folder: &Path, origin: &Origin, clock: Arc<dyn Clock>) -> Result<Context, Failure> {
    let paths = Paths::below(folder);
    let master = folder.join("key/master");
    let mut bits = Zeroizing::new([0; 32]);
    getrandom::fill(bits.as_mut_slice()).map_err(Failure::Entropy)?;
    write_private(&master, Zeroizing::new(STANDARD.encode(*bits)).as_bytes())?;
    let keys: Arc<dyn KeyStore> = Arc::new(KeyFile::new(&master, &paths.keys()));
    Ok(Context {
        settings: settings(origin),
        vault: Vault::new(Arc::new(FileStore::new(paths.clone())), keys.clone()),
        turns: Arc::new(FileTurns::new(paths.clone())),
        shared_records: None,
        roster: Roster::Here(paths.clone()),
        supplies: Arc::default(),
        elsewhere: Elsewhere::default(),
        browser: Box::new(ScreenlessBrowser),
        listener: Arc::new(Unheard),
        input: Box::new(NoInput),
        attended: false,
        detail: Detail::Counts,
        interrupts: Arc::default(),
        afterwards: Arc::default(),
        zone: TimeZone::system(),
        times: Times::default(),
        clock,
        keys,
        paths,
    })
}

fn settings(origin: &Origin) -> Settings {
    Settings {
        profile: Profile::default(),
        teams: Vec::new(),
        credential: Credential::Session,
        session_store: SessionStoreChoice::File,
        key_store: KeyStoreSetting::Auto,
        own_client: None,
        unclaimed_secret: false,
        api: origin.clone(),
        auth: origin.clone(),
        schedule_url: SecureUrl::from(origin.clone()),
        browser: None,
        screen: Screen::Here,
        way_here: None,
        passed_over: Vec::new(),
        choices: Choices::default(),
    }
}

/// Consents at once.
struct ScreenlessBrowser;

impl Browser for ScreenlessBrowser {
    fn open(&self, url: &Url) -> io::Result<Opening> {
        let url = url.clone();
        tokio::spawn(async move {
            let http = match Http::new() {
                Ok(http) => http,
                Err(error) => return tracing::warn!(%error, "the screenless browser"),
            };
            if let Err(error) = visitor::visit(&http, &url, None, Decision::Allow).await {
                tracing::warn!(%error, "the screenless browser");
            }
        });
        Ok(Opening::certain())
    }
}

/// The demo tells its own story.
struct Unheard;

impl Progress for Unheard {
    fn note(&self, line: &str) {
        tracing::info!(line, "note");
    }

    fn demand(&self, line: &str) {
        self.note(line);
    }

    fn demand_link(&self, url: &Url) {
        self.note(url.as_str());
    }

    fn note_link(&self, url: &Url) {
        self.note(url.as_str());
    }

    fn awaiting(&self, _left: Duration, _what: Awaited) {}

    fn pausing(&self, left: Duration, why: &str) {
        tracing::info!(?left, why, "pausing");
    }

    fn begin(&self, what: &'static str) {
        tracing::debug!(what, "begins");
    }

    fn tasks(&self, done: usize, total: usize) {
        tracing::debug!(done, total, "tasks");
    }

    fn end(&self) {}
}
