//! What a person can do about a failure, where that takes more than a line of code.

use std::time::Duration;

use crate::import::{NoSuchProject, PlanError};
use crate::model::{Profile, Tricode, counted};
use crate::settings::{Key, Source};
use crate::signin::{REDIRECT_PORTS, RedirectUri};

/// What a person can do where there is no room, or the games are elsewhere.
pub(in crate::commands) fn way_out(error: &PlanError) -> String {
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
                 \"nbatodo remove\" for that team, and tick off or delete what that keeps."
            );
        }
        PlanError::NoInbox => "Import into a project instead, without --destination inbox.",
    }
    .to_owned()
}

/// The login that allows to delete, which does not end what `stays` signed in.
pub(in crate::commands) fn login_to_delete(stays: bool) -> &'static str {
    if stays { "login --allow-delete --stay-signed-in" } else { "login --allow-delete" }
}

/// How to say better which team is meant.
pub(in crate::commands) fn one_of(teams: &[Tricode]) -> String {
    let teams: Vec<&str> = teams.iter().map(|team| team.as_str()).collect();
    format!("Say in its place: {}", teams.join(" or "))
}

/// How to say better which project is meant.
pub(in crate::commands) fn another_project(error: &NoSuchProject) -> String {
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

/// What to look at where a database does not let us in.
pub(in crate::commands) const LET_IN: &str = "Check the user, the password and the address in \
    NBATODO_SESSION_STORE, or the file that NBATODO_SESSION_STORE_PASSWORD_FILE names.";

/// What to look at where nobody listens at an address of this machine.
pub(in crate::commands) const SANDBOX_GONE: &str = "NBATODO_API_URL, or api_url in the settings, \
    points there, and nobody listens. Try again later or, if that was a sandbox which has ended, \
    type: unset NBATODO_API_URL NBATODO_AUTH_URL";

/// How to go on without a sign-in that is kept.
pub(in crate::commands) fn in_one_run() -> String {
    "Sign in and import in one run: nbatodo import --team BOS --session-store memory. To be signed in \
     from run to run, use --session-store file."
        .to_owned()
}

/// How a run that took too long goes on.
pub(in crate::commands) fn out_of_time(command: &str) -> String {
    match command {
        "import" | "remove" => {
            "The next run goes on where this one stopped; --deadline gives it longer."
        }
        _ => "Try again later, or give it longer with --deadline.",
    }
    .to_owned()
}

/// Names as a list.
pub(in crate::commands) fn listed(profiles: &[Profile]) -> String {
    profiles.iter().map(Profile::as_str).collect::<Vec<_>>().join(", ")
}

/// A length of time as it is said.
pub(in crate::commands) fn spoken(time: Duration) -> String {
    let (count, unit) = match time.as_secs() {
        seconds if seconds >= 60 && seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        seconds => (seconds, "second"),
    };
    counted(count, unit)
}

/// The way out where Todoist does not register nbatodo.
pub(in crate::commands) fn own_client() -> String {
    let uri = RedirectUri { port: REDIRECT_PORTS[0] };
    format!(
        "Register an app of your own in Todoist's App Management Console, with the redirect URL \
         {uri}, set NBATODO_CLIENT_ID to its id, and sign in with: nbatodo login --port {}",
        uri.port
    )
}

/// The way out where a company's proxy looks into connections.
pub(in crate::commands) fn certificates() -> String {
    let file = if cfg!(target_os = "linux") { ", or name its file in SSL_CERT_FILE" } else { "" };
    format!("If one is meant to be there, have its certificate added to this system{file}.")
}

/// How to get rid of a setting that is not taken.
pub(in crate::commands) fn another_setting(key: Key, source: &Source) -> Option<String> {
    let command = without_setting(key, source)?;
    Some(format!("Correct it there, or take it out with: {command}"))
}

/// How to get rid of the table of a profile, in which `keys` stand.
pub(in crate::commands) fn without_table(profile: &Profile, keys: &[Key]) -> String {
    let (first, rest) = keys.split_first().map_or(("KEY", &[][..]), |(it, rest)| (it.name(), rest));
    let command = format!("take it out with: nbatodo config unset {first} --profile {profile}");
    match rest {
        [] => command,
        _ => {
            let rest: Vec<&str> = rest.iter().map(|key| key.name()).collect();
            format!("{command} (then {})", rest.join(", "))
        }
    }
}

/// The command that takes a setting out.
pub(in crate::commands) fn without_setting(key: Key, source: &Source) -> Option<String> {
    match source {
        Source::File(_) => Some(format!("nbatodo config unset {key}")),
        Source::Table(_, profile) => {
            Some(format!("nbatodo config unset {key} --profile {profile}"))
        }
        Source::Variable => Some(format!("unset {}", key.variable())),
        // It stands in the line that was just typed, or nowhere.
        Source::Flag | Source::Default => None,
    }
}
