//! Whether the account's Todoist plan has room for what is planned.

use std::collections::BTreeMap;

use crate::import::place::Place;
use crate::import::plan::{Destination, NewPlace, Plan, PlanError};
use crate::import::view::View;

/// What people call the project that their tasks are in at first.
const INBOX: &str = "Inbox";

/// The room that the account's Todoist plan leaves; `None` where it names no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// More projects.
    pub projects: Option<usize>,
    /// Active tasks in one project.
    pub tasks_per_project: Option<usize>,
    /// Sections in one project.
    pub sections_per_project: Option<usize>,
}

/// What each project holds now, ours and the person's things, by Todoist's id.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// Active tasks.
    pub tasks: BTreeMap<String, usize>,
    /// Sections.
    pub sections: BTreeMap<String, usize>,
}

impl Present {
    /// What a view of all that is active tells.
    pub fn of(view: &View) -> Self {
        Self { tasks: view.tasks_by_project(), sections: view.sections_by_project() }
    }

    fn add(counts: &mut BTreeMap<String, usize>, project: &str, more: usize) -> usize {
        let count = counts.entry(project.to_owned()).or_default();
        *count += more;
        *count
    }
}

impl Plan {
    /// Checks that the account has room for it beside what is `present`.
    ///
    /// # Errors
    /// [`PlanError`].
    pub fn check_room(&self, room: Room, mut present: Present) -> Result<(), PlanError> {
        let mut projects_left = room.projects;
        for part in self.parts.iter().filter(|part| part.creations() + part.sections.len() > 0) {
            // A project that is not there yet counts under a name that no other has.
            let (project, sections) = match &part.destination {
                Destination::Existing { project, .. } => (project, 0),
                Destination::New { place: NewPlace::InboxSection { inbox }, .. } => (inbox, 1),
                Destination::New { name, place: NewPlace::Project { .. } } => {
                    if projects_left == Some(0) {
                        return Err(PlanError::NoRoomForProject { name: name.clone() });
                    }
                    projects_left = projects_left.map(|left| left - 1);
                    (&part.key, 0)
                }
                Destination::Closed { .. } => continue,
            };
            let is_inbox = matches!(part.key.parse(), Ok(Place::Inbox { .. }));
            // It is the project that is full.
            let name = || if is_inbox { INBOX } else { part.name() }.to_owned();
            let sections = part.sections.len() + sections;
            let wanted = Present::add(&mut present.sections, project, sections);
            let over = room.sections_per_project.filter(|most| wanted > *most && sections > 0);
            if let Some(most) = over {
                return Err(PlanError::NoRoomForSections { name: name(), wanted, most });
            }
            // What is deleted goes last, so it makes no room.
            let wanted = Present::add(&mut present.tasks, project, part.creations());
            let over = room.tasks_per_project.filter(|most| wanted > *most);
            if let Some(most) = over.filter(|_| part.creations() > 0) {
                return Err(PlanError::NoRoomForTasks { name: name(), wanted, most });
            }
        }
        Ok(())
    }
}
