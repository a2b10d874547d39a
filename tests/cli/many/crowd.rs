//! Signs a crowd in without a browser each: its consents are the sandbox's, its sessions are
//! sealed by the library.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use nbatodo::model::AccessToken;
use nbatodo::sandbox::{KnownClient, Sandbox};
use nbatodo::session::{Account, Session, Vault};

/// The address of a fan of the sandbox's, counted from 1.
pub(crate) fn fan(number: usize) -> String {
    format!("fan{number}@example.com")
}

/// Signs `email` in under `profile` since `ago`, for an hour.
pub(crate) fn sign_in(
    sandbox: &Sandbox,
    client: &KnownClient,
    vault: &Vault,
    (profile, email): (&str, &str),
    ago: SignedDuration,
) {
    let (token, id) = sandbox.consented(client, email).unwrap();
    let issued_at = Timestamp::now().checked_sub(ago).unwrap();
    let ends = issued_at.checked_add(SignedDuration::from_hours(1)).unwrap();
    let session = Session {
        profile: profile.parse().unwrap(),
        account: Account {
            id,
            email: email.to_owned(),
            full_name: "A fan".to_owned(),
            timezone: None,
            times: nbatodo::model::TimePreferences::default(),
        },
        access_token: AccessToken::new(token),
        scopes: vec!["data:read_write".to_owned()],
        client_id: client.id.clone(),
        api: sandbox.origin(),
        issued_at,
        expires_at: ends,
        token_expires_at: Some(ends),
    };
    vault.replace(&session).unwrap();
}

/// Checks that the account has one project with `games` tasks, each for another game, and that
/// no other was ever made.
#[track_caller]
pub(crate) fn holds_once(sandbox: &Sandbox, email: &str, games: usize) {
    let held = sandbox.snapshot(email).unwrap();
    let projects = held.projects.iter().filter(|project| !project.inbox_project).count();
    let different: BTreeSet<&str> =
        held.items.iter().map(|item| item.description.as_str()).collect();
    let found = (projects, held.items.len(), different.len());
    assert_eq!(found, (1, games, games), "{email}: projects, tasks, games");
}
