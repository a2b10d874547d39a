//! Changes as Todoist's commands.

use jiff::tz::TimeZone;

use crate::import::field::Field;
use crate::import::plan::{Change, Destination};
use crate::import::task::Task;
use crate::model::Tipoff;
use crate::todoist::{Action, Color, Due, Duration, DurationUnit, ItemAdd, ItemUpdate, ProjectAdd};

/// The zone of the league's own times, for an account that names none.
pub const LEAGUE_ZONE: &str = "America/New_York";

/// The zone in which a person reads times.
pub fn reading_zone(name: Option<&str>) -> TimeZone {
    let known = name.and_then(|name| TimeZone::get(name).ok());
    known.or_else(|| TimeZone::get(LEAGUE_ZONE).ok()).unwrap_or(TimeZone::UTC)
}

/// The creation of a destination's project.
pub fn project(destination: &Destination) -> Action {
    let (name, color) = match destination {
        Destination::New { name, color } => (name.clone(), Color::nearest(*color)),
        Destination::Existing { name, .. } | Destination::Closed { name, .. } => {
            (name.clone(), Color::Charcoal)
        }
    };
    Action::ProjectAdd(ProjectAdd { name, color })
}

/// A change to a task of the project `project_id`, with times shown in `zone`.
pub fn change(change: &Change, project_id: &str, zone: &str) -> Action {
    match change {
        Change::Create(task) => Action::ItemAdd(ItemAdd {
            content: task.content.clone(),
            description: task.description.clone(),
            project_id: project_id.to_owned(),
            due: due(task.due, zone),
            labels: task.labels.clone().unwrap_or_default(),
            priority: task.priority,
            duration: duration(task),
        }),
        Change::Update { id, task, fields, .. } => {
            Action::ItemUpdate(update(id, task, fields, zone))
        }
    }
}

fn update(id: &str, task: &Task, fields: &[Field], zone: &str) -> ItemUpdate {
    let has = |field| fields.contains(&field);
    ItemUpdate {
        id: id.to_owned(),
        content: has(Field::Content).then(|| task.content.clone()),
        description: has(Field::Description).then(|| task.description.clone()),
        due: has(Field::Due).then(|| due(task.due, zone)),
        labels: has(Field::Labels).then(|| task.labels.clone().unwrap_or_default()),
        priority: task.priority.filter(|_| has(Field::Priority)),
        duration: has(Field::Duration).then(|| duration(task)),
    }
}

fn due(tipoff: Tipoff, zone: &str) -> Due {
    match tipoff {
        Tipoff::At(at) => Due::Instant { at, zone: zone.to_owned() },
        Tipoff::Undecided(day) => Due::Day(day),
    }
}

/// A task without a time of day has no duration: Todoist takes one only with the other.
fn duration(task: &Task) -> Option<Duration> {
    let timed = matches!(task.due, Tipoff::At(_));
    let amount = task.minutes.filter(|_| timed)?;
    Some(Duration { amount, unit: DurationUnit::Minute })
}
