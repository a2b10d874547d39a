//! What earlier imports of the signed-in account have left, and the turn to change it.

use std::io;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::commands::{Context, Failure};
use crate::import::field::Trace;
use crate::import::journal::Journal;
use crate::import::{ApplyError, Ledger, LedgerFiles, Record, SharedLedger};
use crate::session::{HeldTurn, Matter, Turn};

/// A wait that nobody has to be told of.
const SHORT_WAIT: Duration = Duration::from_millis(300);

/// Record and journal of an account. While they are open, no other run of the profile writes.
pub(super) struct Books {
    /// Whose.
    pub(super) account: String,
    pub(super) ledger: Ledger,
    pub(super) record: Option<Record>,
    pub(super) journal: Option<Journal>,
    pub(super) turn: HeldTurn,
    /// Two profiles of one account take turns as well, where their records lie on this machine.
    _account: Option<Box<dyn Turn>>,
}

impl Books {
    /// Waits for the turns, and opens the books of `account`.
    pub(super) async fn open(context: &Context, account: &str) -> Result<Self, Failure> {
        let profile = Matter::Import(context.settings.profile.clone());
        let turn = HeldTurn::new(take(context, profile, "of this profile").await?);
        let of_account = match context.shared_records {
            // Nothing of the account is to be seen on the disk of a host.
            Some(_) => None,
            None => {
                let trace = Matter::Account(Trace::of(account).to_string());
                Some(take(context, trace, "into this account").await?)
            }
        };
        let ledger = ledger(context, account, &turn).await?;
        let (record, journal) = ledger.open(account).await.map_err(ApplyError::from)?;
        let account = account.to_owned();
        Ok(Self { account, ledger, record, journal, turn, _account: of_account })
    }
}

/// Where the books of `account` lie.
async fn ledger(context: &Context, account: &str, turn: &HeldTurn) -> Result<Ledger, Failure> {
    if context.keeps_nothing() {
        return Ok(Ledger::Nowhere);
    }
    let (paths, profile) = (&context.paths, &context.settings.profile);
    let name = Trace::of(account).to_string();
    let files = LedgerFiles {
        record: paths.import_record(profile, &name),
        journal: paths.import_journal(profile, &name),
    };
    let Some(records) = context.shared_records.clone() else { return Ok(Ledger::Files(files)) };
    Ok(Ledger::Shared(SharedLedger {
        records,
        profile: profile.clone(),
        account: account.to_owned(),
        turn: turn.clone(),
        now: turn.prove().await?.unwrap_or_else(|| context.clock.now()),
        before: files,
    }))
}

/// Takes a turn: one import of a profile at a time, on all machines that share its sign-in, and into
/// an account, on this one. `whose` says which of them others have.
async fn take(
    context: &Context,
    matter: Matter,
    whose: &'static str,
) -> Result<Box<dyn Turn>, Failure> {
    let turns = context.turns.clone();
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    let mut waiting = tokio::task::spawn_blocking(move || {
        turns.take_in_line(&matter, &mut || {
            // Nobody listens any more where the wait has been given up.
            tell.take().map(|tell| tell.send(()));
        })
    });
    let taken = tokio::select! {
        taken = &mut waiting => taken,
        () = a_while_after(told) => {
            let note = format!("Another import {whose} is under way: waiting for its end.");
            context.listener.note(&note);
            waiting.await
        }
    };
    let turn = taken.map_err(|error| Failure::System {
        what: "the wait for another import broke off",
        cause: io::Error::other(error),
    })?;
    Ok(turn?)
}

/// Ends when somebody else turned out to have the turn, and a short wait was not enough. A
/// database that takes its time is nobody.
async fn a_while_after(told: oneshot::Receiver<()>) {
    match told.await {
        Ok(()) => tokio::time::sleep(SHORT_WAIT).await,
        Err(_) => std::future::pending().await,
    }
}
