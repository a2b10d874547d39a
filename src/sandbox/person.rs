//! What a person does in Todoist's app while a client is not looking.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::access::Caller;
use super::account::{Item, Times};
use super::due::When;
use super::oauth::scope::Scopes;
use super::reply::Refusal;
use super::server::Shared;
use super::sync::Batch;

/// A person in front of the app. Everything that they do goes through the code of the
/// commands, under the same rules and limits, and is reported by the next incremental sync;
/// it does not count as a request.
pub struct Person<'a> {
    shared: &'a Shared,
    email: String,
}

/// What a person cannot do.
#[derive(Debug, thiserror::Error)]
pub enum Impossible {
    /// Nobody has this address.
    #[error("nobody has the address {0}")]
    Nobody(String),
    /// The app says no; the error of the API, such as `{"error_tag": "ITEM_NOT_FOUND", …}`.
    #[error("the app refuses: {0}")]
    Refused(Value),
}

impl From<Refusal> for Impossible {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_json())
    }
}

/// # Errors
/// Each of them: [`Impossible`].
impl<'a> Person<'a> {
    pub(crate) fn new(shared: &'a Shared, email: &str) -> Self {
        Self { shared, email: email.to_owned() }
    }

    /// Ticks a task off: a recurring one moves on to its next day (`item_close`).
    pub fn complete(&self, task_id: &str) -> Result<(), Impossible> {
        self.does("item_close", json!({"id": task_id}))
    }

    /// Brings a completed task back (`item_uncomplete`).
    pub fn reopen(&self, task_id: &str) -> Result<(), Impossible> {
        self.does("item_uncomplete", json!({"id": task_id}))
    }

    /// Deletes a task with its subtasks (`item_delete`).
    pub fn delete(&self, task_id: &str) -> Result<(), Impossible> {
        self.does("item_delete", json!({"id": task_id}))
    }

    /// Gives a task another content (`item_update`).
    pub fn retitle(&self, task_id: &str, text: &str) -> Result<(), Impossible> {
        self.does("item_update", json!({"id": task_id, "content": text}))
    }

    /// Gives a task another description (`item_update`).
    pub fn describe(&self, task_id: &str, text: &str) -> Result<(), Impossible> {
        self.does("item_update", json!({"id": task_id, "description": text}))
    }

    /// Makes a task due at an instant, in the zone it was due in, or else in the person's
    /// (`item_update`).
    pub fn reschedule(&self, task_id: &str, at: Timestamp) -> Result<(), Impossible> {
        let task = self.task(task_id)?;
        let zone = match task.due.map(|due| due.when) {
            Some(When::Fixed(_, zone)) => zone.iana_name().map(str::to_owned),
            _ => None,
        };
        let due = json!({"date": format!("{at:.6}"), "timezone": zone});
        self.does("item_update", json!({"id": task_id, "due": due}))
    }

    /// Adds a label to a task (`item_update`).
    pub fn label(&self, task_id: &str, label: &str) -> Result<(), Impossible> {
        let mut labels = self.task(task_id)?.labels;
        labels.push(label.to_owned());
        self.does("item_update", json!({"id": task_id, "labels": labels}))
    }

    /// Moves a task with its subtasks to a section (`item_move`).
    pub fn move_to_section(&self, task_id: &str, section_id: &str) -> Result<(), Impossible> {
        self.does("item_move", json!({"id": task_id, "section_id": section_id}))
    }

    /// Moves a task with its subtasks to a project, out of any section (`item_move`).
    pub fn move_to_project(&self, task_id: &str, project_id: &str) -> Result<(), Impossible> {
        self.does("item_move", json!({"id": task_id, "project_id": project_id}))
    }

    /// Adds a task to a project and tells its id (`item_add`).
    pub fn add_task(
        &self,
        project_id: &str,
        content: &str,
        description: &str,
    ) -> Result<String, Impossible> {
        let args =
            json!({"project_id": project_id, "content": content, "description": description});
        self.makes("item_add", args)
    }

    /// Adds a subtask to a task and tells its id (`item_add`).
    pub fn add_subtask(&self, task_id: &str, content: &str) -> Result<String, Impossible> {
        self.makes("item_add", json!({"parent_id": task_id, "content": content}))
    }

    /// Writes a comment to a task (`note_add`).
    pub fn comment(&self, task_id: &str, text: &str) -> Result<(), Impossible> {
        self.does("note_add", json!({"item_id": task_id, "content": text}))
    }

    /// Deletes a reminder (`reminder_delete`).
    pub fn delete_reminder(&self, reminder_id: &str) -> Result<(), Impossible> {
        self.does("reminder_delete", json!({"id": reminder_id}))
    }

    /// Adds a section to a project and tells its id (`section_add`).
    pub fn add_section(&self, project_id: &str, name: &str) -> Result<String, Impossible> {
        self.makes("section_add", json!({"project_id": project_id, "name": name}))
    }

    /// Gives a section another name (`section_update`).
    pub fn rename_section(&self, section_id: &str, name: &str) -> Result<(), Impossible> {
        self.does("section_update", json!({"id": section_id, "name": name}))
    }

    /// Deletes a section with its tasks (`section_delete`).
    pub fn delete_section(&self, section_id: &str) -> Result<(), Impossible> {
        self.does("section_delete", json!({"id": section_id}))
    }

    /// Adds a project and tells its id (`project_add`).
    pub fn add_project(&self, name: &str) -> Result<String, Impossible> {
        self.makes("project_add", json!({"name": name}))
    }

    /// Gives a project another name (`project_update`).
    pub fn rename_project(&self, project_id: &str, name: &str) -> Result<(), Impossible> {
        self.does("project_update", json!({"id": project_id, "name": name}))
    }

    /// Archives a project with everything in it (`project_archive`).
    pub fn archive_project(&self, project_id: &str) -> Result<(), Impossible> {
        self.does("project_archive", json!({"id": project_id}))
    }

    /// Deletes a project with everything in it (`project_delete`).
    pub fn delete_project(&self, project_id: &str) -> Result<(), Impossible> {
        self.does("project_delete", json!({"id": project_id}))
    }

    /// Chooses how dates and times are shown (in the app's settings).
    pub fn reads_times_as(&self, times: Times) -> Result<(), Impossible> {
        let mut world = self.shared.world();
        let account = world.accounts.iter_mut().find(|account| account.email == self.email);
        let account = account.ok_or_else(|| self.nobody())?;
        account.holds.revision += 1;
        (account.times, account.user_revision) = (times, account.holds.revision);
        Ok(())
    }

    fn does(&self, kind: &str, args: Value) -> Result<(), Impossible> {
        self.makes(kind, args).map(drop)
    }

    /// Does what the command `kind` does, and tells the id of what it made, or nothing.
    fn makes(&self, kind: &str, args: Value) -> Result<String, Impossible> {
        let now = self.shared.clock.now();
        let mut world = self.shared.world();
        let account = world.accounts.iter().position(|account| account.email == self.email);
        let account = account.ok_or_else(|| self.nobody())?;
        // In the app a person may do everything.
        let caller = Caller { account, scopes: Scopes::all() };
        let args = match args {
            Value::Object(args) => args,
            _ => Map::new(),
        };
        Ok(Batch::new(&mut world, &caller, now).perform(kind, args)?.unwrap_or_default())
    }

    /// A task as it is now.
    fn task(&self, id: &str) -> Result<Item, Impossible> {
        let world = self.shared.world();
        let account = world.account_by_email(&self.email).ok_or_else(|| self.nobody())?;
        let task = account.holds.items.iter().find(|it| it.id == id && !it.is_deleted).cloned();
        task.ok_or_else(|| Impossible::from(Refusal::no_item()))
    }

    fn nobody(&self) -> Impossible {
        Impossible::Nobody(self.email.clone())
    }
}
