//! `docs/configuration.md` is true: its table is that of the program, and its examples work.

use nbatodo::settings::{ConfigFile, Key};

use crate::readme;
use crate::world::World;

const PAGE: &str = include_str!("../../../docs/configuration.md");

/// What stands in the fenced blocks in `language`.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = PAGE.split(fence.as_str()).skip(1);
    blocks.map(|block| block.split("```").next().unwrap()).collect()
}

#[test]
fn the_table_is_that_of_the_program() {
    let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = Key::all()
        .map(|key| {
            let names: Vec<String> = key.names().iter().map(|name| format!("`{name}`")).collect();
            let default = key.default_value().map_or(String::new(), |it| format!("`{it}` "));
            format!("| {} | {} | {default}|", names.join(", "), key.help())
        })
        .collect();
    assert_eq!(rows, expected);
    assert!(PAGE.lines().count() <= 100);
}

#[test]
fn every_command_of_the_page_works() {
    let world = World::new();
    let lines: Vec<&str> = blocks("sh").iter().flat_map(|block| block.lines()).collect();
    assert_eq!(lines.len(), 4);
    for line in lines {
        assert_eq!(readme::shell(&world, line, "").code, Some(0), "{line}");
    }
    assert_eq!(world.configured(), "team = [\"BOS\", \"LAL\"]\n");
}

#[test]
fn the_file_of_the_page_is_one() {
    for block in blocks("toml") {
        let file = ConfigFile::parse(block).unwrap();
        assert_eq!(file.profiles().map(|it| it.as_str()).collect::<Vec<_>>(), ["anna"]);
        let world = World::new();
        world.configure(block);
        world.run(["config", "show", "--profile", "anna"]).exits_with(0);
    }
}

#[test]
fn every_example_that_a_complaint_gives_can_be_typed() {
    let world = World::new();
    for key in Key::all().filter(|key| !key.example().is_empty()) {
        let line = format!("nbatodo config set {key} {}", key.example());
        let ran = readme::shell(&world, &line, "");
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        // Some settings exclude each other.
        world.run(["config", "unset", key.name()]).exits_with(0);
    }
}
