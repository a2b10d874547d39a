//! Consent, cancel, reload, back, and both addresses of `localhost`.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Browser, is_installed};
use crate::own_network::in_own_network;
use crate::world::{RED, WaitingLogin, World};

/// A login that waits, and a browser that has gone where it said.
fn at_the_consent_page(world: &World) -> (Browser<'_>, WaitingLogin) {
    let browser = Browser::start(world);
    let login = world.start_login(world.command(["login", "--no-browser"]));
    browser.open(&login.url);
    (browser, login)
}

#[test]
fn a_person_clicks_allow_and_is_signed_in() {
    if !is_installed() {
        return;
    }
    let world = World::new();
    let (browser, login) = at_the_consent_page(&world);
    assert!(browser.heading().contains("wants access"), "{}", browser.heading());
    browser.click("#allow");

    let ran = login.finish();
    ran.exits_with(0);
    assert!(ran.stdout.contains(RED), "{ran:?}");
    assert_eq!(browser.heading(), "Signed in");
    let address = browser.address();
    assert!(!address.contains("code=") && !address.contains("state="), "{address}");
    assert_eq!(browser.script("return document.referrer"), "");
    // The policy lets the page's own style through.
    assert_eq!(browser.script("return getComputedStyle(document.body).maxWidth"), "512px");
    world.run(["status"]).exits_with(0);
}

#[test]
fn a_person_clicks_cancel_and_nothing_is_stored() {
    if !is_installed() {
        return;
    }
    let world = World::new();
    let (browser, login) = at_the_consent_page(&world);
    browser.click("#deny");
    let ran = login.finish();
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert_eq!(browser.heading(), "Not signed in");
    assert!(!world.session_file("default").exists());
}

#[test]
fn reload_and_back_after_the_success_change_nothing() {
    if !is_installed() {
        return;
    }
    let world = World::new();
    let (browser, login) = at_the_consent_page(&world);
    browser.click("#allow");
    login.finish().exits_with(0);
    assert_eq!(browser.heading(), "Signed in");

    for step in ["refresh", "back", "forward", "refresh", "back", "back"] {
        // The listener is gone: some of these end in the browser's own error page.
        browser.ask(Method::POST, step, &json!({}));
        let address = browser.address();
        assert!(!address.contains("code="), "after {step}: {address}");
    }
    let requests = world.sandbox.requests();
    let exchanges = requests.iter().filter(|request| request.path == "/oauth/access_token");
    assert_eq!(exchanges.count(), 1);
    assert_eq!(world.sandbox.live_tokens(), 1);
    world.run(["status"]).exits_with(0);
}

#[test]
fn localhost_may_be_either_address() {
    if !is_installed() {
        return;
    }
    in_own_network(|| {
        for (address, seen, not_seen) in
            [("[::1]", "peer=[::1]:", "peer=127."), ("127.0.0.1", "peer=127.0.0.1:", "peer=[")]
        {
            let world = World::with(|options| options.names_issuer = true);
            let rule = format!("--host-resolver-rules=MAP localhost {address}");
            let browser = Browser::with(&world, &[&rule]);
            let login = world.start_login(world.command(["login", "--no-browser", "-vv"]));
            browser.open(&login.url);
            browser.click("#allow");
            let ran = login.finish();
            ran.exits_with(0);
            assert!(ran.stderr.contains(seen) && !ran.stderr.contains(not_seen), "{ran:?}");
            assert_eq!(browser.heading(), "Signed in", "{address}");
        }
    });
}

#[test]
fn the_pages_fit_a_narrow_window() {
    if !is_installed() {
        return;
    }
    let world = World::new();
    let browser = Browser::start(&world);
    let narrow = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": {
        "width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": true,
    }});
    browser.ask(Method::POST, "goog/cdp/execute", &narrow);
    let login = world.start_login(world.command(["login", "--no-browser"]));
    let fits = |page: &str| {
        let width = browser.script("return document.documentElement.scrollWidth");
        assert_eq!((browser.heading().as_str(), width), (page, Value::from(400)));
        let size = browser.script("return parseFloat(getComputedStyle(document.body).fontSize)");
        assert!(size.as_f64().unwrap() >= 16.0, "{page}: {size}");
    };
    let (_, callback) = login.url.query_pairs().find(|(key, _)| key == "redirect_uri").unwrap();
    browser.open(&format!("{callback}?code=x&state=wrong").parse().unwrap());
    fits("Not this sign-in");
    browser.open(&login.url);
    browser.click("#allow");
    login.finish().exits_with(0);
    fits("Signed in");
}
