//! `docs/json.md`: each command line in it runs, and what it shows and names is there.

use serde_json::Value;

use crate::feed::{celtics_games, text};
use crate::readme::shell;
use crate::schemas;
use crate::world::{RED, World, has};

const PAGE: &str = include_str!("../../docs/json.md");

/// The lines of the one block in `language`.
fn block(language: &str) -> Vec<&'static str> {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.lines().collect()
}

#[test]
fn each_line_for_jq_says_something() {
    if !has("jq") {
        return;
    }
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    world.sign_in("default", RED);
    let lines = block("sh");
    assert!(lines.len() >= 6, "{lines:?}");
    for line in lines {
        let ran = shell(&world, line, "");
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        assert!(!ran.stdout.trim().is_empty() && ran.stderr.is_empty(), "{line}: {ran:?}");
        assert!(!ran.stdout.contains("null"), "{line}: {ran:?}");
    }
}

#[test]
fn the_page_names_each_schema_of_a_document_and_none_that_is_not_there() {
    let linked: Vec<&str> = PAGE.split("(../schemas/").skip(1).map(name).collect();
    for name in &linked {
        assert!(schemas::all().contains_key(*name), "there is no schemas/{name}.json");
    }
    for (name, schema) in schemas::all() {
        let is_document = schema["properties"].get("schema_version").is_some();
        assert_eq!(linked.contains(&name.as_str()), is_document, "{name}");
    }
}

fn name(link: &str) -> &str {
    link.split_once(".json)").unwrap().0
}

#[test]
fn the_events_that_the_page_shows_and_lists_are_those_of_the_schema() {
    for line in block("jsonl") {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(schemas::complaints("event", &event), Vec::<String>::new(), "{line}");
    }
    for event in schemas::all()["event"]["oneOf"].as_array().unwrap() {
        let name = event["properties"]["event"]["const"].as_str().unwrap();
        let row = PAGE.lines().find(|line| {
            line.split('|').nth(1).is_some_and(|cell| cell.contains(&format!("`{name}`")))
        });
        let row = row.unwrap_or_else(|| panic!("{name} is not in the table of events"));
        for field in event["properties"].as_object().unwrap().keys().filter(|it| *it != "event") {
            assert!(row.contains(&format!("`{field}`")), "{field} of {name}");
        }
    }
}
