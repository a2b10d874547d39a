//! What the browser of the laptop is sent to reaches the login on the other machine.

use std::fs;

use reqwest::Method;
use serde_json::json;
use url::Url;

use super::host::{ADDRESS, Host, PROMPT};
use crate::chromium::{self, Browser};
use crate::cron;
use crate::own_network::in_own_network_with_accounts;
use crate::pages::the_line;
use crate::terminal::Terminal;
use crate::world::{RED, World, has, redirect_port};

fn is_installed() -> bool {
    chromium::is_installed() && ["ssh", "sshd", "ssh-keygen"].into_iter().all(has)
}

/// Types a login; returns the address that it says.
fn login(shell: &mut Terminal, line: &str) -> Url {
    shell.press(&format!("{line}\r"));
    shell.address()
}

/// A browser of the laptop's in which the person has given consent.
fn consents<'a>(world: &'a World, url: &Url) -> Browser<'a> {
    let browser = Browser::start(world);
    browser.open(url);
    browser.click("#allow");
    browser
}

/// What follows once the browser has brought the answer, up to the end of the shell.
fn leave(mut shell: Terminal) -> String {
    shell.until(|drawn| drawn.matches(PROMPT).count() == 2);
    shell.press("echo \"ended with $?\"\r");
    shell.until_drawn("ended with 0");
    shell.press("exit\r");
    let (code, drawn) = shell.finish();
    assert_eq!(code, Some(0), "{drawn}");
    drawn
}

fn is_signed_in(world: &World) {
    assert!(world.session_file("default").exists());
    assert!(world.run(["status"]).exits_with(0).stdout.contains(RED));
    assert_eq!(world.sandbox.live_tokens(), 1);
}

#[test]
fn the_line_of_the_page_brings_the_browser_of_the_laptop_back() {
    if !is_installed() {
        return;
    }
    in_own_network_with_accounts(|| {
        let world = cron::world();
        let host = Host::start(&world);
        let mut shell = host.at_the_laptop(&the_line("docs/sign-in.md", "ssh -L "));
        let url = login(&mut shell, "nbatodo login");
        assert_eq!(redirect_port(&url), 21370, "the first free port is not that of the page");

        let browser = consents(&world, &url);
        assert_eq!(browser.heading(), "Signed in");
        let drawn = leave(shell);
        assert!(drawn.contains("You came here by SSH"), "{drawn}");
        assert!(drawn.contains("Signed in as Red Auerbach"), "{drawn}");
        assert!(!world.home().join("opened").exists(), "a browser was opened at HOST");
        is_signed_in(&world);
    });
}

#[test]
fn the_line_that_a_login_prints_makes_the_page_load_that_did_not() {
    if !is_installed() {
        return;
    }
    in_own_network_with_accounts(|| {
        let world = cron::world();
        let host = Host::start(&world);
        let mut shell = host.at_the_laptop("ssh HOST");
        let url = login(&mut shell, "nbatodo login");
        shell.until_drawn("Waiting for your consent");
        let drawn = shell.drawn();
        let line = drawn.lines().find(|line| line.starts_with("ssh -L ")).unwrap().trim();
        assert_eq!(line, format!("ssh -L 21370:localhost:21370 root@{ADDRESS}"));

        let browser = consents(&world, &url);
        assert_ne!(browser.heading(), "Signed in", "nothing leads there yet");
        let _tunnel = host.at_the_laptop(line);
        browser.ask(Method::POST, "refresh", &json!({}));
        assert_eq!(browser.heading(), "Signed in");
        leave(shell);
        is_signed_in(&world);
    });
}

#[test]
fn a_browser_that_is_named_is_opened_at_the_other_end() {
    if !is_installed() {
        return;
    }
    in_own_network_with_accounts(|| {
        let world = cron::world();
        let host = Host::start(&world);
        let mut shell = host.at_the_laptop(&the_line("docs/sign-in.md", "ssh -L "));
        let url = login(&mut shell, "BROWSER=xdg-open nbatodo login");
        let _browser = consents(&world, &url);
        let drawn = leave(shell);
        assert!(drawn.contains("Your browser opens"), "{drawn}");
        let opened = fs::read_to_string(world.home().join("opened")).unwrap();
        assert_eq!(opened.trim(), url.as_str());
    });
}
