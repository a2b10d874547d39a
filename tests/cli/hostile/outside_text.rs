//! Text of others, from the league's feed, from Todoist and from a database: shown, but a
//! terminal acts on nothing of it, and no line of it passes for one of ours.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use nbatodo::sandbox::Fault;
use serde_json::{Value, json};

use crate::feed::{celtics_games, text};
use crate::world::{RED, Ran, World};

/// Clears the screen, sets its title, writes from right to left, escapes with one byte, rings,
/// and begins a line of its own.
const HOSTILE: &str =
    "X\u{1b}[2J\u{1b}]0;t\u{7}\u{202e}\u{9b}5m\u{85}\u{2067}\u{7f}\r\nnbatodo: all is paid\u{8}Y";

const SYNC: &str = "/api/v1/sync";

#[track_caller]
fn is_harmless(ran: &Ran, case: &str) {
    for said in [&ran.stdout, &ran.stderr] {
        let active = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\r')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!said.contains(active), "{case}: {said:?}");
        let forged = |line: &str| line.trim_start().starts_with("nbatodo: all is paid");
        assert!(!said.lines().any(forged), "{case}: {said:?}");
    }
    assert!(!ran.stderr.contains("broken at"), "{case}: {ran:?}");
}

/// Every way to show something of games.
const SHOWING: [&[&str]; 9] = [
    &["schedule", "--team", "BOS"],
    &["schedule", "--team", "BOS", "--plain"],
    &["schedule", "--team", "BOS", "--format", "csv"],
    &["schedule", "--team", "BOS", "--format", "json"],
    &["schedule", "--team", "BOS", "--format", "ics"],
    &["import", "--team", "BOS", "--dry-run", "--title", "{vs} {arena} {tv} {label} {city}"],
    &["import", "--team", "BOS", "--title", "{vs} {arena} {tv} {label} {city}"],
    &["import", "--team", "BOS", "--format", "jsonl"],
    &["remove", "--team", "BOS", "--dry-run"],
];

/// Every text of `value` becomes another, if `of` its name says so.
fn poison(value: &mut Value, of: &dyn Fn(&str) -> bool) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if of(name) => *text = format!("{text}{HOSTILE}"),
                    field => poison(field, of),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|it| poison(it, of)),
        _ => {}
    }
}

#[test]
fn nothing_of_a_feed_reaches_a_terminal_as_more_than_text() {
    let feed: Value = serde_json::from_str(&text(&celtics_games(3))).unwrap();
    let shown = [
        "arenaName",
        "arenaCity",
        "gameLabel",
        "gameSubLabel",
        "broadcasterDisplay",
        "teamName",
        "teamCity",
        "gameStatusText",
    ];
    let fatal = [
        "teamTricode",
        "gameId",
        "seasonYear",
        "leagueId",
        "gameDateTimeUTC",
        "gameDateEst",
        "postponedStatus",
        "time",
    ];
    let worlds = [&shown[..]].into_iter().chain(fatal.iter().map(std::slice::from_ref));
    for names in worlds {
        let mut poisoned = feed.clone();
        poison(&mut poisoned, &|name| names.contains(&name));
        let world = World::new();
        world.serve_feed(poisoned.to_string());
        world.sign_in("default", RED);
        for words in SHOWING {
            let ran = world.run(words);
            is_harmless(&ran, &format!("{names:?} {words:?}"));
            if names.len() > 1 {
                ran.exits_with(0);
            }
        }
        for task in world.tasks(RED) {
            assert!(!task.content.contains(char::is_control), "{task:?}");
        }
    }
}

#[test]
fn nothing_of_a_file_of_games_reaches_a_terminal_as_more_than_text() {
    let world = World::new();
    world.sign_in("default", RED);
    let name = HOSTILE.replace(['\r', '\n'], " ");
    let day = "20261224T000000Z";
    let files = [
        (
            "a.ics",
            format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1{name}\r\nDTSTART:{day}\r\nSUMMARY:Boston Celtics at New York Knicks{name}\r\nLOCATION:{name}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            ),
        ),
        (
            "b.ics",
            format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:{name}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n{name}\r\n"
            ),
        ),
        ("c.csv", format!("date,time,home,away,arena\n2026-12-24,19:00,BOS,NYK,{name}\n")),
        ("d.csv", format!("date,time,home,away,{name}\n2026-12-24,19:00,{name},NYK,{name}\n")),
        ("e.csv", format!("{name}\n\"{HOSTILE}")),
        ("f.json", json!({ "leagueSchedule": HOSTILE }).to_string()),
        ("g.json", format!("{{\"events\": [{{\"date\": {}}}]}}", json!(HOSTILE))),
        ("h.json", HOSTILE.to_owned()),
    ];
    for (file, content) in files {
        let path = world.home().join(file);
        std::fs::write(&path, content).unwrap();
        for words in SHOWING {
            let more = ["--schedule", path.to_str().unwrap()];
            let words = if words[0] == "remove" { words.to_vec() } else { [words, &more].concat() };
            is_harmless(&world.run(&words), &format!("{file} {words:?}"));
        }
    }
}

#[test]
fn nothing_of_a_persons_names_reaches_a_terminal_as_more_than_text() {
    let world = World::with_games(&celtics_games(3));
    world.sign_in("default", RED);
    let red = world.sandbox.person(RED);
    let (one, other) = (format!("My games {HOSTILE}"), format!("Mine {HOSTILE}"));
    for name in [&one, &other, &other] {
        red.add_project(name).unwrap();
    }
    let place = |name: &str| format!("project:{name}");
    for name in [&one, &other] {
        let shown: String = name
            .chars()
            .map(|c| match c {
                '\r' | '\n' => ' ',
                c if c.is_control() || matches!(c, '\u{202e}' | '\u{2067}') => '\u{fffd}',
                c => c,
            })
            .collect();
        for name in [name.as_str(), &shown, "Mine", "My games"] {
            let place = place(name);
            let words = ["import", "--team", "BOS", "--destination", &place];
            for more in [&[][..], &["--dry-run"], &["--format", "json"]] {
                is_harmless(&world.run([&words, more].concat()), name);
            }
            is_harmless(&world.run(["remove", "--team", "BOS", "--dry-run"]), name);
        }
    }
    assert!(!world.tasks(RED).is_empty());
    for task in world.tasks(RED) {
        red.retitle(&task.id, HOSTILE).unwrap();
        red.label(&task.id, "X\u{1b}[2J\u{202e}").unwrap();
    }
    for project in world.projects(RED) {
        red.rename_project(&project.id, HOSTILE).unwrap();
    }
    for words in [
        &["import", "--team", "BOS"][..],
        &["import", "--team", "BOS", "--restore", "--dry-run"],
        &["import", "--team", "BOS", "--prune", "--verbose"],
        &["status"],
        &[],
        &["remove", "--dry-run"],
        &["remove", "--team", "BOS", "--dry-run"],
        &["remove", "--team", "BOS", "--force", "--yes"],
        &["remove", "--team", "BOS", "--yes"],
        &["remove", "--team", "BOS"],
    ] {
        is_harmless(&world.run(words), &format!("{words:?}"));
    }
}

#[test]
fn nothing_that_todoist_says_reaches_a_terminal_as_more_than_text() {
    let world = World::with_games(&celtics_games(3));
    world.sign_in("default", RED);
    let body = json!({
        "error": HOSTILE, "error_tag": HOSTILE, "error_code": 1, "http_code": 400,
        "error_extra": {"explanation": HOSTILE},
    });
    for status in [400, 403, 429] {
        for body in [body.to_string(), HOSTILE.to_owned()] {
            for words in [
                &["import", "--team", "BOS", "--max-wait", "0"][..],
                &["import", "--team", "BOS", "--max-wait", "0", "--format", "json"],
                &["import", "--all-profiles", "--team", "BOS", "--max-wait", "0"],
            ] {
                world.sandbox.inject(Fault::answer(SYNC, status, &[], &body));
                is_harmless(&world.run(words), &format!("{status} {words:?}"));
            }
        }
    }
    world.sandbox.inject(Fault::refuse_command(1, body.clone()));
    let ran = world.run(["import", "--team", "BOS"]);
    ran.exits_with(6);
    is_harmless(&ran, "a command");
    // A whole account that is poisoned.
    let mut user = json!({
        "user": {
            "id": "1", "email": "red@example.com", "full_name": "Red",
            "inbox_project_id": "7", "tz_info": {"timezone": "America/New_York"},
        },
        "projects": [{"id": "8", "name": "P"}], "items": [], "sections": [], "labels": [],
        "sync_token": "t", "full_sync": true, "temp_id_mapping": {}, "sync_status": {},
    });
    poison(&mut user, &|_| true);
    let world = World::with_games(&celtics_games(1));
    world.sandbox.inject(Fault::answer("/api/v1/user", 200, &[], &user["user"].to_string()));
    let login = world.start_login(world.command(["login", "--no-browser"]));
    drop(world.decide(&login.url, RED, nbatodo::sandbox::visitor::Decision::Allow));
    is_harmless(&login.finish(), "login");
    for words in [&["status"][..], &["status", "--format", "json"], &[], &["doctor"]] {
        is_harmless(&world.run(words), &format!("{words:?}"));
    }
    for words in [&["import", "--team", "BOS"][..], &["import", "--team", "BOS", "--dry-run"]] {
        world.sandbox.inject(Fault::answer(SYNC, 200, &[], &user.to_string()));
        is_harmless(&world.run(words), &format!("{words:?}"));
    }
}

/// Answers every question with `answer`, for as long as the test runs.
fn answers(answer: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), answer) = (stream, answer.clone()) else { return };
            thread::spawn(move || {
                let mut asked = [0; 4096];
                while matches!(stream.read(&mut asked), Ok(1..)) {
                    if stream.write_all(&answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

#[test]
fn nothing_that_a_database_says_reaches_a_terminal_as_more_than_text() {
    let line = HOSTILE.replace(['\r', '\n'], " ");
    let mut fields = Vec::new();
    for (field, text) in [
        ('S', "FATAL"),
        ('V', "FATAL"),
        ('C', "28000"),
        ('M', HOSTILE),
        ('D', HOSTILE),
        ('H', HOSTILE),
    ] {
        fields.push(field as u8);
        fields.extend(text.as_bytes());
        fields.push(0);
    }
    fields.push(0);
    let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
    let fatal = [&b"E"[..], &length, &fields].concat();
    let redis = |answer: String| format!("redis://127.0.0.1:{}/0", answers(answer.into_bytes()));
    let postgres = format!("postgres://u@127.0.0.1:{}/d?sslmode=disable", answers(fatal));
    for url in [
        redis(format!("-ERR {line}\r\n")),
        redis(format!("-{line} {line}\r\n")),
        redis(format!("-NOAUTH {line}\r\n")),
        redis(format!("+{line}\r\n")),
        redis(format!("{line}\r\n")),
        postgres,
    ] {
        let world = World::with_games(&celtics_games(1));
        for words in [
            &["status"][..],
            &["status", "--format", "json"],
            &["import", "--team", "BOS"],
            &["import", "--all-profiles", "--team", "BOS"],
            &["doctor", "--offline"],
            &["logout"],
        ] {
            let mut command = world.command(words);
            command.env("NBATODO_SESSION_STORE", &url);
            let ran = crate::world::finish(command);
            is_harmless(&ran, &format!("{url} {words:?}"));
            assert_ne!(ran.code, Some(0), "{ran:?}");
        }
    }
}
