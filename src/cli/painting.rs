//! What the parser of the command line says, in the same styles as everything else.

use clap::Command;
use clap::builder::StyledStr;
use clap::builder::styling::{AnsiColor, Effects, Style, Styles};

use crate::looks::{Palette, Role};

/// The marks that the parser sets, one for each role that it knows.
const MARKS: [(AnsiColor, Role); 4] = [
    (AnsiColor::Red, Role::Error),
    (AnsiColor::Yellow, Role::Warning),
    (AnsiColor::Green, Role::Good),
    (AnsiColor::Cyan, Role::Command),
];

/// A command and those below it, which would else complain in styles of their own.
pub(super) fn painted(command: Command) -> Command {
    command.styles(styles()).mut_subcommands(painted)
}

/// The parser's styles.
fn styles() -> Styles {
    let marked = |color: AnsiColor| color.on_default();
    Styles::plain()
        .header(Style::new().effects(Effects::BOLD))
        .usage(Style::new().effects(Effects::BOLD))
        .literal(marked(AnsiColor::Cyan))
        .error(marked(AnsiColor::Red))
        .invalid(marked(AnsiColor::Yellow))
        .valid(marked(AnsiColor::Green))
}

/// `text` as a stream with this palette is given it.
pub(super) fn shown(text: &StyledStr, palette: Palette) -> String {
    if !palette.is_colored() {
        return text.to_string();
    }
    let mut shown = text.ansi().to_string();
    for (color, role) in MARKS {
        let mark = color.on_default().render().to_string();
        let codes = palette.codes(role).unwrap_or_default();
        shown = shown.replace(&mark, &format!("\u{1b}[{codes}m"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::Depth;

    #[test]
    fn the_parser_speaks_in_our_styles() {
        let below = Command::new("y").arg(clap::Arg::new("z").long("zone"));
        let command = painted(Command::new("x").subcommand(below));
        let error = command.try_get_matches_from(["x", "y", "--zon"]).unwrap_err().render();
        let shown = |depth| super::shown(&error, Palette::of(depth));
        assert!(shown(Depth::Few).starts_with("\u{1b}[1;31merror:\u{1b}[0m"), "{error:?}");
        assert!(shown(Depth::Many).contains("\u{1b}[1;38;5;"), "{error:?}");
        assert!(!shown(Depth::Colorless).contains('\u{1b}'), "{error:?}");
        assert!(!shown(Depth::All).contains("\u{1b}[4m"), "only links are underlined: {error:?}");
    }
}
