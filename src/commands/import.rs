//! `nbatodo import`: the season of a team becomes tasks, and stays true.

use std::sync::Arc;
use std::time::Duration;

use crate::commands::access::Access;
use crate::commands::books::Books;
use crate::commands::carrying_out::{Means, carry_out};
use crate::commands::events::{Event, Telling};
use crate::commands::games::Games;
use crate::commands::import_report::{Imported, Story, Teams};
use crate::commands::ordering::Ordering;
use crate::commands::seasons::Seasons;
use crate::commands::target::{Target, keys};
use crate::commands::times::{self, Told};
use crate::commands::{Context, Failure, access};
use crate::import::journal::Journal;
use crate::import::plan::Present;
use crate::import::reading::{adopt_completed, read, take_in};
use crate::import::record::Allows;
use crate::import::seen::Fate;
use crate::import::{Order, Patience, Plan, PlanError, Record, TaskOptions, View, Wishes, writing};
use crate::model::{Rgb, Tricode};
use crate::schedule::{Filter, Loaded};
use crate::todoist::Client;

/// What the person asks of an import.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose games.
    pub teams: Vec<Tricode>,
    /// From where.
    pub games: Games,
    /// Which of them.
    pub filter: Filter,
    /// Where the tasks go.
    pub target: Target,
    /// The colour of a new project, instead of the team's.
    pub color: Option<Rgb>,
    /// What each task holds.
    pub tasks: TaskOptions,
    /// Write a comment to each task that moves.
    pub notify: bool,
    /// Create again what the person deleted.
    pub restore: bool,
    /// Delete what the filter leaves out by now.
    pub prune: bool,
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
            target: Target::default(),
            color: None,
            tasks: TaskOptions::default(),
            notify: false,
            restore: false,
            prune: false,
            dry_run: false,
            detailed_exit: false,
            max_wait: Duration::from_secs(120),
        }
    }
}

/// Brings the games of the teams into the signed-in account, and what is there to the schedule.
///
/// # Errors
/// [`Failure`] if nothing was written; what failed in part is in the report.
pub async fn run(context: &Context, request: &Request) -> Result<Imported, Failure> {
    context.tell(&Event::started(&request.teams, request.games.season, request.dry_run));
    access::in_session(context, async |access| imported(context, request, access).await).await
}

async fn imported(
    context: &Context,
    request: &Request,
    access: &Access,
) -> Result<Imported, Failure> {
    if request.prune && !request.dry_run {
        access.may_delete(context).await?;
    }
    let books = Books::open(context, &access.account).await?;
    let http = context.supplies.http()?;
    let client = &access.client(context, &http);
    let announce = context.announcing();
    let patience = Patience::up_to(request.max_wait, &announce);
    let mut reader = Reader { context, request, access, client, books: &books, patience };

    context.listener.begin("Reading Todoist and the schedule");
    context.tell(&Event::Reading);
    let mut sources = reader.sources().await?;
    let mut draft = draft(context, request, &books, &sources)?;
    if request.restore && draft.has_gone() && !sources.view.complete {
        // Another machine may have restored it before.
        sources.view = reader.everything().await?;
        draft.look_again(books.journal.as_ref(), &sources.view);
    }
    reader.take_in_ticked_off(&mut draft).await?;
    let plan = draft.plan(request, &sources)?;
    reader.check_room(&plan, &sources.view).await?;
    tracing::debug!(changes = plan.changes(), "planned");

    let (loaded, plan) = (&*sources.loaded, &plan);
    let Draft { teams, mut record, .. } = draft;
    let story = Story { context, loaded, teams: &teams, plan };
    let telling = Telling { context, loaded, name: &|part| teams.name_of(part) };
    telling.planned(plan);
    if request.dry_run {
        if request.prune && plan.deletes() {
            access.tell_missing_leave(context).await;
        }
        return Ok(story.planned(&record, request.detailed_exit));
    }
    record.schedule = record.schedule.max(Some(loaded.schedule.published));
    record.dated = record.dated.max(loaded.made());
    let now = context.clock.now();
    record.imported.extend(request.teams.iter().map(|team| (*team, now)));
    let patience = reader.patience;
    let means = Means { access, client, books: &books, telling: &telling, patience };
    let outcome = carry_out(plan, &mut record, means).await?;
    Ok(story.of(&outcome, &record))
}

/// Finds out what an import has to know before it writes.
struct Reader<'a> {
    context: &'a Context,
    request: &'a Request,
    access: &'a Access,
    client: &'a Client<'a>,
    books: &'a Books,
    patience: Patience<'a>,
}

impl Reader<'_> {
    /// The schedule, and what there is to know of the account for its season.
    async fn sources(&mut self) -> Result<Sources, Failure> {
        let (context, request, record) = (self.context, self.request, self.books.record.as_ref());
        // Side by side: with the network gone, one wait is enough.
        let games = context.supplies.games(context, &request.games);
        let (loaded, view) = tokio::join!(games, self.view());
        let (loaded, view) = (loaded?, view?);
        context.supplies.tell_once(context, &loaded).await;
        let (times, zone) = (view.times.unwrap_or_default(), view.zone.as_deref());
        times::remember(context, Told { account: &self.books.account, times, zone });
        let mut sources = Sources { loaded, view };
        if sources.lack_a_place(request, record) {
            sources.view = self.everything().await?;
        }
        Ok(sources)
    }

    /// What changed since the record; or everything, where that is not enough.
    async fn view(&mut self) -> Result<View, Failure> {
        let (target, record) = (&self.request.target, self.books.record.as_ref());
        let known = target.known(&self.request.teams, record);
        // Only a view of everything tells what hangs on a task that may be deleted.
        let record_to_go_by = record.filter(|_| !self.request.prune);
        let view = self.since(record_to_go_by, &keys(&known)).await?;
        let meant = target.shared(&view, record).ok().flatten();
        let is_new = meant.is_some_and(|place| !known.contains(&place));
        if is_new && !view.complete {
            // Another project has the name by now.
            return self.everything().await;
        }
        Ok(view)
    }

    async fn everything(&mut self) -> Result<View, Failure> {
        self.since(None, &[]).await
    }

    /// What changed since `record`, in the destinations `keys`.
    async fn since(&mut self, record: Option<&Record>, keys: &[String]) -> Result<View, Failure> {
        let now = self.context.clock.now();
        let view = read(self.client, &mut self.patience, record, keys, now).await;
        view.map_err(|error| self.access.explain(error))
    }

    /// Asks for ticked-off tasks where what is active does not tell of them.
    async fn take_in_ticked_off(&mut self, draft: &mut Draft) -> Result<(), Failure> {
        let Draft { record, orders, adopted, .. } = draft;
        let (journal, now) = (self.books.journal.as_ref(), self.context.clock.now());
        let adopted = (orders.as_slice(), adopted.as_slice());
        adopt_completed(self.client, &mut self.patience, record, journal, adopted, now)
            .await
            .map_err(|error| self.access.explain(error))
    }

    /// Before anything is written, whether there is room for it. What changed since the record
    /// does not tell how much there is in all, so what creates something asks.
    async fn check_room(&mut self, plan: &Plan, view: &View) -> Result<(), Failure> {
        if !plan.creates() {
            return Ok(());
        }
        let all;
        let view = if view.room.is_some() {
            view
        } else {
            all = self.everything().await?;
            &all
        };
        Ok(plan.check_room(view.room.unwrap_or_default(), Present::of(view))?)
    }
}

/// What was read.
struct Sources {
    loaded: Arc<Loaded>,
    view: View,
}

impl Sources {
    /// Whether Todoist was asked for what changed in places of other seasons only: a place that
    /// another machine made may be missing then, and what changed in one since it was read.
    fn lack_a_place(&self, request: &Request, record: Option<&Record>) -> bool {
        let target = &request.target;
        let asked = target.known(&request.teams, record);
        let seasons = Seasons::of(self.loaded.schedule.season, record, &self.view);
        let mut own = request.teams.iter().filter_map(|team| target.of_team(*team));
        !self.view.complete && !own.all(|usual| asked.contains(&seasons.of_place(usual)))
    }
}

/// What an import knows before it plans.
struct Draft {
    teams: Teams,
    record: Record,
    orders: Vec<Order>,
    /// Destinations whose ticked-off tasks have to be asked for.
    adopted: Vec<String>,
    /// Whether comments tell of what moves.
    announces: bool,
}

fn draft(
    context: &Context,
    request: &Request,
    books: &Books,
    Sources { loaded, view }: &Sources,
) -> Result<Draft, Failure> {
    let now = context.clock.now();
    let before = books.record.as_ref();
    let shared = request.target.shared(view, before)?;
    let mut record = before.cloned().unwrap_or_else(|| Record::new(&books.account));
    let zone = view.zone.clone().or(record.zone.clone());
    let zone = writing::reading_zone(zone.as_deref());
    let allows = view.allows.unwrap_or(record.allows);
    let options = within_plan(context, &request.tasks, allows);
    let seasons = Seasons::of(loaded.schedule.season, before, view);
    let ordering = Ordering {
        target: &request.target,
        seasons: &seasons,
        shared: shared.as_ref(),
        name: &request.target.name(shared.as_ref(), view, before),
        options: &options,
        color: request.color,
        zone: &zone,
    };
    let teams = Teams::of(&request.teams, &loaded.schedule, &request.filter, now);
    let orders = ordering.orders(&teams);
    let former = ordering.former(&request.teams, &request.filter, loaded, now);
    let adopted = take_in(&mut record, books.journal.as_ref(), view, &orders, &former);
    request.target.remember(&mut record, shared.as_ref());
    let announces = request.notify && allows.comments;
    if request.notify && !announces {
        context.supplies.tell_lack_once(context, "comments", "written");
    }
    Ok(Draft { teams, record, orders, adopted, announces })
}

impl Draft {
    /// Whether a destination is not there any more.
    fn has_gone(&self) -> bool {
        let known = self.orders.iter().filter_map(|it| self.record.destinations.get(&it.key));
        known.into_iter().any(|there| there.fate != Fate::Active)
    }

    fn look_again(&mut self, journal: Option<&Journal>, view: &View) {
        self.adopted.extend(take_in(&mut self.record, journal, view, &self.orders, &[]));
    }

    fn plan(&self, request: &Request, sources: &Sources) -> Result<Plan, PlanError> {
        let is_outdated = is_outdated(&sources.loaded, &self.record);
        let Request { restore, prune, .. } = *request;
        let wishes = Wishes { restore, prune, announce: self.announces, is_outdated };
        let laden = sources.view.laden(&self.record.own_comments());
        Plan::new(&self.orders, &self.record, &laden, wishes)
    }
}

/// Whether a schedule would take back what a newer one has brought. A list without a date of its
/// own counts as of the time at which it was handed over: nothing that merely stands in for the
/// league undoes it, and the league's own word does, made some hours before or not.
fn is_outdated(loaded: &Loaded, record: &Record) -> bool {
    let newest = if loaded.fallback().is_some() { record.schedule } else { record.dated };
    Some(loaded.schedule.published) < newest
}

/// What the account's Todoist plan does not allow is left out, and said.
fn within_plan(context: &Context, options: &TaskOptions, allows: Allows) -> TaskOptions {
    let mut options = options.clone();
    if !allows.reminders && options.reminder.take().is_some() {
        context.supplies.tell_lack_once(context, "reminders", "set");
    }
    if !allows.durations && options.minutes.take().is_some() {
        context.supplies.tell_lack_once(context, "durations", "set");
    }
    options
}
