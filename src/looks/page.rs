//! Lines with styles, until it is known what they are shown on.

use std::fmt::{self, Write};

use super::wrap::HANG;
use super::{Palette, Role};
use crate::model::{plain_text, secret};

/// One of them, with the role of its part.
type Letter = (Option<Role>, char);

/// Terminals narrower than this have no room for indents.
const NARROW: usize = 30;
/// What stands between two things on one line.
const SEPARATORS: [char; 2] = [' ', '·'];

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

    /// The same, with whatever is to be typed as `typed` has it.
    pub fn to_be_typed(mut self, typed: impl Fn(&str) -> String) -> Self {
        for (role, text) in &mut self.0 {
            if *role == Some(Role::Command) {
                *text = typed(text);
            }
        }
        self
    }

    /// The same in lines of at most `room` characters, broken between words. What is to be typed
    /// or opened stays whole. What goes on below begins where its column does, so that no line
    /// passes for a new one.
    pub fn fitted(&self, room: usize) -> Self {
        let parts = self.0.iter();
        let letters: Vec<Letter> = parts
            .flat_map(|(role, text)| text.chars().map(move |letter| (*role, letter)))
            .collect();
        let mut fitted = Self::default();
        for line in letters.split_inclusive(|(_, letter)| *letter == '\n') {
            fitted.fit(line, room);
        }
        fitted
    }

    /// Adds a line in as many as it takes.
    fn fit(&mut self, line: &[Letter], room: usize) {
        let hang = hanging(line, room);
        let (mut rest, mut indent) = (line, 0);
        while let Some(end) = end_of_line(rest, room - indent) {
            // What separates two things separates nothing at the end of a line.
            let (shown, next) = (trimmed(&rest[..end], SEPARATORS), trimmed_start(&rest[end..]));
            self.add(shown);
            self.add(&[(None, '\n')]);
            // What does not fit beside the indent has the whole line.
            let word = next.iter().position(may_break).unwrap_or(next.len());
            indent = if word + hang > room { 0 } else { hang };
            self.add(&vec![(None, ' '); indent]);
            rest = next;
        }
        self.add(rest);
    }

    fn add(&mut self, letters: &[Letter]) {
        for (role, letter) in letters {
            match self.0.last_mut() {
                Some((last, text)) if last == role => text.push(*letter),
                _ => self.0.push((*role, letter.to_string())),
            }
        }
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

/// Whether a line may end before this.
fn may_break((role, letter): &Letter) -> bool {
    *letter == ' ' && *role != Some(Role::Command)
}

/// Where a line of `room` letters has to end; `None` where all fits. A word that is longer than a
/// line ends with the first space behind it.
fn end_of_line(letters: &[Letter], room: usize) -> Option<usize> {
    let text = letters.iter().take_while(|(_, letter)| *letter != '\n').count();
    if text <= room {
        return None;
    }
    let first = letters.iter().position(|(_, letter)| *letter != ' ')?;
    let mut ends = (first..text).filter(|at| may_break(&letters[*at]));
    let last = ends.clone().take_while(|at| *at <= room).last();
    last.or_else(|| ends.next())
}

/// The column in which what does not fit on a line goes on: that of its second column where it has
/// one, else a little to the right of its beginning.
fn hanging(line: &[Letter], room: usize) -> usize {
    if room < NARROW {
        return 0;
    }
    let is_space = |at: &usize| line[*at].1 == ' ';
    let start = (0..line.len()).find(|at| !is_space(at)).unwrap_or_default();
    let gap = (start..line.len().saturating_sub(1)).find(|at| is_space(at) && is_space(&(at + 1)));
    let column = gap.and_then(|gap| (gap..line.len()).find(|at| !is_space(at)));
    match column.filter(|column| *column <= room / 3) {
        Some(column) => column,
        None if start > 0 && start <= room / 3 => start,
        None => HANG,
    }
}

fn trimmed(letters: &[Letter], away: [char; 2]) -> &[Letter] {
    let end = letters.iter().rposition(|(_, letter)| !away.contains(letter));
    &letters[..end.map_or(0, |end| end + 1)]
}

fn trimmed_start(letters: &[Letter]) -> &[Letter] {
    let start = letters.iter().position(|(_, letter)| *letter != ' ');
    &letters[start.unwrap_or(letters.len())..]
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
    use proptest::prelude::*;

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
    fn what_goes_on_stands_below_its_column() {
        let page = |text: &str| Page::from(text.to_owned()).fitted(36).to_string();
        assert_eq!(
            page(
                "Login     Signed in as Red, profile \"default\"\n          until 15:10 and then no longer\n"
            ),
            "Login     Signed in as Red, profile\n          \"default\"\n          until 15:10 \
             and then no\n          longer\n"
        );
        let sum = "Celtics: 63 created, 0 unchanged · ";
        assert_eq!(
            page(&format!("{sum}http://127.0.0.1/app\n")),
            "Celtics: 63 created, 0 unchanged\n  http://127.0.0.1/app\n"
        );
        let long = format!("http://127.0.0.1/{}", "a".repeat(18));
        assert_eq!(
            page(&format!("{sum}{long}\n")),
            format!("Celtics: 63 created, 0 unchanged\n{long}\n")
        );
        assert_eq!(page("\n"), "\n");
    }

    proptest! {
        #[test]
        fn fitting_breaks_lines_and_changes_no_word(text in "[a-z ·\n]{0,200}", room in 1..100_usize) {
            let fitted = Page::from(text.clone()).fitted(room).to_string();
            let words = |text: &str| -> Vec<String> {
                text.split([' ', '\n', '·']).filter(|it| !it.is_empty()).map(str::to_owned).collect()
            };
            prop_assert_eq!(words(&fitted), words(&text));
            for line in fitted.lines().filter(|line| line.chars().count() > room) {
                prop_assert!(line.trim().split(' ').count() <= 1 || line.trim_end().chars().count() <= room, "{:?}", line);
            }
        }
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
