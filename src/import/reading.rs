//! Learning what an account has: what changed since the record, or else everything.

use jiff::{SignedDuration, Timestamp};

use crate::import::adopt::{adopt, adopt_strays, has_unknown};
use crate::import::journal::Journal;
use crate::import::patience::Patience;
use crate::import::plan::Order;
use crate::import::record::{Fate, Record};
use crate::import::task::Task;
use crate::import::view::{View, seen};
use crate::todoist::{Client, EVERYTHING, SyncRequest, TodoistError};

/// What an import has to know of an account.
const NEEDED: &[&str] = &["projects", "items", "user", "user_plan_limits"];
/// A full sync that is older than this is followed by an incremental one: on big accounts
/// Todoist serves it from a copy (API page "Sync", `full_sync_date_utc`).
const FRESH: SignedDuration = SignedDuration::from_secs(10);
/// How far back ticked-off tasks are looked for, when there is no record: as far as Todoist
/// answers at once (API page "Tasks", "by completion date").
const COMPLETED_SINCE: SignedDuration = SignedDuration::from_hours(89 * 24);

/// Reads what changed since the record, or everything if there is no record or it does not
/// know one of the destinations `keys`.
///
/// # Errors
/// [`TodoistError`].
pub async fn read(
    client: &Client<'_>,
    patience: &mut Patience<'_>,
    record: Option<&Record>,
    keys: &[String],
    now: Timestamp,
) -> Result<View, TodoistError> {
    if let Some(token) = record.and_then(|record| read_to(record, keys)) {
        match sync(client, patience, token).await {
            // A token that Todoist does not take any more: everything, then.
            Err(TodoistError::Refused(reason)) => {
                tracing::info!(reason, "the sync token of the record was refused");
            }
            read => return Ok(read?.0),
        }
    }
    let (view, as_of) = sync(client, patience, EVERYTHING).await?;
    let is_stale = as_of.is_some_and(|as_of| now.duration_since(as_of) > FRESH);
    if !is_stale {
        return Ok(view);
    }
    tracing::info!("the full sync is a stale one");
    let token = view.sync_token.clone();
    let (later, _) = sync(client, patience, &token).await?;
    Ok(view.then(later))
}

/// Up to where all of these destinations have been read; `None` if one has not been, or not as
/// far as the others.
fn read_to<'a>(record: &'a Record, keys: &[String]) -> Option<&'a str> {
    let mut tokens =
        keys.iter().map(|key| record.destinations.get(key).map(|it| it.read_to.as_str()));
    let first = tokens.next()??;
    (!first.is_empty() && tokens.all(|token| token == Some(first))).then_some(first)
}

async fn sync(
    client: &Client<'_>,
    patience: &mut Patience<'_>,
    token: &str,
) -> Result<(View, Option<Timestamp>), TodoistError> {
    let request = SyncRequest { sync_token: token, resource_types: NEEDED, commands: &[] };
    let answer = patience.ask(async || client.sync(&request).await).await?;
    Ok((View::of(&answer), answer.full_sync_date_utc))
}

/// Takes a view into the record. Says which destinations of `orders` were read by what is active
/// only, so that their ticked-off tasks have to be asked for.
pub fn take_in(
    record: &mut Record,
    journal: Option<&Journal>,
    view: &View,
    orders: &[Order],
    former: &[(String, Vec<Task>)],
) -> Vec<String> {
    if let Some(journal) = journal {
        record.recognise(journal, &view.tasks);
    }
    if view.complete {
        record.observe_all(&view.tasks, &view.projects);
    } else {
        record.observe(&view.tasks, &view.projects);
    }
    record.sync_token.clone_from(&view.sync_token);
    record.zone = view.zone.clone().or(record.zone.take());

    let mut adopted = Vec::new();
    for order in orders {
        let taken = record.projects_but_of(&order.key);
        match record.destinations.get_mut(&order.key) {
            Some(there) if there.fate == Fate::Active => {
                adopt_strays(there, order, &view.tasks, &taken, journal);
                if view.complete {
                    adopted.push(order.key.clone());
                }
            }
            Some(_) => {}
            None => {
                let former = former.iter().find(|(key, _)| *key == order.key);
                let former = former.map_or(&[][..], |(_, tasks)| tasks.as_slice());
                if let Some(found) = adopt(order, former, journal, view, &taken) {
                    record.destinations.insert(order.key.clone(), found);
                    adopted.push(order.key.clone());
                }
            }
        }
        if let Some(there) = record.destinations.get_mut(&order.key) {
            there.read_to.clone_from(&view.sync_token);
            if has_unknown(there, &view.tasks) {
                there.read_to.clear();
            }
            let wanted = order.tasks.iter().chain(&order.postponed).chain(&order.cancelled);
            wanted.for_each(|task| there.rebase(task));
        }
    }
    adopted
}

/// Asks for the tasks that were ticked off lately, and takes those of `adopted` destinations
/// into the record, so that they are not created again.
///
/// # Errors
/// [`TodoistError`].
pub async fn adopt_completed(
    client: &Client<'_>,
    patience: &mut Patience<'_>,
    record: &mut Record,
    journal: Option<&Journal>,
    (orders, adopted): (&[Order], &[String]),
    now: Timestamp,
) -> Result<(), TodoistError> {
    if adopted.is_empty() {
        return Ok(());
    }
    let since = now.checked_sub(COMPLETED_SINCE).unwrap_or(now);
    let mut cursor: Option<String> = None;
    loop {
        let page =
            patience.ask(async || client.completed(since, now, cursor.as_deref()).await).await?;
        let completed: Vec<_> = page.items.iter().map(seen).collect();
        for order in orders.iter().filter(|order| adopted.contains(&order.key)) {
            let taken = record.projects_but_of(&order.key);
            if let Some(there) = record.destinations.get_mut(&order.key) {
                adopt_strays(there, order, &completed, &taken, journal);
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(());
        }
    }
}
