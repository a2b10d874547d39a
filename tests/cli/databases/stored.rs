//! What lies in a database, and for how long.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use nbatodo::database::{Key, LONGEST};

use super::hosts::Hosts;
use super::servers::{Kind, PASSWORD, shared};
use crate::feed::{celtics_games, text};
use crate::world::{PAT, RED};

impl Hosts<'_> {
    /// The kinds of things that lie in the database, in order.
    fn shelves(&self) -> Vec<String> {
        let names = self.database.everything().into_iter().map(|(name, _)| name);
        let mut shelves: Vec<_> =
            names.map(|it| it.split(':').nth(1).unwrap().to_owned()).collect();
        shelves.sort();
        shelves
    }
}

/// The whole story of a sign-in, with every word that was said on the way.
fn story(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.world.serve_feed(text(&celtics_games(3)));
    let mut said = vec![hosts.sign_in(&["--stay-signed-in", "-vvv"], RED)];
    assert_eq!(hosts.shelves(), ["key", "key", "key", "key-ids", "session"]);
    for arguments in [
        &["status", "-vvv"][..],
        &["status", "--format", "json"],
        &["import", "--team", "BOS", "-vvv"],
    ] {
        said.push(hosts.run(arguments));
        assert_eq!(said.last().unwrap().code, Some(0), "{said:?}");
    }
    assert_eq!(hosts.world.tasks(RED).len(), 3);
    let mut lying = hosts.database.everything();

    // Renewed, and then ended; whoever types nothing but the name knows where they stand.
    let guided = |line: &str| {
        let guide = hosts.run(&[]);
        assert!(guide.exits_with(0).stdout.contains(line), "{guide:?}");
    };
    guided(", stays signed in\n");
    hosts.pass_the_hour();
    guided("Signed in  stays, for the next run\n");
    said.push(hosts.run(&["status", "-vvv"]));
    assert!(said.last().unwrap().stdout.contains("stays signed in"), "{said:?}");
    lying.extend(hosts.database.everything());
    said.push(hosts.run(&["logout", "-vvv"]));
    assert!(said.last().unwrap().stdout.contains("staying signed in ended"), "{said:?}");
    assert_eq!(hosts.shelves(), ["key", "record"], "only the client's and the record are left");
    guided("Signed in  no\n");
    hosts.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
    assert_eq!(hosts.world.sandbox.live_refresh_tokens(), 0);

    let state = hosts.world.home().join(".local/state/nbatodo");
    for folder in ["sessions", "keys"] {
        assert!(!state.join(folder).exists(), "{folder} is on the disk");
    }
    let mut secrets = hosts.world.sandbox.issued_secrets();
    assert!(secrets.len() >= 6, "{}", secrets.len());
    secrets.extend([STANDARD.encode([7; 32]), PASSWORD.to_owned()]);
    for secret in &secrets {
        let told = |text: &str| text.contains(secret.as_str());
        assert!(!lying.iter().any(|(_, bytes)| told(bytes)), "{secret} lies in clear");
        assert!(!said.iter().any(|ran| told(&ran.stdout) || told(&ran.stderr)), "{secret}");
    }
    assert!(!lying.iter().any(|(_, bytes)| bytes.contains(RED)), "who it is lies in clear");
}

#[test]
fn a_sign_in_lives_and_ends_in_redis() {
    story(Kind::Redis);
}

#[test]
fn a_sign_in_lives_and_ends_in_postgres() {
    story(Kind::Postgres);
}

/// When a sealed session says that it ends.
fn end_of(sealed: &str) -> i64 {
    let line = sealed.lines().find_map(|line| line.strip_prefix("expires: ")).unwrap();
    line.parse::<Timestamp>().unwrap().as_second()
}

#[test]
fn redis_forgets_a_session_at_the_second_in_which_it_ends() {
    let Some(database) = shared(Kind::Redis) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&["--ttl", "10"], RED);
    let end = hosts.database.redis(&["EXPIRETIME", "nbatodo:session:default"]);
    let sealed = hosts.database.get("session", "default").unwrap();
    assert_eq!(end.trim().parse::<i64>().unwrap(), end_of(&sealed));
    hosts.pass_the_hour();
    assert!(hosts.database.get("session", "default").is_none());
    // Its key is destroyed, too, and the person told, once.
    hosts.run(&["status"]).exits_with(4).complains_of(&["has expired", "nbatodo login"]);
    assert_eq!(hosts.shelves(), ["key"], "only the client's is left");
    hosts.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
}

#[test]
fn postgres_hides_a_session_that_has_ended_and_deletes_it_with_the_next_write() {
    let Some(database) = shared(Kind::Postgres) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&["--ttl", "10"], RED);
    let end = "SELECT extract(epoch FROM expires_at)::int8 FROM nbatodo_sealed \
               WHERE shelf = 'session'";
    let sealed = hosts.database.get("session", "default").unwrap();
    assert_eq!(hosts.database.sql(end).trim().parse::<i64>().unwrap(), end_of(&sealed));
    // A row that has ended and that nobody has deleted yet.
    hosts.database.sql("UPDATE nbatodo_sealed SET expires_at = now() WHERE shelf = 'session'");
    hosts.run(&["logout"]).exits_with(0);
    hosts.run(&["status"]).exits_with(4).complains_of(&["nobody is signed in"]);
    hosts.database.overwrite("session", "old", &sealed);
    hosts.database.sql("UPDATE nbatodo_sealed SET expires_at = now() WHERE shelf = 'session'");
    hosts.sign_in(&["--profile", "other"], PAT);
    assert!(hosts.database.get("session", "old").is_none(), "it was not purged");
    assert!(hosts.database.get("session", "other").is_some());
}

fn tampered(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&[], RED);
    hosts.sign_in(&["--profile", "other"], PAT);
    let mine = hosts.database.get("session", "default").unwrap();
    let other = hosts.database.get("session", "other").unwrap();
    let asked = hosts.world.sandbox.requests().len();
    let cut = &mine[..mine.len() - 2];
    let later = mine.replace("expires: 20", "expires: 21");
    for bytes in [cut, &later, "", &mine.replace("sealed: ", "sealed: A"), &other] {
        hosts.database.overwrite("session", "default", bytes);
        hosts.run(&["status"]).exits_with(4).complains_of(&["damaged", "nbatodo login"]);
    }
    assert_eq!(hosts.world.sandbox.requests().len(), asked, "Todoist was asked");
    hosts.database.overwrite("session", "default", &mine);
    hosts.run(&["status"]).exits_with(0);
    for (name, bytes) in hosts.database.everything() {
        if let Some(name) = name.strip_prefix("nbatodo:key:") {
            hosts.database.overwrite("key", name, &bytes.replace("sealed: ", "sealed: A"));
        }
    }
    hosts.run(&["status"]).exits_with(4).complains_of(&["does not open"]);
}

#[test]
fn what_was_changed_in_redis_is_damaged() {
    tampered(Kind::Redis);
}

#[test]
fn what_was_changed_in_postgres_is_damaged() {
    tampered(Kind::Postgres);
}

fn huge(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.sign_in(&[], RED);
    match kind {
        Kind::Redis => {
            drop(hosts.database.redis(&["SETRANGE", "nbatodo:session:default", "9999999", "x"]))
        }
        Kind::Postgres => drop(hosts.database.sql(
            "UPDATE nbatodo_sealed SET sealed = decode(repeat('00', 9999999), 'hex') \
             WHERE shelf = 'session'",
        )),
    }
    let read = hosts.there().load(&Key::new("session", "default")).unwrap().unwrap();
    assert_eq!(read.len(), LONGEST + 1);
    hosts.run(&["status"]).exits_with(4).complains_of(&["damaged", "nbatodo login"]);
    hosts.sign_in(&[], RED);
    hosts.run(&["status"]).exits_with(0);
}

#[test]
fn of_what_is_huge_in_redis_only_as_much_is_read_as_could_be_ours() {
    huge(Kind::Redis);
}

#[test]
fn of_what_is_huge_in_postgres_only_as_much_is_read_as_could_be_ours() {
    huge(Kind::Postgres);
}

/// Whoever has signed in counts, also if nothing of the session is left before the first import.
fn missed(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let hosts = Hosts::new(database);
    hosts.world.serve_feed(text(&celtics_games(3)));
    hosts.sign_in(&["--profile", "ann"], RED);
    hosts.sign_in(&["--profile", "ben"], PAT);
    for shelf in ["session", "key", "key-ids"] {
        hosts.database.forget(shelf);
    }
    let import = ["import", "--all-profiles", "--team", "BOS", "--spread", "0"];
    let ran = hosts.run(&import);
    let mut lines: Vec<&str> = ran.exits_with(4).stderr.lines().collect();
    lines.sort_unstable();
    let missed =
        |line: &str, name: &str| line.ends_with(&format!("nbatodo login --profile {name}"));
    assert!(missed(lines[0], "ann") && missed(lines[1], "ben") && lines.len() == 2, "{ran:?}");
    hosts.run(&["logout", "--profile", "ben"]).exits_with(0);
    let ran = hosts.run(&[&import[..], &["--share-window", "0"]].concat());
    assert!(!ran.exits_with(4).stderr.contains("ben"), "{ran:?}");
}

#[test]
fn whoever_signed_in_is_missed_in_redis() {
    missed(Kind::Redis);
}

#[test]
fn whoever_signed_in_is_missed_in_postgres() {
    missed(Kind::Postgres);
}
