//! The help of every command, as it is printed, and every example in it, as it is typed.

use std::path::Path;
use std::process::{Command, Stdio};

use nbatodo::cli::help::{self, own_commands};
use nbatodo::sandbox::visitor::Decision;
use nbatodo::settings::Key;

use crate::feed::{celtics_games, text};
use crate::terminal::Terminal;
use crate::world::{RED, World, finish, has};

/// Every command, as it is typed behind `nbatodo`; the first is `nbatodo` itself.
pub(crate) fn commands() -> Vec<Vec<String>> {
    fn add(command: &clap::Command, path: &[String], all: &mut Vec<Vec<String>>) {
        all.push(path.to_vec());
        for below in own_commands(command) {
            add(below, &[path, &[below.get_name().to_owned()]].concat(), all);
        }
    }
    let mut all = Vec::new();
    add(&help::command(), &[], &mut all);
    all
}

/// What `nbatodo COMMAND FLAG` prints through a pipe.
fn printed(world: &World, command: &[String], flag: &str) -> String {
    let ran = world.run([command, &[flag.to_owned()]].concat());
    assert_eq!(ran.exits_with(0).stderr, "");
    ran.stdout
}

/// What stands below a heading.
fn part<'a>(help: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = help.lines().skip_while(|line| *line != format!("{heading}:")).skip(1);
    lines.take_while(|line| line.is_empty() || line.starts_with(' ')).collect()
}

/// The examples, each with what is said about it.
fn examples(help: &str) -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = Vec::new();
    for line in part(help, "Examples") {
        match (line.strip_prefix("      "), line.strip_prefix("  ")) {
            (Some(explained), _) => examples.last_mut().unwrap().1 += explained,
            (_, Some(example)) => examples.push((example.to_owned(), String::new())),
            _ => {}
        }
    }
    examples
}

/// The exit code that an example is said to end with.
fn documented_code(explained: &str) -> i32 {
    let code = explained.split("(exit code ").nth(1);
    code.map_or(0, |code| code.trim_end_matches(')').parse().unwrap())
}

#[test]
fn the_help_of_every_command_is_whole_and_fits_eighty_columns() {
    let world = World::new();
    for command in commands() {
        let short = printed(&world, &command, "-h");
        let long = printed(&world, &command, "--help");
        for line in short.lines().chain(long.lines()) {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
        let first = long.split("\n\n").next().unwrap().replace('\n', " ");
        assert_eq!(first.split_inclusive(". ").count(), 2, "{command:?}: {first}");
        let examples = examples(&long);
        assert!(!examples.is_empty(), "{command:?} has no examples");
        for (line, explained) in examples {
            assert!(line.contains("nbatodo") && !explained.is_empty(), "{line}: {explained}");
        }
        assert!(!part(&long, "Exit codes").is_empty(), "{command:?} has no exit codes");
        // The options that every command takes stand in the help of nbatodo alone.
        let common = |help: &str| help.contains("\n      --config <FILE>");
        assert_eq!(common(&long), command.is_empty(), "{long}");
        assert_eq!(common(&short), command.is_empty(), "{short}");
        assert!(short.contains("nbatodo --help") || command.is_empty(), "{short}");
        assert!(!short.contains("\nExamples:"), "{short}");
    }
}

#[test]
fn help_is_the_same_by_each_of_its_names() {
    let world = World::new();
    for command in commands().into_iter().skip(1) {
        let named = world.run([&["help".to_owned()], &command[..]].concat());
        assert_eq!(named.exits_with(0).stdout, printed(&world, &command, "--help"));
        let asked =
            world.run([&["help".to_owned()], &command[..], &["--help".to_owned()]].concat());
        assert_eq!(asked.exits_with(0).stdout, named.stdout);
    }
}

#[test]
fn help_fits_a_terminal_of_any_width() {
    let world = World::new();
    for (columns, longest) in [(60, 60), (80, 80), (120, 80)] {
        let script = format!("stty cols {columns}; exec \"$0\" import --help");
        let mut shell = world.shell(&script);
        shell.arg(env!("CARGO_BIN_EXE_nbatodo"));
        let (code, drawn) = Terminal::start(&shell).finish();
        assert_eq!(code, Some(0));
        let plain = plain(&drawn);
        let widest = plain.lines().max_by_key(|line| line.trim_end().chars().count()).unwrap();
        let width = widest.trim_end().chars().count();
        // The names of options and lines to type are not taken apart.
        let whole = |line: &str| line.contains("nbatodo ") || line.contains("NBATODO_");
        let fits = |line: &str| line.trim_end().chars().count() <= longest || whole(line);
        assert!(plain.lines().all(fits), "{columns}: {widest}");
        assert!(width + 10 > longest, "{columns}: {width} columns are used");
        // What goes on in the next line goes on below itself, and not below its code.
        let codes = part(&plain, "Exit codes");
        let is_row = |line: &&&str| line.starts_with("  ") && line.as_bytes()[2].is_ascii_digit();
        let rows = codes.iter().filter(is_row).count();
        let others = codes.iter().filter(|line| !line.is_empty() && !is_row(line));
        assert!(rows > 5 && (columns > 60 || rows < others.clone().count() + rows), "{codes:?}");
        assert!(others.into_iter().all(|line| line.starts_with("      ")), "{codes:?}");
    }
}

/// What is left of a screen without its colours.
fn plain(drawn: &str) -> String {
    let mut parts = drawn.split('\u{1b}');
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

/// Colours change no word, and every style that is begun is one that we know.
#[test]
fn help_in_colour_says_the_same() {
    let world = World::new();
    for command in commands() {
        for flag in ["-h", "--help"] {
            let mut colored = world.command([&command[..], &[flag.to_owned()]].concat());
            colored.env("CLICOLOR_FORCE", "1").env("COLORTERM", "truecolor");
            let colored = finish(colored).exits_with(0).stdout.clone();
            assert!(colored.contains("\u{1b}[1m"), "{command:?}: {colored}");
            assert_eq!(plain(&colored), printed(&world, &command, flag), "{command:?}");
        }
    }
}

#[test]
fn a_mistyped_command_or_option_is_recognised() {
    let world = World::new();
    for (arguments, meant) in [
        (&["improt"][..], "import"),
        (&["stauts"], "status"),
        (&["import", "--teem", "BOS"], "--team"),
        (&["import", "--dry-urn"], "--dry-run"),
        (&["man", "imprt"], "import"),
        (&["status", "--format", "jsn"], "json"),
    ] {
        let ran = world.run(arguments);
        assert!(ran.exits_with(2).stderr.contains(meant), "{ran:?}");
        let with_format = [arguments, &["--format", "json"]].concat();
        if !arguments.contains(&"--format") {
            let document = world.run(with_format).exits_with(2).json();
            assert_eq!(document["error"]["exit_code"], 2, "{document}");
        }
    }
}

/// A world where Red is signed in to stay and to delete, and where there is something to delete
/// if that is what the line is about.
fn ready_for(line: &str) -> World {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let login = ["login", "--no-browser", "--stay-signed-in", "--allow-delete"];
    world.sign_in_by(world.command(login), RED);
    if line.contains("nbatodo remove") {
        let place: &[&str] = if line.contains("inbox") { &["--destination", "inbox"] } else { &[] };
        world.run([&["import", "--team", "BOS"][..], place].concat()).exits_with(0);
        let together = ["import", "--team", "BOS", "--one-project", "The East"];
        world.run(together).exits_with(0);
    }
    world
}

/// The line in the shell that it is for, with nbatodo on the path.
fn typed(world: &World, line: &str) -> Option<Command> {
    let shell = ["zsh", "fish", "elvish"].into_iter().find(|shell| line.contains(shell));
    let shell = shell.unwrap_or("bash");
    if !has(shell) {
        return None;
    }
    // Completions of zsh need its completion system.
    let before = if shell == "zsh" { "autoload -Uz compinit; compinit -D; " } else { "" };
    let model = world.command::<&str>([]);
    let mut command = Command::new(shell);
    command.arg("-c").arg(format!("{before}{line}")).env_clear().current_dir(world.home());
    command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let binaries = Path::new(env!("CARGO_BIN_EXE_nbatodo")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(binaries).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).unwrap()).env("BROWSER", "true");
    command.stdin(Stdio::null());
    Some(command)
}

/// Runs an example; returns what it ended with and all that it said.
fn run(world: &World, line: &str, mut command: Command) -> (Option<i32>, String) {
    if line.contains("nbatodo login") || line.contains("--session-store memory") {
        let login = world.start_login(command);
        world.decide(&login.url, RED, Decision::Allow);
        let ran = login.finish();
        return (ran.code, format!("{ran:?}"));
    }
    if line.contains("nbatodo sandbox") {
        command.arg("nbatodo");
        let mut terminal = Terminal::start(&command);
        terminal.until_drawn("Ctrl-C here ends it");
        terminal.press("\u{3}");
        return terminal.finish();
    }
    if command.get_program() == "elvish" {
        // It has an editor, and so completions, only where somebody sits in front of it.
        let mut elvish = Command::new("elvish");
        elvish.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        elvish.env("XDG_RUNTIME_DIR", world.home());
        let mut terminal = Terminal::start(&elvish);
        terminal.until_drawn("> ");
        terminal.press(&format!("try {{ {line}; exit 0 }} catch e {{ exit 1 }}\r"));
        return terminal.finish();
    }
    let output = command.output().unwrap();
    (output.status.code(), format!("{output:?}"))
}

#[test]
fn every_example_of_every_help_works() {
    let world = World::new();
    let mut count = 0;
    for command in commands() {
        for (line, explained) in examples(&printed(&world, &command, "--help")) {
            let world = ready_for(&line);
            let Some(shell) = typed(&world, &line) else { continue };
            let (code, said) = run(&world, &line, shell);
            assert_eq!(code, Some(documented_code(&explained)), "{line}: {said}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

/// Of every option that a variable can stand in for, `--help` names it, and of no other.
#[test]
fn help_names_the_variable_of_each_option_that_has_one() {
    let world = World::new();
    let help = |command: &str| {
        let line: Vec<&str> = [command, "--help"].into_iter().filter(|it| !it.is_empty()).collect();
        world.run(line).exits_with(0).stdout.clone()
    };
    let names = |command: &str, flag: &str, variable: &str| {
        let help = help(command);
        let mut options = help.split("\n\n").filter(|it| {
            let rest = it.rsplit("\n      ").find_map(|line| line.trim_start().strip_prefix(flag));
            rest.is_some_and(|rest| rest.starts_with([' ', '[', '\n']))
        });
        let text = options.next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        text.join(" ").contains(&format!("[env: {variable}]"))
    };
    for key in Key::all() {
        let Some(flag) = key.flag() else { continue };
        let commands = ["", "login", "import", "schedule"];
        let named = commands.iter().any(|command| names(command, flag, key.variable()));
        assert!(named, "{flag} does not name {}", key.variable());
    }
    assert!(names("", "--config", "NBATODO_CONFIG") && names("remove", "--team", "NBATODO_TEAM"));
    assert_eq!(help("remove").matches("[env: ").count(), 1);
    assert_eq!(help("demo").matches("[env: ").count() + help("sandbox").matches("[env").count(), 0);
}
