//! The password of a database, and what lies in there.

use std::fs;

use nbatodo::sandbox::visitor::Decision;
use tempfile::TempDir;

use super::evidence::Evidence;
use super::story::telling_browser;
use super::watching;
use crate::databases::hosts::Hosts;
use crate::databases::servers::{Kind, PASSWORD, shared};
use crate::feed::{celtics_games, text};
use crate::world::{RED, Ran};

fn leaves_no_secret(kind: Kind) {
    for verbosity in [&[][..], &["-v"], &["-vv"], &["-vvv"]] {
        let Some(database) = shared(kind) else { return };
        let hosts = Hosts::new(database);
        hosts.world.serve_feed(text(&celtics_games(2)));
        let (mut evidence, outside) = (Evidence::default(), TempDir::new().unwrap());
        let command = |words: &[&str]| hosts.command(&[words, verbosity].concat());
        let heard = |evidence: &mut Evidence, ran: Ran| {
            evidence.add("standard output", ran.stdout.as_bytes());
            evidence.add("standard error", ran.stderr.as_bytes());
            ran
        };

        let (script, pipe) = telling_browser(&hosts.world, outside.path());
        let mut login = command(&["login", "--stay-signed-in"]);
        login.env("BROWSER", &script);
        let login = hosts.world.start_login(login);
        watching::look(login.child.id(), &mut evidence);
        evidence.add("what the browser was given", &fs::read(&pipe).unwrap());
        hosts.world.decide(&login.url, RED, Decision::Allow);
        heard(&mut evidence, login.finish()).exits_with(0);
        hosts.pass_the_hour();
        for words in [&["status"][..], &["import", "--team", "BOS"], &["doctor"]] {
            let ran = watching::run(command(words), &mut evidence);
            heard(&mut evidence, ran).exits_with(0);
        }
        for (name, bytes) in hosts.database.everything() {
            evidence.add("the database", format!("{name} {bytes}").as_bytes());
        }
        // Away, and with another password than the right one.
        for store in
            [hosts.database.url_as("nba", "wrong-4711"), "redis://:wrong-4711@127.0.0.1:9".into()]
        {
            let mut status = command(&["status"]);
            status.env("NBATODO_SESSION_STORE", store);
            let ran = watching::run(status, &mut evidence);
            assert_ne!(heard(&mut evidence, ran).code, Some(0));
        }
        let ran = watching::run(command(&["logout"]), &mut evidence);
        heard(&mut evidence, ran).exits_with(0);
        evidence.add_files(hosts.world.home(), &[&hosts.world.key_file()]);

        let mut secrets = hosts.world.sandbox.issued_secrets();
        assert!(secrets.len() >= 5, "{} codes, tokens and client secrets", secrets.len());
        secrets.extend(hosts.world.sandbox.presented_verifiers());
        secrets.extend([PASSWORD, "wrong-4711"].map(str::to_owned));
        for secret in secrets {
            let places = evidence.places_of(secret.as_bytes());
            assert!(places.is_empty(), "{secret:?} is in {places:?}");
        }
        for (place, part) in [
            ("what the browser was given", "NBATODO_KEY_FILE="),
            ("the database", "Sealed by nbatodo"),
            ("a command line", "status"),
        ] {
            assert!(evidence.has(place, part), "nothing was seen in {place}");
        }
    }
}

#[test]
fn a_sign_in_in_redis_leaves_no_secret() {
    leaves_no_secret(Kind::Redis);
}

#[test]
fn a_sign_in_in_postgres_leaves_no_secret() {
    leaves_no_secret(Kind::Postgres);
}
