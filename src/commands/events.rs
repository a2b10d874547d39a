//! What a long run tells a program on its way, one event at a time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::commands::Context;
use crate::commands::changes::{ChangeShown, RefusedShown};
use crate::commands::import_report::ScheduleShown;
use crate::commands::many::Trouble;
use crate::import::apply::Step;
use crate::import::{Change, Counts, Part, Plan, Refused};
use crate::model::{Season, TimeStyle, Tricode};
use crate::schedule::source::Loaded;
use crate::todoist::TodoistError;

/// Something that has happened in an import or a removal.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run knows what is asked of it.
    Started {
        /// Tricodes; none where a removal is of all teams in a place.
        teams: Vec<&'static str>,
        /// The season that was asked for, if one was.
        season: Option<String>,
        /// Whether nothing will be written.
        dry_run: bool,
    },
    /// It asks Todoist and the source of the schedule.
    Reading,
    /// It knows what has to be done.
    Planned(Planned),
    /// Todoist or the network asks for patience.
    Pausing {
        /// When it is asked again, in UTC.
        until: String,
        /// Why not now.
        reason: String,
    },
    /// Commands go to Todoist.
    BatchSent {
        /// Which batch, counted from 1.
        batch: usize,
        /// How many commands it has.
        commands: usize,
    },
    /// Todoist has answered them.
    BatchAnswered {
        /// Which batch, counted from 1.
        batch: usize,
        /// How many commands it had.
        commands: usize,
    },
    /// What became of one task.
    Game(GameEvent),
    /// The import of one of many profiles has come to a result, and the run goes on.
    ProfileFinished {
        /// How an import for it alone would have ended.
        exit_code: u8,
        /// As `import` prints it for one profile.
        result: Option<serde_json::Value>,
    },
    /// The import of one of many profiles has come to none, and the run goes on.
    ProfileFailed {
        /// What happened.
        error: Trouble,
    },
}

/// What has to be done.
#[derive(Debug, Serialize)]
pub struct Planned {
    season: String,
    schedule: ScheduleShown,
    destinations: Vec<DestinationPlanned>,
}

/// What has to be done in one destination.
#[derive(Debug, Serialize)]
struct DestinationPlanned {
    name: String,
    create: usize,
    update: usize,
    delete: usize,
    unchanged: usize,
    respected: usize,
    kept: usize,
}

/// What became of one task.
#[derive(Debug, Serialize)]
pub struct GameEvent {
    destination: String,
    state: State,
    /// Absent for the task that reminds of the next season, and for what is no task.
    game_id: Option<String>,
    title: String,
    /// When it is due from now on: an instant in UTC, or a day.
    due: Option<String>,
    /// When it was, if that changes.
    was_due: Option<String>,
    /// Why it failed, if it did.
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Created,
    Updated,
    Deleted,
    Failed,
}

impl Event {
    /// The event that every run begins with.
    pub(super) fn started(teams: &[Tricode], season: Option<Season>, dry_run: bool) -> Self {
        let teams = teams.iter().map(|team| team.as_str()).collect();
        Self::Started { teams, season: season.map(|season| season.to_string()), dry_run }
    }
}

impl Context {
    /// Tells whoever reads along.
    pub(super) fn tell(&self, event: &Event) {
        self.listener.event(&self.settings.profile, event);
    }

    /// What hears of pauses: told again every second to the person, and once to a program.
    pub(super) fn announcing(&self) -> impl Fn(Duration, &TodoistError) + Sync + '_ {
        let is_told = AtomicBool::new(false);
        move |left, error| {
            let reason = error.to_string();
            self.listener.pausing(left, &reason);
            let is_pause = !left.is_zero();
            if !is_told.swap(is_pause, Ordering::Relaxed) && is_pause {
                let until = self.clock.now().saturating_add(left);
                let until = until.map_or_else(|_| String::new(), |it| it.to_string());
                self.tell(&Event::Pausing { until, reason });
            }
        }
    }
}

/// How the steps of a plan are told.
pub(super) struct Telling<'a> {
    pub(super) context: &'a Context,
    pub(super) loaded: &'a Loaded,
    /// What the report calls a destination.
    pub(super) name: &'a dyn Fn(&Part) -> String,
}

impl Telling<'_> {
    /// Tells what has to be done.
    pub(super) fn planned(&self, plan: &Plan) {
        let shown = |part: &Part| {
            let mut counts = Counts::default();
            part.changes.iter().for_each(|change| counts.add(change));
            DestinationPlanned {
                name: (self.name)(part),
                create: counts.created,
                update: counts.updated,
                delete: counts.deleted,
                unchanged: part.unchanged,
                respected: part.respected,
                kept: part.kept.len(),
            }
        };
        self.context.tell(&Event::Planned(Planned {
            season: self.loaded.schedule.season.to_string(),
            schedule: ScheduleShown::of(self.loaded),
            destinations: plan.parts.iter().map(shown).collect(),
        }));
    }

    /// Tells that `plan` is being carried out; `step` is what has happened.
    pub(super) fn step(&self, plan: &Plan, step: Step<'_>) {
        self.context.tell(&match step {
            Step::Sent { batch, commands } => Event::BatchSent { batch, commands },
            Step::Answered { batch, commands } => Event::BatchAnswered { batch, commands },
            Step::Made { part, change } => Event::Game(GameEvent::made((self.name)(part), change)),
            Step::Refused(refused) => Event::Game(self.failed(plan, refused)),
            Step::DealtWith(done) => {
                return self.context.listener.tasks(done, plan.changes());
            }
        });
    }

    fn failed(&self, plan: &Plan, refused: &Refused) -> GameEvent {
        let part = plan.parts.iter().find(|part| part.key == refused.key);
        let RefusedShown { game_id, title, reason } = RefusedShown::from(refused);
        GameEvent {
            destination: part.map(self.name).unwrap_or_default(),
            state: State::Failed,
            game_id,
            title,
            due: None,
            was_due: None,
            reason: Some(reason),
        }
    }
}

impl GameEvent {
    fn made(destination: String, change: &Change) -> Self {
        let state = match change {
            Change::Create(_) => State::Created,
            Change::Update { .. } => State::Updated,
            Change::Delete { .. } => State::Deleted,
        };
        // Zone and style are only for what people read.
        let ChangeShown { game_id, title, due, was_due, .. } =
            ChangeShown::of(change, &TimeZone::UTC, TimeStyle::default());
        Self { destination, state, game_id, title, due, was_due, reason: None }
    }
}
