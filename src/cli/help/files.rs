//! What each file is for. The places are those of Linux; `XDG_CONFIG_HOME`, `XDG_STATE_HOME` and
//! `XDG_CACHE_HOME` move them.

/// The settings.
pub const SETTINGS: &str = "~/.config/nbatodo/config.toml";
/// The sealed sessions.
pub const SESSIONS: &str = "~/.local/state/nbatodo/sessions/PROFILE.session";
/// What imports remember.
pub const IMPORTS: &str = "~/.local/state/nbatodo/imports/";
/// The keys of a key file.
pub const KEYS: &str = "~/.local/state/nbatodo/keys/";
/// The schedules that were fetched.
pub const SCHEDULES: &str = "~/.cache/nbatodo/schedules/";

/// The files, each with what it is for.
pub const TABLE: &[(&str, &str)] = &[
    (SETTINGS, "Settings, weaker than options and variables."),
    (SESSIONS, "The sealed session of a profile. It is dead after an hour, and after a logout."),
    (IMPORTS, "What imports remember, so that a later run tells your changes from the league's."),
    (KEYS, "Keys and what renews sessions, each sealed under the key file, where one is used."),
    (SCHEDULES, "Copies of the league's schedule. They can be deleted at any time."),
];

/// What the file `name` is for.
pub fn about(name: &str) -> Option<&'static str> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, about)| *about)
}
