//! The settings that a person can choose for good, each defined once.

use std::fmt;

use crate::model::nearest;

/// A setting that can stand in `config.toml` and, in capitals behind `NBATODO_`, in the
/// environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The definitions below say what each is.
pub enum Key {
    Profile,
    Team,
    Destination,
    OneProject,
    Title,
    Label,
    Priority,
    Duration,
    Reminder,
    SectionBy,
    NotifyTask,
    YearlyReminder,
    Timezone,
    StrictFeed,
    Format,
    Color,
    Plain,
    Deadline,
    SessionStore,
    KeyStore,
    KeyFile,
    ClientId,
    ClientSecret,
    ApiUrl,
    AuthUrl,
    ScheduleUrl,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text, or a bare number.
    Amount,
    /// A list of texts, or a text with commas between.
    List,
    /// `true` or `false`.
    Switch,
    /// The path of a file; `~/` begins at the home directory.
    Path,
}

/// What there is to know of a setting.
struct Definition {
    key: Key,
    /// What it is called in `config.toml`; what else it may be called there.
    names: &'static [&'static str],
    variable: &'static str,
    kind: Kind,
    /// What of the command line says the same for one run.
    flag: Option<&'static str>,
    /// What holds where nobody says anything.
    default: &'static str,
    help: &'static str,
}

macro_rules! definitions {
    ($($key:ident $names:expr, $variable:literal, $kind:ident, $flag:expr, $default:literal,
       $help:literal;)*) => {
        [$(Definition {
            key: Key::$key,
            names: &$names,
            variable: $variable,
            kind: Kind::$kind,
            flag: $flag,
            default: $default,
            help: $help,
        }),*]
    };
}

/// In the order of [`Key`], which is that in which they are shown.
const DEFINITIONS: [Definition; 26] = definitions! {
    Profile ["profile"], "NBATODO_PROFILE", Text, Some("--profile"), "default",
        "The profile that a command is about: a name for one Todoist account.";
    Team ["team", "teams"], "NBATODO_TEAM", List, Some("--team"), "",
        "The teams of a command that names none.";
    Destination ["destination"], "NBATODO_DESTINATION", Text, Some("--destination"), "projects",
        "Where an import puts tasks: projects, inbox or project:NAME.";
    OneProject ["one_project"], "NBATODO_ONE_PROJECT", Text, Some("--one-project"), "",
        "The name of one project for the games of all teams.";
    Title ["title"], "NBATODO_TITLE", Text, Some("--title"), "{team} {vs} {opponent}",
        "The title of a task, with fields in braces.";
    Label ["label", "labels"], "NBATODO_LABEL", List, Some("--label"), "",
        "The labels of a task.";
    Priority ["priority"], "NBATODO_PRIORITY", Amount, Some("--priority"), "",
        "The priority of a task as Todoist shows it: p1 (the highest) to p4; 1 is p1.";
    Duration ["duration"], "NBATODO_DURATION", Amount, Some("--duration"), "",
        "How long a game takes, such as 2h30m.";
    Reminder ["reminder"], "NBATODO_REMINDER", Amount, Some("--reminder"), "",
        "How long before the tip-off Todoist reminds you, such as 60m or 2h.";
    SectionBy ["section_by"], "NBATODO_SECTION_BY", Text, Some("--section-by"), "",
        "By what tasks are put into sections: month or none.";
    NotifyTask ["notify_task"], "NBATODO_NOTIFY_TASK", Switch, Some("--notify-task"), "false",
        "Whether a task that moves gets a comment.";
    YearlyReminder ["yearly_reminder"], "NBATODO_YEARLY_REMINDER", Switch,
        Some("--yearly-reminder"), "false",
        "Whether a task comes back every year, the day before a season usually opens.";
    Timezone ["timezone"], "NBATODO_TIMEZONE", Text, Some("--timezone"), "",
        "The zone in which schedules are shown, such as Europe/Berlin.";
    StrictFeed ["strict_feed"], "NBATODO_STRICT_FEED", Switch, Some("--strict-feed"), "false",
        "Whether a run fails where only a copy of the league's schedule is at hand.";
    Format ["format"], "NBATODO_FORMAT", Text, Some("--format"), "human",
        "How results are printed: human or json.";
    Color ["color"], "NBATODO_COLOR", Text, Some("--color"), "auto",
        "When to use colours: auto, always or never.";
    Plain ["plain"], "NBATODO_PLAIN", Switch, Some("--plain"), "false",
        "Whether results are words alone, for screen readers and logs.";
    Deadline ["deadline"], "NBATODO_DEADLINE", Amount, Some("--deadline"), "10m",
        "How long a run may take, such as 90s, 15m or 1h30m, or none.";
    SessionStore ["session_store"], "NBATODO_SESSION_STORE", Text, Some("--session-store"), "file",
        "Where sealed sessions lie: file, memory, or the address of a database.";
    KeyStore ["key_store"], "NBATODO_KEY_STORE", Text, Some("--key-store"), "auto",
        "Where keys lie: auto, keyring, keyutils or file.";
    KeyFile ["key_file"], "NBATODO_KEY_FILE", Path, None, "",
        "The file with the master key of a machine without a keyring.";
    ClientId ["client_id"], "NBATODO_CLIENT_ID", Text, Some("--client-id"), "",
        "A client of your own at Todoist.";
    ClientSecret ["client_secret"], "NBATODO_CLIENT_SECRET", Text, None, "",
        "The secret of that client.";
    ApiUrl ["api_url"], "NBATODO_API_URL", Text, None, "https://api.todoist.com",
        "Todoist's API, with the OAuth endpoints that are not for a browser.";
    AuthUrl ["auth_url"], "NBATODO_AUTH_URL", Text, None, "https://app.todoist.com",
        "Where Todoist asks for your consent.";
    ScheduleUrl ["schedule_url"], "NBATODO_SCHEDULE_URL", Text, None,
        "https://cdn.nba.com/static/json/staticData/scheduleLeagueV2.json",
        "The league's schedule.";
};

/// The variables of all settings, in the order in which they are shown.
pub const VARIABLES: [&str; DEFINITIONS.len()] = {
    let mut variables = [""; DEFINITIONS.len()];
    let mut at = 0;
    while at < variables.len() {
        variables[at] = DEFINITIONS[at].variable;
        at += 1;
    }
    variables
};

impl Key {
    /// All of them, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = Self> {
        DEFINITIONS.iter().map(|definition| definition.key)
    }

    /// The one that is called `name` in the settings file.
    ///
    /// # Errors
    /// [`UnknownKey`], with the nearest name.
    pub fn from_name(name: &str) -> Result<Self, UnknownKey> {
        let called = DEFINITIONS.iter().find(|definition| definition.names.contains(&name));
        called.map(|definition| definition.key).ok_or_else(|| UnknownKey::new(name))
    }

    /// What it is called in the settings file.
    pub fn name(self) -> &'static str {
        self.definition().names[0]
    }

    /// All that it may be called there.
    pub fn names(self) -> &'static [&'static str] {
        self.definition().names
    }

    /// The variable of the environment.
    pub fn variable(self) -> &'static str {
        self.definition().variable
    }

    /// The option that says the same for one run, where there is one.
    pub fn flag(self) -> Option<&'static str> {
        self.definition().flag
    }

    /// How it is written.
    pub fn kind(self) -> Kind {
        self.definition().kind
    }

    /// What holds where nobody says anything; `None` where that is nothing, or depends on the
    /// team, the machine or the account.
    pub fn default_value(self) -> Option<&'static str> {
        Some(self.definition().default).filter(|default| !default.is_empty())
    }

    /// A value that it can have, as a person would type it.
    pub fn example(self) -> &'static str {
        match self {
            Self::Profile => "work",
            Self::Team => "BOS,LAL",
            Self::Destination => "inbox",
            Self::OneProject => "NBA",
            Self::Title => "\"{home} - {away}\"",
            Self::Label => "nba",
            Self::Priority => "p2",
            Self::Duration => "2h30m",
            Self::Reminder => "60m",
            Self::SectionBy => "month",
            Self::NotifyTask | Self::YearlyReminder | Self::StrictFeed | Self::Plain => "true",
            Self::Timezone => "Europe/Berlin",
            Self::Format => "json",
            Self::Color => "never",
            Self::Deadline => "5m",
            Self::SessionStore => "rediss://cache.example.com/0",
            Self::KeyStore => "keyring",
            Self::KeyFile => "~/.config/nbatodo/key",
            Self::ClientId | Self::ClientSecret => "",
            Self::ApiUrl => "https://api.todoist.com",
            Self::AuthUrl => "https://app.todoist.com",
            Self::ScheduleUrl => "https://feed.example.com/schedule.json",
        }
    }

    /// The other setting that says the same as it: one place can have only one of the two.
    pub fn rival(self) -> Option<Self> {
        match self {
            Self::Destination => Some(Self::OneProject),
            Self::OneProject => Some(Self::Destination),
            _ => None,
        }
    }

    /// What it is for, in one sentence.
    pub fn help(self) -> &'static str {
        self.definition().help
    }

    /// Whether it is never shown and never taken from the command line.
    pub fn is_secret(self) -> bool {
        self == Self::ClientSecret
    }

    /// Whether a profile's table can have one of its own.
    pub fn is_of_a_profile(self) -> bool {
        self != Self::Profile
    }

    fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no setting has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no setting {name:?}{}", with_nearest(*nearest))]
pub struct UnknownKey {
    /// The name.
    pub name: String,
    /// The setting with the nearest name, if one is near.
    pub nearest: Option<&'static str>,
}

impl UnknownKey {
    fn new(name: &str) -> Self {
        // As on the command line, or as in the environment.
        let meant = name.to_lowercase().replace('-', "_");
        let meant = meant.strip_prefix("nbatodo_").unwrap_or(&meant);
        let names = DEFINITIONS.iter().flat_map(|definition| definition.names);
        Self { name: name.to_owned(), nearest: nearest(meant, names.copied()) }
    }
}

fn with_nearest(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; nearest: {name:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_defined_once_in_its_place() {
        let mut names: Vec<&str> = Vec::new();
        for (place, key) in Key::all().enumerate() {
            assert_eq!(key as usize, place, "{key:?}");
            assert_eq!(key.variable(), format!("NBATODO_{}", key.name().to_uppercase()));
            assert!(key.help().ends_with('.') && key.help().len() < 80, "{key:?}");
            names.extend(key.names());
            for name in key.names() {
                assert_eq!(Key::from_name(name), Ok(key));
            }
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn an_unknown_one_comes_with_the_nearest_name() {
        for (name, nearest) in [
            ("tema", Some("team")),
            ("Team", Some("team")),
            ("client_secrt", Some("client_secret")),
            ("section-by", Some("section_by")),
            ("NBATODO_KEY_FILE", Some("key_file")),
            ("colour", Some("color")),
            ("xyzzy", None),
            ("", None),
        ] {
            assert_eq!(Key::from_name(name).unwrap_err().nearest, nearest, "{name}");
        }
    }
}
