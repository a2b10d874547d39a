//! Lines with styles, until it is known what they are shown on.

use std::fmt::{self, Write};

use super::{Palette, Role};
use crate::model::{plain_text, secret};

/// Lines of text, parts of which have a role. `write!` adds to it what has none.
#[derive(Clone, Debug, Default)]
pub struct Page(Vec<(Option<Role>, String)>);

impl Page {
    /// The page that `write` writes.
    pub fn written(write: impl FnOnce(&mut Self) -> fmt::Result) -> Self {
        let mut page = Self::default();
        // A page takes everything.
        if let Err(error) = write(&mut page) {
            tracing::debug!(%error, "a page is cut off");
        }
        page
    }

    /// Adds a part that has a role.
    pub fn paint(&mut self, role: Role, text: impl Into<String>) {
        self.0.push((Some(role), text.into()));
    }

    /// Adds another page.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The same in lines of at most `room` characters, broken between words. What is to be typed
    /// or opened stays whole.
    pub fn fitted(&self, room: usize) -> Self {
        let parts = self.0.iter();
        let mut letters: Vec<(Option<Role>, char)> = parts
            .flat_map(|(role, text)| text.chars().map(move |letter| (*role, letter)))
            .collect();
        let (mut start, mut space) = (0, None);
        for at in 0..letters.len() {
            let (role, letter) = letters[at];
            if letter == '\n' {
                (start, space) = (at + 1, None);
                continue;
            }
            let used = at - start;
            let may_break = letter == ' ' && role != Some(Role::Command);
            if may_break && used <= room {
                space = Some(at);
            }
            // A word that is longer than a line ends with the first space behind it.
            let end = space.filter(|_| used >= room).or((may_break && used >= room).then_some(at));
            if let Some(end) = end {
                letters[end].1 = '\n';
                (start, space) = (end + 1, None);
            }
        }
        let mut fitted = Self::default();
        for (role, letter) in letters {
            match fitted.0.last_mut() {
                Some((last, text)) if *last == role => text.push(letter),
                _ => fitted.0.push((role, letter.to_string())),
            }
        }
        fitted
    }

    /// The lines in the styles of `palette`. Whatever stands in the text, a terminal acts on
    /// nothing but these, and what looks like a token is not shown.
    pub fn shown(&self, palette: Palette) -> String {
        let part = |(role, text): &(Option<Role>, String)| {
            let text = secret::veiled(&plain_text::lines(text));
            role.map_or_else(|| text.clone(), |role| palette.paint(role, &text))
        };
        self.0.iter().map(part).collect()
    }
}

impl Write for Page {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.0.last_mut() {
            Some((None, last)) => last.push_str(text),
            _ => self.0.push((None, text.to_owned())),
        }
        Ok(())
    }
}

impl From<String> for Page {
    fn from(text: String) -> Self {
        Self(vec![(None, text)])
    }
}

/// Without any style.
impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(_, text)| f.write_str(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::Depth;

    #[test]
    fn long_lines_break_between_words() {
        let mut page = Page::default();
        write!(page, "one two three four\nfive at ").unwrap();
        page.paint(Role::Link, "http://127.0.0.1/app");
        write!(page, " now\nNext: ").unwrap();
        page.paint(Role::Command, "nbatodo import --team BOS");
        let shown = page.fitted(10).to_string();
        let lines = "one two\nthree four\nfive at\nhttp://127.0.0.1/app\nnow\nNext:\n\
                     nbatodo import --team BOS";
        assert_eq!(shown, lines);
        assert_eq!(page.fitted(99).to_string(), page.to_string());
    }

    #[test]
    fn only_its_own_styles_reach_the_terminal() {
        let mut page = Page::default();
        page.paint(Role::Heading, "a\u{1b}[31mb");
        write!(page, "\u{1b}[2J").unwrap();
        writeln!(page, " c").unwrap();
        assert_eq!(
            page.shown(Palette::of(Depth::Few)),
            "\u{1b}[1ma\u{fffd}[31mb\u{1b}[0m\u{fffd}[2J c\n"
        );
        assert_eq!(page.shown(Palette::default()), "a\u{fffd}[31mb\u{fffd}[2J c\n");
    }
}
