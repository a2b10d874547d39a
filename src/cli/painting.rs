//! What the parser of the command line says, in the same styles as everything else.

use clap::Command;
use clap::builder::StyledStr;
use clap::builder::styling::{AnsiColor, Effects, Style, Styles};

use crate::looks::{Palette, Role};
use crate::model::{plain_text, secret};

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
pub(super) fn styles() -> Styles {
    let marked = |color: AnsiColor| color.on_default();
    Styles::plain()
        .header(Style::new().effects(Effects::BOLD))
        .usage(Style::new().effects(Effects::BOLD))
        .literal(marked(AnsiColor::Cyan))
        .error(marked(AnsiColor::Red))
        .invalid(marked(AnsiColor::Yellow))
        .valid(marked(AnsiColor::Green))
}

/// `text` as a stream with this palette is given it. It quotes what was typed.
pub(super) fn shown(text: &StyledStr, palette: Palette) -> String {
    if !palette.is_colored() {
        return words(text);
    }
    let style = |codes: &str| format!("\u{1b}[{codes}m");
    // What the parser writes, and what stands for it here.
    let mut styles = vec![(style("0"), style("0")), (style("1"), style("1"))];
    for (color, role) in MARKS {
        let mark = color.on_default().render().to_string();
        styles.push((mark, style(&palette.codes(role).unwrap_or_default())));
    }
    let (mut shown, text) = (String::new(), text.ansi().to_string());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let style = styles.iter().find_map(|(mark, own)| Some((own, rest.strip_prefix(mark)?)));
        if let Some((own, behind)) = style {
            shown.push_str(own);
            rest = behind;
            continue;
        }
        // Up to where the next style may begin; an escape that begins none is nothing to act on.
        let end = rest.char_indices().skip(1).find(|(_, it)| *it == '\u{1b}');
        let (plain, behind) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        shown.push_str(&secret::veiled(&plain_text::lines(plain)));
        rest = behind;
    }
    shown
}

/// The words of `text` alone.
pub(super) fn words(text: &StyledStr) -> String {
    secret::veiled(&plain_text::lines(&text.to_string()))
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

    #[test]
    fn what_was_typed_reaches_no_terminal_as_it_is() {
        let token = "0123456789abcdef0123456789abcdef01234567";
        let typed = format!("--a\u{1b}[2Jb\u{202e}c\u{9b}5m-{token}\u{1b}]0;x\u{7}");
        let command = clap::Command::new("x").styles(styles());
        let error = command.try_get_matches_from(["x", &typed]).unwrap_err().render();
        for depth in [Depth::Colorless, Depth::Few, Depth::Many] {
            let shown = super::shown(&error, Palette::of(depth));
            for part in ["\u{1b}[2J", "\u{1b}]", "\u{202e}", "\u{9b}", "\u{7}", token] {
                assert!(!shown.contains(part), "{shown:?}");
            }
            assert_eq!(shown.matches("***").count(), 1, "{shown:?}");
        }
    }
}
