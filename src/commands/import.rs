//! `nbatodo import`: the season of a team becomes tasks, and stays true.

use std::fs::File;
use std::io;
use std::time::Duration;

use uuid::Uuid;

use crate::commands::games::Games;
use crate::commands::imported::{Imported, Teams};
use crate::commands::ordering::{former, orders as ordered};
use crate::commands::seasons::{Seasons, latest_key};
use crate::commands::{Context, Failure, access, games};
use crate::http::Http;
use crate::import::apply::apply;
use crate::import::field::Trace;
use crate::import::reading::{adopt_completed, read, take_in};
use crate::import::{
    ApplyError, Ledger, Patience, Plan, Record, TaskOptions, Tools, Wishes, writing,
};
use crate::model::{Rgb, Tricode};
use crate::private_files::{lock_private, try_lock_private};
use crate::schedule::Filter;
use crate::todoist::{Client, TodoistError};

/// What the person asks of an import.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose games.
    pub teams: Vec<Tricode>,
    /// From where.
    pub games: Games,
    /// Which of them.
    pub filter: Filter,
    /// One project of this name for all teams, instead of one each.
    pub one_project: Option<String>,
    /// The colour of a new project, instead of the team's.
    pub color: Option<Rgb>,
    /// What each task holds.
    pub tasks: TaskOptions,
    /// Create again what the person deleted.
    pub restore: bool,
    /// Show what would change, and write nothing.
    pub dry_run: bool,
    /// With `dry_run`, answer with another exit code if something would change.
    pub detailed_exit: bool,
    /// How long pauses that Todoist asks for may get in all.
    pub max_wait: Duration,
}

impl Request {
    /// A plain import of these teams' coming games, with two minutes of patience.
    pub fn new(teams: Vec<Tricode>, games: Games) -> Self {
        Self {
            teams,
            games,
            filter: Filter::default(),
            one_project: None,
            color: None,
            tasks: TaskOptions::default(),
            restore: false,
            dry_run: false,
            detailed_exit: false,
            max_wait: Duration::from_secs(120),
        }
    }

    /// The keys of the destinations in the record.
    fn keys(&self, record: Option<&Record>) -> Vec<String> {
        match &self.one_project {
            Some(name) => vec![format!("one project: {name}")],
            None => self.teams.iter().map(|team| latest_key(*team, record)).collect(),
        }
    }
}

/// Brings the games of the teams into the signed-in account, and what is there to the schedule.
///
/// # Errors
/// [`Failure`] if nothing was written; what failed in part is in the report.
pub async fn run(context: &Context, request: &Request) -> Result<Imported, Failure> {
    let access = access::open(context).await?;
    let _turn = my_turn(context).await?;
    let http = Http::new()?;
    let client = Client::new(&http, &access.api, &access.token);
    let ledger = ledger(context, &access.account);
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
    let keys = request.keys(before.as_ref());
    let reading = read(&client, &mut patience, before.as_ref(), &keys, now);
    let (loaded, view) = tokio::join!(games::load(context, &http, &request.games), reading);
    let explain = |error| access.explain(error);
    let (loaded, view) = (loaded?, view.map_err(explain)?);
    games::note_fallback(context, &loaded);

    let mut record = before.unwrap_or_else(|| Record::new(&access.account));
    let zone = view.zone.clone().or(record.zone.clone());
    let zone = writing::reading_zone(zone.as_deref());
    let teams = Teams::of(&request.teams, &loaded.schedule, &request.filter, now);
    let season = loaded.schedule.season;
    let mut view = view;
    let mut there = Seasons::of(season, &record, &view);
    let mut orders = ordered(request, &teams, &there, &zone);
    if there.begins_one_unseen(&orders) {
        view = read(&client, &mut patience, None, &[], now).await.map_err(explain)?;
        there = Seasons::of(season, &record, &view);
        orders = ordered(request, &teams, &there, &zone);
    }
    let former = former(request, &loaded, &there, &zone, now);
    let adopted = take_in(&mut record, journal.as_ref(), &view, &orders, &former);
    let journalled = journal.as_ref();
    let (of, last) = ((orders.as_slice(), adopted.as_slice()), &mut patience);
    let completed = adopt_completed(&client, last, &mut record, journalled, of, now).await;
    completed.map_err(explain)?;

    let published = Some(loaded.schedule.published);
    let wishes = Wishes { restore: request.restore, is_outdated: published < record.schedule };
    let plan = Plan::new(&orders, &record, wishes);
    if let Some(room) = view.room {
        plan.check_room(room, &view.tasks_by_project())?;
    }
    tracing::info!(changes = plan.changes(), "planned");
    if request.dry_run {
        let detailed = request.detailed_exit;
        return Ok(Imported::planned(context, &loaded, &teams, &plan, &record, detailed));
    }
    record.schedule = record.schedule.max(published);
    ledger.keep(&record)?;
    let progress = |done| context.listener.tasks(done, plan.changes());
    progress(0);
    let new_id = &mut Uuid::new_v4;
    let tools = Tools { client: &client, ledger: &ledger, patience, new_id, progress: &progress };
    let outcome = apply(&plan, &mut record, journal.as_ref(), tools).await;
    let outcome = outcome.map_err(|error| match error {
        ApplyError::Todoist(error) => access.explain(error),
        error => error.into(),
    })?;
    Ok(Imported::of(context, &loaded, &teams, &plan, &outcome, &record))
}

fn ledger(context: &Context, account: &str) -> Ledger {
    let (paths, profile) = (&context.paths, &context.settings.profile);
    let account = Trace::of(account).to_string();
    Ledger {
        record: paths.import_record(profile, &account),
        journal: paths.import_journal(profile, &account),
    }
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
