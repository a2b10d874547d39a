//! The bill of materials is whole and true.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::at;
use crate::world::has;

/// What a program prints, run in the repository without a network.
fn said(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(at("")).env("CARGO_NET_OFFLINE", "true");
    let output = command.output().unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {complained}");
    String::from_utf8(output.stdout).unwrap()
}

fn bill() -> Value {
    serde_json::from_str(&said(at("packaging/sbom").to_str().unwrap(), &[])).unwrap()
}

/// The libraries that a bill names, as `NAME-VERSION`.
fn named(bill: &Value) -> BTreeSet<String> {
    let field = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let all = bill["components"].as_array().unwrap().iter();
    all.map(|one| format!("{}-{}", field(one, "name"), field(one, "version"))).collect()
}

/// That the release binary holds nothing else is looked at where that is built, in `.ci/run`.
#[test]
fn the_bill_names_what_cargo_says_is_linked_and_nothing_else() {
    if !has("python3") {
        return;
    }
    let tree = said(env!("CARGO"), &["tree", "--locked", "--edges=normal", "--prefix=none"]);
    // "name v1.2.3 (proc-macro) (*)", the first of them the program itself.
    let of_line = |line: &str| {
        let (name, rest) = line.split_once(" v").unwrap();
        format!("{name}-{}", rest.split(' ').next().unwrap())
    };
    let linked: BTreeSet<String> = tree.lines().skip(1).map(of_line).collect();
    assert!(linked.len() > 150, "{linked:?}");
    assert_eq!(named(&bill()), linked);
}

#[test]
fn each_library_on_the_bill_has_a_licence_and_the_checksum_of_the_lock_file() {
    if !has("python3") {
        return;
    }
    let lock = std::fs::read_to_string(at("Cargo.lock")).unwrap();
    let bill = bill();
    let parts = bill["components"].as_array().unwrap();
    for one in parts {
        let checksum = one["hashes"][0]["content"].as_str().unwrap();
        let (name, version) = (one["name"].as_str().unwrap(), one["version"].as_str().unwrap());
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        let of_it = lock.split("[[package]]\n").find(|entry_| entry_.starts_with(&entry)).unwrap();
        assert!(of_it.contains(&format!("checksum = \"{checksum}\"")), "{name}");
        assert!(!one["licenses"][0]["expression"].as_str().unwrap().is_empty(), "{name}");
    }
    // Each reference leads to a part, or to the program itself.
    let mut references: BTreeMap<&str, usize> = BTreeMap::new();
    let own = &bill["metadata"]["component"];
    for part in parts.iter().chain([own]) {
        *references.entry(part["bom-ref"].as_str().unwrap()).or_default() += 1;
    }
    assert!(references.values().all(|times| *times == 1));
    for from in bill["dependencies"].as_array().unwrap() {
        let to = from["dependsOn"].as_array().unwrap();
        for reference in to.iter().chain([&from["ref"]]) {
            assert!(references.contains_key(reference.as_str().unwrap()), "{reference}");
        }
    }
}
