//! A stand-in for Todoist on loopback, for the demo, for trying things out, and for tests.
//!
//! It is an independent reading of Todoist's documentation: it shares no type with the
//! client, and where the documentation is silent it takes the reading that is harder on the
//! client. It forgets everything when it stops.

mod access;
mod account;
mod answer_body;
mod due;
mod faults;
mod form;
mod limits;
mod mint;
mod oauth;
mod pages;
mod person;
mod reply;
mod rest;
mod routes;
mod server;
mod sync;
mod traffic;
pub mod visitor;
mod world;

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use account::{AccountSnapshot, Item, Note, Project, Reminder, Section, Times};
pub use due::{Due, When};
pub use faults::{Aim, Effect, Fault};
pub use limits::{Overrides, Plan, SyncsCounted};
pub use person::{Impossible, Person};
pub use traffic::RequestSeen;

use crate::clock::Clock;
use crate::model::Origin;
use oauth::client::{AuthMethod, Client};
use oauth::scope::Scopes;
use server::Shared;
use world::World;

/// How a sandbox is set up.
#[derive(Clone)]
pub struct Options {
    /// The loopback address to listen at.
    pub address: IpAddr,
    /// The TCP port; 0 for any that is free.
    pub port: u16,
    /// The plan of every account.
    pub plan: Plan,
    /// What time it is: tokens expire and rate limits end by this clock.
    pub clock: Arc<dyn Clock>,
    /// Other figures than the plan's.
    pub overrides: Overrides,
    /// Whether the redirect after the consent page names the issuer (RFC 9207). Todoist does
    /// not document that it does.
    pub names_issuer: bool,
    /// How much later every answer comes, as over a slow network. Requests are executed at
    /// once.
    pub delay: Duration,
    /// Further names, with their ports, under which something in front passes requests on.
    pub also_known_as: Vec<String>,
    /// How many more people have an account: `fan1@example.com` and so on.
    pub crowd: usize,
}

impl Options {
    /// Any free port of 127.0.0.1, the free plan, its documented limits, no delay.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let (plan, overrides) = (Plan::Free, Overrides::default());
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            plan,
            clock,
            overrides,
            names_issuer: false,
            delay: Duration::ZERO,
            also_known_as: Vec::new(),
            crowd: 0,
        }
    }
}

/// An OAuth client that exists without registration.
#[derive(Clone)]
pub struct KnownClient {
    /// Its `client_id`.
    pub id: String,
    /// Its `client_secret`.
    pub secret: String,
}

/// A running sandbox. It stops when it is dropped.
pub struct Sandbox {
    origin: Origin,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Binds its address and serves on the current tokio runtime.
    ///
    /// # Errors
    /// The port is taken, or the address is none of this machine or not a loopback one.
    pub async fn start(options: Options) -> io::Result<Self> {
        let origin = |at: SocketAddr| format!("http://{at}").parse().map_err(io::Error::other);
        // Only a loopback address makes an origin without TLS.
        let _: Origin = origin(SocketAddr::new(options.address, options.port))?;
        let listener = TcpListener::bind((options.address, options.port)).await?;
        let at = listener.local_addr()?;
        let (origin, port) = (origin(at)?, at.port());
        let mut world = World::new(options.plan, &options.overrides, options.clock.now());
        world.admit(options.crowd, &options.overrides, options.clock.now());
        world.hosts = vec![at.to_string(), format!("localhost:{port}")];
        if port == 80 {
            world.hosts.extend(["127.0.0.1", "[::1]", "localhost"].map(str::to_owned));
        }
        world.hosts.extend(options.also_known_as);
        world.issuer = options.names_issuer.then(|| origin.to_string());
        let shared = Arc::new(Shared::new(world, options.clock, options.delay));
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(server::serve(listener, shared.clone(), stopping));
        Ok(Self { origin, shared, stop, serving: Some(serving) })
    }

    /// Where it is: the API and the pages in the browser alike.
    pub fn origin(&self) -> Origin {
        self.origin.clone()
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<RequestSeen> {
        self.shared.world().traffic.requests()
    }

    /// Ends when there have been `times` requests to `path`, answered or not.
    pub async fn until_asked(&self, path: &str, times: usize) {
        loop {
            let next = self.shared.asked.notified();
            let seen = self.shared.world().traffic.seen_at(path);
            if seen >= times {
                return;
            }
            next.await;
        }
    }

    /// Ends when every ordered fault has happened, with what it executes.
    pub async fn until_faults_happened(&self) {
        loop {
            let next = self.shared.dealt_with.notified();
            if self.faults_left() == 0 {
                return;
            }
            next.await;
        }
    }

    /// The most sync requests that were under way at once, each until it is answered.
    pub fn most_syncs_at_once(&self) -> usize {
        self.shared.most_syncs()
    }

    /// The sync requests of an account within the last 15 minutes, as they count for its limits.
    pub fn syncs_of(&self, email: &str) -> Option<SyncsCounted> {
        let now = self.shared.clock.now();
        Some(self.shared.world().sync_limits_of(email)?.counted(now))
    }

    /// Lets an account have used up its sync requests, so that it has to wait for `seconds`.
    pub fn use_up_syncs(&self, email: &str, seconds: i64) {
        let now = self.shared.clock.now();
        if let Some(limits) = self.shared.world().sync_limits_of(email) {
            limits.use_up(now, seconds);
        }
    }

    /// The TCP connections accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.world().traffic.connections()
    }

    /// The bytes of all requests so far, heads and bodies. What frames a chunked body and what
    /// a head writes more widely than usual is not in it, nor is a body that never ended.
    pub fn bytes_received(&self) -> usize {
        self.shared.world().traffic.bytes()
    }

    /// The addresses under which its people sign in, the one chosen on the consent page first.
    pub fn emails(&self) -> Vec<String> {
        self.shared.world().accounts.iter().map(|account| account.email.clone()).collect()
    }

    /// What an account holds, deleted and completed things included.
    pub fn snapshot(&self, email: &str) -> Option<AccountSnapshot> {
        self.shared.world().account_by_email(email).map(|account| account.holds.clone())
    }

    /// The types of the commands that clients had executed on an account, in order: neither
    /// refused ones, nor repeated ones, nor what its [`Person`] did.
    pub fn executed(&self, email: &str) -> Vec<String> {
        let world = self.shared.world();
        world.account_by_email(email).map(|account| account.log.clone()).unwrap_or_default()
    }

    /// The person who has the account `email`, in the app.
    pub fn person(&self, email: &str) -> Person<'_> {
        Person::new(&self.shared, email)
    }

    /// How many access tokens are neither expired nor revoked.
    pub fn live_tokens(&self) -> usize {
        self.shared.world().grants.live_access(self.shared.clock.now())
    }

    /// How many refresh tokens are neither consumed nor revoked.
    pub fn live_refresh_tokens(&self) -> usize {
        self.shared.world().grants.live_refresh()
    }

    /// How often a consumed refresh token was presented later than 60 s after its use, which
    /// revokes all that its person granted to that client.
    pub fn replays(&self) -> usize {
        self.shared.world().grants.replays()
    }

    /// The person with the address `email` removes all apps in the settings.
    pub fn remove_apps(&self, email: &str) {
        let mut world = self.shared.world();
        if let Some(user) = world.account_by_email(email).map(|account| account.id.clone()) {
            world.grants.revoke_user(&user);
        }
    }

    /// Whether a text is an access token that is neither expired nor revoked, or a refresh
    /// token that is neither consumed nor revoked.
    pub fn is_live(&self, token: &str) -> bool {
        let world = self.shared.world();
        let access = world.grants.of_token(token, self.shared.clock.now()).is_some();
        access || world.grants.is_live_refresh(token)
    }

    /// Every code, token and client secret ever issued, to look for in what must not hold any.
    pub fn issued_secrets(&self) -> Vec<String> {
        self.shared.world().issued_secrets()
    }

    /// Every code verifier that clients have presented (RFC 7636): theirs to keep as secret as
    /// what is issued.
    pub fn presented_verifiers(&self) -> Vec<String> {
        self.shared.world().verifiers.clone()
    }

    /// A token of an account that never expires and allows everything, such as a person can
    /// copy from Todoist's settings.
    pub fn personal_token(&self, email: &str) -> Option<String> {
        let mut world = self.shared.world();
        let user = world.account_by_email(email)?.id.clone();
        Some(world.grants.issue_personal(&user))
    }

    /// An access token of an hour for an account, as if its person had given `client` consent to
    /// everything; with it the account's id.
    pub fn consented(&self, client: &KnownClient, email: &str) -> Option<(String, String)> {
        let now = self.shared.clock.now();
        let mut world = self.shared.world();
        let user = world.account_by_email(email)?.id.clone();
        let client = world.client(&client.id)?.clone();
        Some((world.grants.consented(&client, &user, now), user))
    }

    /// A confidential client from before tokens expired (`expires_in` 315360000, no refresh
    /// token), with one redirect URI, which is not checked.
    pub fn legacy_client(&self, redirect_uri: &str) -> KnownClient {
        self.known_client(redirect_uri, true)
    }

    /// A confidential client as a person registers one in the App Management Console, with one
    /// redirect URI, which is not checked.
    pub fn own_client(&self, redirect_uri: &str) -> KnownClient {
        self.known_client(redirect_uri, false)
    }

    fn known_client(&self, redirect_uri: &str, legacy: bool) -> KnownClient {
        let known = KnownClient { id: mint::secret(), secret: mint::secret() };
        self.shared.world().clients.push(Client {
            id: known.id.clone(),
            secret: Some(known.secret.clone()),
            auth_method: AuthMethod::SecretPost,
            name: "A client from the settings".to_owned(),
            redirect_uris: vec![redirect_uri.to_owned()],
            scopes: Scopes::all(),
            refreshes: false,
            legacy,
        });
        known
    }

    /// Forgets every registered client, as Todoist may.
    pub fn forget_clients(&self) {
        self.shared.world().clients.clear();
    }

    /// Forgets the UUIDs of executed commands, and from here on those of every request when
    /// it is answered: for how long Todoist remembers them is not documented.
    pub fn forget_uuids(&self) {
        let mut world = self.shared.world();
        world.forgets_uuids = true;
        world.accounts.iter_mut().for_each(|account| account.executed.clear());
    }

    /// How many of the ordered faults have not happened yet.
    pub fn faults_left(&self) -> usize {
        self.shared.world().faults.left()
    }

    /// Orders a fault. It happens once.
    pub fn inject(&self, fault: Fault) {
        let mut world = self.shared.world();
        if matches!(fault.effect, Effect::StaleFullSync) {
            world.freeze(self.shared.clock.now());
        }
        world.faults.order(fault);
    }

    /// Serves until `stop` is there, then lets requests under way finish.
    pub async fn run_until(mut self, stop: impl Future<Output = ()>) {
        stop.await;
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.take() {
            // It ends by itself, and there is nothing to do about a panic in it.
            let _ = serving.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}
