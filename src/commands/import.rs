//! `nbatodo import`: the season of a team becomes tasks, and stays true.

use std::fs::File;
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::commands::imported::Imported;
use crate::commands::{Context, Failure, access};
use crate::http::Http;
use crate::import::apply::apply;
use crate::import::orders::{TeamGames, own_project};
use crate::import::reading::{adopt_completed, read, take_in};
use crate::import::{Ledger, Order, Patience, Plan, Record, Task, Tools, Wishes};
use crate::model::{Game, Tricode};
use crate::private_files::{lock_private, try_lock_private};
use crate::schedule::filter::{Coming, coming};
use crate::schedule::source::{Loaded, Provenance, age_in_days};
use crate::schedule::{Schedule, bundled, source};
use crate::todoist::{Client, TodoistError};

/// Where the games come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Games {
    /// The league's feed, and the bundled season if that fails.
    Feed,
    /// The season in the binary.
    Bundled,
}

/// What the person asks of an import.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Whose games.
    pub team: Tricode,
    /// From where.
    pub games: Games,
    /// Create again what the person deleted.
    pub restore: bool,
    /// Show what would change, and write nothing.
    pub dry_run: bool,
    /// How long pauses that Todoist asks for may get in all.
    pub max_wait: Duration,
}

/// Brings the coming games of a team into the signed-in account, and what is there to the
/// schedule.
///
/// # Errors
/// [`Failure`] if nothing was written; what failed in part is in the report.
pub async fn run(context: &Context, request: &Request) -> Result<Imported, Failure> {
    let access = access::open(context).await?;
    let _turn = my_turn(context).await?;
    let http = Http::new()?;
    let client = Client::new(&http, &access.api, &access.token);
    let ledger = ledger(context);
    let now = context.clock.now();
    let before = ledger.record_of(&access.account)?;
    let journal = ledger.journal_of(&access.account)?;
    let announce = |pause: Duration, error: &TodoistError| {
        context.listener.pausing(pause, &error.to_string());
    };
    let mut patience =
        Patience { limit: request.max_wait, waited: Duration::ZERO, announce: &announce };

    context.listener.begin("Reading Todoist and the schedule");
    // Side by side: with the network gone, one wait is enough.
    let keys = [request.team.to_string()];
    let reading = read(&client, &mut patience, before.as_ref(), &keys, now);
    let (loaded, view) = tokio::join!(load(context, &http, request.games), reading);
    let (loaded, view) = (loaded?, view.map_err(|error| access.explain(error))?);
    note_fallback(context, &loaded);

    let mut record = before.unwrap_or_else(|| Record::new(&access.account));
    let coming = coming(&loaded.schedule, request.team, now);
    let orders = [order(&loaded, &coming, request.team, &record, now)];
    let former = former(&loaded, request.team, now);
    let adopted = take_in(&mut record, journal.as_ref(), &view, &orders, &former);
    adopt_completed(&client, &mut patience, &mut record, &orders, &adopted, now).await?;

    let plan = Plan::new(&orders, &record, Wishes { restore: request.restore });
    if let Some(room) = view.room {
        plan.check_room(room, &view.tasks_by_project())?;
    }
    tracing::info!(changes = plan.changes(), "planned");
    if request.dry_run {
        return Ok(Imported::planned(context, request.team, &loaded, &coming, &plan));
    }
    ledger.keep(&record)?;
    let total = plan.changes();
    let progress = |done| context.listener.tasks(done, total);
    progress(0);
    let tools = Tools {
        client: &client,
        ledger: &ledger,
        patience,
        new_id: &mut Uuid::new_v4,
        progress: &progress,
    };
    let outcome = apply(&plan, &mut record, journal.as_ref(), tools).await?;
    Ok(Imported::of(context, request.team, &loaded, &coming, &plan, outcome, &record))
}

fn ledger(context: &Context) -> Ledger {
    let (paths, profile) = (&context.paths, &context.settings.profile);
    Ledger { record: paths.import_record(profile), journal: paths.import_journal(profile) }
}

fn order(
    loaded: &Loaded,
    coming: &Coming,
    team: Tricode,
    record: &Record,
    now: Timestamp,
) -> Order {
    let mut order = own_project(&games_of(coming, team));
    // Only the league itself can tell that a game is gone; the bundled season is a copy.
    if loaded.provenance == Provenance::Live {
        let known: Vec<&Game> = loaded.schedule.games.iter().collect();
        order.note_vanished(record, |id| known.iter().any(|game| game.id == *id), now);
    }
    order
}

fn games_of(coming: &Coming, team: Tricode) -> TeamGames<'_> {
    TeamGames {
        team,
        games: &coming.games,
        postponed: &coming.postponed,
        cancelled: &coming.cancelled,
    }
}

/// The same tasks as the bundled season has them: what an import may have written before the
/// schedule moved.
fn former(loaded: &Loaded, team: Tricode, now: Timestamp) -> Vec<(String, Vec<Task>)> {
    let bundled: Option<Schedule> = match loaded.provenance {
        Provenance::Live => bundled::newest().ok(),
        Provenance::Bundled { .. } => None,
    };
    let Some(bundled) = bundled else { return Vec::new() };
    let order = own_project(&games_of(&coming(&bundled, team, now), team));
    vec![(order.key, order.tasks)]
}

/// One import of a profile at a time: two that read before either has written would both create
/// everything.
async fn my_turn(context: &Context) -> Result<File, Failure> {
    let path = context.paths.import_lock(&context.settings.profile);
    if let Some(turn) = try_lock_private(&path)? {
        return Ok(turn);
    }
    context.listener.note("Another import of this profile is under way: waiting for its end.");
    let waiting = tokio::task::spawn_blocking(move || lock_private(&path));
    let turn = waiting.await.map_err(|error| Failure::System {
        what: "the wait for another import broke off",
        cause: io::Error::other(error),
    })?;
    Ok(turn?)
}

async fn load(context: &Context, http: &Http, games: Games) -> Result<Loaded, Failure> {
    let loaded = match games {
        Games::Feed => source::load(http, &context.settings.schedule_url).await?,
        Games::Bundled => Loaded {
            schedule: bundled::newest()?,
            provenance: Provenance::Bundled { because: "no other was asked for".to_owned() },
        },
    };
    Ok(loaded)
}

fn note_fallback(context: &Context, loaded: &Loaded) {
    let Provenance::Bundled { because } = &loaded.provenance else { return };
    let days = age_in_days(loaded.schedule.published, context.clock.now());
    context.listener.note(&format!(
        "Using the bundled schedule, {days} days old ({because}): games moved since are not in it."
    ));
}
