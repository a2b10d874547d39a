//! `docs/sign-in.md` and `docs/sessions.md` name a test for each row, and each test that they name
//! is there.

use std::fs;
use std::path::{Path, PathBuf};

const SIGN_IN: &str = include_str!("../../docs/sign-in.md");
const SESSIONS: &str = include_str!("../../docs/sessions.md");

/// The names of tests in `text`: in backticks, with their rooms.
fn tests_in<'a>(text: &'a str, below: &'a str) -> impl Iterator<Item = String> + 'a {
    let quoted = text.split('`').skip(1).step_by(2);
    let named = |name: &&str| {
        name.contains("::") && name.starts_with(char::is_alphabetic) && !name.ends_with("::")
    };
    quoted.filter(named).map(move |name| format!("{below}{name}"))
}

/// The lines of a page's table, by the number behind `letter`.
fn rows(page: &'static str, letter: char) -> Vec<(&'static str, &'static str)> {
    let cells =
        |line: &'static str| line.strip_prefix("| ")?.strip_prefix(letter)?.split_once(" |");
    page.lines().filter_map(cells).collect()
}

/// Checks that a page has rows from 1 to `last`, each with a test below `below`, and that what
/// is named outside of them, `others` at least, is there, too.
fn names_its_tests(page: &'static str, letter: char, last: u8, below: &str, others: usize) {
    let numbers: Vec<String> =
        rows(page, letter).iter().map(|(number, _)| (*number).to_owned()).collect();
    let expected: Vec<String> = (1..=last).map(|number: u8| number.to_string()).collect();
    assert_eq!(numbers, expected);
    let sources = sources();
    for (number, row) in rows(page, letter) {
        let tests: Vec<String> = tests_in(row, below).collect();
        assert!(!tests.is_empty(), "{letter}{number} names no test");
        for test in tests {
            assert!(exists(&test, &sources), "{letter}{number}: there is no {test}");
        }
    }
    // The header of the table names the room of its tests, and no test.
    let of_table =
        |line: &&str| line.starts_with(&format!("| {letter}")) || line.starts_with("| # ");
    let prose: Vec<&str> = page.lines().filter(|line| !of_table(line)).collect();
    let tests: Vec<String> = tests_in(&prose.join("\n"), "").collect();
    assert!(tests.len() >= others, "{tests:?}");
    for test in tests {
        assert!(exists(&test, &sources), "there is no {test}");
    }
}

/// The files of the code and of the tests.
pub(crate) fn sources() -> Vec<PathBuf> {
    let mut folders = vec!["src", "tests"]
        .into_iter()
        .map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .collect::<Vec<_>>();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// Whether the file of its room has a test of that name.
pub(crate) fn exists(test: &str, sources: &[PathBuf]) -> bool {
    let (room, name) = test.rsplit_once("::").unwrap();
    let folder = PathBuf::from(room.replace("::", "/"));
    let files = [folder.with_extension("rs"), folder.join("mod.rs")];
    let tests = |path: &PathBuf| fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    sources
        .iter()
        .filter(|path| files.iter().any(|file| path.ends_with(file)))
        .any(|path| tests(path).contains(&format!("#[test]\nfn {name}()")))
}

#[test]
fn every_row_of_the_sign_in_page_has_a_test() {
    names_its_tests(SIGN_IN, 'L', 24, "listener::", 10);
}

#[test]
fn every_row_of_the_sessions_page_has_a_test() {
    names_its_tests(SESSIONS, 'S', 12, "sealed::", 7);
}

#[test]
fn every_case_around_the_sign_in_has_a_test() {
    let (_, around) = SIGN_IN.split_once("\n## Around it\n").unwrap();
    let rows = around.lines().filter(|line| line.starts_with("| ")).skip(1);
    let rows: Vec<&str> = rows.collect();
    assert!(rows.len() >= 9, "{rows:?}");
    for row in rows {
        assert!(tests_in(row, "").next().is_some(), "{row} names no test");
    }
}

#[test]
fn the_pages_are_short() {
    for page in [SIGN_IN, SESSIONS] {
        assert!(page.lines().count() <= 150);
    }
}
