//! The few styles that everything uses.

use super::Depth;
use super::shade::{nearest_of_256, readable};
use crate::model::Rgb;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something failed.
    Error,
    /// Something to know or to do.
    Warning,
    /// As it should be, or new.
    Good,
    /// What stands above other things.
    Heading,
    /// What can be passed over.
    Dim,
    /// An address.
    Link,
    /// What is to be typed.
    Command,
    /// A team, in its colour as far as it can be read.
    Team(Rgb),
}

/// The styles, in the colours that a stream shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Palette {
    depth: Depth,
}

const RED: Rgb = Rgb(0xd7, 0x3a, 0x3a);
const AMBER: Rgb = Rgb(0xb7, 0x85, 0x0a);
const GREEN: Rgb = Rgb(0x2e, 0x96, 0x4a);
const BLUE: Rgb = Rgb(0x3d, 0x82, 0xc4);

impl Palette {
    /// The styles for a stream with so many colours.
    pub fn of(depth: Depth) -> Self {
        Self { depth }
    }

    /// Whether it has any.
    pub fn is_colored(self) -> bool {
        self.depth > Depth::Colorless
    }

    /// `text`, styled. Nothing is filtered out of it.
    pub fn paint(self, role: Role, text: &str) -> String {
        match self.codes(role) {
            Some(codes) if !text.is_empty() => format!("\u{1b}[{codes}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }

    /// The codes that switch a style on (ECMA-48, 8.3.117), if there is one for it.
    pub fn codes(self, role: Role) -> Option<String> {
        if self.depth == Depth::Colorless {
            return None;
        }
        let color = |few: &str, color: Rgb, before: &str| {
            let ink = self.ink(color);
            Some(format!("{before}{}", ink.unwrap_or_else(|| few.to_owned())))
        };
        match role {
            Role::Error => color("31", RED, "1;"),
            Role::Warning => color("33", AMBER, ""),
            Role::Good => color("32", GREEN, ""),
            Role::Heading => Some("1".to_owned()),
            Role::Dim => Some("2".to_owned()),
            Role::Link => color("36", BLUE, "4;"),
            Role::Command => color("36", BLUE, "1;"),
            // Of eight colours none is a team's.
            Role::Team(rgb) => Some(match self.ink(rgb) {
                Some(ink) => format!("1;{ink}"),
                None => "1".to_owned(),
            }),
        }
    }

    /// A readable shade of `color`, where there are so many.
    fn ink(self, color: Rgb) -> Option<String> {
        let shade = readable(color);
        match self.depth {
            Depth::Colorless | Depth::Few => None,
            Depth::Many => Some(format!("38;5;{}", nearest_of_256(shade))),
            Depth::All => {
                let Rgb(red, green, blue) = shade;
                Some(format!("38;2;{red};{green};{blue}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::shade::is_readable;

    #[test]
    fn its_own_colours_need_no_other_shade() {
        for color in [RED, AMBER, GREEN, BLUE] {
            assert!(is_readable(color), "{color:?}");
        }
    }

    #[test]
    fn each_depth_has_its_codes() {
        let team = Role::Team(Rgb(0x00, 0x2b, 0x5c));
        for (depth, error, team_codes) in [
            (Depth::Colorless, "x", "x"),
            (Depth::Few, "\u{1b}[1;31mx\u{1b}[0m", "\u{1b}[1mx\u{1b}[0m"),
            (Depth::Many, "\u{1b}[1;38;5;167mx\u{1b}[0m", "\u{1b}[1;38;5;66mx\u{1b}[0m"),
            (
                Depth::All,
                "\u{1b}[1;38;2;215;58;58mx\u{1b}[0m",
                "\u{1b}[1;38;2;88;116;148mx\u{1b}[0m",
            ),
        ] {
            let palette = Palette::of(depth);
            assert_eq!(palette.paint(Role::Error, "x"), error, "{depth:?}");
            assert_eq!(palette.paint(team, "x"), team_codes, "{depth:?}");
        }
    }
}
