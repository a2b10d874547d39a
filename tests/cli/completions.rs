//! The committed completions are those of this binary.

use std::fs;
use std::path::Path;

use crate::world::World;

#[test]
fn the_committed_completions_are_up_to_date() {
    let world = World::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file) in [("bash", "nbatodo.bash"), ("zsh", "_nbatodo"), ("fish", "nbatodo.fish")] {
        let ran = world.run(["completions", shell]);
        ran.exits_with(0);
        let committed = fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert!(
            ran.stdout == committed,
            "stale: cargo run -- completions {shell} > completions/{file}"
        );
    }
}
