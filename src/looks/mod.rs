//! How everything looks that people read: the few styles, the colours that a terminal shows, the
//! width, and what takes the place of colours and symbols where they do not help. No I/O.

pub mod depth;
pub mod page;
pub mod palette;
pub mod shade;
pub mod surroundings;
pub mod wrap;

pub use depth::Depth;
pub use page::Page;
pub use palette::{Palette, Role};
pub use surroundings::Surroundings;

/// What a result is to look like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// For screen readers and logs: words instead of symbols, a line instead of a row.
    pub plain: bool,
    /// The columns to fit into; `None` where nothing has to fit.
    pub width: Option<usize>,
}

impl Look {
    /// `symbol`, or the words that say the same.
    pub fn or_words<'a>(self, symbol: &'a str, words: &'a str) -> &'a str {
        if self.plain { words } else { symbol }
    }
}
