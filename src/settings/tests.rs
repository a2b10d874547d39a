//! What wins, what is refused, and what no error repeats.

use super::*;

fn resolve(env: Environment, toml: &str) -> Result<Settings, InvalidSetting> {
    Settings::resolve(&Flags::default(), &env, &ConfigFile::parse(toml).unwrap())
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::read(|name| {
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn flag_beats_environment_beats_table_beats_file_beats_default() {
    let toml = "key_store = \"file\"\nkey_file = \"f\"\ntimezone = \"UTC\"\nteam = \"BOS\"\n\
                [profiles.default]\ntimezone = \"Europe/Berlin\"\nteam = []";
    let whence = |flags: &Flags, vars: &[(&str, &str)], toml: &str, key: Key| {
        let config = ConfigFile::parse(toml).unwrap();
        let all = Settings::resolve(flags, &environment(vars), &config).unwrap();
        all.choices.get(key).map(|it| (it.value.one().to_owned(), it.source.rank()))
    };
    let flags = Flags::default().with(Key::KeyStore, Some("keyutils"));
    let vars = [("NBATODO_KEY_STORE", "keyring"), ("NBATODO_TIMEZONE", "Asia/Tokyo")];
    let chosen = |value: &str, rank| Some((value.to_owned(), rank));
    assert_eq!(whence(&flags, &vars, toml, Key::KeyStore), chosen("keyutils", 4));
    assert_eq!(whence(&Flags::default(), &vars, toml, Key::KeyStore), chosen("keyring", 3));
    assert_eq!(whence(&flags, &vars, toml, Key::Timezone), chosen("Asia/Tokyo", 3));
    assert_eq!(whence(&flags, &[], toml, Key::Timezone), chosen("Europe/Berlin", 2));
    assert_eq!(whence(&Flags::default(), &[], toml, Key::KeyStore), chosen("file", 1));
    assert_eq!(whence(&Flags::default(), &[], "", Key::KeyStore), None);
    // An empty list is a choice, too.
    assert_eq!(resolve(environment(&[]), toml).unwrap().teams, [""; 0]);
    let other = Flags::default().with(Key::Profile, Some("other"));
    let config = ConfigFile::parse(toml).unwrap();
    let other = Settings::resolve(&other, &environment(&[]), &config).unwrap();
    assert_eq!((other.profile.as_str(), &other.teams[..]), ("other", &["BOS".to_owned()][..]));
}

#[test]
fn the_profile_that_the_file_names_has_its_table() {
    let toml = "profile = \"anna\"\nteam = \"BOS\"\n[profiles.anna]\nteams = [\"LAL\", \"NYK\"]";
    let settings = resolve(environment(&[]), toml).unwrap();
    assert_eq!((settings.profile.as_str(), settings.teams.len()), ("anna", 2));
    let settings = resolve(environment(&[("NBATODO_PROFILE", "ben")]), toml).unwrap();
    assert_eq!(settings.teams, ["BOS"]);
    let toml = "[profile.c]\n[profile.b]\ncolor = \"never\"\n[profile.a]\nteam = \"BOS\"";
    let file = ConfigFile::parse(toml).unwrap();
    // A table of which everything was taken out speaks of nobody.
    assert_eq!(file.profiles().map(Profile::as_str).collect::<Vec<_>>(), ["a", "b"]);
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
fn what_a_file_cannot_hold_is_named_with_its_line() {
    for (toml, line, part) in [
        ("\n\n[profiles.anna]\nteem = 1", 4, "team"),
        ("[profiles.anna]\nprofile = \"x\"", 2, "cannot stand"),
        ("[profiles.\"a b\"]", 1, "not a profile name"),
        ("profiles = 1", 1, "no table"),
        ("[profiles]\nanna = 1", 2, "profiles.anna is no table"),
        ("[profiles.a]\n[profile.a]", 2, "two tables"),
        ("team = \"BOS\"\nteams = \"LAL\"", 2, "team and teams"),
        ("yearly_reminder = \"yes\"", 1, "yearly_reminder is true or false"),
        ("team = [1]", 1, "a list of texts"),
        ("team = \"BOS\"\nteam = \"LAL\"", 2, "duplicate key"),
        ("\nteam = ", 2, "no TOML"),
        ("\nteam", 2, "no TOML"),
        ("[team]", 1, "wrong kind"),
    ] {
        let fault = ConfigFile::parse(toml).err().unwrap();
        assert!(fault.line == line && fault.what.contains(part), "{toml}: {fault}");
    }
    let inline = "profiles = { anna = { team = \"BOS\" }, ben = {} }\nprofile = \"anna\"";
    assert_eq!(resolve(environment(&[]), inline).unwrap().teams, ["BOS"]);
    let dotted = "profiles.anna.team = \"BOS\"\nprofile = \"anna\"";
    assert_eq!(resolve(environment(&[]), dotted).unwrap().teams, ["BOS"]);
}

#[test]
fn a_thousand_profiles_fit() {
    let table = |number| format!("[profiles.member-{number}]\nteam = [\"BOS\"]\n");
    let toml: String = (0..1000).map(table).collect();
    let file = ConfigFile::parse(&toml).unwrap();
    assert_eq!(file.profiles().count(), 1000);
}

#[test]
fn a_typo_in_the_file_is_found_and_no_secret_repeated() {
    let error = ConfigFile::parse("team = \"BOS\"\nclient_secrt = \"hunter2\"").err().unwrap();
    assert_eq!(error.repair.as_deref(), Some("config unset client_secrt"));
    let error = error.to_string();
    assert!(error.starts_with("line 2: ") && error.contains("client_secrt"), "{error}");
    assert!(error.contains("client_secret") && !error.contains("hunter2"), "{error}");
    for toml in ["client_secret = \"4242", "client_secret = 4242", "client_secret = [4242]"] {
        let error = ConfigFile::parse(toml).err().unwrap();
        assert!(!format!("{error:?}").contains("4242"), "{error}");
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
        let flags = Flags::default().with(Key::ClientId, Some("flag"));
        let all = Settings::resolve(&flags, &environment(env), &ConfigFile::parse(toml).unwrap());
        let own = all.unwrap().own_client.unwrap();
        (own.id, own.secret.map(|secret| secret.expose().to_owned()))
    };
    let alone = resolve(environment(&[("NBATODO_CLIENT_SECRET", "new")]), "").unwrap();
    assert!(alone.unclaimed_secret && alone.own_client.is_none());
    // The secret of a profile's own client is not sent with that of all.
    let two =
        "client_id = \"all\"\nclient_secret = \"hunter2\"\n[profiles.default]\nclient_id = \"own\"";
    assert_eq!(client(&[], two), ("own".to_owned(), None));
    assert!(resolve(environment(&[]), "[profiles.default]\nclient_secret = \"x\"").is_err());
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
