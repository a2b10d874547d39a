//! Whether a stream is given colours, and how many of them.

use super::Surroundings;

/// The colours that a stream is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None at all.
    #[default]
    Colorless,
    /// The eight that every terminal has, in the shades of its own theme.
    Few,
    /// The 256 of xterm.
    Many,
    /// Red, green and blue at will.
    All,
}

impl Depth {
    /// The colours of a stream, strongest first: what was `asked` for on the command line
    /// (`Some(true)`: always, `Some(false)`: never), `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR=0`,
    /// and whether the stream is a terminal that is not dumb.
    pub fn of(asked: Option<bool>, around: &Surroundings, is_terminal: bool) -> Self {
        let is_colored = match asked {
            Some(asked) => asked,
            None if around.no_color => false,
            None if around.force_color => true,
            None if around.color_off => false,
            None => is_terminal && !around.is_dumb(),
        };
        if is_colored { Self::shown(around, is_terminal) } else { Self::Colorless }
    }

    /// What a terminal shows, as far as it says so. Where colours are forced upon something that
    /// is none and names none, it is a program that will show them, and such show all.
    fn shown(around: &Surroundings, is_terminal: bool) -> Self {
        let colorterm = around.colorterm.as_deref().unwrap_or_default();
        let Some(term) = around.term.as_deref() else {
            return if is_terminal { Self::Few } else { Self::All };
        };
        if ["truecolor", "24bit"].contains(&colorterm) || term.ends_with("-direct") {
            Self::All
        } else if term.contains("256color") {
            Self::Many
        } else {
            Self::Few
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(asked: Option<bool>, variables: &str, is_terminal: bool) -> Depth {
        let around = Surroundings::read(|name| {
            let set = variables.split(' ').filter_map(|it| it.split_once('='));
            set.into_iter().find(|(it, _)| *it == name).map(|(_, value)| value.to_owned())
        });
        Depth::of(asked, &around, is_terminal)
    }

    #[test]
    fn the_strongest_wish_wins() {
        use Depth::{All, Colorless, Few, Many};
        for (asked, variables, on_terminal, on_pipe) in [
            (None, "TERM=xterm", Few, Colorless),
            (None, "TERM=xterm NO_COLOR=", Few, Colorless),
            (None, "TERM=xterm NO_COLOR=0", Colorless, Colorless),
            (None, "TERM=xterm CLICOLOR=0", Colorless, Colorless),
            (None, "TERM=xterm CLICOLOR=1", Few, Colorless),
            (None, "TERM=xterm CLICOLOR_FORCE=1", Few, Few),
            (None, "TERM=xterm CLICOLOR_FORCE=0", Few, Colorless),
            (None, "TERM=xterm CLICOLOR_FORCE=", Few, Colorless),
            (None, "TERM=xterm CLICOLOR_FORCE=yes CLICOLOR=0", Few, Few),
            (None, "TERM=xterm CLICOLOR_FORCE=1 NO_COLOR=1", Colorless, Colorless),
            (None, "TERM=dumb", Colorless, Colorless),
            (None, "TERM=dumb CLICOLOR_FORCE=1", Few, Few),
            (Some(true), "TERM=xterm NO_COLOR=1", Few, Few),
            (Some(true), "TERM=dumb", Few, Few),
            (Some(true), "", Few, All),
            (Some(false), "TERM=xterm CLICOLOR_FORCE=1", Colorless, Colorless),
            (None, "", Few, Colorless),
            (None, "TERM=xterm-256color", Many, Colorless),
            (None, "TERM=xterm-256color COLORTERM=truecolor", All, Colorless),
            (None, "TERM=xterm-256color COLORTERM=24bit", All, Colorless),
            (None, "TERM=xterm-256color COLORTERM=yes", Many, Colorless),
            (None, "TERM=xterm-direct", All, Colorless),
            (None, "TERM=screen-256color CLICOLOR_FORCE=1", Many, Many),
        ] {
            let found = (depth(asked, variables, true), depth(asked, variables, false));
            assert_eq!(found, (on_terminal, on_pipe), "{asked:?} {variables}");
        }
    }
}
