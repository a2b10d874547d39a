//! Rows about connections, ports, addresses and the listener's end.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::time::Duration;

use nbatodo::sandbox::visitor::Decision;
use nbatodo::signin::REDIRECT_PORTS;
use rustix::process::{Pid, Signal, kill_process};

use super::{Wait, get, header, request, status, target, to_the_end};
use crate::own_network::{in_own_network, ip};
use crate::world::{RED, World};

/// What a login may have open beside its connections: its standard streams, its two sockets,
/// what its runtime needs.
const OWN_FILES: usize = 24;
/// The most connections at once.
const MOST_CONNECTIONS: usize = 64;

fn connect(port: u16) -> TcpStream {
    super::connect(Ipv4Addr::LOCALHOST.into(), port)
}

fn open_files(wait: &Wait) -> usize {
    fs::read_dir(format!("/proc/{}/fd", wait.login.child.id())).unwrap().count()
}

/// The most memory that a login has used so far, in KiB.
fn peak_memory(wait: &Wait) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", wait.login.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn l09_a_flood_of_idle_connections_does_not_keep_the_redirect_out() {
    let wait = Wait::new();
    let port = wait.port;
    let _flood: Vec<_> = (0..200).map(|_| connect(port)).collect();
    wait.still_succeeds();
}

#[test]
fn l09_idle_connections_give_way_and_are_closed() {
    let wait = Wait::of(World::new(), &["-vv"]);
    let mut flood: Vec<_> = (0..200).map(|_| connect(wait.port)).collect();
    // Each end is waited for: the first ones give way, the last ones have had their time.
    for idle in &mut flood {
        assert_eq!(to_the_end(idle), "");
        let files = open_files(&wait);
        assert!(files <= MOST_CONNECTIONS + OWN_FILES, "{files} files are open");
    }
    let ran = wait.still_succeeds();
    assert!(ran.stderr.contains("a silent connection gives way"), "{ran:?}");
}

#[test]
fn l10_a_slow_request_is_cut() {
    let wait = Wait::new();
    let mut slow = connect(wait.port);
    slow.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let request = request(wait.port, &format!("GET {}", wait.forged()), &[]);
    let cut = request.bytes().take(30).any(|byte| {
        if slow.write_all(&[byte]).is_err() {
            return true;
        }
        // The pace: one byte a second, unless something comes before.
        slow.peek(&mut [0]).err().is_none_or(|error| error.kind() != ErrorKind::WouldBlock)
    });
    assert!(cut, "a request of half a minute is still read");
    wait.still_succeeds();
}

#[test]
fn l11_a_huge_head_is_cut_and_costs_no_memory() {
    const MEBIBYTE: usize = 1024 * 1024;
    let wait = Wait::new();
    let long = "x".repeat(MEBIBYTE);
    let many = "X-Filler: 1\r\n".repeat(MEBIBYTE / 13);
    let before = peak_memory(&wait);
    for head in [
        request(wait.port, &format!("GET /{long}"), &[]),
        request(wait.port, &format!("GET {}&x={long}", wait.forged()), &[]),
        request(wait.port, &format!("GET {}", wait.forged()), &[&format!("X-Filler: {long}")]),
        request(wait.port, &format!("GET {}", wait.forged()), &[many.trim_end()]),
    ] {
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| wait.refused(&wait.raw(head.as_bytes()), &[431, 414, 0]));
            }
        });
    }
    // Where the border is: a long cookie of localhost's fits, and twice the limit does not.
    let cookie = |length| format!("Cookie: {}", "x".repeat(length));
    wait.refused(&wait.ask("GET /", &[&cookie(7 * 1024)]), &[404]);
    wait.refused(&wait.ask("GET /", &[&cookie(16 * 1024)]), &[431, 0]);
    let grown = peak_memory(&wait) - before;
    assert!(grown < 4 * 1024, "64 MiB of heads took {grown} KiB");
    wait.still_succeeds();
}

#[test]
fn l12_garbage_is_refused_or_cut() {
    let wait = Wait::new();
    let (port, forged) = (wait.port, wait.forged());
    let host = format!("Host: localhost:{port}\r\n");
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        format!("GET {forged}\0 HTTP/1.1\r\n{host}\r\n").as_bytes(),
        format!("GET {forged} HTTP/1.1\r\n{host}X: \0\r\n\r\n").as_bytes(),
        format!("GET {forged} HTTP/9.9\r\n{host}\r\n").as_bytes(),
        format!("GET {forged}\r\n{host}\r\n").as_bytes(),
        format!("GET {forged} HTTP/1.1\r\n{host}No colon here\r\n\r\n").as_bytes(),
    ] {
        wait.refused(&wait.raw(bytes), &[400, 0]);
    }
    wait.still_succeeds();
}

#[test]
fn l13_a_connection_carries_one_request() {
    let wait = Wait::new();
    let first = request(wait.port, "GET /first", &[]);
    let second = request(wait.port, &format!("GET {}", wait.forged()), &[]);
    let length = "Content-Length: 5";
    let chunked = "Transfer-Encoding: chunked";
    for bytes in [
        format!("{first}{second}"),
        format!("{}hello{second}", request(wait.port, "GET /first", &[length])),
        format!("{}zz\r\n{second}", request(wait.port, "GET /first", &[chunked])),
        format!("{}0\r\n\r\n{second}", request(wait.port, "GET /first", &[chunked, length])),
    ] {
        let mut stream = connect(wait.port);
        stream.write_all(bytes.as_bytes()).unwrap();
        // It is the listener that closes.
        let answer = to_the_end(&mut stream);
        wait.refused(&answer, &[404, 400]);
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
        assert_eq!(header(&answer, "connection"), Some("close"), "{answer}");
    }
    wait.still_succeeds();
}

#[test]
fn l18_ports_that_are_taken_are_passed_over() {
    in_own_network(|| {
        // Of the second one only one family is taken, which the browser may choose.
        let _first = TcpListener::bind((Ipv4Addr::LOCALHOST, REDIRECT_PORTS[0])).unwrap();
        let _second = TcpListener::bind((Ipv6Addr::LOCALHOST, REDIRECT_PORTS[1])).unwrap();
        let wait = Wait::new();
        assert_eq!(wait.port, REDIRECT_PORTS[2]);
        wait.still_succeeds();
    });
}

#[test]
fn l18_no_free_port_is_said() {
    in_own_network(|| {
        let take = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        let _all = REDIRECT_PORTS.map(take);
        let world = World::new();
        let ran = world.run(["login", "--no-browser"]);
        ran.exits_with(1).complains_of(&["no port", "21370", "21379", "End the program"]);

        let own = take(4_444);
        let own = own.local_addr().unwrap().port().to_string();
        let mut command = world.command(["login", "--no-browser", "--port", &own]);
        command.env("NBATODO_CLIENT_ID", "own");
        let ran = crate::world::finish(command);
        ran.exits_with(1).complains_of(&["no port", &own]);
    });
}

#[test]
fn l19_both_loopback_families_answer() {
    for family in [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)] {
        let wait = Wait::new();
        let wrong = get(family, wait.port, "/callback?code=x&state=wrong");
        wait.refused(&wrong, &[400]);
        arrives_over(family, wait);
    }
}

/// The person's redirect over one family succeeds.
fn arrives_over(family: IpAddr, wait: Wait) {
    let redirect = target(&wait.world.consent(&wait.login.url, RED));
    let away = get(family, wait.port, &redirect);
    assert_eq!(status(&away), 303, "{away}");
    let page = get(family, wait.port, header(&away, "location").unwrap());
    assert!(page.contains("<h1>Signed in</h1>"), "{page}");
    wait.login.finish().exits_with(0);
}

#[test]
fn l19_a_machine_without_ipv6_can_sign_in() {
    in_own_network(|| {
        ip("addr del ::1/128 dev lo");
        assert!(TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err());
        arrives_over(Ipv4Addr::LOCALHOST.into(), Wait::new());
    });
}

#[test]
fn l19_a_machine_without_ipv4_can_sign_in() {
    in_own_network(|| {
        let world = World::with(|options| options.address = Ipv6Addr::LOCALHOST.into());
        ip("addr del 127.0.0.1/8 dev lo");
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).is_err());
        arrives_over(Ipv6Addr::LOCALHOST.into(), Wait::of(world, &[]));
    });
}

#[test]
fn l20_an_interrupted_login_stores_nothing_and_frees_its_port() {
    in_own_network(|| {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let wait = Wait::new();
            let _open = connect(wait.port);
            kill_process(Pid::from_child(&wait.login.child), signal).unwrap();
            let ran = wait.login.finish();
            assert_eq!(ran.code, Some(130), "{signal:?}: {ran:?}");
            assert!(ran.stderr.ends_with("interrupted. Run the same command again.\n"), "{ran:?}");
            assert!(!wait.world.session_file("default").exists());
            assert_eq!(wait.world.sandbox.live_tokens(), 0);
            TcpListener::bind((Ipv4Addr::LOCALHOST, wait.port)).unwrap();
            TcpListener::bind((Ipv6Addr::LOCALHOST, wait.port)).unwrap();
        }
    });
}

#[test]
fn l21_a_login_to_which_nobody_comes_says_how_to_go_on() {
    let wait = Wait::of(World::new(), &["--timeout", "1"]);
    // Strangers do not prolong it.
    let _idle = connect(wait.port);
    wait.refused(&wait.get("/callback?code=x&state=wrong"), &[400]);
    let ran = wait.login.finish();
    ran.exits_with(4);
    assert!(ran.stderr.contains("nobody came back from the browser"), "{ran:?}");
    assert!(ran.stderr.contains("the same command again with --timeout"), "{ran:?}");
    assert!(!wait.world.session_file("default").exists());
}

#[test]
fn l23_nobody_outside_this_machine_can_connect() {
    in_own_network(|| {
        ip("addr add 192.0.2.1/32 dev lo");
        ip("addr add 2001:db8::1/128 dev lo");
        let wait = Wait::new();
        for outside in ["192.0.2.1", "127.0.0.2", "2001:db8::1"] {
            let outside: IpAddr = outside.parse().unwrap();
            // The address is this machine's, and the port is not open there.
            TcpListener::bind((outside, 0)).unwrap();
            let error = TcpStream::connect((outside, wait.port)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{outside}");
        }
        let page = wait.world.decide(&wait.login.url, RED, Decision::Allow);
        assert!(page.contains("<h1>Signed in</h1>"), "{page}");
        wait.login.finish().exits_with(0);
    });
}
