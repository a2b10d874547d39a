//! The schemas in `schemas/`: what the binary prints for programs is held to them, in every test.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use clap::CommandFactory;
use jsonschema::{Draft, Retrieve, Uri, Validator};
use serde_json::{Value, json};

/// Where the schemas are taken to lie; nothing is fetched from there.
const BASE: &str = "json-schema:///";

/// All schemas, by the names of their files without the ending.
pub(crate) fn all() -> &'static BTreeMap<String, Value> {
    static ALL: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: std::path::PathBuf| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
        };
        files.map(read).collect()
    })
}

/// Finds a schema beside the others, and nowhere else.
struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let name = uri.as_str().trim_start_matches(BASE).trim_end_matches(".json");
        Ok(all().get(name).ok_or_else(|| format!("there is no {uri}"))?.clone())
    }
}

/// What checks against `schema`, which may refer to those in the folder.
pub(crate) fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_base_uri(BASE)
        .with_retriever(Beside)
        .should_validate_formats(true)
        .build(schema)
        .unwrap_or_else(|error| panic!("no schema: {error}"))
}

/// What is wrong with `document` by the schema `name`.
pub(crate) fn complaints(name: &str, document: &Value) -> Vec<String> {
    let schema = all().get(name).unwrap_or_else(|| {
        panic!("\"nbatodo {name}\" has no schemas/{name}.json: describe there what it prints with --format json")
    });
    let errors = validator(schema);
    errors.iter_errors(document).map(|it| format!("{}: {it}", it.instance_path())).collect()
}

/// The schema that a document or a line has to fit.
pub(crate) fn name_of(document: &Value) -> &str {
    if document.get("event").is_some() {
        return "event";
    }
    match document.get("error") {
        Some(_) => "error",
        None => document["command"].as_str().unwrap(),
    }
}

/// The documents or lines in `stdout`, if it is such output; a line that a killed run did not
/// finish is none.
pub(crate) fn documents(stdout: &str) -> Vec<Value> {
    if !stdout.starts_with('{') || !stdout.contains("\"schema_version\"") {
        return Vec::new();
    }
    match serde_json::from_str(stdout) {
        Ok(document) => vec![document],
        Err(_) => stdout.split_inclusive('\n').filter(|it| it.ends_with('\n')).map(line).collect(),
    }
}

fn line(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

/// Checks what a run printed, if it is for programs, and that it says how the run ended.
#[track_caller]
pub(crate) fn check(stdout: &str, code: Option<i32>) {
    let documents = documents(stdout);
    for document in &documents {
        let complaints = complaints(name_of(document), document);
        assert!(complaints.is_empty(), "{complaints:#?} in {document:#}");
    }
    let (Some(last), Some(code)) = (documents.last(), code) else { return };
    let told = match name_of(last) {
        "event" => last.get("exit_code").unwrap_or(&last["error"]["exit_code"]),
        "error" => &last["error"]["exit_code"],
        _ => return,
    };
    assert_eq!(told.as_i64(), Some(code.into()), "{last:#}");
    let ends = documents.iter().filter(|it| it["event"] == "finished" || it["event"] == "failed");
    assert!(name_of(last) != "event" || ends.count() == 1, "one end of {documents:#?}");
}

/// Calls `visit` with every schema within `schema`, and where it stands.
pub(crate) fn each(schema: &Value, at: &str, visit: &mut dyn FnMut(&str, &Value)) {
    visit(at, schema);
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, it) in properties {
                    each(it, &format!("{at}/properties/{name}"), visit);
                }
            }
            ("oneOf" | "anyOf", Value::Array(branches)) => {
                for (number, it) in branches.iter().enumerate() {
                    each(it, &format!("{at}/{keyword}/{number}"), visit);
                }
            }
            ("items", Value::Object(_)) => each(value, &format!("{at}/items"), visit),
            _ => {}
        }
    }
}

#[test]
fn every_command_has_a_schema() {
    let commands = nbatodo::cli::args::Args::command();
    for command in commands.get_subcommands().filter(|it| it.get_name() != "help") {
        let name = command.get_name();
        assert!(
            all().contains_key(name),
            "\"nbatodo {name}\" has no schemas/{name}.json: describe there what it prints with \
             --format json, and name it in docs/json.md"
        );
        assert_eq!(all()[name]["properties"]["command"]["const"], name, "schemas/{name}.json");
    }
    for name in ["error", "event"] {
        assert!(all().contains_key(name), "{name}");
    }
}

#[test]
fn every_schema_is_one_strict_and_described_and_is_referred_to() {
    let commands = nbatodo::cli::args::Args::command();
    let mut used: Vec<String> =
        commands.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    used.extend(["error".to_owned(), "event".to_owned()]);
    // Parts of documents, which the documents close.
    let mut parts = Vec::new();
    for (name, schema) in all() {
        assert!(jsonschema::meta::is_valid(schema), "{name} is no schema");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["$id"], format!("{name}.json"));
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
        validator(schema);
        each(schema, "", &mut |at, it| {
            let closed =
                it["additionalProperties"] == false || it["unevaluatedProperties"] == false;
            let is_branch_of_event = name == "event" && at.starts_with("/oneOf/");
            if it.get("properties").is_some() && !closed && !is_branch_of_event {
                parts.push(format!("{name}{at}"));
            }
            if let Some(other) = it["$ref"].as_str() {
                used.push(other.trim_end_matches(".json").to_owned());
            }
            if at.rsplit('/').nth(1) == Some("properties") {
                let words = it["description"].as_str().unwrap_or_default();
                assert!(words.ends_with('.'), "{name}{at} is not described: {words:?}");
            }
        });
    }
    let expected = [
        "examination",
        "imported",
        "imported-for-all",
        "key-file",
        "manual-page",
        "manual-pages",
        "setting-changed",
        "settings-path",
        "settings-shown",
        "signed-in",
        "signed-out",
    ];
    assert_eq!(parts, expected);
    let unused: Vec<&String> = all().keys().filter(|name| !used.contains(name)).collect();
    assert!(unused.is_empty(), "nothing is described by {unused:?}");
}

#[test]
fn a_field_that_is_missing_added_or_of_another_kind_is_complained_of() {
    let good = json!({
        "schema_version": 1, "command": "status", "profile": "default", "signed_in": true,
        "account": {"id": "1", "email": "red@example.com", "name": "Red"},
        "api": "https://api.todoist.com", "credential": "session", "scopes": ["data:read_write"],
        "expires_at": "2026-11-24T16:00:00Z", "minutes_left": 60, "stays_signed_in": false,
        "key_store": "a key file",
    });
    assert_eq!(complaints("status", &good), Vec::<String>::new());
    let fields: Vec<String> = good.as_object().unwrap().keys().cloned().collect();
    for field in &fields {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().remove(field);
        assert!(!complaints("status", &bad).is_empty(), "without {field}");
        bad[field] = json!({"another": "kind"});
        assert!(!complaints("status", &bad).is_empty(), "another {field}");
    }
    for (at, value) in [
        ("/added", json!(1)),
        ("/account/added", json!(1)),
        ("/schema_version", json!(2)),
        ("/expires_at", json!("2026-11-24T16:00:00+01:00")),
        ("/expires_at", json!("yesterday")),
        ("/minutes_left", json!(61)),
        ("/credential", json!("password")),
        ("/profile", json!("a/b")),
    ] {
        let (above, name) = at.rsplit_once('/').unwrap();
        let mut bad = good.clone();
        bad.pointer_mut(above).unwrap()[name] = value;
        assert!(!complaints("status", &bad).is_empty(), "{at}");
    }
    // Composed documents are as strict.
    let key = json!({"schema_version": 1, "command": "doctor", "key_file": "/x"});
    assert!(complaints("doctor", &key).is_empty());
    for added in ["version", "added"] {
        let mut bad = key.clone();
        bad[added] = json!("x");
        assert!(!complaints("doctor", &bad).is_empty(), "{added}");
    }
    let event = json!({"schema_version": 1, "time": "2026-11-24T16:00:00Z", "command": "import",
        "profile": "default", "event": "reading"});
    assert!(complaints("event", &event).is_empty());
    for (name, value) in [("added", json!(1)), ("event", json!("unheard_of")), ("batch", json!(1))]
    {
        let mut bad = event.clone();
        bad[name] = value;
        assert!(!complaints("event", &bad).is_empty(), "{name}");
    }
}
