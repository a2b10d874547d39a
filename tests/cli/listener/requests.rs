//! Rows about what is asked of the listener.

use std::net::Ipv4Addr;

use nbatodo::sandbox::Fault;
use nbatodo::sandbox::visitor::Decision;

use super::{Wait, exchanges, fetch, get, header, parameter, port, status, target};
use crate::own_network::in_own_network;
use crate::world::{PAT, RED, World};

#[test]
fn l01_a_wrong_state_ends_nothing() {
    let wait = Wait::new();
    wait.refused(&wait.get("/callback?code=x&state=wrong"), &[400]);
    let cut = &wait.state[..wait.state.len() - 1];
    wait.refused(&wait.get(&format!("/callback?code=x&state={cut}")), &[400]);
    let page = wait.get("/callback?code=x&state=wrong");
    assert!(page.contains("another sign-in"), "{page}");
    wait.still_succeeds();
}

#[test]
fn l01_a_consent_that_comes_back_with_a_wrong_state_ends_nothing() {
    let wait = Wait::new();
    for state in [Some("wrong"), None] {
        wait.world.sandbox.inject(Fault::altered_consent("state", state));
        let misled = wait.world.consent(&wait.login.url, RED);
        assert_eq!(fetch(&wait.world, &misled).0, 400, "{state:?}");
    }
    assert_eq!(wait.world.sandbox.faults_left(), 0);
    wait.still_succeeds();
}

#[test]
fn l02_missing_empty_and_doubled_parameters_end_nothing() {
    let wait = Wait::new();
    let state = wait.state.clone();
    for query in [
        format!("state={state}"),
        format!("code=&state={state}"),
        format!("code=a&code=b&state={state}"),
        format!("code=a&code=a&state={state}"),
        format!("code=a&state={state}&state={state}"),
        format!("code=a&error=access_denied&state={state}"),
        "code=a".to_owned(),
        "code=a&state=".to_owned(),
        String::new(),
    ] {
        let answer = wait.get(&format!("/callback?{query}"));
        assert_eq!(status(&answer), 400, "{query}: {answer}");
    }
    wait.refused(&wait.get("/callback"), &[400]);
    wait.still_succeeds();
}

#[test]
fn l03_a_forged_denial_ends_nothing() {
    let wait = Wait::new();
    wait.refused(&wait.get("/callback?error=access_denied&state=wrong"), &[400]);
    wait.refused(&wait.get("/callback?error=access_denied"), &[400]);
    wait.still_succeeds();
}

#[test]
fn l04_a_true_denial_ends_the_login_and_its_listener() {
    in_own_network(|| {
        let wait = Wait::new();
        let page = wait.world.decide(&wait.login.url, RED, Decision::Deny);
        assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
        assert!(page.contains("did not give nbatodo access"), "{page}");
        let ran = wait.login.finish();
        ran.exits_with(4);
        assert!(ran.stderr.contains("access was denied"), "{ran:?}");
        assert!(!wait.world.session_file("default").exists());
        assert_eq!(exchanges(&wait.world), 0);
        assert!(std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, wait.port)).is_err());
    });
}

#[test]
fn l05_other_paths_are_not_found() {
    let wait = Wait::new();
    let query = format!("?code=x&state={}", wait.state);
    for path in
        ["/", "/favicon.ico", "/callback/../x", "/CALLBACK", "/callback/", "//callback", "/done/0"]
    {
        wait.refused(&wait.get(path), &[404]);
        wait.refused(&wait.get(&format!("{path}{query}")), &[404]);
    }
    wait.still_succeeds();
}

#[test]
fn l06_other_methods_are_refused() {
    let wait = Wait::new();
    for method in ["HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE", "get"] {
        let answer = wait.ask(&format!("{method} {}", wait.forged()), &[]);
        wait.refused(&answer, &[405]);
        if method == "HEAD" {
            assert!(answer.ends_with("\r\n\r\n"), "a body on HEAD: {answer}");
        }
    }
    let form = format!("code=forged&state={}", wait.state);
    let length = format!("Content-Length: {}", form.len());
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let head = super::request(wait.port, "POST /callback", &[kind, &length]);
    wait.refused(&wait.whole(&format!("{head}{form}")), &[405]);
    wait.still_succeeds();
}

#[test]
fn l07_a_foreign_name_for_this_machine_is_refused() {
    let wait = Wait::new();
    let (target, port) = (wait.forged(), wait.port);
    let ours = format!("Host: localhost:{port}\r\n");
    for (hosts, expected) in [
        (format!("Host: evil.example:{port}\r\n"), 421),
        (format!("Host: localhost.evil.example:{port}\r\n"), 421),
        ("Host: localhost\r\n".to_owned(), 421),
        (format!("Host: localhost:{}\r\n", port + 1), 421),
        (format!("Host: 192.0.2.1:{port}\r\n"), 421),
        (String::new(), 400),
        (format!("{ours}{ours}"), 400),
        (format!("{ours}Host: evil.example\r\n"), 400),
    ] {
        let answer = wait.whole(&format!("GET {target} HTTP/1.1\r\n{hosts}\r\n"));
        wait.refused(&answer, &[expected]);
    }
    let absolute = format!("GET http://evil.example{target} HTTP/1.1\r\n{ours}\r\n");
    wait.refused(&wait.whole(&absolute), &[400]);
    wait.still_succeeds();
}

#[test]
fn l08_what_a_page_sends_is_no_navigation() {
    let wait = Wait::new();
    let line = format!("GET {}", wait.forged());
    for headers in [
        &["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image", "Sec-Fetch-Site: cross-site"][..],
        &["Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty", "Origin: https://evil.example"],
        &["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
        &["Origin: https://evil.example"],
    ] {
        let answer = wait.ask(&line, headers);
        wait.refused(&answer, &[403]);
        assert_eq!(header(&answer, "access-control-allow-origin"), None, "{answer}");
    }
    wait.still_succeeds();
}

#[test]
fn l14_the_same_redirect_twice_is_exchanged_once() {
    let wait = Wait::new();
    let target = target(&wait.world.consent(&wait.login.url, RED));
    let port = wait.port;
    let answers = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| get(Ipv4Addr::LOCALHOST.into(), port, &target));
        [ask(), ask()].map(|asked| asked.join().unwrap())
    });
    let pages = answers.map(|answer| {
        assert_eq!(status(&answer), 303, "{answer}");
        wait.get(header(&answer, "location").unwrap())
    });
    assert!(pages[0].contains("<h1>Signed in</h1>") && pages[0].contains("Red"), "{}", pages[0]);
    assert!(pages[1].contains("<h1>Already done</h1>"), "{}", pages[1]);
    assert!(!pages[1].contains("Red"), "{}", pages[1]);
    wait.login.finish().exits_with(0);
    assert_eq!(exchanges(&wait.world), 1);
    assert_eq!(wait.world.sandbox.live_tokens(), 1, "a replayed code would have revoked it");
}

#[test]
fn l15_a_stolen_code_is_refused_by_pkce() {
    let world = World::new();
    // A code of another login: another verifier, the same client.
    let thief = Wait::of(world, &["--profile", "thief"]);
    let world = &thief.world;
    let victim = world.command(["login", "--no-browser", "--profile", "victim"]);
    let mut victim = world.start_login(victim);
    let code = parameter(&world.consent(&victim.url, PAT), "code");
    let (_, page) = thief.arrive(&format!("/callback?code={code}&state={}", thief.state));
    assert!(page.contains("<h1>Not signed in</h1>"), "{page}");

    let ran = thief.login.finish();
    ran.exits_with(1);
    assert!(ran.stderr.contains("refused the sign-in code"), "{ran:?}");
    assert!(!thief.world.session_file("thief").exists());
    assert_eq!(thief.world.sandbox.live_tokens(), 0);
    victim.child.kill().unwrap();
    victim.finish();
}

#[test]
fn l16_the_answer_of_another_server_is_refused() {
    let wait = Wait::of(World::with(|options| options.names_issuer = true), &[]);
    let evil = "https://evil.example";
    wait.world.sandbox.inject(Fault::altered_consent("iss", Some(evil)));
    let misled = wait.world.consent(&wait.login.url, RED);
    assert_eq!(parameter(&misled, "iss"), evil);
    let (status, page) = fetch(&wait.world, &misled);
    assert_eq!(status, 400);
    assert!(page.contains("<h1>Not from Todoist</h1>") && !page.contains("evil"), "{page}");
    wait.still_succeeds();
}

#[test]
fn l17_nothing_of_a_request_comes_back_as_markup_or_header() {
    let hostile = "error_description=%3Cscript%3Ealert(1)%3C/script%3E";
    let wait = Wait::new();
    let stranger = wait.get(&format!("/callback?error=%0d%0aSet-Cookie:x=1&{hostile}&state=x"));
    wait.refused(&stranger, &[400]);
    let (answer, page) = wait.arrive(&format!(
        "/callback?error=%0d%0aSet-Cookie:x=1%1b[31m{}&{hostile}&state={}",
        "y".repeat(500),
        wait.state
    ));
    for answer in [&stranger, &answer, &page] {
        assert_eq!(header(answer, "set-cookie"), None, "{answer}");
        assert!(!answer.contains("script") && !answer.contains("alert"), "{answer}");
    }
    let ran = wait.login.finish();
    ran.exits_with(1);
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.contains("Todoist refused the sign-in (Set-Cookiex131m"), "{ran:?}");
    assert!(last.len() < 120 && !last.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn l22_two_logins_at_once_each_have_their_own_answer() {
    let first = Wait::of(World::new(), &["--profile", "first"]);
    let world = &first.world;
    let second = world.command(["login", "--no-browser", "--profile", "second"]);
    let second = world.start_login(second);
    let redirects = [world.consent(&first.login.url, RED), world.consent(&second.url, PAT)];
    assert_ne!(first.port, port(&second));
    // Each one's answer at the other's port is nobody's.
    for (at, redirect) in [(port(&second), &redirects[0]), (first.port, &redirects[1])] {
        let answer = get(Ipv4Addr::LOCALHOST.into(), at, &target(redirect));
        assert_eq!(status(&answer), 400, "{answer}");
    }
    let page = world.follow(&redirects[1]);
    assert!(page.contains("Pat Riley"), "{page}");
    first.arrive(&target(&redirects[0]));
    second.finish().exits_with(0);
    first.login.finish().exits_with(0);
    for (profile, email) in [("first", RED), ("second", PAT)] {
        let status = first.world.run(["status", "--profile", profile]);
        assert!(status.exits_with(0).stdout.contains(email), "{status:?}");
    }
}

#[test]
fn l24_the_code_is_kept_out_of_history_referrers_and_caches() {
    let wait = Wait::new();
    let redirect = wait.world.consent(&wait.login.url, RED);
    let code = parameter(&redirect, "code");
    let stray = wait.get("/callback?code=x&state=wrong");
    let (away, page) = wait.arrive(&target(&redirect));
    let next = header(&away, "location").unwrap();
    assert!(next.starts_with("/done/") && !next.contains('?'), "{next}");
    for answer in [&stray, &away, &page] {
        assert_eq!(header(answer, "cache-control"), Some("no-store"), "{answer}");
        assert_eq!(header(answer, "referrer-policy"), Some("no-referrer"), "{answer}");
        assert_eq!(header(answer, "x-content-type-options"), Some("nosniff"), "{answer}");
        let policy = header(answer, "content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!answer.contains(&code) && !answer.contains(&wait.state), "{answer}");
        // Nothing to fetch, nothing to run.
        for outside in ["<script", "src=", "href=", "url(", "@import"] {
            assert!(!answer.contains(outside), "{outside}: {answer}");
        }
    }
    let ran = wait.login.finish();
    ran.exits_with(0);
    assert!(!ran.stderr.contains(&code) && !ran.stdout.contains(&code), "{ran:?}");
}
