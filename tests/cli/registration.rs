//! Who nbatodo is to Todoist: registered once, anew where it has to be, or a client of the
//! person's own.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::sandbox::{Effect, Fault, KnownClient};

use crate::own_network::in_own_network;
use crate::pages::{text_of, the_line};
use crate::terminal::Terminal;
use crate::world::{PAT, RED, Ran, WaitingLogin, World, finish, free_port};

const REGISTER: &str = "/oauth/register";
const TOKEN: &str = "/oauth/access_token";

/// As many logins at once as there are `profiles`, each up to its address.
fn start_all(world: &World, profiles: &[&str]) -> Vec<WaitingLogin> {
    let command = |profile| world.command(["login", "--no-browser", "--profile", profile]);
    world.start_logins(profiles.iter().copied().map(command))
}

fn consent_to_all(world: &World, logins: Vec<WaitingLogin>) {
    for login in logins {
        world.decide(&login.url, RED, Decision::Allow);
        login.finish().exits_with(0);
    }
}

#[test]
fn logins_that_start_at_once_register_once() {
    let world = World::new();
    let profiles = ["a", "b", "c", "d"];
    // Slow enough for the others to find nobody registered.
    world.sandbox.inject(Fault::next(REGISTER, Effect::Slow(Duration::from_millis(700))));
    consent_to_all(&world, start_all(&world, &profiles));
    assert_eq!(world.asked(REGISTER), 1);
    // And once more for all of them when Todoist has forgotten that.
    world.sandbox.forget_clients();
    world.sandbox.inject(Fault::next(REGISTER, Effect::Slow(Duration::from_millis(700))));
    consent_to_all(&world, start_all(&world, &profiles));
    assert_eq!(world.asked(REGISTER), 2);
}

#[test]
fn each_origin_has_its_own_registration() {
    let (world, other) = (World::new(), World::new());
    for _ in 0..2 {
        world.sign_in("here", RED);
        let origin = other.sandbox.origin().to_string();
        let mut command = world.command(["login", "--no-browser", "--profile", "there"]);
        command.env("NBATODO_API_URL", &origin).env("NBATODO_AUTH_URL", &origin);
        let login = world.start_login(command);
        world.decide(&login.url, RED, Decision::Allow);
        login.finish().exits_with(0);
    }
    assert_eq!((world.asked(REGISTER), other.asked(REGISTER)), (1, 1));
}

#[test]
fn a_login_that_is_killed_while_it_registers_keeps_nobody_out() {
    let world = World::new();
    world.sandbox.inject(Fault::next(REGISTER, Effect::Hang));
    let mut killed =
        world.command(["login", "--no-browser"]).stderr(Stdio::null()).spawn().unwrap();
    world.runtime.block_on(world.sandbox.until_asked(REGISTER, 1));
    killed.kill().unwrap();
    killed.wait().unwrap();
    world.sign_in("default", RED);
    assert_eq!(world.asked(REGISTER), 2);
}

#[test]
fn too_many_registrations_are_said_with_the_way_out() {
    let world = World::with(|options| options.overrides.registrations = Some(0));
    let ran = world.run(["login"]);
    ran.exits_with(3).complains_of(&["no more registrations", "15 minutes", "NBATODO_CLIENT_ID"]);

    let world = World::new();
    world.sandbox.inject(Fault::limit_registrations(600));
    world.run(["login"]).exits_with(3).complains_of(&["10 minutes", "NBATODO_CLIENT_ID"]);
    world.sign_in("default", RED);
}

#[test]
fn a_refused_registration_is_said_with_the_way_out() {
    let world = World::new();
    let fault = Fault::refuse_registration("invalid_redirect_uri", "no\u{1b}[31m localhost");
    world.sandbox.inject(fault);
    let ran = world.run(["login"]);
    let parts = ["refused to register", "invalid_redirect_uri", "NBATODO_CLIENT_ID", "21370"];
    ran.exits_with(1).complains_of(&parts);
    assert!(!ran.stderr.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn a_client_that_todoist_forgot_is_registered_anew_before_the_browser_opens() {
    let world = World::new();
    world.sign_in("default", RED);
    world.sandbox.forget_clients();
    let ran = world.sign_in("default", RED);
    assert_eq!(ran.stderr.matches("Open this address").count(), 1, "{ran:?}");
    assert_eq!(world.asked(REGISTER), 2);
}

#[test]
fn a_client_that_todoist_forgets_during_the_sign_in_is_registered_anew_once() {
    for error in ["invalid_client", "incorrect_application_credentials"] {
        let world = World::new();
        world.sandbox.inject(Fault::unknown_client(TOKEN, error));
        let mut login = world.start_login(world.command(["login", "--no-browser"]));
        world.decide(&login.url, RED, Decision::Allow);
        let again = login.next_address();
        assert!(login.said().contains("registered anew"), "{}", login.said());
        assert_ne!(client_of(&login.url), client_of(&again));
        world.decide(&again, RED, Decision::Allow);
        login.finish().exits_with(0);
        assert_eq!((world.asked(REGISTER), world.sandbox.live_tokens()), (2, 1));
    }
}

fn client_of(url: &url::Url) -> String {
    url.query_pairs().find(|(key, _)| key == "client_id").unwrap().1.into_owned()
}

#[test]
fn a_todoist_that_never_knows_us_is_not_asked_again_and_again() {
    let world = World::new();
    for _ in 0..2 {
        world.sandbox.inject(Fault::unknown_client(TOKEN, "invalid_client"));
    }
    let mut login = world.start_login(world.command(["login", "--no-browser"]));
    world.decide(&login.url, RED, Decision::Allow);
    let again = login.next_address();
    world.decide(&again, RED, Decision::Allow);
    let ran = login.finish();
    ran.exits_with(4);
    assert!(ran.stderr.contains("does not know this installation"), "{ran:?}");
    assert!(ran.stderr.contains("NBATODO_CLIENT_ID"), "{ran:?}");
    assert_eq!((world.asked(REGISTER), world.asked(TOKEN)), (2, 2));
    assert!(!world.session_file("default").exists());
}

/// A client of one's own, and the only port that it may come back to.
fn own_client(world: &World) -> (KnownClient, u16) {
    let port = free_port();
    (world.sandbox.own_client(&format!("http://localhost:{port}/callback")), port)
}

/// Signs in at `port` with a client of one's own; the rest says who it is.
fn sign_in_at(world: &World, port: u16, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let at = ["login", "--no-browser", "--port", &port.to_string()];
    let mut command = world.command([&at, arguments].concat());
    command.envs(variables.iter().copied());
    let login = world.start_login(command);
    assert_eq!(login.port(), port);
    world.decide(&login.url, RED, Decision::Allow);
    login.finish()
}

#[test]
fn an_own_client_signs_in_at_its_own_port_and_logout_revokes_without_being_told_again() {
    let world = World::new();
    let (own, port) = own_client(&world);
    let by_variable = [("NBATODO_CLIENT_ID", &*own.id), ("NBATODO_CLIENT_SECRET", &*own.secret)];
    sign_in_at(&world, port, &[], &by_variable).exits_with(0);
    world.run(["logout"]).exits_with(0);
    assert_eq!((world.sandbox.live_tokens(), world.asked(REGISTER)), (0, 0));

    let world = World::new();
    let (own, port) = own_client(&world);
    let flag = ["--client-id", &*own.id];
    sign_in_at(&world, port, &flag, &[("NBATODO_CLIENT_SECRET", &own.secret)]).exits_with(0);
    // From now on the secret lies in the key store.
    sign_in_at(&world, port, &flag, &[]).exits_with(0);
    assert_eq!(world.sandbox.live_tokens(), 1, "the replaced session was not revoked");
    world.run(["logout"]).exits_with(0);
    assert_eq!((world.sandbox.live_tokens(), world.asked(REGISTER)), (0, 0));
}

#[test]
fn an_own_client_with_a_wrong_secret_is_said_and_the_registered_one_left_alone() {
    let world = World::new();
    world.sign_in("default", PAT);
    let (own, port) = own_client(&world);
    let variables = [("NBATODO_CLIENT_ID", &*own.id), ("NBATODO_CLIENT_SECRET", "hunter2")];
    let ran = sign_in_at(&world, port, &[], &variables);
    ran.exits_with(2);
    assert!(
        ran.stderr.contains(&own.id) && ran.stderr.contains("NBATODO_CLIENT_SECRET"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    assert!(world.run(["status"]).exits_with(0).stdout.contains(PAT), "the old session stays");
    world.sign_in("default", RED);
    assert_eq!(world.asked(REGISTER), 1);
}

#[test]
fn a_logout_at_another_origin_finds_the_secret_where_the_session_is_from() {
    let world = World::new();
    let (own, port) = own_client(&world);
    let secret = [("NBATODO_CLIENT_SECRET", &*own.secret)];
    sign_in_at(&world, port, &["--client-id", &own.id], &secret).exits_with(0);
    let mut logout = world.command(["logout"]);
    logout.env("NBATODO_CLIENT_ID", &own.id).env("NBATODO_API_URL", "http://127.0.0.1:9");
    finish(logout).exits_with(0);
    assert_eq!(world.sandbox.live_tokens(), 0);
}

#[test]
fn a_wrong_secret_does_not_cost_the_one_that_an_earlier_sign_in_kept() {
    let world = World::new();
    let (own, port) = own_client(&world);
    let flag = ["--client-id", &*own.id];
    sign_in_at(&world, port, &flag, &[("NBATODO_CLIENT_SECRET", &own.secret)]).exits_with(0);
    let wrong = [("NBATODO_CLIENT_SECRET", "hunter2")];
    sign_in_at(&world, port, &flag, &wrong).exits_with(2);
    // The session is as it was, and so is what revokes it.
    world.run(["status"]).exits_with(0);
    world.run(["logout"]).exits_with(0);
    assert_eq!(world.sandbox.live_tokens(), 0);
}

#[test]
fn a_secret_without_its_client_is_a_mistake_in_a_sign_in_only() {
    let world = World::new();
    world.sign_in("default", RED);
    for (command, code) in [("login", 2), ("status", 0), ("logout", 0)] {
        let mut run = world.command([command]);
        run.env("NBATODO_CLIENT_SECRET", "hunter2");
        let ran = finish(run);
        ran.exits_with(code);
        assert_eq!(ran.stderr.contains("--client-id"), code == 2, "{ran:?}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
}

#[test]
fn a_secret_is_no_argument() {
    let world = World::new();
    let arguments = ["login", "--client-id", "mine", "--client-secret", "hunter2"];
    world.run(arguments).exits_with(2);
    // Nobody attends, so nobody is asked: a client without a secret is a public one.
    let mut command = world.command(["login", "--client-id", "mine", "--timeout", "1"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdin.take().unwrap().write_all(b"hunter2\n"));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(!String::from_utf8(output.stderr).unwrap().contains("Secret of"));
}

#[test]
fn the_line_of_the_page_signs_in_with_a_client_registered_as_the_page_says() {
    // Its port is free there.
    in_own_network(|| {
        let world = World::new();
        let text = text_of("docs/sign-in.md");
        let mut quoted = text.split('`').filter(|it| it.starts_with("http://localhost:"));
        let own = world.sandbox.own_client(quoted.next().unwrap());
        let line = the_line("docs/sign-in.md", "nbatodo login --client-id ID ");
        let mut typed = world.shell(&line.replace(" ID ", &format!(" {} ", own.id)));
        let binaries = Path::new(env!("CARGO_BIN_EXE_nbatodo")).parent().unwrap();
        typed.env("PATH", format!("{}:{}", binaries.display(), env::var("PATH").unwrap()));
        let mut terminal = Terminal::start(&typed);
        terminal.until_drawn("Secret of the client ");
        terminal.press(&format!("{}\r", own.secret));
        let url = terminal.address();
        assert_eq!(client_of(&url), own.id);
        world.decide(&url, RED, Decision::Allow);
        terminal.skip_the_teams();
        let (code, drawn) = terminal.finish();
        assert_eq!((code, drawn.contains(&own.secret)), (Some(0), false), "{drawn}");
        assert!(world.run(["status"]).exits_with(0).stdout.contains(RED));
        assert_eq!(world.sandbox.live_tokens(), 1);
        world.run(["logout"]).exits_with(0);
        assert_eq!((world.sandbox.live_tokens(), world.asked(REGISTER)), (0, 0));
    });
}
