//! `docs/sign-in.md` names a test for each row, and each test that it names is there.

use std::fs;
use std::path::{Path, PathBuf};

const SIGN_IN: &str = include_str!("../../docs/sign-in.md");

/// The names of tests in `text`: in backticks, with their rooms.
fn tests_in<'a>(text: &'a str, below: &'a str) -> impl Iterator<Item = String> + 'a {
    let quoted = text.split('`').skip(1).step_by(2);
    let named = |name: &&str| {
        name.contains("::") && name.starts_with(char::is_alphabetic) && !name.ends_with("::")
    };
    quoted.filter(named).map(move |name| format!("{below}{name}"))
}

/// The lines of the table, by the number in front.
fn rows() -> Vec<(&'static str, &'static str)> {
    let cells = |line: &'static str| line.strip_prefix("| L")?.split_once(" |");
    SIGN_IN.lines().filter_map(cells).collect()
}

fn sources() -> Vec<PathBuf> {
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
fn exists(test: &str, sources: &[PathBuf]) -> bool {
    let (room, name) = test.rsplit_once("::").unwrap();
    let file = Path::new(&room.replace("::", "/")).with_extension("rs");
    let tests = |path: &PathBuf| fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    sources
        .iter()
        .filter(|path| path.ends_with(&file))
        .any(|path| tests(path).contains(&format!("#[test]\nfn {name}()")))
}

#[test]
fn every_row_of_the_sign_in_page_has_a_test() {
    let numbers: Vec<String> = rows().iter().map(|(number, _)| (*number).to_owned()).collect();
    let expected: Vec<String> = (1..=24).map(|number: u8| number.to_string()).collect();
    assert_eq!(numbers, expected);
    let sources = sources();
    for (number, row) in rows() {
        let tests: Vec<String> = tests_in(row, "listener::").collect();
        assert!(!tests.is_empty(), "L{number} names no test");
        for test in tests {
            assert!(exists(&test, &sources), "L{number}: there is no {test}");
        }
    }
    // The header of the table names the room of its tests, and no test.
    let of_table = |line: &&str| line.starts_with("| L") || line.starts_with("| # ");
    let prose: Vec<&str> = SIGN_IN.lines().filter(|line| !of_table(line)).collect();
    let tests: Vec<String> = tests_in(&prose.join("\n"), "").collect();
    assert!(tests.len() >= 10, "{tests:?}");
    for test in tests {
        assert!(exists(&test, &sources), "there is no {test}");
    }
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
fn the_sign_in_page_is_short() {
    assert!(SIGN_IN.lines().count() <= 120);
}
