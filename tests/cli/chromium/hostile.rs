//! A page of somebody else's in the same browser, while a login waits.

use nbatodo::signin::REDIRECT_PORTS;
use serde_json::json;

use super::{Browser, is_installed};
use crate::own_network::in_own_network;
use crate::world::{RED, World};

/// Everything that a page can send without leaving itself, to every port that a login may have.
/// It even knows the state, which no page does: what is refused here is refused as it is sent.
const FIRE: &str = r#"
    const [ports, query, done] = arguments;
    const sent = [];
    const settled = (element, source) => sent.push(new Promise(end => {
        element.onload = element.onerror = end;
        source();
    }));
    let frames = 0;
    for (const port of ports) for (const host of ['localhost', '127.0.0.1', '[::1]']) {
        const to = `http://${host}:${port}/callback`;
        for (const method of ['GET', 'POST']) {
            for (const mode of ['no-cors', 'cors']) {
                sent.push(fetch(`${to}?${query}`, {method, mode}).catch(() => {}));
            }
            const frame = document.createElement('iframe');
            frame.name = `frame${frames++}`;
            const form = document.createElement('form');
            Object.assign(form, {action: to, method, target: frame.name});
            for (const [name, value] of new URLSearchParams(query)) {
                const input = document.createElement('input');
                Object.assign(input, {name, value});
                form.append(input);
            }
            document.body.append(frame, form);
            settled(frame, () => form.submit());
        }
        const image = new Image();
        settled(image, () => image.src = `${to}?${query}`);
        const script = document.createElement('script');
        settled(script, () => { script.src = `${to}?${query}`; document.head.append(script); });
        navigator.sendBeacon(`${to}?${query}`);
    }
    Promise.all(sent).then(() => done(sent.length));
"#;

#[test]
fn a_hostile_page_cannot_end_the_wait() {
    if !is_installed() {
        return;
    }
    // The ports that it fires at are no other test's then.
    in_own_network(|| {
        let world = World::new();
        let browser = Browser::with(&world, &["--host-resolver-rules=MAP evil.example 127.0.0.1"]);
        let login = world.start_login(world.command(["login", "--no-browser", "-vv"]));
        let value =
            |name| login.url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();

        // The sandbox refuses that name, and its refusal is a document of that origin.
        let api = world.sandbox.origin().at("/");
        let evil = format!("http://evil.example:{}/", api.port().unwrap());
        browser.open(&evil.parse().unwrap());
        assert_eq!(browser.script("return location.origin + '/'"), evil);
        let query = format!("code=forged&state={}", value("state"));
        let sent = browser.patient_script(FIRE, &json!([REDIRECT_PORTS, query]));
        assert_eq!(sent, 8 * 3 * REDIRECT_PORTS.len());

        // What it can do by leaving itself is to send the person to the callback, without the state.
        let there = format!("{}?code=forged&state=wrong", value("redirect_uri"));
        browser
            .script(&format!("document.body.innerHTML = '<a href=\"{there}\">Free tickets</a>'"));
        browser.click("a");
        assert_eq!(browser.heading(), "Not this sign-in");

        browser.open(&login.url);
        browser.click("#allow");
        let ran = login.finish();
        ran.exits_with(0);
        assert!(ran.stdout.contains(RED), "{ran:?}");
        assert_eq!(browser.heading(), "Signed in");
        let refused = |stray: &str| ran.stderr.matches(&format!("stray={stray}")).count();
        assert!(refused("CrossSite") >= 3 * 4, "{ran:?}");
        assert!(refused("Method") >= 3 * 3, "{ran:?}");
        assert!(refused("State") >= 1, "{ran:?}");
        let requests = world.sandbox.requests();
        let exchanges = requests.iter().filter(|request| request.path == "/oauth/access_token");
        assert_eq!(exchanges.count(), 1);
    });
}
