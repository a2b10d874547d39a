//! The house: five floors, and every room imports only from floors below its own, or, where it
//! must be, from a room beside it that does not import it back.

#![allow(clippy::unwrap_used, clippy::panic)] // A test may stop at the first surprise.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: [&[&str]; 5] = [
    &["model", "clock", "http", "looks", "paths", "private_files", "settings"],
    &["session", "keys", "database", "todoist", "schedule"],
    &["signin", "import", "sandbox"],
    &["commands"],
    &["cli"],
];

/// Which rooms each room names behind `crate::`.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files_below(&source) {
        let inside = path.strip_prefix(&source).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let room = first.trim_end_matches(".rs").to_owned();
        if room == "lib" || room == "main" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let named = code.flat_map(|line| line.split("crate::").skip(1)).map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()
        });
        let others: Vec<String> = named.filter(|other| *other != room).collect();
        assert!(
            !others.contains(&String::new()),
            "{}: use crate::{{…}} hides rooms",
            path.display()
        );
        imports.entry(room).or_default().extend(others);
    }
    imports
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("{room} is on no floor"))
}

#[test]
fn no_room_imports_from_a_floor_above() {
    for (room, others) in imports() {
        for other in others {
            assert!(floor(&other) <= floor(&room), "{room} imports {other}, which is above it");
        }
    }
}

#[test]
fn no_rooms_import_each_other_in_a_circle() {
    let imports = imports();
    for start in imports.keys() {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&String> = imports[start].iter().collect();
        while let Some(room) = ahead.pop() {
            assert_ne!(room, start, "{start} comes back to itself through {reached:?}");
            if reached.insert(room.clone()) {
                ahead.extend(imports.get(room).into_iter().flatten());
            }
        }
    }
}

#[test]
fn the_parts_do_not_know_what_they_are_used_for() {
    let imports = imports();
    for (room, stranger) in [
        ("todoist", "schedule"),
        ("todoist", "session"),
        ("schedule", "todoist"),
        ("session", "todoist"),
        ("session", "schedule"),
        ("session", "signin"),
        ("session", "import"),
        ("keys", "session"),
        ("keys", "todoist"),
        ("keys", "schedule"),
        ("keys", "signin"),
        ("keys", "import"),
        ("database", "session"),
        ("database", "keys"),
        ("database", "todoist"),
        ("database", "schedule"),
        ("sandbox", "todoist"),
        ("sandbox", "signin"),
    ] {
        assert!(!imports[room].contains(stranger), "{room} knows {stranger}");
    }
    let plan = files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/import/plan"));
    assert!(!plan.is_empty());
    for file in plan {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("crate::todoist"), "{} knows Todoist", file.display());
    }
}
