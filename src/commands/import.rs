//! `nbatodo import`: the season of a team becomes tasks.

use std::fmt;
use std::fs::File;
use std::io;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use uuid::Uuid;

use crate::commands::{Context, Exit, Failure, Report, access, failure};
use crate::http::Http;
use crate::import::apply::apply;
use crate::import::{Destination, Holdings, Outcome, Plan, Refused};
use crate::model::Tricode;
use crate::private_files::{lock_private, try_lock_private};
use crate::schedule::filter::{Coming, coming};
use crate::schedule::source::{Loaded, Provenance, age_in_days};
use crate::schedule::{bundled, source};
use crate::todoist::{Client, SyncRequest};

/// What the plan has to know of an account; read in one request.
const NEEDED: &[&str] = &["projects", "items", "user", "user_plan_limits"];
/// The zone of the league's own times, for an account that names none.
const LEAGUE_ZONE: &str = "America/New_York";

/// Where the games come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Games {
    /// The league's feed, and the bundled season if that fails.
    Feed,
    /// The season in the binary.
    Bundled,
}

/// What an import came to.
#[derive(Debug, Serialize)]
pub struct Imported {
    profile: String,
    team: &'static str,
    season: String,
    schedule: ScheduleShown,
    /// Absent if there was nothing to put into one.
    project: Option<ProjectShown>,
    created: usize,
    unchanged: usize,
    failed: Vec<GameShown>,
    /// Games without a date for now, which have no task yet.
    postponed: Vec<String>,
    /// Why the rest was not tried, if it was not.
    broken_off: Option<String>,
    #[serde(skip)]
    nickname: &'static str,
    #[serde(skip)]
    no_games: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

#[derive(Debug, Serialize)]
struct ScheduleShown {
    source: &'static str,
    /// In UTC.
    published: String,
}

#[derive(Debug, Serialize)]
struct ProjectShown {
    id: String,
    name: String,
    created: bool,
    url: String,
}

#[derive(Debug, Serialize)]
struct GameShown {
    game_id: String,
    title: String,
    reason: String,
}

/// Brings the coming games of `team` into the signed-in account.
///
/// # Errors
/// [`Failure`] if nothing was written; what failed in part is in the report.
pub async fn run(context: &Context, team: Tricode, games: Games) -> Result<Imported, Failure> {
    let access = access::open(context).await?;
    let _turn = my_turn(context).await?;
    let http = Http::new()?;
    let client = Client::new(&http, &access.api, &access.token);
    let read = SyncRequest::ReadAll(NEEDED);

    context.listener.begin("Reading Todoist and the schedule");
    // Side by side: with the network gone, one wait is enough.
    let (loaded, answer) = tokio::join!(load(context, &http, games), client.sync(&read));
    let answer = answer.map_err(|error| access.explain(error))?;
    let (loaded, holdings) = (loaded?, Holdings::of(&answer));
    note_fallback(context, &loaded);
    let coming = coming(&loaded.schedule, team, context.clock.now());
    let plan = Plan::new(team, &coming.games, &holdings)?;

    tracing::info!(
        held = holdings.tasks.len(),
        to_create = plan.additions.len(),
        unchanged = plan.unchanged,
        "planned"
    );
    let zone = reading_zone(&holdings);
    let total = plan.additions.len();
    let progress = |done| context.listener.tasks(done, total);
    progress(0);
    let outcome = apply(&plan, &zone, &client, Uuid::new_v4, progress).await?;
    Ok(Imported::of(context, team, &loaded, &coming, &plan, outcome))
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

/// The zone in which the person's Todoist shows times.
fn reading_zone(holdings: &Holdings) -> String {
    let known = holdings.zone.as_deref().filter(|zone| TimeZone::get(zone).is_ok());
    known.unwrap_or(LEAGUE_ZONE).to_owned()
}

impl Imported {
    fn of(
        context: &Context,
        team: Tricode,
        loaded: &Loaded,
        coming: &Coming,
        plan: &Plan,
        outcome: Outcome,
    ) -> Self {
        let exit = match &outcome.broken_off {
            Some(error) => failure::of_todoist(error),
            None if outcome.refused.is_empty() => Exit::Done,
            None => Exit::Partial,
        };
        Self {
            profile: context.settings.profile.to_string(),
            team: team.as_str(),
            season: coming.season.to_string(),
            schedule: ScheduleShown {
                source: match loaded.provenance {
                    Provenance::Live => "live",
                    Provenance::Bundled { .. } => "bundled",
                },
                published: loaded.schedule.published.to_string(),
            },
            project: ProjectShown::of(context, plan, outcome.project),
            created: outcome.created,
            unchanged: plan.unchanged,
            failed: outcome.refused.into_iter().map(GameShown::from).collect(),
            postponed: coming.postponed.iter().map(|game| game.id.to_string()).collect(),
            broken_off: outcome.broken_off.map(|error| error.to_string()),
            nickname: team.team().nickname,
            no_games: coming.games.is_empty().then(|| no_games(coming, context.clock.now())),
            exit,
        }
    }
}

impl ProjectShown {
    fn of(context: &Context, plan: &Plan, id: Option<String>) -> Option<Self> {
        let id = id?;
        let (name, created) = match &plan.destination {
            Destination::Existing { name, .. } => (name, false),
            Destination::New { name, .. } => (name, true),
        };
        let url = context.settings.auth.at(&format!("/app/project/{id}")).to_string();
        Some(Self { id, name: name.clone(), created, url })
    }
}

impl From<Refused> for GameShown {
    fn from(refused: Refused) -> Self {
        let Refused { game, title, reason } = refused;
        Self { game_id: game.to_string(), title, reason }
    }
}

/// An empty schedule is an answer: the season is over, or not published yet.
fn no_games(coming: &Coming, now: Timestamp) -> String {
    let season = coming.season;
    let Some(days) = coming.days else {
        return format!("no games of the season {season} are published yet");
    };
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    if days.last < today {
        let next = season.start_year() + 1;
        format!(
            "the season {season} ended on {}; the next one usually opens in October {next}",
            days.last
        )
    } else {
        format!("no coming game of the season {season} has a date and opponent yet")
    }
}

impl Report for Imported {
    fn exit(&self) -> Exit {
        self.exit
    }

    fn shortfalls(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .failed
            .iter()
            .map(|game| {
                format!("not created: {} (game {}): {}", game.title, game.game_id, game.reason)
            })
            .collect();
        lines.extend(self.broken_off.as_ref().map(|why| {
            format!(
                "broken off: {why}; run the same command again, it creates only what is missing"
            )
        }));
        lines
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.no_games {
            return writeln!(f, "{}: nothing to import, {why}.", self.nickname);
        }
        write!(f, "{}: {} created, {} unchanged", self.nickname, self.created, self.unchanged)?;
        write!(f, ", {} failed", self.failed.len())?;
        if !self.postponed.is_empty() {
            write!(f, ", {} postponed without a new date", self.postponed.len())?;
        }
        write!(f, " (coming games of {})", self.season)?;
        match &self.project {
            Some(project) => writeln!(f, " · {}", project.url),
            None => writeln!(f),
        }
    }
}
