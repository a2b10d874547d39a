//! Which settings a command does without, so that one of them that is wrong does not end it.

use crate::cli::args::Command;
use crate::cli::config_args::What;
use crate::settings::{InvalidSetting, Key, Source};

/// Whether `command` does without what is wrong there.
///
/// A mistake in a setting ends the commands that use it, and no other: nobody is kept from
/// signing out by a priority that there is none of. Where sessions and keys lie, and whom a token
/// may be sent to, is never passed over but by what shows it.
pub(super) fn does_without(command: &Command, mistake: &InvalidSetting) -> bool {
    let InvalidSetting::Chosen { key, at, .. } = mistake else { return false };
    let is_kept = matches!(at, Source::Variable | Source::File(_) | Source::Table(..));
    is_kept && !uses(command, *key)
}

/// Whether what is passed over is told: by commands that heed settings, and are not just about to
/// change them.
pub(super) fn tells(command: &Command) -> bool {
    match command {
        // One value alone is its own answer.
        Command::Config(config) => matches!(config.what, What::Show { key: None, .. }),
        Command::Login(_)
        | Command::Import(_)
        | Command::Remove(_)
        | Command::Logout
        | Command::Status
        | Command::Schedule(_) => true,
        Command::Teams
        | Command::Guide
        | Command::Doctor(_)
        | Command::Demo(_)
        | Command::Sandbox(_)
        | Command::Completions(_)
        | Command::Man(_) => false,
    }
}

fn uses(command: &Command, key: Key) -> bool {
    match (command, key) {
        // It shows what is wrong.
        (Command::Config(_), _) => false,
        // It says how to repair whatever is wrong.
        (Command::Guide, _) => true,
        (
            _,
            Key::Profile
            | Key::SessionStore
            | Key::KeyStore
            | Key::KeyFile
            | Key::ClientId
            | Key::ClientSecret
            | Key::ApiUrl
            | Key::AuthUrl
            | Key::ScheduleUrl,
        ) => true,
        (Command::Logout | Command::Status, _) => false,
        (_, Key::Format | Key::Color | Key::Plain | Key::Deadline) => true,
        (Command::Login(_), Key::Team | Key::Timezone) => true,
        (Command::Remove(_), Key::Team) => true,
        (Command::Schedule(_), Key::Team | Key::Timezone | Key::StrictFeed) => true,
        (Command::Import(_), key) => key != Key::Timezone,
        _ => false,
    }
}
