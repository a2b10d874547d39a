//! Lines of the README for the tests of what they are about.

use crate::pages::{blocks, text_of};

pub(crate) use crate::pages::shell;

/// The lines of all fenced blocks in `language`, comments and blank lines left out.
pub(crate) fn lines(language: &str) -> Vec<String> {
    let blocks = blocks("README.md", &text_of("README.md"));
    let blocks = blocks.iter().filter(|block| block.language == language);
    blocks.flat_map(|block| block.lines().map(str::to_owned)).collect()
}
