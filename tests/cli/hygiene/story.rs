//! Everything that can happen to somebody who signs in.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nbatodo::keys::{EntryName, KeyStore};
use nbatodo::model::Profile;
use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault};
use tempfile::TempDir;

use super::evidence::Evidence;
use super::watching;
use crate::doctor::make_fifo;
use crate::feed::{celtics_games, text};
use crate::standing::{Staying, TOKEN};
use crate::world::{RED, Ran, World, free_port};

const USER: &str = "/api/v1/user";

pub(super) struct Story {
    staying: Staying,
    /// What every command line ends with.
    more: Vec<&'static str>,
    pub(super) evidence: Evidence,
    /// The addresses of consent pages, in which OAuth wants `state` and `code_challenge`.
    addresses: Vec<String>,
    master_key: [u8; 32],
    session_keys: Vec<Vec<u8>>,
    /// Files of the test's own, which are no evidence.
    outside: TempDir,
}

/// A browser in `folder` that tells what it was given, and the pipe on which it does.
pub(super) fn telling_browser(world: &World, folder: &Path) -> (PathBuf, PathBuf) {
    let (script, pipe) = (folder.join("browser"), folder.join("told"));
    make_fifo(&pipe);
    let told = format!("{{ printf '%s\\n' \"$@\"; env; }} > {}", pipe.display());
    fs::write(&script, format!("#!/bin/sh\n{told}\n")).unwrap();
    world.chmod(&script, 0o700);
    (script, pipe)
}

impl Story {
    pub(super) fn new(more: &[&'static str]) -> Self {
        let staying = Staying::nobody();
        staying.world.serve_feed(text(&celtics_games(3)));
        let mut master_key = [0; 32];
        getrandom::fill(&mut master_key).unwrap();
        fs::write(staying.world.key_file(), STANDARD.encode(master_key)).unwrap();
        Self {
            staying,
            more: more.to_vec(),
            evidence: Evidence::default(),
            addresses: Vec::new(),
            master_key,
            session_keys: Vec::new(),
            outside: TempDir::new().unwrap(),
        }
    }

    pub(super) fn world(&self) -> &World {
        &self.staying.world
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.world().command([arguments, &self.more].concat())
    }

    fn run(&mut self, arguments: &[&str]) -> Ran {
        let command = self.command(arguments);
        self.run_command(command)
    }

    pub(super) fn run_command(&mut self, command: Command) -> Ran {
        let ran = watching::run(command, &mut self.evidence);
        self.gather(ran)
    }

    /// Takes down what a run has left.
    fn gather(&mut self, ran: Ran) -> Ran {
        self.evidence.add("standard output", ran.stdout.as_bytes());
        self.evidence.add("standard error", ran.stderr.as_bytes());
        self.gather_files();
        self.note_session_key();
        ran
    }

    pub(super) fn gather_files(&mut self) {
        let (home, key_file) = (self.world().home().to_owned(), self.world().key_file());
        self.evidence.add_files(&home, &[&key_file]);
    }

    fn note_session_key(&mut self) {
        let lock = self.world().session_file("default").with_extension("lock");
        for id in fs::read_to_string(lock).unwrap_or_default().lines() {
            let name = EntryName::session(&Profile::default(), &id.parse().unwrap());
            if let Ok(Some(key)) = self.staying.keys().get(&name) {
                self.session_keys.push(key.to_vec());
            }
        }
    }

    /// Signs in with the login that `command` is, as far as `decision` goes.
    fn sign_in(&mut self, command: Command, decision: Decision) -> Ran {
        let login = self.world().start_login(command);
        watching::look(login.child.id(), &mut self.evidence);
        self.addresses.push(login.url.to_string());
        self.world().decide(&login.url, RED, decision);
        let ran = login.finish();
        self.gather(ran)
    }

    fn login(&self, more: &[&str]) -> Command {
        self.command(&[&["login", "--no-browser"], more].concat())
    }

    /// A login of a client of one's own, whose secret is in its environment.
    fn own_login(&self, more: &[&str]) -> Command {
        let port = free_port();
        let own = self.world().sandbox.own_client(&format!("http://localhost:{port}/callback"));
        let mut command = self.command(&[&["login", "--port", &port.to_string()], more].concat());
        command.env("NBATODO_CLIENT_ID", own.id).env("NBATODO_CLIENT_SECRET", own.secret);
        command
    }

    pub(super) fn signed_in_by_the_browser(&mut self) {
        let (script, pipe) = telling_browser(self.world(), self.outside.path());
        for own in [false, true] {
            let mut command = if own { self.own_login(&[]) } else { self.command(&["login"]) };
            command.env("BROWSER", &script);
            let login = self.world().start_login(command);
            watching::look(login.child.id(), &mut self.evidence);
            let told = fs::read(&pipe).unwrap();
            assert!(String::from_utf8_lossy(&told).starts_with(login.url.as_str()));
            self.evidence.add("what the browser was given", &told);
            self.addresses.push(login.url.to_string());
            self.world().decide(&login.url, RED, Decision::Allow);
            let ran = login.finish();
            self.gather(ran).exits_with(0);
        }
        self.run(&["logout"]).exits_with(0);
    }

    pub(super) fn imported_and_removed(&mut self) {
        let login = self.login(&["--allow-delete"]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        for arguments in [
            &["status"][..],
            &["import", "--team", "BOS"],
            &["import", "--team", "BOS"],
            &["doctor"],
            &["remove", "--team", "BOS", "--yes"],
            &["schedule", "--team", "BOS"],
        ] {
            self.run(arguments).exits_with(0);
        }
        self.world().sandbox.inject(Fault::next("/api/v1/revoke", Effect::Garbage));
        self.run(&["logout"]).exits_with(1);
    }

    pub(super) fn stayed_signed_in(&mut self) {
        let login = self.login(&["--stay-signed-in"]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        for _ in 0..2 {
            self.staying.pass_the_hour();
            self.run(&["doctor"]).exits_with(0);
            self.run(&["status"]).exits_with(0);
        }
        self.run(&["logout"]).exits_with(0);
        // The answer to a renewal is lost for good.
        let login = self.login(&["--stay-signed-in"]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        self.staying.pass_the_hour();
        for _ in 0..2 {
            self.world().sandbox.inject(Fault::next(TOKEN, Effect::CloseAfter));
        }
        let ran = self.run(&["import", "--team", "BOS"]);
        assert!(ran.exits_with(0).stderr.contains("last hour"), "{ran:?}");
        self.run(&["doctor"]);
        self.run(&["logout"]);
        // Todoist ends the grant.
        let login = self.login(&["--stay-signed-in"]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        self.staying.pass_the_hour();
        self.world().sandbox.remove_apps(RED);
        self.run(&["status"]).exits_with(4);
    }

    pub(super) fn failed_to_sign_in(&mut self) {
        let login = self.login(&[]);
        self.sign_in(login, Decision::Deny).exits_with(4);
        for fault in [
            Fault::next(TOKEN, Effect::Garbage),
            Fault::answer(TOKEN, 400, &[], r#"{"error":"invalid_grant"}"#),
            Fault::next(TOKEN, Effect::CutAnswer),
            Fault::next(USER, Effect::Garbage),
            Fault::answer(USER, 401, &[], "{}"),
        ] {
            self.world().sandbox.inject(fault);
            let login = self.login(&[]);
            let ran = self.sign_in(login, Decision::Allow);
            assert_ne!(ran.code, Some(0), "{ran:?}");
        }
        let mut wrong = self.own_login(&["--no-browser"]);
        wrong.env("NBATODO_CLIENT_SECRET", "not-the-secret-of-this-client");
        let ran = self.sign_in(wrong, Decision::Allow);
        assert_ne!(ran.code, Some(0), "{ran:?}");
        self.was_forged_and_pasted();
    }

    /// A redirect that somebody made up, and then the right one, pasted.
    fn was_forged_and_pasted(&mut self) {
        let mut command = self.own_login(&["--no-browser"]);
        command.stdin(Stdio::piped());
        let mut login = self.world().start_login(command);
        self.addresses.push(login.url.to_string());
        let mut forger = TcpStream::connect(("127.0.0.1", login.port())).unwrap();
        let forged = "GET /callback?code=forged&state=wrong HTTP/1.1\r\nHost: localhost:";
        forger.write_all(format!("{forged}{}\r\n\r\n", login.port()).as_bytes()).unwrap();
        let mut page = Vec::new();
        forger.read_to_end(&mut page).unwrap();
        self.evidence.add("the page that a forger sees", &page);
        let redirect = self.world().consent(&login.url, RED);
        let mut stdin = login.child.stdin.take().unwrap();
        stdin.write_all(format!("{redirect}\n").as_bytes()).unwrap();
        let ran = login.finish();
        self.gather(ran).exits_with(0);
    }

    pub(super) fn ended_badly(&mut self) {
        let login = self.login(&[]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        self.staying.pass_the_hour();
        self.run(&["doctor"]).exits_with(0);
        self.run(&["import", "--team", "BOS"]).exits_with(4);

        let login = self.login(&[]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        self.world().sandbox.remove_apps(RED);
        self.run(&["import", "--team", "BOS"]).exits_with(4);

        let login = self.login(&[]);
        self.sign_in(login, Decision::Allow).exits_with(0);
        fs::write(self.world().session_file("default"), "rubbish").unwrap();
        self.run(&["status"]).exits_with(4);
        self.run(&["doctor"]).exits_with(1);
        self.run(&["logout"]).exits_with(1);
    }

    pub(super) fn was_given_a_token(&mut self) {
        let token = self.world().sandbox.personal_token(RED).unwrap();
        let file = self.outside.path().join("token");
        fs::write(&file, &token).unwrap();
        self.world().chmod(&file, 0o600);
        for arguments in [&["status"][..], &["import", "--team", "BOS"], &["doctor"], &["login"]] {
            let mut by_variable = self.command(arguments);
            by_variable.env("NBATODO_TOKEN", &token);
            self.run_command(by_variable);
            let mut by_file = self.command(arguments);
            by_file.env("NBATODO_TOKEN_FILE", &file);
            self.run_command(by_file);
        }
        self.world().sandbox.inject(Fault::answer(USER, 401, &[], "{}"));
        let mut refused = self.command(&["status"]);
        refused.env("NBATODO_TOKEN", &token);
        self.run_command(refused).exits_with(4);
    }

    /// Searches for every secret that there was.
    #[track_caller]
    pub(super) fn has_left_no_secret(&self) {
        let sandbox = &self.world().sandbox;
        let (issued, verifiers) = (sandbox.issued_secrets(), sandbox.presented_verifiers());
        assert!(issued.len() >= 30, "{} codes, tokens and client secrets", issued.len());
        assert!(verifiers.len() >= 10, "{} verifiers", verifiers.len());
        assert!(self.session_keys.len() >= 8, "{} session keys", self.session_keys.len());
        let texts = issued.iter().chain(&verifiers).map(String::as_bytes);
        let keys = self.session_keys.iter().map(Vec::as_slice).chain([&self.master_key[..]]);
        for secret in texts.chain(keys) {
            let places = self.evidence.places_of(secret);
            assert!(places.is_empty(), "{:?} is in {places:?}", String::from_utf8_lossy(secret));
        }
        let parts = ["state", "code_challenge"];
        let of = |address: &String| {
            let url: url::Url = address.parse().unwrap();
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            pairs.into_iter().filter(|(name, _)| parts.contains(&name.as_str()))
        };
        let values: Vec<_> = self.addresses.iter().flat_map(of).collect();
        assert_eq!(values.len(), 2 * self.addresses.len());
        for (name, value) in values {
            let places = self.evidence.places_outside(&value, &self.addresses);
            assert!(places.is_empty(), "{name} is in {places:?}");
        }
        // The search looked where there was something to see.
        for (place, part) in [
            ("a command line", "--no-browser"),
            ("what the browser was given", "NBATODO_KEY_FILE="),
            ("the file ", "Sealed by nbatodo"),
            ("standard output", "Celtics"),
            ("standard error", "nbatodo: "),
        ] {
            assert!(self.evidence.has(place, part), "nothing was seen in {place}");
        }
    }

    /// Starts a shell with a child, both with `variable`, and looks until `place` has it.
    pub(super) fn sees(&mut self, variable: &str, place: &str) {
        let (name, value) = variable.split_once('=').unwrap();
        let mut shell = self.world().shell("cat; :");
        shell.env(name, value).stdin(Stdio::piped());
        let mut child = shell.spawn().unwrap();
        while !self.evidence.has(place, value) {
            watching::look(child.id(), &mut self.evidence);
        }
        drop(child.stdin.take());
        child.wait().unwrap();
    }
}
