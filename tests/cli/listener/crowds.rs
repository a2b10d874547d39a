//! Many at once.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use nbatodo::signin::REDIRECT_PORTS;

use super::{Wait, exchanges, get, port, status, target};
use crate::noise::Noise;
use crate::own_network::in_own_network;
use crate::world::{PAT, RED, World};

impl Noise {
    fn bytes(&mut self) -> Vec<u8> {
        let length = self.next() % 200;
        (0..length).map(|_| (self.next() >> 32) as u8).collect()
    }
}

#[test]
fn ten_thousand_random_requests_end_nothing() {
    in_own_network(|| {
        let wait = Wait::new();
        let mut noise = Noise(0x6e62_6174_6f64_6f21);
        for round in 0..10_000 {
            let mut bytes = noise.bytes();
            match round % 4 {
                0 => {}
                // Closer to a request, and closer.
                1 => bytes = [b"GET /callback?", &bytes[..], b" HTTP/1.1\r\n\r\n"].concat(),
                2 => {
                    bytes.iter_mut().for_each(|byte| *byte = b'!' + *byte % 94);
                    let query = String::from_utf8(bytes).unwrap();
                    bytes =
                        super::request(wait.port, &format!("GET /callback?{query}"), &[]).into();
                }
                _ => {
                    bytes.iter_mut().for_each(|byte| *byte = b'a' + *byte % 26);
                    let state = String::from_utf8(bytes).unwrap();
                    let line = format!("GET /callback?code=x&state={state}");
                    bytes = super::request(wait.port, &line, &[]).into();
                }
            }
            let answer = wait.raw(&bytes);
            let status = status(&answer);
            assert!(status == 0 || (400..500).contains(&status), "{bytes:?}: {answer}");
        }
        wait.still_succeeds();
    });
}

#[test]
fn fifty_logins_at_once_never_mix_up_their_codes() {
    in_own_network(|| {
        let world = World::new();
        world.sign_in("default", RED);
        let profile = |number: usize| format!("p{number}");
        let email = |number: usize| if number.is_multiple_of(2) { RED } else { PAT };
        let mut left: BTreeSet<usize> = (0..50).collect();
        while !left.is_empty() {
            let turned_away = one_round(&world, &left, profile, email);
            // Each round as many as there are ports get in.
            assert_eq!(turned_away.len(), left.len().saturating_sub(REDIRECT_PORTS.len()));
            left = turned_away;
        }
        assert_eq!(exchanges(&world), 51);
        assert_eq!(world.sandbox.live_tokens(), 51, "a code that comes twice revokes its token");
        for number in 0..50 {
            let ran = world.run(["status", "--profile", &profile(number), "--format", "json"]);
            assert_eq!(ran.json()["account"]["email"], email(number), "{number}: {ran:?}");
        }
    });
}

/// All of `numbers` start to sign in at once. Returns those that found no port.
fn one_round(
    world: &World,
    numbers: &BTreeSet<usize>,
    profile: impl Fn(usize) -> String,
    email: impl Fn(usize) -> &'static str,
) -> BTreeSet<usize> {
    let start = |number| {
        let profile = profile(number);
        (number, world.spawn(world.command(["login", "--no-browser", "--profile", &profile])))
    };
    let started: Vec<_> = numbers.iter().map(|&number| start(number)).collect();
    let (mut waiting, mut turned_away) = (Vec::new(), BTreeSet::new());
    for (number, child) in started {
        match World::until_it_waits(child) {
            Ok(login) => {
                let redirect = world.consent(&login.url, email(number));
                waiting.push((login, redirect));
            }
            Err(ran) => {
                ran.exits_with(1).complains_of(&["no port", "End the program"]);
                turned_away.insert(number);
            }
        }
    }
    // What is meant for one is nothing at any other's port.
    for (login, _) in &waiting {
        for (_, strange) in waiting.iter().filter(|(other, _)| port(other) != port(login)) {
            let answer = get(Ipv4Addr::LOCALHOST.into(), port(login), &target(strange));
            assert_eq!(status(&answer), 400, "{answer}");
        }
    }
    for (login, redirect) in waiting {
        let page = world.follow(&redirect);
        assert!(page.contains("<h1>Signed in</h1>"), "{page}");
        login.finish().exits_with(0);
    }
    turned_away
}
