//! Commands on tasks.

use super::arguments::Arguments;
use super::commands::{Batch, Done, within};
use super::projects::LONGEST_DESCRIPTION;
use crate::sandbox::account::{Item, Note};
use crate::sandbox::due::Due;
use crate::sandbox::reply::Refusal;

/// The longest content of a task, in characters.
const LONGEST_CONTENT: usize = 500;

/// Where a task lies.
struct Place {
    project_id: String,
    section_id: Option<String>,
    parent_id: Option<String>,
}

impl Batch<'_> {
    pub(crate) fn add_item(&mut self, args: &Arguments) -> Done {
        let content = args.required_title("content", LONGEST_CONTENT)?;
        let place = self.place(args)?;
        self.room_in(&place.project_id, 1)?;
        let present = self.account.holds.active_in(&place.project_id).count();
        args.flag("auto_reminder")?;
        let mut item = Item {
            id: String::new(),
            project_id: place.project_id,
            section_id: place.section_id,
            parent_id: place.parent_id,
            content,
            description: String::new(),
            due: None,
            duration: None,
            priority: 1,
            labels: Vec::new(),
            child_order: i64::try_from(present + 1).unwrap_or(i64::MAX),
            checked: false,
            is_deleted: false,
            added_at: self.now,
            updated_at: self.now,
            completed_at: None,
            note_count: 0,
            revision: self.revision(),
        };
        self.apply(&mut item, args)?;
        item.id = self.mint.id();
        let id = item.id.clone();
        self.account.holds.items.push(item);
        Ok(Some(id))
    }

    pub(crate) fn update_item(&mut self, args: &Arguments) -> Done {
        let at = self.item_index(args, "id")?;
        let mut item = self.account.holds.items[at].clone();
        if let Some(content) = args.title("content", LONGEST_CONTENT)? {
            item.content = content;
        }
        self.apply(&mut item, args)?;
        self.put_back(at, item);
        Ok(None)
    }

    /// Exactly one of `project_id`, `section_id` and `parent_id` says where to. The subtasks
    /// go with the task.
    pub(crate) fn move_item(&mut self, args: &Arguments) -> Done {
        let at = self.item_index(args, "id")?;
        let targets = ["project_id", "section_id", "parent_id"];
        if targets.iter().filter(|name| args.get(name).is_some()).count() != 1 {
            return Err(Refusal::invalid("project_id", "exactly one target is needed"));
        }
        let place = self.place(args)?;
        let id = self.account.holds.items[at].id.clone();
        let moved = self.with_subtasks(&id);
        if place.parent_id.as_ref().is_some_and(|parent| moved.contains(parent)) {
            return Err(Refusal::invalid("parent_id", "a task cannot lie in itself"));
        }
        let items = self.account.holds.items.iter();
        let come = items.filter(|it| {
            moved.contains(&it.id) && !it.checked && it.project_id != place.project_id
        });
        self.room_in(&place.project_id, come.count())?;
        self.change(&moved, |item| {
            item.project_id.clone_from(&place.project_id);
            item.section_id.clone_from(&place.section_id);
            if item.id == id {
                item.parent_id.clone_from(&place.parent_id);
            }
        });
        Ok(None)
    }

    /// Completes a task with its subtasks. `item_close` does what a tick in the app does: a
    /// recurring task moves on to its next day instead.
    pub(crate) fn complete_item(&mut self, args: &Arguments, close: bool) -> Done {
        let at = self.item_index(args, "id")?;
        let mut item = self.account.holds.items[at].clone();
        if close && let Some(next) = item.due.as_ref().and_then(Due::following) {
            item.due = Some(next);
            self.put_back(at, item);
            return Ok(None);
        }
        let now = self.now;
        self.change(&self.with_subtasks(&item.id), |item| {
            (item.checked, item.completed_at) = (true, item.completed_at.or(Some(now)));
        });
        Ok(None)
    }

    /// Brings a task back, and every completed one above it.
    pub(crate) fn uncomplete_item(&mut self, args: &Arguments) -> Done {
        let at = self.item_index(args, "id")?;
        let items = &self.account.holds.items;
        let mut back = Vec::new();
        let mut next = Some(&items[at]);
        while let Some(item) = next.filter(|it| it.checked && !back.contains(&it.id)) {
            back.push(item.id.clone());
            next = items.iter().find(|it| Some(&it.id) == item.parent_id.as_ref());
        }
        self.room_in(&items[at].project_id, back.len())?;
        self.change(&back, |item| (item.checked, item.completed_at) = (false, None));
        Ok(None)
    }

    /// Writes a comment to a task.
    pub(crate) fn add_note(&mut self, args: &Arguments) -> Done {
        let content = args.required_title("content", LONGEST_DESCRIPTION)?;
        let at = self.item_index(args, "item_id")?;
        if !self.limits.has_comments {
            return Err(Refusal::new(403, "PREMIUM_ONLY", 32, "Comments need another plan"));
        }
        let mut item = self.account.holds.items[at].clone();
        item.note_count += 1;
        let (id, item_id) = (self.mint.id(), item.id.clone());
        self.put_back(at, item);
        self.account.holds.notes.push(Note { id: id.clone(), item_id, content });
        Ok(Some(id))
    }

    pub(crate) fn delete_item(&mut self, args: &Arguments) -> Done {
        let at = self.item_index(args, "id")?;
        let id = self.account.holds.items[at].id.clone();
        self.change(&self.with_subtasks(&id), |item| item.is_deleted = true);
        Ok(None)
    }

    /// Takes over the arguments that adding and updating share.
    fn apply(&self, item: &mut Item, args: &Arguments) -> Result<(), Refusal> {
        if let Some(description) = args.text("description", LONGEST_DESCRIPTION)? {
            item.description = description;
        }
        if let Some(priority) = args.number("priority", 1..=4)? {
            item.priority = priority;
        }
        if let Some(labels) = args.labels()? {
            item.labels = labels;
        }
        if let Some(order) = args.number("child_order", 0..=i64::from(i32::MAX))? {
            item.child_order = order;
        }
        if args.empties("due") {
            item.due = None;
        } else if let Some(due) = self.due(args)? {
            item.due = Some(due);
        }
        if args.empties("duration") {
            item.duration = None;
        } else if let Some(duration) = args.duration()? {
            item.duration = Some(duration);
        }
        Ok(())
    }

    pub(crate) fn due(&self, args: &Arguments) -> Result<Option<Due>, Refusal> {
        let read = |due| Due::parse(due, self.today(), &self.account.zone);
        args.get("due").map(read).transpose()
    }

    /// Where the arguments put a task; the Inbox, if they do not say.
    fn place(&self, args: &Arguments) -> Result<Place, Refusal> {
        let (project, section) = (args.id("project_id")?, args.id("section_id")?);
        if let Some(parent) = args.id("parent_id")? {
            let items = &self.account.holds.items;
            let parent = items
                .iter()
                .find(|it| it.id == parent && !it.is_deleted)
                .ok_or_else(Refusal::no_item)?;
            return Ok(Place {
                project_id: parent.project_id.clone(),
                section_id: parent.section_id.clone(),
                parent_id: Some(parent.id.clone()),
            });
        }
        let project_id = match &section {
            Some(section) => self.live_section(section)?.project_id.clone(),
            None => project.clone().unwrap_or_else(|| self.account.inbox_id.clone()),
        };
        if project.is_some_and(|project| project != project_id) {
            return Err(Refusal::invalid("section_id", "it belongs to another project"));
        }
        self.live_project(&project_id)?;
        Ok(Place { project_id, section_id: section, parent_id: None })
    }

    /// Refuses `more` active tasks that a project has no room for.
    fn room_in(&self, project: &str, more: usize) -> Result<(), Refusal> {
        if more == 0 {
            return Ok(());
        }
        let before_last = self.account.holds.active_in(project).count() + more - 1;
        within("MAX_ITEMS_LIMIT_REACHED", "tasks", before_last, self.limits.max_tasks)
    }

    pub(crate) fn item_index(&self, args: &Arguments, name: &str) -> Result<usize, Refusal> {
        let id = args.required_id(name)?;
        let mut items = self.account.holds.items.iter();
        items.position(|it| it.id == id && !it.is_deleted).ok_or_else(Refusal::no_item)
    }

    fn put_back(&mut self, at: usize, mut item: Item) {
        (item.updated_at, item.revision) = (self.now, self.revision());
        self.account.holds.items[at] = item;
    }

    /// The ids of a task and of everything below it. There are no circles: nothing can be
    /// moved below itself.
    fn with_subtasks(&self, id: &str) -> Vec<String> {
        let mut found = vec![id.to_owned()];
        let mut at = 0;
        while let Some(parent) = found.get(at).cloned() {
            let below = self.account.holds.items.iter().filter(|it| !it.is_deleted);
            let below = below.filter(|it| it.parent_id.as_ref() == Some(&parent));
            found.extend(below.map(|it| it.id.clone()));
            at += 1;
        }
        found
    }

    /// Changes the tasks with these ids.
    fn change(&mut self, ids: &[String], change: impl Fn(&mut Item)) {
        let (now, revision) = (self.now, self.revision());
        for item in self.account.holds.items.iter_mut().filter(|it| ids.contains(&it.id)) {
            change(item);
            (item.updated_at, item.revision) = (now, revision);
        }
    }
}
