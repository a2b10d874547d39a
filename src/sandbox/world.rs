//! The state of the whole sandbox. Everything in it changes under one lock.

use std::collections::HashMap;

use jiff::Timestamp;

use super::account::{Account, AccountSnapshot};
use super::faults::Faults;
use super::limits::{Limits, Overrides, Plan, RateLimit, SyncLimits};
use super::mint::{self, Mint};
use super::oauth::authorize::Asked;
use super::oauth::client::Client;
use super::oauth::grants::Grants;
use super::rest::Cursor;
use super::traffic::Traffic;

/// The people who have an account: name, address, zone.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("Red Auerbach", "red@example.com", "America/New_York"),
    ("Pat Riley", "pat@example.com", "America/Los_Angeles"),
    ("Dirk Werner", "dirk@example.com", "Europe/Berlin"),
];

/// What a sync token stands for: an account as it was at a revision.
#[derive(Clone, Debug)]
pub(crate) struct SyncPoint {
    pub(crate) account: usize,
    pub(crate) revision: u64,
}

/// What an account held when a stale full sync was ordered.
pub(crate) struct Frozen {
    pub(crate) at: Timestamp,
    pub(crate) holds: Vec<AccountSnapshot>,
}

/// The state.
pub(crate) struct World {
    pub(crate) mint: Mint,
    pub(crate) limits: Limits,
    pub(crate) accounts: Vec<Account>,
    /// By the account's index.
    pub(crate) sync_limits: Vec<SyncLimits>,
    pub(crate) sync_points: HashMap<String, SyncPoint>,
    pub(crate) cursors: HashMap<String, Cursor>,
    pub(crate) clients: Vec<Client>,
    pub(crate) registrations: RateLimit,
    /// Consent pages that wait for an answer, by their one-time id.
    pub(crate) asked: HashMap<String, Asked>,
    pub(crate) grants: Grants,
    /// The code verifiers that clients have presented, right or wrong.
    pub(crate) verifiers: Vec<String>,
    pub(crate) faults: Faults,
    pub(crate) frozen: Option<Frozen>,
    pub(crate) traffic: Traffic,
    /// Whether executed commands are forgotten as soon as they are answered.
    pub(crate) forgets_uuids: bool,
    /// RFC 9207: the issuer to name at the redirect, if it shall be named.
    pub(crate) issuer: Option<String>,
    /// What a `Host` header may say.
    pub(crate) hosts: Vec<String>,
}

impl World {
    pub(crate) fn new(plan: Plan, overrides: &Overrides, now: Timestamp) -> Self {
        let mut mint = Mint::new();
        let mut accounts: Vec<Account> = PEOPLE
            .iter()
            .map(|(name, email, zone)| Account::new(name, email, zone, &mut mint, now))
            .collect();
        accounts.iter_mut().for_each(|account| account.is_premium = plan == Plan::Pro);
        let sync_limits = accounts.iter().map(|_| SyncLimits::new(overrides));
        Self {
            sync_limits: sync_limits.collect(),
            mint,
            limits: Limits::of(plan, overrides),
            accounts,
            sync_points: HashMap::new(),
            cursors: HashMap::new(),
            clients: Vec::new(),
            registrations: RateLimit::registrations(overrides),
            asked: HashMap::new(),
            grants: Grants::default(),
            verifiers: Vec::new(),
            faults: Faults::default(),
            frozen: None,
            traffic: Traffic::default(),
            forgets_uuids: false,
            issuer: None,
            hosts: Vec::new(),
        }
    }

    /// Gives `count` more people an account: the fans.
    pub(crate) fn admit(&mut self, count: usize, overrides: &Overrides, now: Timestamp) {
        for number in 1..=count {
            let (name, email) = (format!("Fan {number}"), format!("fan{number}@example.com"));
            let mut fan = Account::new(&name, &email, "Europe/Berlin", &mut self.mint, now);
            fan.is_premium = self.limits.plan == Plan::Pro;
            self.accounts.push(fan);
            self.sync_limits.push(SyncLimits::new(overrides));
        }
    }

    /// The rate limits of the account `email`.
    pub(crate) fn sync_limits_of(&mut self, email: &str) -> Option<&mut SyncLimits> {
        let at = self.accounts.iter().position(|account| account.email == email)?;
        self.sync_limits.get_mut(at)
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn account_by_email(&self, email: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.email == email)
    }

    /// A new sync token for an account at a revision.
    pub(crate) fn sync_token(&mut self, account: usize, revision: u64) -> String {
        let token = mint::secret();
        self.sync_points.insert(token.clone(), SyncPoint { account, revision });
        token
    }

    /// Remembers what there is now for the next stale full sync, unless it does already.
    pub(crate) fn freeze(&mut self, now: Timestamp) {
        let holds = self.accounts.iter().map(|account| account.holds.clone()).collect();
        self.frozen.get_or_insert(Frozen { at: now, holds });
    }

    /// Every secret ever issued: codes, tokens, client secrets.
    pub(crate) fn issued_secrets(&self) -> Vec<String> {
        let clients = self.clients.iter().filter_map(|client| client.secret.as_deref());
        self.grants.issued().chain(clients).map(str::to_owned).collect()
    }
}
