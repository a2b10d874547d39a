//! What each variable of the environment is for.

use clap::Command;

use crate::settings::Key;
use crate::settings::key::VARIABLES;

/// What the variables of settings are for. That there is one for every setting is seen by the
/// test of the texts, which names all of them.
const OF_SETTINGS: &[(&str, &str)] = &[
    ("NBATODO_PROFILE", "the profile, where --profile names none"),
    ("NBATODO_TEAM", "the team, or several with commas between, where no option names one"),
    ("NBATODO_DESTINATION", "where an import puts tasks, where --destination says nothing"),
    ("NBATODO_ONE_PROJECT", "the one project for all teams, where --one-project names none"),
    ("NBATODO_TITLE", "the title of a task, where --title gives none"),
    ("NBATODO_LABEL", "its labels, with commas between, where --label gives none"),
    ("NBATODO_PRIORITY", "its priority, p1 to p4, where --priority gives none"),
    ("NBATODO_DURATION", "how long a game takes, where --duration gives nothing"),
    ("NBATODO_REMINDER", "how long before a game Todoist reminds you; see --reminder"),
    ("NBATODO_SECTION_BY", "by what tasks are put into sections; see --section-by"),
    ("NBATODO_NOTIFY_TASK", "true or false: whether a task that moves gets a comment"),
    ("NBATODO_YEARLY_REMINDER", "true or false: whether a task comes back every year"),
    ("NBATODO_TIMEZONE", "the zone in which schedules are shown, where --timezone names none"),
    ("NBATODO_STRICT_FEED", "true or false: whether a copy of the schedule makes a run fail"),
    ("NBATODO_FORMAT", "how results are printed, where --format says nothing: human or json"),
    ("NBATODO_COLOR", "when to use colours, where --color says nothing"),
    ("NBATODO_PLAIN", "true or false: whether results are words alone; see --plain"),
    ("NBATODO_DEADLINE", "how long a run may take, where --deadline says nothing"),
    (
        "NBATODO_SESSION_STORE",
        "where sessions lie, where --session-store names nothing; may hold a password",
    ),
    ("NBATODO_KEY_STORE", "where keys lie, where --key-store names nothing"),
    (
        "NBATODO_KEY_FILE",
        "the key file of a machine without a keyring (nbatodo doctor --make-key makes one)",
    ),
    ("NBATODO_CLIENT_ID", "a client of your own at Todoist, where --client-id names none"),
    ("NBATODO_CLIENT_SECRET", "the secret of that client"),
    ("NBATODO_API_URL", "another Todoist, such as that of nbatodo sandbox: its API"),
    ("NBATODO_AUTH_URL", "another Todoist: the page that asks for your consent"),
    ("NBATODO_SCHEDULE_URL", "another address for the league's schedule"),
];

/// What the others are for.
const OTHERS: &[(&str, &str)] = &[
    ("NBATODO_CONFIG", "the settings file, where --config names none"),
    (
        "NBATODO_TOKEN_FILE",
        "a file that only you can read, with a Todoist API token: no session is read or written",
    ),
    ("NBATODO_TOKEN", "such a token itself; the file keeps it out of the environment"),
    (
        "NBATODO_SESSION_STORE_PASSWORD_FILE",
        "a file that only you can read, with the password of the session store",
    ),
    ("BROWSER", "the browser that is opened for your consent"),
    ("NO_COLOR", "if it is set to anything: no colours, unless --color wants some"),
    ("CLICOLOR", "0: no colours"),
    ("CLICOLOR_FORCE", "anything but 0: colours even where no terminal is"),
    ("COLORTERM", "truecolor or 24bit: the terminal shows the teams' own colours"),
    ("TERM", "what the terminal can; on a dumb one there are no colours, and nothing moves"),
    ("COLUMNS", "how wide the terminal is, where it is not as wide as it says"),
    ("LC_ALL", "the language and country whose way of writing times is used"),
    ("LC_TIME", "the same, where LC_ALL is not set"),
    ("LANG", "the same, where LC_TIME is not set either"),
    ("HTTPS_PROXY", "the proxy for all requests to the outside"),
    ("NO_PROXY", "the hosts that are asked without it, with commas between"),
    ("SSL_CERT_FILE", "the certificates that are trusted in place of the system's (Linux)"),
    ("CREDENTIALS_DIRECTORY", "set by systemd: a credential nbatodo-key in it is the key file"),
];

/// The names of all of them, first those of settings.
pub const NAMES: [&str; VARIABLES.len() + OTHERS.len()] = {
    let mut names = [""; VARIABLES.len() + OTHERS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = match at < VARIABLES.len() {
            true => VARIABLES[at],
            false => OTHERS[at - VARIABLES.len()].0,
        };
        at += 1;
    }
    names
};

/// What the variable `name` is for.
pub fn about(name: &str) -> Option<&'static str> {
    let mut all = OF_SETTINGS.iter().chain(OTHERS);
    all.find(|(known, _)| *known == name).map(|(_, about)| *about)
}

/// `command` with the variable of each option that has one behind what `--help` says of it. `path`
/// is what is typed behind `nbatodo`.
pub(super) fn beside_options(command: Command, path: &str) -> Command {
    command.mut_args(|option| {
        let variable = option.get_long().and_then(|long| variable_of(path, &format!("--{long}")));
        let said = option.get_long_help().or(option.get_help()).map(ToString::to_string);
        match (variable, said) {
            (Some(variable), Some(said)) => option.long_help(format!("{said} [env: {variable}]")),
            _ => option,
        }
    })
}

/// The variable that says the same as an option, where the command heeds it: a demo heeds none,
/// and what a removal is about is never a default, but for the team.
fn variable_of(path: &str, option: &str) -> Option<&'static str> {
    let key = Key::all().find(|key| key.flag() == Some(option));
    let heeded = match path {
        "demo" => None,
        "remove" => key.filter(|key| *key == Key::Team),
        _ => key,
    };
    let of_config = (option == "--config").then_some("NBATODO_CONFIG");
    heeded.map(Key::variable).or(of_config)
}
