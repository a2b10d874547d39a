//! The committed completions are those of this binary.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::readme;
use crate::world::World;

#[test]
fn the_committed_completions_are_up_to_date() {
    let world = World::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file) in [
        ("bash", "nbatodo.bash"),
        ("elvish", "nbatodo.elv"),
        ("fish", "nbatodo.fish"),
        ("powershell", "nbatodo.ps1"),
        ("zsh", "_nbatodo"),
    ] {
        let ran = world.run(["completions", shell]);
        ran.exits_with(0);
        let committed = fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert!(
            ran.stdout == committed,
            "stale: cargo run -- completions {shell} > completions/{file}"
        );
    }
}

#[test]
fn no_script_evaluates_what_is_typed() {
    let world = World::new();
    for (shell, evaluates) in [
        ("powershell", &["Invoke-Expression", "iex ", "[scriptblock]", "ExpandString"][..]),
        ("bash", &["eval "]),
        ("elvish", &["eval "]),
    ] {
        let script = world.run(["completions", shell]).stdout;
        for word in evaluates {
            assert!(!script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn bash_completes_after_the_lines_of_the_readme() {
    let world = World::new();
    for line in readme::lines("sh").into_iter().filter(|line| line.contains("completion")) {
        assert_eq!(readme::shell(&world, &line, "").code, Some(0), "{line}");
    }
    let asked = ". ~/.local/share/bash-completion/completions/nbatodo && complete -p nbatodo";
    let bash = Command::new("bash").args(["-c", asked]).env("HOME", world.home()).output().unwrap();
    assert!(bash.status.success(), "{bash:?}");
}
