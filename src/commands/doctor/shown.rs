//! What an examination shows of this machine: fit to be pasted where others read it.

use std::path::{Path, PathBuf};

use crate::commands::doctor::Check;
use crate::model::{plain_text, secret};

/// Hides whose home directory it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    home: Option<String>,
}

impl Shown {
    pub(super) fn at(home: Option<&Path>) -> Self {
        let home = home.map(|home| home.display().to_string());
        // A home of "/" hides nothing, and would be in every path.
        Self { home: home.filter(|home| home.len() > 1) }
    }

    /// A check with `~` for the home directory, each of its parts on one line.
    pub(super) fn tidied(&self, check: Check) -> Check {
        let tidy = |text: String| secret::veiled(&plain_text::one_line(&self.without_home(&text)));
        Check { detail: tidy(check.detail), remedy: check.remedy.map(tidy), ..check }
    }

    fn without_home(&self, text: &str) -> String {
        let Some(home) = &self.home else { return text.to_owned() };
        // A quoted "~" would be a name to a shell: the quotes begin behind it.
        let text = text.replace(&format!("'{home}/"), "~/'");
        let mut rest = text.as_str();
        let mut shown = String::with_capacity(text.len());
        while let Some((before, behind)) = rest.split_once(home.as_str()) {
            let is_whole = behind.chars().next().is_none_or(|c| !is_of_a_name(c));
            shown.push_str(before);
            shown.push_str(if is_whole { "~" } else { home });
            rest = behind;
        }
        shown + rest
    }
}

/// Whether a path that goes on like this is of another, longer name.
fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || "_-".contains(c)
}

/// `path` as one word of a shell.
pub(super) fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+~@".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Several paths as words of a shell.
pub(super) fn words(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| word(path)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::Area;

    #[test]
    fn the_home_directory_is_a_tilde_that_a_shell_expands() {
        let shown = Shown::at(Some(Path::new("/home/red")));
        for (text, expected) in [
            ("/home/red/.config/x is open", "~/.config/x is open"),
            ("chmod 700 '/home/red/My Files'", "chmod 700 ~/'My Files'"),
            ("/home/red", "~"),
            ("/home/redhead/x", "/home/redhead/x"),
            ("/home/red: no", "~: no"),
        ] {
            assert_eq!(shown.without_home(text), expected);
        }
        assert_eq!(Shown::at(Some(Path::new("/"))).without_home("/etc"), "/etc");
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(word(Path::new("/a/b-c.d")), "/a/b-c.d");
        assert_eq!(word(Path::new("/it's")), "'/it'\\''s'");
        let check = Area::Folders.ok("x", "two\nlines\u{1b}[31m");
        assert_eq!(Shown::default().tidied(check).detail, "two lines\u{fffd}[31m");
    }
}
