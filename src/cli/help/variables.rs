//! What each variable of the environment is for.

/// The variables, each with what it is for.
pub const TABLE: &[(&str, &str)] = &[
    ("NBATODO_PROFILE", "the profile, where --profile names none"),
    ("NBATODO_TEAM", "the team, or several with commas between, where no option names one"),
    ("NBATODO_CONFIG", "the settings file, where --config names none"),
    (
        "NBATODO_TOKEN_FILE",
        "a file that only you can read, with a Todoist API token: no session is read or written",
    ),
    ("NBATODO_TOKEN", "such a token itself; the file keeps it out of the environment"),
    (
        "NBATODO_SESSION_STORE",
        "where sessions lie, where --session-store names nothing; may hold a password",
    ),
    (
        "NBATODO_SESSION_STORE_PASSWORD_FILE",
        "a file that only you can read, with the password of the session store",
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
    ("BROWSER", "the browser that is opened for your consent"),
    ("NO_COLOR", "if it is set to anything: no colours, unless --color wants some"),
    ("HTTPS_PROXY", "the proxy for all requests to the outside"),
    ("NO_PROXY", "the hosts that are asked without it, with commas between"),
    ("SSL_CERT_FILE", "the certificates that are trusted in place of the system's (Linux)"),
    ("CREDENTIALS_DIRECTORY", "set by systemd: a credential nbatodo-key in it is the key file"),
];

/// The names of all of them.
pub const NAMES: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = TABLE[at].0;
        at += 1;
    }
    names
};

/// What the variable `name` is for.
pub fn about(name: &str) -> Option<&'static str> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, about)| *about)
}
