//! Databases that are away, hang or refuse, and what must never be said of them.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use super::hosts::Hosts;
use super::servers::{Kind, PASSWORD, Server, shared};
use crate::world::{RED, Ran, World, finish, free_port};

/// `status` with `store` as the session store, at the highest verbosity.
fn status(world: &World, store: &str) -> Ran {
    let ran = finish(command(world, store));
    for secret in [PASSWORD, "s3cret"] {
        assert!(!ran.stderr.contains(secret) && !ran.stdout.contains(secret), "{ran:?}");
    }
    ran
}

fn command(world: &World, store: &str) -> Command {
    let mut command = world.command(["status"]);
    command.env("NBATODO_SESSION_STORE", store);
    command
}

#[test]
fn a_database_that_is_away_or_hangs_is_code_3() {
    let world = World::new();
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let hanging = hangs.local_addr().unwrap().port();
    for scheme in ["redis", "rediss", "postgres"] {
        for port in [free_port(), hanging] {
            let ran = status(&world, &format!("{scheme}://u:s3cret@127.0.0.1:{port}/1"));
            let place =
                format!("the session store {scheme}://127.0.0.1:{port}/1 cannot be reached");
            ran.exits_with(3).complains_of(&[&place, "Try again later"]);
        }
    }
    // The guide does not wait until it is sure.
    for (port, said) in [(free_port(), "cannot be reached"), (hanging, "the database gives no")] {
        let mut guide = world.command::<&str>([]);
        guide.env("NBATODO_SESSION_STORE", format!("redis://127.0.0.1:{port}/1"));
        let guide = finish(guide);
        let told = &guide.exits_with(0).stdout;
        assert!(told.contains("Signed in  not known: ") && told.contains(said), "{told}");
    }
    let mut logout = world.command(["logout"]);
    logout.env("NBATODO_SESSION_STORE", format!("redis://127.0.0.1:{hanging}"));
    let ran = finish(logout);
    assert_eq!(ran.exits_with(3).stdout, "Nothing of profile \"default\" was signed out.\n");
}

fn not_let_in(kind: Kind) {
    let Some(database) = shared(kind) else { return };
    let world = World::new();
    let place = database.place();
    let wrong = database.url_as("nba", "s3cret");
    status(&world, &wrong).exits_with(2).complains_of(&[&place, "password"]);
    let none = wrong.replace(":s3cret", "").replace("redis://@", "redis://");
    status(&world, &none).exits_with(2).complains_of(&[&place, "password"]);
    let (there, _) =
        database.url().rsplit_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    status(&world, &format!("{there}/9999")).exits_with(2).complains_of(&["database", "/9999"]);
    // In a file that is private it is used, and in another one not.
    let file = world.home().join("password");
    fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    for (mode, code, said) in [(0o600, 4, "nobody is signed in"), (0o644, 2, "chmod 600")] {
        world.chmod(&file, mode);
        let mut command = command(&world, &none);
        command.env("NBATODO_SESSION_STORE_PASSWORD_FILE", &file);
        finish(command).exits_with(code).complains_of(&[said]);
    }
    let mut command = command(&world, &database.url());
    command.env("NBATODO_SESSION_STORE_PASSWORD_FILE", &file);
    finish(command).exits_with(2).complains_of(&["keep one"]);
}

#[test]
fn redis_that_does_not_let_in_is_code_2() {
    not_let_in(Kind::Redis);
}

#[test]
fn postgres_that_does_not_let_in_is_code_2() {
    not_let_in(Kind::Postgres);
}

#[test]
fn a_password_in_an_argument_is_refused_and_not_repeated() {
    let world = World::new();
    let ran = world.run(["status", "--session-store", "redis://u:s3cret@localhost"]);
    ran.exits_with(2).complains_of(&["--session-store", "argument", "NBATODO_SESSION_STORE"]);
    assert!(!ran.stderr.contains("s3cret"), "{ran:?}");
    let ran = world.run(["status", "--session-store", "mysql://u:s3cret@localhost"]);
    ran.exits_with(2).complains_of(&["file", "memory", "redis://", "rediss://", "postgres://"]);
    assert!(!ran.stderr.contains("s3cret"), "{ran:?}");
    for store in ["redis://u:s3cret@example.com", "postgres://u:s3cret@h/a?sslmode=disable"] {
        status(&world, store).exits_with(2).complains_of(&["encrypted"]);
    }
}

#[test]
fn a_password_in_the_settings_file_makes_it_a_private_one() {
    let world = World::new();
    let folder = world.home().join(".config/nbatodo");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.toml");
    let store = format!("redis://u:s3cret@127.0.0.1:{}", free_port());
    fs::write(&file, format!("session_store = \"{store}\"")).unwrap();
    world.chmod(&file, 0o644);
    let open = world.run(["status"]);
    open.exits_with(2).complains_of(&["chmod 600"]);
    world.chmod(&file, 0o600);
    let closed = world.run(["status"]);
    closed.exits_with(3).complains_of(&["cannot be reached"]);
    assert!(!open.stderr.contains("s3cret") && !closed.stderr.contains("s3cret"));
}

#[test]
fn redis_that_takes_nothing_says_why() {
    let Some(server) = Server::start(Kind::Redis, &[]) else { return };
    let hosts = Hosts::new(server.database());
    let login = ["login", "--no-browser"];
    hosts.database.redis(&["CONFIG", "SET", "maxmemory", "1"]);
    hosts.run(&login).exits_with(3).complains_of(&["memory is full"]);
    hosts.database.redis(&["CONFIG", "SET", "maxmemory", "0"]);
    hosts.database.redis(&["CONFIG", "SET", "appendonly", "no"]);
    let staying = ["login", "--no-browser", "--stay-signed-in"];
    hosts.run(&staying).exits_with(2).complains_of(&["crashes", "appendonly yes"]);
    // A replica of nobody is one all the same.
    hosts.database.redis(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]);
    hosts.run(&login).exits_with(3).complains_of(&["replica"]);
}

#[test]
fn a_postgres_user_who_may_make_no_table_uses_the_one_that_is_there() {
    let Some(database) = shared(Kind::Postgres) else { return };
    let hosts = Hosts::new(database);
    let (name, user) = (&hosts.database.name, format!("user_of_{}", hosts.database.name));
    hosts.database.sql(&format!("CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'"));
    let url = hosts.database.url_as(&user, PASSWORD);
    let login = || {
        let mut login = hosts.command(&["login", "--no-browser"]);
        login.env("NBATODO_SESSION_STORE", &url);
        login
    };
    finish(login()).exits_with(2).complains_of(&["may not make the table", name]);
    hosts.sign_in(&["--profile", "maker"], RED);
    hosts
        .database
        .sql(&format!("GRANT SELECT, INSERT, UPDATE, DELETE ON nbatodo_sealed TO {user}"));
    hosts.world.sign_in_by(login(), RED);
    // Elsewhere in the same database, by the search path.
    hosts.database.sql("CREATE SCHEMA apart");
    let apart = format!("{}?options=-c%20search_path%3Dapart", hosts.database.url());
    status(&hosts.world, &apart).exits_with(4).complains_of(&["nobody is signed in"]);
}
