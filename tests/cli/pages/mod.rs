//! The README and the pages in `docs/`: every command in them works, from the top of a page to its
//! end, and every other block is what it says it is.

mod blocks;
mod elsewhere;
mod links;
mod scene;
mod shell;
mod spans;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

pub(crate) use blocks::{Block, blocks};
pub(crate) use scene::REPOSITORY;
pub(crate) use shell::shell;

use crate::documented::{exists, sources};
use crate::world::{RED, Ran, World, finish, has};
use scene::{GAMES, NO_COMMANDS, NOT_RUN, PROGRAMS, RUN_BY, here, scene};

/// The names of the pages.
pub(crate) fn pages() -> Vec<String> {
    let docs = fs::read_dir(Path::new(REPOSITORY).join("docs")).unwrap();
    let names = docs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> = names.filter(|name| name.ends_with(".md")).collect();
    pages.sort();
    let pages = pages.into_iter().map(|name| format!("docs/{name}"));
    std::iter::once("README.md".to_owned()).chain(pages).collect()
}

pub(crate) fn text_of(page: &str) -> String {
    fs::read_to_string(Path::new(REPOSITORY).join(page)).unwrap()
}

/// The one line in a block of `page` that begins with `start`, for the test that runs it.
#[track_caller]
pub(crate) fn the_line(page: &str, start: &str) -> String {
    let blocks = blocks(page, &text_of(page));
    let lines: Vec<&str> =
        blocks.iter().flat_map(Block::lines).filter(|line| line.starts_with(start)).collect();
    let [line] = lines[..] else { panic!("{page}: \"{start}\" begins {lines:?}") };
    line.to_owned()
}

/// Types a line as a person would who has typed all those before in the same terminal.
fn typed(world: &World, line: &str) -> Ran {
    let kept = world.home().join("terminal");
    let kept = kept.display();
    let input = match line.contains("cat >") && !line.contains("<<") {
        true => world.sandbox.personal_token(RED).unwrap(),
        false => String::new(),
    };
    let script = format!(
        "[ ! -f {kept} ] || . {kept}\n{line}\ncode=$?\n\
         {{ export -p; echo \"cd '$PWD'\"; }} > {kept}; exit $code"
    );
    shell(world, &script, &input)
}

/// Runs a page from its top to its end. Returns the lines that were run.
#[track_caller]
fn run(page: &str, world: &World) -> Vec<String> {
    let mut ran = Vec::new();
    for block in blocks(page, &text_of(page)) {
        match block.language.as_str() {
            "sh" => {
                for line in block.commands() {
                    let mut others = NOT_RUN.iter().chain(&RUN_BY);
                    let is_out = others.any(|it| it.0 == page && line.starts_with(it.1));
                    let needs = |program: &&&str| line.split([' ', '|']).any(|it| it == **program);
                    if is_out || !PROGRAMS.iter().filter(needs).all(|program| has(program)) {
                        continue;
                    }
                    let result = typed(world, &here(&line));
                    assert_eq!(result.code, Some(0), "{}: {line}\n{result:#?}", block.place());
                    ran.push(line);
                }
            }
            "cron" => ran.extend(by_cron(world, &block)),
            _ => {}
        }
    }
    ran
}

/// Runs the commands of a table of cron's, which are quiet where they say so.
fn by_cron(world: &World, block: &Block) -> Vec<String> {
    let is_variable = |line: &str| line.split(['=', ' ']).next() == line.split('=').next();
    let lines = block.lines().filter(|line| !is_variable(line));
    let commands = lines.map(|line| match line.starts_with('@') {
        true => line.split_once(' ').unwrap().1.to_owned(),
        false => line.splitn(6, ' ').nth(5).unwrap_or_default().to_owned(),
    });
    let commands: Vec<String> = commands.collect();
    for command in &commands {
        let ran = shell(world, command, "");
        let place = block.place();
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{place}: {command}\n{ran:#?}");
        assert!(!command.contains("--quiet") || ran.stdout.is_empty(), "{place}: {ran:#?}");
    }
    commands
}

#[test]
fn every_command_of_the_readme_works_in_its_order() {
    let world = scene("README.md");
    let ran = run("README.md", &world);
    for command in
        ["cargo run --release -- demo", "nbatodo login", "nbatodo import", "nbatodo logout"]
    {
        assert!(ran.iter().any(|line| line.starts_with(command)), "{command} is not in the README");
    }
    assert!(world.home().join(".cargo/bin/nbatodo").is_file(), "cargo install is in the README");
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, GAMES));
}

#[test]
fn the_readme_begins_with_the_demo_and_the_tests() {
    let blocks = blocks("README.md", &text_of("README.md"));
    let first: Vec<String> = blocks.iter().flat_map(Block::commands).take(2).collect();
    assert_eq!(first, ["cargo run --release -- demo", "cargo test"]);
    let readme = text_of("README.md");
    assert!(readme.contains("\n## First minute\n"));
    assert!(readme.lines().count() <= 160, "{}", readme.lines().count());
}

#[test]
fn every_command_of_the_pages_works_in_the_order_of_its_page() {
    for page in pages().iter().filter(|page| *page != "README.md") {
        run(page, &scene(page));
    }
}

#[test]
fn a_page_about_cron_and_systemd_leaves_an_import_behind() {
    let world = scene("docs/cron.md");
    let ran = run("docs/cron.md", &world);
    let has_line = |part: &str| ran.iter().any(|line| line.contains(part));
    assert!(has_line("systemd-run") && has_line("systemctl --user") && has_line("--make-key"));
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, GAMES));
}

#[test]
fn every_block_of_the_pages_is_what_it_says() {
    let world = World::new();
    for page in pages() {
        for block in blocks(&page, &text_of(&page)) {
            let (place, text) = (block.place(), block.text.as_str());
            match block.language.as_str() {
                "sh" | "cron" => assert!(block.lines().next().is_some(), "{place} is empty"),
                "toml" => is_a_settings_file(&world, &block),
                "json" => drop(json(&place, text)),
                "jsonl" => text.lines().for_each(|line| drop(json(&place, line))),
                "ini" | "systemd" => is_a_unit(&block),
                "sql" => is_in_the_code(&block),
                "text" => is_explained(&block),
                other => panic!("{place}: what is to be checked of \"{other}\"?"),
            }
        }
    }
}

#[track_caller]
fn json(place: &str, text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error}"))
}

/// Checks that the binary takes it for its settings.
fn is_a_settings_file(world: &World, block: &Block) {
    assert_eq!(with_settings(world, &block.text).code, Some(0), "{}", block.place());
}

/// A run that reads its settings and, having a token, neither a key nor a database.
fn with_settings(world: &World, text: &str) -> Ran {
    let file = world.home().join("settings.toml");
    fs::write(&file, text).unwrap();
    // It may hold a password.
    world.chmod(&file, 0o600);
    let mut status = world.command(["status", "--config", file.to_str().unwrap()]);
    status.env_remove("NBATODO_KEY_FILE");
    status.env("NBATODO_TOKEN", world.sandbox.personal_token(RED).unwrap());
    finish(status)
}

/// Checks a unit, or what is dropped in beside one.
fn is_a_unit(block: &Block) {
    if !has("systemd-analyze") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let is_timer = block.text.contains("[Timer]");
    let name = if is_timer { "nbatodo.timer" } else { "nbatodo.service" };
    let unit = folder.path().join(name);
    // The program is not installed here, and a drop-in names none.
    let lines = block.lines().filter(|line| !line.starts_with("ExecStart="));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let program = "\n[Service]\nExecStart=/bin/true\n";
    fs::write(&unit, format!("{text}{}", if is_timer { "" } else { program })).unwrap();
    if is_timer {
        fs::write(folder.path().join("nbatodo.service"), program).unwrap();
    }
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify").arg(&unit).env("XDG_RUNTIME_DIR", folder.path());
    let verified = verify.output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && said.is_empty(), "{}: {said}", block.place());
}

/// Checks that the tables of a database are those that the code makes.
fn is_in_the_code(block: &Block) {
    let words = |text: &str| -> String { text.replace('\\', " ").split_whitespace().collect() };
    let code = Path::new(REPOSITORY).join("src");
    let sources = sources().into_iter().filter(|file| file.starts_with(&code));
    let sources: Vec<String> =
        sources.map(|file| words(&fs::read_to_string(file).unwrap())).collect();
    for statement in block.text.split(';').map(words).filter(|it| !it.is_empty()) {
        let made = ["TABLE", "INDEX"].iter().fold(statement, |it, what| {
            it.replacen(&format!("CREATE{what}"), &format!("CREATE{what}IFNOTEXISTS"), 1)
        });
        assert!(sources.iter().any(|it| it.contains(&made)), "{}: {made}", block.place());
    }
}

/// Checks that there is a reason why a block is not run.
#[track_caller]
fn is_explained(block: &Block) {
    let first = block.text.lines().next().unwrap_or_default();
    let is_of = |page: &str, start: &str| block.page == page && first.starts_with(start);
    let listed = NO_COMMANDS.iter().any(|(page, start)| is_of(page, start));
    assert!(listed, "{}: why is \"{first}\" not run? Make it `sh`, or say so", block.place());
}

#[test]
fn what_is_not_run_is_there_and_is_little() {
    assert!(NOT_RUN.len() <= 5);
    let sources = sources();
    for (page, start, test) in RUN_BY {
        assert!(exists(test, &sources), "{page}: \"{start}\" is run by no {test}");
    }
    let none = NO_COMMANDS.map(|(page, start)| (page, start, "it holds no command"));
    let pages = pages();
    for (page, start, why) in NOT_RUN.iter().chain(&RUN_BY).chain(&none) {
        if !pages.iter().any(|it| it == page) {
            continue;
        }
        let blocks = blocks(page, &text_of(page));
        let mut lines = blocks.iter().flat_map(Block::lines);
        assert!(lines.any(|line| line.starts_with(start)), "{page} has no \"{start}\" ({why})");
    }
}

#[test]
fn a_settings_file_that_is_none_is_found_out() {
    let world = World::new();
    with_settings(&world, "team = \n").exits_with(2);
    with_settings(&world, "no_such_setting = 1\n").exits_with(2);
}
