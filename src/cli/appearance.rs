//! How this run looks: what was asked for, what the environment says and what the streams are,
//! decided once.

use std::io::{self, IsTerminal};

use crate::cli::args::{Global, When};
use crate::looks::{Depth, Look, Palette, Surroundings};

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Colours always or never; `None` where the environment decides.
    pub(super) color: Option<bool>,
    /// Words instead of symbols, and nothing that is drawn.
    pub(super) plain: bool,
}

/// How this run looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Appearance {
    /// The styles of standard output.
    pub(super) stdout: Palette,
    /// The styles of standard error.
    pub(super) stderr: Palette,
    /// What results look like.
    pub(super) look: Look,
    /// The columns of standard error where a person reads it; `None` where lines stay whole.
    pub(super) reader: Option<usize>,
    /// The same of standard output.
    pub(super) page: Option<usize>,
    /// Whether control sequences may be sent to standard error.
    pub(super) draws: bool,
}

/// Where nothing says how many columns there are.
const USUAL_WIDTH: usize = 80;

impl Wish {
    /// What the command line asks for, which what is set has joined.
    pub(super) fn of(global: &Global) -> Self {
        Self { color: global.color.asked(), plain: global.plain }
    }
}

impl When {
    fn asked(self) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Never => Some(false),
            Self::Auto => None,
        }
    }
}

impl Appearance {
    /// What `wish` and the environment come to on the streams of this process.
    pub(super) fn of(wish: Wish, around: &Surroundings) -> Self {
        let stderr_is_terminal = io::stderr().is_terminal();
        let stdout_is_terminal = io::stdout().is_terminal();
        // Without colours, unless they are asked for in so many words.
        let color = wish.color.or(wish.plain.then_some(false));
        let depth = |is_terminal| Palette::of(Depth::of(color, around, is_terminal));
        let width = around.columns.or_else(terminal_width);
        Self {
            stdout: depth(stdout_is_terminal),
            stderr: depth(stderr_is_terminal),
            look: Look { plain: wish.plain, width },
            reader: stderr_is_terminal.then_some(width.unwrap_or(USUAL_WIDTH)),
            // In words alone, a line is a line.
            page: (stdout_is_terminal && !wish.plain).then_some(width.unwrap_or(USUAL_WIDTH)),
            draws: stderr_is_terminal && !around.is_dumb() && !wish.plain,
        }
    }
}

/// How wide the terminal says it is.
pub(super) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|it| *it > 0)
}
