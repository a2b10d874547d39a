//! What wins, what is refused, and what no error repeats.

use super::*;

fn resolve(env: Environment, toml: &str) -> Result<Settings, InvalidSetting> {
    Settings::resolve(Flags::default(), env, ConfigFile::parse(toml).unwrap())
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::read(|name| {
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn flag_beats_environment_beats_file_beats_default() {
    let toml = "profile = \"file\"\nteam = \"file\"";
    let vars = [("NBATODO_PROFILE", "env"), ("NBATODO_TEAM", "env")];
    let flags = Flags { profile: Some("flag".parse().unwrap()), ..Flags::default() };

    let all = Settings::resolve(flags, environment(&vars), ConfigFile::parse(toml).unwrap());
    let all = all.unwrap();
    assert_eq!((all.profile.as_str(), all.team.as_deref()), ("flag", Some("env")));
    let two = resolve(environment(&vars), toml).unwrap();
    assert_eq!((two.profile.as_str(), two.team.as_deref()), ("env", Some("env")));
    let one = resolve(environment(&[]), toml).unwrap();
    assert_eq!((one.profile.as_str(), one.team.as_deref()), ("file", Some("file")));
    let none = resolve(environment(&[]), "").unwrap();
    assert_eq!((none.profile.as_str(), none.team), ("default", None));
    assert_eq!(none.api.to_string(), TODOIST_API);
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let settings = resolve(environment(&[("NBATODO_PROFILE", "")]), "").unwrap();
    assert_eq!(settings.profile.as_str(), "default");
}

#[test]
fn an_error_names_its_source() {
    for (env, toml, named) in [
        (("NBATODO_API_URL", "http://example.com"), "", "NBATODO_API_URL"),
        (("NBATODO_PROFILE", "a/b"), "", "NBATODO_PROFILE"),
        (("X", ""), "auth_url = \"ftp://x\"", "auth_url"),
        (("NBATODO_SESSION_STORE", "redis://:hunter2@db"), "", "NBATODO_SESSION_STORE"),
        (("X", ""), "client_secret = \"hunter2\"", "NBATODO_CLIENT_ID"),
    ] {
        let error = resolve(environment(&[env]), toml).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    for address in ["https://me:hunter2@x.example", "http://x.example/?key=hunter2"] {
        let error = resolve(environment(&[("NBATODO_API_URL", address)]), "").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let both = environment(&[("NBATODO_TOKEN", "t"), ("NBATODO_TOKEN_FILE", "f")]);
    assert!(resolve(both, "").is_err());
}

#[test]
fn a_typo_in_the_file_is_found_and_no_secret_repeated() {
    let error = ConfigFile::parse("team = \"BOS\"\nclient_secrt = \"hunter2\"").err().unwrap();
    assert!(error.starts_with("line 2") && error.contains("client_secrt"), "{error}");
    for toml in ["client_secret = \"4242", "client_secret = 4242", "client_secret = [4242]"] {
        let error = ConfigFile::parse(toml).err().unwrap();
        assert!(!error.contains("4242"), "{error}");
    }
}

#[test]
fn a_secret_is_never_sent_with_another_clients_id() {
    let file = "client_id = \"mine\"\nclient_secret = \"hunter2\"";
    let client = |env: &[(&str, &str)], toml: &str| {
        let own = resolve(environment(env), toml).unwrap().own_client.unwrap();
        (own.id, own.secret.map(|secret| secret.expose().to_owned()))
    };
    let other = client(&[("NBATODO_CLIENT_ID", "other")], file);
    assert_eq!(other, ("other".to_owned(), None));
    assert_eq!(client(&[], file).1.as_deref(), Some("hunter2"));
    let mixed = client(&[("NBATODO_CLIENT_SECRET", "new")], "client_id = \"mine\"");
    assert_eq!(mixed, ("mine".to_owned(), Some("new".to_owned())));
    let same = client(&[("NBATODO_CLIENT_ID", "mine")], file);
    assert_eq!(same, ("mine".to_owned(), Some("hunter2".to_owned())));

    let flagged = |env: &[(&str, &str)], toml: &str| {
        let flags = Flags { client_id: Some("flag".to_owned()), ..Flags::default() };
        let all = Settings::resolve(flags, environment(env), ConfigFile::parse(toml).unwrap());
        let own = all.unwrap().own_client.unwrap();
        (own.id, own.secret.map(|secret| secret.expose().to_owned()))
    };
    let alone = resolve(environment(&[("NBATODO_CLIENT_SECRET", "new")]), "").unwrap();
    assert!(alone.unclaimed_secret && alone.own_client.is_none());
    let none = ("flag".to_owned(), None);
    assert_eq!(flagged(&[], file), none);
    let of_another = [("NBATODO_CLIENT_ID", "other"), ("NBATODO_CLIENT_SECRET", "new")];
    assert_eq!(flagged(&of_another, ""), none);
    assert_eq!(flagged(&of_another[1..], file).1.as_deref(), Some("new"));
}

#[test]
fn a_machine_tells_where_its_person_sits() {
    let screen =
        |names: &[&str]| environment(&names.iter().map(|n| (*n, "x")).collect::<Vec<_>>()).screen;
    assert_eq!(screen(&["SSH_TTY", "DISPLAY"]), Screen::Elsewhere);
    assert_eq!(screen(&["SSH_CONNECTION"]), Screen::Elsewhere);
    assert_eq!(screen(&["DISPLAY"]), Screen::Here);
    assert_eq!(screen(&["WAYLAND_DISPLAY"]), Screen::Here);
    if cfg!(target_os = "linux") {
        assert_eq!(screen(&[]), Screen::Nowhere);
    }
}
