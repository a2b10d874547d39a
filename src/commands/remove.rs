//! `nbatodo remove`: an import is taken back, and what the person made their own stays.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::commands::access::{self, Access};
use crate::commands::books::Books;
use crate::commands::carrying_out::{Means, carry_out};
use crate::commands::events::{Event, Telling};
use crate::commands::games::{self, Games};
use crate::commands::import_report::Teams;
use crate::commands::ordering::Ordering;
use crate::commands::remove_report::Removed;
use crate::commands::seasons::Seasons;
use crate::commands::target::{Target, keys};
use crate::commands::times::{self, Told};
use crate::commands::{Context, Failure};
use crate::import::apply::ApplyError;
use crate::import::reading::{completed_in_a_year, read, take_in, take_in_completed};
use crate::import::seen::Seen;
use crate::import::{Part, Patience, Place, Plan, Record, TaskOptions, View, writing};
use crate::model::{Stage, Tricode};
use crate::schedule::Filter;
use crate::schedule::source::Loaded;
use crate::todoist::Client;

/// What the person asks to be taken back.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose games; all that are there, if it names none.
    pub teams: Vec<Tricode>,
    /// The place that they are taken from, instead of wherever they are.
    pub target: Option<Target>,
    /// Where the games come from by which tasks are known again that are in no record.
    pub games: Games,
    /// Show what would be deleted, and delete nothing.
    pub dry_run: bool,
    /// Ask no questions.
    pub confirmed: bool,
    /// How long pauses that Todoist asks for may get in all.
    pub max_wait: Duration,
}

/// What is to be deleted, as far as anybody can know before it is.
struct Draft {
    record: Record,
    plan: Plan,
    teams: BTreeSet<Tricode>,
    /// Projects of several teams that were not asked for.
    also_in: Vec<String>,
}

/// Deletes what an import made and the person left alone.
///
/// # Errors
/// [`Failure`] if nothing was deleted; what failed in part is in the report.
pub async fn run(context: &Context, request: &Request) -> Result<Removed, Failure> {
    refuse_unasked(context, request)?;
    context.tell(&Event::started(&request.teams, request.games.season, request.dry_run));
    access::in_session(context, async |access| removed(context, request, access).await).await
}

async fn removed(
    context: &Context,
    request: &Request,
    access: &Access,
) -> Result<Removed, Failure> {
    let http = context.supplies.http()?;
    let client = access.client(context, &http);
    let announce = context.announcing();
    let mut patience = Patience::up_to(request.max_wait, &announce);

    context.listener.begin("Reading Todoist and the schedule");
    context.tell(&Event::Reading);
    let loaded = games::load(context, &http, &request.games).await?;
    games::note_fallback(context, &loaded);
    let desk = Desk { context, request, access, client: &client, loaded: &loaded };
    let mut books = Books::open(context, &access.account).await?;
    let mut draft = desk.draft(&books, &mut patience).await?;
    let shown = Removed::planned(context, &draft.plan, &draft.record)
        .beside(draft.also_in.clone())
        .of_teams(&request.teams);
    desk.telling().planned(&draft.plan);
    if request.dry_run && !draft.plan.is_empty() {
        access.tell_missing_leave(context).await;
    }
    if request.dry_run || draft.plan.is_empty() {
        return Ok(if request.dry_run { shown.as_dry_run() } else { shown });
    }
    access.may_delete(context).await?;
    if !request.confirmed {
        // Nobody else has to wait while a person thinks.
        drop(books);
        desk.ask(&shown).await?;
        books = Books::open(context, &access.account).await?;
        draft = desk.draft_within(&draft.plan, &books, &mut patience).await?;
    }
    let Draft { mut record, plan, teams, also_in } = draft;
    let (client, books, telling) = (&client, &books, &desk.telling());
    let means = Means { access, client, books, telling, patience };
    let outcome = carry_out(&plan, &mut record, means).await?;
    if outcome.is_whole() {
        let keys: Vec<String> = plan.parts.iter().map(|part| part.key.clone()).collect();
        record.settle_removal(&keys, &teams);
        books.ledger.keep(&record).await.map_err(ApplyError::from)?;
    }
    Ok(Removed::of(context, &plan, &outcome, &record).beside(also_in))
}

/// Refuses where a question is due and nobody is here to answer it.
///
/// # Errors
/// [`Failure::Unconfirmed`].
pub fn refuse_unasked(context: &Context, request: &Request) -> Result<(), Failure> {
    match request.dry_run || request.confirmed || context.attended {
        true => Ok(()),
        false => Err(Failure::Unconfirmed),
    }
}

/// Whether a person says yes; anything else is a no.
async fn agrees(context: &Context, question: &str) -> bool {
    context.listener.demand(&format!("{question} [y/N]"));
    let _asking = context.interrupts.asking();
    let answer = context.input.line().await;
    let answer = answer.map(|line| line.trim().to_ascii_lowercase());
    matches!(answer.as_deref(), Some("y" | "yes"))
}

/// What it takes to find out what is to be deleted.
struct Desk<'a> {
    context: &'a Context,
    request: &'a Request,
    access: &'a Access,
    client: &'a Client<'a>,
    loaded: &'a Loaded,
}

impl Desk<'_> {
    fn telling(&self) -> Telling<'_> {
        Telling { context: self.context, loaded: self.loaded, name: &name_of }
    }

    /// Asks whether what is `shown` is to be deleted.
    async fn ask(&self, shown: &Removed) -> Result<(), Failure> {
        self.context.listener.end();
        if !agrees(self.context, &shown.question()).await {
            return Err(Failure::Declined);
        }
        self.context.listener.begin("Reading Todoist once more");
        Ok(())
    }

    /// A draft of now, as long as it deletes nothing but what a person has said yes to.
    async fn draft_within(
        &self,
        agreed: &Plan,
        books: &Books,
        patience: &mut Patience<'_>,
    ) -> Result<Draft, Failure> {
        let draft = self.draft(books, patience).await?;
        match draft.plan.is_within(agreed) {
            true => Ok(draft),
            false => Err(Failure::ChangedMeanwhile),
        }
    }

    async fn draft(&self, books: &Books, patience: &mut Patience<'_>) -> Result<Draft, Failure> {
        let now = self.context.clock.now();
        let explain = |error| self.access.explain(error);
        // Everything, always: what hangs on a task may be older than any record.
        let view = read(self.client, patience, None, &[], now).await.map_err(explain)?;
        let (times, zone) = (view.times.unwrap_or_default(), view.zone.as_deref());
        times::remember(self.context, Told { account: &books.account, times, zone });
        let completed = completed_in_a_year(self.client, patience, now).await.map_err(explain)?;
        let before = books.record.as_ref();
        let mut record = before.cloned().unwrap_or_else(|| Record::new(&books.account));
        let mut places = BTreeSet::new();
        for target in self.targets() {
            places.extend(self.take_in(&target, &mut record, books, &view, &completed, now)?);
        }
        let teams: BTreeSet<Tricode> = self.request.teams.iter().copied().collect();
        let keys = if self.request.target.is_some() {
            places.into_iter().collect()
        } else {
            record.keys_for(&teams)
        };
        let plan = Plan::removal(&record, &keys, &teams, &view, &completed);
        let also_in = match self.request.target {
            None => record.one_projects_with(&teams),
            Some(_) => Vec::new(),
        };
        Ok(Draft { record, plan, teams, also_in })
    }

    /// The places that an import of these teams may have made without there being a record.
    fn targets(&self) -> Vec<Target> {
        match &self.request.target {
            Some(target) => vec![target.clone()],
            None => vec![Target::Inbox, Target::OwnProjects],
        }
    }

    /// Takes what Todoist has into the record; returns the keys of the destinations.
    fn take_in(
        &self,
        target: &Target,
        record: &mut Record,
        books: &Books,
        view: &View,
        completed: &[Seen],
        now: Timestamp,
    ) -> Result<Vec<String>, Failure> {
        let shared = target.shared(view, Some(record))?;
        let zone = view.zone.clone().or(record.zone.clone());
        let zone = writing::reading_zone(zone.as_deref());
        let options = &TaskOptions::default();
        let name = &target.name(shared.as_ref(), view, Some(record));
        let teams = self.request.whose();
        let schedule = &self.loaded.schedule;
        let seasons = Seasons::of(schedule.season, books.record.as_ref(), view);
        let (shared, seasons, zone) = (shared.as_ref(), &seasons, &zone);
        let ordering = Ordering { target, shared, name, options, color: None, seasons, zone };
        let orders = ordering.orders(&Teams::of(&teams, schedule, &every_game(), now));
        take_in(record, books.journal.as_ref(), view, &orders, &[]);
        for order in &orders {
            take_in_completed(record, books.journal.as_ref(), order, completed);
        }
        // Of every season.
        let kin = orders.iter().flat_map(|order| record.kin_of(&order.place));
        let places: Vec<Place> = kin.map(|(place, _)| place).collect();
        Ok(keys(&places))
    }
}

impl Request {
    /// A place of several teams is taken back with all of them.
    fn whose(&self) -> Vec<Tricode> {
        if self.teams.is_empty() { Tricode::all().collect() } else { self.teams.clone() }
    }
}

fn name_of(part: &Part) -> String {
    part.name().to_owned()
}

fn every_game() -> Filter {
    let stages =
        vec![Stage::Preseason, Stage::Regular, Stage::CupFinal, Stage::PlayIn, Stage::Playoffs];
    Filter { stages, include_past: true, ..Filter::default() }
}
