//! A disk that is full where the output goes.

use crate::world::{World, finish};

#[test]
fn help_that_could_not_be_written_is_told_and_fails() {
    let world = World::new();
    let binary = env!("CARGO_BIN_EXE_nbatodo");
    for asked in ["--help", "-h", "import --help", "help login", "--version", "-vV"] {
        let ran = finish(world.shell(&format!("{binary} {asked} > /dev/full")));
        ran.exits_with(1).complains_of(&["nothing could be written to standard output: No space"]);
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        // A reader that has seen enough is no failure.
        let ran = finish(world.shell(&format!("exec {binary} {asked} | true")));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{asked}: {ran:?}");
        let gone = format!("(trap '' PIPE; {binary} {asked}; echo $? >&2) | true");
        assert_eq!(finish(world.shell(&gone)).stderr, "0\n", "{asked}");
    }
}
