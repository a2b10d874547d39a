//! Words in commands that a person can copy.

use std::path::Path;

/// `path` as one word of a POSIX shell (Shell Command Language, section 2.2.2).
pub fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    // What begins like an option is none behind a folder.
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    word(&text)
}

/// `text` as one word of a POSIX shell. One that begins with a dash needs `--` in front of it.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word() {
        for (path, word) in [
            ("/home/ann/.local/a-b_c.session", "/home/ann/.local/a-b_c.session"),
            ("/home/ann b/$(reboot)", "'/home/ann b/$(reboot)'"),
            ("/it's", "'/it'\\''s'"),
            ("-rf", "./-rf"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(Path::new(path)), word);
        }
    }
}
