//! Commands of the sync endpoint.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use crate::todoist::Color;

/// The most commands that one request may carry (API page "Sync", "Batching commands").
pub const LARGEST_BATCH: usize = 100;

/// One change. Todoist executes a UUID once, however often it is sent.
#[derive(Clone, Debug, Serialize)]
pub struct Command {
    /// What makes sending it again harmless.
    pub uuid: Uuid,
    /// The name by which later commands mean what this one creates, if it creates anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temp_id: Option<Uuid>,
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
}

/// What a command does.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", content = "args", rename_all = "snake_case")]
pub enum Action {
    /// Creates a project.
    ProjectAdd(ProjectAdd),
    /// Creates a task.
    ItemAdd(ItemAdd),
    /// Changes fields of a task; the others stay.
    ItemUpdate(ItemUpdate),
    /// Puts a task into another section or project.
    ItemMove(ItemMove),
    /// Deletes a task, with all that hangs on it.
    ItemDelete(Id),
    /// Creates a section.
    SectionAdd(SectionAdd),
    /// Deletes a section, with its tasks.
    SectionDelete(Id),
    /// Deletes a project, with its tasks.
    ProjectDelete(Id),
    /// Creates a reminder.
    ReminderAdd(ReminderAdd),
    /// Changes a reminder.
    ReminderUpdate(ReminderUpdate),
    /// Writes a comment to a task.
    NoteAdd(NoteAdd),
}

/// What is meant, by Todoist's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Id {
    /// Todoist's id.
    pub id: String,
}

/// A new project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectAdd {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
}

/// A new section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionAdd {
    /// Its name.
    pub name: String,
    /// The project, by id or by the temporary id of a command before this one.
    pub project_id: String,
    /// Its place among the sections of the project; `None` for the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_order: Option<u32>,
}

/// Where a task moves to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemMove {
    /// Todoist's id of the task.
    pub id: String,
    /// Where to.
    #[serde(flatten)]
    pub target: MoveTarget,
}

/// Where a task moves to: exactly one of them, as Todoist asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum MoveTarget {
    /// Into no section of this project.
    #[serde(rename = "project_id")]
    Project(String),
    /// Into this section.
    #[serde(rename = "section_id")]
    Section(String),
}

/// A new reminder, some minutes before its task is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReminderAdd {
    /// The task, by id or by the temporary id of a command before this one.
    pub item_id: String,
    /// What it is counted from.
    #[serde(rename = "type")]
    pub kind: ReminderKind,
    /// How many minutes before.
    pub minute_offset: u32,
}

/// Another time for a reminder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReminderUpdate {
    /// Todoist's id.
    pub id: String,
    /// What it is counted from.
    #[serde(rename = "type")]
    pub kind: ReminderKind,
    /// How many minutes before.
    pub minute_offset: u32,
}

/// A new comment, which the API calls a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteAdd {
    /// Todoist's id of the task.
    pub item_id: String,
    /// What it says.
    pub content: String,
}

/// What a reminder's time is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// The time at which its task is due.
    Relative,
}

/// A new task. What is `None` is left to Todoist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemAdd {
    /// Its title.
    pub content: String,
    /// What stands below the title.
    pub description: String,
    /// The project, by id or by the temporary id of a command before this one.
    pub project_id: String,
    /// The section, likewise; `None` for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_id: Option<String>,
    /// When it is due.
    pub due: Due,
    /// Its labels, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// 1 (none) to 4 (what people call p1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// For how long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Duration>,
}

/// Changes to a task. What is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ItemUpdate {
    /// Todoist's id.
    pub id: String,
    /// Its new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What stands below the title from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it is due from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// All its labels from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// Its new priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Its new duration; `Some(None)` takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Option<Duration>>,
}

/// How long a task takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// How many of the unit.
    pub amount: u32,
    /// The unit.
    pub unit: DurationUnit,
}

/// The unit of a [`Duration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DurationUnit {
    Minute,
    Day,
}

/// When a task is due (API page "Due dates").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// All day.
    Day(Date),
    /// At an instant. The zone is the one in which Todoist shows it; the instant stays where
    /// it is wherever the person goes.
    Instant {
        /// The instant.
        at: Timestamp,
        /// An IANA zone.
        zone: String,
    },
    /// Again and again, in English words such as `every October 19`.
    Recurring(String),
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut due = serializer.serialize_map(None)?;
        match self {
            Self::Day(day) => due.serialize_entry("date", &day.to_string())?,
            Self::Instant { at, zone } => {
                due.serialize_entry("date", &format!("{at:.6}"))?;
                due.serialize_entry("timezone", zone)?;
            }
            Self::Recurring(words) => {
                due.serialize_entry("string", words)?;
                due.serialize_entry("lang", "en")?;
            }
        }
        due.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn due_dates_are_written_as_documented() {
        let day = Due::Day("2026-12-04".parse().unwrap());
        assert_eq!(serde_json::to_value(&day).unwrap(), json!({"date": "2026-12-04"}));
        let at = "2026-11-28T00:30:00Z".parse().unwrap();
        let instant = Due::Instant { at, zone: "America/New_York".to_owned() };
        assert_eq!(
            serde_json::to_value(&instant).unwrap(),
            json!({"date": "2026-11-28T00:30:00.000000Z", "timezone": "America/New_York"})
        );
        let yearly = Due::Recurring("every October 19".to_owned());
        let words = json!({"string": "every October 19", "lang": "en"});
        assert_eq!(serde_json::to_value(&yearly).unwrap(), words);
    }

    #[test]
    fn a_task_moves_to_exactly_one_place() {
        let to = |target| ItemMove { id: "t".to_owned(), target };
        assert_eq!(
            serde_json::to_value(to(MoveTarget::Section("s".to_owned()))).unwrap(),
            json!({"id": "t", "section_id": "s"})
        );
        assert_eq!(
            serde_json::to_value(to(MoveTarget::Project("p".to_owned()))).unwrap(),
            json!({"id": "t", "project_id": "p"})
        );
    }

    #[test]
    fn a_reminder_counts_from_when_its_task_is_due() {
        let (item_id, kind) = ("t".to_owned(), ReminderKind::Relative);
        assert_eq!(
            serde_json::to_value(ReminderAdd { item_id, kind, minute_offset: 60 }).unwrap(),
            json!({"item_id": "t", "type": "relative", "minute_offset": 60})
        );
    }

    #[test]
    fn a_command_names_type_uuid_temp_id_and_args() {
        let add = ProjectAdd { name: "Celtics schedule".to_owned(), color: Color::Green };
        let command = Command {
            uuid: Uuid::from_u128(1),
            temp_id: Some(Uuid::from_u128(2)),
            action: Action::ProjectAdd(add),
        };
        assert_eq!(
            serde_json::to_value(&command).unwrap(),
            json!({
                "type": "project_add",
                "uuid": "00000000-0000-0000-0000-000000000001",
                "temp_id": "00000000-0000-0000-0000-000000000002",
                "args": {"name": "Celtics schedule", "color": "green"},
            })
        );
    }
}
