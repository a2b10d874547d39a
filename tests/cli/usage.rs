//! A command line that cannot be read: a complaint like every other.

use crate::terminal::Terminal;
use crate::world::World;

/// Every complaint in a log is one line that begins with our name, and says what to type.
#[test]
fn a_log_gets_one_line_with_our_name() {
    let world = World::new();
    for (arguments, said) in [
        (
            &["import", "--ofline"][..],
            "nbatodo: unexpected argument '--ofline' found. A similar argument exists: \
             '--offline'. See: nbatodo import --help\n",
        ),
        (
            &["improt"],
            "nbatodo: unrecognized subcommand 'improt'. A similar subcommand exists: 'import'. \
             See: nbatodo --help\n",
        ),
        (
            &["status", "--format", "yaml"],
            "nbatodo: invalid value 'yaml' for '--format <FORMAT>' [possible values: human, json, \
             jsonl, csv, ics]. See: nbatodo status --help\n",
        ),
        (
            &["config", "set"],
            "nbatodo: the following required arguments were not provided: <KEY>. See: nbatodo \
             config set --help\n",
        ),
        (
            &["login", "--ttl", "2h"],
            "nbatodo: invalid value '2h' for '--ttl <TIME>': it takes a length of time from 1m to \
             1h, such as 15m or 1h; a number alone is minutes. See: nbatodo login --help\n",
        ),
        (
            &["import", "--home", "--away"],
            "nbatodo: the argument '--home' cannot be used with '--away'. See: nbatodo import \
             --help\n",
        ),
    ] {
        let ran = world.run(arguments);
        assert_eq!(ran.exits_with(2).stderr, said);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn what_people_type_instead_is_answered_with_what_to_type() {
    let world = World::new();
    for (arguments, meant) in [
        (&["config", "get", "team"][..], "Did you mean: nbatodo config show team. See: "),
        (&["config", "get"], "Did you mean: nbatodo config show. See: "),
        (&["config", "--quiet", "list"], "Did you mean: nbatodo config show. See: "),
        (&["schedule", "BOS"], "Did you mean: nbatodo schedule --team BOS. See: "),
        (&["import", "BOS,LAL", "--home"], "Did you mean: nbatodo import --team 'BOS,LAL'. See: "),
        (&["import", "los angeles"], "Did you mean: nbatodo import --team 'los angeles'. See: "),
        (&["celtics"], "Did you mean: nbatodo schedule --team BOS. See: "),
        (&["auth", "login"], "Did you mean: nbatodo login. See: "),
        (&["whoami"], "Did you mean: nbatodo status. See: "),
        (&["schedule", "--json"], "Did you mean: --format json. See: "),
        (&["--profile", "status", "import", "--nope"], "See: nbatodo import --help"),
        (&["remove", "next"], "A team is named like this: nbatodo remove --team BOS. See: "),
    ] {
        world.run(arguments).exits_with(2).complains_of(&[meant]);
    }
    let ran = world.run(["import", "--team", "los angeles"]);
    ran.exits_with(2).complains_of(&["Say in its place: LAC or LAL"]);
}

#[test]
fn quiet_prints_what_other_programs_read() {
    let world = World::new();
    world.configure("team = \"BOS\"\n");
    for arguments in [
        &["config", "show", "team"][..],
        &["config", "path"],
        &["completions", "bash"],
        &["man", "import"],
        &["schedule", "--offline", "--format", "csv"],
    ] {
        let [aloud, quiet] = [&[][..], &["--quiet"]].map(|rest| {
            let ran = world.run([arguments, rest].concat());
            ran.exits_with(0);
            ran.stdout
        });
        assert!(!quiet.is_empty() && quiet == aloud, "{arguments:?}");
    }
    let ran = world.run(["config", "show", "--quiet"]);
    assert_eq!(ran.exits_with(0).stdout, "");
}

#[test]
fn a_terminal_gets_what_why_and_what_to_type() {
    let world = World::new();
    let drawn = |columns: u16, arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("TERM", "dumb").env("COLUMNS", columns.to_string());
        let (code, drawn) = Terminal::start_with(&command, columns).finish();
        assert_eq!(code, Some(2), "{drawn}");
        format!("# {}\n{}\n", arguments.join(" "), drawn.replace('\r', ""))
    };
    for columns in [60, 80] {
        let all: String = [
            &["import", "--ofline"][..],
            &["schedule", "BOS"],
            &["status", "--format", "yaml"],
            &["login", "--timeout", "soon"],
            &["config", "get", "team"],
            &["completions"],
        ]
        .map(|arguments| drawn(columns, arguments))
        .concat();
        assert!(all.lines().all(|line| line.chars().count() <= columns.into()), "{all}");
        insta::assert_snapshot!(format!("usage_{columns}"), all);
    }
}
