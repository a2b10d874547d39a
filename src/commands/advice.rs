//! What a person can do where an import does not go where they want it.

use crate::import::{NoSuchProject, PlanError};

/// What a person can do where there is no room, or the games are elsewhere.
pub(super) fn way_out(error: &PlanError) -> String {
    match error {
        PlanError::NoRoomForProject { .. } => {
            "Import into a section of your Inbox with --destination inbox, into a project of yours \
             with --destination project:NAME, or archive a project first."
        }
        PlanError::NoRoomForTasks { .. } => {
            "Narrow it, for instance with a smaller --next, with --home or an earlier --to, or complete or \
             move tasks of that project."
        }
        PlanError::NoRoomForSections { .. } => {
            "Delete or move sections of that project, or leave out --section-by or, for a section \
             of the Inbox, --destination inbox."
        }
        PlanError::HeldElsewhere { option, .. } => {
            return format!(
                "Run the same command with {option}, or take them back first with \
                 \"nbatodo remove\", and tick off or delete what that keeps."
            );
        }
        PlanError::NoInbox => "Import into a project instead, without --destination inbox.",
    }
    .to_owned()
}

/// How to say better which project is meant.
pub(super) fn another_project(error: &NoSuchProject) -> String {
    match error {
        NoSuchProject::Unknown(_) => {
            "Name one by its name, its id or its link: --destination project:NAME".to_owned()
        }
        NoSuchProject::Ambiguous { ids, .. } => {
            let ids: Vec<String> = ids.iter().map(|id| format!("project:{id}")).collect();
            format!("Say which by its id: {}", ids.join(" or "))
        }
        NoSuchProject::Inbox(_) => "Import into a section of it: --destination inbox".to_owned(),
    }
}
