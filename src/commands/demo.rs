//! `nbatodo demo`: login, import, import again, logout, against the sandbox in this process.
//! The code is that of the real commands; only the browser is one without a screen, and the
//! key store a sealed folder that is deleted at the end.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use url::Url;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::commands::import::Games;
use crate::commands::{Context, Exit, Failure, Progress, Report, import, login, logout};
use crate::http::Http;
use crate::keys::{EntryName, KeyFile, KeyStore};
use crate::model::{Origin, Profile, SecureUrl, Tricode};
use crate::paths::Paths;
use crate::private_files::{read_private, write_private};
use crate::sandbox::visitor::{self, Decision};
use crate::sandbox::{Options, Sandbox};
use crate::session::{FileStore, SealedSession, Vault, VaultError};
use crate::settings::{Credential, Settings};
use crate::signin::Browser;

/// No person is waited for.
const CONSENT_LIMIT: Duration = Duration::from_secs(30);
/// More than a session file has.
const LONGEST_SESSION_FILE: u64 = 64 * 1024;

/// Runs the whole story for `team` and tells it line by line.
///
/// # Errors
/// [`Failure`], also if the story does not end as it must.
pub async fn run(
    team: Tricode,
    clock: Arc<dyn Clock>,
    tell: &dyn Fn(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let folder = tempfile::tempdir()
        .map_err(|cause| Failure::System { what: "no temporary folder can be made", cause })?;
    let sandbox = Sandbox::start(Options::new(clock.clone()))
        .await
        .map_err(|cause| Failure::System { what: "the sandbox cannot start", cause })?;
    let context = context(folder.path(), &sandbox.origin(), clock)?;

    tell("nbatodo demo: the whole way once, with a stand-in for Todoist on this machine.\n\n")?;
    tell(&format!("Sandbox   {} answers as Todoist does.\n", sandbox.origin()))?;
    let key = sign_in(&context, tell).await?;
    for turn in ["Import", "Again"] {
        let before = sandbox.requests().len();
        let imported = import::run(&context, team, Games::Bundled).await?;
        let requests = sandbox.requests().len() - before;
        tell(&format!("{turn:<9} {}", imported))?;
        let plural = if requests == 1 { "request" } else { "requests" };
        tell(&format!("          {requests} {plural} to Todoist.\n"))?;
        if imported.exit() != Exit::Done {
            return Err(Failure::Demo(imported.shortfalls().join("; ")));
        }
    }
    let signed_out = logout::run(&context).await?;
    tell(&format!("Logout    {signed_out}"))?;
    prove_that_nothing_is_left(&context, &sandbox, &key, tell)?;
    tell("\nYour turn: nbatodo login\n")
}

/// Returns the key store entry of the session's key.
async fn sign_in(
    context: &Context,
    tell: &dyn Fn(&str) -> Result<(), Failure>,
) -> Result<EntryName, Failure> {
    let request =
        login::Request { no_browser: false, timeout: CONSENT_LIMIT, ttl: None, port: None };
    let signed_in = login::run(context, &request).await?;
    let story = signed_in.to_string();
    let first = story.lines().next().unwrap_or_default();
    tell(&format!("Login     {first}\n"))?;
    let file = context.paths.session_file(&context.settings.profile);
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    tell(&format!("          The token lies sealed in {name}, its key apart from it.\n"))?;
    key_of(context, &file)
}

/// The entry of the key that the session file names, which has to be there.
fn key_of(context: &Context, file: &Path) -> Result<EntryName, Failure> {
    let lost = || Failure::Demo("the session has no key".to_owned());
    let bytes = read_private(file, LONGEST_SESSION_FILE)?.ok_or_else(lost)?;
    let sealed = SealedSession::parse(&bytes).map_err(VaultError::from)?;
    let entry = EntryName::session(sealed.profile(), sealed.key_id());
    context.keys.get(&entry)?.map(|_| entry).ok_or_else(lost)
}

/// The claims of the last lines are looked up, not assumed.
fn prove_that_nothing_is_left(
    context: &Context,
    sandbox: &Sandbox,
    key: &EntryName,
    tell: &dyn Fn(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let token_works = sandbox.live_tokens() > 0;
    let key_left = context.keys.get(key)?.is_some();
    let file_left = context.paths.session_file(&context.settings.profile).exists();
    let state = |left: bool| if left { "still there" } else { "gone" };
    tell(&format!(
        "Checked   token {}, key {}, session file {}.\n",
        if token_works { "still accepted" } else { "dead" },
        state(key_left),
        state(file_left),
    ))?;
    if token_works || key_left || file_left {
        return Err(Failure::Demo("something of the session is left".to_owned()));
    }
    Ok(())
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
        browser: Box::new(ScreenlessBrowser),
        listener: Box::new(Unheard),
        attended: false,
        zone: TimeZone::system(),
        clock,
        keys,
        paths,
    })
}

fn settings(origin: &Origin) -> Settings {
    Settings {
        profile: Profile::default(),
        team: None,
        credential: Credential::Session,
        key_file: None,
        own_client: None,
        api: origin.clone(),
        auth: origin.clone(),
        schedule_url: SecureUrl::from(origin.clone()),
        browser: None,
    }
}

/// Consents at once.
struct ScreenlessBrowser;

impl Browser for ScreenlessBrowser {
    fn open(&self, url: &Url) -> io::Result<()> {
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
        Ok(())
    }
}

/// The demo tells its own story.
struct Unheard;

impl Progress for Unheard {
    fn note(&self, line: &str) {
        tracing::info!(line, "note");
    }

    fn tasks(&self, done: usize, total: usize) {
        tracing::debug!(done, total, "tasks");
    }
}
