//! Learning what an account has: what changed since the record, or else everything.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::import::adopt::{Memory, adopt, adopt_strays, has_unknown};
use crate::import::journal::Journal;
use crate::import::patience::Patience;
use crate::import::plan::Order;
use crate::import::record::{DestinationRecord, Record};
use crate::import::seen::{Fate, Seen};
use crate::import::task::Task;
use crate::import::view::{View, seen};
use crate::todoist::{Client, EVERYTHING, SyncRequest, TodoistError};

/// What an import has to know of an account.
const NEEDED: &[&str] = &["projects", "sections", "items", "reminders", "user", "user_plan_limits"];
/// A full sync that is older than this is followed by an incremental one: on big accounts
/// Todoist serves it from a copy (API page "Sync", `full_sync_date_utc`).
const FRESH: SignedDuration = SignedDuration::from_secs(10);
/// How far back ticked-off tasks are looked for, when there is no record: as far as Todoist
/// answers at once (API page "Tasks", "by completion date").
const COMPLETED_SPAN: SignedDuration = SignedDuration::from_hours(89 * 24);
/// How many such spans it takes for a year and a little more.
const SPANS_IN_A_YEAR: usize = 5;

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
    record.observe(view);
    if let Some(journal) = journal {
        record.recognise(journal, view);
    }
    record.sync_token.clone_from(&view.sync_token);

    let mut adopted = Vec::new();
    for order in orders {
        let former = former.iter().find(|(key, _)| *key == order.key);
        let former = former.map_or(&[][..], |(_, tasks)| tasks.as_slice());
        let taken = record.taken_but_by(&order.key);
        let memory = Memory { former, journal, taken: &taken };
        let is_found = find_again(record, order, view, memory);
        if is_found && view.complete {
            adopted.push(order.key.clone());
        }
        if order.place.is_exclusive() {
            let subjects = order.tasks.iter().map(|task| &task.subject).collect();
            record.inherit(&order.key, &subjects, &order.teams);
        }
        if let Some(there) = record.destinations.get_mut(&order.key) {
            there.read_to.clone_from(&view.sync_token);
            if has_unknown(there, &view.tasks) {
                there.read_to.clear();
            }
            order.tasks.iter().chain(&order.if_there).for_each(|task| there.rebase(task));
        }
    }
    adopted
}

/// Takes what `view` has of the destination of `order` into the record; says whether it is there.
fn find_again(record: &mut Record, order: &Order, view: &View, memory: Memory<'_>) -> bool {
    match record.destinations.get_mut(&order.key) {
        Some(there) if there.fate == Fate::Active => {
            adopt_strays(there, order, &view.tasks, memory);
            true
        }
        // What the person put away stays so.
        Some(there) if there.fate == Fate::Done => false,
        _ if view.complete => {
            let rest = without_known(record, view);
            let found = adopt_anywhere(order, record, memory, &rest);
            let is_found = found.is_some();
            if let Some((key, found)) = found {
                record.found(key, found);
            }
            is_found
        }
        _ => false,
    }
}

/// A view without the tasks that are left of destinations that are no more: what another machine
/// has made anew since is not among them.
fn without_known<'a>(record: &Record, view: &'a View) -> Cow<'a, View> {
    let gone = record.destinations.values().filter(|there| there.fate != Fate::Active);
    let known: HashSet<&str> =
        gone.flat_map(|there| there.tasks.values()).map(|task| task.id.as_str()).collect();
    if known.is_empty() {
        return Cow::Borrowed(view);
    }
    let mut rest = view.clone();
    rest.tasks.retain(|seen| !known.contains(seen.id.as_str()));
    Cow::Owned(rest)
}

/// The destination of an order that is in no record, or is no more; or else another one in which
/// the same tasks are already, so that they are not made twice.
fn adopt_anywhere(
    order: &Order,
    record: &Record,
    memory: Memory<'_>,
    view: &View,
) -> Option<(String, DestinationRecord)> {
    // Whatever is in use for one of the teams has been found before, and is in the record.
    let mut elsewhere = order.other_places().into_iter().filter_map(|other| {
        let other = other.unknown_to(record).filter(|other| other.key != order.key)?;
        let found = adopt(&other, memory, view)?;
        holds_any(&found).then_some((other.key, found))
    });
    let here = adopt(order, memory, view).map(|found| (order.key.clone(), found));
    let is_new = !record.destinations.contains_key(&order.key);
    match here {
        Some((key, found)) if holds_any(&found) => Some((key, found)),
        here => elsewhere.next().or(here.filter(|_| is_new)),
    }
}

fn holds_any(found: &DestinationRecord) -> bool {
    found.tasks.values().any(|task| task.fate == Fate::Active && !task.elsewhere)
}

impl Order {
    /// The order for this place if it is not in use in the record; for the one beside it if it
    /// is there with another season.
    fn unknown_to(self, record: &Record) -> Option<Self> {
        let in_use =
            |key: &str| record.destinations.get(key).filter(|there| there.fate == Fate::Active);
        let Some(there) = in_use(&self.key) else { return Some(self) };
        let season = self.season().filter(|season| there.season().is_some_and(|it| it != *season));
        let beside = self.beside(season?, true);
        in_use(&beside.key).is_none().then_some(beside)
    }
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
    let since = now.checked_sub(COMPLETED_SPAN).unwrap_or(now);
    let completed = completed(client, patience, since, now).await?;
    let adopted = orders.iter().filter(|order| adopted.contains(&order.key));
    adopted.for_each(|order| take_in_completed(record, journal, order, &completed));
    Ok(())
}

/// Takes ticked-off tasks into the record, as far as they are an order's.
pub fn take_in_completed(
    record: &mut Record,
    journal: Option<&Journal>,
    order: &Order,
    completed: &[Seen],
) {
    let taken = record.taken_but_by(&order.key);
    let memory = Memory { former: &[], journal, taken: &taken };
    if let Some(there) = record.destinations.get_mut(&order.key) {
        there.observe_completed(completed);
        adopt_strays(there, order, completed, memory);
    }
}

/// The tasks that were ticked off from `since` on: at most three months, as Todoist has it.
async fn completed(
    client: &Client<'_>,
    patience: &mut Patience<'_>,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<Seen>, TodoistError> {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page =
            patience.ask(async || client.completed(since, until, cursor.as_deref()).await).await?;
        all.extend(page.items.iter().map(seen));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// All tasks that were ticked off since a year ago, longer than any season lasts.
///
/// # Errors
/// [`TodoistError`].
pub async fn completed_in_a_year(
    client: &Client<'_>,
    patience: &mut Patience<'_>,
    now: Timestamp,
) -> Result<Vec<Seen>, TodoistError> {
    let mut all = Vec::new();
    let mut until = now;
    for _ in 0..SPANS_IN_A_YEAR {
        let Ok(since) = until.checked_sub(COMPLETED_SPAN) else { break };
        all.extend(completed(client, patience, since, until).await?);
        until = since;
    }
    Ok(all)
}
