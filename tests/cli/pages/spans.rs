//! The commands in the prose of the pages: what is in backticks and a command with its arguments is
//! run, or at least understood by the binary, or it is told what runs it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::elsewhere::{
    ANSWERS, ENDS_WITH, How, NOTHING_TO_TYPE, OTHERS, RUN_BY_TESTS, STANDS_FOR,
};
use super::scene::{REPOSITORY, scene};
use super::{Block, blocks, pages, shell, text_of};
use crate::documented::{exists, sources};
use crate::world::{Ran, World};

/// What is in backticks outside of the blocks of all pages, with the page that it is first on.
fn spans() -> Vec<(String, String)> {
    let others = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned);
    let (mut seen, mut spans) = (BTreeSet::new(), Vec::new());
    for page in pages().into_iter().chain(others) {
        let prose: Vec<String> =
            text_of(&page).split("\n```").step_by(2).map(str::to_owned).collect();
        for span in prose.concat().split('`').skip(1).step_by(2) {
            let span = span.split_whitespace().collect::<Vec<_>>().join(" ");
            if seen.insert(span.clone()) {
                spans.push((page.clone(), span));
            }
        }
    }
    spans
}

/// The command of ours that a span is, as it is typed; also one that a table of cron's would run.
fn ours(span: &str) -> Option<String> {
    let fields = span.split(' ').take_while(|it| it.chars().all(|c| "0123456789*".contains(c)));
    let command = match fields.count() {
        5 => span.splitn(6, ' ').last().unwrap(),
        _ => span,
    };
    command.starts_with("nbatodo ").then(|| filled(command))
}

/// The same with words of the reader's own in place of those that stand for them.
fn filled(span: &str) -> String {
    let word = |word: &str| {
        let own = STANDS_FOR.iter().find(|(name, _)| *name == word);
        own.map_or(word, |(_, own)| *own).to_owned()
    };
    span.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What the binary says to these words.
fn said(words: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nbatodo"));
    command.args(words.split_whitespace()).env_clear();
    crate::world::finish(command)
}

/// A command, and those below it; the one of no name is the binary itself.
fn commands(above: &str) -> Vec<String> {
    let help = said(&format!("{above} --help")).stdout;
    let listed = help.split_once("\nCommands:\n").map_or("", |(_, listed)| listed);
    let listed = listed.lines().take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.split_whitespace().next());
    let below = names.filter(|it| *it != "help").map(|it| format!("{above} {it}"));
    let below = below.flat_map(|it| commands(it.trim()));
    std::iter::once(above.to_owned()).chain(below).collect()
}

/// Whether the grammar has all of it: the binary gets as far as to the help behind it.
fn is_understood(span: &str, commands: &[String]) -> bool {
    let first = span.split(' ').next().unwrap();
    if !span.starts_with("--") {
        return commands.iter().any(|it| it == first)
            && said(&format!("{} --help", filled(span))).code == Some(0);
    }
    let accepts = |command: &String| match span.contains([' ', '=']) {
        true => said(&format!("{command} {} --help", filled(span))).code == Some(0),
        // What it takes is left out here, so its name has to be enough.
        false => {
            let help = said(&format!("{command} --help")).stdout;
            help.split([' ', '\n', ',', '=', '[']).any(|word| word == span)
        }
    };
    commands.iter().any(accepts)
}

/// Whether it is typed like a command or an option.
fn is_one(span: &str) -> bool {
    let script = Path::new(REPOSITORY).join(span);
    let is_script = !span.starts_with(['/', '.']) && span.contains('/') && has_first_line(&script);
    span.contains(' ') || span.starts_with("--") || is_script || span == ".ci/run"
}

fn has_first_line(file: &Path) -> bool {
    std::fs::read(file).is_ok_and(|content| content.starts_with(b"#!"))
}

#[test]
fn what_the_prose_gives_to_type_is_understood_or_run_by_somebody() {
    let commands = commands("");
    let blocks: Vec<Block> = pages().iter().flat_map(|page| blocks(page, &text_of(page))).collect();
    let typed: Vec<String> =
        blocks.iter().filter(|block| block.language == "sh").flat_map(Block::commands).collect();
    let mut strange = Vec::new();
    for (page, span) in spans().into_iter().filter(|(_, span)| is_one(span)) {
        let known = NOTHING_TO_TYPE.contains(&span.as_str())
            || typed.contains(&span)
            || OTHERS.iter().any(|(start, _)| span.starts_with(start))
            || is_understood(span.strip_prefix("nbatodo ").unwrap_or(&span), &commands)
            || ours(&span).is_some_and(|it| is_understood(&it[8..], &commands));
        if !known {
            strange.push(format!("{page}: {span}"));
        }
    }
    assert!(
        strange.is_empty(),
        "who runs these, or are they nothing to type? See elsewhere.rs: {strange:#?}"
    );
}

#[test]
fn what_is_no_option_or_command_is_found_out() {
    let commands = commands("");
    for wrong in ["--prun", "--priority p9", "login --forever", "config sett", "--format=yaml"] {
        assert!(!is_understood(wrong, &commands), "{wrong}");
    }
}

#[test]
fn each_command_of_ours_in_the_prose_does_what_it_should() {
    let mut ran = 0;
    let all: BTreeSet<String> = spans().iter().filter_map(|(_, span)| ours(span)).collect();
    for line in all.iter().filter(|line| !RUN_BY_TESTS.iter().any(|it| it.0 == line.as_str())) {
        let world: World = scene("docs/many.md");
        world.run(["config", "set", "team", "BOS"]).exits_with(0);
        let answer = ANSWERS.iter().find(|it| it.0 == line).map_or("", |it| it.1);
        let result = shell(&world, line, answer);
        let other = ENDS_WITH.iter().find(|it| it.0 == line);
        result.exits_with(other.map_or(0, |(_, code, _)| *code));
        ran += 1;
    }
    assert!(ran > 12, "{all:?}");
}

#[test]
fn what_is_said_to_run_a_command_does() {
    let (sources, spans) = (sources(), spans());
    for (line, test) in RUN_BY_TESTS {
        assert!(exists(test, &sources), "\"{line}\" is run by no {test}");
    }
    for (start, how) in OTHERS {
        assert!(spans.iter().any(|(_, span)| span.starts_with(start)), "no page has \"{start}\"");
        match how {
            How::Test(test) => assert!(exists(test, &sources), "\"{start}\": there is no {test}"),
            How::Script(script, line) => {
                let text = std::fs::read_to_string(Path::new(REPOSITORY).join(script)).unwrap();
                assert!(text.contains(line), "{script} has no \"{line}\"");
            }
            How::Not(why) => assert!(!why.is_empty()),
        }
    }
    let not = OTHERS.iter().filter(|(_, how)| matches!(how, How::Not(_))).count();
    assert!(not <= 8, "{not} commands of the pages are run by nobody");
}
