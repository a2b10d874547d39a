//! Commands on projects.

use super::arguments::Arguments;
use super::commands::{Batch, Done, within};
use crate::sandbox::account::Project;
use crate::sandbox::reply::Refusal;

const COLORS: [&str; 20] = [
    "berry_red",
    "red",
    "orange",
    "yellow",
    "olive_green",
    "lime_green",
    "green",
    "mint_green",
    "teal",
    "sky_blue",
    "light_blue",
    "blue",
    "grape",
    "violet",
    "lavender",
    "magenta",
    "salmon",
    "charcoal",
    "grey",
    "taupe",
];
const VIEW_STYLES: [&str; 3] = ["list", "board", "calendar"];
/// The longest name of a project, in characters.
const LONGEST_NAME: usize = 120;
/// The longest description of a project or task, in characters.
pub(crate) const LONGEST_DESCRIPTION: usize = 16_383;

impl Batch<'_> {
    pub(crate) fn add_project(&mut self, args: &Arguments) -> Done {
        let name = args.required_title("name", LONGEST_NAME)?;
        let parent_id = args.id("parent_id")?;
        if let Some(parent) = &parent_id {
            self.live_project(parent)?;
        }
        let present = self.room_for_project()?;
        let mut project = Project {
            id: String::new(),
            name,
            color: "charcoal".to_owned(),
            view_style: "list".to_owned(),
            description: String::new(),
            parent_id,
            child_order: i64::try_from(present + 1).unwrap_or(i64::MAX),
            is_favorite: false,
            is_archived: false,
            is_deleted: false,
            inbox_project: false,
            created_at: self.now,
            updated_at: self.now,
            revision: self.revision(),
        };
        project.apply(args)?;
        project.id = self.mint.id();
        let id = project.id.clone();
        self.account.holds.projects.push(project);
        Ok(Some(id))
    }

    pub(crate) fn update_project(&mut self, args: &Arguments) -> Done {
        let (now, revision) = (self.now, self.revision());
        let project = self.project_to_change(args)?;
        let mut changed = project.clone();
        if let Some(name) = args.title("name", LONGEST_NAME)? {
            changed.name = name;
        }
        changed.apply(args)?;
        (changed.updated_at, changed.revision) = (now, revision);
        *project = changed;
        Ok(None)
    }

    /// Deletes the project with everything below it.
    pub(crate) fn delete_project(&mut self, args: &Arguments) -> Done {
        let id = self.project_to_change(args)?.id.clone();
        let doomed = self.with_subprojects(&id);
        let (now, revision) = (self.now, self.revision());
        let holds = &mut self.account.holds;
        for project in holds.projects.iter_mut().filter(|it| doomed.contains(&it.id)) {
            (project.is_deleted, project.updated_at, project.revision) = (true, now, revision);
        }
        let inside = |project: &String, is_deleted: bool| !is_deleted && doomed.contains(project);
        let sections = holds.sections.iter_mut();
        for section in sections.filter(|it| inside(&it.project_id, it.is_deleted)) {
            (section.is_deleted, section.updated_at, section.revision) = (true, now, revision);
        }
        let items = holds.items.iter_mut();
        for item in items.filter(|it| inside(&it.project_id, it.is_deleted)) {
            (item.is_deleted, item.updated_at, item.revision) = (true, now, revision);
        }
        Ok(None)
    }

    /// Archives the project with every project below it.
    pub(crate) fn archive_project(&mut self, args: &Arguments) -> Done {
        let id = self.project_to_change(args)?.id.clone();
        let archived = self.with_subprojects(&id);
        let (now, revision) = (self.now, self.revision());
        let projects = self.account.holds.projects.iter_mut();
        for project in projects.filter(|it| archived.contains(&it.id) && !it.is_archived) {
            (project.is_archived, project.updated_at, project.revision) = (true, now, revision);
        }
        Ok(None)
    }

    /// Brings the project back alone, with no project above it, as the last one.
    pub(crate) fn unarchive_project(&mut self, args: &Arguments) -> Done {
        if !self.project_to_change(args)?.is_archived {
            return Ok(None);
        }
        let last = i64::try_from(self.room_for_project()? + 1).unwrap_or(i64::MAX);
        let (now, revision) = (self.now, self.revision());
        let project = self.project_to_change(args)?;
        (project.is_archived, project.parent_id, project.child_order) = (false, None, last);
        (project.updated_at, project.revision) = (now, revision);
        Ok(None)
    }

    /// The ids of a project and of every project below it. There are no circles: no command
    /// moves a project.
    fn with_subprojects(&self, id: &str) -> Vec<String> {
        let mut found = vec![id.to_owned()];
        let mut at = 0;
        while let Some(parent) = found.get(at).cloned() {
            let below = self.account.holds.projects.iter().filter(|it| !it.is_deleted);
            let below = below.filter(|it| it.parent_id.as_ref() == Some(&parent));
            found.extend(below.map(|it| it.id.clone()));
            at += 1;
        }
        found
    }

    /// How many projects there are, if there can be one more. The Inbox is not counted.
    fn room_for_project(&self) -> Result<usize, Refusal> {
        let own = |it: &&Project| it.is_active() && !it.inbox_project;
        let present = self.account.holds.projects.iter().filter(own).count();
        within("MAX_PROJECTS_LIMIT_REACHED", "projects", present, self.limits.max_projects)?;
        Ok(present)
    }

    /// A project that tasks and sections can be put in.
    pub(crate) fn live_project(&self, id: &str) -> Result<&Project, Refusal> {
        let found = self.account.holds.projects.iter().find(|it| it.id == id && it.is_active());
        found.ok_or_else(no_project)
    }

    /// The project named by `id`. Nobody changes the Inbox.
    fn project_to_change(&mut self, args: &Arguments) -> Result<&mut Project, Refusal> {
        let id = args.required_id("id")?;
        let mut projects = self.account.holds.projects.iter_mut();
        let project = projects.find(|it| it.id == id && !it.is_deleted).ok_or_else(no_project)?;
        if project.inbox_project {
            return Err(Refusal::new(403, "FORBIDDEN", 403, "The Inbox cannot be changed"));
        }
        Ok(project)
    }
}

impl Project {
    /// Takes over the arguments that adding and updating share.
    fn apply(&mut self, args: &Arguments) -> Result<(), Refusal> {
        if let Some(color) = args.one_of("color", &COLORS)? {
            self.color = color;
        }
        if let Some(view_style) = args.one_of("view_style", &VIEW_STYLES)? {
            self.view_style = view_style;
        }
        if let Some(description) = args.text("description", LONGEST_DESCRIPTION)? {
            self.description = description;
        }
        if let Some(is_favorite) = args.flag("is_favorite")? {
            self.is_favorite = is_favorite;
        }
        Ok(())
    }
}

fn no_project() -> Refusal {
    Refusal::new(404, "PROJECT_NOT_FOUND", 21, "Project not found")
}
