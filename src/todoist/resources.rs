//! What Todoist answers, as far as we read it.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use uuid::Uuid;

use crate::model::{TimePreferences, plain_text};
use crate::todoist::command::Duration;

/// A page of completed tasks.
#[derive(Debug, Deserialize)]
pub struct CompletedPage {
    /// The tasks.
    pub items: Vec<Item>,
    /// What to ask the next page with.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// The person whose token it is.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// Opaque.
    pub id: String,
    /// The address that they sign in with.
    #[serde(deserialize_with = "one_line")]
    pub email: String,
    /// Their name.
    #[serde(default, deserialize_with = "one_line")]
    pub full_name: String,
    /// The project that is no project: it counts for no limit.
    #[serde(default)]
    pub inbox_project_id: Option<String>,
    /// Their time zone.
    #[serde(default)]
    pub tz_info: Option<TimeZoneInfo>,
    /// How hours count for them: 0 for 24 hours, 1 for 12.
    #[serde(default, deserialize_with = "or_none")]
    pub time_format: Option<u8>,
    /// 0 for DD-MM-YYYY, 1 for MM-DD-YYYY.
    #[serde(default, deserialize_with = "or_none")]
    pub date_format: Option<u8>,
    /// The first day of their week: 1 for Monday to 7 for Sunday.
    #[serde(default, deserialize_with = "or_none")]
    pub start_day: Option<u8>,
}

impl User {
    /// How they read dates and times.
    pub fn times(&self) -> TimePreferences {
        let Self { time_format, date_format, start_day, .. } = *self;
        TimePreferences { time_format, date_format, start_day }
    }
}

/// A name as people may have typed it, for a line of a terminal.
fn one_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer)
        .map(|name| plain_text::one_line(&name.unwrap_or_default()))
}

/// A person's time zone.
#[derive(Clone, Debug, Deserialize)]
pub struct TimeZoneInfo {
    /// Its IANA name.
    #[serde(deserialize_with = "one_line")]
    pub timezone: String,
}

/// A project.
#[derive(Clone, Debug, Deserialize)]
pub struct Project {
    /// Opaque.
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "one_line")]
    pub name: String,
    /// Put away by the person.
    #[serde(default)]
    pub is_archived: bool,
    /// Deleted; only incremental syncs list such.
    #[serde(default)]
    pub is_deleted: bool,
    /// Set for projects of a team's workspace, which count for other limits.
    #[serde(default)]
    pub workspace_id: Option<String>,
    /// Whether it is the person's Inbox.
    #[serde(default, deserialize_with = "or_default")]
    pub inbox_project: bool,
    /// The project that it is within.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Whether other people have a part in it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_shared: bool,
}

/// A section of a project.
#[derive(Clone, Debug, Deserialize)]
pub struct Section {
    /// Opaque.
    pub id: String,
    /// The project that it is in.
    #[serde(default, deserialize_with = "or_default")]
    pub project_id: String,
    /// Its name.
    #[serde(default, deserialize_with = "one_line")]
    pub name: String,
    /// Put away by the person.
    #[serde(default, deserialize_with = "or_default")]
    pub is_archived: bool,
    /// Deleted; only incremental syncs list such.
    #[serde(default, deserialize_with = "or_default")]
    pub is_deleted: bool,
}

/// A reminder of a task.
#[derive(Clone, Debug, Deserialize)]
pub struct Reminder {
    /// Opaque.
    pub id: String,
    /// The task.
    #[serde(default, deserialize_with = "or_default")]
    pub item_id: String,
    /// How many minutes before its task is due; `None` for one at a time or place of its own.
    #[serde(default, deserialize_with = "or_none")]
    pub minute_offset: Option<u32>,
    /// Deleted; only incremental syncs list such.
    #[serde(default, deserialize_with = "or_default")]
    pub is_deleted: bool,
}

/// A task.
#[derive(Clone, Debug, Deserialize)]
pub struct Item {
    /// Opaque.
    pub id: String,
    /// The project that it is in.
    pub project_id: String,
    /// The section that it is in.
    #[serde(default)]
    pub section_id: Option<String>,
    /// The task that it is a part of.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// How many comments people have written to it.
    #[serde(default, deserialize_with = "or_default")]
    pub note_count: u32,
    /// Its title.
    pub content: String,
    /// What stands below the title.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// When it is due.
    #[serde(default, deserialize_with = "or_none")]
    pub due: Option<DueSeen>,
    /// For how long.
    #[serde(default, deserialize_with = "or_none")]
    pub duration: Option<Duration>,
    /// Its labels.
    #[serde(default, deserialize_with = "or_default")]
    pub labels: Vec<String>,
    /// 1 (none) to 4 (what people call p1).
    #[serde(default = "no_priority", deserialize_with = "priority")]
    pub priority: u8,
    /// Completed.
    #[serde(default, deserialize_with = "or_default")]
    pub checked: bool,
    /// Deleted; only incremental syncs list such.
    #[serde(default, deserialize_with = "or_default")]
    pub is_deleted: bool,
}

/// Without one, a task has the lowest priority.
fn priority<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    Option::<u8>::deserialize(deserializer).map(|priority| priority.unwrap_or(1))
}

fn no_priority() -> u8 {
    1
}

/// `null` where a field is optional: as if it were not there.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A value of a shape that we do not know is as good as none; it must not keep everything else
/// from being read.
fn or_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// When a task is due, as Todoist answers it.
#[derive(Clone, Debug, Deserialize)]
pub struct DueSeen {
    /// A day, a floating moment, or an instant.
    pub date: String,
    /// The zone of an instant.
    #[serde(default)]
    pub timezone: Option<String>,
    /// What the person typed.
    #[serde(default)]
    pub string: String,
    /// Whether it comes again.
    #[serde(default)]
    pub is_recurring: bool,
}

impl DueSeen {
    /// The instant of a fixed due date. Todoist may write the same instant in another way than
    /// it was sent, so nothing else is good for a comparison.
    pub fn instant(&self) -> Option<Timestamp> {
        self.date.parse().ok()
    }
}

/// What the person's plan allows.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct PlanLimits {
    /// Projects, the Inbox not counted.
    pub max_projects: Option<u32>,
    /// Whether tasks can have a duration.
    pub durations: Option<bool>,
    /// Active tasks in one project.
    pub max_tasks: Option<u32>,
    /// Sections in one project.
    pub max_sections: Option<u32>,
    /// Whether tasks can have reminders at a time of the person's choice.
    pub reminders: Option<bool>,
    /// Whether tasks can have comments.
    pub comments: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PlanLimitsResource {
    pub(super) current: PlanLimits,
}

/// The answer to a sync.
#[derive(Debug, Default, Deserialize)]
pub struct SyncAnswer {
    /// Up to where this answer tells everything. What lacks it is no answer of Todoist's.
    pub sync_token: String,
    /// Whether it lists all that is active, or only what changed.
    #[serde(default)]
    pub full_sync: bool,
    /// As of when, for a full sync: on big accounts it can be old.
    #[serde(default)]
    pub full_sync_date_utc: Option<Timestamp>,
    /// Projects that were asked for.
    #[serde(default)]
    pub projects: Vec<Project>,
    /// Tasks that were asked for.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Sections that were asked for.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Reminders that were asked for.
    #[serde(default)]
    pub reminders: Vec<Reminder>,
    /// The person, if asked for.
    #[serde(default)]
    pub user: Option<User>,
    #[serde(default)]
    pub(super) user_plan_limits: Option<PlanLimitsResource>,
    #[serde(default)]
    pub(super) sync_status: HashMap<Uuid, Value>,
    #[serde(default)]
    pub(super) temp_id_mapping: HashMap<Uuid, String>,
}

/// Why Todoist did not execute one command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It said so.
    #[error("{0}")]
    Refused(String),
    /// It did not say, or not in words that we know: it may have executed it.
    #[error("{0}; the next run finds out whether it was done")]
    Unclear(&'static str),
}

impl SyncAnswer {
    /// What the person's plan allows, if this answer tells.
    pub fn limits(&self) -> Option<PlanLimits> {
        self.user_plan_limits.as_ref().map(|limits| limits.current)
    }

    /// The id that a created thing got.
    pub fn id_of(&self, temp_id: Uuid) -> Option<&str> {
        self.temp_id_mapping.get(&temp_id).map(String::as_str)
    }

    /// Whether a command was executed. Anything but a plain `"ok"` is a refusal: a status
    /// that we do not know must not pass for success.
    ///
    /// # Errors
    /// [`Refusal`], with Todoist's own words where it gave some.
    pub fn status_of(&self, command: Uuid) -> Result<(), Refusal> {
        match self.sync_status.get(&command) {
            Some(Value::String(status)) if status == "ok" => Ok(()),
            Some(Value::Object(error)) => {
                let text = |key: &str| error.get(key).and_then(Value::as_str);
                let words = text("error").or(text("error_tag")).unwrap_or("no reason given");
                Err(Refusal::Refused(plain_text::one_line(words)))
            }
            Some(_) => Err(Refusal::Unclear("Todoist's answer is not one that we know")),
            None => Err(Refusal::Unclear("Todoist did not answer for it")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_plain_ok_is_a_success() {
        let [ok, error, tag, odd, absent] = [1, 2, 3, 4, 5].map(Uuid::from_u128);
        let answer: SyncAnswer = serde_json::from_value(json!({"sync_token": "t", "sync_status": {
            ok.to_string(): "ok",
            error.to_string(): {"error": "Project not found", "error_tag": "NOT_FOUND"},
            tag.to_string(): {"error_tag": "MAX_ITEMS_LIMIT_REACHED"},
            odd.to_string(): "queued",
        }}))
        .unwrap();
        assert_eq!(answer.status_of(ok), Ok(()));
        assert_eq!(answer.status_of(error).unwrap_err().to_string(), "Project not found");
        assert_eq!(answer.status_of(tag).unwrap_err().to_string(), "MAX_ITEMS_LIMIT_REACHED");
        assert!(answer.status_of(odd).is_err());
        assert!(answer.status_of(absent).is_err());
    }
}
