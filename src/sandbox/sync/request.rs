//! One request to the sync endpoint.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::commands::{Batch, Command};
use super::resources::ResourceTypes;
use crate::sandbox::access::Caller;
use crate::sandbox::account::instant;
use crate::sandbox::faults::Aim;
use crate::sandbox::form::Form;
use crate::sandbox::limits::RetryAfter;
use crate::sandbox::oauth::scope::Scope;
use crate::sandbox::reply::{Refusal, Reply, Request, content_type, json_reply};
use crate::sandbox::world::World;

/// The largest body, in bytes: 1 MiB.
const LARGEST_BODY: usize = 1024 * 1024;

/// The fields of a request.
struct SyncRequest {
    /// The revision to report from; none for a full sync.
    since: Option<u64>,
    types: ResourceTypes,
    commands: Vec<Command>,
}

/// Whether a request to the sync endpoint has commands in it, be they well formed or not.
pub(crate) fn carries_commands(request: &Request) -> bool {
    let form = Form::parse(request.body());
    let list = form.get("commands").map(serde_json::from_str::<Vec<Value>>);
    list.is_some_and(|list| list.is_ok_and(|list| !list.is_empty()))
}

/// Answers `POST /api/v1/sync`.
pub(crate) fn sync(world: &mut World, request: &Request, now: Timestamp) -> Reply {
    match answer(world, request, now) {
        Ok(body) => json_reply(200, &Value::Object(body)),
        Err(refusal) => refusal.into(),
    }
}

fn answer(
    world: &mut World,
    request: &Request,
    now: Timestamp,
) -> Result<Map<String, Value>, Refusal> {
    let caller = Caller::of(world, request, now)?;
    if content_type(request) != "application/x-www-form-urlencoded" {
        return Err(Refusal::unsupported_media_type("application/x-www-form-urlencoded"));
    }
    if request.body().len() > LARGEST_BODY {
        return Err(Refusal::too_large(LARGEST_BODY));
    }
    let fields = SyncRequest::read(world, &caller, &Form::parse(request.body()))?;
    if !fields.types.is_empty() {
        caller.needs(Scope::DataRead)?;
    }
    let full = fields.since.is_none() && !fields.types.is_empty();
    let limits = &mut world.sync_limits[caller.account];
    let limit = if full { &mut limits.full } else { &mut limits.partial };
    limit.call(now).map_err(|RetryAfter(seconds)| Refusal::rate_limited(seconds))?;

    let aim = Aim::of(!fields.commands.is_empty());
    let mut answer = Map::new();
    if !fields.commands.is_empty() {
        answer = execute(world, &caller, fields.commands, now);
    }
    answer.extend(match fields.since {
        Some(revision) => changes(world, &caller, &fields.types, revision, now),
        None => everything(world, &caller, &fields.types, aim, now),
    });
    Ok(answer)
}

impl SyncRequest {
    fn read(world: &World, caller: &Caller, form: &Form) -> Result<Self, Refusal> {
        let since = match form.get("sync_token") {
            None | Some("*") => None,
            Some(token) => {
                let known = world.sync_points.get(token).filter(|it| it.account == caller.account);
                let unknown = || Refusal::invalid("sync_token", "no token of this user");
                Some(known.ok_or_else(unknown)?.revision)
            }
        };
        let (types, commands) = (form.get("resource_types"), form.get("commands"));
        if types.is_none() && commands.is_none() {
            return Err(Refusal::missing("resource_types"));
        }
        Ok(Self {
            since,
            types: ResourceTypes::parse(types.unwrap_or("[]"))?,
            commands: Command::parse_all(commands.unwrap_or("[]"))?,
        })
    }
}

/// `sync_status` and `temp_id_mapping`.
fn execute(
    world: &mut World,
    caller: &Caller,
    commands: Vec<Command>,
    now: Timestamp,
) -> Map<String, Value> {
    let refused = world.faults.for_commands(commands.len());
    let mut batch = Batch::new(world, caller, now);
    let status = batch.execute_all(commands, refused);
    let mapping = json!(batch.temp_ids);
    if world.forgets_uuids {
        world.accounts[caller.account].executed.clear();
    }
    [("sync_status".to_owned(), Value::Object(status)), ("temp_id_mapping".to_owned(), mapping)]
        .into_iter()
        .collect()
}

/// The rest of an incremental answer. Its token stands for now even if no resource type was
/// asked for: who wants to know what others changed has to ask while writing.
fn changes(
    world: &mut World,
    caller: &Caller,
    types: &ResourceTypes,
    revision: u64,
    now: Timestamp,
) -> Map<String, Value> {
    let account = &world.accounts[caller.account];
    let mut answer = types.since(account, revision, || account.user_json(now));
    let latest = account.holds.revision;
    answer.insert("full_sync".to_owned(), json!(false));
    answer.insert("sync_token".to_owned(), json!(world.sync_token(caller.account, latest)));
    answer
}

/// The rest of a full answer: of now, or of earlier if a fault has it so.
fn everything(
    world: &mut World,
    caller: &Caller,
    types: &ResourceTypes,
    aim: Aim,
    now: Timestamp,
) -> Map<String, Value> {
    let stale = !types.is_empty() && world.faults.for_full_sync(aim);
    let frozen = if stale { world.frozen.take() } else { None };
    let account = &world.accounts[caller.account];
    let (holds, at) = match &frozen {
        Some(frozen) => (&frozen.holds[caller.account], frozen.at),
        None => (&account.holds, now),
    };
    let mut answer = types.full(account, holds, world.limits, account.user_json(now));
    let revision = holds.revision;
    answer.insert("full_sync".to_owned(), json!(true));
    answer.insert("full_sync_date_utc".to_owned(), json!(instant(at)));
    answer.insert("sync_token".to_owned(), json!(world.sync_token(caller.account, revision)));
    answer
}
