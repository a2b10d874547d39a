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
        let mut doomed = vec![self.project_to_change(args)?.id.clone()];
        let (now, revision) = (self.now, self.revision());
        let holds = &mut self.account.holds;
        while let Some(id) = doomed.pop() {
            for project in holds.projects.iter_mut().filter(|it| !it.is_deleted) {
                if project.id == id {
                    (project.is_deleted, project.updated_at, project.revision) =
                        (true, now, revision);
                } else if project.parent_id.as_ref() == Some(&id) {
                    doomed.push(project.id.clone());
                }
            }
            for section in
                holds.sections.iter_mut().filter(|it| it.project_id == id && !it.is_deleted)
            {
                (section.is_deleted, section.updated_at, section.revision) = (true, now, revision);
            }
            for item in holds.items.iter_mut().filter(|it| it.project_id == id && !it.is_deleted) {
                (item.is_deleted, item.updated_at, item.revision) = (true, now, revision);
            }
        }
        Ok(None)
    }

    pub(crate) fn archive_project(&mut self, args: &Arguments, archive: bool) -> Done {
        let (now, revision) = (self.now, self.revision());
        if !archive && self.project_to_change(args)?.is_archived {
            self.room_for_project()?;
        }
        let project = self.project_to_change(args)?;
        (project.is_archived, project.updated_at, project.revision) = (archive, now, revision);
        Ok(None)
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
