//! Changes as Todoist's commands.

use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::import::apply::{Act, Reminded};
use crate::import::field::Field;
use crate::import::plan::{Closing, NewPlace};
use crate::import::task::{Occasion, Task};
use crate::import::wording;
use crate::todoist::{
    Action, Color, Due, Duration, DurationUnit, Id, ItemAdd, ItemMove, ItemUpdate, MoveTarget,
    NoteAdd, ProjectAdd, ReminderAdd, ReminderKind, ReminderUpdate, SectionAdd,
};

/// The zone of the league's own times, for an account that names none.
pub const LEAGUE_ZONE: &str = "America/New_York";

/// The zone in which a person reads times.
pub fn reading_zone(name: Option<&str>) -> TimeZone {
    let known = name.and_then(|name| TimeZone::get(name).ok());
    known.or_else(|| TimeZone::get(LEAGUE_ZONE).ok()).unwrap_or(TimeZone::UTC)
}

/// Where a command's task belongs.
#[derive(Clone, Copy, Debug)]
pub struct Whereabouts<'a> {
    /// The project, by its id or temporary id.
    pub project: &'a str,
    /// The section, likewise.
    pub section: Option<&'a str>,
    /// The zone in which times are shown.
    pub zone: &'a str,
}

/// The command for `act`. `id_of` knows what a task is called by that has only a temporary id
/// with us.
pub fn action(act: &Act<'_>, place: Whereabouts<'_>, id_of: impl FnOnce(Uuid) -> String) -> Action {
    match act {
        Act::Place { name, place: NewPlace::Project { color } } => {
            let (name, color) = ((*name).to_owned(), Color::nearest(*color));
            Action::ProjectAdd(ProjectAdd { name, color })
        }
        Act::Place { name, place: NewPlace::InboxSection { inbox } } => {
            let (name, project_id) = ((*name).to_owned(), inbox.clone());
            Action::SectionAdd(SectionAdd { name, project_id, section_order: None })
        }
        Act::Section(section) => Action::SectionAdd(SectionAdd {
            name: section.name.clone(),
            project_id: place.project.to_owned(),
            section_order: Some(section.order),
        }),
        Act::Add(task) => Action::ItemAdd(add(task, place)),
        Act::Update { id, task, fields } => {
            Action::ItemUpdate(update(id, task, fields, place.zone))
        }
        Act::Move { id } => {
            Action::ItemMove(ItemMove { id: (*id).to_owned(), target: target(place) })
        }
        Act::Delete { id } => Action::ItemDelete(Id { id: (*id).to_owned() }),
        Act::Remind { of, minutes } => remind(*of, *minutes, id_of),
        Act::Comment { id, task, was } => Action::NoteAdd(NoteAdd {
            item_id: (*id).to_owned(),
            content: wording::moved(*was, task, &reading_zone(Some(place.zone))),
        }),
        Act::Close(Closing::Project(id)) => Action::ProjectDelete(Id { id: id.clone() }),
        Act::Close(Closing::InboxSection(id) | Closing::Section(id)) => {
            Action::SectionDelete(Id { id: id.clone() })
        }
    }
}

fn remind(of: Reminded<'_>, minutes: u32, id_of: impl FnOnce(Uuid) -> String) -> Action {
    let (kind, minute_offset) = (ReminderKind::Relative, minutes);
    let item_id = match of {
        Reminded::Again(id) => {
            let id = id.to_owned();
            return Action::ReminderUpdate(ReminderUpdate { id, kind, minute_offset });
        }
        Reminded::New(temp_id) => id_of(temp_id),
        Reminded::Task(id) => id.to_owned(),
    };
    Action::ReminderAdd(ReminderAdd { item_id, kind, minute_offset })
}

fn target(place: Whereabouts<'_>) -> MoveTarget {
    match place.section {
        Some(section) => MoveTarget::Section(section.to_owned()),
        None => MoveTarget::Project(place.project.to_owned()),
    }
}

fn add(task: &Task, place: Whereabouts<'_>) -> ItemAdd {
    ItemAdd {
        content: task.content.clone(),
        description: task.description.clone(),
        project_id: place.project.to_owned(),
        section_id: place.section.map(str::to_owned),
        due: due(task.due, place.zone),
        labels: task.labels.clone().unwrap_or_default(),
        priority: task.priority,
        duration: duration(task),
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

fn due(due: Occasion, zone: &str) -> Due {
    match due {
        Occasion::At(at) => Due::Instant { at, zone: zone.to_owned() },
        Occasion::On(day) => Due::Day(day),
        Occasion::EveryYear { month, day } => Due::Recurring(Occasion::every_year(month, day)),
    }
}

/// A task without a time of day has no duration: Todoist takes one only with the other.
fn duration(task: &Task) -> Option<Duration> {
    let timed = matches!(task.due, Occasion::At(_));
    let amount = task.minutes.filter(|_| timed)?;
    Some(Duration { amount, unit: DurationUnit::Minute })
}
