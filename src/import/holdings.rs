//! What a Todoist account has, as far as an import needs to know.

use std::collections::HashMap;

use crate::import::wording;
use crate::model::GameId;
use crate::todoist::SyncAnswer;

/// An account before the import.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    /// Its active projects.
    pub projects: Vec<HeldProject>,
    /// Its active tasks that link to a game's page.
    pub tasks: Vec<HeldTask>,
    /// The room that its plan leaves.
    pub room: Room,
    /// The IANA zone in which its person reads times.
    pub zone: Option<String>,
}

/// An active project.
#[derive(Clone, Debug)]
pub struct HeldProject {
    /// Todoist's id.
    pub id: String,
    /// Its present name.
    pub name: String,
    /// How many active tasks are in it.
    pub tasks: usize,
}

/// An active task that links to a game's page.
#[derive(Clone, Debug)]
pub struct HeldTask {
    /// The project that it is in.
    pub project: String,
    /// Its present title.
    pub title: String,
    /// The game that it links to.
    pub game: GameId,
}

/// What the plan still has room for; `None` where it names no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    /// More projects.
    pub projects: Option<usize>,
    /// Active tasks in one project.
    pub tasks_per_project: Option<usize>,
}

impl Holdings {
    /// Reads what a full sync answered.
    pub fn of(answer: &SyncAnswer) -> Self {
        let user = answer.user.as_ref();
        let inbox = user.and_then(|user| user.inbox_project_id.as_deref());
        let active = || answer.items.iter().filter(|item| !item.checked && !item.is_deleted);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for item in active() {
            *counts.entry(item.project_id.as_str()).or_default() += 1;
        }
        let projects: Vec<HeldProject> = answer
            .projects
            .iter()
            .filter(|project| !project.is_archived && !project.is_deleted)
            .map(|project| HeldProject {
                id: project.id.clone(),
                name: project.name.clone(),
                tasks: counts.get(project.id.as_str()).copied().unwrap_or_default(),
            })
            .collect();
        let tasks = active()
            .filter_map(|item| {
                let game = wording::linked_game(&item.description)?;
                Some(HeldTask {
                    project: item.project_id.clone(),
                    title: item.content.clone(),
                    game,
                })
            })
            .collect();
        // The Inbox is no project to the limit, and a workspace has limits of its own.
        let counted = answer.projects.iter().filter(|project| {
            let personal = project.workspace_id.is_none() && Some(&*project.id) != inbox;
            personal && !project.is_archived && !project.is_deleted
        });
        let limits = answer.limits();
        let room = Room {
            projects: limits
                .max_projects
                .map(|most| (most as usize).saturating_sub(counted.count())),
            tasks_per_project: limits.max_tasks.map(|most| most as usize),
        };
        let zone = user.and_then(|user| user.tz_info.as_ref()).map(|info| info.timezone.clone());
        Self { projects, tasks, room, zone }
    }
}
