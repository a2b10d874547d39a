//! What was typed is shown, but a terminal acts on nothing of it.

use crate::terminal::Terminal;
use crate::world::World;

/// Colours, moves, a bell, writing from right to left, an escape of one byte.
const TYPED: &str = "a\u{1b}[2Jb\u{202e}c\u{9b}5md\u{7}e";
const ACTIVE: [&str; 4] = ["\u{1b}[2J", "\u{202e}", "\u{9b}", "\u{7}"];

#[test]
fn no_complaint_about_a_command_line_carries_what_a_terminal_would_act_on() {
    let world = World::new();
    let option = format!("--{TYPED}");
    for words in [
        &[TYPED][..],
        &[&option],
        &["import", "--destination", TYPED],
        &["import", "--team", TYPED],
        &["schedule", "--format", TYPED],
        &["status", "--profile", TYPED],
        &["config", "set", TYPED, "x"],
        &["man", TYPED],
    ] {
        let ran = world.run(words);
        ran.exits_with(2);
        let said = ran.stdout + &ran.stderr;
        assert!(!said.contains("\u{1b}"), "{said:?}");
        assert!(!ACTIVE.iter().any(|part| said.contains(part)), "{said:?}");
        // In colour, too.
        let terminal = Terminal::start(&world.command([words, &["--color", "always"]].concat()));
        let (_, drawn) = terminal.finish();
        assert!(!ACTIVE.iter().any(|part| drawn.contains(part)), "{drawn:?}");
    }
}
