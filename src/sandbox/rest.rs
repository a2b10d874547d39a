//! The REST endpoints that list things.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::access::Caller;
use super::account::Item;
use super::form::Form;
use super::mint;
use super::oauth::scope::Scope;
use super::reply::{Refusal, Reply, Request, json_reply};
use super::world::World;

/// How many results a page has, unless told.
const DEFAULT_LIMIT: usize = 50;
/// How many it can have.
const LARGEST_LIMIT: usize = 200;
/// How many months of completed tasks can be asked for at once.
const MOST_MONTHS: i64 = 3;
/// The parameters that choose what is listed.
const FILTERS: [&str; 3] = ["project_id", "section_id", "parent_id"];

/// Where a page begins, for one user and one set of parameters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cursor {
    account: usize,
    list: List,
    filters: Vec<(String, String)>,
    /// The results before it.
    offset: usize,
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum List {
    Projects,
    Sections,
    Tasks,
    /// Tasks completed in a span of time, both ends included.
    Completed {
        since: Timestamp,
        until: Timestamp,
    },
}

/// Answers `GET /api/v1/user`.
pub(crate) fn user(world: &World, request: &Request, now: Timestamp) -> Reply {
    let caller = Caller::of(world, request, now)
        .and_then(|caller| caller.needs(Scope::DataRead).map(|()| caller));
    match caller {
        Ok(caller) => json_reply(200, &world.accounts[caller.account].user_json(now)),
        Err(refusal) => refusal.into(),
    }
}

/// Answers `GET /api/v1/projects|sections|tasks` with `{"results", "next_cursor"}`.
pub(crate) fn list(world: &mut World, list: List, request: &Request, now: Timestamp) -> Reply {
    match page(world, list, request, now) {
        Ok(body) => json_reply(200, &body),
        Err(refusal) => refusal.into(),
    }
}

/// Answers `GET /api/v1/tasks/completed/by_completion_date` with `{"items", "next_cursor"}`.
pub(crate) fn completed(world: &mut World, request: &Request, now: Timestamp) -> Reply {
    let form = Form::of_query(request);
    // Whoever may not ask is told so before what is wrong with the question.
    let answer = Caller::of(world, request, now)
        .and_then(|caller| caller.needs(Scope::DataRead))
        .and_then(|()| span(&form))
        .and_then(|list| page(world, list, request, now));
    match answer {
        Ok(body) => json_reply(200, &body),
        Err(refusal) => refusal.into(),
    }
}

/// `since` and `until`, at most three months apart.
fn span(form: &Form) -> Result<List, Refusal> {
    let instant = |name: &str| {
        let text = form.get(name).ok_or_else(|| Refusal::missing(name))?;
        parse_instant(text).ok_or_else(|| Refusal::invalid(name, "it must be a date with a time"))
    };
    let (since, until) = (instant("since")?, instant("until")?);
    let last = TimeZone::UTC.to_datetime(since).checked_add(MOST_MONTHS.months());
    if until < since {
        return Err(Refusal::invalid("until", "it must not be before since"));
    }
    // Without a sum, `since` is at the end of time, and so is `until`.
    if last.is_ok_and(|last| TimeZone::UTC.to_datetime(until) > last) {
        return Err(Refusal::invalid("until", "it must be at most 3 months after since"));
    }
    Ok(List::Completed { since, until })
}

/// An instant with an offset; without one it is in UTC, and a day alone is its midnight. Both
/// are assumptions: clients send all three.
fn parse_instant(text: &str) -> Option<Timestamp> {
    let local = || {
        if text.len() == "YYYY-MM-DD".len() {
            text.parse::<Date>().ok().map(|day| day.to_datetime(jiff::civil::Time::midnight()))
        } else {
            text.parse::<DateTime>().ok()
        }
    };
    // Outside the calendar's range it is no instant, which the caller refuses as such.
    let in_utc = |at: DateTime| TimeZone::UTC.to_timestamp(at).ok();
    text.parse().ok().or_else(|| in_utc(local()?))
}

fn page(
    world: &mut World,
    list: List,
    request: &Request,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let caller = Caller::of(world, request, now)?;
    caller.needs(Scope::DataRead)?;
    let form = Form::of_query(request);
    let limit = limit(&form)?;
    let filters = form.pairs().filter(|(name, _)| FILTERS.contains(name));
    let filters = filters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut cursor = Cursor { account: caller.account, list, filters, offset: 0 };
    if let Some(given) = form.get("cursor") {
        let unknown = || Refusal::invalid("cursor", "no cursor of this user and these parameters");
        cursor.offset = world.cursors.get(given).ok_or_else(unknown)?.offset;
        if world.cursors.get(given) != Some(&cursor) {
            return Err(unknown());
        }
    }
    let all = cursor.results(world);
    let end = all.len().min(cursor.offset.saturating_add(limit));
    let results = all.get(cursor.offset..end).unwrap_or_default().to_vec();
    let next = (end < all.len()).then(mint::secret);
    if let Some(next) = next.clone() {
        world.cursors.insert(next, Cursor { offset: end, ..cursor });
    }
    let name = match list {
        List::Completed { .. } => "items",
        List::Projects | List::Sections | List::Tasks => "results",
    };
    Ok(json!({ name: results, "next_cursor": next }))
}

impl Cursor {
    /// Everything that it runs through.
    fn results(&self, world: &World) -> Vec<Value> {
        let account = &world.accounts[self.account];
        let holds = &account.holds;
        let all: Vec<Value> = match self.list {
            List::Projects => {
                holds.projects.iter().filter(|it| it.is_active()).map(|it| it.to_json()).collect()
            }
            List::Sections => {
                let shown = holds.sections.iter().filter(|it| holds.shows_section(it));
                shown.map(|it| it.to_json(&account.id)).collect()
            }
            List::Tasks => {
                let shown = holds.items.iter().filter(|it| holds.shows(it));
                shown.map(|it| it.to_json(&account.id)).collect()
            }
            List::Completed { since, until } => {
                let within = |at: Timestamp| since <= at && at <= until;
                let done = |it: &&Item| it.checked && !it.is_deleted;
                let done = holds.items.iter().filter(done);
                let mut found: Vec<&Item> =
                    done.filter(|it| it.completed_at.is_some_and(within)).collect();
                // The latest first; which order Todoist has is not documented.
                found.sort_by_key(|it| std::cmp::Reverse(it.completed_at));
                found.into_iter().map(|it| it.to_json(&account.id)).collect()
            }
        };
        let fits = |it: &Value| self.filters.iter().all(|(name, value)| it[name] == value.as_str());
        all.into_iter().filter(fits).collect()
    }
}

fn limit(form: &Form) -> Result<usize, Refusal> {
    let Some(text) = form.get("limit") else { return Ok(DEFAULT_LIMIT) };
    let allowed = |limit: &usize| (1..=LARGEST_LIMIT).contains(limit);
    text.parse()
        .ok()
        .filter(allowed)
        .ok_or_else(|| Refusal::invalid("limit", "it must be 1 to 200"))
}
