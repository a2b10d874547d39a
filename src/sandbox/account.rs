//! An account and what it holds.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::due::Due;
use super::mint::Mint;

/// A project, with the documented fields that can differ between projects.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of Todoist's documentation")]
pub struct Project {
    pub id: String,
    pub name: String,
    pub color: String,
    pub view_style: String,
    pub description: String,
    pub parent_id: Option<String>,
    pub child_order: i64,
    pub is_favorite: bool,
    pub is_archived: bool,
    pub is_deleted: bool,
    pub inbox_project: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The account's revision in which it last changed.
    pub(crate) revision: u64,
}

/// A section of a project.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of Todoist's documentation")]
pub struct Section {
    pub id: String,
    pub project_id: String,
    pub name: String,
    pub section_order: i64,
    pub is_deleted: bool,
    pub added_at: Timestamp,
    pub updated_at: Timestamp,
    /// The account's revision in which it last changed.
    pub(crate) revision: u64,
}

/// A task. The API calls it an item.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of Todoist's documentation")]
pub struct Item {
    pub id: String,
    pub project_id: String,
    pub section_id: Option<String>,
    pub parent_id: Option<String>,
    pub content: String,
    pub description: String,
    pub due: Option<Due>,
    /// `{"amount", "unit"}`.
    pub duration: Option<Value>,
    /// 1 to 4; 4 is what the apps call p1.
    pub priority: i64,
    pub labels: Vec<String>,
    pub child_order: i64,
    pub checked: bool,
    pub is_deleted: bool,
    pub added_at: Timestamp,
    pub updated_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub note_count: u32,
    /// The account's revision in which it last changed.
    pub(crate) revision: u64,
}

/// A reminder of a task.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of Todoist's documentation")]
pub struct Reminder {
    pub id: String,
    pub item_id: String,
    pub minute_offset: Option<i64>,
    pub due: Option<Due>,
    pub is_deleted: bool,
    /// The account's revision in which it last changed.
    pub(crate) revision: u64,
}

/// A comment on a task. The API calls it a note.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of Todoist's documentation")]
pub struct Note {
    pub id: String,
    pub item_id: String,
    pub content: String,
}

/// What an account holds, deleted and completed things included.
#[derive(Clone, Debug, Default)]
pub struct AccountSnapshot {
    /// Every project, the Inbox first.
    pub projects: Vec<Project>,
    /// Every section.
    pub sections: Vec<Section>,
    /// Every task.
    pub items: Vec<Item>,
    /// Every reminder.
    pub reminders: Vec<Reminder>,
    /// Every comment.
    pub notes: Vec<Note>,
    /// Counts up with every command executed.
    pub(crate) revision: u64,
}

/// How a person reads dates and times, in the numbers of the resource `user`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// 0 for 24 hours, 1 for 12.
    pub time_format: u8,
    /// 0 for DD-MM-YYYY, 1 for MM-DD-YYYY.
    pub date_format: u8,
    /// 1 for Monday to 7 for Sunday.
    pub start_day: u8,
}

/// A person's account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) full_name: String,
    pub(crate) zone: TimeZone,
    /// How the person reads dates and times.
    pub(crate) times: Times,
    pub(crate) inbox_id: String,
    pub(crate) is_premium: bool,
    /// The revision at which the resource `user` changed last.
    pub(crate) user_revision: u64,
    /// What it holds now.
    pub(crate) holds: AccountSnapshot,
    /// The commands executed, by UUID, with the `temp_id` and id of what they made.
    pub(crate) executed: HashMap<String, Option<(String, String)>>,
    /// The types of the commands executed, in order.
    pub(crate) log: Vec<String>,
}

impl Account {
    /// An account with an empty Inbox.
    pub(crate) fn new(
        full_name: &str,
        email: &str,
        zone: &str,
        mint: &mut Mint,
        now: Timestamp,
    ) -> Self {
        let inbox = Project {
            id: mint.id(),
            name: "Inbox".to_owned(),
            color: "grey".to_owned(),
            view_style: "list".to_owned(),
            description: String::new(),
            parent_id: None,
            child_order: 0,
            is_favorite: false,
            is_archived: false,
            is_deleted: false,
            inbox_project: true,
            created_at: now,
            updated_at: now,
            revision: 0,
        };
        Self {
            id: mint.id(),
            email: email.to_owned(),
            full_name: full_name.to_owned(),
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            times: Times { time_format: 0, date_format: 0, start_day: 1 },
            user_revision: 0,
            inbox_id: inbox.id.clone(),
            is_premium: false,
            holds: AccountSnapshot { projects: vec![inbox], ..AccountSnapshot::default() },
            executed: HashMap::new(),
            log: Vec::new(),
        }
    }

    /// The name of its zone, such as `Europe/Berlin`.
    pub(crate) fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The resource `user`.
    pub(crate) fn user_json(&self, now: Timestamp) -> Value {
        let info = self.zone.to_offset_info(now);
        let seconds = info.offset().seconds();
        let (hours, minutes) = (seconds / 3600, (seconds % 3600) / 60);
        let sign = if seconds < 0 { '-' } else { '+' };
        json!({
            "id": self.id, "email": self.email, "full_name": self.full_name,
            "inbox_project_id": self.inbox_id, "is_premium": self.is_premium,
            "premium_status": if self.is_premium { "current_personal_plan" } else { "not_premium" },
            "tz_info": {
                "timezone": self.zone_name(), "hours": hours, "minutes": minutes,
                "is_dst": i32::from(info.dst().is_dst()),
                "gmt_string": format!("{sign}{:02}:{:02}", hours.abs(), minutes.abs()),
            },
            "lang": "en",
            "time_format": self.times.time_format, "date_format": self.times.date_format,
            "start_day": self.times.start_day,
            "start_page": "today", "is_deleted": false,
        })
    }
}

impl AccountSnapshot {
    /// The active tasks of a project.
    pub(crate) fn active_in<'a>(&'a self, project: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.project_id == project && self.shows(item))
    }

    /// Whether a full sync lists the task.
    pub(crate) fn shows(&self, item: &Item) -> bool {
        !item.checked && !item.is_deleted && !self.is_archived(&item.project_id)
    }

    /// Whether a full sync lists the section.
    pub(crate) fn shows_section(&self, section: &Section) -> bool {
        !section.is_deleted && !self.is_archived(&section.project_id)
    }

    /// The task of a reminder.
    pub(crate) fn item_of(&self, reminder: &Reminder) -> Option<&Item> {
        self.items.iter().find(|it| it.id == reminder.item_id)
    }

    fn is_archived(&self, project: &str) -> bool {
        self.projects.iter().any(|it| it.id == project && it.is_archived)
    }

    /// The sections of a project that are not deleted.
    pub(crate) fn sections_of<'a>(&'a self, project: &'a str) -> impl Iterator<Item = &'a Section> {
        self.sections.iter().filter(move |it| it.project_id == project && !it.is_deleted)
    }
}

impl Project {
    /// Whether a full sync lists it.
    pub(crate) fn is_active(&self) -> bool {
        !self.is_archived && !self.is_deleted
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "color": self.color,
            "child_order": self.child_order, "created_at": instant(self.created_at),
            "updated_at": instant(self.updated_at), "is_archived": self.is_archived,
            "is_deleted": self.is_deleted, "is_favorite": self.is_favorite,
            "is_frozen": false, "is_collapsed": false, "is_shared": false,
            "can_assign_tasks": false, "view_style": self.view_style, "default_order": 0,
            "description": self.description, "parent_id": self.parent_id,
            "inbox_project": self.inbox_project,
        })
    }
}

impl Section {
    pub(crate) fn to_json(&self, user: &str) -> Value {
        json!({
            "id": self.id, "user_id": user, "project_id": self.project_id, "name": self.name,
            "description": "", "section_order": self.section_order,
            "added_at": instant(self.added_at), "updated_at": instant(self.updated_at),
            "archived_at": null, "is_archived": false, "is_deleted": self.is_deleted,
            "is_collapsed": false,
        })
    }
}

impl Item {
    pub(crate) fn to_json(&self, user: &str) -> Value {
        json!({
            "id": self.id, "user_id": user, "project_id": self.project_id,
            "section_id": self.section_id, "parent_id": self.parent_id, "added_by_uid": user,
            "assigned_by_uid": null, "responsible_uid": null, "labels": self.labels,
            "deadline": null, "duration": self.duration, "checked": self.checked,
            "is_deleted": self.is_deleted, "added_at": instant(self.added_at),
            "completed_at": self.completed_at.map(instant),
            "updated_at": instant(self.updated_at), "due": self.due.as_ref().map(Due::to_json),
            "priority": self.priority, "child_order": self.child_order,
            "content": self.content, "description": self.description, "day_order": -1,
            "is_collapsed": false, "note_count": self.note_count,
        })
    }
}

impl Reminder {
    /// A reminder is deleted with its task.
    pub(crate) fn to_json(&self, user: &str, is_deleted: bool) -> Value {
        json!({
            "id": self.id, "notify_uid": user, "item_id": self.item_id,
            "type": if self.due.is_some() { "absolute" } else { "relative" },
            "minute_offset": self.minute_offset, "due": self.due.as_ref().map(Due::to_json),
            "is_deleted": is_deleted,
        })
    }
}

/// An instant as Todoist writes those that it sets itself.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{at:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_a_zone_with_its_offset() {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let mint = &mut Mint::new();
        let user = Account::new("Red", "red@example.com", "America/New_York", mint, now);
        let tz_info = &user.user_json(now)["tz_info"];
        assert_eq!(tz_info["gmt_string"], "-05:00");
        assert_eq!((&tz_info["hours"], &tz_info["is_dst"]), (&json!(-5), &json!(0)));
        assert_eq!(instant(now), "2026-11-24T00:00:00.000000Z");
    }
}
